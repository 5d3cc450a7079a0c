"""A proxy whose certificates are managed: asked over TLS by name, as a browser would, and deployed to."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from containers import Answer, Container
from meanwhile import Answers, asked_all_along
from playing import Run, play

SCENARIO = Path(__file__).parents[1]


@dataclass(frozen=True)
class ManagedSite:
    """One host of the scenario; `roots` are whom a client trusts."""

    name: str
    roots: str

    @cached_property
    def container(self) -> Container:
        """Return its container."""
        return Container(self.name)

    def named(self, label: str) -> str:
        """Return a name of this host."""
        return f"{label}.{self.name}.test"

    def connect(self, label: str, *, verify: bool = True) -> ssl.SSLSocket:
        """Return a connection over TLS to a name; raises SSLError where a browser would warn."""
        context = ssl.create_default_context(cadata=self.roots)
        if not verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection((self.container.address, 443), timeout=10)
        return context.wrap_socket(raw, server_hostname=self.named(label))

    def ask(self, label: str, path: str, *, verify: bool = True) -> Answer:
        """Ask over TLS."""
        connection = http.client.HTTPSConnection(self.named(label))
        connection.sock = self.connect(label, verify=verify)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def serial(self, label: str) -> str:
        """Return the serial number of the certificate that is shown for a name."""
        return str(self._shown(label)["serialNumber"])

    def age(self, label: str) -> float:
        """Return for how many seconds that certificate has been valid."""
        return time.time() - ssl.cert_time_to_seconds(self._shown(label)["notBefore"])

    def _shown(self, label: str) -> dict[str, Any]:
        with self.connect(label) as connection:
            certificate: dict[str, Any] | None = connection.getpeercert()
        assert certificate
        return certificate

    def deploy(self, *more: dict[str, Any], **variables: Any) -> Run:
        """Deploy the scenario's virtual hosts to this host, and more."""
        given = yaml.safe_load((SCENARIO / "group_vars" / "all.yml").read_text())
        vhosts = [*given.pop("apache_vhosts"), *more]
        whole = {**given, **variables, "apache_vhosts": vhosts, "apache_hosts": self.name}
        return play("gatehouse.apache.site", variables=whole)

    def asked(self, label: str) -> AbstractContextManager[Answers]:
        """Keep asking for a name over TLS, on a new connection each time."""
        return asked_all_along(lambda: self.ask(label, "/"))

    def eventually(self, label: str, serial: str, *, patience: float = 60) -> str:
        """Return another certificate's serial number, once it is shown."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            shown = self.serial(label)
            if shown != serial:
                return shown
            time.sleep(0.5)
        raise AssertionError(f"{self.named(label)} still shows {serial}")
