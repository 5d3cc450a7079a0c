"""Models and lists of them: frozen dataclasses that say which keys they take, and how they are read."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..syntax.problem import ProblemKind
from ..syntax.secrets import masked
from ..syntax.tree import Place
from .door import Door, Invalid, Kind, read_value, show, type_of
from .problem_kinds import UNKNOWN_KEY
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
            key_place = Place(f"{place.source}.{raw_name}", is_leaf=True)
            try:
                read_name = name.read(raw_name, key_place, door)
                pairs[read_name] = read_value(element, raw_element, key_place, door)
            except Invalid:
                continue
        return pairs

    return Kind("dict", read, element=element)


def model_of(model: type[Any]) -> Kind:
    """A mapping with the keys of a frozen dataclass.

    A model may name the key that labels it (`LABEL`), keys of other collections (`FOREIGN_KEYS`), and keys of which exactly
    one must be there, with the kind of problem where it isn't so (`ONE_OF`).
    """
    # Here, because a thousand virtual hosts are read by one model.
    declared = {field.name: field for field in dataclasses.fields(model)}
    known = _known_keys(declared.values())
    label: str = getattr(model, "LABEL", "")
    foreign: Mapping[str, tuple[str, str]] = getattr(model, "FOREIGN_KEYS", {})
    one_of: tuple[ProblemKind, tuple[str, ...]] | None = getattr(model, "ONE_OF", None)
    remedy = _mapping_for(_required_keys(model), has_more=one_of is not None)

    def read(raw: Any, place: Place, door: Door) -> Any:
        if not isinstance(raw, Mapping):
            message = f"{show(raw)} is {type_of(raw)}, not a mapping"
            raise door.refuse(place, message, remedy(raw))
        own_place = _labelled(raw.get(label), place)
        for name in map(str, raw):
            if name not in known:
                _refuse_unknown(name, known, foreign, own_place, door)
        values = _read_keys(declared, raw, own_place, door)
        if one_of:
            _require_one(raw, one_of, own_place, door)
        return model(place=own_place, **values)

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
    place: Place,
    door: Door,
) -> dict[str, Any]:
    """Read a model's keys. Raises Invalid where one that is required or decides can't be had, once all are read."""
    values: dict[str, Any] = {}
    is_whole = True
    for name, field_ in declared.items():
        if "flat" in field_.metadata:
            values[name] = field_.metadata["flat"](raw, place, door)
        elif "key" in field_.metadata and raw.get(name) is not None:
            declared_key: Key = field_.metadata["key"]
            kind = declared_key.kind
            key_place = Place(f"{place.source}.{name}", is_leaf=kind.model is None)
            try:
                values[name] = read_value(kind, raw[name], key_place, door)
            except Invalid:
                is_whole = is_whole and not (declared_key.decides or is_required(field_))
        elif "key" in field_.metadata and is_required(field_):
            door.refuse(place, f"the key `{name}` is missing", f"add `{name}: …`")
            is_whole = False
    if not is_whole:
        raise Invalid
    return values


def _required_keys(model: type[Any]) -> list[str]:
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


def _known_keys(declared: Iterable[dataclasses.Field[Any]]) -> tuple[str, ...]:
    """Return every key that a model takes."""
    names: list[str] = []
    gathered: list[str] = []
    for field_ in declared:
        if "key" in field_.metadata:
            names.append(field_.name)
        gathered += field_.metadata.get("names", ())
    return (*names, *sorted(gathered))


def _labelled(label: object, place: Place) -> Place:
    """Add the element's own name to its place: `apache_vhosts[2] (shop.example.com)`."""
    return (
        Place(f"{place.source} ({masked(label)})")
        if isinstance(label, str) and label.isprintable()
        else Place(place.source)
    )


def _refuse_unknown(
    name: str,
    known: tuple[str, ...],
    foreign: Mapping[str, tuple[str, str]],
    place: Place,
    door: Door,
) -> None:
    """Report an unknown key, with the nearest known one or the collection whose shape it is."""
    # `email` for `contact_email`, which is as good as a slip.
    longer = [one for one in known if one.endswith(f"_{name}")]
    nearest = longer if len(longer) == 1 else difflib.get_close_matches(name, known, n=1)
    if name in foreign:
        collection, ours = foreign[name]
        message, fix = f"`{name}` is a key of {collection}", ours
    elif nearest:
        message, fix = f"the key `{name}` is unknown", f"write `{nearest[0]}`"
    else:
        message, fix = f"the key `{name}` is unknown", f"write one of {', '.join(known)}"
    key_place = place.at(name) if name.isprintable() else place
    door.refuse(key_place, message, fix, problem_kind=UNKNOWN_KEY)


def _require_one(
    raw: Mapping[str, Any],
    one_of: tuple[ProblemKind, tuple[str, ...]],
    place: Place,
    door: Door,
) -> None:
    """Refuse a model that has none or several of some keys: it could mean anything."""
    problem_kind, names = one_of
    given = [name for name in names if raw.get(name) not in (None, "")]
    if len(given) != 1:
        shown = [f"`{name}`" for name in given or names]
        both = f"both {' and '.join(shown)} are set"
        message = both if given else f"neither {' nor '.join(shown)} is set"
        raise door.refuse(place, message, "write one of them", problem_kind=problem_kind)


def _as_list(raw: Any, element: Kind, place: Place) -> str:
    """Say how what is no list is written as one."""
    if element.model is None:
        is_word = isinstance(raw, (str, int)) and not isinstance(raw, bool)
        if is_word and re.fullmatch(r"[\w.*/:-]+", str(raw)):
            return f"write `{place.source.rpartition('.')[2]}: [{as_written(raw)}]`"
        return "write a list, `- …`"
    required = _required_keys(element.model)
    if isinstance(raw, Mapping) and all(name in raw for name in required):
        return "write `- ` before its first key"
    return f"write a list, `- {required[0]}: …`"


def _mapping_for(required: Sequence[str], *, has_more: bool) -> Callable[[Any], str]:
    """Return what says how a value is written as a mapping: one text alone is mostly the first key that must be there."""
    further = ", and what else it needs" if has_more or len(required) > 1 else ""

    def remedy(raw: Any) -> str:
        if not required and not has_more:
            return "write `{}`, or `key: value` pairs"
        if isinstance(raw, str) and re.fullmatch(r"[^\s`]+", raw):
            return f"write `{required[0]}: {as_written(raw)}`{further}"
        return f"write `{required[0]}: …`{further}"

    return remedy
