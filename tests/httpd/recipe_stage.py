"""A stage for a recipe: its backends, files and clients on loopback, httpd in between, and curl as who asks."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from conftest import free_ports, running
from cookbook import Asked, Recipe, Row
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from recipe_backends import playing, playing_fastcgi
from release_on_disk import modules_of_release, write_release

PROOF_PORT = 897  # where every release listens
_BACKEND = re.compile(
    r"\b(?P<scheme>https?://|wss?://|)(?P<name>10\.0\.0\.\d+|[\w.]+\.internal\.example\.com)(?::(?P<port>\d+))?"
)
_SOCKET = re.compile(r"unix:(?P<path>/[^|]+)\|(?P<scheme>\w+)://")
# Clients in front, whose addresses are loopback's own here.
_CLIENTS = {"192.0.2.": "127.0.2.", "198.51.100.": "127.0.3."}
_CERTIFICATES = {"backends.pem": "ca.pem", "staff.pem": "ca.pem", "me.pem": "client.pem"}


@dataclass(frozen=True)
class Reply:
    """What curl got."""

    version: str
    status: int
    headers: list[tuple[str, str]]
    body: str

    @property
    def echo(self) -> dict[str, Any]:
        """What a backend says that it was asked."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def values(self, name: str) -> list[str]:
        """Return a header's values."""
        return [value for one, value in self.headers if one.lower() == name.lower()]


@dataclass
class Stage:
    """A recipe's world below a directory that httpd's children can read; `pki` has the certificates."""

    recipe: Recipe
    directory: Path
    pki: Path
    ports: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose ports, and make directories and files."""
        names = sorted({_authority(found) for found in _BACKEND.finditer(self.recipe.variables)})
        self.ports = dict(zip(names, free_ports(len(names))))
        self.directory.chmod(0o755)
        for name in ("srv", "run/php", "var/log/apache2", "store"):
            (self.directory / name).mkdir(parents=True)
        (self.directory / "run/php").chmod(0o755)
        for row in self.recipe.rows:
            if row.answer.file:
                path = Path(self.here(row.answer.file))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(row.answer.file)

    def here(self, text: str) -> str:
        """Return a text with what is on this stage in the place of what the page names."""
        text = _BACKEND.sub(self._on_loopback, text)
        text = re.sub(r"/etc/ssl/(?:private/)?([\w.]+)", self._certificate, text)
        text = re.sub(r"(?<![\w/.])/(srv|run|var/log/apache2)/", rf"{self.directory}/\1/", text)
        for network, ours in _CLIENTS.items():
            text = text.replace(network, ours)
        return text

    @contextlib.contextmanager
    def serving(self, row: Row) -> Iterator[None]:
        """Run httpd with the recipe, and the backends that the row has up."""
        variables = yaml.safe_load(self.here(self.recipe.variables))
        compiled, _problems = check_variables(variables, CONCERN_NAMES)
        store = self.directory / "store"
        shutil.rmtree(store)
        store.mkdir()
        text = write_release(compiled, store)
        text = text.replace("${APACHE_RUN_DIR}", str(store))
        for name in re.findall(r"/([0-9a-f]{16})/certificate\.pem", text):
            (store / "self_signed" / name).mkdir(parents=True, exist_ok=True)
            for half in ("certificate", "key"):
                shutil.copy(self.pki / "good.pem", store / "self_signed" / name / f"{half}.pem")
        with (
            self._backends(row),
            running(text, *modules_of_release(compiled), port=PROOF_PORT) as refusal,
        ):
            assert refusal == "", refusal
            yield

    def ask(self, asked: Asked) -> Reply:
        """Ask httpd as a client of the row would."""
        words = (
            "curl",
            "-s",
            "-k",
            "-i",
            "-m",
            "20",
            "--path-as-is",
            "--connect-to",
            "::127.0.0.1:",
        )
        printed = subprocess.run(
            [*words, *self._options(asked), "-X", asked.method, asked.url],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        head, _blank, body = printed.replace("\r\n", "\n").partition("\n\n")
        found = re.match(r"HTTP/([0-9.]+) (\d+)", head)
        assert found, printed
        pairs = re.findall(r"^([^:\n]+): *(.*)$", head, re.MULTILINE)
        return Reply(found[1], int(found[2]), pairs, body)

    def _options(self, asked: Asked) -> Iterator[str]:
        """Yield what curl is told of a request."""
        for name, value in asked.headers:
            yield from ("-H", f"{name}: {value}")
        if asked.client:
            yield from ("--interface", self.here(asked.client))
        if asked.version == "1.1":
            yield "--http1.1"
        if asked.size:
            body = self.directory / "body"
            body.write_text("x" * int(asked.size))
            # Without an answer `100 Continue` before the one that counts.
            yield from ("--data-binary", f"@{body}", "-H", "Expect:")
        if asked.certificate:
            yield from ("--cert", self.here(asked.certificate))

    @contextlib.contextmanager
    def _backends(self, row: Row) -> Iterator[None]:
        """Run the recipe's backends but those that are down."""
        says = row.answer.backend_says
        told = [(name, self.here(value)) for name, value in says]
        pair = str(self.pki / "good.pem")
        assert row.asked.down in ("", *self.ports)
        found = {_authority(one): one["scheme"] for one in _BACKEND.finditer(self.recipe.variables)}
        with contextlib.ExitStack() as stack:
            for name, scheme in found.items():
                if name != row.asked.down:
                    address = str(self.ports[name])
                    certificate = pair if scheme == "https://" else ""
                    stack.enter_context(playing(name, address, certificate, told))
            for one in _SOCKET.finditer(self.recipe.variables):
                address = self.here(one["path"])
                stack.enter_context(
                    playing_fastcgi(one["path"], address)
                    if one["scheme"] == "fcgi"
                    else playing(one["path"], address, "", told)
                )
            yield

    def _on_loopback(self, found: re.Match[str]) -> str:
        """A certificate is for the name of this machine."""
        host = "127.0.0.1" if found["name"].startswith("10.") else "localhost"
        name = _authority(found)
        return f"{found['scheme']}{host}:{self.ports[name]}" if name in self.ports else found[0]

    def _certificate(self, found: re.Match[str]) -> str:
        return str(self.pki / _CERTIFICATES.get(found[1], "good.pem"))


def split_backend(url: str) -> tuple[str, str]:
    """Split a backend's URL into the backend's name and the path that it is asked for."""
    if socket := _SOCKET.match(url):
        return socket["path"], f"/{url[socket.end() :].partition('/')[2]}"
    found = _BACKEND.match(url)
    assert found, url
    return _authority(found), url[found.end() :]


def _authority(found: re.Match[str]) -> str:
    default = "443" if found["scheme"] == "https://" else "80"
    return f"{found['name']}:{found['port'] or default}"
