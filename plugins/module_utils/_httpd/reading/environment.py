"""What a configuration meets when httpd reads it: version, modules, defines and the files it may include."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from ..vocabulary.version import Version
from .included_files import Files, Texts, matching_files

# Compiled into every httpd 2.4; identifiers as LoadModule names them.
BUILT_IN = frozenset({"core_module", "so_module", "http_module", "unixd_module"})
# Sources whose identifier isn't mod_NAME.c -> NAME_module.
_IDENTIFIERS = {
    "core.c": "core_module",
    "http_core.c": "http_module",
    "event.c": "mpm_event_module",
    "worker.c": "mpm_worker_module",
    "prefork.c": "mpm_prefork_module",
    "mpm_itk.c": "mpm_itk_module",
    "mpm_winnt.c": "mpm_winnt_module",
    "mod_apreq2.c": "apreq_module",
    "mod_security2.c": "security2_module",
}
# Modules whose source isn't named like them, so that `mod_mpm_event.c` is nobody's.
_NAMED_OTHERWISE = frozenset(_IDENTIFIERS.values())
_SOURCE = re.compile(r"mod_(\w+)\.c(?:pp)?")


@dataclass(frozen=True)
class Environment:
    """The world of one parse.

    `version` and `modules` (identifiers such as `proxy_module`) are None where they aren't known; a condition on what
    isn't known stays open. `variables` are those of httpd's process, `defines` the names of -D and Define, of which alone
    <IfDefine> knows. `files` are asked for what Includes lead to, as reading comes to it. Where the world isn't `closed`, there may be more defines and files
    than these, and what asks for one stays open.
    """

    version: Version | None = None
    modules: Set[str] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    files: Files = field(default_factory=Texts)
    server_root: str = "/etc/apache2"
    closed: bool = True
    defines: Set[str] = frozenset()

    def resolve(self, path: str) -> str:
        """Return a path as httpd finds it, relative ones below the server root."""
        return posixpath.normpath(posixpath.join(self.server_root, path))

    def matching_files(self, pattern: str) -> Iterator[str]:
        """Yield what an Include of `pattern` reads, in httpd's order. Raises UnreadableFile on the way."""
        path = self.resolve(pattern)
        if pattern.endswith("/") and self.files.kind(path) == "file":
            return
        yield from matching_files(self.files, path)

    def has_path(self, path: str) -> bool:
        """Tell whether a file or a directory is there; no character of `path` stands for others. Raises UnreadableFile."""
        return self.files.kind(self.resolve(path)) in ("file", "directory")


def module_identifier(name: str) -> str:
    """Return the identifier of a module named as <IfModule> may: `ssl_module` or `mod_ssl.c`."""
    if name in _IDENTIFIERS:
        return _IDENTIFIERS[name]
    match = _SOURCE.fullmatch(name)
    identifier = f"{match.group(1)}_module" if match else name
    return name if match and identifier in _NAMED_OTHERWISE else identifier
