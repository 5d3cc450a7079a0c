"""Includes, Defines, Macros and conditions, evaluated in the order in which httpd reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..syntax.condition_sections import CONDITIONS
from ..syntax.parse import MAX_NESTING, parse_tree
from ..syntax.print import print_tree
from ..syntax.problem import Problem
from ..syntax.quoting import unquote
from ..syntax.tree import Comment, Directive, Node, Place, Section, Tree, walk
from .branches import EvaluatedSection, holding
from .conditions import holds
from .defines import define, substituted
from .environment import BUILT_IN, Environment
from .included_files import UnreadableFile
from .macros import filled
from .reader_state import Budget, ReaderState, unread

MAX_INCLUDE_DEPTH = 128  # httpd's own, as 2.4.71 counts: the file behind 128 Includes is refused

# What a later a2enmod or upgrade makes hold.
_BRANCHES = frozenset({"ifmodule", "ifversion"})


@dataclass(frozen=True)
class Expansion:
    """A tree in which nothing is left to evaluate but what the environment can't tell, and what went wrong.

    `not_followed` are the Includes that are left in it, because there may be more files than are known. `branches` is the
    same with every <IfModule> and <IfVersion> in its place, those that don't hold with them; only `expand_branches` has it.
    """

    tree: Tree
    problems: tuple[Problem, ...]
    environment: Environment
    not_followed: tuple[Directive, ...] = ()
    branches: Tree = ()

    @property
    def has_gaps(self) -> bool:
        """Tell whether a file couldn't be read."""
        return bool(unread(self.problems))


def expand(tree: Tree, environment: Environment) -> Expansion:
    """Evaluate the tree as httpd would; the resulting environment has the modules and Defines that it met."""
    expanded, reader = _read(tree, environment, keeps_branches=False)
    left = tuple(reader.not_followed)
    return Expansion(expanded, tuple(reader.problems), reader.environment, left)


def expand_branches(tree: Tree, environment: Environment) -> Expansion:
    """Evaluate the tree as httpd would, and keep what stands under modules and versions that it hasn't."""
    branches, reader = _read(tree, environment, keeps_branches=True)
    expanded = tuple(holding(branches))
    left = tuple(reader.not_followed)
    return Expansion(expanded, tuple(reader.problems), reader.environment, left, branches)


def _read(
    tree: Tree, environment: Environment, *, keeps_branches: bool
) -> tuple[Tree, ReaderState]:
    """Expand a tree; return the reader too, as it is at the end."""
    modules = None if environment.modules is None else {*environment.modules, *BUILT_IN}
    defines = set(environment.defines)
    now = replace(environment, defines=defines, modules=modules)
    problems: list[Problem] = []
    budget = Budget(problems)
    budget.grant("", _written(tree))
    reader = ReaderState(now, defines, modules, budget, keeps_branches, problems)
    return tuple(_expand(tree, reader, 0)), reader


def _expand(tree: Tree, reader: ReaderState, depth: int) -> Iterator[Node]:
    """Yield what is left of each node."""
    for node in tree:
        if isinstance(node, Comment):
            yield node
            continue
        name = node.name.lower()
        if isinstance(node, Section):
            if name == "macro":
                reader.macros[_first_value(node).lower()] = node
            else:
                yield from _expand_section(node, reader, depth)
            continue
        node = substituted(node, reader)
        if name not in _CARRIED_OUT:
            yield node
        elif name in ("include", "includeoptional"):
            yield from _include(node, reader, depth, is_optional=name == "includeoptional")
        elif name == "use":
            yield from _use(node, reader, depth)
        elif name == "undefmacro":
            reader.macros.pop(_first_value(node).lower(), None)
        elif name in ("define", "undefine"):
            define(node, reader)
        elif name == "serverroot":
            _move_root(node, reader)
            yield node
        else:
            if node.args and reader.modules is not None:
                reader.modules.add(unquote(node.args[0]))
            yield node


# What changes the rest of the reading; of all others there are a great many.
_CARRIED_OUT = {
    "define", "include", "includeoptional", "loadmodule", "serverroot", "undefine", "undefmacro", "use",
}  # fmt: skip


def _written(tree: Tree) -> int:
    """Return how many characters a tree has."""
    return sum(1 + sum(map(len, node.args)) for node in walk(tree) if not isinstance(node, Comment))


