"""What a virtual host says once: names, logs, local files, and what holds for all of its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...concerns.vhosts.model import Vhost
from ...concerns.vhosts.vhost_parts import BUILT_IN_FORMATS, CustomLog
from ...syntax.quoting import Refused
from ...syntax.tree import Directive
from ...variables.models import kind_of, model_of
from .redirect_and_alias_lift import granted_at
from .vhost_body import Body, Plain, accepted, not_lifted, values_of

# Directives of one value, of which the last holds.
_SINGLES = {"error_log": "ErrorLog", "log_level": "LogLevel", "proxy_timeout": "ProxyTimeout"}


def lift_names(body: Body, fallbacks: Sequence[str]) -> Plain:
    """Take the names; the first of `fallbacks` that is one stands for a ServerName that isn't there or can't be said."""
    try:
        name = _last(body, "server_name", "ServerName")
    except Refused:
        name = None
    aliases = []
    for index, directive in body.directives("ServerAlias"):
        try:
            aliases += accepted(kind_of(Vhost, "server_aliases"), list(values_of(directive)))
            body.taken.add(index)
        except Refused as refused:
            body.keep([index], refused.message)
    names = {"server_name": name or next(filter(_is_host_name, fallbacks))}
    return {**names, **({"server_aliases": aliases} if aliases else {})}


def _is_host_name(name: str) -> bool:
    """Tell whether a name can be a `server_name`."""
    try:
        accepted(kind_of(Vhost, "server_name"), name)
    except Refused:
        return False
    return True


def lift_settings(body: Body, formats: Mapping[str, Any]) -> Plain:
    """Take what is said once; `formats` are the log formats that have names."""
    lifted: Plain = {}
    for key, name in _SINGLES.items():
        try:
            value = _last(body, key, name)
        except Refused:
            continue
        if value is not None:
            lifted[key] = value
    return {**_document_root(body), **lifted, **_custom_log(body, formats)}


def _last(body: Body, key: str, name: str) -> Any:
    """Take all directives of a name, of which the last holds; None where there is none. Raises Refused."""
    found = body.directives(name)
    if not found:
        return None
    values = values_of(found[-1][1])
    try:
        if len(values) != 1:
            raise not_lifted(f"no variable says {name} with {len(values)} values")
        value = accepted(kind_of(Vhost, key), values[0])
    except Refused as refused:
        body.keep([index for index, _directive in found], refused.message)
        raise
    body.take_last(found)
    return value


def _document_root(body: Body) -> Plain:
    """Take DocumentRoot, where its variable gives no other rights than there are."""
    found = body.directives("DocumentRoot")
    if not found:
        return {}
    _index, directive = found[-1]
    try:
        if len(values_of(directive)) != 1:
            raise not_lifted("it has no single value")
        root = accepted(kind_of(Vhost, "document_root"), values_of(directive)[0])
        granted = granted_at(body, root, but=set())
    except Refused as refused:
        body.keep([other for other, _directive in found], refused.message)
        return {}
    body.take_last(found)
    body.taken |= granted
    return {"document_root": root}


def _custom_log(body: Body, formats: Mapping[str, Any]) -> Plain:
    """Take one CustomLog; the others are kept beside it, since each is written."""
    lifted: Plain = {}
    for index, directive in body.directives("CustomLog"):
        try:
            plain = _log(directive, formats)
        except Refused as refused:
            body.keep([index], refused.message)
            continue
        if lifted:
            body.keep([index], "`custom_log` is one log")
            continue
        lifted = {"custom_log": plain}
        body.taken.add(index)
    return lifted


def _log(directive: Directive, formats: Mapping[str, Any]) -> Plain:
    """Read a CustomLog. Raises Refused."""
    values = values_of(directive)
    if len(values) != 2:
        raise not_lifted("`custom_log` has a file and a format's name, nothing else")
    path, name = values
    if name not in BUILT_IN_FORMATS and name not in formats:
        raise not_lifted(f'"{name}" is no name in apache_log_formats')
    plain = {"path": path, **({} if name == "combined" else {"format": name})}
    accepted(model_of(CustomLog), plain)
    return plain
