"""Directives of `httpd -L` strewn over generated servers: those without effect change nothing, and none is decided wrongly.

Their arguments are those of arguments.tsv, which httpd takes; what it doesn't take where it was strewn is taken out again.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from asking import Answer, ask_all
from by_manual import difference
from cases import MAIN_NAME
from find_arguments import ASKED_BEFORE, FILE, ask, names_in_order
from generating import Maker, paths_of
from loading import TYPES, load_lines, server_of
from module_utils._httpd.resolve.request import Decision, Request
from module_utils._httpd.resolve.resolver import Resolver
from module_utils._httpd.vocabulary.effects.directive_effects import HARMLESS
from running import Count, free_port, httpd

# The test couldn't go on with its server.
_NOT_STREWN = """
    user group chrootdir serverroot pidfile scoreboardfile maxconnectionsperchild maxrequestsperchild loadfile loadmodule
    listen coredumpdirectory suexec suexecusergroup include includeoptional"""
# A child dies of it, and takes with it what others have asked.
DEADLY = "Redirect 192.0.2.0/24"
NOT_STREWN = frozenset(_NOT_STREWN.split())
GROUP = 24
MOST_TRIES = 5
COMPARED = tuple(
    field.name for field in fields(Decision) if field.name not in ("reasons", "vhost_place")
)


@dataclass(frozen=True)
class Row:
    """A directive with arguments that httpd takes, and where: `main`, `vhost` or `location`."""

    name: str
    module: str
    places: tuple[str, ...]
    arguments: str

    @property
    def line(self) -> str:
        """The directive as it is written."""
        return f"{self.name} {self.arguments}".rstrip()


@dataclass(frozen=True)
class Sowing:
    """What is strewn, where: at which `share` of the places where something could stand."""

    rows: tuple[Row, ...]
    share: float
    must_stay: bool


def run_harmless(
    chance: random.Random, ports: Sequence[int], count: Count, *, servers: int, each: int
) -> None:
    """Strew what has no effect: each request is decided as without it, and as httpd does."""
    rows = tuple(row for row in rows_here() if row.name.lower() in HARMLESS)
    _run(chance, ports, count, Sowing(rows, 0.3, must_stay=True), servers=servers, each=each)


def run_everything(
    chance: random.Random, ports: Sequence[int], count: Count, *, servers: int, each: int
) -> None:
    """Strew whatever there is, more thinly: answers may be open, none may be wrong."""
    sowing = Sowing(rows_here(), 0.08, must_stay=False)
    _run(chance, ports, count, sowing, servers=servers, each=each)


@lru_cache
def rows_here() -> tuple[Row, ...]:
    """Return the rows of directives that the httpd here knows."""
    known = {name.lower() for name in _names_known()} - NOT_STREWN
    rows = map(read_row, FILE.read_text().splitlines())
    return tuple(row for row in rows if row.name.lower() in known and row.line != DEADLY)


def read_row(line: str) -> Row:
    """Read a line of arguments.tsv."""
    name, module, places, arguments = line.split("\t")
    return Row(name, module, tuple(places.split(",")), arguments)


def _names_known() -> list[str]:
    said = ask(load_lines(names_in_order()), "-L").stdout
    return re.findall(r"^(\w+) \([\w.]+\)$", said, re.MULTILINE)


def that_start(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with which httpd starts, a group at a time; its syntax check passes more."""
    if len(rows) > GROUP:
        groups = (rows[at : at + GROUP] for at in range(0, len(rows), GROUP))
        return [row for group in groups for row in that_start(group)]
    port = free_port()
    plain = [MAIN_NAME, TYPES, f"Listen 127.0.0.1:{port}"]
    # Some files are read for the main server only.
    main = [row.line for row in rows if "main" in row.places]
    own = [row.line for row in rows if row.places[0] == "vhost"]
    of_path = [row.line for row in rows if row.places == ("location",)]
    vhost = [
        f"<VirtualHost *:{port}>",
        *own,
        "<Location /x>",
        *of_path,
        "</Location>",
        "</VirtualHost>",
    ]
    taken = without_refused(
        [*plain, *main, *vhost], {*plain, vhost[0], *vhost[-3:], "<Location /x>"}
    )
    with httpd("\n".join(taken), port, names_in_order()) as complaint:
        if not complaint:
            return [*rows]
    half = len(rows) // 2
    return [*that_start(rows[:half]), *that_start(rows[half:])] if half else []


