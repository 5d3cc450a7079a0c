"""The door for variables: kinds of values, and models that are read with every mistake's exact place.

A kind turns one raw value into what the model holds; what it can't read it reports and gives up with `Invalid`.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .problem import Problem
from .tree import Origin
from .values import Refused, quote

MANUAL = "https://github.com/gatehouse/apache/blob/main/docs/variables.md"

_TRUE = frozenset({"yes", "on", "true"})
_FALSE = frozenset({"no", "off", "false"})


class Invalid(Exception):
    """A value that was reported and can't be used."""


@dataclass
class Door:
    """Where problems gather while variables are read."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, origin: Origin, message: str, fix: str, *, rule: str = "variable") -> Invalid:
        """Report a mistake; the caller raises what this returns, or goes on without the value."""
        self.problems.append(Problem(rule, "error", origin, message, fix, MANUAL))
        return Invalid()


@dataclass(frozen=True)
class Kind:
    """How a value is read: `read(raw, origin, door)`; `type_name` is Ansible's word for it."""

    type_name: str
    read: Callable[[Any, Origin, Door], Any]
    choices: tuple[Any, ...] = ()
    element: Kind | None = None
    model: type[Any] | None = None


@dataclass(frozen=True)
class Key:
    """A model's key: its kind, and what its user is told."""

    kind: Kind
    description: str


def key(kind: Kind, description: str, **default: Any) -> Any:
    """Declare a dataclass field that users may write; without a default it is required."""
    return field(metadata={"key": Key(kind, description)}, **default)


def flat(
    read: Callable[[Mapping[str, Any], Origin, Door], Mapping[str, str]], names: frozenset[str]
) -> Any:
    """Declare a field that gathers keys lying flat in the model; `names` are those that it takes."""
    return field(default_factory=dict, metadata={"flat": read, "names": names})


def show(value: object) -> str:
    """Write a raw value into a message, cut to a readable length."""
    text = "yes" if value is True else "no" if value is False else str(value)
    text = text if len(text) <= 80 else f"{text[:77]}…"
    return f'"{text}"'


def text(*, pattern: str = r"[^\n]+", wanted: str = "text", longest: int = 0) -> Kind:
    """Text that matches a pattern as a whole; `wanted` says in words what it must be."""
    compiled = re.compile(pattern)

    def read(raw: Any, origin: Origin, door: Door) -> str:
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            raise door.refuse(origin, f"{show(raw)} is {_type_of(raw)}", f"write {wanted}")
        value = str(raw)
        _refuse_unwritable(value, origin, door)
        if not compiled.fullmatch(value):
            raise door.refuse(origin, f"{show(value)} is not {wanted}", f"write {wanted}")
        if longest and len(value.encode()) > longest:
            message = (
                f"{show(value)} has {len(value.encode())} bytes, of which httpd keeps {longest}"
            )
            raise door.refuse(
                origin, message, f"write at most {longest} bytes", rule="name-too-long"
            )
        return value

    return Kind("str", read)


def lines() -> Kind:
    """Text of several lines, read as httpd's own syntax later."""

    def read(raw: Any, origin: Origin, door: Door) -> str:
        if not isinstance(raw, str):
            raise door.refuse(origin, f"{show(raw)} is {_type_of(raw)}", "write lines of text, `|`")
        if "\0" in raw:
            raise door.refuse(
                origin, "the text has a NUL character", "remove it", rule="unwritable-value"
            )
        return raw

    return Kind("str", read)


def _refuse_unwritable(value: str, origin: Origin, door: Door) -> None:
    """Refuse what can't reach httpd as the same value."""
    try:
        quote(value)
    except Refused as refused:
        raise door.refuse(
            origin, f"{show(value)} {refused}", "remove it", rule="unwritable-value"
        ) from refused


