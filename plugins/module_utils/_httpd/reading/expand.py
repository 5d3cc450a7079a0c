"""Includes, Defines, Macros and conditions, evaluated in the order in which httpd reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..syntax.condition_sections import CONDITIONS
from ..syntax.parse import MAX_NESTING, parse_tree, split_arguments
from ..syntax.print import print_tree
from ..syntax.problem import Problem
from ..syntax.quoting import unquote
from ..syntax.tree import Comment, Directive, Node, Place, Section, Tree, walk
from .conditions import holds
from .environment import BUILT_IN, Environment
from .problem_kinds import EXPANSION, UNDEFINED_VARIABLE

MAX_INCLUDE_DEPTH = 20  # httpd's own AP_MAX_INCLUDE_DEPTH

_Named = TypeVar("_Named", Directive, Section)
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
# Characters that Includes, macros and Defines may make of one that was written: a few lines could ask for gigabytes.
MAX_GROWTH = 100


@dataclass(frozen=True)
class NeededPaths:
    """What reading asks of the disk, absolute: the patterns of Includes, and the paths of <IfFile>."""

    included: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expansion:
    """A tree in which nothing is left to evaluate but what the environment can't tell, and what went wrong."""

    tree: Tree
    problems: tuple[Problem, ...]
    environment: Environment
    needed_paths: NeededPaths = field(default_factory=NeededPaths)


@dataclass
class _Reader:
    """What changes while httpd reads on; `environment` has the same `defines` and `modules`."""

    environment: Environment
    defines: dict[str, str]
    modules: set[str] | None
    macros: dict[str, Section] = field(default_factory=dict)
    included: dict[str, None] = field(default_factory=dict)
    tested: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nesting: int = 0
    budget: int = 0

    def spend(self, characters: int, place: Place) -> bool:
        """Tell whether so many characters more may be read; say once that they may not."""
        if self.budget >= 0 > self.budget - characters:
            message = "Includes, macros and Defines make this configuration too large to be read on"
            self.report(place, message, "remove the repetition")
        self.budget -= characters
        return self.budget >= 0

    def report(self, place: Place, message: str, fix: str) -> None:
        """Add an error."""
        self.problems.append(EXPANSION.problem(place, message, fix))


def expand(tree: Tree, environment: Environment) -> Expansion:
    """Evaluate the tree as httpd would; the resulting environment has the modules and Defines that it met."""
    modules = None if environment.modules is None else {*environment.modules, *BUILT_IN}
    defines = dict(environment.defines)
    now = replace(environment, defines=defines, modules=modules)
    reader = _Reader(now, defines, modules, budget=_budget(tree, environment))
    expanded = tuple(_expand(tree, reader, 0))
    needed_paths = NeededPaths(tuple(reader.included), tuple(reader.tested))
    return Expansion(expanded, tuple(reader.problems), now, needed_paths)


def _expand(tree: Tree, reader: _Reader, depth: int) -> Iterator[Node]:
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
        node = _substituted(node, reader)
        if name in ("include", "includeoptional"):
            yield from _include(node, reader, depth, is_optional=name == "includeoptional")
        elif name == "use":
            yield from _use(node, reader, depth)
        elif name == "undefmacro":
            reader.macros.pop(_first_value(node).lower(), None)
        elif name in ("define", "undefine"):
            _define(node, reader)
        else:
            if name == "loadmodule" and node.args and reader.modules is not None:
                reader.modules.add(unquote(node.args[0]))
            yield node


def _budget(tree: Tree, environment: Environment) -> int:
    """Return how many characters may be read, by how many were written."""
    written = 1000 + sum(map(len, environment.files.values()))
    written += sum(
        1 + sum(map(len, node.args)) for node in walk(tree) if not isinstance(node, Comment)
    )
    return MAX_GROWTH * written


def _expand_section(section: Section, reader: _Reader, depth: int) -> Iterator[Node]:
    """Replace a condition by its children or by nothing; an open one stays."""
    section = _substituted(section, reader)
    answer = None
    if section.name.lower() in CONDITIONS:
        answer = _holds(section, reader)
    if answer is False:
        return
    if reader.nesting >= MAX_NESTING:
        reader.report(section.place, f"<{section.name}> is nested too deeply", "write it flatter")
        return
    reader.nesting += 1
    children = _expand(section.children, reader, depth)
    if answer is True:
        yield from children
    else:
        yield replace(section, children=tuple(children))
    reader.nesting -= 1


