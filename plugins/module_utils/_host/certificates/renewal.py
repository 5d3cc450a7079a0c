"""The timer by which certificates are renewed without a commit: Gatehouse's own, and those that mod_md has renewed, which
Apache serves after a graceful restart only."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator

from ..._httpd.concerns.ssl.facts import read_certificates
from ..._httpd.release.manifest import Manifest
from ..._httpd.tls import certificate
from ..._httpd.vocabulary.layout import Layout
from ..machine import file_kinds, files, lock, systemd, x509
from ..machine.changes import Change
from ..machine.files import ABSENT, State, read_state
from ..store.store import Store
from ..store.store_paths import PROGRAMS
from . import renew_own, self_signed, serve_renewed
from .own_certificates import wanted

TIMER = "gatehouse-renewals.timer"
_SERVICE = "gatehouse-renewals.service"
# The program is a package of these modules, each in its room as here, and nothing else of ours.
_LAYERS = ("_httpd", "_host")
_MODULES = (
    certificate,
    file_kinds,
    files,
    lock,
    renew_own,
    self_signed,
    serve_renewed,
    systemd,
    x509,
)
_SERVICE_TEXT = """\
[Unit]
Description=Renew certificates, and serve those that Apache has renewed

[Service]
Type=oneshot
ExecStart={command}
"""
_TIMER_TEXT = """\
[Unit]
Description=Renew certificates, and serve those that Apache has renewed

[Timer]
OnCalendar=hourly
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
"""


def renewal_changes(
    manifests: tuple[Manifest, ...], *, store: Store, managed_store: str, layout: Layout
) -> tuple[Change, ...]:
    """Return the changes by which the timer is there while anything is to be renewed, and gone otherwise.

    `managed_store` is mod_md's directory.
    """
    certificates = read_certificates(manifest.facts for manifest in manifests)
    is_managed = any(entry.kind == "managed" for entry in certificates)
    program = _files(store.self_signed, f"{managed_store}/staging", layout)
    is_wanted = is_managed or bool(wanted(manifests))
    states = program if is_wanted else dict.fromkeys(program, ABSENT)
    present = {path: read_state(path) for path in states}
    timer = f"{layout.unit_directory}/{TIMER}"
    return tuple(
        Change(path, present[path], state, TIMER if path == timer else "")
        for path, state in states.items()
        if present[path] != state
    )


def _files(own: str, staging: str, layout: Layout) -> dict[str, State]:
    """Return the program and its units, by path."""
    program, units = f"{layout.gatehouse}/{PROGRAMS}", layout.unit_directory
    service = _SERVICE_TEXT.format(command=f"{sys.executable} -I -B {program}")
    return {
        f"{program}/__main__.py": State("file", _launcher(own, staging, layout), 0o600),
        **{f"{program}/{path}": State("file", text, 0o600) for path, text in _modules()},
        f"{units}/{_SERVICE}": State("file", service, 0o644),
        f"{units}/timers.target.wants/{TIMER}": State("link", f"../{TIMER}"),
        # Last: whoever restarts it has all that it names.
        f"{units}/{TIMER}": State("file", _TIMER_TEXT, 0o644),
    }


def _launcher(own: str, staging: str, layout: Layout) -> str:
    """Write what starts the program with its places."""
    return f"""\
import sys

sys.path.append({layout.gatehouse!r})
from {PROGRAMS}._host.certificates.serve_renewed import main

raise SystemExit(main({own!r}, {staging!r}, {layout.unit!r}))
"""


def _modules() -> Iterator[tuple[str, str]]:
    """Yield the text of each module by its path in the program."""
    for module in _MODULES:
        # Whatever package the layers lie in: that of the collection, or of the core as it is carried.
        names = module.__name__.split(".")
        layer = min(names.index(one) for one in _LAYERS if one in names)
        yield f"{'/'.join(names[layer:])}.py", inspect.getsource(module)
