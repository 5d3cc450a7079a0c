"""The shadow: the staged server really started, in a transient unit apart from the live one.

See docs/httpd.md#shadow.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..._httpd.reading.server import Server
from ..._httpd.syntax.quoting import unquote
from ..._httpd.vocabulary.layout import Layout
from ..machine import systemd
from . import shadow_probe as probe
from .beside_releases import directories_of
from .draft import Draft
from .staged_copy import LOGS, MARK, is_piped, silence_outside, staged_copy

PATIENCE = 15  # seconds for a start
RUNTIME = 40  # seconds after which systemd ends the unit by itself
LIMITS = ("LimitNOFILE", "LimitNPROC", "LimitAS", "LimitDATA", "LimitMEMLOCK", "LimitSTACK")
# The shadow has no network: a name that it can't look up says nothing about the live server.
_NAME_LOOKUP = re.compile(
    r"AH00547|Could not resolve|failed to set up sockaddr|name or service not known|failure in name",
    re.IGNORECASE,
)
_NO_CAUSE = re.compile(r"Syntax error on line|:warn\]|\bwarning\b", re.IGNORECASE)


@dataclass(frozen=True)
class Verdict:
    """What a shadow came to; `isolated` says whether it was one, and `reason` why not or what was missing.

    `child` is what one of its children took of memory, idle (bytes), 0 where that isn't known.
    """

    verdict: str
    isolated: bool
    reason: str = ""
    seconds: float = 0.0
    words: tuple[str, ...] = ()
    child: int = 0

    @property
    def is_refusal(self) -> bool:
        """Tell whether httpd wouldn't start with this configuration."""
        return self.verdict == "refused"


def shadow(layout: Layout, draft: Draft, *, server: Server) -> Verdict:
    """Start the server as it will be, and say what became of it; nothing live is touched."""
    if shutil.which("systemd-run") is None:
        return Verdict("unknown", isolated=False, reason="there is no systemd-run")
    with staged_copy(layout, draft) as (directory, config):
        binds = {layout.config_root: config, **silence_outside(layout, server, directory)}
        arguments = _arguments(layout, draft, server)
        arguments["layer"] = f"{directory}/layer"
        with open(f"{directory}/arguments.json", "w", encoding="utf-8") as stream:
            json.dump(arguments, stream)
        with open(f"{directory}/probe.py", "w", encoding="utf-8") as stream:
            stream.write(inspect.getsource(probe))
        unit = _properties(layout, binds, arguments["private"])
        verdict = read_verdict(_run(directory, [*unit, "PrivateNetwork=yes"]))
        if verdict.verdict != "unknown":
            return verdict
        # With the live network names resolve and any unit starts; the probe asks for no more than the syntax there.
        return replace(read_verdict(_run(directory, unit)), reason=verdict.reason)


def read_verdict(answer: subprocess.CompletedProcess[str]) -> Verdict:
    """Read what the probe printed last."""
    lines = answer.stdout.strip().splitlines()
    try:
        plain = json.loads(lines[-1]) if lines else {}
    except ValueError:
        plain = {}
    if not plain:
        said = (
            answer.stderr.strip() or f"it said nothing, and ended with status {answer.returncode}"
        )
        reason = f"the unit didn't tell what became of the server: {said}"
        return Verdict("unknown", isolated=False, reason=reason)
    words = tuple(plain.get("words", ()))
    causes = [word for word in words if not _NO_CAUSE.search(word)]
    if plain["verdict"] == "refused" and causes and all(map(_NAME_LOOKUP.search, causes)):
        reason = f"the unit has no network to look names up in: {causes[0]}"
        return Verdict("unknown", isolated=bool(plain["isolated"]), reason=reason, words=words)
    return Verdict(
        plain["verdict"],
        bool(plain["isolated"]),
        plain.get("reason", ""),
        plain.get("seconds", 0.0),
        words,
        plain.get("child", 0),
    )


def _properties(layout: Layout, binds: Mapping[str, str], private: Iterable[str]) -> list[str]:
    """Return what keeps the unit apart, and what it shares with the real one: limits and variables."""
    limits = {name: systemd.show(layout.unit, name, f"{name}Soft") for name in LIMITS}
    memory = os.statvfs("/dev/shm")
    hidden = " ".join(f"{path}:mode=0755" for path in private)
    # Both servers name their shared memory alike, and httpd removes a name before it makes one.
    hidden += f" /dev/shm:mode=1777,size={memory.f_frsize * memory.f_blocks}"
    return [
        "PrivateTmp=yes",
        f"RuntimeMaxSec={RUNTIME}",
        *(f"BindPaths={copy}:{place}" for place, copy in binds.items()),
        f"TemporaryFileSystem={hidden}",
        *(
            f"{name}={found[f'{name}Soft']}:{found[name]}"
            for name, found in limits.items()
            if found[name]
        ),
        f"Environment={systemd.show(layout.unit, 'Environment')['Environment']}",
    ]


