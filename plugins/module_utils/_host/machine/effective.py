"""What a host's httpd is and reads: its version, what is compiled in, its environment and its files."""

from __future__ import annotations

import glob
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..._httpd.reading.environment import Environment, module_identifier
from ..._httpd.reading.expand import Expansion, expand
from ..._httpd.syntax.parse import parse_tree
from ..._httpd.syntax.problem import Problem
from ..._httpd.tls.profiles import NEW_CURVES
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.version import Version, parse_version
from .changes import Change

TIMEOUT = 60.0  # seconds
LARGEST_FILE = 4 * 1024 * 1024  # bytes; nothing larger is a configuration

_INCLUDE = re.compile(r'^\s*Include(?:Optional)?\s+"?(/[^"\s]+)', re.IGNORECASE | re.MULTILINE)


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


def read_files(layout: Layout) -> dict[str, str]:
    """Return the texts of the host's own configuration by path: Gatehouse's are left out, what it includes from
    elsewhere is in."""
    own = (layout.gatehouse + "/", layout.entry, layout.entry_link)
    texts: dict[str, str] = {}
    for directory, _directories, names in os.walk(layout.config_root, followlinks=True):
        for name in names:
            path = f"{directory}/{name}"
            if not path.startswith(own):
                _read_into(texts, path)
    pending = list(texts.values())
    while pending:
        for pattern in _INCLUDE.findall(pending.pop()):
            for path in sorted(glob.glob(pattern)):
                if path not in texts and not path.startswith(own):
                    _read_into(texts, path)
                    pending.append(texts.get(path, ""))
    return texts


def changed_files(files: Mapping[str, str], changes: tuple[Change, ...]) -> dict[str, str]:
    """Return the texts as they will be after the changes; a link has the text that it points to."""
    texts = dict(files)
    for change in changes:
        texts.pop(change.path, None)
        if change.after.kind == "file":
            texts[change.path] = change.after.content
        elif change.after.kind == "link":
            target = os.path.normpath(
                os.path.join(os.path.dirname(change.path), change.after.content)
            )
            if target in texts:
                texts[change.path] = texts[target]
    return texts


def environment_of(httpd: Httpd, layout: Layout, files: Mapping[str, str]) -> Environment:
    """Return what a parse on this host meets."""
    return Environment(
        version=httpd.version,
        modules=httpd.built_in,
        defines=httpd.variables,
        files=files,
        server_root=layout.config_root,
    )


def expand_host(layout: Layout, environment: Environment) -> tuple[Expansion, tuple[Problem, ...]]:
    """Evaluate the host's configuration from its main file on, with the problems of reading it."""
    text = environment.files.get(layout.main_config, "")
    tree, problems = parse_tree(text, layout.main_config)
    expansion = expand(tree, environment)
    return expansion, (*problems, *expansion.problems)


def with_files(environment: Environment, files: Mapping[str, str]) -> Environment:
    """Return the same world with other files."""
    return replace(environment, files=files)


def _read_into(texts: dict[str, str], path: str) -> None:
    """Add a file's text; what is no text is no configuration."""
    try:
        if os.path.getsize(path) <= LARGEST_FILE:
            with open(path, encoding="utf-8", errors="surrogateescape") as stream:
                texts[path] = stream.read()
    except OSError:
        return


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
        env={"PATH": os.defpath},
    )
    return answer.stdout
