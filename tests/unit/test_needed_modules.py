"""Which modules a configuration asks for."""

from __future__ import annotations

import pytest
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.vocabulary.needed_modules import needed_modules, with_companions

CASES = [
    pytest.param("ServerName x\n", (), id="the core needs nothing"),
    pytest.param("ProxyPass / http://h/\n", ("proxy", "proxy_http"), id="http"),
    pytest.param(
        "ProxyPass / ws://h/\n", ("proxy", "proxy_http"), id="websocket needs no proxy_wstunnel"
    ),
    pytest.param("ProxyPass / unix:/s|http://h/\n", ("proxy", "proxy_http"), id="unix socket"),
    pytest.param("ProxyPass / ajp://h/\n", ("proxy", "proxy_ajp"), id="ajp"),
    pytest.param(
        "RewriteRule ^ http://h/ [P]\n", ("rewrite", "proxy", "proxy_http"), id="rewrite with P"
    ),
    pytest.param("SetHandler proxy:fcgi://h\n", ("proxy", "proxy_fcgi"), id="handler"),
    pytest.param("SetHandler Server-Status\n", ("status",), id="a handler in any case"),
    pytest.param("Protocols h2 http/1.1\n", ("http2",), id="HTTP/2"),
    pytest.param("Protocols H2 http/1.1\n", (), id="a protocol's name in capitals is none"),
    pytest.param("Protocols http/1.1\n", (), id="HTTP/1.1"),
    pytest.param("ProxyPass / h2c://h/\n", ("proxy", "http2", "proxy_http2"), id="h2c backend"),
    pytest.param("Require local\n", ("authz_core", "authz_host"), id="requirement"),
    pytest.param(
        "Require not ip 10.0.0.1\n", ("authz_core", "authz_host"), id="negated requirement"
    ),
    pytest.param(
        "<IfModule mod_headers.c>\nHeader set A b\n</IfModule>\n",
        (),
        id="what stands under a condition",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_modules_follow_from_what_is_asked(text: str, expected: tuple[str, ...]) -> None:
    assert needed_modules(parse_tree(text, "x")[0]) == expected


def test_a_balancer_brings_its_companions_before_itself() -> None:
    text = "<Proxy balancer://a>\nBalancerMember http://h\nProxySet lbmethod=bytraffic\n</Proxy>\n"
    modules = needed_modules(parse_tree(text, "x")[0])
    assert (
        modules.index("slotmem_shm")
        < modules.index("proxy_balancer")
        < modules.index("lbmethod_bytraffic")
    )
    assert "lbmethod_byrequests" in modules  # httpd looks the default up before it reads the other


def test_tls_brings_its_session_cache() -> None:
    assert with_companions(("ssl",)) == ("setenvif", "mime", "socache_shmcb", "ssl")
