"""Redirects and aliases with their exclusions, as `redirects` and `aliases`, where that means the same.

Compiled, each gets an exclusion before all rules; so it may have had one that could as well stand there, or no rule
that takes its path.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ...concerns.vhosts.compile import compile_granted
from ...concerns.vhosts.vhost_parts import Alias, Redirect
from ...syntax.quoting import Refused
from ...syntax.tree import NOWHERE, Comment, Directive, Section, is_named
from ...variables.models import model_of
from .rule_lift import LiftedRule
from .vhost_body import Body, Plain, accepted, not_lifted, seen, values_of

REDIRECTS = ("Redirect", "RedirectMatch", "RedirectTemp", "RedirectPermanent")
ALIASES = ("Alias", "AliasMatch", "ScriptAlias", "ScriptAliasMatch")

_STATUSES = {"permanent": 301, "temp": 302, "seeother": 303}
_PLAIN_PATH = re.compile(r"(/[A-Za-z0-9_.~-]+)*/?")


@dataclass
class _Claim:
    """What one kind of sugar takes if all of it can be said: indexes in the body, exclusions among the rules."""

    plains: list[Plain] = field(default_factory=list)
    indexes: set[int] = field(default_factory=set)
    exclusions: list[LiftedRule] = field(default_factory=list)


def lift_redirects(body: Body, rules: list[LiftedRule]) -> Plain:
    """Take the redirects, and their exclusions out of `rules`: all of them, or none."""
    return _lift(body, rules, "redirects", REDIRECTS, _claim_redirect)


def lift_aliases(body: Body, rules: list[LiftedRule]) -> Plain:
    """Take the aliases with the rights that they imply, and their exclusions out of `rules`: all of them, or none."""
    return _lift(body, rules, "aliases", ALIASES, _claim_alias)


_Claimed = Callable[[Body, Directive, _Claim], Plain]


def _lift(
    body: Body, rules: list[LiftedRule], key: str, names: tuple[str, ...], claimed: _Claimed
) -> Plain:
    """Take all directives of `names`, or give each a reason to stay."""
    found = body.directives(*names)
    indexes = [index for index, _directive in found]
    claim = _Claim()
    if body.is_conditional(*names):
        body.keep(indexes, "another one's condition isn't known, and order is meaning")
        return {}
    for index, directive in found:
        try:
            plain = claimed(body, directive, claim)
            claim.exclusions += _exclusion(plain, rules, claim.exclusions)
        except Refused as refused:
            body.keep([index], refused.message)
            body.keep(indexes, "another one can't be said, and order is meaning")
            return {}
        claim.plains.append(plain)
        claim.indexes.add(index)
    body.taken |= claim.indexes | {rule.index for rule in claim.exclusions}
    for rule in claim.exclusions:
        rules.remove(rule)
    return {key: claim.plains} if claim.plains else {}


def _claim_redirect(body: Body, directive: Directive, claim: _Claim) -> Plain:
    """Read a redirect. Raises Refused."""
    del body, claim
    values = list(values_of(directive))
    name = directive.name.lower()
    status: object = {"redirectpermanent": 301}.get(name, 302)
    if name in ("redirect", "redirectmatch") and values:
        word = values[0].lower()
        if word in _STATUSES or (word.isascii() and word.isdigit()):
            status = _STATUSES[word] if word in _STATUSES else int(word)
            values = values[1:]
    if len(values) != 2:
        raise not_lifted("no variable says this form")
    plain: Plain = {"match" if name == "redirectmatch" else "path": values[0], "url": values[1]}
    plain |= {} if status == 302 else {"status": status}
    accepted(model_of(Redirect), plain)
    return plain


def _claim_alias(body: Body, directive: Directive, claim: _Claim) -> Plain:
    """Read an alias, and claim the <Directory> that compiling it writes. Raises Refused."""
    values = values_of(directive)
    if not is_named(directive, "Alias") or len(values) != 2:
        raise not_lifted("no variable says this form")
    plain = dict(zip(("path", "directory"), values))
    model: Alias = accepted(model_of(Alias), plain)
    claim.indexes |= granted_at(body, model.directory, but=claim.indexes)
    return plain


def granted_at(body: Body, directory: str, *, but: set[int]) -> set[int]:
    """Return the <Directory> that compiling writes too; none where another of its path overrides all of it.

    Raises Refused where what compiling writes would change who may read the directory, and how.
    """
    wanted = compile_granted(directory, NOWHERE)
    same_path = [
        (index, one)
        for index, one in body.sections("Directory")
        if index not in but and _path_of(one) == _path_of(wanted)
    ]
    for index, one in same_path:
        if seen(one.children) == seen(wanted.children) and _is_flat(one):
            return {index}
    if any(_overrides(one) for _index, one in same_path):
        return set()
    raise not_lifted(
        "its variable would also change who may read the directory, and with which Options"
    )


def _path_of(section: Section) -> tuple[str, ...]:
    """Return what a <Directory> is for; its last slash means nothing."""
    return tuple(value.rstrip("/") for value in values_of(section))


def _is_flat(section: Section) -> bool:
    return all(isinstance(node, (Directive, Comment)) for node in section.children)


def _overrides(section: Section) -> bool:
    """Tell whether a <Directory> says anew all that compiling one writes, relying on nothing that it inherits."""
    said = dict(seen(section.children))
    options = said.get("options", ("+",))
    return {"options", "allowoverride", "require"} <= said.keys() and not any(
        option[:1] in "+-" for option in options
    )


def _exclusion(
    plain: Plain, rules: list[LiftedRule], claimed: list[LiftedRule]
) -> list[LiftedRule]:
    """Return the exclusion among the rules that the sugar implies, if there is one. Raises Refused."""
    key = "match" if "match" in plain else "path"
    is_covered = False
    for rule in rules:
        if rule.is_exclusion and rule.plain.get(key) == plain[key]:
            if rule not in claimed:
                return [rule]
            is_covered = True
        elif _may_overlap(rule, plain):
            if is_covered:
                return []
            raise not_lifted("a ProxyPass may take its path first")
    return []


def _may_overlap(rule: LiftedRule, plain: Plain) -> bool:
    """Tell whether a rule to a target may take a path that the sugar is for."""
    if rule.is_exclusion:
        return False
    if "match" in plain or rule.model.match or rule.model.parameters.get("mapping"):
        return True
    path, other = rule.model.path, plain["path"]
    if not (_PLAIN_PATH.fullmatch(path) and _PLAIN_PATH.fullmatch(other)):
        return True
    path, other = path.rstrip("/"), other.rstrip("/")
    return path.startswith(other) or other.startswith(path)
