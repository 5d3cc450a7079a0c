"""Who answers which name at which address, before a release and after: nobody's site goes dark unsaid, and ours is reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from ..reading.server import Server, VirtualHost
from ..resolve.hosts import MAIN, Hosts, read_host
from ..resolve.request import Reason, Request
from ..syntax.problem import Problem
from ..syntax.tree import NOWHERE, Place
from ..vocabulary.depends import Depends
from ..vocabulary.reserved_names import GATEHOUSE_HOSTS
from .problem_kinds import SITE_LOST, VHOST_UNREACHABLE

IsOurs = Callable[[Place], bool]
# Of an address's host: whether the machine doesn't have it, so that nobody asks there.
IsAbsent = Callable[[str], bool]
NOBODY = "gatehouse-nobody.invalid"  # a name that no virtual host has
EVERY_OTHER = "*"  # what it stands for
_OTHERS = "every name that no virtual host has"
_ANYWHERE = "0.0.0.0"  # an address that no virtual host has for itself
# What makes the main server a site; what modules bring (`/icons/`) isn't among it.
_OF_A_SITE = frozenset({
    "documentroot", "proxypass", "proxypassmatch", "redirect", "redirectmatch", "rewriterule",
})  # fmt: skip


class Answerers:
    """The virtual hosts of a server, asked by name and address."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._hosts = Hosts(server)
        self.specific: dict[int, set[str]] = {}
        for vhost in server.vhosts:
            for address in vhost.addresses:
                if not address.is_wildcard:
                    self.specific.setdefault(address.port, set()).add(address.host)

    def ask(self, name: str, host: str, port: int) -> VirtualHost | None:
        """Return who answers, None for the main server. Raises Depends."""
        reasons: list[Reason] = []
        request = Request("/", name, address=host, port=port)
        read = read_host(name)
        index = MAIN if read is None else self._hosts.select(request, read, reasons)
        return None if index == MAIN else self.server.vhosts[index]

    def ports(self) -> set[int]:
        """Return the ports on which it listens."""
        return {listen.address.port for listen in self.server.listens if not listen.conditions}


def lost_sites(
    before: Server,
    after: Server,
    *,
    is_ours: IsOurs,
    is_left_out: IsOurs,
    taken_over: Collection[str],
    is_absent: IsAbsent,
) -> Iterator[Problem]:
    """Yield an error for each name and address of somebody else's that we would answer from now on.

    What `is_left_out` is nobody's, or ours already.
    `taken_over` are names that may be, `*` for those that nobody has.
    """
    was, would_be = Answerers(before), Answerers(after)
    for vhost in before.vhosts:
        if not is_left_out(vhost.place):
            yield from _lost_of(vhost, was, would_be, is_ours, taken_over, is_absent)
    if EVERY_OTHER not in taken_over:
        yield from _lost_of_main(was, would_be, is_ours)


def _lost_of(
    vhost: VirtualHost,
    was: Answerers,
    would_be: Answerers,
    is_ours: IsOurs,
    taken_over: Collection[str],
    is_absent: IsAbsent,
) -> Iterator[Problem]:
    """Yield what a virtual host would lose, each name once."""
    for name in dict.fromkeys((vhost.server_name, *vhost.server_aliases, EVERY_OTHER)):
        if not name or name in taken_over:
            continue
        for host, port in _addresses(vhost, was, would_be):
            asked = _sample(name)
            try:
                now, then = was.ask(asked, host, port), would_be.ask(asked, host, port)
            except Depends:
                continue
            is_taken = now is vhost and then is not None and is_ours(then.place)
            if then and is_taken and not is_absent(host):
                who = f"the virtual host at {vhost.place}"
                yield _lost(name, host, port, who, _written(then, would_be, is_ours))
                break


def _lost_of_main(was: Answerers, would_be: Answerers, is_ours: IsOurs) -> Iterator[Problem]:
    """Yield the ports that the main server's own site would lose."""
    own = [placed for name in _OF_A_SITE for placed in was.server.main.named(name)]
    places = [placed.directive.place for placed in own if not placed.around]
    place = next((one for one in places if not is_ours(one)), None)
    for port in sorted(was.ports()) if place else ():
        try:
            now = was.ask(NOBODY, _ANYWHERE, port)
            then = would_be.ask(NOBODY, _ANYWHERE, port)
        except Depends:
            continue
        if now is None and then is not None and is_ours(then.place):
            who = f"the main server (see {place})"
            yield _lost(EVERY_OTHER, _ANYWHERE, port, who, _written(then, would_be, is_ours))


def _written(then: VirtualHost, would_be: Answerers, is_ours: IsOurs) -> VirtualHost:
    """Return the virtual host that somebody wrote: what answers unknown names is there for another's address."""
    if then.server_name not in GATEHOUSE_HOSTS:
        return then
    others = (
        vhost
        for vhost in would_be.server.vhosts
        if is_ours(vhost.place)
        and vhost.server_name not in GATEHOUSE_HOSTS
        and {*vhost.addresses} & {*then.addresses}
    )
    return next(others, then)


