"""Modules that take the first configuration that they see for httpd's own look at it before it starts, and set nothing up.

Where a reload brings them into a running server, that configuration is the one that serves: mod_http2's children die of
clients that speak HTTP/2 over TLS 1.2, mod_md asks no authority, mod_cgid runs nothing (tried with 2.4.71). So a reload
of their own loads them first, under the release that serves and has no use for them.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from ..._httpd.vocabulary.layout import Layout
from ..machine import systemd
from ..machine.changes import Change, apply
from . import proof

_TRYING = ("cgid", "http2", "md")


def trials(modules: Collection[str], loaded: Collection[str]) -> tuple[str, ...]:
    """Return those of the modules to come (`http2_module`) that the running server hasn't `loaded` (`http2`)."""
    return tuple(name for name in _TRYING if f"{name}_module" in modules and name not in loaded)


def try_modules(
    names: Collection[str],
    changes: tuple[Change, ...],
    *,
    before: proof.Running,
    pid_file: str,
    layout: Layout,
) -> str:
    """Load modules and nothing else; return what is missing of the proof that the server goes on."""
    files = {f"{name}.load" for name in names}
    apply(change for change in changes if os.path.basename(change.path) in files)
    complaint = systemd.act("reload", layout.unit)
    missing = proof.prove(layout.unit, proof.Goal(pid_file), before=before)
    return f"{missing} ({complaint})" if missing and complaint else missing
