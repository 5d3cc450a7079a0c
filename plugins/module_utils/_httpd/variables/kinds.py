"""Kinds of single values: each turns one raw value into what a model holds, or reports it and raises Invalid."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..syntax.quoting import Refused, quote, size_in_bytes
from ..syntax.tree import Place
from .door import Door, Invalid, Kind, show, type_of
from .problem_kinds import UNIT_IGNORED, UNWRITABLE_VALUE, VALUE_TOO_LONG
from .yaml_scalar import as_written

_TRUE = frozenset({"yes", "on", "true"})
_FALSE = frozenset({"no", "off", "false"})
_NO_SLIPS: Mapping[str, str] = MappingProxyType({})
_PEM = re.compile(r"\s*-----BEGIN [A-Z0-9 ]+-----\n")


def text(
    *,
    pattern: str = r"[^\n]+",
    wanted: str = "text",
    example: str = "",
    longest: int = 0,
    slips: Mapping[str, str] = _NO_SLIPS,
) -> Kind:
    """Text that matches a pattern as a whole; `wanted` says in words what it must be, `example` shows it.

    `slips` are what people write instead, patterns, with what to write then, a template of whole values: `\\1`, `/\\1`.
    """
    compiled = re.compile(pattern)
    such = f"such as {example}" if example else ""

    def read(raw: Any, place: Place, door: Door) -> str:
        is_number = isinstance(raw, int) or (isinstance(raw, float) and math.isfinite(raw))
        if isinstance(raw, bool) or not (isinstance(raw, str) or is_number):
            fix = f"write {wanted}, {such}" if such else f"write {wanted}"
            raise door.refuse(place, f"{show(raw)} is {type_of(raw)}", fix)
        value = str(raw)
        _refuse_unwritable(value, place, door)
        if not compiled.fullmatch(value):
            fix = f"write one, {such}" if such else f"write {wanted}"
            message = f"{show(value)} is not {wanted}"
            raise door.refuse(place, message, _remedy(value, slips) or fix)
        if longest and size_in_bytes(value) > longest:
            message = (
                f"{show(value)} has {size_in_bytes(value)} bytes, of which httpd keeps {longest}"
            )
            raise door.refuse(
                place, message, f"write at most {longest} bytes", problem_kind=VALUE_TOO_LONG
            )
        return value

    return Kind("str", read)


def _remedy(value: str, slips: Mapping[str, str]) -> str:
    """Return what to write instead of a slip; empty for what is none."""
    for slip, remedy in slips.items():
        found = re.fullmatch(slip, value)
        if found:
            return _expanded(found, remedy)
    return ""


def _expanded(found: re.Match[str], remedy: str) -> str:
    r"""Fill `\1` and `/\1` of a template with what matched, as YAML has it."""

    def fill(reference: re.Match[str]) -> str:
        return as_written(reference[1] + found[int(reference[2])])

    return re.sub(r"(/?)\\([1-9])", fill, remedy)


def secret() -> Kind:
    """Text without blanks that no message repeats."""
    wanted = "text without blanks"
    word = text(pattern=r"\S+", wanted=wanted)

    def read(raw: Any, place: Place, door: Door) -> Any:
        try:
            return word.read(raw, place, Door())
        except Invalid:
            message = f"the secret (not shown) is not {wanted} that httpd can read"
            raise door.refuse(place, message, f"write {wanted}") from None

    return Kind("str", read)


def pem(*, is_secret: bool = False) -> Kind:
    """Text in PEM; a secret one is repeated by no message."""

    def read(raw: Any, place: Place, door: Door) -> str:
        if isinstance(raw, str) and _PEM.match(raw) and "\0" not in raw:
            return raw.strip() + "\n"
        shown = "the secret (not shown)" if is_secret else show(raw)
        raise door.refuse(place, f"{shown} is no PEM", "write `-----BEGIN …-----` and what follows")

    return Kind("str", read)


def lines() -> Kind:
    """Text of several lines, read as httpd's own syntax later."""

    def read(raw: Any, place: Place, door: Door) -> str:
        if not isinstance(raw, str):
            raise door.refuse(place, f"{show(raw)} is {type_of(raw)}", "write lines of text, `|`")
        if "\0" in raw:
            raise door.refuse(
                place, "the text has a NUL character", "remove it", problem_kind=UNWRITABLE_VALUE
            )
        return raw

    return Kind("str", read)


