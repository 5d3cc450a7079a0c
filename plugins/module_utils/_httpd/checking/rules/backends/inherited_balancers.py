"""Balancers of a virtual host that the main server has too."""

from __future__ import annotations

from collections.abc import Iterator

from ....reading.server import Server, balancers_of
from ....reading.view import balancer_name
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
    inherited: dict[str, bool] = {}
    for url, parameters, _place in balancers_of(server.main):
        name = balancer_name(url)
        inherited[name] = inherited.get(name, False) or "failonstatus" in parameters
    for vhost in server.vhosts:
        for url, parameters, place in balancers_of(vhost.scope):
            name = balancer_name(url)
            if inherited.get(name) is False and "failonstatus" in parameters:
                message = f'"balancer://{name}" has failonstatus here and none in the main server'
                fix = (
                    "give one of the two another name, or write failonstatus in the main server too"
                )
                yield Finding(place.at("failonstatus"), message, fix)
