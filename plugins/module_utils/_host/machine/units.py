"""What systemd must be told of changes: of units that came, changed or went, and of services that read changed files."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..._httpd.vocabulary.layout import Layout
from . import systemd
from .changes import Change
from .files import ABSENT, read_state


def read_units(changes: Iterable[Change], layout: Layout) -> None:
    """Have systemd see units that came, changed or went; those that went are stopped.

    While it knows them still: a timer that is read again without its file has failed, and stays so.
    """
    paths = [change.path for change in changes if _is_unit(change.path, layout)]
    for path in paths:
        unit = os.path.basename(path)
        if os.path.dirname(path) == layout.unit_directory and read_state(path) == ABSENT:
            systemd.act("stop", unit)
            systemd.forget_failure(unit)
    if paths:
        systemd.reload_units()


def restart_units(changes: Iterable[Change], layout: Layout) -> tuple[str, ...]:
    """Restart the units that changes name, but httpd's own, which the commit serves; return what went wrong."""
    named = dict.fromkeys(change.unit for change in changes if change.unit)
    present = (unit for unit in named if unit != layout.unit and _is_there(unit, layout))
    complaints = ((unit, systemd.act("restart", unit)) for unit in present)
    return tuple(f"{unit} couldn't be restarted: {said}" for unit, said in complaints if said)


def needs_restart(changes: Iterable[Change], layout: Layout) -> str:
    """Return the path of a change for which httpd itself must be restarted; nothing where there is none."""
    return next((change.path for change in changes if change.unit == layout.unit), "")


def _is_unit(path: str, layout: Layout) -> bool:
    return path.startswith(f"{layout.unit_directory}/")


def _is_there(unit: str, layout: Layout) -> bool:
    """Tell whether systemd has a unit, ours or somebody else's."""
    path = f"{layout.unit_directory}/{unit}"
    return os.path.exists(path) or systemd.show(unit, "LoadState")["LoadState"] == "loaded"
