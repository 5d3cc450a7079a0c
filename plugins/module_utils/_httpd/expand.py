"""Includes, Defines, Macros and conditions, evaluated in the order in which httpd reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from .condition import CONDITIONS, holds
from .environment import BUILT_IN, Environment
from .parse import parse_tree, split_arguments
from .print import print_tree
from .problem import Problem
from .tree import Comment, Directive, Node, Origin, Section, Tree
from .values import unquote

MANUAL = "https://httpd.apache.org/docs/2.4/mod/core.html"
MAX_INCLUDE_DEPTH = 20  # httpd's own AP_MAX_INCLUDE_DEPTH

_Named = TypeVar("_Named", Directive, Section)
_VARIABLE = re.compile(r"\$\{([^}:]+)\}")


@dataclass(frozen=True)
class Expansion:
    """A tree in which nothing is left to evaluate but what the environment can't tell, and what went wrong."""

    tree: Tree
    problems: tuple[Problem, ...]
    environment: Environment


@dataclass
class _Reader:
    """What changes while httpd reads on."""

    environment: Environment
    defines: dict[str, str]
    modules: set[str] | None
    macros: dict[str, Section] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def now(self) -> Environment:
        """Return the environment at this line."""
        modules = None if self.modules is None else frozenset(self.modules)
        return replace(self.environment, defines=self.defines, modules=modules)

    def report(self, origin: Origin, message: str, fix: str) -> None:
        """Add an error."""
        self.problems.append(Problem("expansion", "error", origin, message, fix, MANUAL))


def expand(tree: Tree, environment: Environment) -> Expansion:
    """Evaluate the tree as httpd would; the resulting environment has the modules and Defines that it met."""
    modules = None if environment.modules is None else {*environment.modules, *BUILT_IN}
    reader = _Reader(environment, dict(environment.defines), modules)
    expanded = tuple(_expand(tree, reader, 0))
    return Expansion(expanded, tuple(reader.problems), reader.now())


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
        elif name in ("define", "undefine"):
            _define(node, reader)
        else:
            if name == "loadmodule" and node.args and reader.modules is not None:
                reader.modules.add(unquote(node.args[0]))
            yield node


def _expand_section(section: Section, reader: _Reader, depth: int) -> Iterator[Node]:
    """Replace a condition by its children or by nothing; an open one stays."""
    section = _substituted(section, reader)
    answer = None
    if section.name.lower() in CONDITIONS:
        answer = holds(section.name, tuple(map(unquote, section.args)), reader.now())
    if answer is False:
        return
    if answer is True:
        yield from _expand(section.children, reader, depth)
        return
    yield replace(section, children=tuple(_expand(section.children, reader, depth)))


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
    text = " ".join(node.args)
    for name in _VARIABLE.findall(text):
        if name not in reader.defines:
            message = f"${{{name}}} is not defined, so httpd takes it literally (AH00111)"
            fix = f"define it, or remove ${{{name}}}"
            reader.problems.append(
                Problem(
                    "undefined-variable", "warning", node.origin, message, fix, MANUAL + "#define"
                )
            )
    text = _VARIABLE.sub(lambda match: reader.defines.get(match[1], match[0]), text)
    return replace(node, args=split_arguments(node.name, text))


def _include(
    directive: Directive, reader: _Reader, depth: int, *, is_optional: bool
) -> Iterator[Node]:
    """Yield the files that an Include brings in."""
    pattern = unquote(directive.args[0]) if directive.args else ""
    if depth >= MAX_INCLUDE_DEPTH:
        reader.report(
            directive.origin, f'Include of "{pattern}" is nested too deeply', "remove the cycle"
        )
        return
    files = reader.environment.matching_files(pattern) if pattern else ()
    if not files and not is_optional:
        reader.report(
            directive.origin,
            f'Include of "{pattern}" finds no file',
            "create it, or write IncludeOptional",
        )
    for path in files:
        tree, problems = parse_tree(
            reader.environment.files[path], path, included_from=directive.origin
        )
        reader.problems.extend(problems)
        yield from _expand(tree, reader, depth + 1)


def _use(directive: Directive, reader: _Reader, depth: int) -> Iterator[Node]:
    """Yield a macro's lines with its parameters replaced, the longest names first."""
    values = tuple(map(unquote, directive.args))
    macro = reader.macros.get(values[0].lower()) if values else None
    if macro is None:
        reader.report(
            directive.origin, f"Use of an unknown macro {' '.join(values)}", "define it before"
        )
        return
    if depth >= MAX_INCLUDE_DEPTH:
        reader.report(
            directive.origin, f"Use of {values[0]} is nested too deeply", "remove the cycle"
        )
        return
    parameters = dict(zip(map(unquote, macro.args[1:]), values[1:]))
    text = print_tree(macro.children)
    for parameter in sorted(parameters, key=len, reverse=True):
        text = text.replace(parameter, parameters[parameter])
    tree, problems = parse_tree(text, macro.origin.place, included_from=directive.origin)
    reader.problems.extend(problems)
    yield from _expand(tree, reader, depth + 1)


def _first_value(section: Section) -> str:
    return unquote(section.args[0]) if section.args else ""