def parsed(parse: Callable[[str], Any], *, type_name: str = "str") -> Kind:
    """Text that a parser of the core reads; its Refused names the value and what to write."""

    def read(raw: Any, origin: Origin, door: Door) -> Any:
        if isinstance(raw, bool) or not isinstance(raw, (str, int)):
            raise door.refuse(origin, f"{show(raw)} is {_type_of(raw)}", "write text")
        _refuse_unwritable(str(raw), origin, door)
        try:
            return parse(str(raw))
        except Refused as refused:
            message, _, fix = str(refused).partition("; ")
            raise door.refuse(origin, message, fix or "correct it") from refused

    return Kind(type_name, read)


def integer(least: int, most: int = 2**31 - 1, *, unit: str = "") -> Kind:
    """A whole number; text of digits is one. A number with a time unit is refused where httpd's atoi would drop it."""

    def read(raw: Any, origin: Origin, door: Door) -> int:
        wanted = f"a whole number{f' of {unit}' if unit else ''} from {least}"
        wanted += f" to {most}" if most < 2**31 - 1 else ""
        written = str(raw).strip()
        with_unit = re.fullmatch(r"(\d+)\s*(ms|s|min|mi|h)", written)
        if with_unit and unit:
            message = f"{show(raw)} would be read as {with_unit[1]} {unit}, whatever its unit"
            raise door.refuse(
                origin, message, f"write {wanted}, without a unit", rule="interval-misread"
            )
        if isinstance(raw, (bool, float)) or not re.fullmatch(r"-?\d+", written):
            raise door.refuse(origin, f"{show(raw)} is not {wanted}", f"write {wanted}")
        if not least <= int(written) <= most:
            raise door.refuse(origin, f"{written} is not {wanted}", f"write {wanted}")
        return int(written)

    return Kind("int", read)


def boolean() -> Kind:
    """A truth value; yes, no, on, off, true and false are read in any letter case."""

    def read(raw: Any, origin: Origin, door: Door) -> bool:
        if isinstance(raw, bool):
            return raw
        word = str(raw).lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        raise door.refuse(origin, f"{show(raw)} is neither true nor false", "write true or false")

    return Kind("bool", read)


def choice(*choices: Any) -> Kind:
    """One of a few values, compared as text."""
    by_text = {str(value): value for value in choices}

    def read(raw: Any, origin: Origin, door: Door) -> Any:
        if str(raw) not in by_text:
            raise door.refuse(
                origin, f"{show(raw)} is unknown", f"write one of {', '.join(by_text)}"
            )
        return by_text[str(raw)]

    return Kind("int" if isinstance(choices[0], int) else "str", read, choices=choices)


def list_of(element: Kind) -> Kind:
    """A list; what can't be read in it is left out, once reported."""

    def read(raw: Any, origin: Origin, door: Door) -> tuple[Any, ...]:
        if isinstance(raw, (str, Mapping)) or not isinstance(raw, Sequence):
            raise door.refuse(
                origin, f"{show(raw)} is {_type_of(raw)}, not a list", "write a list, `- …`"
            )
        read_elements = []
        for index, raw_element in enumerate(raw):
            place = Origin(f"{origin.place}[{index}]", is_leaf=element.model is None)
            try:
                read_elements.append(element.read(raw_element, place, door))
            except Invalid:
                continue
        return tuple(read_elements)

    return Kind("list", read, element=element, model=element.model)


def mapping_of(element: Kind, *, name: Kind) -> Kind:
    """A mapping from names to values."""

    def read(raw: Any, origin: Origin, door: Door) -> dict[str, Any]:
        _require_mapping(raw, origin, door)
        pairs = {}
        for raw_name, raw_element in raw.items():
            place = Origin(f"{origin.place}.{raw_name}", is_leaf=True)
            try:
                pairs[name.read(raw_name, place, door)] = element.read(raw_element, place, door)
            except Invalid:
                continue
        return pairs

    return Kind("dict", read, element=element)


def model_of(model: type[Any]) -> Kind:
    """A mapping with the keys of a model; see read_model."""

    def read(raw: Any, origin: Origin, door: Door) -> Any:
        return read_model(model, raw, origin, door)

    return Kind("dict", read, model=model)


