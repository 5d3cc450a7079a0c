"""The key=value parameters of workers and balancers: one table each (docs/httpd.md#parameters).

A parameter's kind reads the variable; `write_parameter` writes what httpd reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..syntax.tree import Place
from ..vocabulary.interval import format_interval, parse_interval
from .door import Door, Invalid, Kind, read_value
from .kinds import boolean, choice, integer, parsed, secret, text
from .problem_kinds import PARAMETER_OF_ANOTHER_OBJECT
from .yaml_scalar import as_written

ROUTE_BYTES = 63
STICKYSESSION_BYTES = 63
BALANCER_BYTES = 95  # `balancer://` included

Owner = Literal["worker", "member", "balancer"]


@dataclass(frozen=True)
class Parameter:
    """A parameter, how its value is read, and what its documentation says."""

    kind: Kind
    description: str


def _interval() -> Kind:
    """A time span that httpd reads with its unit; held as milliseconds and written back shortest."""
    return parsed(lambda value: format_interval(parse_interval(value)))


def _bytes_or_default() -> Kind:
    return integer(0)


WORKER: dict[str, Parameter] = {
    "acquire": Parameter(
        integer(1, unit="milliseconds"), "Milliseconds to wait for a free connection."
    ),
    "addressttl": Parameter(
        integer(1, unit="seconds"), "Seconds after which the name is looked up again."
    ),
    "connectiontimeout": Parameter(
        _interval(), "How long a connection may take to open, `5` or `500ms`."
    ),
    "disablereuse": Parameter(boolean(), "Open a connection for each request."),
    "enablereuse": Parameter(boolean(), "Keep connections where httpd wouldn't."),
    "flushpackets": Parameter(choice("on", "off", "auto"), "Pass each chunk on at once."),
    "flushwait": Parameter(
        integer(0, 1000, unit="milliseconds"), "Milliseconds that `auto` waits."
    ),
    "iobuffersize": Parameter(_bytes_or_default(), "Bytes of the buffer; 0 or from 512."),
    "keepalive": Parameter(boolean(), "Send TCP keep-alives on idle connections."),
    "mapping": Parameter(
        choice("encoded", "servlet"), "How the path is read before it is matched."
    ),
    "max": Parameter(integer(1), "Most connections of each child process."),
    "min": Parameter(integer(0), "Connections that each child process keeps open."),
    "ping": Parameter(_interval(), "Ask for `100 Continue` first, and wait so long."),
    "receivebuffersize": Parameter(_bytes_or_default(), "Bytes of the TCP buffer; 0 or from 512."),
    "responsefieldsize": Parameter(integer(1), "Bytes that one response header may have."),
    "retry": Parameter(
        integer(0, unit="seconds"), "Seconds for which a failed member is left alone."
    ),
    "secret": Parameter(secret(), "The AJP secret."),
    "smax": Parameter(integer(0), "Connections above which idle ones are closed."),
    "timeout": Parameter(
        integer(1, unit="seconds"), "Seconds without data after which a request fails."
    ),
    "ttl": Parameter(
        integer(1, unit="seconds"), "Seconds that an idle connection above smax lives."
    ),
    "upgrade": Parameter(
        text(pattern=r"[A-Za-z0-9./_-]+", wanted="a protocol's name"), "Protocol to upgrade to."
    ),
}
MEMBER: dict[str, Parameter] = {
    "loadfactor": Parameter(integer(1, 100), "Share of the load, 1 to 100."),
    "lbset": Parameter(
        integer(0, 99), "Members of a higher set serve when all lower ones are down."
    ),
    "redirect": Parameter(
        text(pattern=r"\S+", wanted="a route", longest=ROUTE_BYTES), "Route that takes over."
    ),
    "route": Parameter(
        text(
            pattern=r"[A-Za-z0-9_-]+",
            wanted="a name of letters, digits, - and _",
            longest=ROUTE_BYTES,
        ),
        "The member's sticky id.",
    ),
}
BALANCER: dict[str, Parameter] = {
    "failonstatus": Parameter(
        text(pattern=r"[0-9]{3}(,[0-9]{3})*", wanted="status codes such as 500,503"),
        "Statuses that take a member out.",
    ),
    "failontimeout": Parameter(boolean(), "Let a timeout take a member out."),
    "forcerecovery": Parameter(boolean(), "Try members again at once when all are out."),
    "growth": Parameter(integer(1, 100), "Members that may be added at run time."),
    "lbmethod": Parameter(
        choice("byrequests", "bytraffic", "bybusyness"), "How requests are shared out."
    ),
    "maxattempts": Parameter(integer(0), "Members to try before giving up."),
    "nofailover": Parameter(boolean(), "Break a session when its member is out."),
    "scolonpathdelim": Parameter(boolean(), "Let `;` begin a path's session."),
    "stickysession": Parameter(
        text(
            pattern=r"[A-Za-z0-9_.-]+(\|[A-Za-z0-9_.-]+)?",
            wanted="COOKIE or COOKIE|PATHPARAMETER",
            longest=STICKYSESSION_BYTES,
        ),
        "An application's own cookie and path parameter, `JSESSIONID|jsessionid`.",
    ),
    "stickysessionsep": Parameter(
        text(pattern=r"\S|[Oo]ff", wanted="one character, or Off"), "What precedes the route."
    ),
    "timeout": Parameter(
        integer(1, unit="seconds"), "Seconds to wait for a free member (not for its answer)."
    ),
}
TABLES: dict[Owner, dict[str, Parameter]] = {
    "worker": WORKER,
    "member": {**WORKER, **MEMBER},
    "balancer": BALANCER,
}
NAMES = frozenset({*WORKER, *MEMBER, *BALANCER})


def read_parameters(
    raw: Mapping[str, Any], place: Place, door: Door, *, owner: Owner
) -> dict[str, str]:
    """Read the parameters lying flat in a mapping; one that belongs elsewhere is refused with its home."""
    table = TABLES[owner]
    read: dict[str, str] = {}
    for name in sorted(NAMES & raw.keys()):
        if raw[name] is None:
            continue
        if name not in table:
            door.refuse(
                place.at(name),
                *_wrong_owner(name, raw[name], owner),
                problem_kind=PARAMETER_OF_ANOTHER_OBJECT,
            )
            continue
        try:
            value = read_value(table[name].kind, raw[name], place.at(name), door)
            read[name] = write_parameter(value)
        except Invalid:
            continue
    return read


def write_parameter(value: object) -> str:
    """Write a parameter's value as httpd reads it."""
    if isinstance(value, bool):
        return "On" if value else "Off"
    return str(value)


def _wrong_owner(name: str, value: object, owner: Owner) -> tuple[str, str]:
    """Say where a parameter belongs."""
    if owner == "balancer":
        home = "each member of the balancer"
    elif name in BALANCER:
        home = "the balancer itself, in apache_balancers"
    else:
        home = "a member of a balancer"
    owners = {"worker": "a worker", "member": "a balancer's member", "balancer": "a balancer"}
    return (
        f"`{name}: {as_written(value)}` is no parameter of {owners[owner]}",
        f"write it in {home}",
    )
