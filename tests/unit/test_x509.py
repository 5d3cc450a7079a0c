"""PEM is read, or refused with the reason; nothing of a key is ever said."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from authority import NOW, Pair, make_root
from cryptography.hazmat.primitives.serialization import PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from module_utils._host.machine import x509
from module_utils._host.machine.x509 import (
    Unreadable,
    has_key,
    read_chain,
    read_key,
    subjects,
)

NAME = "shop.example.com"
ROOT = make_root()
MIDDLE = ROOT.sign(common_name="Middle", is_authority=True)
LEAF = MIDDLE.sign(NAME, "10.0.0.1", "2001:db8::1", ocsp_url="http://o/", issuer_url="http://i/")
BEGIN, END = "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"


def test_certificate_is_read() -> None:
    (leaf,) = read_chain(LEAF.pem)
    assert (leaf.subject, leaf.issuer) == (f"CN={NAME}", "CN=Middle")
    assert leaf.names == (NAME, "10.0.0.1", "2001:db8::1")
    assert leaf.not_before < NOW < leaf.not_after
    assert (leaf.key.kind, leaf.key.bits, leaf.signature) == ("EC", 256, "sha256")
    assert (leaf.ocsp_urls, leaf.issuer_urls) == (("http://o/",), ("http://i/",))
    assert not leaf.is_authority


def test_several_are_read_in_order() -> None:
    leaf, middle, root = read_chain(LEAF.chain + ROOT.pem)
    assert leaf.is_signed_by(middle)
    assert middle.is_signed_by(root)
    assert root.is_self_issued
    assert middle.is_authority
    assert not leaf.is_signed_by(root)


def test_text_around_certificates_is_passed_over() -> None:
    commented = f"Bag Attributes\n  name: {NAME}\r\n{LEAF.pem}\n# the root\n{ROOT.pem}tail"
    assert len(read_chain(commented)) == 2


def test_lines_of_windows_are_read() -> None:
    assert read_chain(LEAF.chain.replace("\n", "\r\n")) == read_chain(LEAF.chain)
    assert read_key(LEAF.key_pem.replace("\n", "\r\n")) == read_key(LEAF.key_pem)


@pytest.mark.parametrize("kind", ["EC", "RSA", "EdDSA"])
@pytest.mark.parametrize("order", ["key first", "certificate first"])
def test_key_is_its_certificates(kind: str, order: str) -> None:
    pair = MIDDLE.sign(NAME, kind=kind)
    key, chain = pair.key_pem, pair.chain
    together = key + chain if order == "key first" else chain + key
    for text in (key, together):
        assert has_key(text)
        assert read_key(text) == read_chain(chain)[0].key
    assert not has_key(chain)
    assert read_chain(together) == read_chain(chain)


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_traditional_key_is_read(kind: str) -> None:
    pair = MIDDLE.sign(NAME, kind=kind)
    text = pair.written_key(PrivateFormat.TraditionalOpenSSL)
    assert read_key(text) == read_key(pair.key_pem)


def test_key_of_openssls_ecparam_is_read_after_its_parameters() -> None:
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    text = LEAF.written_key(PrivateFormat.TraditionalOpenSSL)
    assert read_key(parameters + text) == read_key(LEAF.key_pem)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_passphrase_is_refused(form: PrivateFormat, kind: str) -> None:
    text = MIDDLE.sign(NAME, kind=kind).written_key(form, passphrase=b"open sesame")
    with pytest.raises(Unreadable, match="has a passphrase"):
        read_key(text)


def test_word_encrypted_elsewhere_in_a_file_is_no_passphrase() -> None:
    assert read_key(f"# was ENCRYPTED once\n{LEAF.key_pem}") == read_key(LEAF.key_pem)


BROKEN = [
    pytest.param("", "no certificate in PEM", id="nothing"),
    pytest.param("MIIB", "no certificate in PEM", id="no PEM"),
    pytest.param(LEAF.key_pem, "no certificate in PEM", id="a key"),
    pytest.param(LEAF.pem[:-40], "number 1", id="truncated at its end"),
    pytest.param(LEAF.pem[:100] + "\n" + END, "number 1", id="truncated within"),
    pytest.param(f"{BEGIN}AAAA\n{END}", "number 1", id="DER that is none"),
    pytest.param(f"{BEGIN}{END}", "number 1", id="empty"),
    pytest.param(f"{BEGIN}ééé\n{END}", "number 1", id="no base64"),
    pytest.param(f"{LEAF.pem}{BEGIN}AAAA\n{END}", "number 2", id="a second"),
    pytest.param(f"{LEAF.pem}{BEGIN}AAAA\n", "number 2", id="a second without an end"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_broken_certificate_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_chain(text)


KEYS = [
    pytest.param("", "no private key in PEM", id="nothing"),
    pytest.param(LEAF.pem, "no private key in PEM", id="a certificate"),
    pytest.param(LEAF.key_pem[:80], "can't be read", id="truncated"),
    pytest.param(LEAF.key_pem.replace("M", "!"), "can't be read", id="no base64"),
    pytest.param(LEAF.key_pem.replace("END", "ENDE"), "can't be read", id="another end"),
]


@pytest.mark.parametrize(("text", "reason"), KEYS)
def test_broken_key_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_key(text)


def test_certificate_with_a_key_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Unreadable, match="number 1"):
        read_chain(MIDDLE.sign(NAME, kind="X25519").pem)


def test_bundle_is_read_past_what_is_broken() -> None:
    found = subjects(f"{BEGIN}AAAA\n{END}{ROOT.pem}")
    assert found == {read_chain(ROOT.pem)[0].subject_id}
    assert subjects("") == frozenset()


def test_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x509, "HAS_CRYPTOGRAPHY", False)
    for read in (read_chain, read_key):
        with pytest.raises(Unreadable, match="python3-cryptography"):
            read(LEAF.pem + LEAF.key_pem)


PIECES = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=90).map(lambda raw: base64.b64encode(raw).decode()),
    st.sampled_from(
        [
            BEGIN,
            END,
            "-----BEGIN PRIVATE KEY-----\n",
            "-----END PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\n",
            "PRIVATE KEY-----",
            "Proc-Type: 4,ENCRYPTED\n",
            LEAF.pem,
            LEAF.key_pem,
            LEAF.pem[30:200],
            LEAF.key_pem[30:120],
        ]
    ),
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_no_text_crashes_a_reader(text: str) -> None:
    for read in (read_chain, read_key):
        try:
            read(text)
        except Unreadable:
            continue
    subjects(text)


def spoiled(pair: Pair, place: int, character: str) -> str:
    """Return a key with one character changed."""
    text = pair.key_pem
    place %= len(text)
    return text[:place] + character + text[place + 1 :]


@given(st.integers(0, 10_000), st.characters(min_codepoint=1, max_codepoint=0x2FFF))
def test_no_message_has_anything_of_a_key(place: int, character: str) -> None:
    text = spoiled(LEAF, place, character)
    secrets = [line for line in text.splitlines() if len(line) > 8 and not line.startswith("-----")]
    try:
        read_key(text)
    except Unreadable as error:
        chained: Any = error
        while chained:
            assert not [line for line in secrets if line[:8] in str(chained)]
            chained = None if chained.__suppress_context__ else chained.__context__