def _refuse_unwritable(value: str, place: Place, door: Door) -> None:
    """Refuse what can't reach httpd as the same value."""
    try:
        quote(value)
    except Refused as refused:
        message = f"{show(value)} {refused.message}"
        raise door.refuse(place, message, refused.fix, problem_kind=UNWRITABLE_VALUE) from refused


def parsed(
    parse: Callable[[str], Any], *, type_name: str = "str", instead_of_list: str = ""
) -> Kind:
    """Text that a parser of the core reads; its Refused has the value in its message.

    `instead_of_list` says what to do where somebody needs several.
    """

    def read(raw: Any, place: Place, door: Door) -> Any:
        if instead_of_list and type_of(raw) == "a list":
            message = f"{show(raw)} is a list, and this is one backend"
            raise door.refuse(place, message, instead_of_list)
        if isinstance(raw, bool) or not isinstance(raw, (str, int)):
            raise door.refuse(place, f"{show(raw)} is {type_of(raw)}", "write text")
        _refuse_unwritable(str(raw), place, door)
        try:
            return parse(str(raw))
        except Refused as refused:
            raise door.refuse(place, refused.message, refused.fix) from refused

    return Kind(type_name, read)


def integer(least: int, most: int = 2**31 - 1, *, unit: str = "") -> Kind:
    """A whole number; text of digits is one. A number with a time unit is refused where httpd's atoi would drop it."""

    def read(raw: Any, place: Place, door: Door) -> int:
        wanted = f"a whole number{f' of {unit}' if unit else ''} from {least}"
        wanted += f" to {most}" if most < 2**31 - 1 else ""
        written = str(raw).strip()
        with_unit = re.fullmatch(r"([0-9]+)\s*(ms|s|min|mi|h)", written)
        if with_unit and unit:
            message = f"{show(raw)} would be read as {with_unit[1]} {unit}, whatever its unit"
            raise door.refuse(
                place, message, f"write {wanted}, without a unit", problem_kind=UNIT_IGNORED
            )
        if isinstance(raw, (bool, float)) or not re.fullmatch(r"-?[0-9]{1,20}", written):
            raise door.refuse(place, f"{show(raw)} is not {wanted}", f"write {wanted}")
        if not least <= int(written) <= most:
            raise door.refuse(place, f"{written} is not {wanted}", f"write {wanted}")
        return int(written)

    return Kind("int", read)


def decimal(least: float, most: float) -> Kind:
    """A number, with a fraction or without; text of one is one."""

    def read(raw: Any, place: Place, door: Door) -> float:
        wanted = f"a number from {least:g} to {most:g}"
        written = str(raw).strip()
        is_number = re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", written)
        if isinstance(raw, bool) or not is_number or not least <= float(written) <= most:
            raise door.refuse(place, f"{show(raw)} is not {wanted}", f"write {wanted}")
        return float(written)

    return Kind("float", read)


def boolean() -> Kind:
    """A truth value; yes, no, on, off, true and false are read in any letter case."""

    def read(raw: Any, place: Place, door: Door) -> bool:
        if isinstance(raw, bool):
            return raw
        word = str(raw).lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        raise door.refuse(place, f"{show(raw)} is neither true nor false", "write true or false")

    return Kind("bool", read)


def choice(*choices: Any, slips: Mapping[str, str] = _NO_SLIPS, further: str = "") -> Kind:
    """One of a few values, compared as text, or something `further` that another kind reads; `slips` as of `text`, files."""
    by_text = {str(value): value for value in choices}

    def read(raw: Any, place: Place, door: Door) -> Any:
        if str(raw) not in by_text:
            slip = _remedy(str(raw), slips)
            if slip:
                raise door.refuse(place, f"{show(raw)} is a file", slip)
            fix = f"write one of {', '.join(by_text)}{f', or {further}' if further else ''}"
            raise door.refuse(place, f"{show(raw)} is unknown", fix)
        return by_text[str(raw)]

    return Kind("int" if isinstance(choices[0], int) else "str", read, choices=choices)
