"""Each name gets its own certificate, and nobody another's."""

from __future__ import annotations

import pytest
from containers import Container
from tls import PKI, connected, serial, serial_of

testinfra_hosts = ["ansible://proxies"]
UNKNOWN = ["gatehouse-unknown-host.invalid"]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("files.example.com", ["files.example.com", "www.files.example.com"]),
        ("www.files.example.com", ["files.example.com", "www.files.example.com"]),
        ("content.example.com", ["content.example.com"]),
        ("modern.example.com", ["modern.example.com"]),
        ("intermediate.example.com", ["intermediate.example.com"]),
        ("old.example.com", ["old.example.com"]),
        ("hsts.example.com", ["*.example.com"]),
    ],
)
def test_client_trusts_what_a_name_shows(proxy: Container, name: str, names: list[str]) -> None:
    with connected(proxy, name, trusted=True) as connection:
        assert connection.names == names
        answer = connection.ask(name, "/page")
    assert (answer.status, answer.echo["path"]) == (200, "/page")
    assert answer.echo["headers"]["x-forwarded-proto"] == "https"


def test_self_signed_certificate_is_for_its_name(proxy: Container) -> None:
    with connected(proxy, "self.example.com") as connection:
        assert connection.names == ["self.example.com"]
        assert connection.ask("self.example.com").status == 200


def test_other_port_has_its_virtual_host_alone(proxy: Container) -> None:
    with connected(proxy, "port.example.com", port=8443, trusted=True) as connection:
        assert connection.ask("port.example.com:8443").status == 200
    with connected(proxy, "port.example.com") as connection:
        assert connection.names == UNKNOWN


@pytest.mark.parametrize("sni", ["nobody.example.com", None])
@pytest.mark.parametrize("port", [443, 8443])
def test_unknown_name_gets_gatehouses_own_certificate_and_404(
    proxy: Container, sni: str | None, port: int
) -> None:
    with connected(proxy, sni, port=port) as connection:
        assert connection.names == UNKNOWN
        assert connection.ask(sni or proxy.address).status == 404


def test_content_is_what_the_variable_says(proxy: Container) -> None:
    given = serial_of((PKI / "content.pem").read_text())
    assert serial(proxy, "content.example.com") == given


def test_keys_on_disk_are_for_root_alone(proxy: Container) -> None:
    wrong = proxy.run(
        "find", "/etc/apache2/gatehouse", "(", "-name", "key.pem", "-o", "-path", "*/blobs/*", ")",
        "-type", "f", "-not", "-perm", "0600",
    )  # fmt: skip
    assert wrong == ""
    # One for each key that the live release or a kept one names.
    assert proxy.run("find", "/etc/apache2/gatehouse/blobs", "-type", "f").count("\n") in (1, 2)
