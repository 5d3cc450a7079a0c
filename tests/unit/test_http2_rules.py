"""What rules about HTTP/2 must leave alone beside what they find, as httpd 2.4.71 was asked."""

from __future__ import annotations

import pytest
from module_utils._httpd.checking.rule import UNKNOWN
from module_utils._httpd.reading.environment import Environment
from test_rule_twins import VHOST, fires

TLS = "SSLEngine on\nSSLCertificateFile /c\n"
BOTH = "Protocols h2 http/1.1\n"
H2C = "Protocols h2c http/1.1\n"
GCM, CBC, STATIC = "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA384", "AES128-GCM-SHA256"


def suite(*ciphers: str, honor: str = "on", before: str = "") -> str:
    """Write a server that speaks HTTP/2 with ciphers."""
    return f"{before}{BOTH}{TLS}SSLHonorCipherOrder {honor}\nSSLCipherSuite {':'.join(ciphers)}\n"


CASES = [
    pytest.param("protocol-unknown", "Protocols H2 http/1.1", True, id="capitals"),
    pytest.param("protocol-unknown", "Protocols h2,http/1.1", True, id="comma"),
    pytest.param("protocol-unknown", "Protocols h2 h2c acme-tls/1 http/1.1", False, id="all"),
    pytest.param("http2-never-chosen", "Protocols http/1.1\nProtocols h2", True, id="lines add up"),
    pytest.param("http2-never-chosen", "Protocols h2 http/1.1\nProtocols http/1.1", False, id="first counts"),
    pytest.param("http2-never-chosen", "Protocols http/1.1 h2\nProtocolsHonorOrder Off", False, id="client chooses"),
    pytest.param("http2-never-chosen", "Protocols h2", False, id="without HTTP/1.1, which is spoken all the same"),
    pytest.param("http2-of-other-transport", VHOST.format("*:443", "a", TLS + "Protocols h2c http/1.1\n"), True, id="h2c with TLS"),
    pytest.param("http2-of-other-transport", VHOST.format("*:80", "a", "Protocols h2 h2c http/1.1\n"), False, id="both, as Debian has it"),
    pytest.param("http2-of-other-transport", BOTH + VHOST.format("*:80", "a", ""), False, id="inherited"),
    pytest.param("http2-of-other-transport", VHOST.format("*:443", "a", BOTH + "Include more/*.conf\n"), False, id="TLS may be elsewhere"),
    pytest.param("h2c-not-heard", H2C + VHOST.format("*:80", "a", "") + VHOST.format("*:80", "b", H2C), False, id="first inherits it"),
    pytest.param("h2c-not-heard", VHOST.format("*:80", "a", "") + VHOST.format("*:81", "b", "Protocols h2c http/1.1\n"), False, id="other address"),
    pytest.param("h2c-not-heard", VHOST.format("*:443", "a", TLS) + VHOST.format("*:443", "b", TLS + BOTH), False, id="over TLS each name decides"),
    pytest.param("http2-renegotiates", BOTH + TLS + "<Location /a>\nSSLVerifyClient none\n</Location>", False, id="asks nobody"),
    pytest.param("http2-renegotiates", "Protocols http/1.1\n" + TLS + "<Location /a>\nSSLVerifyClient require\n</Location>", False, id="HTTP/1.1 can"),
    pytest.param("http2-renegotiates", BOTH + TLS + "SSLVerifyClient require", False, id="in the handshake"),
    pytest.param("http2-cipher-refused", suite(STATIC, GCM), True, id="static key first"),
    pytest.param("http2-cipher-refused", suite(CBC, GCM, honor="off"), False, id="client chooses"),
    pytest.param("http2-cipher-refused", suite(CBC, STATIC, honor="off"), True, id="none to choose"),
    pytest.param("http2-cipher-refused", suite("@SECLEVEL=0", GCM, CBC), False, id="level first"),
    pytest.param("http2-cipher-refused", suite(), False, id="no cipher at all"),
    pytest.param("http2-cipher-refused", suite("@SECLEVEL=0"), False, id="a level alone"),
    pytest.param("http2-cipher-refused", suite(GCM) + f"SSLCipherSuite TLSv1.3 {CBC}", False, id="TLS 1.3"),
    pytest.param("http2-cipher-refused", suite("HIGH", "!aNULL"), False, id="classes of ciphers"),
    pytest.param("http2-cipher-refused", suite(CBC, before="H2ModernTLSOnly off\n"), False, id="not minded"),
    pytest.param("http2-cipher-refused", suite(CBC, before="SSLProtocol -all +TLSv1.3\n"), False, id="TLS 1.3 only"),
    pytest.param("http2-cipher-refused", suite(CBC, before="SSLProtocol all -SSLv3\n"), True, id="TLS 1.2 too"),
    pytest.param("http2-cipher-refused", TLS + f"SSLCipherSuite {CBC}", False, id="HTTP/1.1 takes it"),
    pytest.param("http2-few-workers", "H2MaxWorkers 15", True, id="one less"),
    pytest.param("http2-few-workers", "H2MinWorkers 10", True, id="half as many more"),
    pytest.param("http2-few-workers", "H2MinWorkers 11", False, id="half as many more are enough"),
    pytest.param("http2-few-workers", "H2MinWorkers 2\nH2MaxWorkers 16", False, id="others come as they are needed"),
    pytest.param("http2-few-workers", "ThreadsPerChild 4", False, id="nobody speaks of them"),
    pytest.param("http2-workers-inverted", "H2MinWorkers 8\nH2MaxWorkers 8", False, id="as many"),
    pytest.param("http2-workers-inverted", "H2MinWorkers 9\nH2MaxWorkers 8", True, id="one less"),
    pytest.param("http2-workers-inverted", "H2MaxWorkers 8", False, id="the host's threads aren't known"),
    pytest.param("http2-workers-inverted", VHOST.format("*:80", "a", "H2MinWorkers 8\nH2MaxWorkers 2\n"), False, id="virtual hosts aren't asked"),
    pytest.param("push-obsolete", "H2Push Off", False, id="off"),
    pytest.param("push-obsolete", "H2PushResource /app.css", True, id="resource"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "expected"), CASES)
def test_rule_finds_what_httpd_minds(rule: str, text: str, expected: bool) -> None:
    assert fires(rule, text, UNKNOWN) is expected


def test_a_whole_configuration_without_threads_per_child_has_httpds_own() -> None:
    assert fires("http2-workers-inverted", "H2MaxWorkers 24", Environment())
    assert not fires("http2-workers-inverted", "H2MaxWorkers 25", Environment())
    assert not fires("http2-workers-inverted", "ThreadsPerChild 8\nH2MaxWorkers 8", Environment())
