"""What a virtual host is made of, as its variables say it: rules, redirects, logs, route tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ...syntax.tree import NOWHERE, Place
from ...variables.door import Door, Unfilled
from ...variables.fields import flat, key, mapping_of
from ...variables.kinds import boolean, choice, integer, parsed, text
from ...variables.parameters import NAMES, read_parameters
from ...vocabulary.address import IPV4
from ...vocabulary.url import Url, parse_url
from .problem_kinds import PATH_OR_MATCH

# A single label, or several of which the last begins with a letter: for others clients get a 400, unless they are addresses.
HOST_NAME = (
    rf"(?:{IPV4}|(?!_default_(?![\w-]))(?=[0-9]*[A-Za-z_-])[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
    r"|[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*\.[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)"
)
_PATTERN_OF_NAMES = r"[A-Za-z0-9_.*?-]*[*?][A-Za-z0-9_.*?-]*"
_DEFAULT_SLIP = {
    "_default_": "write `default: true` to serve names that nobody has, and a name of its own here"
}
URL_PATH = r"/[^\s?#]*"
# What somebody writes who leaves the first slash out.
PATH_SLIPS = {r"([\w.-][^\s?#`]*)": r"write `/\1`"}
FILE_PATH = r"/[^|]*"
HTTP_PORT, HTTPS_PORT = 80, 443
LOG_LEVELS = ("emerg", "alert", "crit", "error", "warn", "notice", "info", "debug")


def _target(value: str) -> Url | None:
    """Read a ProxyPass target; None is the exclusion `!`."""
    return None if value == "!" else parse_url(value)


def _rule_parameters(raw: Mapping[str, Any], place: Place, door: Door) -> Mapping[str, str]:
    """Read a rule's parameters: a balancer's where its URL is one, else a worker's; of a URL that nobody knows, none."""
    if isinstance(raw.get("url"), Unfilled):
        return {}
    is_balancer = str(raw.get("url", "")).lower().startswith("balancer:")
    return read_parameters(raw, place, door, owner="balancer" if is_balancer else "worker")


HOST = text(
    pattern=HOST_NAME,
    wanted="a host name",
    example="shop.example.com",
    longest=255,
    slips={
        rf"(?:[a-z]+://)?({HOST_NAME}):([0-9]+)(?:/\S*)?": r"write `\1`, and the port in `listen: [\2]`",
        rf"[a-z]+://({HOST_NAME})(?:/\S*)?": r"write `\1`",
        _PATTERN_OF_NAMES: "write one name, such as shop.example.com, and this in `server_aliases`",
        **_DEFAULT_SLIP,
    },
)
ALIAS = text(
    pattern=rf"{HOST_NAME}\.?|{_PATTERN_OF_NAMES}",
    wanted="a host name",
    example="shop.example.com or *.example.com",
    longest=255,
    slips=_DEFAULT_SLIP,
)
_PATH = text(
    pattern=URL_PATH, wanted="a path that begins with /", example="/api/", slips=PATH_SLIPS
)
BACKEND = parsed(
    parse_url,
    instead_of_list="make them `members` of a balancer in apache_balancers, and write `balancer://NAME/`",
)
FILE = text(
    pattern=FILE_PATH, wanted="the absolute path of a file (a `|` would run a program as root)"
)
_REGEX = text(wanted="a regular expression")


