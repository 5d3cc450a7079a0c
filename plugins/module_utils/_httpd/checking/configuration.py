"""A configuration that somebody wrote, read to the end: its tree, the server that it describes and all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..reading.environment import Environment, module_identifier
from ..reading.expand import expand
from ..reading.reader_state import unread
from ..reading.server import Server
from ..reading.view import view
from ..syntax.parse import parse_tree
from ..syntax.problem import Problem, reported, silenced
from ..syntax.tree import Directive, Tree
from ..vocabulary.needed_modules import needed_modules
from .check import check_all
from .foreign_text import directives_of, foreign_text, impossible_names
from .line_rules import LINE_RULES
from .problem_kinds import INCLUDE_NOT_FOLLOWED
from .rules.all_rules import RULES


@dataclass(frozen=True)
class Configuration:
    """An expanded tree and its view; `problems` are those of reading and those of every rule, worst first.

    `silenced` are those that the configuration silences, each with its reason.
    `environment` has the modules and Defines that reading met.
    """

    tree: Tree
    server: Server
    problems: tuple[Problem, ...]
    environment: Environment
    silenced: tuple[Problem, ...] = ()

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that it needs, without `_module`, each after those that it needs itself; none where a file can't be
        read, which may need more."""
        return () if self.unread else needed_modules(self.tree)

    @property
    def unread(self) -> tuple[Problem, ...]:
        """The files of which nothing is known: any of them may change what a request gets."""
        return unread(self.problems)


def read_configuration(text: str, file: str, environment: Environment) -> Configuration:
    """Read a main file and what it includes, and check what it makes of a server.

    Where a file can't be read, only what a line says by itself is checked: that file may have the rest.
    """
    tree, problems = parse_tree(text, file)
    expansion = expand(tree, environment)
    server = view(expansion.tree, expansion.environment.modules)
    directives = tuple(directives_of(expansion.tree))
    of_text = (
        *problems,
        *expansion.problems,
        *impossible_names(directives),
        *_not_followed(expansion.not_followed),
    )
    rules = LINE_RULES if expansion.has_gaps else RULES
    found = foreign_text(directives) or check_all(
        server, expansion.environment, rules, found=of_text
    )
    return Configuration(
        expansion.tree, server, reported(found), expansion.environment, silenced(found)
    )


def module_names(names: Iterable[str]) -> frozenset[str]:
    """Return identifiers: `proxy_http`, `mod_proxy_http.c` and `proxy_http_module` are one."""
    found = map(module_identifier, names)
    return frozenset(name if name.endswith("_module") else f"{name}_module" for name in found)


def _not_followed(includes: Iterable[Directive]) -> Iterable[Problem]:
    """Say which Includes are left, because only this text was given."""
    for include in includes:
        words = " ".join((include.name, *include.args))
        message = f"{words} isn't followed: only this text was given"
        fix = "check the main file, or the directory that has both"
        yield INCLUDE_NOT_FOLLOWED.problem(include.place, message, fix)