def _run(directory: str, properties: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the probe in a transient unit; one that doesn't come to its end in time answers that httpd is refused."""
    program = [sys.executable, "-I", f"{directory}/probe.py", f"{directory}/arguments.json"]
    command = ["systemd-run", "--quiet", "--wait", "--collect", "--pipe"]
    command += [f"--property={each}" for each in properties]
    began = time.monotonic()
    with contextlib.suppress(subprocess.TimeoutExpired):
        answer = subprocess.run(
            [*command, *program], capture_output=True, text=True, timeout=RUNTIME + 30, check=False
        )
        if answer.stdout.strip() or time.monotonic() - began < RUNTIME:
            return answer
    # The live server would take as long, and its proof waits for less.
    late = f"it hadn't started and ended within {RUNTIME} s; ask for fewer children and workers, or give the host more"
    plain = {"verdict": "refused", "isolated": True, "reason": late}
    return subprocess.CompletedProcess(command, 1, json.dumps(plain), "")


def _arguments(layout: Layout, draft: Draft, server: Server) -> dict[str, Any]:
    """Return what the probe must know."""
    logs = _log_files(layout, server)
    live = systemd.main_pid(layout.unit)
    hosts = {
        listen.address.host.strip("[]")
        for listen in server.listens
        if not listen.address.is_wildcard
    }
    directories = directories_of(draft.release.manifests, layout)
    kept = os.path.dirname(layout.state_directory)
    hidden = (
        *layout.private,
        *([kept] if any(_is_below(one, [kept]) for one in directories) else []),
    )
    private = [path for path in hidden if os.path.isdir(path)]
    inside = sorted(path for path in logs if _is_below(path, (*private, "/tmp", "/var/tmp")))
    layered = {path: files for path, files in logs.items() if path not in inside}
    return {
        "config_root": layout.config_root,
        "mark": MARK,
        "binary": layout.binary,
        "envvars": layout.envvars,
        "prologue": layout.prologue,
        "port": draft.port,
        "expected": f"gatehouse {draft.release.digest}",
        "patience": PATIENCE,
        "addresses": sorted(hosts - {"127.0.0.1", "::1"}),
        "private": private,
        "log_directories": inside,
        "directories": [one for one in directories if _is_below(one, private)],
        "children": [layout.run_user, layout.run_group],
        "layered": {**_certificate_stores(layout, server), **layered},
        "live_networks": [
            os.readlink(f"/proc/{pid}/ns/net") for pid in (1, live, os.getpid()) if pid
        ],
    }


def _log_files(layout: Layout, server: Server) -> dict[str, list[str]]:
    """Return the log files that the server writes, by existing directory, without links."""
    files: dict[str, set[str]] = {layout.log_directory: set()}
    for scope in server.scopes:
        for directive in scope.directives:
            if directive.name.lower() in LOGS and directive.args and not is_piped(directive):
                path = os.path.join(layout.config_root, unquote(directive.args[0]))
                if os.path.isdir(path):
                    # The shadow has that directory too, so that httpd refuses it as a log.
                    files.setdefault(os.path.realpath(path), set())
                else:
                    directory, name = os.path.split(path)
                    files.setdefault(os.path.realpath(directory), set()).add(name)
    return {path: sorted(names) for path, names in files.items() if _is_layered(path, layout)}


def _certificate_stores(layout: Layout, server: Server) -> dict[str, list[str]]:
    """Return the ACME stores outside the configuration root, which mod_md would write to."""
    named = (
        os.path.realpath(os.path.join(layout.config_root, unquote(directive.args[0])))
        for directive in server.main.directives
        if directive.name.lower() == "mdstoredir" and directive.args
    )
    return {path: [] for path in named if _is_layered(path, layout)}


def _is_layered(path: str, layout: Layout) -> bool:
    """Tell whether a directory needs a layer; the shadow has a configuration root of its own, and devices are written to."""
    own = [os.path.realpath(layout.config_root)]
    return os.path.isdir(path) and path != "/dev" and not _is_below(path, own)


def _is_below(path: str, directories: Iterable[str]) -> bool:
    return any(f"{path}/".startswith(f"{directory}/") for directory in directories)
