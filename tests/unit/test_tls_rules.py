"""What rules about TLS must leave alone beside what they find, as httpd 2.4.71 was asked."""

from __future__ import annotations

import pytest
from module_utils._httpd.vocabulary.reserved_names import UNKNOWN_HOST
from test_rule_twins import VHOST, fires

WITH_ENGINE = "SSLEngine on\nSSLCertificateFile /c\n"
OLD = WITH_ENGINE + "SSLProtocol -all +TLSv1\n"
LOWEST = "SSLCipherSuite AES128-SHA:@SECLEVEL=0\n"
PROXIED = "RewriteRule ^ https://a.example.com/ [P]\n"
TWINS = [
    pytest.param("ssl-proxy-engine-missing", PROXIED, False, id="nothing is rewritten"),
    pytest.param(
        "ssl-proxy-engine-missing", "RewriteEngine on\n" + PROXIED, True, id="by a RewriteRule"
    ),
    pytest.param(
        "ssl-proxy-engine-missing",
        "RewriteEngine on\n" + PROXIED.replace("[P]", "[R]"),
        False,
        id="a redirect",
    ),
    pytest.param("ocsp-failure-stapled", "SSLUseStapling off", False, id="nothing is stapled"),
    pytest.param(
        "ocsp-failure-stapled",
        "SSLStaplingFakeTryLater off\nSSLStaplingReturnResponderErrors off\n"
        + VHOST.format("*:443", "a", WITH_ENGINE + "SSLUseStapling on\n"),
        False,
        id="inherited",
    ),
    pytest.param("old-protocol-refused", OLD, True, id="OpenSSL's own ciphers"),
    pytest.param("old-protocol-refused", OLD + LOWEST, False, id="lowest level"),
    pytest.param(
        "old-protocol-refused", LOWEST + VHOST.format("*:443", "a", OLD), False, id="inherited"
    ),
    pytest.param(
        "old-protocol-refused", WITH_ENGINE + "SSLProtocol all\n", False, id="not by its name"
    ),
    pytest.param(
        "ssl-engine-missing",
        VHOST.format("*:443", "a", WITH_ENGINE) + VHOST.format("*:443", "b", ""),
        False,
        id="behind one that speaks TLS",
    ),
    pytest.param(
        "ssl-engine-missing",
        VHOST.format("*:443", "a", "") + VHOST.format("*:443", "b", WITH_ENGINE),
        True,
        id="before one that does",
    ),
    pytest.param(
        "ssl-engine-missing",
        VHOST.format("*:443", UNKNOWN_HOST, ""),
        False,
        id="Gatehouse's own, of nobody's",
    ),
    pytest.param(
        "ssl-engine-missing",
        VHOST.format("*:443", UNKNOWN_HOST, "") + VHOST.format("*:443", "b", ""),
        True,
        id="plain behind Gatehouse's own",
    ),
    pytest.param(
        "ssl-engine-missing",
        VHOST.format("*:443", UNKNOWN_HOST, "") + VHOST.format("*:443", "b", WITH_ENGINE),
        True,
        id="TLS behind Gatehouse's own",
    ),
]


@pytest.mark.parametrize(("rule", "text", "expected"), TWINS)
def test_a_rule_fires_there_and_not_here(rule: str, text: str, expected: bool) -> None:
    assert fires(rule, f"Listen 80\n{text}") is expected
