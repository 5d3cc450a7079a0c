"""Balancers of a virtual host that the main server has too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ....reading.server import Scope, Server
from ....reading.view import balancer_name
from ....syntax.tree import Place
from ...rule import Finding, rule
from ..routing.rule_order import MOD_PROXY


@rule(
    "error",
    source=f"{MOD_PROXY}#proxypass",
    bad="""
        <Proxy balancer://shop>
          BalancerMember http://10.0.0.1:8080
        </Proxy>
        <VirtualHost *:80>
          ServerName shop.example.com
          <Proxy balancer://shop>
            BalancerMember http://10.0.0.1:8080
            ProxySet failonstatus=503
          </Proxy>
          ProxyPass / balancer://shop/
        </VirtualHost>
    """,
    good="""
        <VirtualHost *:80>
          ServerName shop.example.com
          <Proxy balancer://shop>
            BalancerMember http://10.0.0.1:8080
            ProxySet failonstatus=503
          </Proxy>
          ProxyPass / balancer://shop/
        </VirtualHost>
    """,
)
def failonstatus_not_inherited(server: Server) -> Iterator[Finding]:
    """A virtual host's balancer has `failonstatus`, and the main server's balancer of that name hasn't: httpd dies.

    It ends with a segmentation fault while it reads the configuration, and says nothing (tried with httpd 2.4.71).
    """
    inherited = {name for name, _parameters, _place in _balancers(server.main)}
    for name, parameters, _place in _balancers(server.main):
        if "failonstatus" in parameters:
            inherited.discard(name)
    for vhost in server.vhosts:
        for name, parameters, place in _balancers(vhost.scope):
            if name in inherited and "failonstatus" in parameters:
                message = f'"balancer://{name}" has failonstatus here and none in the main server'
                fix = (
                    "give one of the two another name, or write failonstatus in the main server too"
                )
                yield Finding(place.at("failonstatus"), message, fix)


def _balancers(scope: Scope) -> Iterator[tuple[str, Mapping[str, str], Place]]:
    """Yield the name and parameters of each balancer, and of each rule that names one."""
    for balancer in scope.balancers:
        yield balancer.name, balancer.parameters, balancer.place
    for rule_ in scope.rules:
        if rule_.url.lower().startswith("balancer://"):
            yield balancer_name(rule_.url), rule_.parameters, rule_.place
