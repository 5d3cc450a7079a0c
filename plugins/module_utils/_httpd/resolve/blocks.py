"""The directives of one scope as requests meet them: its own, and those of each section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..syntax.tree import Place
from ..vocabulary.effects.directive_effects import spelling_of
from .rewriting.rewrite_rules import RewriteRule

# Directives of several names whose common order is meaning.
FAMILIES = {
    name: family
    for family, names in {
        "@proxypass": ("proxypass", "proxypassmatch"),
        "@redirect": ("redirect", "redirectmatch", "redirectpermanent", "redirecttemp"),
        "@alias": ("alias", "aliasmatch", "scriptalias", "scriptaliasmatch"),
        "@setenvif": (
            "setenvif", "setenvifnocase", "setenvifexpr", "browsermatch", "browsermatchnocase",
        ),
        # Satisfy in a section has those outside of it forgotten too.
        "@order": ("order", "allow", "deny", "satisfy"),
    }.items()
    for name in names
}  # fmt: skip


class Setting(NamedTuple):
    """A directive as requests meet it: its values, and the open condition around it if there is one.

    `methods` are those of a <Limit> around it, `except_methods` those of a <LimitExcept>.
    """

    name: str
    values: tuple[str, ...]
    place: Place
    condition: str = ""
    methods: frozenset[str] = frozenset()
    except_methods: frozenset[str] = frozenset()

    @property
    def spelling(self) -> str:
        """The directive's name as Apache spells it."""
        return spelling_of(self.name)


class Group(NamedTuple):
    """A <RequireAll>, <RequireAny> or <RequireNone> among directives."""

    name: str
    members: tuple[Setting | Group, ...]
    place: Place


class Branch(NamedTuple):
    """An <If>, <ElseIf> or <Else> (whose expression is empty) that holds what isn't followed, and those before it."""

    expression: str
    place: Place
    before: tuple[str, ...] = ()


class FileSection(NamedTuple):
    """A <Directory> or <Files>, or their kin with Match.

    `kind` is `granted` where it says `Require all granted` and nothing else that matters, `access` where it has nothing but
    Require, and else `other`.
    """

    name: str
    pattern: str
    is_regex: bool
    kind: str
    place: Place


@dataclass
class Block:
    """The settings of one section, or of the server itself; `pattern` says which paths or URLs it is for.

    `has_core` says that the core's own settings are among them: those that aren't then fall back to their defaults. `open`
    are directives that aren't modelled, `branches` and `files` sections that aren't.
    """

    pattern: str = ""
    is_regex: bool = False
    place: Place = field(default_factory=lambda: Place(""))
    condition: str = ""
    settings: dict[str, list[Setting]] = field(default_factory=dict)
    require: list[Setting | Group] = field(default_factory=list)
    open: list[Setting] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    files: list[FileSection] = field(default_factory=list)
    has_core: bool = False

    def last(self, name: str) -> Setting | None:
        """Return the last directive of that name."""
        found = self.settings.get(name)
        return found[-1] if found else None


@dataclass
class Plan:
    """One scope: the server's own settings, its <Location>s and <Proxy>s, and its rewrite rules, in file order.

    `conditional` are directives within an open condition for which requests aren't asked one by one. `chooses_files` tells
    that MultiViews may serve a file of another name, `has_branches` that an <If> stands somewhere. `variables` are the names
    of those that something sets or takes away (`*`: any).
    """

    own: Block = field(default_factory=Block)
    locations: list[Block] = field(default_factory=list)
    proxies: list[Block] = field(default_factory=list)
    rewrite_rules: list[RewriteRule] = field(default_factory=list)
    conditional: list[Setting] = field(default_factory=list)
    mentions_rewriting: bool = False
    chooses_files: bool = False
    variables: set[str] = field(default_factory=set)
    has_branches: bool = False
