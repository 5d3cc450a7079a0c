"""Whether a request is let in: Require, and Order, Allow and Deny. What isn't known is None until it decides.

https://httpd.apache.org/docs/2.4/mod/mod_authz_core.html, mod_authz_host and mod_access_compat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...syntax.tree import Place
from ...vocabulary.depends import Depends
from ..blocks import Group, Setting
from ..exchange import Exchange, holds
from ..verdicts import Verdict, both, either, opposite
from .networks import has_address

_OF_USERS = frozenset(
    {
        "user",
        "group",
        "valid-user",
        "ldap-user",
        "ldap-group",
        "ldap-filter",
        "file-owner",
        "claim",
        "dbd-group",
    }
)


@dataclass
class _Unknown:
    """Why a verdict isn't known: the first cause met."""

    depends: Depends | None = None

    def note(self, cause: str, message: str, place: Place) -> None:
        """Keep the first cause."""
        self.depends = self.depends or Depends(cause, message, place)


def denied_by(exchange: Exchange) -> Place | None:
    """Return the place that refuses the request, None where it is let in. Raises Depends."""
    satisfy = exchange.setting("satisfy")
    if satisfy and satisfy.values and satisfy.values[0].lower() == "any":
        raise Depends("authentication", "Satisfy Any", satisfy.place)
    return _denied_by_order(exchange) or _denied_by_require(exchange)


def _denied_by_require(exchange: Exchange) -> Place | None:
    """The last section that has a Require decides."""
    for block in exchange.blocks():
        members = [member for member in block.require if _applies(member, exchange)]
        if not block.require:
            continue
        merging = block.last("authmerging")
        if merging and merging.values and merging.values[0].lower() != "off":
            raise Depends("option", "AuthMerging", merging.place)
        if not members:
            break
        unknown = _Unknown()
        verdict = either([_judge(member, exchange, unknown) for member in members])
        if verdict is None and unknown.depends:
            raise unknown.depends
        return None if verdict else members[0].place
    _refuse_authentication(exchange)
    return None


def _refuse_authentication(exchange: Exchange) -> None:
    """Raise Depends where httpd wants to know the user though nothing is required of one."""
    kind = exchange.setting("authtype")
    if kind and "".join(kind.values[:1]).lower() != "none":
        raise Depends(
            "authentication", f"AuthType {' '.join(kind.values)} without a Require", kind.place
        )


def _applies(member: Setting | Group, exchange: Exchange) -> bool:
    """Tell whether a directive is for the request's method."""
    if isinstance(member, Group):
        return True
    method = "GET" if exchange.request.method == "HEAD" else exchange.request.method
    if member.methods:
        return method in member.methods
    return method not in member.except_methods if member.except_methods else True


def _judge(member: Setting | Group, exchange: Exchange, unknown: _Unknown) -> Verdict:
    if isinstance(member, Setting):
        return _require(member, exchange, unknown)
    verdicts = [_judge(inner, exchange, unknown) for inner in member.members]
    if member.name == "requireany":
        return either(verdicts)
    if member.name == "requireall":
        return both(verdicts)
    return opposite(either(verdicts))


def _require(setting: Setting, exchange: Exchange, unknown: _Unknown) -> Verdict:
    holds(setting)
    if "".join(setting.values[:1]).lower() == "not":
        return opposite(_provider(setting.values[1:], setting, exchange, unknown))
    return _provider(setting.values, setting, exchange, unknown)


def _provider(
    values: Sequence[str], setting: Setting, exchange: Exchange, unknown: _Unknown
) -> Verdict:
    """Ask one provider; `values` are the setting's without a `not`."""
    name, rest = "".join(values[:1]).lower(), values[1:]
    if name == "all":
        return "".join(rest[:1]).lower() == "granted"
    if name == "method":
        # httpd takes HEAD for a GET, and no other case for the same method.
        asked, *named = (
            "GET" if word == "HEAD" else word for word in (exchange.request.method, *rest)
        )
        return asked in named
    if name == "env":
        return any(exchange.variable(word) is not None for word in rest)
    if name in ("ip", "local"):
        networks = rest if name == "ip" else ("127.0.0.0/8", "::1")
        return _is_client(
            networks, f"Require {' '.join(setting.values)}", setting, exchange, unknown
        )
    if name in _OF_USERS:
        unknown.note("authentication", f"Require {' '.join(setting.values)}", setting.place)
    elif name == "expr":
        unknown.note("expression", f"Require {' '.join(setting.values)}", setting.place)
    else:
        unknown.note("client", f"Require {' '.join(setting.values)}", setting.place)
    return None


def _is_elsewhere(exchange: Exchange, unknown: _Unknown) -> bool:
    """Tell whether a header may say that the client is another one (mod_remoteip)."""
    setting = exchange.setting("remoteipheader")
    name = "".join(setting.values[:1]).lower() if setting else ""
    if setting and name in exchange.request.headers:
        unknown.note("client", f"whom RemoteIPHeader {name} takes the client for", setting.place)
        return True
    return False


def _is_client(
    networks: Sequence[str], told: str, setting: Setting, exchange: Exchange, unknown: _Unknown
) -> Verdict:
    """Tell whether the client is in one of the networks; `told` is what names them."""
    if _is_elsewhere(exchange, unknown):
        return None
    client = exchange.request.client
    verdict = either([has_address(network, client) for network in networks]) if client else None
    if verdict is None:
        unknown.note("client", f"what {told} says of the client", setting.place)
    return verdict


def _denied_by_order(exchange: Exchange) -> Place | None:
    """The last section that has Order, Allow or Deny decides; sections aren't merged."""
    for block in exchange.blocks():
        found = block.settings.get("@order")
        if found:
            return _by_order(
                [setting for setting in found if _applies(setting, exchange)], exchange
            )
    return None


def _by_order(found: Sequence[Setting], exchange: Exchange) -> Place | None:
    order, unknown = "deny,allow", _Unknown()
    for setting in found:
        holds(setting)
        if setting.name == "order":
            order = "".join(setting.values).lower()

    def named(name: str) -> Verdict:
        return either(
            [_host(setting, exchange, unknown) for setting in found if setting.name == name]
        )

    allowed, denied = named("allow"), named("deny")
    if order == "mutual-failure" or order == "allow,deny":
        verdict = both([allowed, opposite(denied)])
    else:
        verdict = either([allowed, opposite(denied)])
    if verdict is None and unknown.depends:
        raise unknown.depends
    return None if verdict or not found else found[-1].place


def _host(setting: Setting, exchange: Exchange, unknown: _Unknown) -> Verdict:
    """Judge one Allow or Deny."""
    judged: list[Verdict] = []
    for value in setting.values[1:]:
        if value.lower() == "all":
            return True
        if value.lower().startswith("env="):
            name = value[4:]
            is_set = exchange.variable(name.lstrip("!")) is not None
            judged.append(is_set is not name.startswith("!"))
        else:
            told = f"{setting.name.capitalize()} from {value}"
            judged.append(_is_client((value,), told, setting, exchange, unknown))
    return either(judged)
