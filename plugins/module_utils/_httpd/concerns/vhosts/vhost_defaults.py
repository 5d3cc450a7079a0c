"""What virtual hosts have from apache_vhost_defaults: what is filled in, what is merged, and where a mistake stands."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...syntax.problem import Problem
from ...syntax.tree import Place
from ...variables.door import Door, Invalid, Kind, read_value, show, type_of
from ...variables.models import kind_of
from .model import Vhost
from .vhost_lists import GROUP_LIST, VHOST_LISTS
from .vhost_parts import CheckOff

DEFAULTS = "apache_vhost_defaults"
# Both are had, the defaults' first: what they say adds up. A list of rules doesn't, since its order decides.
_JOINED = ("check_off", "extra_directives")


@dataclass(frozen=True)
class VhostDefaults:
    """The keys of apache_vhost_defaults that fill virtual hosts, as they were written, and what is joined to theirs."""

    raw: Mapping[str, Any]
    check_off: tuple[CheckOff, ...] = ()
    extra_directives: str = ""

    def filled(self, element: Any) -> Any:
        """Return a virtual host as it was written, with what it has from here; what is no mapping stays as it is."""
        if not self.raw or not isinstance(element, Mapping):
            return element
        return _merged(Vhost, element, self.raw)

    def joined(self, vhost: Vhost, element: Mapping[str, Any]) -> Vhost:
        """Return a virtual host with what is joined; a key that it sets to nothing drops that."""
        if not self.check_off and not self.extra_directives:
            return vhost
        inherited = [name for name in _JOINED if name not in element or element[name] is not None]
        return dataclasses.replace(
            vhost,
            check_off=(*(self.check_off if "check_off" in inherited else ()), *vhost.check_off),
            inherited_directives=self.extra_directives if "extra_directives" in inherited else "",
        )


def read_defaults(raw: Any, door: Door) -> VhostDefaults:
    """Read apache_vhost_defaults; what can't be read of it is left out."""
    if raw is None:
        return VhostDefaults({})
    try:
        keys = read_value(Kind("dict", _mapping), raw, Place(DEFAULTS), door)
    except Invalid:
        return VhostDefaults({})
    joined = {}
    for name in _JOINED:
        if keys.get(name) is not None:
            kind = kind_of(Vhost, name)
            place = Place(f"{DEFAULTS}.{name}", is_leaf=kind.model is None)
            try:
                joined[name] = read_value(kind, keys[name], place, door)
            except Invalid:
                continue
    filling = {name: value for name, value in keys.items() if name not in _JOINED}
    return VhostDefaults(filling, **joined)


def placed_in_defaults(problem: Problem, raw: Mapping[str, Any]) -> Problem:
    """Name apache_vhost_defaults as the place of what a virtual host has from there: that is what is to be mended."""
    found = _KEY_OF_VHOST.fullmatch(str(problem.place))
    if found is None:
        return problem
    element: Any = raw[found["list"]][int(found["index"])]
    default: Any = raw.get(DEFAULTS)
    for name, model in _path(found["path"]):
        if not isinstance(default, Mapping) or not isinstance(element, Mapping):
            return problem
        if name not in default:
            return problem
        if name not in element:
            source = f"{DEFAULTS}.{found['path']}{found['below']}"
            return dataclasses.replace(problem, place=Place(source, is_leaf=problem.place.is_leaf))
        element, default = _as_mapping(model, element[name]), _as_mapping(model, default[name])
    return problem


_LISTS = "|".join((*VHOST_LISTS, GROUP_LIST.pattern))
_KEY_OF_VHOST = re.compile(
    rf"(?P<list>{_LISTS})\[(?P<index>[0-9]+)\](?: \(.*?\))?\.(?P<path>\w+(?:\.\w+)*)(?P<below>.*)",
    re.DOTALL,
)


def _path(path: str) -> Iterator[tuple[str, type[Any] | None]]:
    """Yield each key of a path below a virtual host, with the model of what it has."""
    model: type[Any] | None = Vhost
    for name in path.split("."):
        model = None if model is None else _mappings(model).get(name)
        yield name, model


def _merged(model: type[Any], own: Mapping[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a mapping from another; what both have as mappings is filled in turn."""
    merged = {**default, **own}
    for names in getattr(model, "ALTERNATIVES", ()):
        if any(own.get(name) is not None for name in names):
            for name in names:
                if name not in own:
                    merged.pop(name, None)
    for name, inner in _mappings(model).items():
        if name in own and name in default:
            both = _as_mapping(inner, own[name]), _as_mapping(inner, default[name])
            if isinstance(both[0], Mapping) and isinstance(both[1], Mapping):
                merged[name] = _merged(inner, *both)
    return merged


def _mappings(model: type[Any]) -> dict[str, type[Any]]:
    """Return the keys of a model whose values are mappings, with their models."""
    kinds = {
        one.name: one.metadata["key"].kind
        for one in dataclasses.fields(model)
        if "key" in one.metadata
    }
    return {
        name: kind.model for name, kind in kinds.items() if kind.model and kind.type_name != "list"
    }


def _as_mapping(model: type[Any] | None, value: Any) -> Any:
    """Return a value that may be written as one word as the mapping that it stands for."""
    word = getattr(model, "WORD", "")
    return {word: value} if word and isinstance(value, str) else value


def _mapping(raw: Any, place: Place, door: Door) -> Mapping[str, Any]:
    if isinstance(raw, Mapping):
        return raw
    message = f"{show(raw)} is {type_of(raw)}, not a mapping"
    raise door.refuse(place, message, "write `key: value` pairs")
