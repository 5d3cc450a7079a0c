"""What single directives and virtual hosts become."""

from __future__ import annotations

from typing import Any

import pytest
from hand_written import server_tree
from module_utils._httpd.adopting.to_vars import Adoption, to_vars
from module_utils._httpd.reading.view import view

Plain = dict[str, Any]


def adopted(text: str) -> Adoption:
    """Adopt a whole server."""
    tree = server_tree(text)
    return to_vars(tree, view(tree))


def host(body: str, *, address: str = "*:80", name: str = "x.example.com") -> str:
    """Write a virtual host."""
    return f"<VirtualHost {address}>\nServerName {name}\n{body}\n</VirtualHost>\n"


def only(body: str) -> Plain:
    """Return what a virtual host's body becomes, beside its name."""
    vhost: Plain = adopted(host(body)).variables["apache_vhosts"][0]
    return {key: value for key, value in vhost.items() if key not in ("server_name", "default")}


RULE = {"path": "/a", "url": "http://h/a", "reverse": False}

BODIES: dict[str, tuple[str, Plain]] = {
    "everything to one backend": (
        "ProxyPass / http://h/\nProxyPassReverse / http://h/\nProxyPreserveHost On",
        {"proxy_to": "http://h/"},
    ),
    "httpd's default host header": ("ProxyPass /a http://h/a", {"proxy_pass": [RULE], "proxy_preserve_host": False}),
    "a redirect beside its exclusion": (
        "ProxyPass /old !\nProxyPass /a http://h/a\nRedirect permanent /old /new\nProxyPreserveHost On",
        {"redirects": [{"path": "/old", "url": "/new", "status": 301}], "proxy_pass": [RULE]},
    ),
    "a redirect of a path that no rule takes": (
        "ProxyPass /a http://h/a\nRedirect /old /new\nProxyPreserveHost On",
        {"redirects": [{"path": "/old", "url": "/new"}], "proxy_pass": [RULE]},
    ),
    "a redirect that never fires": (
        "ProxyPass /a http://h/a\nRedirect /a/old /new\nProxyPreserveHost On",
        {"proxy_pass": [RULE], "extra_directives": "Redirect /a/old /new\n"},
    ),
    "an exclusion behind the rule that takes its path": (
        "ProxyPass /a http://h/a\nProxyPass /a/old !\nRedirect /a/old /new\nProxyPreserveHost On",
        {"proxy_pass": [RULE, {"path": "/a/old", "url": "!"}], "extra_directives": "Redirect /a/old /new\n"},
    ),
    "exclusions, which share no worker": (
        "<Location /b>\n  ProxyPass !\n</Location>\nProxyPass /a http://h/a\nProxyPass / !\nProxyPreserveHost On",
        {"proxy_pass": [RULE, {"path": "/", "url": "!"}], "extra_directives": "<Location /b>\n  ProxyPass !\n</Location>\n"},
    ),
    "one rule that can't be said keeps all of them": (
        "ProxyPass /a http://h/a\nRedirect /old /new\nProxyPass /b http://h/ hcmethod=GET\nProxyPreserveHost On",
        {"extra_directives": "ProxyPass /a http://h/a\nRedirect /old /new\nProxyPass /b http://h/ hcmethod=GET\n"},
    ),
    "the order of reversals": (
        "ProxyPass /a http://h/a\nProxyPassReverse / http://h/\nProxyPassReverse /a http://h/a\nProxyPreserveHost On",
        {
            "proxy_pass": [RULE],
            "proxy_pass_reverse": [{"path": "/", "url": "http://h/"}, {"path": "/a", "url": "http://h/a"}],
        },
    ),
    "a location's worker that comes first": (
        "<Location /l>\nProxyPass http://h/ timeout=3\n</Location>\nProxyPass /a http://h/a\nProxyPreserveHost On",
        {"extra_directives": "<Location /l>\n  ProxyPass http://h/ timeout=3\n</Location>\nProxyPass /a http://h/a\n"},
    ),
    "a backend over TLS that nobody verifies": (
        "SSLProxyEngine on\nProxyPass / https://h/\nProxyPassReverse / https://h/",
        {"proxy_to": "https://h/", "ssl_proxy": {"verify": "none", "log_failures": False}},
    ),
    "a backend over TLS that must have the client's name": (
        "SSLProxyEngine on\nProxyPass / https://h/\nProxyPassReverse / https://h/\nProxyPreserveHost On",
        {"proxy_to": "https://h/", "ssl_proxy": {"verify": "none", "log_failures": False}, "proxy_preserve_host": True},
    ),
    "a backend verified by the system's authorities": (
        "SSLProxyEngine on\nSSLProxyVerify require\nSSLProxyCACertificateFile /etc/ssl/certs/ca-certificates.crt\n"
        "LogLevel ssl:info\nProxyPass / https://h/\nProxyPassReverse / https://h/",
        {"proxy_to": "https://h/"},
    ),
    "what ssl_proxy says": (
        "SSLProxyEngine on\nSSLProxyVerify require\nSSLProxyVerifyDepth 2\nSSLProxyCACertificatePath /ca\n"
        "SSLProxyCARevocationFile /crl\nSSLProxyCARevocationCheck leaf\nSSLProxyCheckPeerName off\n"
        "SSLProxyMachineCertificateFile /me.pem\nSSLProxyProtocol -all +TLSv1.2 +tlsv1.3\nSSLProxyCipherSuite HIGH:!aNULL\n"
        "ProxyPass / https://h/\nProxyPassReverse / https://h/",
        {
            "proxy_to": "https://h/",
            "ssl_proxy": {
                "verify_depth": 2, "ca_certificate_path": "/ca", "ca_revocation_file": "/crl", "ca_revocation_check": "leaf",
                "check_peer_name": False, "machine_certificate_file": "/me.pem", "protocol": ["TLSv1.2", "TLSv1.3"],
                "cipher_suite": "HIGH:!aNULL", "log_failures": False,
            },
        },
    ),
    "what ssl_proxy can't say": (
        "SSLProxyEngine on\nSSLProxyVerify optional\nSSLProxyCARevocationFile /crl\nSSLProxyProtocol all -SSLv3\n"
        "SSLProxyCipherSuite TLSv1.3 X\nProxyPass / https://h/\nProxyPassReverse / https://h/",
        {
            "proxy_to": "https://h/",
            "ssl_proxy": {"verify": "none", "log_failures": False},
            "extra_directives": "SSLProxyVerify optional\nSSLProxyCARevocationFile /crl\nSSLProxyProtocol all -SSLv3\n"
            "SSLProxyCipherSuite TLSv1.3 X\n",
        },
    ),
    "the client's name for one of two backends": (
        "SSLProxyEngine on\nProxyPass /t https://h/t\nProxyPassReverse /t https://h/t\nProxyPass /a http://h/a\n"
        "ProxyPreserveHost On\n<ProxyMatch ^(https|wss|h2)://>\nproxypreservehost off\n</ProxyMatch>",
        {"proxy_pass": [{"path": "/t", "url": "https://h/t"}, RULE], "ssl_proxy": {"verify": "none", "log_failures": False}},
    ),
    "a level of the log under that of TLS": (
        "LogLevel warn\nLogLevel ssl:info\nSSLProxyEngine on\nProxyPass / https://h/\nProxyPassReverse / https://h/",
        {"proxy_to": "https://h/", "log_level": "warn", "ssl_proxy": {"verify": "none"}},
    ),
    "a level that no variable says, under that of TLS": (
        "LogLevel warn proxy:debug\nLogLevel ssl:info\nSSLProxyEngine on\nProxyPass / https://h/\nProxyPassReverse / https://h/",
        {
            "proxy_to": "https://h/",
            "ssl_proxy": {"verify": "none", "log_failures": False},
            "extra_directives": "LogLevel warn proxy:debug\nLogLevel ssl:info\n",
        },
    ),
    "a level of TLS that no backend needs": (
        "LogLevel ssl:info\nProxyPass /a http://h/a\nProxyPreserveHost On",
        {"proxy_pass": [RULE], "extra_directives": "LogLevel ssl:info\n"},
    ),
    "an alias whose directory says the same": (
        "Alias /s /srv/s\n<Directory /srv/s/>\nOptions None\nAllowOverride None\nRequire all granted\n</Directory>",
        {"aliases": [{"path": "/s", "directory": "/srv/s"}]},
    ),
    "an alias that would be granted": ("Alias /s /srv/s", {"extra_directives": "Alias /s /srv/s\n"}),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES)
