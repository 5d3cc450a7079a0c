"""What one server configuration makes of requests: its directives in the order in which httpd asks them, sections apart."""

from __future__ import annotations

from collections.abc import Iterator

from ..reading.server import Scope
from ..syntax.quoting import read_words
from ..syntax.tree import Comment, Directive, Section, Tree
from ..vocabulary.directives import DIRECTIVES
from ..vocabulary.effects.directive_effects import is_harmless, is_open
from ..vocabulary.effects.packaged_effects import ACTING_MODULES
from .blocks import FAMILIES, Block, Branch, FileSection, Group, Plan, Setting
from .paths.url_paths import to_bytes_text
from .rewriting.rewrite_rules import Condition, read_condition, read_rule

_OPEN = frozenset({"ifmodule", "ifdefine", "ifversion", "iffile", "ifdirective", "ifsection"})


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
        before: tuple[str, ...] = ()
        for node in tree:
            if isinstance(node, Directive):
                self._directive(node, block, condition)
            elif isinstance(node, Section) and node.name.lower() in _BRANCHES:
                expression = " ".join(_values(node))
                # An <If> begins anew, what follows it goes by those before too.
                before = () if node.name.lower() == "if" else before
                self._branch(node, Branch(expression, node.place, before), block)
                before = (*before, expression)
            elif isinstance(node, Section):
                self._section(node, block, condition)

    def _branch(self, section: Section, branch: Branch, block: Block) -> None:
        """Add a section of an expression; where it has nothing but RequestHeader, only those headers aren't known."""
        found = list(_effective(section.children))
        if found and all(node.name.lower() == "requestheader" for node in found):
            condition = f"<{section.name} {branch.expression}>"
            for node in found:
                _add(block, Setting("requestheader", _values(node), node.place, condition))
        elif found:
            block.branches.append(branch)

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
        elif name in _OF_FILES:
            kind = _kind_of(section.children)
            if kind and values:
                is_regex = _is_regex(name, values)
                block.files.append(FileSection(name, values[-1], is_regex, kind, section.place))
        elif name.startswith("require"):
            block.require.append(_group(section, condition))
        elif is_open(name):
            block.open.append(Setting(name, values, section.place, condition))

    def _limit(
        self, section: Section, values: tuple[str, ...], block: Block, condition: str
    ) -> None:
        methods = frozenset(value.upper() for value in values)
        is_except = section.name.lower() == "limitexcept"
        for node in section.children:
            if not isinstance(node, Comment) and is_open(node.name.lower()):
                block.open.append(Setting(node.name.lower(), _values(node), node.place, condition))
            elif isinstance(node, Directive):
                limited = Setting(
                    node.name.lower(), _values(node), node.place, condition,
                    methods=frozenset() if is_except else methods,
                    except_methods=methods if is_except else frozenset(),
                )  # fmt: skip
                _add(block, limited)

    def _is_open(self, name: str, values: tuple[str, ...], block: Block) -> bool:
        """Tell whether a directive is open for its values, whoever asks for what.

        `RequestHeader … early` counts before all else, and httpd dies of a Redirect without a path.
        """
        if name == "loadmodule":
            return bool(ACTING_MODULES.intersection(values))
        if name == "requestheader":
            return "early" in map(str.lower, values[2:])
        if name in ("addtype", "forcetype"):
            # A type that no handler is set beside is taken for one.
            return "".join(values[:1]).lower().startswith("proxy:")
        return FAMILIES.get(name) == "@redirect" and len(values) == 1 and block is self.plan.own

    def _directive(self, directive: Directive, block: Block, condition: str) -> None:
        name = directive.name.lower()
        if is_open(name) or self._is_open(name, _values(directive), block):
            block.open.append(Setting(name, _values(directive), directive.place, condition))
        if name not in _ASKED_FOR:
            return
        values = _values(directive)
        is_rewriting = name.startswith("rewrite") and block is self.plan.own
        if is_rewriting:
            self.plan.mentions_rewriting = True
        if is_rewriting and name == "rewritecond":
            self.waiting.append(read_condition(values, directive.place))
        elif is_rewriting and name == "rewriterule":
            rule = read_rule(values, tuple(self.waiting), directive.place, condition)
            self.plan.rewrite_rules.append(rule)
            self.waiting = []
        else:
            _add(block, Setting(name, values, directive.place, condition))


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
    "allowencodedslashes", "authmerging", "authtype", "balancerinherit", "directoryindex", "documentroot", "fallbackresource", "mergeslashes",
    "proxyaddheaders", "proxypassinherit", "proxypassinterpolateenv", "proxypreservehost", "proxyset", "proxytimeout", "redirectrelative", "remoteipheader",
    "requestheader", "require", "rewritebase", "rewritecond", "rewriteengine", "rewritemap", "rewriteoptions",
    "rewriterule", "satisfy", "sethandler", "sslproxyengine", "timeout", "usecanonicalname",
}  # fmt: skip
_BRANCHES = frozenset({"if", "elseif", "else"})
_OF_FILES = frozenset({"directory", "directorymatch", "files", "filesmatch"})


def _effective(tree: Tree) -> Iterator[Directive | Section]:
    """Yield what may change what is decided, within whatever sections that only say whether."""
    for node in tree:
        if isinstance(node, Comment):
            continue
        name = node.name.lower()
        if isinstance(node, Section) and name in _OPEN | _BRANCHES:
            yield from _effective(node.children)
        elif name == "header" and "location" not in _text_of(node):
            # It changes a Location, or nothing that is decided.
            continue
        elif not is_harmless(name) and not (
            name.startswith("allowoverride") and _values(node)[:1] in (("None",), ("none",))
        ):
            yield node


def _text_of(node: Directive | Section) -> str:
    """Return a directive's values as one text, in lower case."""
    return " ".join(_values(node)).lower()


def _kind_of(tree: Tree) -> str:
    """Return the kind of a <Directory> or <Files>; empty where it changes nothing."""
    found = list(_effective(tree))
    if any(not node.name.lower().startswith("require") for node in found):
        return "other"
    if [_values(node) for node in found] == [("all", "granted")]:
        return "granted"
    return "access" if found else ""


def _is_core(node: Directive | Section) -> bool:
    known = DIRECTIVES.get(node.name.lower())
    return known is not None and known.module == "core.c"


def _nodes(tree: Tree) -> Iterator[Directive | Section]:
    for node in tree:
        if not isinstance(node, Comment):
            yield node
        if isinstance(node, Section):
            yield from _nodes(node.children)
