"""An existing server as apache_* variables that reproduce it, and a list of all that they don't say and why.

Directives are taken out of a virtual host one kind at a time, each only where compiling its variable writes the same
again; the rest stays in `extra_directives`, in its order. httpd keeps ProxyPass, Redirect, Alias, RewriteRule and
<Location> in lists of their own, so it is the order within each that must not change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..concerns.balancers.compile import balancer_names
from ..concerns.balancers.model import BalancerModel
from ..concerns.vhosts.backend_tls import Backends, backends_of
from ..reading.server import Server, VirtualHost
from ..syntax.quoting import Refused
from ..syntax.tree import Section, Tree, is_named
from ..variables.models import model_of
from ..vocabulary.reserved_names import GATEHOUSE_HOSTS
from .lift_catalogue import LIFTS
from .lifts.address_lift import served
from .lifts.backend_tls_lift import (
    lift_backends_tls,
    lift_failure_log,
    lift_preserve_host,
    take_failure_log,
)
from .lifts.balancer_lift import lift_balancers
from .lifts.implied_lift import (
    last_value,
    place_of,
    take_forwarded,
    take_proxy_requests,
    trusted_proxies,
)
from .lifts.main_server_lift import left_to_host, lift_formats, vhost_sections
from .lifts.redirect_and_alias_lift import ALIASES, REDIRECTS, lift_aliases, lift_redirects
from .lifts.reverse_lift import lift_cookies, lift_reverses
from .lifts.rule_lift import LiftedRule, lift_rules, require_worker_order
from .lifts.settings_lift import lift_names, lift_settings
from .lifts.vhost_body import Body, Leftover, Plain, accepted, not_lifted

_UNNAMED = "it has none, so `{}` stands for it"
_BALANCER = model_of(BalancerModel)
_LAST = ("extra_directives",)
ROUTING = (*REDIRECTS, *ALIASES, "ProxyPassReverse")
_KEYS = (
    "server_name", "server_aliases", "listen", "default", "document_root", "error_log", "log_level", "custom_log",
    "redirects", "aliases", "proxy_to", "proxy_pass", "ssl_proxy", "proxy_preserve_host", "proxy_timeout", "proxy_pass_reverse",
    "proxy_pass_reverse_cookie_domain", "proxy_pass_reverse_cookie_path",
)  # fmt: skip


@dataclass(frozen=True)
class Adoption:
    """The variables as plain data, and what they don't say, in file order."""

    variables: Plain
    kept: tuple[Leftover, ...]


@dataclass(frozen=True)
class _Context:
    """What every virtual host is read with; `balancers` gathers those that are lifted."""

    server: Server
    formats: Plain
    trusted: tuple[str, ...]
    balancers: dict[str, Plain]

    @property
    def main_name(self) -> str:
        """The main server's name, which virtual hosts without one have."""
        return last_value(self.server.main, "ServerName").split("://")[-1].split(":")[0]


def to_vars(tree: Tree, server: Server) -> Adoption:
    """Turn an expanded tree and its view into variables; conditions that are still open are taken to hold for a whole
    virtual host, and kept as they are within one."""
    own = [
        (vhost, section, around, places)
        for vhost, (section, around), places in zip(
            server.vhosts, vhost_sections(tree), served(server)
        )
        if vhost.server_name not in GATEHOUSE_HOSTS
    ]
    bodies = [Body(list(section.children)) for _vhost, section, _around, _places in own]
    formats = lift_formats(tree)
    context = _Context(server, formats, trusted_proxies(bodies, server.main), {})
    vhosts: list[Plain] = []
    kept = list(left_to_host(tree))
    for number, ((vhost, _section, around, places), body) in enumerate(zip(own, bodies), start=1):
        plain, changes = _vhost(vhost, body, context, number)
        vhosts += [_ordered({**plain, **served.to_plain()}) for served in places]
        kept += [*_conditions(vhost, around), *changes, *body.kept()]
    variables = {
        "apache_trusted_proxies": list(context.trusted),
        **{name: value for lift in LIFTS for name, value in lift.of_host(tree, server).items()},
        "apache_balancers": list(context.balancers.values()),
    }
    said = {name: value for name, value in variables.items() if value}
    return Adoption({**said, "apache_vhosts": vhosts}, tuple(kept))


