"""Certificates that Gatehouse signs itself are made once, kept, made anew before they end, and forgotten when unused."""

from __future__ import annotations

import os
import ssl
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from manifests import tls_manifest
from module_utils._host.certificates.own_certificates import (
    forget_unused,
    make_certificates,
)
from module_utils._host.certificates.self_signed import DAYS, make_self_signed
from module_utils._host.machine.changes import apply
from module_utils._host.machine.files import write_private_files
from module_utils._host.machine.x509 import read_chain, read_key
from module_utils._host.store.store import Store
from module_utils._httpd.concerns.ssl.certificate_words import self_signed_name
from module_utils._httpd.release.manifest import Manifest
from module_utils._httpd.tls.entries import CertificateEntry
from module_utils._httpd.vocabulary.reserved_names import UNKNOWN_HOST

NOW = datetime(2030, 1, 31, 12, tzinfo=timezone.utc)
NAMES = ("shop.example.com", "www.shop.example.com")


def manifests(*names: tuple[str, ...], kind: str = "self_signed") -> tuple[Manifest, ...]:
    """Return what a release says of virtual hosts with these names."""
    return (tls_manifest(*(CertificateEntry("x", kind, one) for one in names)),)


def of_kinds(*kinds: str) -> Manifest:
    """Return what a release says of a virtual host whose clients take keys of these kinds."""
    return tls_manifest(CertificateEntry("x", "self_signed", NAMES, key_kinds=kinds))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(str(tmp_path))


def make(store: Store, asked: tuple[Manifest, ...], now: datetime = NOW) -> list[str]:
    """Make what is due, as a commit does, and return the names of the links that changed."""
    made = make_certificates(asked, store, now)
    write_private_files(made.files)
    apply(made.changes)
    return [os.path.basename(change.path) for change in made.changes]


def is_due(asked: tuple[Manifest, ...], store: Store, now: datetime) -> bool:
    """Tell whether a commit would make one."""
    return bool(make_certificates(asked, store, now).changes)


def text(store: Store, names: tuple[str, ...], file: str = "certificate.pem") -> str:
    """Return the text of a made file."""
    return Path(store.self_signed, self_signed_name(names), file).read_text()


def test_certificate_is_made_once_and_kept(store: Store) -> None:
    asked = manifests(NAMES)
    assert is_due(asked, store, NOW)
    made = {self_signed_name(names) for names in (NAMES, (UNKNOWN_HOST,))}
    assert set(make(store, asked)) == made
    first = text(store, NAMES)
    assert not is_due(asked, store, NOW)
    assert make(store, asked) == []
    assert text(store, NAMES) == first


def test_certificate_has_its_names_and_its_key(store: Store) -> None:
    make(store, manifests(NAMES))
    (certificate,) = read_chain(text(store, NAMES))
    assert certificate.names == NAMES
    assert certificate.key == read_key(text(store, NAMES, "key.pem"))
    assert certificate.not_before < NOW
    assert certificate.not_after == NOW + timedelta(days=DAYS)


def test_files_are_for_root_alone(store: Store) -> None:
    make(store, manifests(NAMES))
    modes = {path.stat().st_mode & 0o777 for path in Path(store.root).rglob("*.pem")}
    assert modes == {0o600}


def test_order_of_names_makes_no_other_certificate(store: Store) -> None:
    make(store, manifests(NAMES))
    assert make(store, manifests(NAMES[::-1])) == []


def test_certificate_is_made_anew_before_it_ends(store: Store) -> None:
    asked = manifests(NAMES)
    make(store, asked)
    first = text(store, NAMES)
    early, late = (NOW + timedelta(days=DAYS * share) for share in (0.6, 0.7))
    assert not is_due(asked, store, early)
    assert make(store, asked, early) == []
    assert is_due(asked, store, late)
    assert len(make(store, asked, late)) == 2
    assert text(store, NAMES) != first


def test_former_certificate_stays_until_the_new_one_is_proved(store: Store) -> None:
    asked = manifests(NAMES)
    make(store, asked)
    former = os.path.realpath(os.path.join(store.self_signed, self_signed_name(NAMES)))
    make(store, asked, NOW + timedelta(days=DAYS))
    assert os.path.isdir(former)
    forget_unused(asked, store)
    assert not os.path.exists(former)
    assert text(store, NAMES)


@pytest.mark.parametrize("broken", ["", "no PEM\n"])
def test_certificate_that_cannot_be_read_is_made_anew(store: Store, broken: str) -> None:
    asked = manifests(NAMES)
    make(store, asked)
    Path(store.self_signed, self_signed_name(NAMES), "certificate.pem").write_text(broken)
    assert is_due(asked, store, NOW)
    make(store, asked, NOW + timedelta(seconds=1))
    assert read_chain(text(store, NAMES))


def test_certificate_without_its_key_is_made_anew(store: Store) -> None:
    asked = manifests(NAMES)
    make(store, asked)
    Path(store.self_signed, self_signed_name(NAMES), "key.pem").unlink()
    assert is_due(asked, store, NOW)


def test_certificate_with_another_key_is_made_anew(store: Store) -> None:
    asked = manifests(NAMES)
    make(store, asked)
    other = make_self_signed(NAMES, now=NOW)[1]
    Path(store.self_signed, self_signed_name(NAMES), "key.pem").write_text(other)
    assert is_due(asked, store, NOW)


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_key_is_of_the_profiles_kind(store: Store, kind: str) -> None:
    make(store, (of_kinds(kind),))
    assert read_key(text(store, NAMES, "key.pem")).kind == kind


def test_key_stays_where_the_profile_takes_it_and_changes_where_not(store: Store) -> None:
    assert len(make(store, (of_kinds("RSA"),))) == 2
    assert make(store, (of_kinds("EC", "RSA"),)) == []
    assert make(store, (of_kinds("EC"),), NOW + timedelta(seconds=1)) == [self_signed_name(NAMES)]
    assert read_key(text(store, NAMES, "key.pem")).kind == "EC"


def test_unused_certificate_is_forgotten_and_used_ones_stay(store: Store) -> None:
    make(store, manifests(NAMES, ("old.example.com",)))
    forget_unused(manifests(NAMES), store)
    kept = {self_signed_name(names) for names in (NAMES, (UNKNOWN_HOST,))}
    links = {path.name for path in Path(store.self_signed).iterdir() if path.is_symlink()}
    assert links == kept
    assert len(list(Path(store.self_signed).iterdir())) == 4


def test_host_without_tls_has_none(store: Store) -> None:
    assert make(store, (Manifest("main", "vhosts"),)) == []
    forget_unused((), store)


def test_given_certificates_need_one_for_unknown_names(store: Store) -> None:
    assert make(store, manifests(NAMES, kind="given")) == [self_signed_name((UNKNOWN_HOST,))]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("10.0.0.1", "2001:db8::1"), id="addresses"),
        pytest.param(("*.example.com",), id="a wildcard"),
        pytest.param((f"{'a' * 63}.{'b' * 63}.example.com",), id="a long name"),
        pytest.param(("xn--bcher-kva.example",), id="a name in punycode"),
    ],
)
def test_openssl_takes_what_is_made(tmp_path: Path, names: tuple[str, ...]) -> None:
    certificate, key = make_self_signed(names, now=NOW)
    (tmp_path / "both.pem").write_text(certificate + key)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tmp_path / "both.pem")
    assert read_chain(certificate)[0].names == names