def test_a_virtual_host_becomes(body: str, expected: Plain) -> None:
    assert only(body) == expected


def members(port: int) -> str:
    """Write a balancer `app` and a rule to it."""
    return f"<Proxy balancer://app>\nBalancerMember http://h:{port}\n</Proxy>\nProxyPass / balancer://app/"


def test_a_balancer_with_other_members_in_another_virtual_host_keeps_the_rules_there() -> None:
    variables = adopted(host(members(1)) + host(members(2), name="y.example.com")).variables
    assert [one["members"] for one in variables["apache_balancers"]] == [[{"url": "http://h:1"}]]
    first, second = variables["apache_vhosts"]
    assert "proxy_pass" in first
    assert "BalancerMember http://h:2" in second["extra_directives"]


def test_a_balancer_alike_in_two_virtual_hosts_is_one() -> None:
    variables = adopted(host(members(1)) + host(members(1), name="y.example.com")).variables
    assert len(variables["apache_balancers"]) == 1
    assert all("proxy_pass" in vhost for vhost in variables["apache_vhosts"])


def test_a_rule_to_another_virtual_hosts_balancer_keeps_failing() -> None:
    variables = adopted(
        host("ProxyPass / balancer://app/") + host(members(1), name="y.example.com")
    ).variables
    assert variables["apache_vhosts"][0]["extra_directives"] == "ProxyPass / balancer://app/\n"


