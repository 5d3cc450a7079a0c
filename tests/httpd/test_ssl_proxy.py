"""Whatever `ssl_proxy` says, httpd starts with it, or it is refused with its reason."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from conftest import examples, free_ports, own_part, running
from hypothesis import assume, event, given
from hypothesis import strategies as st
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.problem import has_errors
from pki import make_all
from release_on_disk import modules_of_release, write_release
from strategies import Plain

DIRECTORY = Path(tempfile.mkdtemp(prefix="backends-tls-"))
STARTS = 60
outcomes: list[bool] = []


@lru_cache(maxsize=1)
def pki() -> dict[str, str]:
    """Make the files, and return their contents by name."""
    make_all(DIRECTORY, ("localhost",))
    return {path.stem: path.read_text() for path in DIRECTORY.glob("*.pem")}


def halves(pair: str) -> tuple[str, str]:
    """Split a file into its key and its certificate."""
    key, _mark, certificate = pair.partition("-----BEGIN CERTIFICATE-----")
    return key, f"-----BEGIN CERTIFICATE-----{certificate}"


def settings_of() -> st.SearchStrategy[Plain]:
    """What may stand in `ssl_proxy`, plausible and not."""
    key, certificate = halves(pki()["client"])
    encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
    versions = st.sampled_from(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "SSLv3"])
    return st.fixed_dictionaries(
        {},
        optional={
            "verify": st.sampled_from(["require", "none", "optional"]),
            "verify_depth": st.integers(-1, 101),
            "ca_certificate_file": st.sampled_from([str(DIRECTORY / "ca.pem"), "ca.pem", "|rm"]),
            "ca_certificate_path": st.just("/etc/ssl/certs"),
            "ca_certificate_content": st.sampled_from([pki()["ca"], "no PEM"]),
            "ca_revocation_file": st.just(str(DIRECTORY / "crl.pem")),
            "ca_revocation_check": st.sampled_from(["chain", "leaf"]),
            "check_peer_name": st.booleans(),
            "check_peer_expire": st.booleans(),
            "machine_certificate_file": st.just(str(DIRECTORY / "client.pem")),
            "machine_certificate_content": st.sampled_from(
                [certificate + key, key + certificate, certificate, key, certificate + encrypted]
            ),
            "protocol": st.lists(versions, max_size=4),
            "cipher_suite": st.sampled_from(["HIGH:!aNULL", "ECDHE+AESGCM:@STRENGTH", "A B"]),
            "log_failures": st.booleans(),
        },
    )


def inventory(settings: Plain) -> Plain:
    """Return variables of a virtual host with these settings, and a backend of each kind."""
    rules = [
        {"path": "/b/", "url": "balancer://b/"},
        {"path": "/h2/", "url": "h2://localhost:1/"},
        {"path": "/", "url": "https://localhost:1/"},
    ]
    vhost = {"server_name": "x.example.com", "listen": ["127.0.0.1:18100"], "proxy_pass": rules}
    members = [{"url": "https://localhost:2"}, {"url": "http://localhost:3"}]
    return {
        "apache_vhosts": [{**vhost, "ssl_proxy": settings}],
        "apache_balancers": [{"name": "b", "members": members}],
    }


@given(st.data())
@examples(4 * STARTS)
def test_settings_start_or_are_refused(data: st.DataObject) -> None:
    compiled, problems = check_variables(inventory(data.draw(settings_of())), CONCERN_NAMES)
    if has_errors(problems):
        event("refused")
        assert all(problem.fix for problem in problems)
        outcomes.append(False)
        return
    assume(outcomes.count(True) < len(own_part(STARTS)))
    outcomes.append(True)
    with tempfile.TemporaryDirectory() as store:
        refusal, text = started(compiled, Path(store))
    assert refusal == "", text


def started(compiled: Any, store: Path) -> tuple[str, str]:
    """Start a server with the release and the keys in a directory; return what it said against them, and its text."""
    text = write_release(compiled, store)
    port, proof = free_ports(2)
    # The port may have 897 among its digits.
    text = text.replace("897", str(proof)).replace("18100", str(port))
    with running(text, *modules_of_release(compiled), port=port) as refusal:
        return refusal, text


def test_many_of_them_started_and_many_were_refused() -> None:
    assert outcomes.count(True) >= len(own_part(STARTS)) / 2
    assert outcomes.count(False) >= len(own_part(STARTS)) / 2
