"""Deploys the scenario's virtual hosts with other variables, and writes files on its hosts."""

from __future__ import annotations

import subprocess
from typing import Any

from containers import Container
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playing import Run, play
from tls import PKI


def deploy(proxy: Container, *options: str, **variables: Any) -> Run:
    """Deploy the scenario's virtual hosts, with other variables."""
    return play(
        "gatehouse.apache.site", *options, variables={"apache_hosts": proxy.name, **variables}
    )


def put(proxy: Container, path: str, text: str) -> None:
    """Write a file on a host, for root alone."""
    script = 'umask 077; mkdir -p "$(dirname "$0")"; cat >"$0"'
    command = ["docker", "exec", "-i", proxy.name, "sh", "-c", script, path]
    subprocess.run(command, input=text, text=True, check=True)


def extra(name: str, certificate: str, key: str) -> dict[str, Any]:
    """Return a virtual host more, of files on the host."""
    ssl = {"certificate_file": certificate, "certificate_key_file": key}
    return {"server_name": name, "proxy_to": "http://ssl-origin:8081", "ssl": ssl}


def key_of(name: str) -> Any:
    """Read a private key of the scenario's authorities."""
    return load_pem_private_key((PKI / f"{name}.key").read_bytes(), None)
