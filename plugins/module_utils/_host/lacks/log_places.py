"""Logs that httpd can't open: it dies of them at a reload, and the shadow, whose logs are its own, knows nothing of that."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Set
from dataclasses import dataclass

from ..._httpd.reading.server import PlacedDirective, Server
from ..._httpd.release.problem_kinds import LOG_UNOPENABLE
from ..._httpd.release.reachability import IsOurs
from ..._httpd.syntax.problem import Problem
from ..._httpd.vocabulary.layout import Layout
from ..draft.staged_copy import LOGS, is_piped
from ..store.line_variables import key_at
from .hidden_directories import is_hidden, told_absence
from .server_files import PROCESS_DIRECTORIES, ServerFiles

_KEYS = {"errorlog": "error_log", "customlog": "custom_log"}
_KERNELS = ("/proc/", "/sys/")
# Where a file that is there is mostly one that something reads.
_SYSTEMS = ("/bin/", "/boot/", "/etc/", "/lib", "/sbin/", "/usr/")
_PROGRAM = "name a file, or hand the lines to a program (`|/usr/bin/PROGRAM` in extra_directives)"


@dataclass(frozen=True)
class _Fault:
    """Why a log can't be opened, and what to write."""

    why: str
    fix: str


def log_problems(
    before: Server,
    server: Server,
    files: ServerFiles,
    *,
    made: Set[str],
    is_ours: IsOurs,
    layout: Layout,
) -> Iterator[Problem]:
    """Yield an error for each log of ours that httpd can't open, or that is no log by what the server was `before`.

    Directories that are to be `made` are there by then.
    """
    logs = [log for log in _logs(server) if is_ours(log.directive.place)]
    known = {os.path.join(layout.config_root, log.values[0]) for log in _logs(before)}
    for log in logs:
        if _is_file(log):
            fault = _fault(log, files, made, layout) or _fault_of_others(log, files, known, layout)
            if fault:
                message = f"{log.directive.name} {log.values[0]} can't be opened: {fault.why}"
                place = key_at(log.directive.place, _KEYS.get(log.name, ""))
                yield LOG_UNOPENABLE.problem(place, message, fault.fix)


def _logs(server: Server) -> Iterator[PlacedDirective]:
    """Yield what says where lines go."""
    for scope in server.scopes:
        for name in sorted(LOGS & scope.names):
            yield from (placed for placed in scope.named(name) if placed.values)


def _fault_of_others(
    log: PlacedDirective, files: ServerFiles, known: Set[str], layout: Layout
) -> _Fault | None:
    """Say that a file is there which is no log, as far as the live server tells: lines would be written into it."""
    path = os.path.join(layout.config_root, log.values[0])
    target = files.target(path)
    kind = files.kind(target)
    if kind == stat.S_IFBLK:
        return _Fault("that is a disk", _elsewhere(layout))
    if kind == stat.S_IFREG and target.startswith(_SYSTEMS) and path not in known:
        why = "that file is there already and is no log of this server, which would write its lines into it"
        return _Fault(why, f"{_elsewhere(layout)}; one that is a log may go first, or be moved")
    return None


def _fault(
    log: PlacedDirective, files: ServerFiles, made: Set[str], layout: Layout
) -> _Fault | None:
    """Say why a log can't be opened; None where it can."""
    path = os.path.join(layout.config_root, log.values[0])
    try:
        target = files.target(path)
    except OSError:
        return _Fault("its links go round in a circle", "mend the links, or name a file")
    if target.startswith(PROCESS_DIRECTORIES):
        return None
    if target.startswith(_KERNELS):
        return _Fault("that is the kernel's, and no log", _elsewhere(layout))
    if target in made or files.is_directory(target):
        return _Fault("that is a directory", f"name a file in it, such as {target}/{_sample(log)}")
    if path.endswith("/"):
        return _Fault(f"{log.values[0]} is the name of a directory", "name a file")
    found = (
        _fault_of_old(target, files, layout)
        if files.kind(target)
        else _fault_of_new(target, files, made, layout)
    )
    led = f"it leads to {target}, and " if target != os.path.normpath(path) else ""
    return _Fault(f"{led}{found.why}", found.fix) if found else None


def _fault_of_old(target: str, files: ServerFiles, layout: Layout) -> _Fault | None:
    """Say why what is there can't be opened; devices can."""
    kind = files.kind(target)
    if kind == stat.S_IFIFO:
        why = "that is a FIFO, and httpd hangs at its start until something reads from it"
        return _Fault(why, _PROGRAM)
    if kind == stat.S_IFSOCK:
        return _Fault("that is a socket", _PROGRAM)
    error = files.writing_error(target) if kind == stat.S_IFREG else ""
    return _Fault(f"that file can't be written to ({error})", _elsewhere(layout)) if error else None


def _fault_of_new(target: str, files: ServerFiles, made: Set[str], layout: Layout) -> _Fault | None:
    """Say why a log that isn't there can't be made."""
    directory = os.path.dirname(target)
    if directory in made:
        return None
    if not files.is_directory(directory):
        fix = "make it on the host first, or name a file in a directory that is there"
        return _Fault(
            told_absence(directory, layout.unit),
            _elsewhere(layout) if is_hidden(directory) else fix,
        )
    error = files.making_error(directory)
    why = f"no file can be made in {directory} ({error})"
    return _Fault(why, _elsewhere(layout)) if error else None


def _elsewhere(layout: Layout) -> str:
    return f"name a file in a directory that httpd can write to, such as {layout.log_directory}"


def _is_file(log: PlacedDirective) -> bool:
    """Tell whether a log is a file that httpd opens itself; a variable that isn't set is a rule's business."""
    target = log.values[0] if log.values else ""
    is_syslog = log.name == "errorlog" and (target == "syslog" or target.startswith("syslog:"))
    return bool(target) and not is_piped(log.directive) and not is_syslog and "${" not in target


def _sample(log: PlacedDirective) -> str:
    return "error.log" if log.name == "errorlog" else "access.log"
