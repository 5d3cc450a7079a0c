"""The timer by which Apache serves the certificates that it renews: mod_md needs a graceful restart for that."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable

from .._httpd.layout import Layout
from .._httpd.part import Manifest
from . import serve_renewed, systemd
from .files import ABSENT, State, read_state
from .journal import Change

UNITS = "/etc/systemd/system"
TIMER = "gatehouse-renewals.timer"
_SERVICE = "gatehouse-renewals.service"
_WANTED = f"{UNITS}/timers.target.wants/{TIMER}"


def renewal_changes(
    manifests: Iterable[Manifest], *, store_directory: str, layout: Layout
) -> tuple[Change, ...]:
    """Return the changes by which the timer is there while certificates are managed, and gone otherwise."""
    is_managed = any(
        entry.kind == "managed" for manifest in manifests for entry in manifest.certificates
    )
    wanted = _files(store_directory, layout)
    states = wanted if is_managed else dict.fromkeys(wanted, ABSENT)
    present = {path: read_state(path) for path in states}
    return tuple(
        Change(path, present[path], state)
        for path, state in states.items()
        if present[path] != state
    )


def follow_units(changes: Iterable[Change]) -> None:
    """Have systemd see changes of units, and run the timer if it is there."""
    if not any(change.path.startswith(f"{UNITS}/") for change in changes):
        return
    systemd.reload_units()
    systemd.act("stop" if read_state(f"{UNITS}/{TIMER}") == ABSENT else "restart", TIMER)


def _files(store_directory: str, layout: Layout) -> dict[str, State]:
    """Return the program and its units, by path."""
    program = f"{layout.gatehouse}/serve_renewed.py"
    command = f"{sys.executable} -I {program} {store_directory}/staging {layout.unit}"
    service = f"""\
[Unit]
Description=Serve certificates that Apache has renewed

[Service]
Type=oneshot
ExecStart={command}
"""
    timer = """\
[Unit]
Description=Look for certificates that Apache has renewed

[Timer]
OnCalendar=hourly
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {
        program: State("file", inspect.getsource(serve_renewed), 0o600),
        f"{UNITS}/{_SERVICE}": State("file", service, 0o644),
        f"{UNITS}/{TIMER}": State("file", timer, 0o644),
        _WANTED: State("link", f"../{TIMER}"),
    }
