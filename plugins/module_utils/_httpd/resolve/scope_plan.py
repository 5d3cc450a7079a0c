"""What one server configuration makes of requests: its directives in the order in which httpd asks them, sections apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..reading.server import Scope
from ..syntax.condition_sections import CONDITIONS
from ..syntax.quoting import read_words
from ..syntax.tree import Comment, Directive, Section, Tree
from ..vocabulary.directives import DIRECTIVES
from ..vocabulary.effects.directive_effects import is_harmless, is_open
from ..vocabulary.effects.packaged_effects import ACTING_MODULES
from .blocks import FAMILIES, Block, Branch, FileSection, Group, Plan, Setting
from .paths.url_paths import to_bytes_text
from .rewriting.rewrite_rules import Condition, read_condition, read_rule


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
        self.plan.has_branches = True
        self._note(section.children)
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
        if name in CONDITIONS:
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
            self._note(section.children)
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
        # httpd takes HEAD for GET, and minds the case.
        methods = frozenset("GET" if value == "HEAD" else value for value in values)
        is_except = section.name.lower() == "limitexcept"
        for node in section.children:
            if isinstance(node, Section) or (
                isinstance(node, Directive) and is_open(node.name.lower())
            ):
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
        if _is_handler(name, values):
            return True
        return FAMILIES.get(name) == "@redirect" and len(values) == 1 and block is self.plan.own

    def _note(self, tree: Tree) -> None:
        """Note what is asked of the whole scope, wherever it stands."""
        for node in _nodes(tree):
            name = node.name.lower()
            if name in _SET_VARIABLES:
                words = _values(node)[_SET_VARIABLES[name] :]
                self.plan.variables.update(_variable(word) for word in words)
            if name == "rewriterule":
                set_here = re.findall(
                    r"[\[,]\s*(?:E|env)=!?([^:,\]]*)", "".join(_values(node)[2:]), re.IGNORECASE
                )
                self.plan.variables.update(map(_variable, set_here))
            if name == "options" and {"multiviews", "+multiviews"} & set(_text_of(node).split()):
                self.plan.chooses_files = True

    def _directive(self, directive: Directive, block: Block, condition: str) -> None:
        name = directive.name.lower()
        self._note((directive,))
        if condition and name in _DECIDE_AT_ONCE:
            self.plan.conditional.append(
                Setting(name, _values(directive), directive.place, condition)
            )
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
        elif isinstance(node, Section):
            # Whatever it has is decided by a condition that isn't known.
            told = f"<{node.name} {' '.join(_values(node))}>"
            members.append(Setting("require", ("all", "granted"), node.place, told))
    return Group(section.name.lower(), tuple(members), section.place)


def _values(node: Directive | Section) -> tuple[str, ...]:
    values = read_words(node.name, node.args)
    return values if "".join(values).isascii() else tuple(map(to_bytes_text, values))


def _is_regex(name: str, values: tuple[str, ...]) -> bool:
    return name.endswith("match") or (len(values) > 1 and values[0] == "~")


# All that any module here asks for; a server has many more directives.
_ASKED_FOR = frozenset(FAMILIES) | {
    "allowencodedslashes", "authbasicfake", "authmerging", "authtype", "balancerinherit", "directoryindex", "documentroot",
    "fallbackresource", "mergeslashes", "proxyaddheaders", "proxymaxforwards", "proxypassinherit",
    "proxypassinterpolateenv", "proxypreservehost", "proxyset", "proxytimeout", "proxyvia", "redirectrelative",
    "remoteipheader", "requestheader", "require", "rewritebase", "rewritecond", "rewriteengine", "rewritemap",
    "rewriteoptions", "rewriterule", "satisfy", "sethandler", "sslproxyengine", "timeout", "usecanonicalname",
}  # fmt: skip
_BRANCHES = frozenset({"if", "elseif", "else"})
# Directives that set variables, each with the number of words before their names.
_SET_VARIABLES = {
    "browsermatch": 1, "browsermatchnocase": 1, "passenv": 0, "setenv": 0, "setenvif": 2, "setenvifexpr": 1,
    "setenvifnocase": 2, "unsetenv": 0,
}  # fmt: skip
_NOTED = frozenset({
    "authbasicfake", "options", "passenv", "proxymaxforwards", "proxyvia", "setenv", "unsetenv",
})  # fmt: skip
# What they say is read before any request, so that nobody asks whether they hold.
_DECIDE_AT_ONCE = frozenset({
    "balancermember", "define", "proxyset", "rewritecond", "serveralias", "servername", "undefine",
})  # fmt: skip
_OF_FILES = frozenset({"directory", "directorymatch", "files", "filesmatch"})


def _effective(tree: Tree) -> Iterator[Directive | Section]:
    """Yield what may change what is decided, within whatever sections that only say whether."""
    for node in tree:
        if isinstance(node, Comment):
            continue
        name = node.name.lower()
        if isinstance(node, Section) and name in CONDITIONS | _BRANCHES:
            yield from _effective(node.children)
        elif name in _NOTED or (name == "header" and "location" not in _text_of(node)):
            # Noted for the whole scope; it changes a Location, or nothing that is decided.
            continue
        elif _is_handler(name, _values(node)) or (
            not is_harmless(name)
            and not (
                name.startswith("allowoverride") and _values(node)[:1] in (("None",), ("none",))
            )
        ):
            yield node


def _variable(word: str) -> str:
    """Return the name of the variable that a word sets or takes away; `*` where a value stands in it."""
    name = word.lstrip("!").partition("=")[0]
    return "*" if "$" in name or "%" in name else name


def _is_handler(name: str, values: tuple[str, ...]) -> bool:
    """Tell whether a directive gives files a type that is taken for a handler, where no handler is set beside."""
    return name in ("addtype", "forcetype") and "".join(values[:1]).lower().startswith("proxy:")


def _text_of(node: Directive | Section) -> str:
    """Return a directive's values as one text, in lower case."""
    return " ".join(_values(node)).lower()


def _kind_of(tree: Tree) -> str:
    """Return the kind of a <Directory> or <Files>; empty where it changes nothing."""
    found = list(_effective(tree))
    has_conditions = any(node.name.lower() in CONDITIONS | _BRANCHES for node in _nodes(tree))
    if any(has_conditions or not node.name.lower().startswith("require") for node in found):
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
