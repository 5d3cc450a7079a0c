"""Directories that ours serve from disk, and that aren't there: httpd starts without them, and answers 404."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set

from ..._httpd.reading.server import PlacedDirective, Server
from ..._httpd.release.problem_kinds import DIRECTORY_MISSING
from ..._httpd.release.reachability import IsOurs
from ..._httpd.syntax.problem import Problem
from ..._httpd.vocabulary.layout import Layout
from ..store.line_variables import key_at
from .hidden_directories import is_hidden, told_absence
from .server_files import ServerFiles

_SERVING = ("documentroot", "alias", "scriptalias")
# Only a request fills these.
_VARIABLE = ("${", "%{", "$")


def directory_problems(
    server: Server, files: ServerFiles, *, made: Set[str], is_ours: IsOurs, layout: Layout
) -> Iterator[Problem]:
    """Yield a warning for each directory, or file of an Alias, that ours serve and the server doesn't have.

    What Gatehouse brings itself is there by then: `made`, or below its own directory.
    """
    served = (
        placed
        for scope in server.scopes
        for name in _SERVING
        for placed in scope.named(name)
        if placed.values and is_ours(placed.directive.place)
    )
    for one in served:
        path = os.path.normpath(os.path.join(layout.config_root, one.values[-1]))
        is_own = path in made or f"{path}/".startswith(
            (f"{layout.gatehouse}/", f"{layout.gatehouse}-")
        )
        if (
            not is_own
            and not any(mark in path for mark in _VARIABLE)
            and not _is_there(one, path, files)
        ):
            yield _missing(one, path, layout)


def _is_there(one: PlacedDirective, path: str, files: ServerFiles) -> bool:
    """Tell whether the server has it; an Alias may lead to a file."""
    return files.is_directory(path) or (one.name != "documentroot" and files.exists(path))


def _missing(one: PlacedDirective, path: str, layout: Layout) -> Problem:
    message = (
        f"{one.directive.name} {one.values[-1]} serves nothing: {told_absence(path, layout.unit)}"
    )
    fix = (
        "name one that the unit doesn't hide"
        if is_hidden(path)
        else "correct the path, or make it on the host"
    )
    place = key_at(one.directive.place, "document_root" if one.name == "documentroot" else "")
    return DIRECTORY_MISSING.problem(place, message, fix)