@dataclass(frozen=True)
class CheckOff:
    """A silenced problem."""

    rule: str = key(
        text(pattern=r"[a-z0-9-]+", wanted="a problem's id"),
        "Its id, as the problem shows it (docs/rules.md, docs/problems.md).",
    )
    reason: str = key(
        # A backslash at a line's end would draw the next line into the comment that this becomes.
        text(pattern=r"[^\s\\][^\n\\]*", wanted="a reason in one line, without backslashes"),
        "Why it doesn't matter here.",
    )
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class ProxyPassModel:
    """One rule; `url` is None for the exclusion `!`. Exactly one of `path` and `match` is set."""

    ONE_OF: ClassVar = (PATH_OR_MATCH, ("path", "match"))

    url: Url | None = key(parsed(_target), "Target; `!` keeps the path from being proxied.")
    path: str = key(_PATH, "Prefix of the path, as ProxyPass takes it.", decides=True, default="")
    match: str = key(
        _REGEX,
        "Regular expression instead of a path, as ProxyPassMatch takes it.",
        decides=True,
        default="",
    )
    nocanon: bool = key(boolean(), "Pass the path on as the client sent it.", default=False)
    reverse: bool = key(
        boolean(), "Rewrite Location and similar headers (ProxyPassReverse).", default=True
    )
    parameters: Mapping[str, str] = flat(_rule_parameters, NAMES)
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class PathAndUrl:
    """A ProxyPassReverse of its own."""

    path: str = key(_PATH, "The path that clients see.")
    url: Url = key(parsed(parse_url), "The URL that the backend says.")
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class CookieRewrite:
    """A cookie's domain or path: what the backend says, and what clients get."""

    internal: str = key(
        text(pattern=r"\S+", wanted="text without blanks"), "What the backend sets."
    )
    public: str = key(text(pattern=r"\S+", wanted="text without blanks"), "What clients get.")
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Redirect:
    """A redirect that fires beside any proxy rule. Exactly one of `path` and `match` is set."""

    ONE_OF: ClassVar = (PATH_OR_MATCH, ("path", "match"))

    url: str = key(
        text(pattern=r"(/|https?://)\S*", wanted="a URL or a path that begins with /"), "Where to."
    )
    path: str = key(_PATH, "Path, and all below it.", decides=True, default="")
    match: str = key(_REGEX, "Regular expression instead of a path.", decides=True, default="")
    status: int = key(choice(301, 302, 303, 307, 308), "Status of the answer.", default=302)
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Alias:
    """A directory served from disk beside any proxy rule."""

    path: str = key(_PATH, "Path that clients ask for.")
    directory: str = key(text(pattern=r"/.*", wanted="an absolute path"), "Directory on the host.")
    place: Place = field(default=NOWHERE, compare=False)


# Those that the distribution defines for every site.
BUILT_IN_FORMATS = frozenset({"common", "combined", "vhost_combined", "referer", "agent"})


@dataclass(frozen=True)
class CustomLog:
    """An access log."""

    path: str = key(FILE, "File to write.")
    format: str = key(
        text(pattern=r"[A-Za-z0-9_]+", wanted="the name of a format"),
        "Name in apache_log_formats.",
        default="combined",
    )
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Expect:
    """A route test: a request, and what becomes of it. Read from the configuration, or asked of the server where `live`."""

    request: str = key(
        text(pattern=r"[A-Z]+ /\S*", wanted="a method and a path, `GET /health`"),
        "Method and path.",
    )
    host: str = key(HOST, "Name that is asked for; the server_name without it.", default="")
    headers: Mapping[str, str] = key(
        mapping_of(text(), name=text(pattern=r"[A-Za-z0-9-]+", wanted="a header's name")),
        "Further headers of the request.",
        default_factory=dict,
    )
    worker: str = key(
        text(pattern=r"[a-z0-9]+:\S+", wanted="a URL, http://10.0.0.1:8080 or balancer://app"),
        "Who must be asked: a worker, a balancer or a member; without a path, anything at that host.",
        default="",
    )
    status: int | None = key(integer(100, 599), "Status that must come.", default=None)
    redirect: str = key(
        text(pattern=r"\S+", wanted="a URL or a path"), "Location that must come.", default=""
    )
    live: bool = key(
        boolean(),
        "Ask the server after the commit, which is undone if it answers otherwise. What failed before the commit too is a"
        " warning, and undoes nothing.",
        default=False,
    )
    strict: bool = key(
        boolean(),
        "Refuse the run where reading can't decide the request; without it that is a warning.",
        default=False,
    )
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def changes_nothing(self) -> bool:
        """Tell whether the request's method is one that changes nothing on the server."""
        return self.request.partition(" ")[0] in ("GET", "HEAD", "OPTIONS")