def _lost(name: str, host: str, port: int, who: str, then: VirtualHost) -> Problem:
    """Return the problem of one name."""
    shown = _OTHERS if name == EVERY_OTHER else name
    where = f"port {port}" if host == _ANYWHERE else f"{host}:{port}"
    message = (
        f"{who} answers {shown} at {where}, and the virtual host at {then.place} would from now on"
    )
    fix = f"give it the addresses of that site (`listen`), or accept it by apache_takes_over: ['{name}']"
    return SITE_LOST.problem(then.place, message, fix)


def unreachable_vhosts(
    after: Server,
    *,
    is_ours: IsOurs,
    is_default: IsOurs,
    taken_over: Collection[str],
    is_absent: IsAbsent,
) -> Iterator[Problem]:
    """Yield each virtual host of ours that one of its names doesn't lead to, at any of its addresses or at some.

    One that `is_default` has every name that nobody has. Names that are `taken_over` may lead elsewhere, which is a warning.
    """
    found = unreached(after, is_ours=is_ours, is_default=is_default, is_absent=is_absent)
    for name, problem in found:
        if name in taken_over:
            # What was done isn't said again as a remedy.
            fix = problem.fix.replace(_acceptance(name), "; apache_takes_over accepts it")
            yield replace(problem, severity="warning", fix=fix)
        else:
            yield problem


def unreached(
    after: Server, *, is_ours: IsOurs, is_default: IsOurs, is_absent: IsAbsent
) -> Iterator[tuple[str, Problem]]:
    """Yield the same with the name that leads elsewhere, whoever lets it."""
    answerers = Answerers(after)
    passed_over = {*GATEHOUSE_HOSTS, ""}
    for vhost in after.vhosts:
        if is_ours(vhost.place):
            others = (EVERY_OTHER,) if is_default(vhost.place) else ()
            for name in (vhost.server_name, *vhost.server_aliases, *others):
                if name not in passed_over:
                    for problem in _unreachable(vhost, name, answerers, is_ours, is_absent):
                        yield name, problem


def _unreachable(
    vhost: VirtualHost, name: str, answerers: Answerers, is_ours: IsOurs, is_absent: IsAbsent
) -> Iterator[Problem]:
    """Compare who answers with who ought to; a site of the host's own may have an address for itself."""
    others: dict[str, VirtualHost | None] = {}
    reached = 0
    for host, port in _addresses(vhost, answerers):
        try:
            found = answerers.ask(_sample(name), host, port)
        except Depends:
            continue
        if is_absent(host):
            continue
        reached += found is vhost
        if found is not vhost:
            where = f"port {port}" if host == _ANYWHERE else f"{host}:{port}"
            others.setdefault(where, found)
    for where, found in others.items():
        place = found.place if found else NOWHERE
        shown = _OTHERS if name == EVERY_OTHER else name
        who = f"the virtual host at {place} answers it" if found else "no virtual host answers it"
        fix = _remedy(vhost, name, found, is_ours(place))
        if found and found.server_name in GATEHOUSE_HOSTS:
            # What answers unknown names is nobody's: it stands there because another one has the address for itself.
            owner = _written(found, answerers, is_ours)
            who = f"the virtual host at {owner.place} has that address for itself"
            fix = f"add {where} to the `listen` of this one{_acceptance(name)}"
        message = f"{shown} doesn't lead here at {where}: {who}"
        problem = VHOST_UNREACHABLE.problem(vhost.place, message, fix)
        is_mild = bool(reached) and not is_ours(place)
        yield replace(problem, severity="warning") if is_mild else problem


def _remedy(vhost: VirtualHost, name: str, found: VirtualHost | None, is_ours: bool) -> str:
    """Say what has a name lead to a virtual host, or lets it be; two that share a name and an address can't both stay."""
    if found is None or not {*found.addresses} & {*vhost.addresses}:
        remedy = "give the two the same addresses or others"
    elif name == EVERY_OTHER:
        remedy = "take `default` out, or disable that one"
    elif name not in (found.server_name, *found.server_aliases):
        remedy = (
            "narrow the names of that one, or have it read later: httpd takes the first that fits"
        )
    else:
        site = "" if is_ours else ", or disable its site (`a2dissite`)"
        return f"take the name from that one{site}"
    return f"{remedy}{_acceptance(name)}"


def _acceptance(name: str) -> str:
    """Say how an operator accepts that a name leads elsewhere."""
    return f", or accept that nobody reaches it there, by apache_takes_over: ['{name}']"


def _addresses(vhost: VirtualHost, *servers: Answerers) -> Iterator[tuple[str, int]]:
    """Yield the addresses at which a virtual host is asked; one of every address also where others have their own."""
    for address in vhost.addresses:
        ports = (address.port,) if address.port else sorted(servers[0].ports())
        for port in ports:
            if not address.is_wildcard:
                yield address.host, port
                continue
            yield _ANYWHERE, port
            hosts = {host for one in servers for host in one.specific.get(port, ())}
            yield from ((host, port) for host in sorted(hosts))


def _sample(name: str) -> str:
    """Return a name that a pattern stands for."""
    return NOBODY if name == EVERY_OTHER else name.replace("*", "any").replace("?", "x")
