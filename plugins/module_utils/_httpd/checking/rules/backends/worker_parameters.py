"""Workers, and the parameters of workers and balancers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ....reading.server import Server
from ....syntax.quoting import size_in_bytes
from ....variables.parameters import (
    BALANCER,
    BALANCER_BYTES,
    MEMBER,
    ROUTE_BYTES,
    STICKYSESSION_BYTES,
    WORKER,
)
from ...rule import Finding, rule
from ..routing.rule_order import MOD_PROXY

# httpd reads these with atoi: whole seconds, and whatever follows the digits is dropped.
WHOLE_NUMBERS = frozenset({"timeout", "retry", "ttl"})
LIMITS = {"route": ROUTE_BYTES, "redirect": ROUTE_BYTES, "stickysession": STICKYSESSION_BYTES}


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080/ stickysession=JSESSIONID",
    good="ProxyPass / http://10.0.0.1:8080/ timeout=30",
)
def balancer_parameter_on_worker(server: Server) -> Iterator[Finding]:
    """A parameter of balancers stands on a worker: httpd refuses to start (AH00526)."""
    for url, parameters, place in server.workers:
        for name in parameters:
            if name in BALANCER and name not in WORKER and name not in MEMBER:
                message = f'`{name}={parameters[name]}` is a balancer\'s parameter, but "{url}" is a worker'
                yield Finding(
                    place.at(name), message, "write it on the balancer, in its <Proxy> by ProxySet"
                )


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        ProxyPass / balancer://shop/ connectiontimeout=5
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 connectiontimeout=5
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def worker_parameter_on_balancer(server: Server) -> Iterator[Finding]:
    """A parameter of workers stands on a balancer: httpd refuses to start (AH00526)."""
    for url, parameters, place in server.balancers:
        for name in parameters:
            if name in (WORKER.keys() | MEMBER.keys()) and name not in BALANCER:
                message = f'`{name}={parameters[name]}` is a worker\'s parameter, but "{url}" is a balancer'
                yield Finding(place.at(name), message, "write it on each BalancerMember")


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080/ timeout=2000ms",
    good="ProxyPass / http://10.0.0.1:8080/ timeout=2",
)
def interval_misread(server: Server) -> Iterator[Finding]:
    """A time span has a unit that httpd drops.

    `timeout`, `retry` and `ttl` are whole seconds; httpd reads the digits and forgets the rest, so `timeout=2000ms` is
    over half an hour. `connectiontimeout`, `acquire`, `addressttl` and `ping` do take units.
    """
    for _name, parameters, place in (*server.workers, *server.balancers):
        for name in WHOLE_NUMBERS & parameters.keys():
            written = parameters[name]
            match = re.fullmatch(r"([0-9]+)[^0-9\s]\S*", written)
            if match:
                message = f"`{name}={written}` is read as {match[1]} seconds"
                yield Finding(place.at(name), message, f"write `{name}=` and whole seconds")


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad=f"""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 route={"r" * 64}
        </Proxy>
        ProxyPass / balancer://shop/
    """,
    good="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080 route=r1
        </Proxy>
        ProxyPass / balancer://shop/
    """,
)
def name_too_long(server: Server) -> Iterator[Finding]:
    """A name is longer than httpd's shared memory keeps.

    A route or redirect has at most 63 bytes, a balancer's name with its scheme 95; httpd refuses longer ones (AH00526).
    A longer `stickysession` it cuts without a word, and no session sticks.
    """
    for url, parameters, place in (*server.workers, *server.balancers):
        for name in (one for one in LIMITS if one in parameters):
            limit, size = LIMITS[name], size_in_bytes(parameters[name])
            if size > limit:
                message = (
                    f"`{name}={parameters[name]}` has {size} bytes, of which httpd keeps {limit}"
                )
                yield Finding(place.at(name), message, f"write at most {limit} bytes")
        if url.startswith("balancer://") and size_in_bytes(url.rstrip("/")) > BALANCER_BYTES:
            message = f'"{url}" is longer than the {BALANCER_BYTES} bytes of a balancer\'s name'
            yield Finding(place.at("name"), message, "write a shorter name")


@rule(
    "warning",
    source=f"{MOD_PROXY}#workers",
    bad="""
        ProxyPass /app/ws http://10.0.0.1:8080/app/ws upgrade=websocket
        ProxyPass /app http://10.0.0.1:8080/app
        ProxyPass /slow http://10.0.0.1:8080/app/slow timeout=600
    """,
    good="""
        ProxyPass /app/ws http://10.0.0.1:8080/app/ws upgrade=websocket
        ProxyPass /slow http://10.0.0.1:8080/app/slow timeout=600
        ProxyPass /app http://10.0.0.1:8080/app
    """,
)
def worker_shared(server: Server) -> Iterator[Finding]:
    """A rule's parameters are lost to an earlier worker whose URL begins its own.

    A worker is a URL. Where an earlier URL is the beginning of a later one, httpd makes no second worker and ignores the
    later parameters (AH01146): its timeout, its upgrade. Write the longest target first.
    """
    for scope in server.scopes:
        seen: dict[str, str] = {}
        lengths: set[int] = set()
        for proxy_pass in scope.rules:
            if (
                proxy_pass.is_exclusion
                or proxy_pass.is_match
                or proxy_pass.url.startswith("balancer:")
            ):
                continue
            earlier = next(
                (
                    seen[prefix]
                    for prefix in url_prefixes(proxy_pass.url, lengths)
                    if prefix in seen
                ),
                None,
            )
            if earlier and proxy_pass.parameters:
                message = f'"{proxy_pass.url}" shares the worker of "{earlier}", so its parameters are ignored'
                fix = f'move it before the rule with "{earlier}", or leave the parameters out'
                yield Finding(proxy_pass.place.at("url"), message, fix)
            elif not earlier:
                seen[proxy_pass.url.lower()] = proxy_pass.url
                lengths.add(len(proxy_pass.url))


def url_prefixes(url: str, lengths: Iterable[int]) -> Iterator[str]:
    """Yield those beginnings of a URL, at least scheme://host, that have one of these lengths; the longest first."""
    text = url.lower()
    least = text.find("/", text.find("//") + 2)
    shortest = least if least > 0 else len(text)
    for end in sorted(lengths, reverse=True):
        if shortest <= end <= len(text):
            yield text[:end]
