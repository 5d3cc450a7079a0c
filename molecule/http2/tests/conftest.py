"""Who asks: a container with nghttp2's tools, curl and a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from containers import Container

_REPORT = "\\n%{http_version} %{http_code}"


@dataclass(frozen=True)
class Reply:
    """What curl got; `version` is 0 where the connection ended without an answer."""

    version: str
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Client:
    """The container that asks."""

    container: Container

    def curl(self, url: str, *options: str) -> Reply:
        """Ask; certificates are for others to test."""
        # Failures of a connection are answers here too, so the exit status isn't minded.
        words = ["curl", "-sk", "-m", "20", "-D", "/dev/stderr", "-w", _REPORT, *options, url]
        script = 'exec 3>&1; headers=$("$@" 2>&1 >&3 3>&-); printf "\\n\\f%s" "$headers"'
        said = self.container.run("sh", "-c", script, "sh", *words)
        answer, _feed, headers = said.partition("\n\f")
        body, _newline, report = answer.rpartition("\n")
        version, status = report.split()
        pairs = re.findall(r"^([\w-]+): (.*?)\r?$", headers, re.MULTILINE)
        return Reply(version, int(status), {name.lower(): value for name, value in pairs}, body)


@pytest.fixture(scope="session")
def client() -> Client:
    """The one client."""
    return Client(Container("http2-client"))
