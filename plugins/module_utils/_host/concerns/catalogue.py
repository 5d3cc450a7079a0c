"""The host's side of the concerns that have one; a new one is added here, and nothing finds it by itself."""

from __future__ import annotations

from .contract import HostSide
from .http2 import HTTP2
from .mpm_event import MPM_EVENT
from .ssl import SSL

HOST_SIDES: tuple[HostSide, ...] = (MPM_EVENT, SSL, HTTP2)
