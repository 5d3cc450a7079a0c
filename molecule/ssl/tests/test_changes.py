"""Certificates change under a site that goes on: renewed, refused, rolled back, and no key is ever shown."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from authority import Pair, make_root
from changing import deploy, extra, key_of, put
from containers import Container
from cryptography.x509 import load_pem_x509_certificate
from meanwhile import again_and_again, asked_all_along
from playing import play
from tls import PKI, ask, connected, serial, serial_of

testinfra_hosts = ["ansible://proxies"]

SELF, CONTENT = "self.example.com", "content.example.com"
STORE = "/etc/apache2/gatehouse"


@pytest.fixture(scope="session")
def clients() -> Pair:
    """The authority of clients' certificates."""
    return Pair(load_pem_x509_certificate((PKI / "clients.pem").read_bytes()), key_of("clients"))


def test_second_run_changes_nothing(proxy: Container) -> None:
    run = deploy(proxy)
    assert (run.has_succeeded, run.changed) == (True, set()), run.output


def show_aging(proxy: Container) -> Pair:
    """Have the self-signed certificate be one that ends soon."""
    written = proxy.run("cat", f"{STORE}/current/main/vhosts/{SELF}.conf")
    (link,) = re.findall(r"\$\{GATEHOUSE_SELF_SIGNED\}/(\w+)/certificate", written)
    aging = make_root(SELF, names=(SELF,), is_authority=False, days=2, since=30)
    put(proxy, f"{STORE}/self_signed/{link}/certificate.pem", aging.pem)
    put(proxy, f"{STORE}/self_signed/{link}/key.pem", aging.key_pem)
    proxy.run("systemctl", "reload", "apache2")
    # A reload ends before its new children serve.
    wait_for_serial(proxy, lambda shown: shown == serial_of(aging.pem))
    return aging


