"""The commands that operators try a server with see what it should show: `curl` and `openssl s_client`."""

from __future__ import annotations

import subprocess

import pytest
from containers import Container

testinfra_hosts = ["ansible://proxies"]
MEMBERS = "members.example.com"
NAMES = ["files.example.com", "www.files.example.com", "content.example.com", "hsts.example.com"]


@pytest.fixture(scope="session")
def client() -> Container:
    """Who asks: it trusts the scenario's authorities as its system does, and has certificates of clients."""
    return Container("ssl-client")


def curl(client: Container, proxy: Container, url: str, *options: str) -> str:
    """Ask as curl does that verifies; raises CalledProcessError."""
    host = url.split("/")[2]
    plain, tls = (f"{host}:{port}:{proxy.address}" for port in (80, 443))
    addresses = ("--resolve", plain, "--resolve", tls)
    return client.run("curl", "-sS", "-m", "30", *addresses, *options, url)


def openssl(client: Container, proxy: Container, host: str, path: str, *options: str) -> str:
    """Ask as `openssl s_client` does that verifies; what it prints is the connection, then the answer."""
    request = f"GET {path} HTTP/1.1\\r\\nHost: {host}\\r\\nConnection: close\\r\\n\\r\\n"
    script = f"printf '{request}' | openssl s_client -connect \"$@\" -ign_eof 2>&1"
    where = f"{proxy.address}:443"
    verified = ("-verify_return_error", "-verify_hostname", host)
    return client.run("sh", "-c", script, "sh", where, "-servername", host, *verified, *options)


def shown_by(certificate: str) -> list[str]:
    """Return the options, the same for both, to show a client's certificate."""
    return ["--cert", f"/root/{certificate}.pem", "--key", f"/root/{certificate}.key"]


@pytest.mark.parametrize("name", NAMES)
def test_both_trust_what_a_name_shows(client: Container, proxy: Container, name: str) -> None:
    assert '"path": "/page"' in curl(client, proxy, f"https://{name}/page")
    shown = openssl(client, proxy, name, "/page")
    assert "Verification: OK" in shown
    assert '"path": "/page"' in shown


@pytest.mark.parametrize("name", ["self.example.com", "nobody.example.com"])
def test_neither_trusts_another(client: Container, proxy: Container, name: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        curl(client, proxy, f"https://{name}/")
    assert "certificate" in refused.value.stderr
    with pytest.raises(subprocess.CalledProcessError) as refused:
        openssl(client, proxy, name, "/")
    assert "certificate verify failed" in refused.value.stdout


def test_both_get_in_with_a_certificate(client: Container, proxy: Container) -> None:
    subject = '"x-ssl-client-s-dn": "CN=alice"'
    assert subject in curl(client, proxy, f"https://{MEMBERS}/", *shown_by("alice"))
    assert subject in openssl(client, proxy, MEMBERS, "/", *shown_by("alice"))


@pytest.mark.parametrize("certificate", ["", "stranger"])
@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_neither_gets_in_otherwise(
    client: Container, proxy: Container, certificate: str, version: str
) -> None:
    shown = shown_by(certificate) if certificate else []
    with pytest.raises(subprocess.CalledProcessError) as refused:
        curl(client, proxy, f"https://{MEMBERS}/", "--tls-max", version, *shown)
    assert "alert" in refused.value.stderr
    only = f"-tls{version.replace('.', '_')}"
    with pytest.raises(subprocess.CalledProcessError) as refused:
        openssl(client, proxy, MEMBERS, "/", only, *shown)
    assert "alert" in refused.value.stdout


def test_curl_follows_the_redirect_to_the_same(client: Container, proxy: Container) -> None:
    target = "files.example.com/a%20b?c=%20d"
    report = ("-L", "-w", "\\n%{num_redirects} %{url_effective}")
    answer = curl(client, proxy, f"http://{target}", *report)
    assert answer.splitlines()[-1] == f"1 https://{target}"
    assert '"path": "/a%20b?c=%20d"' in answer


def test_curl_remembers_hsts(client: Container, proxy: Container) -> None:
    memory, report = f"/tmp/hsts-{proxy.name}", ("-o", "/dev/null", "-w", "%{url_effective}")
    url = "hsts.example.com/"
    client.run("rm", "-f", memory)
    assert curl(client, proxy, f"http://{url}", "--hsts", memory, *report) == f"http://{url}"
    curl(client, proxy, f"https://{url}", "--hsts", memory)
    assert curl(client, proxy, f"http://{url}", "--hsts", memory, *report) == f"https://{url}"


# Those of the profiles, the first as far as the proxy's OpenSSL knows it: from 3.5 on.
GROUPS = [
    ("X25519MLKEM768", {"ssl-debian13"}),
    ("X25519", {"ssl-debian12", "ssl-debian13"}),
    ("secp384r1", {"ssl-debian12", "ssl-debian13"}),
    ("secp521r1", set()),
]


@pytest.mark.parametrize("name", ["modern.example.com", "intermediate.example.com"])
@pytest.mark.parametrize(("group", "proxies"), GROUPS)
def test_keys_are_agreed_on_by_the_profiles_groups(
    client: Container, proxy: Container, name: str, group: str, proxies: set[str]
) -> None:
    if proxy.name in proxies:
        assert '"path": "/page"' in openssl(client, proxy, name, "/page", "-groups", group)
    else:
        with pytest.raises(subprocess.CalledProcessError) as refused:
            openssl(client, proxy, name, "/page", "-groups", group)
        assert "handshake failure" in refused.value.stdout


def test_best_group_of_both_sides_is_taken(client: Container, proxy: Container) -> None:
    shown = openssl(client, proxy, "modern.example.com", "/page")
    is_hybrid = "Negotiated TLS1.3 group: X25519MLKEM768" in shown
    assert is_hybrid is (proxy.name == "ssl-debian13")
