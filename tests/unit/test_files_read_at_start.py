"""Files of the host that httpd reads when it starts are of the release: with another text it is another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from authority import make_root
from hosts import Host, parts_of, vhost
from module_utils._host.certificates.file_digests import changed_paths
from module_utils._host.draft import distribution
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.tls.files_read_at_start import named_files

ROOT = make_root()
FIRST, SECOND = ROOT.sign("shop.example.com"), ROOT.sign("shop.example.com")


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A bare host; whether its default site was edited is for dpkg to say, which isn't asked here."""
    monkeypatch.setattr(distribution, "_is_as_packaged", lambda _: True)
    return Host(tmp_path)


CHANGES = [
    pytest.param(lambda _: FIRST.chain + FIRST.key_pem, False, id="the same"),
    pytest.param(lambda _: FIRST.chain + SECOND.key_pem, False, id="another key"),
    pytest.param(lambda _: SECOND.chain + SECOND.key_pem, True, id="another certificate"),
    pytest.param(lambda pem: f"# renewed\n{pem}", True, id="another text"),
]


@pytest.mark.parametrize(("change", "is_another"), CHANGES)
def test_release_is_another_with_another_certificate(
    host: Host, tmp_path: Path, change: Callable[[str], str], is_another: bool
) -> None:
    file = tmp_path / "shop.pem"
    file.write_text(FIRST.chain + FIRST.key_pem)
    parts = parts_of(vhost(ssl={"certificate_file": str(file)}))
    first = host.draft(parts).release
    assert str(file) in first.frame
    assert changed_paths(first) == frozenset()
    file.write_text(change(file.read_text()))
    second = host.draft(parts).release
    assert (first.digest != second.digest) is is_another
    assert changed_paths(first) == ({str(file)} if is_another else set())
    assert changed_paths(second) == frozenset()


def test_file_that_is_gone_makes_another_release_too(host: Host, tmp_path: Path) -> None:
    file = tmp_path / "shop.pem"
    file.write_text(FIRST.chain + FIRST.key_pem)
    release = host.draft(parts_of(vhost(ssl={"certificate_file": str(file)}))).release
    file.unlink()
    assert changed_paths(release) == {str(file)}


NAMED = [
    pytest.param('SSLCertificateFile "/a b.pem"', ("/a b.pem",), id="quoted"),
    pytest.param("SSLCACertificateFile /ca\nSSLProxyCARevocationFile /crl", ("/ca", "/crl"), id="two"),
    pytest.param("SSLCertificateFile /a\nSSLCertificateFile /a", ("/a",), id="once"),
    pytest.param("SSLCertificateFile ${GATEHOUSE_RELEASE}/a.pem", (), id="of the release"),
    pytest.param("SSLCertificateFile a.pem", (), id="relative"),
    pytest.param("SSLCertificateFile", (), id="without a word"),
    pytest.param("SSLCACertificatePath /authorities\nErrorLog /log", (), id="others"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_files_that_directives_name(text: str, expected: tuple[str, ...]) -> None:
    tree, _problems = parse_tree(f"<VirtualHost *:443>\n{text}\n</VirtualHost>", "c")
    assert tuple(file.path for file in named_files(tree)) == expected
