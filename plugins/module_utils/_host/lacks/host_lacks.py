"""What a host lacks for a draft: addresses, names, places for logs, directories that are served, backends but itself."""

from __future__ import annotations

from ..._httpd.release.loops import self_proxying
from ..._httpd.release.problem_kinds import DIRECTORY_CLOSED, DIRECTORY_MISSING
from ..._httpd.syntax.problem import Problem, reported
from ..._httpd.syntax.tree import Place
from ..certificates.silencing_by_release import silencing_by_release
from ..draft.draft import Draft
from ..draft.plan import Plan
from ..store.line_variables import in_variables
from .host_addresses import HostAddresses, address_problems
from .log_places import log_problems
from .openssl_words import openssl_problems
from .own_addresses import own_addresses
from .served_directories import directory_problems
from .server_files import ServerFiles
from .taken_ports import opened_addresses


def host_lacks(
    draft: Draft,
    plan: Plan,
    addresses: HostAddresses,
    files: ServerFiles,
    *,
    opens_all: bool,
    serve: bool,
) -> tuple[Problem, ...]:
    """Return it, of what is ours; `opens_all` tells that the server opens again what it has now."""
    layout = draft.machine.layout
    made = {
        _target(change.path, files) for change in draft.changes if change.after.kind == "directory"
    }

    def is_ours(place: Place) -> bool:
        return place.source.startswith(f"{layout.gatehouse}/")

    opened = opened_addresses(plan.before, plan.after, opens_all=opens_all)
    server = draft.after.server
    found = (
        *log_problems(plan.before, server, files, made=made, is_ours=is_ours, layout=layout),
        # A host that stands by gets its address before its server.
        *address_problems(
            plan.before,
            plan.after,
            addresses,
            opened=opened if serve else frozenset(),
            is_ours=is_ours,
        ),
        *openssl_problems(draft),
        *directory_problems(server, files, made=made, is_ours=is_ours, layout=layout),
        *(one for one in self_proxying(server, own_addresses()) if is_ours(one.place)),
    )
    if not found:
        return ()
    silencing = silencing_by_release(draft.release, (DIRECTORY_MISSING, DIRECTORY_CLOSED))
    return reported(silencing.applied(in_variables(found, draft.release)))


def _target(path: str, files: ServerFiles) -> str:
    """Return where a path leads; links that go round in a circle lead nowhere."""
    try:
        return files.target(path)
    except OSError:
        return path