def _vhost(
    vhost: VirtualHost, body: Body, context: _Context, number: int
) -> tuple[Plain, list[Leftover]]:
    """Take what variables say out of one virtual host; return them, and what changes."""
    main = context.server.main
    changes: list[Leftover] = []
    unnamed = f"unnamed-{number}.invalid"
    plain = lift_names(body, (vhost.server_name, context.main_name, unnamed))
    if not vhost.server_name:
        changes.append(
            Leftover(vhost.place, "ServerName", "changed", _UNNAMED.format(plain["server_name"]))
        )
    failure_log = take_failure_log(body)
    plain |= lift_settings(body, context.formats)
    rules = lift_rules(body)
    proxies = _proxies(vhost) or bool(main.rules)
    is_same = take_forwarded(body, context.trusted)
    try:
        plain |= _routing(vhost, body, rules, context)
    except Refused as refused:
        rules = None
        reason = f"{refused.message}, and order is meaning"
        body.keep(
            [index for index, _one in body.directives("ProxyPass", "ProxyPassMatch", *ROUTING)],
            reason,
        )
    backends = _backends(rules or [], context)
    ssl_proxy, told = lift_backends_tls(body, backends, main)
    ssl_proxy |= lift_failure_log(body, backends, failure_log, plain.get("log_level", ""))
    plain |= {"ssl_proxy": ssl_proxy} if ssl_proxy else {}
    changes += told
    take_proxy_requests(body, main)
    is_preserved = last_value(main, "ProxyPreserveHost") == "on"
    plain |= lift_preserve_host(body, backends, inherited=is_preserved, proxies=proxies)
    if proxies and not is_same:
        changes.append(_forwarded(body))
    for lift in LIFTS:
        plain |= lift.in_vhost(body, main)
    text = body.text()
    return {**plain, **({"extra_directives": text} if text else {})}, changes


def _backends(rules: list[LiftedRule], context: _Context) -> Backends:
    """Return what rules ask, once their balancers are lifted."""
    models = [rule.model for rule in rules]
    used = [context.balancers.get(name) for name in balancer_names(tuple(models))]
    return backends_of(models, [accepted(_BALANCER, plain) for plain in used if plain])


def _routing(
    vhost: VirtualHost, body: Body, rules: list[LiftedRule] | None, context: _Context
) -> Plain:
    """Take everything by which the virtual host routes. Raises Refused, with nothing taken, where a part can't be."""
    if rules is None:
        raise not_lifted("a rule beside it can't be said")
    require_worker_order(body, rules)
    names = balancer_names(tuple(rule.model for rule in rules))
    lift_balancers(body, names, own=vhost.scope, server=context.server, known=context.balancers)
    sugar = {**lift_redirects(body, rules), **lift_aliases(body, rules)}
    reverses = lift_reverses(body, rules)
    body.taken |= {rule.index for rule in rules}
    return {**sugar, **_rules(rules), **reverses, **lift_cookies(body)}


def _rules(rules: list[LiftedRule]) -> Plain:
    """Write the rules; a single one for everything in its short form."""
    plains = [rule.plain for rule in rules]
    if len(rules) == 1 and plains[0].keys() == {"path", "url"}:
        url = rules[0].model.url
        if plains[0]["path"] == "/" and url is not None and url.path:
            return {"proxy_to": plains[0]["url"]}
    return {"proxy_pass": plains} if plains else {}


def _proxies(vhost: VirtualHost) -> bool:
    """Tell whether a virtual host proxies by itself."""
    if vhost.scope.rules:
        return True
    handlers = [one for one in vhost.scope.directives if is_named(one, "RewriteRule", "SetHandler")]
    return any(_hands_over(one.args) for one in handlers)


def _hands_over(args: tuple[str, ...]) -> bool:
    """Tell whether the arguments of a RewriteRule or SetHandler make a request a proxy's."""
    flags = args[-1].strip("\"'[]").lower().split(",") if args else []
    return any(flag in ("p", "proxy") for flag in flags) or any(
        "proxy:" in arg.lower() for arg in args
    )


def _forwarded(body: Body) -> Leftover:
    """Tell what becomes of forwarded headers."""
    reason = (
        "X-Forwarded-For, -Host, -Port, -Proto and -Server, X-Real-IP and Forwarded from clients are dropped, and the"
        " backend is told X-Forwarded-Proto; whose are to count stands in apache_trusted_proxies"
    )
    return Leftover(place_of(body), "RequestHeader", "changed", reason)


def _conditions(vhost: VirtualHost, around: tuple[Section, ...]) -> Iterator[Leftover]:
    """Tell of conditions around a whole virtual host."""
    for section in around:
        name = " ".join((section.name, *section.args))
        yield Leftover(
            vhost.place, f"<{name}>", "changed", "it is taken to hold, as it isn't known"
        )
    if not vhost.addresses:
        yield Leftover(vhost.place, "<VirtualHost>", "host", "no address of it can be read")


def _ordered(plain: Plain) -> Plain:
    """Put the keys in reading order; those of other concerns stand before what nobody took."""
    first = [key for key in _KEYS if key in plain]
    return {
        key: plain[key]
        for key in (
            *first,
            *(key for key in plain if key not in _LAST and key not in first),
            *_LAST,
        )
        if key in plain
    }
