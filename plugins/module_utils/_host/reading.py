"""A configuration read from where somebody keeps it: a running host, a configuration root, a file, a text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._httpd.adopting.to_vars import to_vars
from .._httpd.checking.configuration import Configuration, module_names, read_configuration
from .._httpd.reading.environment import Environment
from .._httpd.reading.included_files import UnreadableFile
from .._httpd.reading.problem_kinds import UNREADABLE_FILE
from .._httpd.reading.reader_state import gap
from .._httpd.resolve.plain_requests import to_plain as decision_to_plain
from .._httpd.resolve.request import Decision, Reason, Request
from .._httpd.resolve.resolver import Resolver
from .._httpd.syntax.problem import Problem, worst_first
from .._httpd.syntax.problem import to_plain as problem_to_plain
from .._httpd.syntax.quoting import Refused
from .._httpd.syntax.tree import Place
from .._httpd.vocabulary.layout import Layout
from .._httpd.vocabulary.version import Version, parse_version
from .configuration.disk import Disk
from .configuration.host_configuration import environment_of
from .machine.httpd import read_httpd

# By distribution: Debian, Red Hat, one built from source.
MAIN_FILES = ("apache2.conf", "conf/httpd.conf", "httpd.conf")

_SERVER_ROOT = re.compile(r'^[ \t]*ServerRoot[ \t]+"?([^"\s]+)', re.IGNORECASE | re.MULTILINE)
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,2}")
_EXPORT = re.compile(r"^[ \t]*export[ \t]+(\w+)=(\S*)", re.MULTILINE)


@dataclass(frozen=True)
class AssumedHttpd:
    """What the asker knows of the httpd that is to read the configuration; None for what it doesn't."""

    version: Version | None = None
    modules: frozenset[str] | None = None


def assumed_httpd(version: Any, modules: Any) -> AssumedHttpd:
    """Read what the asker wrote of the httpd. Raises Refused."""
    if version is not None and not isinstance(version, str):
        raise Refused(f"version is {version}, which is no text", "write it in quotes")
    if version is not None and not _VERSION.fullmatch(version):
        raise Refused(f'version is "{version}"', "write it as 2.4.62")
    if modules is not None and not isinstance(modules, list):
        raise Refused(f"modules is {modules!r}, which is no list", f"write [{modules}]")
    return AssumedHttpd(
        version=None if version is None else parse_version(version),
        modules=None if modules is None else module_names(map(str, modules)),
    )


def read_text(text: str, known: AssumedHttpd) -> Configuration:
    """Read a text, alone: its Includes aren't followed."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problem = _problem(
            Place("text", line),
            "the text has a NUL character, so it is no configuration",
            "give a text",
        )
        return _with_problems(read_configuration("", "text", Environment()), (problem,))
    environment = Environment(known.version, known.modules, server_root="/", closed=False)
    return read_configuration(text, "text", environment)


def read_path(path: str, known: AssumedHttpd, layout: Layout) -> Configuration:
    """Read a main file or a configuration root, with its Includes. The host's own httpd is asked about its own."""
    path = os.path.abspath(path)
    if os.path.realpath(path) in map(os.path.realpath, (layout.config_root, layout.main_config)):
        return read_host(layout)
    if not os.path.isdir(path):
        return _read_from(path, _environment(path, known))
    for name in MAIN_FILES:
        if os.path.lexists(f"{path}/{name}"):
            root = replace(_environment(f"{path}/{name}", known), server_root=path)
            return _read_from(f"{path}/{name}", root)
    return _nothing(
        Place(path),
        f"{path} has no main file ({', '.join(MAIN_FILES)})",
        "name the main file itself",
    )


def read_host(layout: Layout) -> Configuration:
    """Read what the host's httpd reads, Gatehouse's release with it."""
    httpd = read_httpd(layout)
    if httpd is None:
        message = f"no httpd is installed here ({layout.binary} is missing)"
        return _nothing(Place(layout.config_root), message, "give a path or a text")
    return _read_from(layout.main_config, environment_of(httpd, layout, Disk()))


