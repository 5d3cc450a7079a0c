"""What reads a model: a mapping with the keys of a frozen dataclass."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..syntax.problem import ProblemKind
from ..syntax.secrets import masked
from ..syntax.tree import Place
from .door import Door, Invalid, Kind, read_value, show, type_of
from .fields import Key, is_required, required_keys
from .problem_kinds import UNKNOWN_KEY
from .yaml_scalar import as_written


def model_of(model: type[Any]) -> Kind:
    """A mapping with the keys of a frozen dataclass.

    A model may name the key that labels it (`LABEL`), keys of other collections (`FOREIGN_KEYS`), and keys of which exactly
    one must be there, with the kind of problem where it isn't so (`ONE_OF`).
    """
    # Here, because a thousand virtual hosts are read by one model.
    declared = dataclasses.fields(model)
    known = _known_keys(declared)
    readers = [*_readers(declared)]
    label: str = getattr(model, "LABEL", "")
    foreign: Mapping[str, tuple[str, str]] = getattr(model, "FOREIGN_KEYS", {})
    one_of: tuple[ProblemKind, tuple[str, ...]] | None = getattr(model, "ONE_OF", None)
    remedy = _mapping_for(required_keys(model), has_more=one_of is not None)

    def read(raw: Any, place: Place, door: Door) -> Any:
        if not isinstance(raw, Mapping):
            message = f"{show(raw)} is {type_of(raw)}, not a mapping"
            raise door.refuse(place, message, remedy(raw))
        own_place = _labelled(raw.get(label), place)
        for name in map(str, raw):
            if name not in known:
                _refuse_unknown(name, known, foreign, own_place, door)
        values = _read_keys(readers, raw, own_place, door)
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


class _Reader(NamedTuple):
    """What reads one field of a model: a key, or many keys at once (`read_flat`)."""

    name: str
    key: Key | None
    read_flat: Callable[[Mapping[str, Any], Place, Door], Any] | None
    is_required: bool


def _readers(declared: Iterable[dataclasses.Field[Any]]) -> Iterator[_Reader]:
    """Yield what reads each field."""
    for field_ in declared:
        key, read_flat = field_.metadata.get("key"), field_.metadata.get("flat")
        if key or read_flat:
            yield _Reader(field_.name, key, read_flat, is_required(field_))


def _read_keys(
    readers: Iterable[_Reader], raw: Mapping[str, Any], place: Place, door: Door
) -> dict[str, Any]:
    """Read a model's keys. Raises Invalid where one that is required or decides can't be had, once all are read."""
    values: dict[str, Any] = {}
    is_whole = True
    for name, key, read_flat, needed in readers:
        if read_flat:
            values[name] = read_flat(raw, place, door)
        elif key and raw.get(name) is not None:
            key_place = Place(f"{place.source}.{name}", is_leaf=key.kind.model is None)
            try:
                values[name] = read_value(key.kind, raw[name], key_place, door)
            except Invalid:
                is_whole = is_whole and not (key.decides or needed)
        elif needed:
            door.refuse(place, f"the key `{name}` is missing", f"add `{name}: …`")
            is_whole = False
    if not is_whole:
        raise Invalid
    return values


def _known_keys(declared: Iterable[dataclasses.Field[Any]]) -> tuple[str, ...]:
    """Return every key that a model takes."""
    names: list[str] = []
    gathered: list[str] = []
    for field_ in declared:
        if "key" in field_.metadata:
            names.append(field_.name)
        gathered += field_.metadata.get("names", ())
    return (*names, *sorted(gathered))


_LONGEST_LABEL = 255  # characters, more than a host name has


def _labelled(label: object, place: Place) -> Place:
    """Add the element's own name to its place: `apache_vhosts[2] (shop.example.com)`."""
    return (
        Place(f"{place.source} ({masked(label)})")
        if isinstance(label, str) and label.isprintable() and len(label) <= _LONGEST_LABEL
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
