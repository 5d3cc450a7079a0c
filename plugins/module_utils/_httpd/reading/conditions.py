"""The conditions of <IfDefine>, <IfModule>, <IfVersion> and <IfFile>."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection

from ..vocabulary.version import Version, parse_version
from .environment import Environment, module_identifier

_OPERATORS: dict[str, Callable[[Version, Version], bool]] = {
    "": operator.eq, "=": operator.eq, "==": operator.eq, ">": operator.gt,
    ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip

# At most two quantifiers, and no groups that could repeat each other.
_PLAIN_PATTERN = re.compile(r"(?:[\w.^$\\|\[\]-]*[*+?]){0,2}[\w.^$\\|\[\]-]*")


def holds(name: str, values: tuple[str, ...], environment: Environment) -> bool | None:
    """Evaluate the condition of section `name`; None where the environment can't tell."""
    if not values:
        return None
    negated, first = values[0].startswith("!"), values[0].removeprefix("!")
    answer = _positive(name.lower(), (first, *values[1:]), environment)
    return answer if answer is None else answer is not negated


def _positive(name: str, values: tuple[str, ...], environment: Environment) -> bool | None:
    """Evaluate the condition without its `!`."""
    if name == "ifdefine":
        return values[0] in environment.defines or _unless_open(environment)
    if name == "ifmodule":
        return _has_module(values[0], environment.modules)
    if name == "iffile":
        return environment.has_path(values[0]) or _unless_open(environment)
    if name in ("ifdirective", "ifsection"):
        # What a build knows besides its modules' directives, nobody can tell.
        return None
    return None if environment.version is None else _compares(values, environment.version)


def _unless_open(environment: Environment) -> bool | None:
    """Tell of a thing that isn't known whether it isn't there."""
    return False if environment.closed else None


def _has_module(name: str, modules: Collection[str] | None) -> bool | None:
    """Tell whether a module is loaded."""
    return None if modules is None else module_identifier(name) in modules


def _compares(values: tuple[str, ...], version: Version) -> bool | None:
    """Compare the version; a regular expression (`~` or `/…/`) is tried on its text."""
    sign, wanted = values if len(values) == 2 else ("", values[0])
    if sign == "~" or wanted.startswith("/"):
        return _matches(wanted.strip("/"), ".".join(map(str, version)))
    if sign not in _OPERATORS:
        return None
    return _OPERATORS[sign](version, parse_version(wanted))


def _matches(pattern: str, version: str) -> bool | None:
    """Try a regular expression that can only be tried in few ways; others stay open."""
    if len(pattern) > 100 or not _PLAIN_PATTERN.fullmatch(pattern):
        return None
    try:
        return re.search(pattern, version) is not None
    except re.error:
        return None
