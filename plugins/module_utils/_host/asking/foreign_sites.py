"""Sites of the host's own, asked before a change and after it: what reading can't know, their answers show."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..._httpd.reading.server import Server, VirtualHost
from ..._httpd.syntax.tree import Place
from ..machine.progress import tell
from .answer_head import NoAnswer, Question, ask_head

MOST = 64  # sites that are asked
AT_ONCE = 16
SECONDS = 3.0  # for an answer
# Of an answer that is worse, half a second apart: a backend may have its bad moment just now.
TRIES = 3


@dataclass(frozen=True)
class ForeignSite:
    """A virtual host of the host's own, where it is written and what is asked of it."""

    place: str
    question: Question


def foreign_sites(
    server: Server, *, is_left_out: Callable[[Place], bool], taken_over: Collection[str]
) -> tuple[ForeignSite, ...]:
    """Return the sites of a server that aren't left out; those that may be taken over are nobody's."""
    found = (
        site
        for vhost in server.vhosts
        if not is_left_out(vhost.place) and not vhost.condition
        for site in _sites_of(vhost, server, taken_over)
    )
    return tuple(dict.fromkeys(found))[:MOST]


def ask_sites(sites: Iterable[ForeignSite]) -> Mapping[ForeignSite, int]:
    """Return the status that each answers `GET /` with; 0 for no answer."""
    asked = tuple(sites)
    if not asked:
        return {}
    tell("asking the sites that are the host's own")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(asked, pool.map(_status, asked)))


def worse_off(before: Mapping[ForeignSite, int]) -> list[str]:
    """Ask the sites that answered well before again; return what is worse, in words."""
    worse = {site: 0 for site, status in before.items() if _is_good(status)}
    for attempt in range(TRIES):
        if worse:
            time.sleep(0.5 if attempt else 0.0)
            answers = ask_sites(worse)
            worse = {site: status for site, status in answers.items() if not _is_good(status)}
    return [
        f"GET / of {site.question.name} at {site.question.asked}:{site.question.port} ({site.place}) gets "
        f"{status or 'no answer'}, and got {before[site]} before"
        for site, status in worse.items()
    ]


def _sites_of(
    vhost: VirtualHost, server: Server, taken_over: Collection[str]
) -> Iterator[ForeignSite]:
    """Yield a virtual host at its first address, by its first name that is one."""
    names = [name for name in (vhost.server_name, *vhost.server_aliases) if name]
    exact = [name for name in names if not {*name} & {*"*?"}]
    if not vhost.addresses or not exact or {*names} & {*taken_over}:
        return
    address = vhost.addresses[0]
    ports = [address.port] if address.port else [one.address.port for one in server.listens]
    said = [placed.values[0].lower() for placed in vhost.scope.named("sslengine") if placed.values]
    speaks_tls = said[-1:] == ["on"]
    for port in ports[:1]:
        question = Question(address.host, port, exact[0], "GET /", speaks_tls)
        yield ForeignSite(str(vhost.place), question)


def _status(site: ForeignSite) -> int:
    try:
        return ask_head(site.question, {}, seconds=SECONDS).status
    except NoAnswer:
        return 0


def _is_good(status: int) -> bool:
    return 0 < status < 400
