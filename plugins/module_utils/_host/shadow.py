"""The shadow: the staged server really started, in a transient unit apart from the live one (FACTS 1.2)."""

from __future__ import annotations

import contextlib
import glob
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._httpd.layout import Layout
from .._httpd.parse import parse_tree
from .._httpd.print import print_tree
from .._httpd.server import Server
from .._httpd.tree import Comment, Directive, Section, Tree
from .._httpd.values import unquote
from . import probe, systemd
from .files import write_state
from .journal import Change
from .store import Release, write_release_files

PATIENCE = 15  # seconds for a start
RUNTIME = 40  # seconds after which systemd ends the unit by itself
MARK = ".gatehouse-shadow"
RUNTIME_DIRECTORY = "/run/gatehouse"
LIMITS = (
    "LimitNOFILE",
    "LimitNPROC",
    "LimitAS",
    "LimitDATA",
    "LimitMEMLOCK",
    "LimitSTACK",
    "Environment",
)
_LOGS = frozenset({"errorlog", "customlog", "transferlog", "globallog", "forensiclog"})
_PIPED = re.compile(
    r'^\s*(?:Error|Custom|Transfer|Global|Forensic)Log\s+["\']?\|', re.IGNORECASE | re.MULTILINE
)
# The shadow has no network: a name that it can't look up says nothing about the live server.
_NAME_LOOKUP = re.compile(
    r"AH00547|Could not resolve host|name or service not known|Temporary failure in name",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Verdict:
    """What a shadow came to; `isolated` says whether it was one, and `reason` why not or what was missing."""

    verdict: str
    isolated: bool
    reason: str = ""
    seconds: float = 0.0
    words: tuple[str, ...] = ()

    @property
    def is_refusal(self) -> bool:
        """Tell whether httpd wouldn't start with this configuration."""
        return self.verdict == "refused"


def shadow(
    layout: Layout, release: Release, changes: tuple[Change, ...], *, server: Server, port: int
) -> Verdict:
    """Start the server as it will be, and say what became of it; nothing live is touched."""
    if shutil.which("systemd-run") is None:
        return Verdict("unknown", isolated=False, reason="there is no systemd-run")
    with _copy(layout, release, changes) as directory:
        arguments = _arguments(layout, release, server, port)
        with open(f"{directory}/arguments.json", "w", encoding="utf-8") as stream:
            json.dump(arguments, stream)
        with open(f"{directory}/probe.py", "w", encoding="utf-8") as stream:
            stream.write(_probe_source())
        return _read_verdict(_run(layout, directory, arguments))


def _run(
    layout: Layout, directory: str, arguments: Mapping[str, Any]
) -> subprocess.CompletedProcess[str]:
    """Run the probe in a transient unit with the real one's limits and variables."""
    properties = [
        "PrivateNetwork=yes",
        "PrivateTmp=yes",
        f"RuntimeMaxSec={RUNTIME}",
        f"BindReadOnlyPaths={directory}/config:{layout.config_root}",
        f"BindReadOnlyPaths={directory}:{directory}",
        "TemporaryFileSystem=" + " ".join(f"{path}:mode=0755" for path in arguments["private"]),
        *(f"{name}={value}" for name, value in systemd.show(layout.unit, *LIMITS).items() if value),
    ]
    program = [sys.executable, "-I", f"{directory}/probe.py", f"{directory}/arguments.json"]
    command = ["systemd-run", "--quiet", "--wait", "--collect", "--pipe"]
    command += [f"--property={each}" for each in properties]
    return subprocess.run(
        [*command, *program], capture_output=True, text=True, timeout=RUNTIME + 30, check=False
    )


def _read_verdict(answer: subprocess.CompletedProcess[str]) -> Verdict:
    """Read what the probe printed last."""
    lines = answer.stdout.strip().splitlines()
    try:
        plain = json.loads(lines[-1]) if lines else {}
    except ValueError:
        plain = {}
    if not plain:
        return Verdict(
            "unknown", isolated=False, reason=f"no shadow could be started: {answer.stderr.strip()}"
        )
    verdict, words = plain["verdict"], tuple(plain.get("words", ()))
    isolated = bool(plain["isolated"])
    if verdict == "refused" and words and all(_NAME_LOOKUP.search(word) for word in words):
        verdict = "unknown"
    return Verdict(verdict, isolated, plain.get("reason", ""), plain.get("seconds", 0.0), words)


def sweep() -> None:
    """Remove what shadows of killed runs left; only under the host's lock."""
    for path in glob.glob(f"{RUNTIME_DIRECTORY}/shadow-*"):
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _copy(layout: Layout, release: Release, changes: tuple[Change, ...]) -> Iterator[str]:
    """Yield a directory with a complete copy of the configuration as it will be; it is gone afterwards."""
    os.makedirs(RUNTIME_DIRECTORY, mode=0o700, exist_ok=True)
    directory = tempfile.mkdtemp(prefix="shadow-", dir=RUNTIME_DIRECTORY)
    try:
        config = f"{directory}/config"
        ignored = shutil.ignore_patterns("gatehouse")
        shutil.copytree(layout.config_root, config, symlinks=True, ignore=ignored)
        for change in changes:
            if not change.path.startswith(f"{layout.gatehouse}/"):
                write_state(config + change.path.removeprefix(layout.config_root), change.after)
        own = config + layout.gatehouse.removeprefix(layout.config_root)
        os.makedirs(f"{own}/releases")
        write_release_files(f"{own}/releases/{release.digest}", release)
        os.symlink(f"releases/{release.digest}", f"{own}/current")
        _silence_piped_logs(config)
        with open(f"{config}/{MARK}", "w", encoding="utf-8"):
            pass
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _silence_piped_logs(config: str) -> None:
    """Keep the copy's piped loggers from running: they would write where the live ones do."""
    for directory, _, names in os.walk(config):
        for name in names:
            path = f"{directory}/{name}"
            if os.path.islink(path):
                continue
            with open(path, encoding="utf-8", errors="surrogateescape") as stream:
                text = stream.read()
            if _PIPED.search(text):
                tree = _silenced(parse_tree(text, path)[0])
                with open(path, "w", encoding="utf-8", errors="surrogateescape") as stream:
                    stream.write(print_tree(tree))


def _silenced(tree: Tree) -> Tree:
    """Send piped logs nowhere."""
    return tuple(
        node
        if isinstance(node, Comment)
        else Section(node.name, node.args, _silenced(node.children), node.origin)
        if isinstance(node, Section)
        else Directive(node.name, ("/dev/null", *node.args[1:]), node.origin)
        if _is_piped(node)
        else node
        for node in tree
    )


def _is_piped(directive: Directive) -> bool:
    return (
        directive.name.lower() in _LOGS
        and bool(directive.args)
        and unquote(directive.args[0]).startswith("|")
    )


def _arguments(layout: Layout, release: Release, server: Server, port: int) -> dict[str, Any]:
    """Return what the probe must know."""
    logs = _log_directories(layout, server)
    live = systemd.main_pid(layout.unit)
    hosts = {
        listen.address.host.strip("[]")
        for listen in server.listens
        if not listen.address.is_wildcard
    }
    return {
        "config_root": layout.config_root,
        "mark": MARK,
        "binary": layout.binary,
        "envvars": layout.envvars,
        "port": port,
        "expected": f"gatehouse {release.digest}",
        "patience": PATIENCE,
        "addresses": sorted(hosts - {"127.0.0.1", "::1"}),
        "log_directories": logs,
        "private": _outermost({*layout.private, *logs}),
        "live_networks": [
            os.readlink(f"/proc/{pid}/ns/net") for pid in {1, live, os.getpid()} if pid
        ],
    }


def _log_directories(layout: Layout, server: Server) -> list[str]:
    """Return every existing directory that the server logs to: the shadow gets empty ones of its own in their place."""
    paths = {layout.log_directory}
    for scope in server.scopes:
        for directive in scope.directives:
            if directive.name.lower() in _LOGS and directive.args:
                path = os.path.join(layout.config_root, unquote(directive.args[0]))
                paths.add(os.path.dirname(path))
    return sorted(path for path in paths if os.path.isdir(path) and path not in ("/dev", "/"))


def _outermost(paths: set[str]) -> list[str]:
    """Return the existing directories, those below others left out."""
    present = sorted(path for path in paths if os.path.isdir(path))
    return [
        path
        for path in present
        if not any(path.startswith(f"{other}/") for other in present if other != path)
    ]


def _probe_source() -> str:
    """Return the probe's text, also where this runs from the archive that Ansible sends."""
    return inspect.getsource(probe)