def _holds(section: Section, reader: _Reader) -> bool | None:
    """Evaluate a condition."""
    values = tuple(map(unquote, section.args))
    if section.name.lower() == "iffile" and values:
        reader.tested[reader.environment.resolve(values[0].removeprefix("!"))] = None
    return holds(section.name, values, reader.environment)


def _define(directive: Directive, reader: _Reader) -> None:
    """Carry out Define and UnDefine."""
    values = tuple(map(unquote, directive.args))
    if not values:
        return
    if directive.name.lower() == "undefine":
        reader.defines.pop(values[0], None)
    else:
        reader.defines[values[0]] = values[1] if len(values) > 1 else ""


def _substituted(node: _Named, reader: _Reader) -> _Named:
    """Replace ${NAME} in the arguments before they are words, as httpd does; an unknown one stays."""
    if not any("${" in word for word in node.args):
        return node

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in reader.defines:
            if name and ":" not in name:  # `${map:key}` is mod_rewrite's
                _report_undefined(name, node, reader)
            return match[0]
        # What would be too long is left out; the problem says so.
        return reader.defines[name] if reader.spend(len(reader.defines[name]), node.place) else ""

    return replace(node, args=split_arguments(node.name, _VARIABLE.sub(value, " ".join(node.args))))


def _report_undefined(name: str, node: Directive | Section, reader: _Reader) -> None:
    """Warn of an unknown ${NAME}."""
    if name.startswith("APACHE_") and not any(
        known.startswith("APACHE_") for known in reader.environment.defines
    ):
        return  # a distribution's start script defines these, and it wasn't read
    message = f"${{{name}}} is not defined, so httpd takes it literally (AH00111)"
    fix = f"define it, or remove ${{{name}}}"
    reader.problems.append(UNDEFINED_VARIABLE.problem(node.place, message, fix))


def _include(
    directive: Directive, reader: _Reader, depth: int, *, is_optional: bool
) -> Iterator[Node]:
    """Yield the files that an Include brings in."""
    pattern = unquote(directive.args[0]) if directive.args else ""
    if depth >= MAX_INCLUDE_DEPTH:
        reader.report(
            directive.place, f'Include of "{pattern}" is nested too deeply', "remove the cycle"
        )
        return
    files = reader.environment.matching_files(pattern) if pattern else ()
    if pattern:
        reader.included[reader.environment.resolve(pattern)] = None
    if not files and not reader.environment.closed:
        yield directive
    elif not files and not is_optional:
        reader.report(
            directive.place,
            f'Include of "{pattern}" finds no file',
            "create it, or write IncludeOptional",
        )
    for path in files:
        text = reader.environment.files[path]
        if not reader.spend(len(text), directive.place):
            return
        tree, problems = parse_tree(text, path, included_from=directive.place)
        reader.problems.extend(problems)
        yield from _expand(tree, reader, depth + 1)


def _use(directive: Directive, reader: _Reader, depth: int) -> Iterator[Node]:
    """Yield a macro's lines with its parameters replaced, the longest names first."""
    values = tuple(map(unquote, directive.args))
    macro = reader.macros.get(values[0].lower()) if values else None
    if macro is None:
        reader.report(
            directive.place, f"Use of an unknown macro {' '.join(values)}", "define it before"
        )
        return
    if depth >= MAX_INCLUDE_DEPTH:
        reader.report(
            directive.place, f"Use of {values[0]} is nested too deeply", "remove the cycle"
        )
        return
    parameters = dict(zip(map(unquote, macro.args[1:]), values[1:]))
    text = print_tree(macro.children)
    for parameter in sorted(parameters, key=len, reverse=True):
        text = text.replace(parameter, parameters[parameter])
    if not reader.spend(len(text), directive.place):
        return
    tree, problems = parse_tree(
        text, macro.place.source, included_from=directive.place, first_line=macro.place.line + 1
    )
    reader.problems.extend(problems)
    yield from _expand(tree, reader, depth + 1)


def _first_value(section: Directive | Section) -> str:
    return unquote(section.args[0]) if section.args else ""
