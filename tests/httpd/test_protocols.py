"""Versions of TLS are let in just where the rules about them are quiet."""

from __future__ import annotations

import itertools
import subprocess

import pytest
from conftest import free_ports, problems_of, running

OPTIONS = {"TLSv1": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
OLD = ("TLSv1", "TLSv1.1")
NEWER = ("TLSv1.1", "TLSv1.2")  # without a gap


@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize(
    ("ciphers", "is_let_in"),
    [
        ("", False),
        ("SSLCipherSuite HIGH", False),
        ("SSLCipherSuite HIGH:@SECLEVEL=1", False),
        ("SSLCipherSuite HIGH:@SECLEVEL=0", True),
        ('SSLCipherSuite "HIGH @SECLEVEL=0"', True),
        ("SSLOpenSSLConfCmd CipherString HIGH:@SECLEVEL=0", True),
    ],
)
def test_old_version_is_let_in_where_the_rule_is_quiet(
    pems: dict[str, str], version: str, ciphers: str, is_let_in: bool
) -> None:
    spoken, rules = ask(pems, (version, *NEWER[OLD.index(version) :]), ciphers)
    assert "TLSv1.2" in spoken
    assert (version in spoken) is is_let_in
    assert ("old-protocol-refused" not in rules) is is_let_in


SETS = [
    versions
    for size in range(1, len(OPTIONS) + 1)
    for versions in itertools.combinations(OPTIONS, size)
]


@pytest.mark.parametrize("versions", SETS, ids="+".join)
def test_all_that_is_allowed_is_spoken_where_the_rule_is_quiet(
    pems: dict[str, str], versions: tuple[str, ...]
) -> None:
    spoken, rules = ask(pems, versions, "SSLCipherSuite HIGH:@SECLEVEL=0")
    assert spoken <= set(versions)
    assert ("protocol-below-gap" not in rules) is (spoken == set(versions))


def ask(pems: dict[str, str], versions: tuple[str, ...], ciphers: str) -> tuple[set[str], set[str]]:
    """Return what a server that allows these versions speaks, and the rules that find something about it."""
    (port,) = free_ports(1)
    text = f"""
        Listen 127.0.0.1:{port}
        SSLEngine on
        SSLCertificateFile {pems["both"]}
        SSLProtocol -all {" ".join(f"+{version}" for version in versions)}
        {ciphers}
    """
    with running(text, "ssl", port=port) as refusal:
        assert not refusal
        spoken = {version for version, option in OPTIONS.items() if has_handshake(port, option)}
    return spoken, {problem.rule for problem in problems_of(text, "ssl")}


def has_handshake(port: int, option: str) -> bool:
    """Tell whether the server speaks one version of TLS to a client that would take any cipher."""
    words = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", option]
    answer = subprocess.run(
        [*words, "-cipher", "ALL:@SECLEVEL=0"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return "Cipher is (NONE)" not in answer.stdout
