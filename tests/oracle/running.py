"""Generated servers in a real httpd, asked and decided; what came of it is counted."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from asking import ask_all
from cases import MAIN_NAME
from comparing import disagreement
from generating import Maker, paths_of
from loading import NAMES, load_lines, server_of
from module_utils._httpd.resolve.request import Decision, Request
from module_utils._httpd.resolve.resolver import Resolver

BINARY = "/usr/sbin/apache2"
WRITTEN_BEFORE = len(NAMES) + 14


@dataclass(frozen=True)
class Disagreement:
    """A request that httpd answered otherwise than was decided; `server` is the configuration that shows it."""

    server: str
    request: Request
    decision: Decision
    difference: str

    def report(self) -> str:
        """Return all that is needed to see it again."""
        reasons = "\n".join(f"  {reason}" for reason in self.decision.reasons)
        return "\n".join(
            (
                self.server,
                str(self.request),
                f"{self.decision.action} {self.decision.status} {self.decision.url}{self.decision.location}",
                reasons,
                f"httpd: {self.difference}",
            )
        )


@dataclass
class Count:
    """What a run has seen."""

    servers: int = 0
    requests: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    disagreements: list[Disagreement] = field(default_factory=list)

    def add(self, server: str, request: Request, decision: Decision, difference: str) -> None:
        """Count one request."""
        self.requests += 1
        self.actions[decision.action] += 1
        if decision.cause:
            self.causes[decision.cause] += 1
        if difference:
            self.disagreements.append(Disagreement(server, request, decision, difference))


def free_port() -> int:
    """Return a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def httpd(text: str, port: int, modules: Sequence[str] = NAMES) -> Iterator[str]:
    """Yield what a server with this configuration says against it: nothing once it accepts connections."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "root").mkdir()
        lines = [
            *load_lines(modules), f"ServerRoot {directory}", f"PidFile {directory}/pid",
            f"ErrorLog {directory}/error.log", f"DefaultRuntimeDir {directory}", f"Mutex file:{directory}",
            "LogLevel emerg", f"DocumentRoot {directory}/root", "MaxKeepAliveRequests 0", "KeepAliveTimeout 30",
            "StartServers 1", "ServerLimit 1", "ThreadsPerChild 16", "MaxRequestWorkers 16", "ExtendedStatus Off",
        ]  # fmt: skip
        assert len(lines) == WRITTEN_BEFORE - len(NAMES) + len(modules)
        (directory / "httpd.conf").write_text("\n".join((*lines, text)) + "\n", newline="")
        command = [BINARY, "-f", str(directory / "httpd.conf"), "-DFOREGROUND"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                yield "" if _accepts(process, port) else _complaint(process, directory)
            finally:
                process.terminate()


def _accepts(process: subprocess.Popen[str], port: int) -> bool:
    """Wait for an answer: the first listener of several accepts connections before the last one is open."""
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        ):
            connection.sendall(b"nothing that HTTP knows\r\n\r\n")
            connection.recv(1)
            return True
        time.sleep(0.01)
    return False


def _complaint(process: subprocess.Popen[str], directory: Path) -> str:
    process.kill()
    log = directory / "error.log"
    return (process.stderr.read() if process.stderr else "") + (
        log.read_text() if log.exists() else ""
    )


def compare(text: str, port: int, requests: Sequence[Request], count: Count) -> None:
    """Ask httpd and the resolver, and count where they differ. Raises ValueError where httpd doesn't start."""
    resolver = Resolver(server_of(text))
    with httpd(text, port) as complaint:
        if complaint:
            found = re.search("on line ([0-9]+)", complaint)
            line = text.split("\n")[int(found.group(1)) - WRITTEN_BEFORE - 1] if found else ""
            raise ValueError(f"{complaint}{line}")
        answers = asyncio.run(ask_all(requests))
    for request, answer in zip(requests, answers):
        decision = resolver.resolve(request)
        count.add(text, request, decision, disagreement(request, decision, answer))


def run_packed(
    chance: random.Random, ports: Sequence[int], count: Count, *, servers: int, each: int
) -> None:
    """Run servers as virtual hosts of one httpd, each asked so often."""
    port = free_port()
    maker = Maker(chance, ports, port)
    vhosts = [maker.vhost(number) for number in range(servers)]
    _ask(maker, vhosts, [], each, count)


def run_main(
    chance: random.Random, ports: Sequence[int], count: Count, *, servers: int, each: int
) -> None:
    """Run a main server of directives and virtual hosts that inherit them; it answers itself too."""
    port = free_port()
    maker = Maker(chance, ports, port)
    vhosts = [maker.vhost(number) for number in range(servers)] if chance.random() < 0.8 else []
    _ask(maker, vhosts, maker.main(), each, count)


def _ask(maker: Maker, vhosts: Sequence[str], main: Sequence[str], each: int, count: Count) -> None:
    """Compare requests to each virtual host."""
    requests = []
    inherited = paths_of("\n".join(main))
    for number, vhost in enumerate(vhosts or ("",)):
        names = [f"s{number}.test"]
        if "ServerAlias" in vhost:
            names += [f"www.s{number}.test", f"any.w{number}.test"]
        paths = (*paths_of(vhost), *inherited)
        requests += [maker.request(names, paths) for _request in range(each)]
    text = "\n".join((MAIN_NAME, f"Listen 127.0.0.1:{maker.port}", *main, *vhosts))
    compare(text, maker.port, requests, count)
    count.servers += max(1, len(vhosts))


def run_hosts(
    chance: random.Random, ports: Sequence[int], count: Count, *, servers: int, each: int
) -> None:
    """Run virtual hosts that share addresses and names."""
    heard = [free_port() for _port in range(2)]
    maker = Maker(chance, ports, heard[0])
    vhosts = [maker.addressed(number, heard) for number in range(servers)]
    listens = [f"Listen {host}:{port}" for host in ("127.0.0.1", "127.0.0.2") for port in heard]
    requests = [maker.host_request(heard) for _request in range(each * servers)]
    main = f"ProxyPass /main {maker.url(path='/main')}"
    compare("\n".join((MAIN_NAME, *listens, main, *vhosts)), heard[0], requests, count)
    count.servers += servers
