"""A balancer as its variables say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ...syntax.quoting import Refused
from ...syntax.tree import NOWHERE, Place
from ...variables.door import Door
from ...variables.fields import flat, key, list_of
from ...variables.foreign_shapes import BALANCER_KEYS
from ...variables.kinds import boolean, choice, integer, parsed, text
from ...variables.models import model_of
from ...variables.parameters import BALANCER_BYTES, NAMES, STICKYSESSION_BYTES, read_parameters
from ...vocabulary.url import Url, parse_url

STATUSES = ("ignore_errors", "drain", "disabled", "stopped", "hot_standby", "hot_spare", "in_error")
STATUS_LETTERS = dict(zip(STATUSES, "INDSHRE"))


def _worker_url(value: str) -> Url:
    """Read the URL of a balancer's member."""
    url = parse_url(value)
    if url.is_balancer:
        raise Refused(f'"{value}" is a balancer', "write the URL of one server")
    return url


def _status(value: str) -> str:
    """Read a member's status: words (hot_standby) or httpd's own letters (+H)."""
    if value in STATUS_LETTERS:
        return f"+{STATUS_LETTERS[value]}"
    if value[:1] in "+-" and value[1:] and set(value[1:].upper()) <= set("DSIRHEN"):
        return value.upper()
    fix = f"write one of {', '.join(STATUSES)}, or letters such as +H"
    raise Refused(f'"{value}" is no status', fix)


def _member_parameters(raw: Mapping[str, Any], place: Place, door: Door) -> Mapping[str, str]:
    return read_parameters(raw, place, door, owner="member")


def _balancer_parameters(raw: Mapping[str, Any], place: Place, door: Door) -> Mapping[str, str]:
    return read_parameters(raw, place, door, owner="balancer")


@dataclass(frozen=True)
class Member:
    """A server behind a balancer."""

    url: Url = key(parsed(_worker_url), "Its URL, without a path.")
    status: str = key(
        parsed(_status), "Such as hot_standby or drain; httpd's letters (+H) too.", default=""
    )
    parameters: Mapping[str, str] = flat(_member_parameters, NAMES)
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class StickyCookie:
    """The cookie that Gatehouse writes; `secure` follows the request where it isn't set."""

    name: str = key(
        text(pattern=r"[A-Za-z0-9_-]+", wanted="a cookie's name", longest=STICKYSESSION_BYTES),
        "Its name; ROUTEID_ and the balancer's by default.",
        default="",
    )
    path: str = key(
        text(pattern=r"/[^\s;]*", wanted="a path that begins with /"), "Its path.", default="/"
    )
    samesite: str = key(
        choice("Lax", "Strict", "None"),
        "When browsers send it to you from other sites.",
        default="Lax",
    )
    secure: bool | None = key(
        boolean(), "Send it over TLS only; by default as the request came.", default=None
    )
    max_age: int | None = key(
        integer(1, unit="seconds"), "Seconds that it lives; by default the session.", default=None
    )
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class BalancerModel:
    """A balancer and its members."""

    LABEL: ClassVar[str] = "name"
    FOREIGN_KEYS: ClassVar[Mapping[str, tuple[str, str]]] = BALANCER_KEYS

    name: str = key(
        text(
            pattern=r"[a-z0-9][a-z0-9_.-]*",
            wanted="a lower-case name of letters, digits, `.`, `-` and `_`",
            longest=BALANCER_BYTES - len("balancer://"),
        ),
        "Its name in `balancer://NAME/`.",
    )
    members: tuple[Member, ...] = key(list_of(model_of(Member)), "The servers.")
    sticky_cookie: StickyCookie | None = key(
        model_of(StickyCookie),
        "Keep a client at its member by a cookie written here; `{}` will do.",
        default=None,
    )
    parameters: Mapping[str, str] = flat(_balancer_parameters, NAMES)
    place: Place = field(default=NOWHERE, compare=False)
