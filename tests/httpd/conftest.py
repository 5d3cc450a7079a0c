"""A real httpd for each test: started on loopback ports of its own, asked, and stopped."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest
from hypothesis import HealthCheck, seed, settings
from module_utils._httpd.checking.check import check
from module_utils._httpd.reading.environment import Environment, module_identifier
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.problem import Problem
from module_utils._httpd.vocabulary.version import Version, parse_version

MODULES = Path("/usr/lib/apache2/modules")
AVAILABLE = Path("/etc/apache2/mods-available")
BINARY = "/usr/sbin/apache2"
ALWAYS = ("mpm_event", "authz_core", "authz_host", "env", "headers")
# Seconds for a start, which ends by itself where a server can't: mod_md makes an RSA key first, which takes as long as its
# primes have it (0.5 to 9 seconds on a processor that five share).
PATIENCE = 120
# Which part of what is tried at random this run tries, 1/2 or 2/2: `make test` gives each release its half.
PART, PARTS = map(int, os.environ.get("PART", "1/1").split("/"))


def own_part(count: int) -> range:
    """Return the numbers below a count that are this run's to try."""
    return range(PART - 1, count, PARTS)


def examples(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have hypothesis try this run's part of so many examples, the same ones where nobody would look at them."""
    chosen = settings(
        max_examples=len(own_part(count)),
        deadline=None,
        derandomize="CI" in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    # Without a seed of its own each part would begin with the same examples.
    return chosen if PARTS == 1 else lambda test: seed(PART)(chosen(test))


@pytest.fixture(scope="session")
def pems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A certificate, its key and both, as files that are named and as texts."""
    directory = tmp_path_factory.mktemp("tls")
    key, certificate, both = (directory / name for name in ("key.pem", "certificate.pem", "both"))
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a.example"]
    subprocess.run([*words, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both.write_text(certificate.read_text() + key.read_text())
    return {"key": str(key), "certificate": str(certificate), "both": str(both)}


def load_lines(*modules: str) -> list[str]:
    """Return the LoadModule lines of modules; what is compiled in has none."""
    return [
        f"LoadModule {module}_module {MODULES}/mod_{module}.so"
        for module in dict.fromkeys((*ALWAYS, *modules))
        if (MODULES / f"mod_{module}.so").exists()
    ]


def free_ports(count: int) -> list[int]:
    """Return that many different loopback ports that nothing listens on."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _port in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def whole_configuration(directory: Path, text: str, *modules: str) -> str:
    """Return a main server around a text."""
    lines = [
        f"ServerRoot {directory}",
        "ServerName localhost",
        f"PidFile {directory}/pid",
        f"ErrorLog {directory}/error.log",
        f"DefaultRuntimeDir {directory}",
        f"Mutex file:{directory}",
        "StartServers 1",
        "ServerLimit 1",
        "ThreadsPerChild 4",
        "MaxRequestWorkers 4",
        "MinSpareThreads 1",
        "MaxSpareThreads 4",
        *load_lines(*modules),
        "<IfModule mod_mime.c>",
        "TypesConfig /dev/null",
        "</IfModule>",
        'LogFormat "%h" common',
        'LogFormat "%h" combined',
        text,
    ]
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def running(text: str, *modules: str, port: int) -> Iterator[str]:
    """Yield an empty text once a server with this configuration accepts connections on `port`, else what it said."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        configuration = directory / "httpd.conf"
        configuration.write_text(whole_configuration(directory, text, *modules))
        with subprocess.Popen(
            [BINARY, "-f", str(configuration), "-DFOREGROUND"], stderr=subprocess.PIPE, text=True
        ) as httpd:
            try:
                if _wait_for(httpd, port):
                    yield ""
                else:
                    httpd.kill()
                    log = directory / "error.log"
                    said = httpd.stderr.read() if httpd.stderr else ""
                    yield (
                        said + (log.read_text() if log.exists() else "")
                        or "it ended without a word"
                    )
            finally:
                httpd.terminate()


def _wait_for(httpd: subprocess.Popen[str], port: int) -> bool:
    """Wait until the server accepts connections; tell whether it did before it ended.

    Its port takes them before it has looked at its certificates; children are made afterwards.
    """
    children = Path(f"/proc/{httpd.pid}/task/{httpd.pid}/children")
    deadline = time.monotonic() + PATIENCE
    while httpd.poll() is None and time.monotonic() < deadline:
        if children.read_text():
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", port), timeout=1),
            ):
                return True
        time.sleep(0.005)
    return False


def refusals(text: str, *modules: str) -> str:
    """Return what `httpd -t` says against a configuration."""
    with tempfile.TemporaryDirectory() as name:
        configuration = Path(name) / "httpd.conf"
        configuration.write_text(whole_configuration(Path(name), text, *modules))
        answer = subprocess.run(
            [BINARY, "-f", str(configuration), "-t"], capture_output=True, text=True, check=False
        )
        return (
            ""
            if answer.returncode == 0
            else re.sub(r"/tmp/\S+/httpd\.conf", "httpd.conf", answer.stderr)
        )


def problems_of(text: str, *modules: str) -> tuple[Problem, ...]:
    """Return what the rules find on this host, whose limits and modules they see."""
    tree, _problems = parse_tree(whole_configuration(Path("/nowhere"), text, *modules), "c")
    expansion = expand(tree, Environment(version=version(), modules=built_in()))
    return check(view(expansion.tree), expansion.environment)


def version() -> Version:
    """Return the httpd's version."""
    return parse_version(_said("-v").partition("Apache/")[2].split()[0])


def built_in() -> frozenset[str]:
    """Return what the httpd has without loading it."""
    names = re.findall(r"^\s+(\w+\.c)$", _said("-l"), re.MULTILINE)
    return frozenset(map(module_identifier, names))


def _said(option: str) -> str:
    return subprocess.run([BINARY, option], capture_output=True, text=True, check=True).stdout
