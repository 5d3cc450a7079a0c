"""Models and lists of them: frozen dataclasses that say which keys they take, and how they are read."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..syntax.tree import Origin
from .door import Door, Invalid, Kind, show, type_of


@dataclass(frozen=True)
class Key:
    """A model's key: its kind, and what its user is told."""

    kind: Kind
    description: str


def key(kind: Kind, description: str, **default: Any) -> Any:
    """Declare a dataclass field that users may write; without a default it is required."""
    # Here and below: pylint takes a field made on behalf of a dataclass for a stray one.
    return field(  # pylint: disable=invalid-field-call
        metadata={"key": Key(kind, description)}, **default
    )


def flat(
    read: Callable[[Mapping[str, Any], Origin, Door], Mapping[str, str]], names: frozenset[str]
) -> Any:
    """Declare a field that gathers keys lying flat in the model; `names` are those that it takes."""
    return field(  # pylint: disable=invalid-field-call
        default_factory=dict, metadata={"flat": read, "names": names}
    )


def list_of(element: Kind) -> Kind:
    """A list; what can't be read in it is left out, once reported."""

    def read(raw: Any, origin: Origin, door: Door) -> tuple[Any, ...]:
        if isinstance(raw, (str, Mapping)) or not isinstance(raw, Sequence):
            raise door.refuse(
                origin, f"{show(raw)} is {type_of(raw)}, not a list", "write a list, `- …`"
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
    """A mapping with the keys of a frozen dataclass.

    A model may name the key that labels it (`LABEL`), and keys of other collections (`FOREIGN_KEYS`).
    """
    # Here, because a thousand virtual hosts are read by one model.
    declared = {field.name: field for field in dataclasses.fields(model)}
    known = _known_keys(declared.values())
    label: str = getattr(model, "LABEL", "")
    foreign: Mapping[str, tuple[str, str]] = getattr(model, "FOREIGN_KEYS", {})

    def read(raw: Any, origin: Origin, door: Door) -> Any:
        _require_mapping(raw, origin, door)
        place = _labelled(raw.get(label), origin)
        for name in map(str, raw):
            if name not in known:
                _refuse_unknown(name, known, foreign, place, door)
        return model(origin=place, **_read_keys(declared, raw, place, door))

    return Kind("dict", read, model=model)


def kind_of(model: type[Any], name: str) -> Kind:
    """Return the kind of one key of a model."""
    kinds = {
        field.name: field.metadata["key"].kind
        for field in dataclasses.fields(model)
        if "key" in field.metadata
    }
    kind: Kind = kinds[name]
    return kind


def _read_keys(
    declared: Mapping[str, dataclasses.Field[Any]],
    raw: Mapping[str, Any],
    origin: Origin,
    door: Door,
) -> dict[str, Any]:
    """Read a model's keys. Raises Invalid where a required one can't be had, once all are read."""
    values: dict[str, Any] = {}
    is_whole = True
    for name, field_ in declared.items():
        if "flat" in field_.metadata:
            values[name] = field_.metadata["flat"](raw, origin, door)
        elif "key" in field_.metadata and raw.get(name) is not None:
            kind: Kind = field_.metadata["key"].kind
            place = Origin(f"{origin.place}.{name}", is_leaf=kind.model is None)
            try:
                values[name] = kind.read(raw[name], place, door)
            except Invalid:
                is_whole = is_whole and not is_required(field_)
        elif "key" in field_.metadata and is_required(field_):
            door.refuse(origin, f"the key `{name}` is missing", f"add `{name}: …`")
            is_whole = False
    if not is_whole:
        raise Invalid
    return values


def is_required(declared: dataclasses.Field[Any]) -> bool:
    """Tell whether a field has no default."""
    missing = dataclasses.MISSING
    return declared.default is missing and declared.default_factory is missing


def _known_keys(declared: Iterable[dataclasses.Field[Any]]) -> tuple[str, ...]:
    """Return every key that a model takes."""
    names: list[str] = []
    gathered: list[str] = []
    for field_ in declared:
        if "key" in field_.metadata:
            names.append(field_.name)
        gathered += field_.metadata.get("names", ())
    return (*names, *sorted(gathered))


def _labelled(label: object, origin: Origin) -> Origin:
    """Add the element's own name to its place: `apache_vhosts[2] (shop.example.com)`."""
    return (
        Origin(f"{origin.place} ({label})")
        if isinstance(label, str) and label.isprintable()
        else Origin(origin.place)
    )


def _refuse_unknown(
    name: str,
    known: tuple[str, ...],
    foreign: Mapping[str, tuple[str, str]],
    origin: Origin,
    door: Door,
) -> None:
    """Report an unknown key, with the nearest known one or the collection whose shape it is."""
    nearest = difflib.get_close_matches(name, known, n=1)
    if name in foreign:
        collection, ours = foreign[name]
        message, fix = f"`{name}` is a key of {collection}", ours
    elif nearest:
        message, fix = f"the key `{name}` is unknown", f"write `{nearest[0]}`"
    else:
        message, fix = f"the key `{name}` is unknown", f"write one of {', '.join(known)}"
    place = origin.at(name) if name.isprintable() else origin
    door.refuse(place, message, fix, rule="unknown-key")


def _require_mapping(raw: Any, origin: Origin, door: Door) -> None:
    """Refuse what is no mapping."""
    if not isinstance(raw, Mapping):
        raise door.refuse(
            origin, f"{show(raw)} is {type_of(raw)}, not a mapping", "write `key: value` pairs"
        )
