"""Any combination of what a virtual host's `ssl` takes starts, or is refused with its reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import examples, free_ports, own_part, running
from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.ssl.acme import CHALLENGES
from module_utils._httpd.concerns.ssl.certificate_words import self_signed_name
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.problem import has_errors
from module_utils._httpd.vocabulary.reserved_names import UNKNOWN_HOST
from release_on_disk import modules_of_release, write_release

STARTS = 120
HTTPS_PORT = 443  # where an authority asks
outcomes: Counter[str] = Counter()
BOOLEANS = st.booleans()
VERSIONS = st.sampled_from(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"])
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "profile": st.sampled_from(["modern", "intermediate", "old", "strong"]),
    "protocol": st.lists(VERSIONS, min_size=1, max_size=4, unique=True),
    "cipher_suite": st.sampled_from(
        ["HIGH:!aNULL", "ECDHE+AESGCM", "ALL:@SECLEVEL=0", "ECDHE-RSA-AES128-GCM-SHA256", "a b"]
    ),
    "cipher_suite_tls13": st.sampled_from(["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"]),
    "curves": st.lists(st.sampled_from(["X25519", "prime256v1", "X448"]), min_size=1, unique=True),
    "hsts": st.sampled_from([{}, {"max_age": 0}, {"preload": True}, {"max_age": -1}]),
    "verify_client": st.sampled_from(["require", "optional", "sometimes"]),
    "verify_client_paths": st.sampled_from([["/a"], ["/a b"], ["/a", "/b/"]]),
    "verify_depth": st.sampled_from([0, 1, 100, 101]),
    "session_timeout": st.sampled_from([0, 604800, 604801]),
    "redirect_from": st.just([]),
    **dict.fromkeys(("honor_cipher_order", "session_tickets", "use_stapling"), BOOLEANS),
}
CHOSEN = st.sets(st.sampled_from(sorted(OPTIONS)), max_size=5).flatmap(
    lambda names: st.fixed_dictionaries({name: OPTIONS[name] for name in sorted(names)})
)
NAMES = ("files", "one file", "content", "self_signed")
# One, mostly: none and two are refused.
SOURCES = st.one_of(
    *(st.just({name}) for name in NAMES), st.sets(st.sampled_from(NAMES), max_size=2)
)


# Nobody listens at the directory; Apache starts all the same.
ACME = st.fixed_dictionaries(
    {
        "directory_url": st.just("https://127.0.0.1:9/directory"),
        "terms_agreed": st.just(True),
        "challenges": st.sets(st.sampled_from(CHALLENGES), min_size=1).map(sorted),
        "private_key": st.sampled_from(["rsa2048", "rsa4096", "secp256r1", "secp384r1"]),
        "renew_window": st.sampled_from([1, 33, 99]),
    },
    optional={"contact_email": st.just("hostmaster@a.example")},
)


def source(name: str, pems: dict[str, str]) -> dict[str, str]:
    """Return the keys by which a certificate comes from somewhere."""
    key, certificate = pems["key"], pems["certificate"]
    if name == "content":
        return {
            "certificate_content": Path(certificate).read_text(),
            "certificate_key_content": Path(key).read_text(),
        }
    if name == "files":
        return {"certificate_file": certificate, "certificate_key_file": key}
    return {"certificate_file": pems["both"]} if name == "one file" else {"certificate": name}


def refusal_of(variables: dict[str, Any], pems: dict[str, str], store: Path, port: int) -> str:
    """Start what variables make, with what a host would have in its store; return what httpd says against it."""
    compiled, _problems = check_variables(variables, CONCERN_NAMES)
    texts = {name: Path(path).read_text() for name, path in pems.items()}
    text = write_release(compiled, store)
    for names in (("a.example",), (UNKNOWN_HOST,)):
        directory = store / "self_signed" / self_signed_name(names)
        directory.mkdir(parents=True, exist_ok=True)
        for name in ("certificate", "key"):
            (directory / f"{name}.pem").write_text(texts[name])
    text = text.replace("${APACHE_RUN_DIR}", str(store))
    with running(text, *modules_of_release(compiled), port=port) as refusal:
        return refusal


def outcome_of(variables: dict[str, Any], pems: dict[str, str], store: Path, port: int) -> str:
    """Tell whether variables are refused, all in their own places, or a server of theirs starts, which it must then."""
    problems = check_variables(variables, CONCERN_NAMES)[1]
    if has_errors(problems):
        places = [str(one.place) for one in problems if one.severity == "error"]
        own = ("apache_vhosts[0] (a.example)", "apache_acme.")
        assert [place for place in places if not place.startswith(own)] == []
        return "refused"
    assert refusal_of(variables, pems, store, port) == "", variables
    return "started"


def of_vhost(ssl: dict[str, Any], *, port: int, proof: int) -> dict[str, Any]:
    """Return the variables of a virtual host with these options."""
    vhost = {
        "server_name": "a.example",
        "listen": [f"127.0.0.1:{port}"],
        "ssl": {"redirect_from": [], **ssl},
        "redirects": [{"path": "/x", "url": "/y"}],
    }
    return {"apache_proof_port": proof, "apache_vhosts": [vhost]}


@given(ssl=CHOSEN, sources=SOURCES, has_authority=BOOLEANS)
@examples(3 * STARTS)
def test_any_combination_starts_or_is_refused(
    pems: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    ssl: dict[str, Any],
    sources: set[str],
    has_authority: bool,
) -> None:
    port, proof = free_ports(2)
    whole = {**ssl, **({"ca_certificate_file": pems["certificate"]} if has_authority else {})}
    for name in sorted(sources):
        whole.update(source(name, pems))
    variables = of_vhost(whole, port=port, proof=proof)
    outcomes[outcome_of(variables, pems, tmp_path_factory.mktemp("store"), port)] += 1


@given(ssl=CHOSEN, acme=ACME)
@examples(STARTS)
def test_any_combination_with_a_managed_certificate_starts_or_is_refused(
    pems: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    ssl: dict[str, Any],
    acme: dict[str, Any],
) -> None:
    (proof,) = free_ports(1)
    variables = of_vhost({**ssl, "certificate": "managed"}, port=HTTPS_PORT, proof=proof)
    variables["apache_acme"] = acme
    outcome = outcome_of(variables, pems, tmp_path_factory.mktemp("store"), HTTPS_PORT)
    outcomes[f"managed {outcome}"] += 1


def test_each_outcome_was_met() -> None:
    print(dict(outcomes))
    tried = len(own_part(STARTS))
    assert outcomes["started"] >= tried // 3
    assert outcomes["refused"] >= tried // 4
    assert outcomes["managed started"] >= tried // 8
    assert outcomes["managed refused"] >= tried // 8
