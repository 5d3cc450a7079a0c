"""The door for variables: where mistakes gather, each with its exact place, and what reads a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ..syntax.problem import Problem, ProblemKind
from ..syntax.secrets import masked
from ..syntax.tree import Place
from .problem_kinds import TEMPLATE, VARIABLE


class Invalid(Exception):
    """A value that was reported and can't be used."""


@dataclass(frozen=True)
class Unfilled:
    """A value whose template fails, in place of what it would be; `reason` is Ansible's word for it."""

    reason: str

    def __str__(self) -> str:
        return "{{ … }}"


@dataclass
class Door:
    """Where problems gather while variables are read."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(
        self, place: Place, message: str, fix: str, *, problem_kind: ProblemKind = VARIABLE
    ) -> Invalid:
        """Report a mistake; the caller raises what this returns, or goes on without the value."""
        self.problems.append(problem_kind.problem(place, message, fix))
        return Invalid()


@dataclass(frozen=True)
class Kind:
    """How a value is read: `read(raw, place, door)`; `type_name` is Ansible's word for it."""

    type_name: str
    read: Callable[[Any, Place, Door], Any]
    choices: tuple[Any, ...] = ()
    element: Kind | None = None
    model: type[Any] | None = None


def read_value(kind: Kind, raw: Any, place: Place, door: Door) -> Any:
    """Read a raw value as its kind does. Raises Invalid, and for nothing and for a template that failed too."""
    if raw is None:
        raise door.refuse(place, "nothing stands here (null)", "write a value, or remove it")
    if not isinstance(raw, Unfilled):
        return kind.read(raw, place, door)
    message, fix = _failure(raw.reason)
    raise door.refuse(place, message, fix, problem_kind=TEMPLATE)


def _failure(reason: str) -> tuple[str, str]:
    """Return why a template fails, in Ansible's words where those say it, and what mends it."""
    nobody = _NO_HOST.fullmatch(reason)
    if nobody:
        message = f"the inventory has no host `{nobody[1]}`, whose variables the template asks for"
        return message, "name a host that it has, or mend the template"
    # The variables of a host that the template names.
    if "'HostVarsVars' has no attribute" in reason:
        return reason, "define it for the host that is named, or mend the template"
    is_undefined = "undefined" in reason or "has no attribute" in reason
    return reason, f"{'define it for this host, or ' if is_undefined else ''}mend the template"


# All that Ansible says of a host that isn't there.
_NO_HOST = re.compile(r"""["']?hostvars\[["'](.*?)["']\]["']?(?: is undefined)?""")


def show(value: object) -> str:
    """Write a raw value into a message as YAML has it, cut to a readable length; text stands in quotes."""
    quote_mark = '"' if isinstance(value, str) else ""
    # Before it is cut: of a password's URL the `@` could be lost.
    text = masked(f"{quote_mark}{_in_one_line(value)}{quote_mark}")
    room = _LONGEST_SHOWN + 2 * len(quote_mark)
    return text if len(text) <= room else f"{text[: room - 3 - len(quote_mark)]}…{quote_mark}"


def _in_one_line(value: object) -> str:
    """Write a value as YAML's flow style has it; nobody reads far into a long one."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        pairs = (f"{key}: {_in_one_line(value[key])}" for key in islice(value, _MOST_SHOWN))
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_in_one_line, value[:_MOST_SHOWN]))}]"
    return str(value)


_LONGEST_SHOWN = 80
_MOST_SHOWN = 20


def type_of(raw: object) -> str:
    """Name a raw value's type in a user's words."""
    # Ansible's values are of types of its own, derived from these.
    if raw is None:
        return "nothing"
    for types, words in _WORDS:
        if isinstance(raw, types):
            return words
    return type(raw).__name__


_WORDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "text"),
    (bool, "a truth value"),
    ((int, float), "a number"),
    (Mapping, "a mapping"),
    (Sequence, "a list"),
)
