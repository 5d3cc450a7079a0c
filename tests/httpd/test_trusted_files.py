"""httpd doesn't start with just those files of TLS that are refused even where they are live."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import free_ports, refusals, running
from cryptography import x509
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from module_utils._host.certificates.trusted_files import trusted_problems
from module_utils._httpd.tls.certificate_rules import FATAL
from module_utils._httpd.tls.entries import HostFile

NOW = datetime.now(timezone.utc).replace(tzinfo=None)
CLIENTS = "SSLVerifyClient require\nSSLCACertificateFile"
REVOKED = "SSLCARevocationCheck chain\nSSLCARevocationFile"
REVOKED_BACKENDS = "SSLProxyCARevocationCheck chain\nSSLProxyCARevocationFile"
MACHINE = "SSLProxyMachineCertificateFile"


def revoked(until: datetime) -> str:
    """Return a list of revoked certificates, with times as old versions of the library take them."""
    key = ec.generate_private_key(ec.SECP256R1(), default_backend())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Staff")])
    built = x509.CertificateRevocationListBuilder().issuer_name(name)
    dated = built.last_update(NOW - timedelta(days=9)).next_update(until)
    signed = dated.sign(key, hashes.SHA256(), default_backend())
    return signed.public_bytes(Encoding.PEM).decode()


@pytest.fixture(scope="module")
def texts(pems: dict[str, str]) -> dict[str, str]:
    """What a file may hold, by what it is called below."""
    certificate, key = (Path(pems[name]).read_text() for name in ("certificate", "key"))
    lines = certificate.splitlines(keepends=True)
    commands = {
        "locked": ["pkey", "-in", pems["key"], "-aes128", "-passout", "pass:open sesame"],
        "another": ["genpkey", "-algorithm", "RSA"],
    }
    said = {
        name: subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout
        for name, words in commands.items()
    }
    return {
        "certificate": certificate,
        "key": key,
        "both": certificate + key,
        "nonsense": "nonsense\n",
        "nothing": "",
        "endless": "".join(lines[:-1]),
        "broken": certificate + "".join([*lines[:3], lines[3][::-1].lstrip(), *lines[4:]]),
        "locked": certificate + said["locked"],
        "another's": certificate + said["another"],
        "list": revoked(NOW + timedelta(days=1)),
        "old list": revoked(NOW - timedelta(days=1)),
    }


FILES = [
    *((CLIENTS, name) for name in ("certificate", "nonsense", "nothing", "endless", "broken", "key")),
    *(("SSLProxyCACertificateFile", name) for name in ("certificate", "nonsense", "broken")),
    *((REVOKED, name) for name in ("list", "old list", "nonsense", "nothing", "certificate")),
    *((REVOKED_BACKENDS, name) for name in ("list", "nonsense")),
    *((MACHINE, name) for name in ("both", "certificate", "nonsense", "key", "locked", "another's")),
]  # fmt: skip


@pytest.mark.parametrize(("directives", "name"), FILES)
def test_httpd_ends_with_what_is_refused_always(
    pems: dict[str, str], texts: dict[str, str], tmp_path: Path, directives: str, name: str
) -> None:
    file = tmp_path / "some.pem"
    file.write_text(texts[name])
    (port,) = free_ports(1)
    text = f"""
        Listen 127.0.0.1:{port}
        SSLEngine on
        SSLCertificateFile {pems["both"]}
        SSLProxyEngine on
        {directives} {file}
    """
    asked = HostFile("x", directives.split()[-1].lower(), str(file))
    found = {problem.rule for problem in trusted_problems([asked], datetime.now(timezone.utc))}
    with running(text, "ssl", "socache_shmcb", port=port) as refusal:
        assert bool(refusal) is bool(found & FATAL), (refusal, found)
    if name == "nonsense":
        # What an operator without a checker would see.
        assert refusals(text, "ssl", "socache_shmcb") == ""