def _run(
    chance: random.Random,
    ports: Sequence[int],
    count: Count,
    sowing: Sowing,
    *,
    servers: int,
    each: int,
) -> None:
    """Run virtual hosts beside a main server, strewn over with rows."""
    maker = Maker(chance, ports, free_port())
    vhosts = [maker.vhost(number) for number in range(servers)]
    main = maker.main()
    plain = "\n".join((MAIN_NAME, TYPES, f"Listen 127.0.0.1:{maker.port}", *main, *vhosts))
    requests = [
        maker.request([f"s{number}.test"], (*paths_of(vhost), *paths_of("\n".join(main))))
        for number, vhost in enumerate(vhosts)
        for _request in range(each)
    ]
    text, answers = _ask_strewn(plain, sowing, chance, requests, maker.port)
    names = names_in_order()
    before, after = (Resolver(server_of(one, names, closed=False)) for one in (plain, text))
    count.servers += servers
    for request, answer in zip(requests, answers):
        decision = after.resolve(request)
        found = difference(request, decision, answer, ports)
        if sowing.must_stay and not found:
            found = change(before.resolve(request), decision)
        count.add(text, request, decision, found)


def _ask_strewn(
    plain: str, sowing: Sowing, chance: random.Random, requests: Sequence[Request], port: int
) -> tuple[str, list[Answer]]:
    """Return a strewn server and its answers. Raises ValueError where httpd doesn't start, whatever is strewn."""
    for _try in range(MOST_TRIES):
        lines = plain.split("\n")
        text = "\n".join(without_refused(strew(lines, sowing, chance), lines))
        with httpd(text, port, names_in_order()) as complaint:
            if not complaint:
                return text, asyncio.run(ask_all(requests))
    raise ValueError(f"{complaint}\n{text}")


def change(before: Decision, after: Decision) -> str:
    """Return what of a decision has changed."""
    changed = [
        f"{name} was {getattr(before, name)!r} and is {getattr(after, name)!r}"
        for name in COMPARED
        if getattr(before, name) != getattr(after, name)
    ]
    return "; ".join(changed)


def strew(lines: Sequence[str], sowing: Sowing, chance: random.Random) -> list[str]:
    """Return the lines with rows between them."""
    by_place = {
        place: [row for row in sowing.rows if place in row.places]
        for place in ("main", "vhost", "location")
    }
    strewn: list[str] = []
    for line, place in zip(lines, _places_behind(lines)):
        strewn.append(line)
        while by_place.get(place) and chance.random() < sowing.share:
            strewn.append(chance.choice(by_place[place]).line)
    return strewn


def _places_behind(lines: Sequence[str]) -> Iterator[str]:
    """Yield for each line where what follows it stands; empty where nothing may."""
    within: list[str] = []
    for line in lines:
        opened = re.match(r"\s*<(/?)(\w+)", line)
        if opened and opened.group(1):
            within.pop()
        elif opened:
            within.append(opened.group(2).lower())
        if line.endswith("\\"):
            yield ""
        elif not within:
            yield "main"
        else:
            # A <Proxy> that has a directive of the core sets others back.
            place = {"virtualhost": "vhost", "location": "location", "locationmatch": "location"}
            yield place.get(within[-1], "")


def without_refused(lines: Sequence[str], plain: Collection[str]) -> list[str]:
    """Return the lines without those strewn ones that httpd refuses where they stand."""
    left = list(lines)
    while True:
        number = _refused(left)
        if not number:
            return left
        if left[number - 1] in plain:
            # What it refuses stands in the section that ends here.
            raise ValueError(f"{left[number - 1]} is refused")
        del left[number - 1]


def _refused(lines: Sequence[str]) -> int:
    """Return the number of the line that httpd refuses, 0 where it takes all. Raises ValueError where it says none."""
    loads = load_lines(names_in_order())
    said = ask([*loads, *lines], "-t")
    if said.returncode == 0:
        return 0
    found = re.search("on line ([0-9]+)", said.stderr)
    if not found:
        raise ValueError("\n".join((said.stderr, *lines)))
    return int(found.group(1)) - len(loads) - ASKED_BEFORE
