"""What a configuration meets when httpd reads it: version, modules, defines and the files it may include."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

Version = tuple[int, int, int]

# Compiled into every httpd 2.4; identifiers as LoadModule names them.
BUILT_IN = frozenset({"core_module", "so_module", "http_module", "unixd_module"})
# Sources whose identifier isn't mod_NAME.c -> NAME_module.
_IDENTIFIERS = {
    "core.c": "core_module",
    "http_core.c": "http_module",
    "event.c": "mpm_event_module",
    "worker.c": "mpm_worker_module",
    "prefork.c": "mpm_prefork_module",
    "mod_apreq2.c": "apreq_module",
    "mod_security2.c": "security2_module",
}
_SOURCE = re.compile(r"mod_(\w+)\.c(?:pp)?")


@dataclass(frozen=True)
class Environment:
    """The world of one parse.

    `version` and `modules` (identifiers such as `proxy_module`) are None where they aren't known; a condition on what
    isn't known stays open. `defines` holds -D names, Defines and the process's environment variables. `files` maps
    absolute paths to text; a directory exists where a file below it does.
    """

    version: Version | None = None
    modules: frozenset[str] | None = None
    defines: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    server_root: str = "/etc/apache2"

    def without_conditions(self) -> Environment:
        """Return the same world with every condition on modules and version left open."""
        return replace(self, version=None, modules=None)

    def resolve(self, path: str) -> str:
        """Return a path as httpd finds it, relative ones below the server root."""
        return posixpath.normpath(posixpath.join(self.server_root, path))

    def matching_files(self, pattern: str) -> tuple[str, ...]:
        """Return the files that an Include of `pattern` reads, in httpd's order (by name, at each level)."""
        path = self.resolve(pattern)
        if path in self.files:
            return (path,)
        parts = path.strip("/").split("/")
        found = [file for file in self.files if _is_below(file.strip("/").split("/"), parts)]
        return tuple(sorted(found, key=lambda file: file.split("/")))


def _is_below(file: list[str], pattern: list[str]) -> bool:
    """Tell whether a file is what the pattern names, or lies in a directory that it names."""
    return len(file) >= len(pattern) and all(map(fnmatchcase, file, pattern))


def module_identifier(name: str) -> str:
    """Return the identifier of a module named as <IfModule> may: `ssl_module` or `mod_ssl.c`."""
    if name in _IDENTIFIERS:
        return _IDENTIFIERS[name]
    match = _SOURCE.fullmatch(name)
    return f"{match.group(1)}_module" if match else name


def parse_version(text: str) -> Version:
    """Read `2.4.62` or `2.4`; what is missing is 0."""
    numbers = [int(number) for number in re.findall(r"\d+", text)[:3]]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return (major, minor, patch)