def _expand_section(section: Section, reader: ReaderState, depth: int) -> Iterator[Node]:
    """Replace a condition by its children or by nothing; an open one stays."""
    section = substituted(section, reader)
    name = section.name.lower()
    answer = _holds(section, reader) if name in CONDITIONS else None
    is_kept = answer is not None and reader.keeps_branches and name in _BRANCHES
    if answer is False and not is_kept:
        return
    if reader.nesting >= MAX_NESTING:
        reader.report(section.place, f"<{section.name}> is nested too deeply", "write it flatter")
        return
    reader.nesting += 1
    children = _expand(section.children, reader if answer is not False else reader.beside(), depth)
    if is_kept:
        whole = tuple(children)
        yield EvaluatedSection(section.name, section.args, whole, section.place, answer is True)
    elif answer is True:
        yield from children
    else:
        yield Section(section.name, section.args, tuple(children), section.place)
    reader.nesting -= 1


def _holds(section: Section, reader: ReaderState) -> bool | None:
    """Evaluate a condition; one on a path that can't be looked at is open."""
    try:
        return holds(section.name, tuple(map(unquote, section.args)), reader.environment)
    except UnreadableFile as fault:
        reader.report_gap(fault, section.place)
        return None


def _move_root(directive: Directive, reader: ReaderState) -> None:
    """Have what comes look for relative paths below another directory; one that isn't here is another machine's."""
    root = unquote(directive.args[0]) if directive.args else ""
    try:
        if reader.environment.files.kind(root) == "directory":
            reader.environment = replace(reader.environment, server_root=root)
    except UnreadableFile as fault:
        reader.report_gap(fault, directive.place)


def _include(
    directive: Directive, reader: ReaderState, depth: int, *, is_optional: bool
) -> Iterator[Node]:
    """Yield the files that an Include brings in."""
    pattern = unquote(directive.args[0]) if directive.args else ""
    if depth >= MAX_INCLUDE_DEPTH:
        reader.report(
            directive.place, f'Include of "{pattern}" is nested too deeply', "remove the cycle"
        )
        return
    is_found = False
    try:
        for path in reader.environment.matching_files(pattern) if pattern else ():
            kind = reader.environment.files.kind(path)
            if kind == "absent" and not reader.environment.closed:
                continue
            is_found = True
            if kind == "directory":
                continue  # an empty one
            if kind == "absent" and not is_optional:
                message = f'Include of "{pattern}" finds no {path}'
                reader.report(directive.place, message, "create it, or write IncludeOptional")
            elif not (is_optional and kind in ("absent", "broken link")):
                yield from _read_file(path, directive.place, reader, depth)
            if reader.budget.left < 0:
                return
    except UnreadableFile as fault:
        reader.report_gap(fault, directive.place)
        return
    if is_found:
        return
    if not reader.environment.closed:
        reader.not_followed.append(directive)
        yield directive
    elif not is_optional and not (reader.has_gaps and "${" in pattern):
        message = f'Include of "{pattern}" finds no file'
        reader.report(directive.place, message, "create it, or write IncludeOptional")


def _read_file(path: str, included_from: Place, reader: ReaderState, depth: int) -> Iterator[Node]:
    """Yield what is left of a file."""
    try:
        text = reader.environment.files.text(path)
    except UnreadableFile as fault:
        reader.report_gap(fault, included_from)
        return
    reader.budget.grant(path, len(text))
    if not reader.budget.spend(len(text), included_from):
        return
    tree, problems = parse_tree(text, path, included_from=included_from)
    reader.problems.extend(problems)
    yield from _expand(tree, reader, depth + 1)


def _use(directive: Directive, reader: ReaderState, depth: int) -> Iterator[Node]:
    """Yield a macro's lines with its parameters replaced."""
    values = tuple(map(unquote, directive.args))
    macro = reader.macros.get(values[0].lower()) if values else None
    if macro is None:
        if not reader.has_gaps:
            message = f"Use of an unknown macro {' '.join(values)}"
            reader.report(directive.place, message, "define it before")
        return
    if depth >= MAX_INCLUDE_DEPTH:
        reader.report(
            directive.place, f"Use of {values[0]} is nested too deeply", "remove the cycle"
        )
        return
    if len(values) != len(macro.args):
        message = (
            f"Use of {values[0]} has {len(values) - 1} arguments instead of {len(macro.args) - 1}"
        )
        reader.report(directive.place, message, "give each parameter a value")
    parameters = dict(zip(map(unquote, macro.args[1:]), values[1:]))
    text = filled(print_tree(macro.children), parameters)
    if not reader.budget.spend(len(text), directive.place):
        return
    tree, problems = parse_tree(
        text, macro.place.source, included_from=directive.place, first_line=macro.place.line + 1
    )
    reader.problems.extend(problems)
    yield from _expand(tree, reader, depth + 1)


def _first_value(section: Directive | Section) -> str:
    return unquote(section.args[0]) if section.args else ""