def wait_for_serial(proxy: Container, is_wanted: Callable[[int], bool]) -> None:
    """Wait until a certificate is shown that is wanted."""
    deadline = time.monotonic() + 30
    while not is_wanted(serial(proxy, SELF)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_self_signed_certificate_is_renewed_when_due(proxy: Container) -> None:
    aging = show_aging(proxy)
    with (
        asked_all_along(lambda: ask(proxy, SELF), pause=0.1) as answers,
        connected(proxy, SELF) as connection,
        ThreadPoolExecutor() as pool,
    ):
        assert connection.certificate == aging.certificate
        slow = pool.submit(connection.ask, SELF, "/?sleep=20")
        run = deploy(proxy)
        assert (run.has_succeeded, run.changed) == (True, {proxy.name}), run.output
        assert slow.result().status == 200
    assert answers.failures == {}
    assert serial(proxy, SELF) != serial_of(aging.pem)
    assert deploy(proxy).changed == set()


def test_self_signed_certificate_is_renewed_without_a_deployment(proxy: Container) -> None:
    assert proxy.run("systemctl", "is-active", "gatehouse-renewals.timer").strip() == "active"
    aging = serial_of(show_aging(proxy).pem)
    with asked_all_along(lambda: ask(proxy, SELF), pause=0.1) as answers:
        proxy.run("systemctl", "start", "gatehouse-renewals.service")
        wait_for_serial(proxy, lambda shown: shown != aging)
    assert answers.failures == {}
    assert deploy(proxy).changed == set()


def test_certificate_renewed_in_its_place_is_served_by_the_next_run(
    proxy: Container, authority: Pair
) -> None:
    name, files = "hsts.example.com", ("/etc/ssl/shop/wild.pem", "/etc/ssl/shop/wild.key")
    former = [proxy.run("cat", path) for path in files]
    renewed = authority.sign("*.example.com", days=80)
    try:
        with asked_all_along(lambda: ask(proxy, name), pause=0.1) as answers:
            put(proxy, files[0], renewed.chain)
            # Half of a renewal: a server that read it wouldn't start again.
            half = deploy(proxy)
            assert not half.has_succeeded
            assert "the key isn't that of CN=*.example.com" in " ".join(half.output.split())
            put(proxy, files[1], renewed.key_pem)
            assert serial(proxy, name) == serial_of(former[0])
            run = deploy(proxy)
            assert (run.has_succeeded, run.changed) == (True, {proxy.name}), run.output
            assert serial(proxy, name) == serial_of(renewed.pem)
        assert answers.failures == {}
        assert deploy(proxy).changed == set()
    finally:
        for path, text in zip(files, former, strict=True):
            put(proxy, path, text)
        assert deploy(proxy).has_succeeded


def test_client_is_refused_once_a_run_has_found_the_new_list(
    proxy: Container, clients: Pair
) -> None:
    name, path = "staff.example.com", "/etc/ssl/shop/revoked.pem"
    former = proxy.run("cat", path)
    alice = Pair(load_pem_x509_certificate((PKI / "alice.pem").read_bytes()), key_of("alice"))
    try:
        put(proxy, path, clients.revoke(alice))
        assert ask(proxy, name, client="alice").status == 200
        assert deploy(proxy).changed == {proxy.name}
        with pytest.raises((ssl.SSLError, ConnectionError)):
            ask(proxy, name, client="alice")
        put(proxy, path, clients.revoke(alice, days=-1))
        run = deploy(proxy)
        assert not run.has_succeeded
        place = f"({name}).ssl.ca_revocation_file: the list of CN=Gatehouse clients in {path} expired on"
        assert place in " ".join(run.output.split())
    finally:
        put(proxy, path, former)
        assert deploy(proxy).has_succeeded
    assert ask(proxy, name, client="alice").status == 200


def test_bad_certificates_are_refused_together_and_the_site_goes_on(
    proxy: Container, authority: Pair
) -> None:
    good, other = authority.sign("good.example.com"), authority.sign("good.example.com")
    ended = authority.sign("ended.example.com", days=-1, since=60)
    early = authority.sign("early.example.com", since=-1)
    named = authority.sign("other.example.com")
    locked = good.written_key(passphrase=b"open sesame")
    wrong = {
        "mismatch": (good.chain, other.key_pem, "the key isn't that of CN=good.example.com"),
        "ended": (ended.chain, ended.key_pem, "CN=ended.example.com in /etc/ssl/bad/ended.pem expired on"),
        "early": (early.chain, early.key_pem, "isn't valid before"),
        "named": (named.chain, named.key_pem, "isn't for named.example.com: it has other.example.com"),
        "nopem": ("nothing\n", good.key_pem, "nopem.pem has no certificate in PEM"),
        "locked": (good.chain, locked, "locked.key has a passphrase"),
    }  # fmt: skip
    vhosts = []
    for name, (certificate, key, _reason) in wrong.items():
        paths = (f"/etc/ssl/bad/{name}.pem", f"/etc/ssl/bad/{name}.key")
        put(proxy, paths[0], certificate)
        put(proxy, paths[1], key)
        vhosts.append(extra(f"{name}.example.com", *paths))
    vhosts.append(extra("missing.example.com", "/etc/ssl/bad/none.pem", "/etc/ssl/bad/none.key"))
    trusting = extra("trusting.example.com", "/etc/ssl/shop/wild.pem", "/etc/ssl/shop/wild.key")
    trusting["ssl"] |= {"verify_client": "require", "ca_certificate_file": "/etc/ssl/bad/nopem.pem"}
    trusting["ssl_proxy"] = {"machine_certificate_file": "/etc/ssl/bad/named.pem"}
    trusting["proxy_to"] = "https://ssl-origin:8443"
    vhosts.append(trusting)
    before = proxy.run("readlink", f"{STORE}/current")
    with asked_all_along(lambda: ask(proxy, CONTENT), pause=0.1) as answers:
        run = deploy(proxy, apache_host_vhosts=vhosts)
    reasons = [
        *(reason for *_files, reason in wrong.values()),
        "none.pem can't be read: No such file",
        "(trusting.example.com).ssl.ca_certificate_file: /etc/ssl/bad/nopem.pem has no certificate",
        "(trusting.example.com).ssl_proxy.machine_certificate_file: /etc/ssl/bad/named.pem has no",
    ]
    said = " ".join(run.output.split())
    assert not run.has_succeeded
    assert [reason for reason in reasons if reason not in said] == []
    assert answers.failures == {}
    assert proxy.run("readlink", f"{STORE}/current") == before


@contextmanager
def watched(proxy: Container) -> Iterator[list[str]]:
    """Yield what the host's processes are called, looked at again and again meanwhile."""
    seen: list[str] = []
    with again_and_again(lambda: seen.append(proxy.run("ps", "-eo", "args")), pause=0.2):
        yield seen


def test_new_key_is_shown_nowhere_and_the_old_one_comes_back(proxy: Container) -> None:
    old, new = (serial_of((PKI / f"{name}.pem").read_text()) for name in ("content", "content2"))
    # A line from within each key; the first says only what kind it is.
    lines = [(PKI / f"{name}.key").read_text().splitlines()[5] for name in ("content", "content2")]
    with watched(proxy) as processes:
        run = deploy(proxy, "--diff", "-vvv", content="content2")
    assert run.has_succeeded, run.output
    assert run.changed == {proxy.name}
    assert serial(proxy, CONTENT) == new
    journal = proxy.run("journalctl", "--no-pager", "-q")
    for line in lines:
        assert line not in run.output
        assert line not in journal
        assert not [one for one in processes if line in one]
        # grep's status says too that files came and went; the old key is found for sure.
        found = proxy.run(
            "sh",
            "-c",
            f"grep -rlF '{line}' /etc /var /tmp /root /run /home 2>/dev/null; test $? != 127",
        )
        assert all(path.startswith(f"{STORE}/blobs/") for path in found.split()), found
        assert len(found.split()) == 1
    back = play("gatehouse.apache.rollback", variables={"apache_hosts": proxy.name})
    assert back.has_succeeded, back.output
    assert serial(proxy, CONTENT) == old
    assert deploy(proxy).changed == set()
