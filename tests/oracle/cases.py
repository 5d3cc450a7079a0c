"""Servers so small that each shows one thing that httpd does: once misread (cases.yml), or known (facts.yml)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from module_utils._httpd.resolve.request import Request

FILE = Path(__file__).with_name("cases.yml")
FACTS = Path(__file__).with_name("facts.yml")
MAIN_NAME = "ServerName main.test"


@dataclass(frozen=True)
class Case:
    """A server, a request, and what httpd answers."""

    name: str
    text: str
    request: Request
    status: int
    location: str
    backend: str


def read_cases(ports: Sequence[int], port: int) -> list[Case]:
    """Read the cases of both files for two backends and httpd's own port."""
    return [
        _case(written, ports, port)
        for file in (FILE, FACTS)
        for written in yaml.safe_load(file.read_text())
    ]


def _case(written: Mapping[str, Any], ports: Sequence[int], port: int) -> Case:
    lines = [
        MAIN_NAME,
        f"Listen 127.0.0.1:{port}",
        *(line.replace("OWN_PORT", str(port)) for line in written.get("main", ())),
        f"<VirtualHost *:{port}>",
        "ServerName case.test",
        *written["vhost"],
        "</VirtualHost>",
    ]
    text = "\n".join(lines)
    expect = written["expect"]
    backend = expect.get("backend", "")
    for number, backend_port in enumerate(ports[:2], 1):
        text = text.replace(f"TLS_BACKEND{number}", f"https://127.0.0.1:{backend_port}")
        text = text.replace(f"BACKEND{number}", f"http://127.0.0.1:{backend_port}")
        backend = backend.replace(f"BACKEND{number}", f"http://127.0.0.1:{backend_port}")
    method, _blank, target = written["request"].partition(" ")
    request = Request(
        target,
        written.get("host", "case.test"),
        method,
        port=port,
        address="127.0.0.1",
        client="127.0.0.1",
        headers=written.get("headers", {}),
    )
    location = expect.get("location", "").replace("HOST", "case.test")
    return Case(written["name"], text, request, expect.get("status", 0), location, backend)
