"""What httpd does with a request, and why: the phases of a request in their order, over a Server.

`depends` is answered for the causes in request.CAUSES, and never a guess. Read in server/request.c (ap_process_request_internal).
"""

from __future__ import annotations

from ..reading.server import Server
from ..syntax.tree import NOWHERE
from ..vocabulary.address import Address
from ..vocabulary.depends import Depends
from .answering.authorization import denied_by
from .answering.environment_variables import set_variables, set_variables_of_sections
from .answering.redirects_and_aliases import (
    map_path,
    redirect,
    redirected,
    redirected_in_location,
    redirection,
)
from .blocks import Plan
from .exchange import Exchange, holds
from .hosts import MAIN, Hosts, port_of, read_host, scheme_of
from .misdirection import is_misdirected
from .paths.sections import add_proxies, match_locations
from .paths.url_paths import has_controls, normalize, unescape, without_dots
from .proxying.hand_over import hand_over
from .proxying.proxy import translate
from .proxying.targets import encoded_slashes, find_target
from .request import Decision, Reason, Request
from .rewriting.rewrite import rewrite
from .scope_plan import plan
from .site import Site
from .unmodelled.in_the_way import refuse_error_documents, refuse_what_is_open
from .unmodelled.request_limits import refuse_by_limits
from .unmodelled.transport import refuse_other_transport

_EXPRESSION = frozenset("%$\\")  # with one of these a text isn't taken as it is written
MOST_REDIRECTS = 3  # that httpd makes of a request by itself


def resolve(server: Server, request: Request) -> Decision:
    """Decide one request. For many of one server keep a Resolver."""
    return Resolver(server).resolve(request)


class Resolver:
    """A server that is asked for decisions; what it makes of a virtual host is kept."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._hosts = Hosts(server)
        self._plan: Plan = plan(server.main)
        self._sites: dict[int, Site] = {}

    def resolve(self, request: Request) -> Decision:
        """Decide a request."""
        reasons: list[Reason] = []
        try:
            return self._decide(request, reasons)
        except Depends as depends:
            why = Reason(f"it depends on {depends.message}", depends.place)
            return Decision("depends", cause=depends.cause, reasons=(*reasons, why))

    def _decide(
        self, request: Request, reasons: list[Reason], *, depth: int = 0, is_error: bool = False
    ) -> Decision:
        """Decide a request; `depth` tells how often httpd has asked itself, `is_error` that it wants an error's document."""
        if depth > MOST_REDIRECTS:
            raise Depends("loop", "how often httpd asks itself")
        host = read_host(request.host)
        if request.target[:1] not in ("/", ""):
            raise Depends("option", f"a target that is no path: {request.target[:80]}")
        is_odd = has_controls(request.target) or "#" in request.target
        is_readable = host is not None and not is_odd
        refuse_by_limits(
            self._server, lambda: self._hosts.first(request), request, is_readable=is_readable
        )
        if is_odd:
            reasons.append(Reason("its target has control characters, blanks or a `#`"))
            return Decision("denied", status=400, reasons=tuple(reasons))
        if host is None:
            reasons.append(Reason(f"`{request.host}` is no host name"))
            return Decision("denied", status=400, reasons=tuple(reasons))
        if self._server.listens and not self._is_heard(request):
            reasons.append(Reason(f"nothing listens on port {request.port}"))
            return Decision("denied", reasons=tuple(reasons))
        refuse_other_transport(self._server, self._hosts.first(request), request)
        asked = self._hosts.select(request, host, reasons)
        site = self._site(asked)
        exchange = Exchange(
            request, host, site, request.path, request.query,
            is_asked_by_itself=depth > 0, reasons=reasons,
        )  # fmt: skip
        for setting in site.conditional:
            holds(setting)
        if (
            request.scheme == "https"
            and depth == 0
            and is_misdirected(self._server, self._hosts, exchange, asked)
        ):
            decision = exchange.decided("denied", status=421)
            refuse_error_documents(
                exchange, decision, lambda asked: self._decide(asked, [], depth=1, is_error=True)
            )
            return decision
        decision = _answer(exchange)
        # What httpd asks itself for, on the way to an answer, is decided in the same way.
        refuse_what_is_open(
            exchange,
            decision,
            lambda asked: self._decide(asked, [], depth=depth + 1, is_error=is_error),
            lambda asked: self._decide(asked, [], depth=depth + 1, is_error=True),
            is_error=is_error,
        )
        return decision

    def _is_heard(self, request: Request) -> bool:
        asked = Address(request.address or "*", request.port)
        # Some address that isn't known, or that no virtual host has for itself.
        is_any = request.address in ("", "0.0.0.0")
        return any(
            listen.address.port == request.port and (is_any or listen.address.covers(asked))
            for listen in self._server.listens
        )

    def _site(self, index: int) -> Site:
        """Return a virtual host with what it inherits."""
        if index in self._sites:
            return self._sites[index]
        main, main_name = self._server.main, self._hosts.main_name
        if index == MAIN:
            site = Site(
                main_name,
                port_of(main),
                scheme_of(main),
                None,
                (main,),
                (self._plan,),
                self._server.modules,
            )
        else:
            vhost = self._server.vhosts[index]
            name = self._hosts.name_of(vhost)
            scopes, plans = (main, vhost.scope), (self._plan, plan(vhost.scope))
            port = port_of(vhost.scope, vhost.addresses)
            site = Site(
                name, port, scheme_of(vhost.scope), vhost, scopes, plans, self._server.modules
            )
        self._sites[index] = site
        return site


