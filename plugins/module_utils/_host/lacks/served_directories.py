"""Directories that ours serve from disk, and that aren't there (404), or that httpd's children can't enter (403)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set

from ..._httpd.reading.server import PlacedDirective, Server
from ..._httpd.release.problem_kinds import DIRECTORY_CLOSED, DIRECTORY_MISSING
from ..._httpd.release.reachability import IsOurs
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place
from ..._httpd.vocabulary.layout import Layout
from ..store.line_variables import key_at
from .children import Barrier, Children, children_of
from .hidden_directories import is_hidden, told_absence
from .server_files import ServerFiles

_SERVING = ("documentroot", "alias", "scriptalias")
# Only a request fills these.
_VARIABLE = ("${", "%{", "$")


def directory_problems(
    server: Server, files: ServerFiles, *, made: Set[str], is_ours: IsOurs, layout: Layout
) -> Iterator[Problem]:
    """Yield a warning for each directory, or file of an Alias, that ours serve and the server doesn't have or can't read.

    What Gatehouse brings itself is there by then: `made`, or below its own directory.
    """
    served = (
        placed
        for scope in server.scopes
        for name in _SERVING
        for placed in scope.named(name)
        if placed.values and is_ours(placed.directive.place)
    )
    children = children_of(server, layout)
    for one in served:
        path = os.path.normpath(os.path.join(layout.config_root, one.values[-1]))
        is_own = path in made or f"{path}/".startswith(
            (f"{layout.gatehouse}/", f"{layout.gatehouse}-")
        )
        if is_own or any(mark in path for mark in _VARIABLE):
            continue
        if not _is_there(one, path, files):
            yield _missing(one, path, layout)
        elif children:
            barrier = children.barrier(path, files)
            if barrier:
                yield _closed(one, barrier, children)


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
    return DIRECTORY_MISSING.problem(_place(one), message, fix)


def _closed(one: PlacedDirective, barrier: Barrier, children: Children) -> Problem:
    what, letter = ("read", "r") if barrier.is_file else ("look into", "x")
    message = (
        f"{one.directive.name} {one.values[-1]} serves nothing: {children.name}, as whom httpd answers, may not {what}"
        f" {barrier.path} (mode {barrier.mode:04o})"
    )
    fix = f"serve what lies elsewhere, such as below /srv, or let it in: `chmod o+{letter} {barrier.path}`"
    return DIRECTORY_CLOSED.problem(_place(one), message, fix)


def _place(one: PlacedDirective) -> Place:
    return key_at(one.directive.place, "document_root" if one.name == "documentroot" else "")
