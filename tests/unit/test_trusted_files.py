"""Authorities, lists of revoked certificates and what backends are shown: what is wrong with them is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from authority import NOW, make_root
from hosts import parts_of, vhost
from module_utils._host.certificates.trusted_files import trusted_problems
from module_utils._httpd.tls.entries import HostFile

ROOT = make_root()
ENDED = make_root("Old root", days=-1, since=60)
PROXY, OTHER = ROOT.sign("proxy"), ROOT.sign("proxy")
OLD_PROXY = ROOT.sign("proxy", days=-1, since=60)
BROKEN = ROOT.pem.replace("M", "A", 3)
LOCKED = PROXY.written_key(passphrase=b"open sesame")


FRESH, STALE = ROOT.revoke(PROXY), ROOT.revoke(PROXY, days=-1)
AUTHORITY, LIST = "sslcacertificatefile", "sslproxycarevocationfile"
MACHINE = "sslproxymachinecertificatefile"

FILES = [
    pytest.param(AUTHORITY, ROOT.pem, [], id="an authority"),
    pytest.param(AUTHORITY, ROOT.pem + ENDED.pem, [], id="an old authority beside another"),
    pytest.param(AUTHORITY, ENDED.pem, ["certificate-expired"], id="an old authority alone"),
    pytest.param(AUTHORITY, "", ["certificate-unreadable"], id="an empty file"),
    pytest.param(AUTHORITY, ROOT.pem + BROKEN, ["certificate-unreadable"], id="a broken authority"),
    pytest.param(AUTHORITY, ROOT.pem[:-30], ["certificate-unreadable"], id="without an end"),
    pytest.param(AUTHORITY, PROXY.key_pem, ["certificate-unreadable"], id="a key for an authority"),
    pytest.param("sslcadnrequestfile", "x", ["certificate-unreadable"], id="names to ask for"),
    pytest.param("sslproxycacertificatefile", "x", ["certificate-unreadable"], id="of backends"),
    pytest.param(LIST, FRESH, [], id="a list"),
    pytest.param(LIST, STALE, ["certificate-list-ended"], id="an old list"),
    pytest.param(LIST, FRESH + STALE, ["certificate-list-ended"], id="one old list of two"),
    pytest.param(LIST, ROOT.pem, ["certificate-list-missing"], id="an authority for a list"),
    pytest.param(LIST, ROOT.pem + FRESH, [], id="an authority beside its list"),
    pytest.param(LIST, PROXY.key_pem, ["certificate-unreadable"], id="a key for a list"),
    pytest.param(LIST, FRESH.replace("M", "A", 3), ["certificate-unreadable"], id="a broken list"),
    pytest.param("sslcarevocationfile", "x", ["certificate-unreadable"], id="of clients"),
    pytest.param(MACHINE, PROXY.pem + PROXY.key_pem, [], id="the proxy's own"),
    pytest.param(MACHINE, PROXY.key_pem + OTHER.pem + PROXY.pem, [], id="in another order"),
    pytest.param(MACHINE, PROXY.pem, ["certificate-never-shown"], id="without its key"),
    pytest.param(MACHINE, "x", ["certificate-never-shown"], id="nothing to show"),
    pytest.param(MACHINE, PROXY.key_pem, ["certificate-unreadable"], id="a key alone"),
    pytest.param(MACHINE, PROXY.pem + LOCKED, ["certificate-unreadable"], id="a passphrase"),
    pytest.param(
        MACHINE, PROXY.pem + OTHER.key_pem, ["certificate-key-mismatch"], id="another's key"
    ),
    pytest.param(
        MACHINE,
        OLD_PROXY.pem + OLD_PROXY.key_pem,
        ["certificate-expired"],
        id="the proxy's old one",
    ),
    pytest.param("sslcertificatefile", "x", [], id="judged elsewhere"),
]


@pytest.mark.parametrize(("directive", "text", "rules"), FILES)
def test_file_is_judged_by_what_reads_it(
    directive: str, text: str, rules: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "some.pem"
    path.write_text(text)
    found = list(trusted_problems([HostFile("its place", directive, str(path))], NOW))
    assert [problem.rule for problem in found] == rules
    assert all(str(problem.place) == "its place" for problem in found)
    assert all(str(path) in problem.message for problem in found)


def test_missing_file_is_told() -> None:
    (problem,) = trusted_problems([HostFile("its place", AUTHORITY, "/nowhere.pem")], NOW)
    assert "/nowhere.pem can't be read: No such file" in problem.message


def test_places_are_those_of_the_variables() -> None:
    ssl = {
        "certificate_file": "/both.pem",
        "verify_client": "require",
        "ca_certificate_file": "/clients.pem",
        "ca_revocation_file": "/clients.crl",
    }
    ssl_proxy = {
        "ca_certificate_file": "/backends.pem",
        "machine_certificate_file": "/machine.pem",
        "ca_revocation_file": "/backends.crl",
    }
    parts = parts_of(vhost(ssl=ssl, ssl_proxy=ssl_proxy, proxy_to="https://app.example.com/"))
    files = {file.path: file.place for part in parts for file in part.manifest.host_files}
    place = "apache_vhosts[0] (shop.example.com)"
    assert files == {
        "/both.pem": f"{place}.ssl",
        **{ssl[key]: f"{place}.ssl.{key}" for key in ("ca_certificate_file", "ca_revocation_file")},
        **{path: f"{place}.ssl_proxy.{key}" for key, path in ssl_proxy.items()},
    }
