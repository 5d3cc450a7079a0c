"""What testssl.sh and sslyze say of a name.

sslyze brings version 5.7 of Mozilla's guideline; it is given the one that the profiles follow.
"""

from __future__ import annotations

import json
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

import sslyze
from containers import Container
from sslyze.mozilla_tls_profile import tls_config_checker as mozilla
from sslyze.plugins.certificate_info.implementation import CertificateInfoExtraArgument
from tls import PKI

CLIENT = "ssl-client"
PROXIES = ("ssl-debian12", "ssl-debian13")
PROFILES = ("modern", "intermediate", "old")
ROOTS = "/usr/local/share/ca-certificates/root0.crt,/usr/local/share/ca-certificates/root1.crt"
# Which version of the guideline a profile is of: tests/unit/test_tls_profiles.py.
GUIDELINES = Path(__file__).parents[3] / "tests" / "guidelines"
CHECKS = ("--protocols", "--std", "--server-defaults", "--headers", "--vulnerable")


@dataclass(frozen=True)
class Scan:
    """A run of testssl.sh in the client's container."""

    process: subprocess.Popen[str]
    file: str

    def findings(self) -> dict[str, str]:
        """Wait for its end, and return what it finds from MEDIUM up, by the check's name."""
        output, _nothing = self.process.communicate(timeout=400)
        found = json.loads(Container(CLIENT).run("cat", self.file))
        assert len(found) > 40, output
        severe = [one for one in found if one["severity"] in ("MEDIUM", "HIGH", "CRITICAL")]
        return {one["id"]: one["finding"] for one in severe}


def start() -> dict[tuple[str, str], Scan]:
    """Start a scan of each profile on each proxy, by the names of both."""
    return {(name, profile): _started(name, profile) for name in PROXIES for profile in PROFILES}


def _started(name: str, profile: str) -> Scan:
    file = f"/tmp/{name}-{profile}-{uuid.uuid4().hex}.json"
    command = (
        "docker", "exec", "-e", "TERM=dumb", CLIENT, "testssl", "--quiet", "--color", "0",
        "--warnings", "off", "--ip", Container(name).address, "--add-ca", ROOTS, *CHECKS,
        "--jsonfile", file, f"{profile}.example.com:443",
    )  # fmt: skip
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Scan(process, file)


def unlike_mozillas(proxy: Container, profile: str) -> dict[str, str]:
    """Return what sslyze finds at a profile's name that isn't Mozilla's profile."""
    trusting = CertificateInfoExtraArgument(custom_ca_file=PKI / "roots.pem")
    request = sslyze.ServerScanRequest(
        server_location=sslyze.ServerNetworkLocation(
            hostname=f"{profile}.example.com", ip_address=proxy.address, port=443
        ),
        scan_commands=mozilla.SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER,
        scan_commands_extra_arguments=sslyze.ScanCommandsExtraArguments(certificate_info=trusting),
    )
    scanner = sslyze.Scanner()
    scanner.queue_scans([request])
    (result,) = scanner.get_results()
    try:
        mozilla.check_server_against_tls_configuration(result, published(profile))
    except mozilla.ServerNotCompliantWithTlsConfiguration as error:
        return error.issues
    return {}


def published(profile: str) -> mozilla.TlsConfigurationAsJson:
    """Return a profile of the guideline as sslyze reads it, of the version that has it."""
    versions = (json.loads(path.read_text()) for path in GUIDELINES.iterdir())
    (found,) = (
        version["configurations"][profile]
        for version in versions
        if profile in version["configurations"]
    )
    # sslyze wants ciphers by the names of other servers too, and compares none of them.
    ciphers = {"caddy": [], "go": [], **found["ciphers"]}
    return mozilla.TlsConfigurationAsJson(**{**found, "ciphers": ciphers})


def spoken(proxy: Container, profile: str) -> set[str]:
    """Return the versions of TLS that a name speaks."""
    names = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
    commands = ("SSL_3_0", "TLS_1_0", "TLS_1_1", "TLS_1_2", "TLS_1_3")
    request = sslyze.ServerScanRequest(
        server_location=sslyze.ServerNetworkLocation(
            hostname=f"{profile}.example.com", ip_address=proxy.address, port=443
        ),
        scan_commands={sslyze.ScanCommand[f"{command}_CIPHER_SUITES"] for command in commands},
    )
    scanner = sslyze.Scanner()
    scanner.queue_scans([request])
    (result,) = scanner.get_results()
    attempts = (getattr(result.scan_result, f"{one.lower()}_cipher_suites") for one in commands)
    return {
        name
        for name, one in zip(names, attempts, strict=True)
        if one.result.is_tls_version_supported
    }
