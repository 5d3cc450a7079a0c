"""What a host's httpd makes of its configuration."""

from __future__ import annotations

from dataclasses import dataclass

from ..._httpd.reading.environment import Environment
from ..._httpd.reading.expand import expand_branches
from ..._httpd.reading.included_files import Files, UnreadableFile
from ..._httpd.reading.reader_state import gap, unread
from ..._httpd.reading.server import Server
from ..._httpd.reading.view import view
from ..._httpd.syntax.parse import parse_tree
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Tree
from ..._httpd.vocabulary.layout import Layout
from ..machine.httpd import Httpd


@dataclass(frozen=True)
class HostConfiguration:
    """An expanded tree and the server that it describes, the world that it makes, and what is wrong with its text.

    `branches` is the tree with what stands under modules and versions that the host hasn't.
    """

    tree: Tree
    branches: Tree
    server: Server
    environment: Environment
    problems: tuple[Problem, ...]

    @property
    def mpm(self) -> frozenset[str]:
        """The MPMs in it."""
        modules = self.environment.modules or frozenset()
        return frozenset(module for module in modules if module.startswith("mpm_"))

    @property
    def unread(self) -> tuple[Problem, ...]:
        """The files of which nothing is known."""
        return unread(self.problems)


def environment_of(httpd: Httpd, layout: Layout, files: Files) -> Environment:
    """Return what a parse on this host meets."""
    return Environment(
        version=httpd.version,
        modules=httpd.built_in,
        variables=httpd.variables,
        files=files,
        server_root=layout.config_root,
    )


def read_configuration_of(layout: Layout, environment: Environment) -> HostConfiguration:
    """Evaluate the host's configuration from its main file on."""
    text = ""
    gaps: tuple[Problem, ...] = ()
    try:
        text = environment.files.text(layout.main_config)
    except UnreadableFile as fault:
        gaps = (gap(fault),)
    tree, problems = parse_tree(text, layout.main_config)
    expansion = expand_branches(tree, environment)
    return HostConfiguration(
        expansion.tree,
        expansion.branches,
        view(expansion.tree, expansion.environment.modules),
        expansion.environment,
        (*gaps, *problems, *expansion.problems),
    )