def read_model(model: type[Any], raw: Any, origin: Origin, door: Door) -> Any:
    """Read a mapping into a frozen dataclass. Raises Invalid where a required key can't be had.

    A model may name the key that labels it (`LABEL`), and keys of other collections (`FOREIGN_KEYS`).
    """
    _require_mapping(raw, origin, door)
    origin = _labelled(model, raw, origin)
    keys = {field.name: field for field in dataclasses.fields(model)}
    _refuse_unknown_keys(model, raw, origin, door)
    values: dict[str, Any] = {"origin": origin}
    is_whole = True
    for name, declared in keys.items():
        if "flat" in declared.metadata:
            values[name] = declared.metadata["flat"](raw, origin, door)
        elif "key" in declared.metadata and raw.get(name) is not None:
            place = Origin(
                f"{origin.place}.{name}", is_leaf=declared.metadata["key"].kind.model is None
            )
            try:
                values[name] = declared.metadata["key"].kind.read(raw[name], place, door)
            except Invalid:
                is_whole = is_whole and not is_required(declared)
        elif "key" in declared.metadata and is_required(declared):
            door.refuse(origin, f"the key `{name}` is missing", f"add `{name}: …`")
            is_whole = False
    if not is_whole:
        raise Invalid
    return model(**values)


def is_required(declared: dataclasses.Field[Any]) -> bool:
    """Tell whether a field has no default."""
    missing = dataclasses.MISSING
    return declared.default is missing and declared.default_factory is missing


def known_keys(model: type[Any]) -> list[str]:
    """Return every key that a model takes."""
    names = [field.name for field in dataclasses.fields(model) if "key" in field.metadata]
    gathered = [
        field.metadata["names"] for field in dataclasses.fields(model) if "names" in field.metadata
    ]
    return [*names, *sorted(name for group in gathered for name in group)]


def _labelled(model: type[Any], raw: Mapping[str, Any], origin: Origin) -> Origin:
    """Add the element's own name to its place: `apache_vhosts[2] (shop.example.com)`."""
    label = raw.get(getattr(model, "LABEL", ""))
    return (
        Origin(f"{origin.place} ({label})")
        if isinstance(label, str) and label.isprintable()
        else Origin(origin.place)
    )


def _refuse_unknown_keys(
    model: type[Any], raw: Mapping[str, Any], origin: Origin, door: Door
) -> None:
    """Report each unknown key, with the nearest known one or the collection whose shape it is."""
    known = known_keys(model)
    foreign: Mapping[str, tuple[str, str]] = getattr(model, "FOREIGN_KEYS", {})
    for name in map(str, raw):
        if name in known:
            continue
        nearest = difflib.get_close_matches(name, known, n=1)
        if name in foreign:
            collection, ours = foreign[name]
            message, fix = f"`{name}` is a key of {collection}", ours
        elif nearest:
            message, fix = f"the key `{name}` is unknown", f"write `{nearest[0]}`"
        else:
            message, fix = f"the key `{name}` is unknown", f"write one of {', '.join(known)}"
        door.refuse(
            origin.at(name) if name.isprintable() else origin, message, fix, rule="unknown-key"
        )


def _require_mapping(raw: Any, origin: Origin, door: Door) -> None:
    """Refuse what is no mapping."""
    if not isinstance(raw, Mapping):
        raise door.refuse(
            origin, f"{show(raw)} is {_type_of(raw)}, not a mapping", "write `key: value` pairs"
        )


def _type_of(raw: object) -> str:
    """Name a raw value's type in a user's words."""
    names = {
        str: "text",
        bool: "a truth value",
        int: "a number",
        float: "a number",
        type(None): "nothing",
    }
    if isinstance(raw, Mapping):
        return "a mapping"
    return names.get(type(raw), "a list" if isinstance(raw, Sequence) else type(raw).__name__)
