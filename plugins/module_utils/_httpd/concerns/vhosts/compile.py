"""What the keys of a virtual host become."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.parse import parse_tree
from ...syntax.quoting import quote
from ...syntax.tree import Comment, Directive, Node, Place, Section, Tree
from ...vocabulary.reserved_names import ANSWER_HEADER, ASK_HEADER, RELEASE_VARIABLE
from ...vocabulary.url import Url
from ..inventory import Inventory
from ..write import block, compile_silencing, directive, section
from .backend_tls import (
    FAILURE_LOG,
    TELLING_LEVELS,
    backends_of,
    compile_backends_tls,
    compile_preserve_host,
)
from .forwarded import compile_forwarded, compile_look_alikes
from .model import Vhost
from .vhost_parts import Alias, ProxyPassModel, Redirect

# What speaks HTTP, and so may say Location.
REVERSED_SCHEMES = frozenset(
    {"http", "https", "balancer", "ajp", "fcgi", "scgi", "uwsgi", "h2", "h2c"}
)


def compile_in_vhost(vhost: Vhost, inventory: Inventory) -> dict[str, Tree]:
    """Write what the keys of a virtual host say, by slot."""
    return {
        "first": (*compile_silencing(vhost.check_off), *_identity(vhost)),
        "logs": tuple(_logs(vhost)),
        "proxying": _proxying(vhost, inventory),
        "headers": (
            *compile_forwarded(
                inventory.trusted_proxies,
                vhost.place,
                tells_client=bool(vhost.ssl and vhost.ssl.verify_client),
            ),
            *(compile_look_alikes(vhost.place) if inventory.asks_clients else ()),
            *_answer_to_tests(vhost),
        ),
        "rules": (
            *(node for redirect in vhost.redirects for node in compile_redirect(redirect)),
            *(node for alias in vhost.aliases for node in compile_alias(alias)),
            *(node for rule in vhost.rules for node in compile_rule(rule)),
            *_reverses(vhost),
        ),
        "last": _extra(vhost),
    }


def _identity(vhost: Vhost) -> Iterator[Node]:
    """Write the names and the local files."""
    yield directive("ServerName", vhost.server_name, place=vhost.place.at("server_name"))
    if vhost.server_aliases:
        yield directive(
            "ServerAlias", *vhost.server_aliases, place=vhost.place.at("server_aliases")
        )
    if vhost.document_root:
        place = vhost.place.at("document_root")
        yield directive("DocumentRoot", vhost.document_root, place=place)
        yield compile_granted(vhost.document_root, place)


def _logs(vhost: Vhost) -> Iterator[Node]:
    """Write where to log."""
    if vhost.error_log:
        yield directive("ErrorLog", vhost.error_log, place=vhost.place.at("error_log"))
    if vhost.log_level:
        yield directive("LogLevel", vhost.log_level, place=vhost.place.at("log_level"))
    if vhost.custom_log:
        log = vhost.custom_log
        yield directive("CustomLog", log.path, log.format, place=log.place)


def _proxying(vhost: Vhost, inventory: Inventory) -> Tree:
    """Write what holds for every rule. Only reverse proxying, ever (docs/httpd.md#forward-proxy)."""
    place = vhost.place
    backends = backends_of(vhost.rules, inventory.balancers)
    nodes: list[Node] = [
        directive("ProxyRequests", "Off", place=place),
        *compile_preserve_host(
            vhost.proxy_preserve_host, backends, place.at("proxy_preserve_host")
        ),
    ]
    if vhost.proxy_timeout is not None:
        nodes.append(
            directive("ProxyTimeout", str(vhost.proxy_timeout), place=place.at("proxy_timeout"))
        )
    if backends.over_tls:
        if vhost.ssl_proxy.log_failures and vhost.log_level not in TELLING_LEVELS:
            nodes.append(directive(*FAILURE_LOG, place=place.at("ssl_proxy.log_failures")))
        nodes.extend(compile_backends_tls(vhost.ssl_proxy, inventory.owner, place))
    return (Comment(""), *nodes)


def compile_redirect(redirect: Redirect) -> Tree:
    """Write a redirect and its exclusion, without which ProxyPass wins.

    See docs/httpd.md#proxy-before-local.
    """
    place = redirect.place
    if redirect.match:
        return block(
            place,
            directive("ProxyPassMatch", redirect.match, "!", place=place),
            directive(
                "RedirectMatch", str(redirect.status), redirect.match, redirect.url, place=place
            ),
        )
    return block(
        place,
        directive("ProxyPass", redirect.path, "!", place=place),
        directive("Redirect", str(redirect.status), redirect.path, redirect.url, place=place),
    )


def compile_alias(alias: Alias) -> Tree:
    """Write an alias, its exclusion from proxying, and the right to read it."""
    place = alias.place
    return block(
        place,
        directive("ProxyPass", alias.path, "!", place=place),
        directive("Alias", alias.path, alias.directory, place=place),
        compile_granted(alias.directory, place),
    )


def compile_granted(directory: str, place: Place) -> Section:
    """Let clients read a directory, and nothing more: no listing, no .htaccess."""
    children = (
        directive("Options", "None", place=place),
        directive("AllowOverride", "None", place=place),
        directive("Require", "all", "granted", place=place),
    )
    return section("Directory", directory, children=children, place=place)


def compile_rule(rule: ProxyPassModel) -> Tree:
    """Write one rule and the rewriting of what its backend answers."""
    place = rule.place
    name, pattern = ("ProxyPassMatch", rule.match) if rule.match else ("ProxyPass", rule.path)
    if rule.url is None:
        return block(place, directive(name, pattern, "!", place=place))
    url = str(rule.url)
    parameters = [quote(f"{key}={value}") for key, value in rule.parameters.items()]
    flags = ["nocanon"] if rule.nocanon else []
    proxied = Directive(name, (quote(pattern), quote(url), *parameters, *flags), place)
    if not rule.reverse or rule.match or rule.url.scheme not in REVERSED_SCHEMES:
        return block(place, proxied)
    reverse_url = str(Url(rule.url.scheme, rule.url.host, rule.url.port, rule.url.path))
    return block(place, proxied, directive("ProxyPassReverse", rule.path, reverse_url, place=place))


def _answer_to_tests(vhost: Vhost) -> Tree:
    """Have live tests recognise whose answer they got: nobody but they knows what to ask."""
    live = next((expect for expect in vhost.expect if expect.live), None)
    if live is None:
        return ()
    asked = f"\"expr=req_novary('{ASK_HEADER}') == '${{{RELEASE_VARIABLE}}}'\""
    words = ("always", "set", ANSWER_HEADER, quote(vhost.server_name), asked)
    return block(live.place, Directive("Header", words, live.place))


def _reverses(vhost: Vhost) -> Iterator[Node]:
    """Write the further rewriting of headers and cookies."""
    for reverse in vhost.proxy_pass_reverse:
        yield directive("ProxyPassReverse", reverse.path, str(reverse.url), place=reverse.place)
    for domain in vhost.proxy_pass_reverse_cookie_domain:
        yield directive(
            "ProxyPassReverseCookieDomain", domain.internal, domain.public, place=domain.place
        )
    for path in vhost.proxy_pass_reverse_cookie_path:
        yield directive("ProxyPassReverseCookiePath", path.internal, path.public, place=path.place)


def _extra(vhost: Vhost) -> Tree:
    """Parse the operator's own directives into the tree, so that nothing escapes the checks."""
    nodes: list[Node] = []
    for source, directives in vhost.written_directives:
        tree, _problems = parse_tree(directives, source)
        nodes.extend(block(Place(source, is_leaf=True), *tree))
    return tuple(nodes)