def _read_from(main: str, environment: Environment) -> Configuration:
    """Read a main file, and what it includes."""
    try:
        if environment.files.kind(main) == "absent":
            return _nothing(Place(main), f"{main} isn't there", "name a file or a directory")
        text = environment.files.text(main)
    except UnreadableFile as fault:
        return _with_problems(read_configuration("", main, Environment()), (gap(fault),))
    return read_configuration(text, main, environment)


def _environment(main: str, known: AssumedHttpd) -> Environment:
    """Return what a parse of a file meets that no httpd here is asked about."""
    directory = os.path.dirname(main)
    above = (os.path.dirname(directory), directory)
    root = next((one for one in above if any(map(os.path.lexists, _mains(one)))), directory)
    disk = Disk()
    declared = _SERVER_ROOT.search(_text_or_nothing(disk, main))
    if declared and os.path.isdir(declared[1]):
        root = declared[1]
    return Environment(
        version=known.version,
        modules=known.modules,
        variables=_exported(_text_or_nothing(disk, f"{root}/envvars")),
        files=disk,
        server_root=root,
    )


def _text_or_nothing(disk: Disk, path: str) -> str:
    """Return a file's text; that it can't be read is told where it is read for what it says."""
    try:
        return disk.text(path)
    except UnreadableFile:
        return ""


def _mains(directory: str) -> tuple[str, ...]:
    return tuple(f"{directory}/{name}" for name in MAIN_FILES)


def _exported(envvars: str) -> Mapping[str, str]:
    """Return the variables that a Debian envvars sets; it isn't run, since whose it is isn't known."""
    return {name: re.sub(r"\$\w+", "", value) for name, value in _EXPORT.findall(envvars)}


def _with_problems(configuration: Configuration, problems: tuple[Problem, ...]) -> Configuration:
    found = worst_first((*problems, *configuration.problems))
    return replace(configuration, problems=found)


def _nothing(place: Place, message: str, fix: str) -> Configuration:
    """Return a configuration that couldn't be read at all."""
    empty = read_configuration("", place.source, Environment())
    return _with_problems(empty, (_problem(place, message, fix),))


def _problem(place: Place, message: str, fix: str) -> Problem:
    return UNREADABLE_FILE.problem(place, message, fix)


def to_plain(configuration: Configuration, requests: Sequence[Request] = ()) -> dict[str, Any]:
    """Return what the module returns, a decision for each request.

    Bytes that are no UTF-8 become marks that every terminal can show. Where a file can't be read there are no variables
    and no modules, and every decision depends on it: it may listen, serve names and rewrite everything.
    """
    unread = configuration.unread
    found = {
        "problems": [problem_to_plain(problem) for problem in configuration.problems],
        "silenced": [problem_to_plain(problem) for problem in configuration.silenced],
        "unread": list(map(str, unread)),
        "modules": list(configuration.modules),
        "variables": {} if unread else to_vars(configuration.tree, configuration.server).variables,
        "decisions": [decision_to_plain(one) for one in decisions(configuration, requests)],
    }
    return dict(printable(found))


def decisions(configuration: Configuration, requests: Sequence[Request]) -> Iterator[Decision]:
    """Yield what becomes of each request; where a file can't be read, that depends on it."""
    resolver = Resolver(configuration.server)
    gaps = tuple(Reason(f"{one.message}; {one.fix}", one.place) for one in configuration.unread)
    for request in requests:
        if gaps:
            yield Decision("depends", cause="unreadable", reasons=gaps)
        else:
            yield resolver.resolve(request)


def printable(value: Any) -> Any:
    """Replace lone surrogates, at whatever depth."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if isinstance(value, dict):
        return {printable(key): printable(element) for key, element in value.items()}
    return [printable(element) for element in value] if isinstance(value, list) else value
