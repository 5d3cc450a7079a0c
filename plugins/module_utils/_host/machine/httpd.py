"""What a host's httpd is: its version, what is compiled in, its environment, and what its OpenSSL can do."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from ..._httpd.reading.environment import module_identifier
from ..._httpd.tls.profiles import NEW_CURVES
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.version import Version, parse_version

TIMEOUT = 60.0  # seconds
ENVIRONMENT = {"PATH": os.defpath}


@dataclass(frozen=True)
class Httpd:
    """An installed httpd: its version, the modules that it has without loading, its process's variables, and the curves
    beyond those of old that its OpenSSL knows."""

    version: Version
    built_in: frozenset[str]
    variables: Mapping[str, str]
    curves: frozenset[str] = frozenset()


def read_httpd(layout: Layout) -> Httpd | None:
    """Ask the installed httpd what it is; None where there is none."""
    if not os.access(layout.binary, os.X_OK):
        return None
    version = re.search(r"Apache/(\S+)", _output([layout.binary, "-v"]))
    modules = re.findall(r"^\s+(\w+\.c)$", _output([layout.binary, "-l"]), re.MULTILINE)
    return Httpd(
        version=parse_version(version[1] if version else ""),
        built_in=frozenset(map(module_identifier, modules)),
        variables=_environment(layout.envvars),
        curves=_new_curves(layout.openssl),
    )


def syntax_fault(layout: Layout) -> str:
    """Return what httpd's own look at its configuration complains of; nothing where it would start with it, as far as that
    look goes (docs/httpd.md#syntax-check)."""
    script = f'. "{layout.envvars}"; ' if os.path.exists(layout.envvars) else ""
    script += f'exec "{layout.binary}" -t $APACHE_ARGUMENTS'
    command = ["/bin/sh", "-c", script]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT, check=False, env=ENVIRONMENT
        )
    except subprocess.TimeoutExpired:
        return f"it didn't end within {TIMEOUT:.0f} seconds"
    return answer.stderr.strip() if answer.returncode else ""


def _environment(envvars: str) -> dict[str, str]:
    """Return the variables that the distribution's start script would set for httpd."""
    script = f'. "{envvars}" && env -0' if os.path.exists(envvars) else "env -0"
    pairs = (pair.partition("=") for pair in _output(["/bin/sh", "-c", script]).split("\0") if pair)
    return {name: value for name, _equals, value in pairs}


def _new_curves(openssl: str) -> frozenset[str]:
    """Return which new curves the system's OpenSSL can do; httpd has no word that would tell."""
    if not os.access(openssl, os.X_OK):
        return frozenset()
    mechanisms = re.findall(r"[\w-]+", _output([openssl, "list", "-kem-algorithms"]))
    return NEW_CURVES.intersection(mechanisms)


def _output(command: list[str]) -> str:
    answer = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        env=ENVIRONMENT,
    )
    return answer.stdout
