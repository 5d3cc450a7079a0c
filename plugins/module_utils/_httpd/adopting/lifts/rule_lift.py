"""ProxyPass and ProxyPassMatch as `proxy_pass`: all of a virtual host's, or none, because order is meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...concerns.vhosts.compile import REVERSED_SCHEMES, compile_rule
from ...concerns.vhosts.vhost_parts import ProxyPassModel
from ...reading.view import is_tilde
from ...syntax.quoting import Refused
from ...syntax.tree import Directive, Section, is_named, walk
from ...variables.models import model_of
from ...variables.parameters import TABLES, Owner
from .vhost_body import Body, Plain, accepted, name_of, not_lifted, values_of

RULES = ("ProxyPass", "ProxyPassMatch")

_MODEL = model_of(ProxyPassModel)


@dataclass(frozen=True)
class LiftedRule:
    """A rule of the list: where it stands in its body, as operators write it, and as it is read."""

    index: int
    plain: Plain
    model: ProxyPassModel

    @property
    def is_exclusion(self) -> bool:
        """Tell whether it keeps its path from being proxied."""
        return self.model.url is None

    @property
    def reversal(self) -> tuple[str, str] | None:
        """Return the ProxyPassReverse that follows from it, where one does."""
        url = self.model.url
        if url is None or self.model.match or url.scheme not in REVERSED_SCHEMES:
            return None
        return self.model.path, str(replace(url, socket=""))


def lift_rules(body: Body) -> list[LiftedRule] | None:
    """Return the rules in order, nothing taken yet; None where one can't be said, and all keep the reason."""
    found = body.directives(*RULES)
    indexes = [index for index, _directive in found]
    if body.is_conditional(*RULES):
        body.keep(
            indexes, "another rule's condition isn't known, and rules can't leave their order"
        )
        return None
    rules = []
    for index, directive in found:
        try:
            rules.append(_rule(index, directive))
        except Refused as refused:
            body.keep([index], refused.message)
            reason = (
                f"the rule at {directive.place} can't be said, and rules can't leave their order"
            )
            body.keep(indexes, reason)
            return None
    return rules


def require_worker_order(body: Body, rules: list[LiftedRule]) -> None:
    """Raise Refused where a rule would change places with a section that has a worker or balancer in common with it.

    Compiled, balancers stand above all rules and other sections below. Of two workers that begin alike httpd keeps
    the one that it reads first, parameters and all (docs/httpd.md#shared-workers); of a balancer's
    parameters the last.
    """
    for index, section in body.sections("Location", "LocationMatch", "Proxy", "ProxyMatch"):
        urls = [url.lower() for url in _worker_urls(section)]
        for rule in (one for one in rules if not one.is_exclusion):
            own = str(rule.plain["url"]).lower()
            is_balancer = own.startswith("balancer:")
            is_moved = (
                rule.index < index and rule.model.parameters if is_balancer else rule.index > index
            )
            if is_moved and any(own.startswith(url) or url.startswith(own) for url in urls):
                raise not_lifted(
                    f"{name_of(section)} may share a worker with {own}, and the first one counts"
                )


def _worker_urls(section: Section) -> Iterator[str]:
    """Yield the URLs of the workers that a section makes or sets."""
    for node in walk(section.children):
        if is_named(node, *RULES) and isinstance(node, Directive):
            yield from values_of(node)[:1]
        elif is_named(node, "ProxySet"):
            yield from values_of(section)[:1]


def plain_parameters(parameters: dict[str, str], owner: Owner) -> Plain:
    """Write parameters as operators do: numbers and truth values as such."""
    table = TABLES[owner]
    return {
        name: _plain_value(value, table[name].kind.type_name if name in table else "str")
        for name, value in parameters.items()
    }


def split_parameters(words: tuple[str, ...]) -> dict[str, str]:
    """Return the key=value words. Raises Refused for a bare one."""
    bare = [word for word in words if "=" not in word]
    if bare:
        raise not_lifted(f"no variable says `{bare[0]}`")
    pairs = (word.partition("=") for word in words)
    return {key.lower(): value for key, _equals, value in pairs}


def _rule(index: int, directive: Directive) -> LiftedRule:
    """Read one rule. Raises Refused."""
    values = values_of(directive)
    is_match = directive.name.lower() == "proxypassmatch"
    if is_tilde(directive.name.lower(), values):
        is_match, values = True, values[1:]
    if len(values) < 2:
        raise not_lifted("it has no target")
    path, url, *rest = values
    has_nocanon = any(word.lower() == "nocanon" for word in rest)
    words = tuple(word for word in rest if word.lower() != "nocanon")
    owner: Owner = "balancer" if url.lower().startswith("balancer:") else "worker"
    key = "match" if is_match else "path"
    plain = {
        key: path,
        "url": url,
        **({"nocanon": True} if has_nocanon else {}),
        **plain_parameters(split_parameters(words), owner),
    }
    if {key, "url"} & split_parameters(words).keys():
        raise not_lifted("a parameter has the name of a key")
    model: ProxyPassModel = accepted(_MODEL, plain)
    written = next(node for node in compile_rule(model) if isinstance(node, Directive))
    if values_of(written)[:2] != (path, url):
        raise not_lifted(f'"{url}" would be written otherwise')
    return LiftedRule(index, plain, model)


def _plain_value(value: str, type_name: str) -> object:
    """Write one value in its type."""
    if type_name == "bool" and value.lower() in ("on", "off"):
        return value.lower() == "on"
    if value.lower() in ("on", "off", "auto"):
        return value.lower()
    return int(value) if value.isascii() and value.isdigit() and str(int(value)) == value else value
