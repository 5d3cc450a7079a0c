"""What is found in a certificate before any client finds it, and what isn't."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from authority import NOW, Pair, as_pem, make_root
from module_utils._host.machine.x509 import read_chain, read_key, subjects
from module_utils._httpd.syntax.problem import Problem
from module_utils._httpd.syntax.tree import Place
from module_utils._httpd.tls.certificate_rules import SOON, CertificateChain, certificate_problems

NAME = "shop.example.com"
ROOT = make_root()
MIDDLE = ROOT.sign(common_name="Middle", is_authority=True, days=200)
PUBLISHED = "http://authority.example.com/middle.cer"


def found(pair: Pair, chain: str = "", *, key: str = "", now: Any = NOW, **shown: Any) -> list[str]:
    """Return the rules that speak of a chain (the pair's own) with a key (the pair's own)."""
    return [problem.rule for problem in problems(pair, chain, key=key, now=now, **shown)]


def problems(
    pair: Pair, chain: str = "", *, key: str = "", now: Any = NOW, **shown: Any
) -> list[Problem]:
    """Return what is found."""
    values = {
        "place": Place("apache_vhosts[0].ssl"),
        "file": "/etc/ssl/shop.pem",
        "chain": read_chain(chain or pair.chain),
        "key": read_key(key or pair.key_pem),
        "names": (NAME,),
        "roots": subjects(ROOT.pem),
        **shown,
    }
    return list(certificate_problems(CertificateChain(**values), now))


@pytest.mark.parametrize("kind", ["EC", "RSA", "EdDSA"])
def test_good_certificate_is_quiet(kind: str) -> None:
    assert found(MIDDLE.sign(NAME, kind=kind)) == []


def test_good_certificate_in_one_file_with_its_key_is_quiet() -> None:
    pair = MIDDLE.sign(NAME)
    together = pair.key_pem + pair.chain
    assert found(pair, together, key=together) == []


def test_key_of_another_certificate_mismatches() -> None:
    assert found(MIDDLE.sign(NAME), key=MIDDLE.sign(NAME).key_pem) == ["certificate-key-mismatch"]


def test_servers_certificate_after_its_authority_is_out_of_order() -> None:
    pair = MIDDLE.sign(NAME)
    upside_down = as_pem([MIDDLE.certificate, pair.certificate])
    assert found(pair, upside_down)[0] == "certificate-order"


def test_authority_alone_is_told_to_be_one() -> None:
    assert "certificate-of-authority" in found(MIDDLE, MIDDLE.pem)


def test_self_signed_certificate_that_may_sign_others_is_quiet() -> None:
    own = make_root(NAME, names=(NAME,))
    assert found(own, own.pem) == []


TIMES = [
    pytest.param({"days": -1, "since": 90}, ["certificate-expired"], id="ended yesterday"),
    pytest.param({"days": 60, "since": -1}, ["certificate-not-yet-valid"], id="begins tomorrow"),
    pytest.param({"days": SOON.days - 1}, ["certificate-ends-soon"], id="ends soon"),
    pytest.param({"days": SOON.days + 1}, [], id="ends later"),
]


@pytest.mark.parametrize(("life", "rules"), TIMES)
def test_life_of_a_certificate(life: dict[str, Any], rules: list[str]) -> None:
    assert found(MIDDLE.sign(NAME, **life)) == rules


def test_life_ends_at_the_second_it_names() -> None:
    pair = MIDDLE.sign(NAME, days=30)
    end = NOW + timedelta(days=30)
    assert found(pair, now=end)[0] == "certificate-expired"
    assert found(pair, now=end - timedelta(seconds=1)) == ["certificate-ends-soon"]


def test_life_begins_at_the_second_it_names() -> None:
    pair = MIDDLE.sign(NAME, since=0)
    assert found(pair, now=NOW) == []
    assert found(pair, now=NOW - timedelta(seconds=1)) == ["certificate-not-yet-valid"]


def test_expired_authority_within_the_chain_is_found() -> None:
    middle = ROOT.sign(common_name="Old middle", is_authority=True, days=-1, since=300)
    (problem,) = problems(middle.sign(NAME))
    assert problem.rule == "certificate-expired"
    assert "Old middle" in problem.message


NAMES = [
    pytest.param((NAME,), (NAME,), True, id="the name itself"),
    pytest.param(("SHOP.Example.com",), (NAME,), True, id="in capitals"),
    pytest.param((NAME,), ("Shop.Example.Com.",), True, id="asked with a dot at its end"),
    pytest.param(("*.example.com",), (NAME,), True, id="a wildcard for one label"),
    pytest.param(("*.example.com",), ("a.shop.example.com",), False, id="a wildcard for two"),
    pytest.param(("*.example.com",), ("example.com",), False, id="a wildcard for none"),
    pytest.param(("*.example.com",), ("*.example.com",), True, id="a wildcard for itself"),
    pytest.param((NAME,), ("*.example.com",), False, id="a wildcard that it lacks"),
    pytest.param((NAME,), (NAME, "*shop?.example.com"), True, id="a pattern of httpd's"),
    pytest.param((NAME,), (NAME, "www.example.com"), False, id="one of two"),
    pytest.param(("other.example.com",), (NAME,), False, id="another"),
    pytest.param(("10.0.0.1",), ("10.0.0.1",), True, id="an address"),
    pytest.param(("10.0.0.1",), ("10.0.0.2",), False, id="another address"),
    pytest.param(("2001:db8::1",), ("2001:DB8:0:0::1",), True, id="an IPv6 address otherwise"),
    pytest.param(("*.0.0.1",), ("10.0.0.1",), False, id="a wildcard for an address"),
    pytest.param(("*",), ("localhost",), False, id="a bare star"),
]


@pytest.mark.parametrize(("has", "wanted", "is_covered"), NAMES)
def test_names(has: tuple[str, ...], wanted: tuple[str, ...], is_covered: bool) -> None:
    rules = found(MIDDLE.sign(*has, common_name="x"), names=wanted)
    assert rules == ([] if is_covered else ["certificate-name-missing"])


def test_name_that_is_only_the_common_name_is_missing() -> None:
    (problem,) = problems(MIDDLE.sign(common_name=NAME))
    assert problem.rule == "certificate-name-missing"
    assert "no name at all" in problem.message


def test_every_missing_name_is_in_the_message() -> None:
    (problem,) = problems(MIDDLE.sign(NAME), names=("a.example.org", NAME, "b.example.org"))
    assert "isn't for a.example.org, b.example.org:" in problem.message


STRENGTHS = [
    pytest.param("RSA-1024", "certificate-weak-key", id="RSA of 1024 bits"),
    pytest.param("EC-224", "certificate-weak-key", id="a curve of 224"),
    pytest.param("DSA", "certificate-weak-key", id="DSA"),
]


@pytest.mark.parametrize(("kind", "rule"), STRENGTHS)
def test_weak_key_is_found(kind: str, rule: str) -> None:
    assert found(MIDDLE.sign(NAME, kind=kind)) == [rule]


KINDS = [
    pytest.param("EC", ("EC",), [], id="a curve as modern wants it"),
    pytest.param("RSA", ("EC",), ["hint"], id="RSA instead of it"),
    pytest.param("RSA", ("RSA",), [], id="RSA as old wants it"),
    pytest.param("EC", ("RSA",), ["warning"], id="a curve instead of it"),
    pytest.param("EdDSA", ("EC", "RSA"), ["warning"], id="what browsers don't know"),
    pytest.param("RSA", ("EC", "RSA"), [], id="one of two"),
    pytest.param("EdDSA", (), [], id="no profile"),
]


@pytest.mark.parametrize(("kind", "key_kinds", "severities"), KINDS)
def test_key_is_of_a_kind_that_the_profile_has(
    kind: str, key_kinds: tuple[str, ...], severities: list[str]
) -> None:
    told = problems(MIDDLE.sign(NAME, kind=kind), key_kinds=key_kinds)
    assert [(one.rule, one.severity) for one in told] == [
        ("certificate-key-kind", severity) for severity in severities
    ]


def test_signature_by_a_broken_hash_is_found() -> None:
    assert old("leaf") == ["certificate-weak-signature"]


def test_broken_signature_of_a_root_is_quiet_for_nobody_verifies_it() -> None:
    assert old("leaf", "root") == ["certificate-weak-signature"]


def test_self_signed_certificate_with_a_broken_hash_is_found() -> None:
    assert "certificate-weak-signature" in old("root")


def old(*names: str) -> list[str]:
    """Return what is found in certificates of a time when SHA-1 was used."""
    directory = Path(__file__).parent / "fixtures" / "sha1"
    text = "".join((directory / f"{name}.pem").read_text() for name in names)
    roots = subjects((directory / "root.pem").read_text())
    shown = CertificateChain(Place("x"), "x.pem", read_chain(text), None, (), roots)
    return [problem.rule for problem in certificate_problems(shown, NOW)]


def test_chain_that_lacks_a_published_authority_is_refused_with_its_url() -> None:
    pair = MIDDLE.sign(NAME, issuer_url=PUBLISHED)
    (problem,) = problems(pair, pair.pem)
    assert (problem.rule, problem.severity) == ("certificate-chain-incomplete", "error")
    assert problem.fix == f"append the certificate of CN=Middle: {PUBLISHED}"


def test_chain_that_lacks_a_private_authority_is_warned_of() -> None:
    pair = MIDDLE.sign(NAME)
    (problem,) = problems(pair, pair.pem)
    assert (problem.rule, problem.severity) == ("certificate-chain-incomplete", "warning")


def test_chain_to_a_root_that_the_system_lacks_is_warned_of() -> None:
    assert found(MIDDLE.sign(NAME), roots=frozenset()) == ["certificate-chain-incomplete"]


def test_chain_with_its_root_is_quiet() -> None:
    pair = MIDDLE.sign(NAME)
    assert found(pair, pair.chain + ROOT.pem, roots=frozenset()) == []


def test_certificate_signed_by_a_root_of_the_system_is_quiet_alone() -> None:
    assert found(ROOT.sign(NAME)) == []


def test_chain_out_of_order_is_warned_of() -> None:
    below = MIDDLE.sign(common_name="Below", is_authority=True)
    pair = below.sign(NAME)
    mixed = as_pem([pair.certificate, MIDDLE.certificate, below.certificate])
    assert found(pair, mixed) == ["certificate-chain-order"]
    assert found(pair) == []


@pytest.mark.parametrize("stranger", [make_root("Stranger"), ROOT.sign("other.example.com")])
def test_certificate_that_does_not_belong_to_the_chain_is_warned_of(stranger: Pair) -> None:
    pair = MIDDLE.sign(NAME)
    assert found(pair, pair.chain + stranger.pem) == ["certificate-chain-order"]


def test_authority_twice_in_a_chain_is_warned_of() -> None:
    pair = MIDDLE.sign(NAME)
    assert found(pair, pair.chain + MIDDLE.pem) == ["certificate-chain-order"]


def test_authority_of_the_same_name_with_another_key_does_not_complete_a_chain() -> None:
    impostor = ROOT.sign(common_name="Middle", is_authority=True)
    pair = MIDDLE.sign(NAME)
    assert "certificate-chain-order" in found(pair, pair.pem + impostor.pem)


def test_stapling_needs_an_address_to_ask() -> None:
    url = "http://ocsp.example.com/"
    assert found(MIDDLE.sign(NAME), use_stapling=True) == ["certificate-without-ocsp"]
    assert found(MIDDLE.sign(NAME, ocsp_url=url), use_stapling=True) == []
    assert found(MIDDLE.sign(NAME), use_stapling=False) == []
