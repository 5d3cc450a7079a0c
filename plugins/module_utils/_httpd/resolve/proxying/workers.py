"""Workers: which are made of the rules, and which one a URL gets.

https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#workers; read in modules/proxy/proxy_util.c (ap_proxy_get_worker_ex).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ...reading.server import Balancer, BalancerMember, Scope
from ...syntax.record import record
from ...vocabulary.depends import Depends
from ...vocabulary.url import DEFAULT_PORTS
from ..blocks import Plan
from ..paths.url_paths import to_bytes_text

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/]*)(?P<path>/.*)?", re.DOTALL
)


@record(frozen=True)
class Worker:
    """A worker by its name, the URL as httpd writes it; `socket` is in front of it. `is_match`: `$1` in it is any text."""

    name: str
    parameters: Mapping[str, str]
    socket: str = ""
    is_match: bool = False

    @property
    def url(self) -> str:
        """The URL as it is configured."""
        return f"unix:{self.socket}|{self.name}" if self.socket else self.name


def split_socket(url: str) -> tuple[str, str]:
    """Split `unix:/path|http://name/` into the socket's path and the URL, which may lack its host."""
    if not url.lower().startswith("unix:") or "|" not in url:
        return "", url
    socket, _bar, rest = url[len("unix:") :].partition("|")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:(//)?", rest):
        rest = rest.rstrip("/") + "//localhost"
    return socket, rest


def worker_name(url: str) -> str:
    """Return a URL as a worker is named: scheme and host in lower case, no default port."""
    found = _URL.fullmatch(url)
    if not found:
        return url
    scheme, authority = found.group("scheme").lower(), found.group("authority").lower()
    default = f":{DEFAULT_PORTS.get(scheme, 0)}"
    authority = authority.removesuffix(default)
    return f"{scheme}://{authority}{found.group('path') or ''}"


def workers_of(scope: Scope, plan: Plan) -> Iterator[Worker]:
    """Yield the workers that a scope makes; a URL that an earlier worker's name begins is none of its own."""
    made: list[Worker] = []
    for rule in scope.rules:
        url = to_bytes_text(rule.url)
        if rule.is_exclusion or url.lower().startswith("balancer:"):
            continue
        socket, real = split_socket(url)
        found = find_worker(made, real, is_match=rule.is_match)
        if found is None:
            made.append(Worker(worker_name(real), rule.parameters, socket, rule.is_match))
    for block in plan.proxies:
        if not block.is_regex and "://" in block.pattern and "*" not in block.pattern:
            socket, real = split_socket(block.pattern)
            words = [
                word for setting in block.settings.get("proxyset", ()) for word in setting.values
            ]
            pairs = (word.partition("=") for word in words)
            parameters = {key.lower(): value for key, _equals, value in pairs}
            if parameters and not real.lower().startswith("balancer:"):
                made.append(Worker(worker_name(real), parameters, socket))
    yield from made


def find_worker(
    workers: Sequence[Worker], url: str, *, is_match: bool | None = None
) -> Worker | None:
    """Return the worker with the longest name that begins `url`; at least scheme, host and port are the same."""
    found = _URL.fullmatch(url)
    if not found:
        return None
    url = f"{found.group('scheme').lower()}://{found.group('authority').lower()}{found.group('path') or ''}"
    least = len(url) - len(found.group("path") or "")
    best: Worker | None = None
    for worker in workers:
        length = len(worker.name)
        if is_match not in (None, worker.is_match) or not least <= length <= len(url):
            continue
        fits = _matches(url, worker.name) if worker.is_match else url.startswith(worker.name)
        if fits and (best is None or length > len(best.name)):
            best = worker
    return best


def _matches(url: str, name: str) -> bool:
    """Match the beginning of a URL against a name in which `$1` stands for any text."""
    parts = re.split(r"\$[0-9]", name)
    at = 0
    for index, part in enumerate(parts):
        place = url.find(part, at) if index else (0 if url.startswith(part) else -1)
        if place < 0:
            return False
        at = place + len(part)
    return True


_UNUSABLE = frozenset("DSNCU")
# A hot spare waits for whichever member is out, and one in error is tried again.
_OPEN = frozenset("RE")


def candidates(balancer: Balancer) -> tuple[BalancerMember, ...]:
    """Return the members that requests without a session may get while all are well."""
    for member in balancer.members:
        if status_of(member) & _OPEN:
            raise Depends("option", f"status={member.parameters['status']}", member.place)
    usable = [member for member in _distinct(balancer) if not status_of(member) & _UNUSABLE]
    lowest = min((_lbset(member) for member in usable), default=0)
    usable = [member for member in usable if _lbset(member) == lowest]
    # Standbys of a set come before the next set.
    return tuple([member for member in usable if "H" not in status_of(member)] or usable)


def _distinct(balancer: Balancer) -> Iterator[BalancerMember]:
    """Yield the members; one whose URL begins with that of an earlier one is none of its own."""
    made: list[Worker] = []
    for member in balancer.members:
        real = split_socket(to_bytes_text(member.url))[1]
        if find_worker(made, real) is None:
            made.append(Worker(worker_name(real), member.parameters))
            yield member


def status_of(member: BalancerMember) -> set[str]:
    """Return the flags of `status=`: `+H`, `D`, `+D-I`."""
    flags: set[str] = set()
    adds = True
    for character in member.parameters.get("status", "").upper():
        if character in "+-":
            adds = character == "+"
        elif adds:
            flags.add(character)
        else:
            flags.discard(character)
    return flags


def _lbset(member: BalancerMember) -> int:
    """Return a member's set, read as atoi does."""
    found = re.match(r"[ \t]*[+-]?[0-9]{1,9}", member.parameters.get("lbset", ""))
    return int(found.group()) if found else 0
