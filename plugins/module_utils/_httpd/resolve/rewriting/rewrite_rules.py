"""RewriteRule and RewriteCond as they are written: patterns, substitutions, flags."""

from __future__ import annotations

import re

from ...syntax.record import record
from ...syntax.tree import Place

FILE_TESTS = frozenset({"-f", "-d", "-s", "-l", "-L", "-h", "-x", "-F", "-U"})
_LONG_NAMES = {
    "chain": "C", "cookie": "CO", "env": "E", "forbidden": "F", "gone": "G", "handler": "H", "last": "L",
    "next": "N", "nocase": "NC", "noescape": "NE", "nosubreq": "NS", "proxy": "P", "passthrough": "PT",
    "qsappend": "QSA", "qsdiscard": "QSD", "qslast": "QSL", "redirect": "R", "skip": "S", "type": "T",
    "backrefescaping": "B", "backrefernoplus": "BNP", "discardpath": "DPI", "ornext": "OR", "novary": "NV",
}  # fmt: skip
_STATUSES = {"": 302, "temp": 302, "permanent": 301, "seeother": 303}
_COMPARISON = re.compile(r"-(lt|le|gt|ge|eq|ne)(?=.)|(>=|<=|>|<|=)", re.DOTALL)


@record(frozen=True)
class Condition:
    """A RewriteCond. `operator` is `~` for a regular expression, `file`, `expr`, or a comparison such as `<=` or `-eq`."""

    test: str
    operator: str
    pattern: str
    is_negated: bool
    flags: frozenset[str]
    place: Place


@record(frozen=True)
class RewriteRule:
    """A RewriteRule with its conditions; flags are in their short form, `values` those of flags that may come again.

    `status` is that of R, F or G, 0 without; `is_final_status` says that it ends the request. `output` is empty for `-`.
    """

    pattern: str
    is_negated: bool
    output: str
    substitutes: bool
    flags: frozenset[str]
    environment: tuple[str, ...]
    escaped: str
    status: int
    skip: int
    conditions: tuple[Condition, ...]
    place: Place
    condition: str

    @property
    def is_final_status(self) -> bool:
        """Tell whether the rule answers by itself, without a Location."""
        return bool(self.status) and not 300 <= self.status < 400


def read_condition(values: tuple[str, ...], place: Place) -> Condition:
    """Read a RewriteCond's values."""
    test, pattern, flags = (*values, "", "", "")[:3]
    is_negated = pattern.startswith("!")
    if is_negated:
        pattern = pattern[1:]
    operator = "~"
    found = _COMPARISON.match(pattern)
    if test.lower() == "expr":
        operator = "expr"
    elif pattern in FILE_TESTS:
        operator = "file"
    elif found and len(pattern) > 1:
        operator, pattern = found.group(), pattern[found.end() :]
        if operator == "-ne":
            operator, is_negated = "-eq", not is_negated
        if operator == "=" and pattern == '""':
            pattern = ""
    names = frozenset(name for name, _value in _flags(flags))
    return Condition(test, operator, pattern, is_negated, names, place)


def read_rule(
    values: tuple[str, ...], conditions: tuple[Condition, ...], place: Place, condition: str
) -> RewriteRule:
    """Read a RewriteRule's values."""
    pattern, output, written = (*values, "", "", "")[:3]
    flags = _flags(written)
    names = {name for name, _value in flags}
    status = _status(flags)
    if sum(name in ("F", "G", "R") for name, _value in flags) > 1:
        names.add("R beside another status")
    names |= {f"N={value}" for name, value in flags if name == "N" and value}
    final = bool(status) and not 300 <= status < 400
    if output.endswith("?"):
        names.add("QSL" if "QSA" in names else "QSNONE")
        output = output if "QSA" in names else output[:-1]
    elif "QSD" in names and "?" not in output:
        names.add("QSNONE")
    return RewriteRule(
        pattern=pattern.removeprefix("!"),
        is_negated=pattern.startswith("!"),
        output=output,
        substitutes=output != "-" and not final,
        flags=frozenset(names),
        environment=tuple(value for name, value in flags if name == "E"),
        escaped=next((value for name, value in flags if name == "B"), ""),
        status=status,
        skip=next((_number(value) for name, value in flags if name == "S"), 0),
        conditions=conditions,
        place=place,
        condition=condition,
    )


def _flags(written: str) -> list[tuple[str, str]]:
    """Return the flags of `[R=301,L]`, in their short upper-case form, with their values."""
    if not (written.startswith("[") and written.endswith("]")):
        return []
    pairs = (flag.strip().partition("=") for flag in written[1:-1].split(","))
    return [
        (_LONG_NAMES.get(name.lower(), name.upper()), value)
        for name, _equals, value in pairs
        if name
    ]


def _status(flags: list[tuple[str, str]]) -> int:
    """Return the status that the flags set; the last one holds."""
    status = 0
    for name, value in flags:
        if name in ("F", "G"):
            status = 403 if name == "F" else 410
        elif name == "R":
            # Of a word that it doesn't know httpd makes a 302.
            status = _number(value) or _STATUSES.get(value.lower(), 302)
    return status


def _number(text: str) -> int:
    """Read leading digits as atoi does."""
    found = re.match("[0-9]{1,9}", text)
    return int(found.group()) if found else 0
