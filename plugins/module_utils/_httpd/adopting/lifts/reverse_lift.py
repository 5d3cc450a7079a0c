"""ProxyPassReverse: implied by its rule, or said by `proxy_pass_reverse`; and the cookies' likes."""

from __future__ import annotations

from ...concerns.vhosts.vhost_parts import CookieRewrite, PathAndUrl
from ...syntax.quoting import Refused
from ...variables.models import model_of
from .rule_lift import LiftedRule
from .vhost_body import Body, Plain, accepted, not_lifted, values_of

_END = 2**31  # behind every index

Reverse = tuple[str, str]  # path, URL

_COOKIES = {
    "proxy_pass_reverse_cookie_domain": "ProxyPassReverseCookieDomain",
    "proxy_pass_reverse_cookie_path": "ProxyPassReverseCookiePath",
}


def lift_reverses(body: Body, rules: list[LiftedRule]) -> Plain:
    """Take every ProxyPassReverse that can be said; set `reverse` on the rules that have none of their own."""
    found = body.directives("ProxyPassReverse")
    originals: list[tuple[int, Reverse]] = []
    for index, directive in found:
        try:
            originals.append((index, _reverse(values_of(directive))))
        except Refused as refused:
            body.keep([index], refused.message)
            body.keep(
                [other for other, _directive in found],
                "another one can't be said, and order may matter",
            )
            originals = []
            break
    else:
        body.taken |= {index for index, _directive in found}
    further = _further(originals, rules)
    return {"proxy_pass_reverse": further} if further else {}


def lift_cookies(body: Body) -> Plain:
    """Take the rewriting of cookies: all directives of a name, or none."""
    lifted: Plain = {}
    for key, name in _COOKIES.items():
        found = body.directives(name)
        try:
            pairs = [_cookie(values_of(directive)) for _index, directive in found]
        except Refused as refused:
            body.keep([index for index, _directive in found], refused.message)
            continue
        body.taken |= {index for index, _directive in found}
        lifted |= {key: pairs} if pairs else {}
    return lifted


def _reverse(values: tuple[str, ...]) -> Reverse:
    """Read one ProxyPassReverse. Raises Refused."""
    if len(values) != 2:
        raise not_lifted("it has more than a path and a URL")
    path, url = values
    if str(accepted(model_of(PathAndUrl), {"path": path, "url": url}).url) != url:
        raise not_lifted(f'"{url}" would be written otherwise')
    return path, url


def _cookie(values: tuple[str, ...]) -> Plain:
    """Read one pair. Raises Refused."""
    if len(values) != 2:
        raise not_lifted("it has more than two values")
    plain = dict(zip(("internal", "public"), values))
    accepted(model_of(CookieRewrite), plain)
    return plain


def _further(found: list[tuple[int, Reverse]], rules: list[LiftedRule]) -> list[Plain]:
    """Set `reverse` on rules, and return what no rule implies.

    httpd takes the first whose URL begins the header's: where rules would come out of that order, none is implied.
    """
    originals = [reverse for _index, reverse in found]
    owners = _owners(found, rules)
    implied = [rule.reversal for rule in rules if rule.reversal and rule.index in owners]
    left = [reverse for index, reverse in found if index not in owners.values()]
    if not _is_same_order(originals, [*implied, *left]):
        left, owners = originals, {}
    for rule in rules:
        if rule.reversal and rule.index not in owners:
            rule.plain["reverse"] = False
    return [{"path": path, "url": url} for path, url in left]


def _owners(found: list[tuple[int, Reverse]], rules: list[LiftedRule]) -> dict[int, int]:
    """Return for each rule's index the index of the ProxyPassReverse that it implies: the one below it, or any other."""
    owners: dict[int, int] = {}
    ends = [rule.index for rule in rules[1:]] + [_END]
    below = [range(rule.index, end) for rule, end in zip(rules, ends)]
    for places in (below, [range(_END)] * len(rules)):
        for rule, place in zip(rules, places):
            free = [
                index
                for index, reverse in found
                if index in place and reverse == rule.reversal and index not in owners.values()
            ]
            if free and rule.index not in owners:
                owners[rule.index] = free[0]
    return owners


def _is_same_order(before: list[Reverse], after: list[Reverse]) -> bool:
    """Tell whether no two whose URLs begin alike have changed places; what comes again never fires."""
    places = {reverse: after.index(reverse) for reverse in after}
    ordered = tuple(dict.fromkeys(before))
    return not any(
        places[first] > places[second]
        and (first[1].startswith(second[1]) or second[1].startswith(first[1]))
        for position, first in enumerate(ordered)
        for second in ordered[position + 1 :]
    )
