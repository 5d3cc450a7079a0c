"""Certificates on a host stop a commit, unless the live server shows them already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from authority import NOW, Pair, make_root
from manifests import tls_manifest
from module_utils._host.certificates.file_digests import read_digests
from module_utils._host.certificates.release_certificates import (
    release_problems,
)
from module_utils._host.store.release import Release
from module_utils._host.store.store import Store
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.frame import file_lines
from module_utils._httpd.release.manifest import Manifest
from module_utils._httpd.release.part import Part
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.tls.entries import CertificateEntry, HostFile
from module_utils._httpd.tls.served_certificates import TlsFiles, named_by
from module_utils._httpd.vocabulary.layout import DEBIAN

NAME = "shop.example.com"
ROOT = make_root()
BEFORE = Release("old", "", ())
ENDED = ROOT.sign(NAME, days=-1, since=60)
VHOST = """
<VirtualHost *:443>
  ServerName {name}
  SSLEngine on
  {certificate}
</VirtualHost>
"""


def put(directory: Path, pair: Pair) -> str:
    """Write certificate and key into one file, and return its path."""
    path = directory / "shop.pem"
    path.write_text(pair.chain + pair.key_pem)
    return str(path)


def release(*names: str, path: str) -> Release:
    """Return a release of a virtual host that shows the certificate of a file."""
    entry = CertificateEntry("apache_vhosts[0].ssl", "given", names, certificate=path)
    return Release("new", "", (Part(tls_manifest(entry), {}),))


def severities(
    new: Release, served: TlsFiles, root: Path, *, live: Release = BEFORE
) -> dict[str, str]:
    """Return the severity of each rule that finds something in what follows a release, one without certificates."""
    problems = release_problems(
        new,
        live,
        served=lambda: served,
        store=Store(str(root / "gatehouse")),
        layout=replace(DEBIAN, ca_file=str(root / "none")),
        now=NOW,
    )
    return {problem.rule: problem.severity for problem in problems}


def shown(*lines: str, name: str = NAME) -> TlsFiles:
    """Return what a configuration with one virtual host shows."""
    tree, _problems = parse_tree(VHOST.format(name=name, certificate="\n  ".join(lines)), "c")
    return named_by(view(tree))


def test_new_certificate_that_ended_is_refused(tmp_path: Path) -> None:
    new = release(NAME, path=put(tmp_path, ENDED))
    assert severities(new, TlsFiles(), tmp_path)["certificate-expired"] == "error"


def test_one_that_directives_show_already_is_a_warning(tmp_path: Path) -> None:
    path = put(tmp_path, ENDED)
    served = shown(f"SSLCertificateFile {path}")
    assert (
        severities(release(NAME, path=path), served, tmp_path)["certificate-expired"] == "warning"
    )


def test_another_one_that_is_shown_excuses_nothing(tmp_path: Path) -> None:
    served = shown("SSLCertificateFile /etc/ssl/other.pem")
    new = release(NAME, path=put(tmp_path, ENDED))
    assert severities(new, served, tmp_path)["certificate-expired"] == "error"


@pytest.mark.parametrize(("is_read", "severity"), [(True, "warning"), (False, "error")])
def test_certificate_that_took_the_place_of_a_live_one_is_not_live(
    tmp_path: Path, is_read: bool, severity: str
) -> None:
    path = put(tmp_path, ENDED)
    file = HostFile("apache_vhosts[0].ssl", "sslcertificatefile", path)
    new = release(NAME, path=path)
    manifest = replace(new.manifests[0], host_files=(file,))
    lines = file_lines(read_digests([manifest]) if is_read else ((path, "another"),))
    live = Release("old", "\n".join(lines), (Part(manifest, {}),))
    found = severities(new, shown(f"SSLCertificateFile {path}"), tmp_path, live=live)
    assert found["certificate-expired"] == severity


@pytest.mark.parametrize(("is_live", "severity"), [(False, "error"), (True, "warning")])
def test_list_that_ended_is_a_warning_once_it_is_live(
    tmp_path: Path, is_live: bool, severity: str
) -> None:
    path = tmp_path / "revoked.pem"
    path.write_text(ROOT.revoke(days=-1))
    file = HostFile("apache_vhosts[0].ssl", "sslcarevocationfile", str(path))
    new = Release("new", "", (Part(Manifest("main", "vhosts", host_files=(file,)), {}),))
    served = shown(f"SSLCARevocationFile {path}") if is_live else TlsFiles()
    assert severities(new, served, tmp_path) == {"certificate-list-ended": severity}


def test_what_httpd_cannot_start_with_is_never_live(tmp_path: Path) -> None:
    path = put(tmp_path, replace(ENDED, key=ROOT.sign(NAME).key))
    served = shown(f"SSLCertificateFile {path}")
    found = severities(release(NAME, path=path), served, tmp_path)
    assert found["certificate-key-mismatch"] == "error"
    assert found["certificate-expired"] == "warning"


def test_a_certificate_alone_lacks_its_key(tmp_path: Path) -> None:
    path = tmp_path / "shop.pem"
    path.write_text(ROOT.sign(NAME).chain)
    found = severities(release(NAME, path=str(path)), TlsFiles(), tmp_path)
    assert found["certificate-key-missing"] == "error"


def test_a_key_in_the_certificates_file_is_one(tmp_path: Path) -> None:
    path = put(tmp_path, ROOT.sign(NAME))
    assert "certificate-key-missing" not in severities(
        release(NAME, path=path), TlsFiles(), tmp_path
    )


@pytest.mark.parametrize(("name", "severity"), [(NAME, "error"), ("www.example.com", "warning")])
def test_names_are_excused_only_where_they_are_served(
    tmp_path: Path, name: str, severity: str
) -> None:
    path = put(tmp_path, ROOT.sign(NAME))
    served = shown(f"SSLCertificateFile {path}", name=name)
    found = severities(release("www.example.com", path=path), served, tmp_path)
    assert found["certificate-name-missing"] == severity


def test_live_server_is_read_only_where_that_matters(tmp_path: Path) -> None:
    def asked() -> TlsFiles:
        raise AssertionError

    good = make_root(NAME, names=(NAME,), is_authority=False)
    problems = release_problems(
        release(NAME, path=put(tmp_path, good)),
        BEFORE,
        served=asked,
        store=Store(str(tmp_path)),
        layout=replace(DEBIAN, ca_file=str(tmp_path / "none")),
        now=NOW + timedelta(days=1),
    )
    assert [problem for problem in problems if problem.severity == "error"] == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param((), [], id="none"),
        pytest.param(("SSLCertificateFile",), [], id="unreadable"),
        pytest.param(("SSLCertificateFile /a",), [("/a", "")], id="one file of both"),
        pytest.param(
            ("SSLCertificateFile /a", 'SSLCertificateFile "/b c"', "SSLCertificateKeyFile /k"),
            [('"/b c"', "/k")],
            id="the last",
        ),
    ],
)
def test_certificates_of_directives(lines: tuple[str, ...], expected: list[object]) -> None:
    found = shown(*lines).certificates
    assert [(one.certificate, one.key) for one in found] == expected
    assert [one.names for one in found] == [(NAME,)] * len(expected)
