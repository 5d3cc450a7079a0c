"""Whether <Directory> and <Files> leave what httpd serves from its files as it is. https://httpd.apache.org/docs/2.4/sections.html"""

from __future__ import annotations

from collections.abc import Iterator

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match
from ..blocks import FileSection
from ..exchange import Exchange
from ..paths.globs import is_glob


def open_file_section(exchange: Exchange) -> FileSection | None:
    """Return a section that may refuse or divert the request, which would else be answered from a file."""
    path = _path(exchange)
    found = [section for section in _in_order(exchange) if _may_have(section, path)]
    refusing = None
    for section in found:
        if section.kind == "other":
            return section
        # A later Require replaces those before.
        refusing = None if section.kind == "granted" else section
    return None if any(block.require for block in exchange.matched) else refusing


def _in_order(exchange: Exchange) -> Iterator[FileSection]:
    """Yield the sections as they are merged: directories by their length, patterns of directories, files."""
    sections = [section for block in exchange.site.own for section in block.files]
    plain = [one for one in sections if one.name == "directory" and not one.is_regex]
    yield from sorted(plain, key=lambda section: section.pattern.rstrip("/").count("/"))
    yield from (one for one in sections if one.name.startswith("directory") and one not in plain)
    yield from (one for one in sections if one.name.startswith("files"))


def _path(exchange: Exchange) -> str:
    """Return the file's path; empty where it isn't known."""
    if exchange.filename:
        return ""
    root = exchange.site.settings.get("documentroot")
    return root.values[0].rstrip("/") + exchange.uri if root and root.values else ""


def _may_have(section: FileSection, path: str) -> bool:
    """Tell whether a section may be about the file at a path, or about an index that is served in its place."""
    if not path or (is_glob(section.pattern) and not section.is_regex):
        return True
    if section.name.startswith("directory"):
        return _has_directory(section, path)
    # The file is the first part of the path that is none of a directory; what follows is its PATH_INFO.
    names = path.split("/")[1:]
    return not names[-1] or any(_is_named(section, name) for name in names)


def _has_directory(section: FileSection, path: str) -> bool:
    """Tell whether a path is in a directory."""
    if section.is_regex:
        return _is_named(section, path)
    return f"{path}/".startswith(f"{section.pattern.rstrip('/')}/")


def _is_named(section: FileSection, subject: str) -> bool:
    """Tell whether a section's name or expression may be that of a subject."""
    if not section.is_regex:
        return subject == section.pattern
    try:
        return match(section.pattern, subject) is not None
    except Depends:
        return True
