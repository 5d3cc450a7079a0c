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
PROFILES = ("modern", "intermediate", "old")
# testssl.sh takes minutes of a processor for a profile: it scans each on one release, and sslyze each on both.
SCANNED = {"ssl-debian12": ("intermediate",), "ssl-debian13": ("modern", "old")}
# By their names in sslyze.
VERSIONS = {
    "SSLv3": "ssl_3_0",
    "TLSv1": "tls_1_0",
    "TLSv1.1": "tls_1_1",
    "TLSv1.2": "tls_1_2",
    "TLSv1.3": "tls_1_3",
}
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


def start(proxy: Container) -> dict[str, Scan]:
    """Start the scans of a proxy, by profile."""
    return {profile: _started(proxy, profile) for profile in SCANNED[proxy.name]}


def _started(proxy: Container, profile: str) -> Scan:
    file = f"/tmp/{proxy.name}-{profile}-{uuid.uuid4().hex}.json"
    command = (
        "docker", "exec", "-e", "TERM=dumb", CLIENT, "testssl", "--quiet", "--color", "0",
        "--warnings", "off", "--ip", proxy.address, "--add-ca", ROOTS, *CHECKS,
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


@dataclass(frozen=True)
class Grade:
    """What sslyze finds at a profile's name that isn't Mozilla's profile, and which versions of TLS it speaks."""

    issues: dict[str, str]
    versions: set[str]


def graded(proxy: Container, profile: str) -> Grade:
    """Scan a profile's name with sslyze."""
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
    attempts = {
        version: getattr(result.scan_result, f"{name}_cipher_suites")
        for version, name in VERSIONS.items()
    }
    spoken = {version for version, one in attempts.items() if one.result.is_tls_version_supported}
    try:
        mozilla.check_server_against_tls_configuration(result, published(profile))
    except mozilla.ServerNotCompliantWithTlsConfiguration as error:
        return Grade(error.issues, spoken)
    return Grade({}, spoken)


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