# Server, then (name, listen, default) of each virtual host.
PLACES: dict[str, tuple[str, list[tuple[str, list[Any], bool]]]] = {
    "the first of an address serves unknown hosts": (
        host("", name="a") + host("", name="b"),
        [("a", [80], True), ("b", [80], False)],
    ),
    "one that is the first on one address only": (
        host("", name="a") + host("", name="b", address="*:80 *:81"),
        [("a", [80], True), ("b", [81], True), ("b", [80], False)],
    ),
    "any port is those that are listened on": (
        "Listen 80\nListen 8080\n" + host("", name="a", address="*"),
        [("a", [80, 8080], True)],
    ),
    "a star opens no more than is listened on": (
        "Listen 10.0.0.1:80\n" + host("", name="a"),
        [("a", ["10.0.0.1:80"], True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLACES.values(), ids=PLACES)
def test_a_virtual_host_is_served_where_it_was(
    text: str, expected: list[tuple[str, list[Any], bool]]
) -> None:
    vhosts = adopted(text).variables["apache_vhosts"]
    assert [
        (one["server_name"], one.get("listen", [80]), one.get("default", False)) for one in vhosts
    ] == expected


def test_a_virtual_host_without_a_name_has_the_main_servers() -> None:
    text = "ServerName https://main.example.com:443\n<VirtualHost *:80>\nProxyTimeout 5\n</VirtualHost>\n"
    assert adopted(text).variables["apache_vhosts"][0]["server_name"] == "main.example.com"


def test_what_the_main_server_trusts_is_trusted() -> None:
    text = "RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy 10.0.0.0/8\n"
    assert adopted(text + host("")).variables["apache_trusted_proxies"] == ["10.0.0.0/8"]


def test_the_main_servers_rules_are_left_to_the_host() -> None:
    kept = adopted("ProxyPass / http://h/\n" + host("")).kept
    assert (kept[0].directive, kept[0].outcome) == ("ProxyPass", "host")


def test_a_server_without_virtual_hosts_has_none() -> None:
    assert adopted("ProxyPass / http://h/\n").variables == {"apache_vhosts": []}
