"""A request over a connection that was made for another virtual host is answered as the resolver says."""

from __future__ import annotations

import http.client
import socket
import ssl

import pytest
from conftest import free_ports, running
from module_utils._httpd.reading.view import view
from module_utils._httpd.resolve.plain_requests import read_request
from module_utils._httpd.resolve.resolver import resolve
from module_utils._httpd.syntax.parse import parse_tree

NAMES = ("a.test", "b.test", "unknown.test")
MISDIRECTED = 421
# What the second virtual host says more, the main server before both, and how many of the questions are misdirected.
SETTINGS = {
    "nothing": ("", "", 0),
    "another protocol": ("SSLProtocol TLSv1.2", "", 4),
    "all protocols": ("SSLProtocol all -SSLv3", "", 0),
    "other ciphers": ("SSLCipherSuite HIGH", "", 4),
    "clients' certificates": ("SSLVerifyDepth 3", "", 4),
    "a command": ("SSLOpenSSLConfCmd Groups X25519", "", 4),
    "the order of ciphers": ("SSLHonorCipherOrder on", "", 0),
    "a key by another path": ("SSLCertificateKeyFile {both}", "", 4),
    "insecure": ("SSLProtocol TLSv1.2", "SSLVHostSNIPolicy insecure", 0),
    "authonly": ("SSLProtocol TLSv1.2", "SSLVHostSNIPolicy authonly", 0),
    "authonly, of clients": ("SSLVerifyDepth 3", "SSLVHostSNIPolicy authonly", 4),
    "strict": ("", "SSLVHostSNIPolicy strict", 4),
    "what main says": ("SSLVerifyDepth 3", "SSLVerifyDepth 3", 0),
}
TEXT = """
    Listen 127.0.0.1:{port}
    {main}
    <VirtualHost *:{port}>
      ServerName a.test
      SSLEngine on
      SSLCertificateFile {certificate}
      SSLCertificateKeyFile {key}
      Redirect / https://else.test/
    </VirtualHost>
    <VirtualHost *:{port}>
      ServerName b.test
      SSLEngine on
      SSLCertificateFile {certificate}
      SSLCertificateKeyFile {key}
      Redirect / https://else.test/
      {second}
    </VirtualHost>
"""


@pytest.mark.parametrize(("second", "main", "count"), SETTINGS.values(), ids=SETTINGS)
def test_misdirected_requests_are_those_that_the_resolver_names(
    pems: dict[str, str], second: str, main: str, count: int
) -> None:
    (port,) = free_ports(1)
    text = TEXT.format(port=port, main=main, second=second.format(**pems), **pems)
    server = view(parse_tree(text, "httpd.conf")[0])
    misdirected = 0
    with running(text, "ssl", "alias", port=port) as refusal:
        assert not refusal
        for name in NAMES:
            for host in NAMES:
                url = f"https://{name}:{port}/x"
                asked = read_request(url, headers={"Host": host}, address="127.0.0.1")
                status = answer(port, name, host)
                assert resolve(server, asked).status == status, (name, host)
                misdirected += status == MISDIRECTED
    assert misdirected == count


def answer(port: int, name: str, host: str) -> int:
    """Return the status of a request for a host, over a connection for a name."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        connection = http.client.HTTPConnection(host)
        connection.sock = context.wrap_socket(plain, server_hostname=name)
        connection.request("GET", "/x")
        return connection.getresponse().status
