"""Values of parameters that httpd refuses, or reads otherwise than they were meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ....reading.server import Server
from ...rule import Finding, rule
from ..routing.rule_order import MOD_PROXY

# What httpd 2.4.71 takes (set_worker_param, set_balancer_param; each limit was tried). An interval is checked by form.
WORKER_VALUES = {
    "acquire": r"[1-9][0-9]*(?:ms|s|min?|mi|h)?",
    "addressttl": r"-1|[0-9]{1,9}(?:s|min?|mi|h)?|[0-9]{0,6}000ms",
    "connectiontimeout": r"0*[1-9][0-9]*(?:ms|s|min?|mi|h)?",
    "disablereuse": "on|off",
    "enablereuse": "on|off",
    "flushpackets": "on|off|auto",
    "flushwait": r"[0-9]{1,3}|1000",
    "hcinterval": r"0*[1-9][0-9]*(?:s|min?|mi|h)?|0*[1-9][0-9]{2,}ms",
    "hcmethod": "none|tcp|(?:options|head|get)(?:11)?",
    "iobuffersize": r"0|51[2-9]|5[2-9][0-9]|[6-9][0-9][0-9]|[0-9]{4,}",
    "keepalive": "on|off",
    "lbset": r"[0-9]{1,2}",
    "loadfactor": r"[1-9][0-9]?(?:\.[0-9]*)?|100|[1-9][0-9]?[^0-9].*",
    "mapping": "encoded|servlet",
    "max": r"[^-].*",
    "min": r"[^-].*",
    "ping": r"0*[1-9][0-9]*(?:ms|s|min?|mi|h)?",
    "receivebuffersize": r"0|51[2-9]|5[2-9][0-9]|[6-9][0-9][0-9]|[0-9]{4,}",
    "responsefieldsize": r"[^-].*",
    "retry": r"[^-].*",
    "smax": r"[^-].*",
    "status": r"(?:[+-]?[DSIRHENC])*(?:[+-])?",
    "timeout": r"0*[1-9].*",
    "ttl": r"0*[1-9].*",
}
BALANCER_VALUES = {
    "failonstatus": r"[0-9]{3}(?:,[0-9]{3})*,?",
    "failontimeout": "on|off",
    "forcerecovery": "on|off",
    "growth": r"[1-9][0-9]?|100",
    "mapping": "encoded|servlet",
    "maxattempts": r"[^-].*",
    "nofailover": "on|off",
    "scolonpathdelim": "on|off",
    "stickysessionsep": r".|off",
    "timeout": r"0*[1-9].*",
}
LONG_CONNECT = 600  # seconds
_LOST = re.compile(r"\s(\w+)=")


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080/ timeout=0 flushpackets=yes",
    good="ProxyPass / http://10.0.0.1:8080/ timeout=60 flushpackets=on",
)
def parameter_out_of_range(server: Server) -> Iterator[Finding]:
    """A parameter's value is one that httpd doesn't take: it refuses to start (AH00526), or reads another.

    Of some numbers it reads the digits and drops the rest, so `lbset=first` is 0.
    """
    for table, owners in (
        (WORKER_VALUES, server.workers),
        (BALANCER_VALUES, server.balancers),
    ):
        for _url, parameters, place in owners:
            for name, value in parameters.items():
                if name in table and not _is_taken(table[name], value):
                    message = f"`{name}={value}` {_meaning(name, value, table[name])}"
                    yield Finding(place.at(name), message, _FIXES.get(name, "see its page"))


@lru_cache(maxsize=4096)
def _is_taken(pattern: str, value: str) -> bool:
    """Tell whether a parameter may have a value; most virtual hosts write the same ones."""
    return re.fullmatch(pattern, value, re.IGNORECASE) is not None


def _meaning(name: str, value: str, taken: str) -> str:
    """Say what httpd does with a value: it refuses it, unless it reads a number from it."""
    digits = re.match(r"\s*([+-]?[0-9]{0,9})", value) if name in _DIGITS_ONLY else None
    number = str(int(digits[1])) if digits and digits[1].strip("+-") else "0"
    if digits and re.fullmatch(taken, number):
        return f"is read as {number}"
    return "is no value that httpd takes"


# httpd reads these with atoi.
_DIGITS_ONLY = frozenset({"flushwait", "growth", "iobuffersize", "lbset", "receivebuffersize"})
_SPAN = "write whole seconds, or a number with ms"
_SWITCH = "write On or Off"
_FIXES = {
    **dict.fromkeys(("connectiontimeout", "ping"), _SPAN),
    **dict.fromkeys(("acquire",), "write milliseconds, from 1"),
    **dict.fromkeys(("disablereuse", "enablereuse", "keepalive", "failontimeout"), _SWITCH),
    **dict.fromkeys(("forcerecovery", "nofailover", "scolonpathdelim"), _SWITCH),
    **dict.fromkeys(("timeout", "ttl"), "write seconds, from 1"),
    **dict.fromkeys(
        ("responsefieldsize", "retry", "max", "min", "smax", "maxattempts"), "write a number from 0"
    ),
    **dict.fromkeys(("iobuffersize", "receivebuffersize"), "write 0, or bytes from 512"),
    **dict.fromkeys(("growth", "loadfactor"), "write a number from 1 to 100"),
    "failonstatus": "write status codes, 500,503",
    "flushpackets": "write on, off or auto",
    "addressttl": "write seconds, or -1",
    "flushwait": "write milliseconds, at most 1000",
    "hcinterval": "write seconds, or at least 100ms",
    "hcmethod": "write TCP, OPTIONS, HEAD or GET",
    "lbset": "write a number from 0 to 99",
    "mapping": "write servlet or encoded",
    "status": "write letters of DSIRHENC, each with + or -",
    "stickysessionsep": "write one character, or Off",
}


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/configuring.html#syntax",
    bad='ProxyPass / http://10.0.0.1:8080/ "timeout=600 keepalive=On"',
    good="ProxyPass / http://10.0.0.1:8080/ timeout=600 keepalive=On",
)
def parameters_in_one_word(server: Server) -> Iterator[Finding]:
    """Several parameters are quoted together, so that httpd sees one: the first, with the rest as its value.

    It starts, and the others are lost without a word.
    """
    for _url, parameters, place in (*server.workers, *server.balancers):
        for name, value in parameters.items():
            lost = _LOST.findall(value)
            if lost:
                message = f'"{name}={value}" is one word, so {", ".join(lost)} is lost'
                yield Finding(place.at(name), message, "leave out the quotes")


@rule(
    "warning",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080/ connectiontimeout=4000",
    good="ProxyPass / http://10.0.0.1:8080/ connectiontimeout=4000ms",
)
def connection_timeout_too_long(server: Server) -> Iterator[Finding]:
    """A connection may take over ten minutes to open: `connectiontimeout` is in seconds, unless it says `ms`."""
    for _url, parameters, place in server.workers:
        value = parameters.get("connectiontimeout", "")
        if value.isascii() and value.isdigit() and len(value) < 10 and int(value) > LONG_CONNECT:
            message = f"`connectiontimeout={value}` is {int(value) // 60} minutes"
            yield Finding(place.at("connectiontimeout"), message, f"write `{value}ms`, or seconds")


@rule(
    "hint",
    source=f"{MOD_PROXY}#proxypass",
    bad="ProxyPass / http://10.0.0.1:8080/ retry=5",
    good="ProxyPass / http://10.0.0.1:8080/",
)
def retry_without_balancer(server: Server) -> Iterator[Finding]:
    """`retry` has no effect on a rule that names its backend: each request tries again (tried with httpd 2.4.71).

    Only a balancer's members are left alone after a failure.
    """
    for scope in server.scopes:
        for proxy_pass in scope.rules:
            is_balancer = proxy_pass.url.lower().startswith("balancer:")
            if "retry" in proxy_pass.parameters and not is_balancer:
                message = f"`retry={proxy_pass.parameters['retry']}` has no effect here"
                yield Finding(proxy_pass.place.at("retry"), message, "leave it out")


@rule(
    "hint",
    source="https://httpd.apache.org/docs/2.4/mod/mod_proxy_ajp.html",
    bad="ProxyPass / ajp://10.0.0.1:8009/",
    good="ProxyPass / ajp://10.0.0.1:8009/ secret=${AJP_SECRET}",
)
def ajp_without_secret(server: Server) -> Iterator[Finding]:
    """An AJP backend is asked without a secret, which Tomcat wants since 9.0.31 (Ghostcat, CVE-2020-1938): 403."""
    for url, parameters, place in server.workers:
        if url.lower().startswith("ajp:") and "secret" not in parameters:
            message = f'"{url}" is asked without a secret'
            yield Finding(
                place.at("secret"), message, "add `secret=`, and the same in its connector"
            )
