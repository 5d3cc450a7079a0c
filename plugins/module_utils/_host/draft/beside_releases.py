"""What a release has beside itself on a host: files elsewhere, and directories that httpd's children write to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..._httpd.concerns.contract import Directory, HostText
from ..._httpd.release.manifest import Manifest
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.reserved_names import DIRECTORY_VARIABLES, HTTPD_UNIT, UNIT_DIRECTORY
from ..machine.changes import Change
from ..machine.files import ABSENT, State, read_state
from ..machine.lock import HostError


def host_text_changes(
    manifests: Iterable[Manifest],
    former: Iterable[Manifest],
    layout: Layout,
    *,
    ledger: Iterable[Change],
) -> tuple[Change, ...]:
    """Return the changes by which files elsewhere are what a release says; what only the `former` one has goes back to
    what was there before Gatehouse, unless somebody changed it since. Raises HostError where two parts contradict."""
    wanted = _texts(manifests, layout)
    before = {change.path: change.before for change in ledger}
    states = {path: _state(text) for path, text in wanted.items()}
    units = {path: text.unit for path, text in wanted.items()}
    for path, text in _texts(former, layout).items():
        if path not in wanted and read_state(path) == _state(text):
            states[path] = before.get(path, ABSENT)
            units[path] = text.unit
    present = {path: read_state(path) for path in states}
    return tuple(
        Change(path, present[path], state, units[path])
        for path, state in states.items()
        if present[path] != state
    )


def directory_changes(
    manifests: Iterable[Manifest], former: Iterable[Manifest], layout: Layout
) -> tuple[Change, ...]:
    """Return the changes by which directories are there. A cache that nobody uses goes; logs and state are somebody's."""
    wanted = _directories(manifests)
    owner = f"{layout.run_user}:{layout.run_group}"
    states = {
        path_of(one, layout): State("directory", owner, 0o750 if one.purpose != "log" else 0o755)
        for one in wanted
    }
    for one in _directories(former):
        if one not in wanted and one.purpose == "cache":
            states[path_of(one, layout)] = ABSENT
    present = {path: read_state(path) for path in states}
    return tuple(
        Change(path, present[path], state)
        for path, state in states.items()
        if present[path] != state
    )


def path_of(directory: Directory, layout: Layout) -> str:
    """Return where a directory lies, by its purpose."""
    above = {
        "cache": layout.cache_directory,
        "log": layout.log_directory,
        "state": layout.state_directory,
    }
    return f"{above[directory.purpose]}/{directory.name}"


def directory_definitions(manifests: Iterable[Manifest], layout: Layout) -> dict[str, str]:
    """Return the variables by which a release names its directories; none where it has none."""
    purposes = dict.fromkeys(one.purpose for one in _directories(manifests))
    return {
        DIRECTORY_VARIABLES[one]: path_of(Directory(one, ""), layout).rstrip("/")
        for one in purposes
    }


def directories_of(manifests: Iterable[Manifest], layout: Layout) -> tuple[str, ...]:
    """Return the paths of the directories of a release."""
    return tuple(path_of(one, layout) for one in _directories(manifests))


def _directories(manifests: Iterable[Manifest]) -> tuple[Directory, ...]:
    return tuple(dict.fromkeys(one for manifest in manifests for one in manifest.directories))


def _texts(manifests: Iterable[Manifest], layout: Layout) -> dict[str, HostText]:
    """Return the files by path, as this distribution has them."""
    found: dict[str, HostText] = {}
    for manifest in manifests:
        for text in (_here(text, layout) for text in manifest.host_texts):
            if found.setdefault(text.path, text) != text:
                message = f"{text.path} is written by two owners, in different words"
                raise HostError(f"{message}; have one of them write it, or both the same")
    return found


def _here(text: HostText, layout: Layout) -> HostText:
    """Put the distribution's own unit and directory of units in."""
    path, unit = (
        said.replace(UNIT_DIRECTORY, layout.unit_directory).replace(HTTPD_UNIT, layout.unit)
        for said in (text.path, text.unit)
    )
    return replace(text, path=path, unit=unit)


def _state(text: HostText) -> State:
    return State("file", text.text, text.mode)
