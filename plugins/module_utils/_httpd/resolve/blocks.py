"""What one server configuration makes of requests: its directives in the order in which httpd asks them, sections apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..reading.server import Scope
from ..syntax.quoting import read_words
from ..syntax.tree import Comment, Directive, Place, Section, Tree
from ..vocabulary.directives import DIRECTIVES
from .paths.url_paths import to_bytes_text
from .rewriting.rewrite_rules import Condition, RewriteRule, read_condition, read_rule

_OPEN = frozenset({"ifmodule", "ifdefine", "ifversion", "iffile", "ifdirective", "ifsection"})
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
        "@order": ("order", "allow", "deny"),
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


class Group(NamedTuple):
    """A <RequireAll>, <RequireAny> or <RequireNone> among directives."""

    name: str
    members: tuple[Setting | Group, ...]
    place: Place


@dataclass
class Block:
    """The settings of one section, or of the server itself; `pattern` says which paths or URLs it is for.

    `has_core` says that the core's own settings are among them: those that aren't then fall back to their defaults.
    """

    pattern: str = ""
    is_regex: bool = False
    place: Place = field(default_factory=lambda: Place(""))
    condition: str = ""
    settings: dict[str, list[Setting]] = field(default_factory=dict)
    require: list[Setting | Group] = field(default_factory=list)
    expressions: list[Place] = field(default_factory=list)
    has_core: bool = False

    def last(self, name: str) -> Setting | None:
        """Return the last directive of that name."""
        found = self.settings.get(name)
        return found[-1] if found else None


@dataclass
class Plan:
    """One scope: the server's own settings, its <Location>s and <Proxy>s, and its rewrite rules, in file order."""

    own: Block = field(default_factory=Block)
    locations: list[Block] = field(default_factory=list)
    proxies: list[Block] = field(default_factory=list)
    rewrite_rules: list[RewriteRule] = field(default_factory=list)
    mentions_rewriting: bool = False


def plan(scope: Scope) -> Plan:
    """Read a scope."""
    made = Plan()
    _Reader(made).read(scope.tree, made.own, "")
    return made


class _Reader:
    """What changes while a scope is read: the conditions that wait for their RewriteRule."""

    def __init__(self, made: Plan) -> None:
        self.plan = made
        self.waiting: list[Condition] = []

    def read(self, tree: Tree, block: Block, condition: str) -> None:
        """Add the directives of a section to its block."""
        for node in tree:
            if isinstance(node, Directive):
                self._directive(node, block, condition)
            elif isinstance(node, Section):
                self._section(node, block, condition)

    def _section(self, section: Section, block: Block, condition: str) -> None:
        name = section.name.lower()
        values = _values(section)
        if name in _OPEN:
            self.read(section.children, block, f"<{section.name} {' '.join(values)}>")
        elif name in ("location", "locationmatch", "proxy", "proxymatch") and values:
            inner = Block(values[-1], _is_regex(name, values), section.place, condition)
            self.read(section.children, inner, "")
            is_location = name.startswith("location")
            inner.has_core = is_location or any(map(_is_core, _nodes(section.children)))
            (self.plan.locations if is_location else self.plan.proxies).append(inner)
        elif name in ("limit", "limitexcept"):
            self._limit(section, values, block, condition)
        elif name in ("if", "elseif", "else"):
            if _routes(section.children):
                block.expressions.append(section.place)
        elif name.startswith("require"):
            block.require.append(_group(section, condition))

    def _limit(
        self, section: Section, values: tuple[str, ...], block: Block, condition: str
    ) -> None:
        methods = frozenset(value.upper() for value in values)
        is_except = section.name.lower() == "limitexcept"
        for node in section.children:
            if isinstance(node, Directive):
                limited = Setting(
                    node.name.lower(), _values(node), node.place, condition,
                    methods=frozenset() if is_except else methods,
                    except_methods=methods if is_except else frozenset(),
                )  # fmt: skip
                _add(block, limited)

    def _directive(self, directive: Directive, block: Block, condition: str) -> None:
        name = directive.name.lower()
        if name not in _ASKED_FOR:
            return
        setting = Setting(name, _values(directive), directive.place, condition)
        if name.startswith("rewrite") and block is self.plan.own:
            self.plan.mentions_rewriting = True
        if name == "rewritecond" and block is self.plan.own:
            self.waiting.append(read_condition(setting.values, directive.place))
        elif name == "rewriterule" and block is self.plan.own:
            rule = read_rule(setting.values, tuple(self.waiting), directive.place, condition)
            self.plan.rewrite_rules.append(rule)
            self.waiting = []
        else:
            _add(block, setting)


def _add(block: Block, setting: Setting) -> None:
    """Put a directive where requests find it."""
    if setting.name == "require":
        block.require.append(setting)
    block.settings.setdefault(setting.name, []).append(setting)
    family = FAMILIES.get(setting.name)
    if family:
        block.settings.setdefault(family, []).append(setting)


def _group(section: Section, condition: str) -> Group:
    """Read a container of Require."""
    members: list[Setting | Group] = []
    for node in section.children:
        if isinstance(node, Directive) and node.name.lower() == "require":
            members.append(Setting("require", _values(node), node.place, condition))
        elif isinstance(node, Section) and node.name.lower().startswith("require"):
            members.append(_group(node, condition))
    return Group(section.name.lower(), tuple(members), section.place)


def _values(node: Directive | Section) -> tuple[str, ...]:
    values = read_words(node.name, node.args)
    return values if "".join(values).isascii() else tuple(map(to_bytes_text, values))


def _is_regex(name: str, values: tuple[str, ...]) -> bool:
    return name.endswith("match") or (len(values) > 1 and values[0] == "~")


# All that any module here asks for; a server has many more directives.
_ASKED_FOR = frozenset(FAMILIES) | {
    "allowencodedslashes", "authmerging", "balancerinherit", "mergeslashes", "proxyaddheaders", "proxypassinherit",
    "proxypassinterpolateenv", "proxypreservehost", "proxyset", "proxytimeout", "redirectrelative", "remoteipheader",
    "requestheader", "require", "rewritebase", "rewritecond", "rewriteengine", "rewritemap", "rewriteoptions",
    "rewriterule", "satisfy", "sethandler", "timeout", "usecanonicalname",
}  # fmt: skip
# What decides where a request goes, or whether it may.
_ROUTING = (
    "redirect", "rewrite", "alias", "scriptalias", "proxypass", "require", "order", "allow", "deny",
    "sethandler", "authtype", "satisfy", "setenv",
)  # fmt: skip


def _routes(tree: Tree) -> bool:
    """Tell whether a section has something to do with where a request goes."""
    return any(node.name.lower().startswith(_ROUTING) for node in _nodes(tree))


def _is_core(node: Directive | Section) -> bool:
    known = DIRECTIVES.get(node.name.lower())
    return known is not None and known.module == "core.c"


def _nodes(tree: Tree) -> Iterator[Directive | Section]:
    for node in tree:
        if not isinstance(node, Comment):
            yield node
        if isinstance(node, Section):
            yield from _nodes(node.children)
