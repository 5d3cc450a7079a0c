"""What keeps a server from taking the host's files on as they are: looked at before a way back tells it anything.

httpd's own check passes what ends a server that is told to reload, and since the files were left nobody has looked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ..._httpd.vocabulary.layout import Layout
from ..configuration.host_reader import HostReader
from ..draft.draft import make_draft
from ..draft.plan import running_mpm
from ..draft.shadow import shadow
from ..lacks.taken_ports import held_by_others
from ..machine import systemd
from ..machine.httpd import read_httpd, syntax_fault
from ..machine.lock import HostError
from ..store.salvage import salvage
from ..store.store import Store


def obstacle(store: Store, digest: str, layout: Layout, *, restarts: bool) -> str:
    """Say the first one, for the release of a digest or for none; nothing where nothing is seen.

    A server that `restarts` may take another MPM on.
    """
    fault = "; ".join(syntax_fault(layout).splitlines())
    if fault:
        return f"httpd refuses the host's configuration ({fault})"
    with contextlib.suppress(HostError, OSError):
        return next(_seen(store, digest, layout, restarts=restarts), "")
    return ""


def _seen(store: Store, digest: str, layout: Layout, *, restarts: bool) -> Iterator[str]:
    """Yield what the files, the sockets and a shadow show. Raises HostError and OSError."""
    httpd, pid = read_httpd(layout), systemd.main_pid(layout.unit)
    if httpd is None:
        return
    found = HostReader(layout, httpd, store).as_it_is
    mpm = running_mpm(found, layout)
    if pid and mpm != found.mpm and not restarts:
        has, by_now = (", ".join(sorted(one)) or "none" for one in (mpm, found.mpm))
        yield f"the server runs with {has}, the host's files have {by_now} by now, and a reload would end it"
    for problem in held_by_others(found.server, unit_pid=pid, is_ours=lambda _place: False):
        yield f"the host's configuration can't be served: {problem.place}: {problem.message}"
    parts = salvage(store, digest).release.parts if digest else ()
    if parts:
        draft = make_draft(parts, store=store, layout=layout, httpd=httpd)
        verdict = shadow(layout, draft, server=draft.after.server)
        if verdict.is_refusal:
            words = "; ".join((verdict.reason, *verdict.words))
            yield f"the host's configuration doesn't start in a shadow ({words})"
