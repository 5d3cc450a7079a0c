"""Every concern that adoption takes something of, in the order in which it does.

Virtual hosts and their balancers are taken by to_vars itself, since rules, balancers and redirects depend on one another's
order. TLS towards clients and HTTP/2 stay directives on purpose: a certificate that nobody looked at mustn't stand in the
way of the switch.
"""

from __future__ import annotations

from .lift import Lift
from .lifts.main_server_lift import SERVER

LIFTS: tuple[Lift, ...] = (SERVER,)
