"""What a configuration meets when httpd reads it: version, modules, defines and the files it may include."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property

from ..vocabulary.version import Version

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
    absolute paths to text; a directory exists where a file below it does. Where the world isn't `closed`, there may be
    more defines and files than these, and what asks for one stays open.
    """

    version: Version | None = None
    modules: Set[str] | None = None
    defines: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    server_root: str = "/etc/apache2"
    closed: bool = True

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
        literal = parts[: next((i for i, part in enumerate(parts) if is_pattern(part)), len(parts))]
        return tuple(
            "/" + "/".join(file)
            for file in self._below(literal)
            if len(file) >= len(parts) and all(map(_matches, file, parts))
        )

    def has_path(self, path: str) -> bool:
        """Tell whether a file or a directory is there; no character of `path` stands for others."""
        return any(True for _file in self._below(self.resolve(path).strip("/").split("/")))

    def _below(self, directory: list[str]) -> Iterator[list[str]]:
        """Yield the files in a directory and below, in order, or the one file of that name."""
        files = self._sorted_files
        for index in range(bisect_left(files, directory), len(files)):
            if files[index][: len(directory)] != directory:
                return
            yield files[index]

    @cached_property
    def _sorted_files(self) -> list[list[str]]:
        """The files' paths in parts, in the order in which httpd walks them."""
        return sorted(path.strip("/").split("/") for path in self.files)


def is_pattern(text: str) -> bool:
    """Tell whether a path or a part of one stands for others."""
    return any(character in text for character in "*?[")


def _matches(name: str, pattern: str) -> bool:
    """Match one part of a path; a name that begins with a dot is matched by a pattern that does."""
    if name[:1] == "." and pattern[:1] != ".":
        return False
    try:
        return fnmatchcase(name, pattern.replace("[^", "[!"))
    except re.error:  # `[z-a]`, before Python 3.11
        return False


def module_identifier(name: str) -> str:
    """Return the identifier of a module named as <IfModule> may: `ssl_module` or `mod_ssl.c`."""
    if name in _IDENTIFIERS:
        return _IDENTIFIERS[name]
    match = _SOURCE.fullmatch(name)
    return f"{match.group(1)}_module" if match else name
