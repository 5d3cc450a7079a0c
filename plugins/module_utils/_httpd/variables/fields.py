"""The keys that a frozen dataclass declares, and lists and mappings of values."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..syntax.tree import Place
from .door import Door, Invalid, Kind, read_value, show, type_of
from .yaml_scalar import as_written


@dataclass(frozen=True)
class Key:
    """A model's key: its kind, what its documentation says, and whether the whole is another thing without its value."""

    kind: Kind
    description: str
    decides: bool = False


def key(kind: Kind, description: str, *, decides: bool = False, **default: Any) -> Any:
    """Declare a dataclass field that users may write; without a default it is required.

    One that `decides` is optional, but a model in which it is refused is left out: a rule without its path is a rule for
    every path.
    """
    # Here and below: pylint takes a field made on behalf of a dataclass for a stray one.
    return field(  # pylint: disable=invalid-field-call
        metadata={"key": Key(kind, description, decides)}, **default
    )


def flat(
    read: Callable[[Mapping[str, Any], Place, Door], Mapping[str, str]], names: frozenset[str]
) -> Any:
    """Declare a field that gathers keys lying flat in the model; `names` are those that it takes."""
    return field(  # pylint: disable=invalid-field-call
        default_factory=dict, metadata={"flat": read, "names": names}
    )


def list_of(element: Kind) -> Kind:
    """A list; what can't be read in it is left out, once reported."""

    def read(raw: Any, place: Place, door: Door) -> tuple[Any, ...]:
        if isinstance(raw, (str, Mapping)) or not isinstance(raw, Sequence):
            message = f"{show(raw)} is {type_of(raw)}, not a list"
            raise door.refuse(place, message, _as_list(raw, element, place))
        read_elements = []
        for index, raw_element in enumerate(raw):
            element_place = Place(f"{place.source}[{index}]", is_leaf=element.model is None)
            try:
                read_elements.append(read_value(element, raw_element, element_place, door))
            except Invalid:
                continue
        return tuple(read_elements)

    return Kind("list", read, element=element, model=element.model)


def mapping_of(element: Kind, *, name: Kind) -> Kind:
    """A mapping from names to values."""

    def read(raw: Any, place: Place, door: Door) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            message = f"{show(raw)} is {type_of(raw)}, not a mapping"
            raise door.refuse(place, message, "write `key: value` pairs")
        pairs = {}
        for raw_name, raw_element in raw.items():
            is_shown = str(raw_name).isprintable()
            key_place = Place(f"{place.source}.{raw_name}", is_leaf=True) if is_shown else place
            try:
                read_name = name.read(raw_name, key_place, door)
                pairs[read_name] = read_value(element, raw_element, key_place, door)
            except Invalid:
                continue
        return pairs

    return Kind("dict", read, element=element)


def _as_list(raw: Any, element: Kind, place: Place) -> str:
    """Say how what is no list is written as one."""
    if element.model is None:
        is_word = isinstance(raw, (str, int)) and not isinstance(raw, bool)
        if is_word and re.fullmatch(r"[\w.*/:-]+", str(raw)):
            return f"write `{place.source.rpartition('.')[2]}: [{as_written(raw)}]`"
        return "write a list, `- …`"
    required = required_keys(element.model)
    if isinstance(raw, Mapping) and all(name in raw for name in required):
        return "write `- ` before its first key"
    return f"write a list, `- {required[0]}: …`"


def required_keys(model: type[Any]) -> list[str]:
    """Return the keys that a model must have."""
    return [
        declared.name
        for declared in dataclasses.fields(model)
        if "key" in declared.metadata and is_required(declared)
    ]


def is_required(declared: dataclasses.Field[Any]) -> bool:
    """Tell whether a field has no default."""
    missing = dataclasses.MISSING
    return declared.default is missing and declared.default_factory is missing