def _answer(exchange: Exchange) -> Decision:
    """Go through the phases of a request."""
    merges = exchange.is_on("mergeslashes", default=True)
    normal = normalize(exchange.uri, merge_slashes=merges)
    if normal is None or not normal.startswith("/"):
        exchange.say(f"{exchange.uri} is no valid path")
        return exchange.decided("denied", status=400)
    set_variables(exchange)
    exchange.uri = normal
    match_locations(exchange)
    translate(exchange, is_early=True)
    if not exchange.is_proxied:
        refused = _decode(exchange, merges)
        if refused:
            return refused
    match_locations(exchange)
    answered = _translate(exchange)
    if answered:
        return answered
    match_locations(exchange)
    if exchange.is_proxied:
        add_proxies(exchange)
    return _after_translation(exchange)


def _decode(exchange: Exchange, merges: bool) -> Decision | None:
    """Decode the path, or refuse it."""
    slashes = encoded_slashes(exchange)
    decoded = unescape(exchange.uri, slashes)
    if isinstance(decoded, int):
        exchange.say(f"{exchange.uri} has an encoded slash or NUL (AllowEncodedSlashes {slashes})")
        return exchange.decided("denied", status=decoded)
    if slashes == "on":
        decoded = without_dots(decoded, merge_slashes=merges, stays_at_root=True) or decoded
    exchange.uri = decoded
    return None


def _translate(exchange: Exchange) -> Decision | None:
    """Let mod_rewrite, mod_proxy and mod_alias say where the request goes, in this order."""
    outcome = rewrite(exchange)
    if outcome and outcome.status:
        return redirect(exchange, outcome.status, outcome.location)
    if outcome or exchange.is_proxied:
        return None
    excluded = exchange.variable("no-proxy")
    translate(exchange, is_early=False)
    if exchange.is_proxied or excluded:
        return None if exchange.is_proxied else map_path(exchange)
    return map_path(exchange)


def _after_translation(exchange: Exchange) -> Decision:
    """Check access, let the sections redirect, and hand over."""
    exchange.is_walked = not exchange.is_proxied
    set_variables_of_sections(exchange)
    place = denied_by(exchange)
    if place is not None:
        exchange.say("access is denied", place)
        return exchange.decided("denied", status=403)
    target = find_target(exchange) if exchange.is_proxied else None
    if target and target.is_malformed:
        return exchange.decided("denied", status=target.status)
    _refuse_rewriting_in_sections(exchange)
    inner = [
        setting
        for block in reversed(exchange.matched)
        for setting in block.settings.get("@redirect", ())
    ]
    found = redirected_in_location(exchange) or redirected(exchange, inner)
    if found:
        return redirection(exchange, found)
    if target:
        return hand_over(exchange, target)
    handler = exchange.setting("sethandler")
    name = handler.values[0] if handler and handler.values else ""
    if handler and _may_proxy(name):
        raise Depends("directory", f"the handler {name}", handler.place)
    exchange.say(
        f"httpd answers itself{f', by {name}' if name else ''}",
        handler.place if handler else NOWHERE,
    )
    return exchange.decided("local", status=exchange.left_status if name else 0, handler=name)


def _may_proxy(handler: str) -> bool:
    """Tell whether a handler proxies or may do so: it is an expression, and httpd takes what that says in lower case."""
    return handler.lower().startswith("proxy:") or not _EXPRESSION.isdisjoint(handler)


def _refuse_rewriting_in_sections(exchange: Exchange) -> None:
    """Say that rewriting in a section isn't followed."""
    for block in exchange.matched:
        for setting in block.settings.get("rewriterule", ()):
            if exchange.is_on("rewriteengine"):
                raise Depends("directory", "RewriteRule in a section", setting.place)
