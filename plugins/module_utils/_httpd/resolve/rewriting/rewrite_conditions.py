"""Whether a RewriteCond holds."""

from __future__ import annotations

import re

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match
from ..exchange import Exchange
from .rewrite_rules import Condition
from .rewrite_variables import References, expand_text


def all_hold(conditions: tuple[Condition, ...], exchange: Exchange, matched: References) -> bool:
    """Try conditions in order: those joined by OR hold together if one does, all others each by itself."""
    at = 0
    while at < len(conditions):
        holds = _holds(conditions[at], exchange, matched)
        if "OR" in conditions[at].flags:
            while holds and at < len(conditions) and "OR" in conditions[at].flags:
                at += 1
        elif not holds:
            return False
        at += 1
    return True


def _holds(condition: Condition, exchange: Exchange, matched: References) -> bool:
    """Try one; what a regular expression matched is `%1` from then on."""
    operator, place = condition.operator, condition.place
    if operator == "file":
        raise Depends("file", f"whether `{condition.test} {condition.pattern}` holds", place)
    if operator == "expr":
        raise Depends("expression", f"the value of `{condition.pattern}`", place)
    matched.place = place
    value = expand_text(condition.test, exchange, matched).text
    ignore_case = "NC" in condition.flags
    if operator == "~":
        found = match(condition.pattern, value, ignore_case=ignore_case, place=place)
        if found is not None and not condition.is_negated:
            matched.condition = found
        return (found is not None) is not condition.is_negated
    return _compares(operator, value, condition.pattern, ignore_case) is not condition.is_negated


def _compares(operator: str, value: str, pattern: str, ignore_case: bool) -> bool:
    """Compare texts as httpd does, or the numbers at their beginning."""
    if operator.startswith("-"):
        left, right = _number(value), _number(pattern)
        return {
            "-eq": left == right, "-lt": left < right, "-le": left <= right,
            "-gt": left > right, "-ge": left >= right,
        }[operator]  # fmt: skip
    if ignore_case:
        value, pattern = value.lower(), pattern.lower()
    if operator == "=":
        return value == pattern
    order = _order(value, pattern, by_length=not ignore_case)
    return {">": order > 0, ">=": order >= 0, "<": order < 0, "<=": order <= 0}[operator]


def _order(left: str, right: str, *, by_length: bool) -> int:
    """Compare as strcasecmp does, or as mod_rewrite does: of two lengths the longer text is the greater."""
    if by_length and len(left) != len(right):
        return 1 if len(left) > len(right) else -1
    return (left > right) - (left < right)


def _number(text: str) -> int:
    found = re.match(r"[ \t\n\v\f\r]*([+-]?[0-9]{1,18})", text)
    return int(found.group(1)) if found else 0
