"""Requests over a connection whose handshake was for another virtual host: 421 where their TLS differs, as httpd has it."""

from __future__ import annotations

import pytest
from loading import server_of
from module_utils._httpd.reading.view import view
from module_utils._httpd.resolve.plain_requests import read_request
from module_utils._httpd.resolve.request import Decision
from module_utils._httpd.resolve.resolver import resolve
from module_utils._httpd.syntax.parse import parse_tree

CERTIFICATE = "SSLCertificateFile /tls/one.pem\nSSLCertificateKeyFile /tls/one.key"
SERVER = """\
ServerName main.test
Listen 443
{main}
<VirtualHost *:443>
ServerName a.test
ServerAlias aa.test
SSLEngine on
Redirect / https://else.test/
{first}
</VirtualHost>
<VirtualHost *:443>
ServerName b.test
SSLEngine on
Redirect / https://else.test/
{second}
</VirtualHost>
"""


def decided(
    second: str,
    *,
    first: str = CERTIFICATE,
    main: str = "",
    url: str = "a.test",
    host: str = "b.test",
) -> Decision:
    text = SERVER.format(main=main, first=first, second=second)
    request = read_request(f"https://{url}/doc", headers={"Host": host}, address="127.0.0.1")
    return resolve(server_of(text), request)


@pytest.mark.parametrize(
    "words",
    [
        "SSLProtocol TLSv1.2", "SSLProtocol -all +TLSv1.2 +TLSv1.3", "SSLCipherSuite HIGH",
        "SSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256", "SSLVerifyClient optional", "SSLVerifyDepth 3",
        "SSLCACertificateFile /tls/one.pem", "SSLCADNRequestFile /tls/one.pem", "SSLCACertificatePath /tls",
        "SSLOpenSSLConfCmd Groups X25519", "SSLOCSPEnable on", "SSLCARevocationFile /tls/one.pem",
        "SSLOCSPDefaultResponder http://x.test/", "SSLOCSPOverrideResponder on",
    ],
)  # fmt: skip
def test_another_setting_of_tls_is_a_misdirected_request(words: str) -> None:
    there, back = (
        decided(f"{CERTIFICATE}\n{words}"),
        decided(f"{CERTIFICATE}\n{words}", url="b.test", host="a.test"),
    )
    assert [(found.action, found.status) for found in (there, back)] == [("denied", 421)] * 2


@pytest.mark.parametrize(
    "words",
    [
        "", "SSLProtocol all", "SSLProtocol all -SSLv3", "SSLProtocol TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3",
        "SSLHonorCipherOrder on", "SSLVerifyClient none", "SSLVerifyDepth 1", "SSLCompression off",
        "SSLSessionTickets off", "SSLOptions +StdEnvVars", "Protocols h2 http/1.1", "SSLOCSPEnable off",
        "SSLCertificateChainFile /tls/one.pem", "SSLProxyEngine on", "SSLStrictSNIVHostCheck on",
        "<Location /x>\nSSLCipherSuite HIGH\n</Location>",
    ],
)  # fmt: skip
def test_what_is_not_of_the_connection_lets_a_request_through(words: str) -> None:
    assert decided(f"{CERTIFICATE}\n{words}").action == "redirect"


def test_another_certificate_is_a_misdirected_request_whatever_is_in_it() -> None:
    other = CERTIFICATE.replace("one", "copy")
    assert decided(other).status == 421
    assert decided(CERTIFICATE.replace("one.key", "copy.key")).status == 421
    assert decided("SSLCertificateFile /tls/both.pem").status == 421
    assert "SSLCertificateFile" in decided(other).reasons[-1].text
    assert "`a.test`" in decided(other).reasons[-1].text


def test_what_the_main_server_says_holds_for_both() -> None:
    assert decided("", first="", main=CERTIFICATE).action == "redirect"
    assert decided(CERTIFICATE, first="", main=CERTIFICATE).action == "redirect"
    assert (
        decided("", first="SSLVerifyDepth 3", main=f"{CERTIFICATE}\nSSLVerifyDepth 3").action
        == "redirect"
    )
    command = "SSLOpenSSLConfCmd Groups X25519"
    assert decided(f"{CERTIFICATE}\n{command}", main=command).status == 421  # they add up


@pytest.mark.parametrize(
    ("policy", "words", "action"),
    [
        ("insecure", "SSLProtocol TLSv1.2", "redirect"),
        ("authonly", "SSLProtocol TLSv1.2", "redirect"),
        ("authonly", "SSLVerifyDepth 3", "denied"),
        ("authonly", "SSLOpenSSLConfCmd Groups X25519", "denied"),
        ("strict", "", "denied"),
    ],
)
def test_policy_says_what_is_compared(policy: str, words: str, action: str) -> None:
    assert decided(f"{CERTIFICATE}\n{words}", main=f"SSLVHostSNIPolicy {policy}").action == action


@pytest.mark.parametrize(
    ("url", "host", "action"),
    [
        ("b.test", "b.test:443", "redirect"),
        ("aa.test", "a.test", "redirect"),
        ("unknown.test", "a.test", "redirect"),
        ("unknown.test", "b.test", "denied"),
        ("b.test", "unknown.test", "denied"),
        ("127.0.0.1", "a.test", "redirect"),
        ("127.0.0.1", "b.test", "denied"),
    ],
)
def test_unknown_names_and_addresses_have_the_handshake_of_the_first(
    url: str, host: str, action: str
) -> None:
    assert decided(f"{CERTIFICATE}\nSSLProtocol TLSv1.2", url=url, host=host).action == action


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (CERTIFICATE, CERTIFICATE.replace("/tls/", ""), "SSLCertificateFile"),
        (CERTIFICATE, f"{CERTIFICATE}\nSSLEngine off", "SSLEngine"),
        (f"{CERTIFICATE}\nSSLVerifyClient require", CERTIFICATE, "certificate that a client shows"),
        ("", "", "SSLCertificateFile"),
    ],
)
def test_what_may_be_the_same_is_open(first: str, second: str, what: str) -> None:
    decision = decided(second, first=first)
    assert (decision.action, what in decision.reasons[-1].text) == ("depends", True)


def test_what_is_within_an_open_condition_is_open() -> None:
    words = f"{CERTIFICATE}\n<IfDefine X>\nSSLProtocol TLSv1.2\n</IfDefine>"
    text = SERVER.format(main="", first=CERTIFICATE, second=words)
    request = read_request("https://a.test/", headers={"Host": "b.test"}, address="127.0.0.1")
    decision = resolve(view(parse_tree(text, "server.conf")[0]), request)
    assert (decision.action, decision.cause) == ("depends", "condition")


def test_a_client_that_names_no_server_may_be_refused() -> None:
    decision = decided(f"{CERTIFICATE}\nSSLStrictSNIVHostCheck on", url="127.0.0.1")
    assert decision.action == "depends"
    assert (
        decided(f"{CERTIFICATE}\nSSLStrictSNIVHostCheck off", url="127.0.0.1").action == "redirect"
    )


def test_an_error_document_may_answer_otherwise() -> None:
    document = "SSLProtocol TLSv1.2\nErrorDocument 421 https://else.test/"
    assert decided(f"{CERTIFICATE}\n{document}").action == "depends"
    first = f"{CERTIFICATE}\nErrorDocument 421 https://else.test/"
    assert decided(f"{CERTIFICATE}\nSSLProtocol TLSv1.2", first=first).status == 421
