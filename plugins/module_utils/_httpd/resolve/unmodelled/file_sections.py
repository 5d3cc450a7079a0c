"""Whether <Directory> and <Files> leave what httpd serves from its files as it is. https://httpd.apache.org/docs/2.4/sections.html"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from ...vocabulary.depends import Depends
from ...vocabulary.patterns.pattern import match
from ..blocks import FileSection
from ..exchange import Exchange
from ..paths.globs import fits, is_glob


def open_file_section(exchange: Exchange) -> FileSection | None:
    """Return a section that may refuse or divert the request, which would else be answered from a file."""
    path = _path(exchange)
    names = _names(exchange)
    found = [section for section in _in_order(exchange) if _may_have(section, path, names)]
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


def index_names(exchange: Exchange) -> tuple[str, ...]:
    """Return what mod_dir looks for in a directory: directives of one section add up."""
    found = exchange.settings("directoryindex")
    return tuple(name for one in found for name in one.values) if found else ("index.html",)


def _path(exchange: Exchange) -> str:
    """Return the file's path; empty where it isn't known."""
    root = exchange.site.settings.get("documentroot")
    if exchange.filename or not root or not root.values or not root.values[0].startswith("/"):
        return ""
    return _plain(root.values[0]).rstrip("/") + exchange.uri


def _plain(directory: str) -> str:
    """Return a directory's path without what stands for nothing."""
    return re.sub("^//+", "/", posixpath.normpath(directory))


def _may_have(section: FileSection, path: str, names: tuple[str, ...]) -> bool:
    """Tell whether a section may be about the file at a path, which may have one of the names."""
    if not section.name.startswith("directory"):
        return not names or any(_is_named(section, name) for name in names)
    if not path:
        return True
    if section.is_regex:
        # Directories are asked one after the other, the file last.
        ends = [at.start() for at in re.finditer("/", path)]
        asked = {path, *(path[:end] for end in ends), *(path[: end + 1] for end in ends)}
        return any(_is_named(section, one) for one in asked)
    if is_glob(section.pattern):
        return path.startswith(re.split(r"[*?\[\\]", section.pattern)[0].rpartition("/")[0])
    return f"{path}/".startswith(f"{_plain(section.pattern).rstrip('/')}/")


def _names(exchange: Exchange) -> tuple[str, ...]:
    """Return which names the file may have; none where it may have any.

    It is the first part of the path that is none of a directory; what follows is its PATH_INFO. In a directory it is an
    index. mod_mime's kin may choose one of another name.
    """
    path = f"{exchange.filename}/{exchange.uri}"
    if exchange.site.chooses_files or "$" in path:
        return ()
    indexes = (name.rpartition("/")[2] for name in index_names(exchange))
    return tuple(dict.fromkeys((*path.split("/"), *indexes)))


def _is_named(section: FileSection, subject: str) -> bool:
    """Tell whether a section's name or expression may be that of a subject."""
    try:
        if section.is_regex:
            return match(section.pattern, subject) is not None
        return fits(section.pattern, subject, "[^/]")
    except Depends:
        return True
