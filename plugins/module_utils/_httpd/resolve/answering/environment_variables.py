"""The variables that SetEnvIf, BrowserMatch and their kin set. https://httpd.apache.org/docs/2.4/mod/mod_setenvif.html"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import Groups, match, substituted
from ..blocks import Setting
from ..exchange import Exchange

PLAIN_TEXT = re.compile(r"(?:\\[\^.$|()\[\]*+?{}\\]|[^\^.$|()\[\]*+?{}\\])*", re.DOTALL)


def set_variables(exchange: Exchange) -> None:
    """Set those of the server and the virtual host, in order; a later one may ask for an earlier one."""
    _set_all(exchange, exchange.site.base_first("@setenvif"))


def set_variables_of_sections(exchange: Exchange) -> None:
    """Set those of the sections that apply, which httpd tries once it knows them, and before it asks who may."""
    for block in exchange.matched:
        _set_all(exchange, block.settings.get("@setenvif", ()))


def _set_all(exchange: Exchange, settings: Iterable[Setting]) -> None:
    for setting in settings:
        if setting.name.startswith("browsermatch"):
            asked_for: tuple[str, ...] = ("User-Agent", *setting.values)
        else:
            asked_for = setting.values
        _set(exchange, setting, asked_for)


def _set(exchange: Exchange, setting: Setting, values: tuple[str, ...]) -> None:
    """Try one directive."""
    if setting.name == "setenvifexpr":
        unknown = Depends("expression", f"the value of `{values[0]}`", setting.place)
        _assign(exchange, values[1:], None, unknown)
        return
    if len(values) < 3:
        return
    try:
        value = _attribute(exchange, values[0], setting)
        groups = match(values[1], value, ignore_case="nocase" in setting.name, place=setting.place)
    except Depends as depends:
        _assign(exchange, values[2:], None, depends)
        return
    if groups is not None:
        # What has nothing of a regular expression is searched as it is, and `$1` means nothing in the value.
        groups = None if PLAIN_TEXT.fullmatch(values[1]) else groups
        condition = setting.condition
        unknown = Depends("condition", f"SetEnvIf is within {condition}", setting.place)
        _assign(exchange, values[2:], groups, unknown if condition else None)


def _attribute(exchange: Exchange, name: str, setting: Setting) -> str:
    """Return what is matched: a part of the request, a header, or a variable."""
    request, lower = exchange.request, name.lower()
    if lower == "request_uri":
        return request.path
    if lower == "request_method":
        return request.method
    if lower == "request_protocol":
        return "HTTP/1.1"
    if lower in ("remote_addr", "remote_host", "server_addr"):
        known = {"remote_addr": request.client, "server_addr": request.address}.get(lower, "")
        if known:
            return known
        raise Depends("client", f"what {name} is", setting.place)
    if not name.replace("-", "").replace("_", "").isalnum():
        raise Depends("pattern", f"which headers `{name}` names", setting.place)
    header = request.host if lower == "host" else request.headers.get(lower)
    return header if header is not None else exchange.variable(name) or ""


def _assign(
    exchange: Exchange, words: Iterable[str], groups: Groups | None, unknown: Depends | None
) -> None:
    """Set `name`, `name=value`, unset `!name`; all to what isn't known where it isn't known whether."""
    for word in words:
        name, value = _read_assignment(word)
        if unknown:
            exchange.env[name] = unknown
        elif value.startswith("!"):
            exchange.env.pop(name, None)
        else:
            exchange.env[name] = value if groups is None else substituted(value, groups)


def _read_assignment(word: str) -> tuple[str, str]:
    """Return a name and its value: `!` unsets it, nothing is 1, and a second `=` isn't part of it."""
    name, _equals, value = word.partition("=")
    value = value.lstrip("=")
    if value:
        return name, value
    return (name[1:], "!") if name.startswith("!") else (name, "1")
