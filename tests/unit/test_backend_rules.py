"""What rules of TLS towards backends find, and what they must leave alone, as httpd 2.4.71 was asked."""

from __future__ import annotations

import pytest
from module_utils._httpd.checking.rules.all_rules import RULES
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree

TLS = "SSLProxyEngine On\nSSLProxyVerify require\nSSLProxyCACertificateFile /ca.pem\n"
MEMBER = "<Proxy balancer://b>\nBalancerMember {}\n</Proxy>\nProxyPass / balancer://b/\n"
KEPT = "ProxyPreserveHost On\n"
OWN = "<{}>\nProxyPreserveHost Off\n</{}>\n"
NAME, ADDRESS = "preserved-host-to-tls-backend", "backend-address-unnamed"
REVOKED, UNLOOKED = "backend-revocation-list-missing", "backend-revocation-unchecked"

CASES = [
    pytest.param(NAME, f"{KEPT}ProxyPass / https://h/", True, id="kept for a backend"),
    pytest.param(NAME, "ProxyPass / https://h/", False, id="its own name"),
    pytest.param(NAME, f"{KEPT}ProxyPass / http://h/", False, id="kept in plain"),
    pytest.param(NAME, KEPT + MEMBER.format("https://h"), True, id="kept for a member"),
    pytest.param(NAME, KEPT + MEMBER.format("http://h"), False, id="kept for a plain member"),
    pytest.param(
        NAME,
        f"{KEPT}ProxyPass / https://h/\n{OWN.format('Proxy https://h/', 'Proxy')}",
        False,
        id="a <Proxy> takes it back",
    ),
    pytest.param(
        NAME,
        f"{OWN.format('Proxy *', 'Proxy')}{KEPT}ProxyPass / https://h/",
        False,
        id="a <Proxy> outdoes what stands behind it",
    ),
    pytest.param(
        NAME,
        f"{KEPT}ProxyPass / https://h/\n{OWN.format('Proxy https://other/', 'Proxy')}",
        True,
        id="another backend's <Proxy>",
    ),
    pytest.param(
        NAME,
        f"{KEPT}{MEMBER.format('https://h')}{OWN.format('ProxyMatch ^balancer://(b)(/|$)', 'ProxyMatch')}",
        False,
        id="a <ProxyMatch> takes it back from a balancer",
    ),
    pytest.param(
        NAME,
        f"{KEPT}<Location /x>\nProxyPass https://h/\nProxyPreserveHost Off\n</Location>",
        False,
        id="a <Location> takes it back",
    ),
    pytest.param(
        NAME, f"{KEPT}SSLProxyCheckPeerName Off\nProxyPass / https://h/", False, id="no name"
    ),
    pytest.param(ADDRESS, "ProxyPass / https://10.0.0.1/", True, id="an address"),
    pytest.param(ADDRESS, "ProxyPass / https://[2001:db8::1]/", True, id="an IPv6 address"),
    pytest.param(ADDRESS, MEMBER.format("https://10.0.0.1"), True, id="a member's address"),
    pytest.param(ADDRESS, "ProxyPass / https://10.example.com/", False, id="digits in a name"),
    pytest.param(ADDRESS, "ProxyPass / http://10.0.0.1/", False, id="an address in plain"),
    pytest.param(
        ADDRESS, f"{KEPT}ProxyPass / https://10.0.0.1/", False, id="asked for the client's name"
    ),
    pytest.param(
        ADDRESS,
        "SSLProxyCheckPeerName Off\nProxyPass / https://10.0.0.1/",
        False,
        id="an address whose name doesn't matter",
    ),
    pytest.param(
        "backend-not-verified",
        "SSLProxyVerify optional_no_ca\nProxyPass / https://h/",
        True,
        id="any authority will do",
    ),
    pytest.param(REVOKED, "SSLProxyCARevocationCheck leaf", True, id="no list"),
    pytest.param(REVOKED, "SSLProxyCARevocationCheck none", False, id="no look"),
    pytest.param(
        REVOKED,
        "SSLProxyCARevocationCheck chain\nSSLProxyCARevocationPath /crls",
        False,
        id="a directory of lists",
    ),
    pytest.param(
        UNLOOKED,
        "SSLProxyCARevocationCheck none\nSSLProxyCARevocationFile /crl",
        True,
        id="a list without a look",
    ),
    pytest.param("backend-depth-zero", "SSLProxyVerifyDepth 1", False, id="depth"),
    pytest.param("backend-protocol-missing", "SSLProxyProtocol TLSv1.3", False, id="one version"),
    pytest.param(
        "backend-protocol-missing", "SSLProxyProtocol TLSv1.2 -TLSv1.2", True, id="none left"
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_a_rule_fires_there_and_not_here(name: str, text: str, expected: bool) -> None:
    (rule,) = (rule for rule in RULES if rule.id == name)
    server = view(parse_tree(f"{TLS}{text}\n", "httpd.conf")[0])
    assert any(rule.problems(server)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", True, id="asked by nobody"),
        pytest.param("SSLProxyEngine On\n", False, id="asked by the main server"),
        pytest.param("Include more.conf\n", False, id="asked by who knows whom"),
        pytest.param(
            "<VirtualHost *:80>\nSSLProxyEngine On\n</VirtualHost>\n", False, id="inherited"
        ),
    ],
)
def test_a_certificate_to_show_is_asked_for(text: str, expected: bool) -> None:
    (rule,) = (rule for rule in RULES if rule.id == "machine-certificate-unused")
    written = f"SSLProxyMachineCertificateFile /me.pem\n{text}"
    assert any(rule.problems(view(parse_tree(written, "httpd.conf")[0]))) is expected
