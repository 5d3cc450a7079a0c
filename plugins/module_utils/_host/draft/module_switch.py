"""A module that takes another's place: Debian's `# Conflicts:`, which its MPMs have of one another.

httpd starts with exactly one MPM, and anything may start it between two changes. A file that comes last in the directory
loads the winner as long as neither is loaded by its own: so the loser can go before the winner's own files come. Tried
with 2.4.71; removing the loser's .load before its .conf doesn't start.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from ..._httpd.vocabulary.layout import Layout
from ..machine.changes import Change
from ..machine.files import ABSENT, State, link_to, read_state
from ..machine.lock import HostError

GUARD = "zz-gatehouse-switch.load"
_NAMED = {
    name: re.compile(rf"^#\s*{name}:(.*)$", re.MULTILINE) for name in ("Depends", "Conflicts")
}
_LOADED = re.compile(r"^\s*LoadModule\s+(\S+)\s+\S+", re.IGNORECASE | re.MULTILINE)


def dependencies(module: str, layout: Layout) -> list[str]:
    """Return the modules that a module's .load names in its comments. Raises FileNotFoundError."""
    return _names(module, "Depends", layout)


def losers(wanted: Iterable[str], layout: Layout) -> dict[str, tuple[str, ...]]:
    """Return the enabled modules that must go, by the wanted one that takes their place.

    Raises HostError where two that are wanted exclude each other, or where an enabled one needs one that would go.
    """
    names = tuple(wanted)
    found: dict[str, tuple[str, ...]] = {}
    for module in names:
        against = _names(module, "Conflicts", layout)
        both = [name for name in against if name in names]
        if both:
            raise HostError(f"the modules `{module}` and `{both[0]}` exclude each other; keep one")
        gone = tuple(name for name in against if is_enabled(name, layout))
        for name in gone:
            _refuse_if_needed(name, module, layout)
        if gone:
            found[module] = gone
    return found


def switch(
    winner: str, gone: Iterable[str], links: Mapping[str, str], layout: Layout
) -> tuple[Change, ...]:
    """Return the changes that put `winner` in the place of others; `links` are its own by file name, with their targets.

    httpd would start after each of them, and after each of them undone.
    """
    guard = f"{layout.modules_enabled}/{GUARD}"
    held = State("file", _guard_text(winner, tuple(gone), layout), 0o644)
    off = (
        Change(path, read_state(path), ABSENT)
        for name in gone
        for path in (f"{layout.modules_enabled}/{name}.{suffix}" for suffix in ("conf", "load"))
        if read_state(path) != ABSENT
    )
    on = (
        Change(f"{layout.modules_enabled}/{name}", ABSENT, link_to(target))
        for name, target in links.items()
    )
    return (Change(guard, ABSENT, held), *off, *on, Change(guard, held, ABSENT))


def ordered_restoration(changes: tuple[Change, ...], layout: Layout) -> tuple[Change, ...]:
    """Return changes that restore modules, those by which one takes another's place in the order of a switch."""
    by_path = {change.path: change for change in changes}
    restored = [_module(change, layout) for change in changes if change.after.kind == "link"]
    removed = [_module(change, layout) for change in changes if change.after == ABSENT]
    switched: list[Change] = []
    for winner in dict.fromkeys(name for name in restored if name):
        gone = [
            name for name in dict.fromkeys(removed) if name in _names(winner, "Conflicts", layout)
        ]
        if gone:
            paths = [f"{layout.modules_enabled}/{winner}.{suffix}" for suffix in ("load", "conf")]
            links = {
                os.path.basename(path): by_path[path].after.content
                for path in paths
                if path in by_path
            }
            switched += switch(winner, gone, links, layout)
    done = {change.path for change in switched}
    return (*switched, *(change for change in changes if change.path not in done))


def is_enabled(module: str, layout: Layout) -> bool:
    """Tell whether a module is loaded the distribution's way."""
    return read_state(f"{layout.modules_enabled}/{module}.load") != ABSENT


def _refuse_if_needed(loser: str, winner: str, layout: Layout) -> None:
    """Raise HostError where an enabled module depends on one that would go."""
    for user in _enabled(layout):
        if loser in _names(user, "Depends", layout):
            message = f"`{winner}` can't take the place of `{loser}`: the enabled module `{user}` needs `{loser}`"
            raise HostError(f"{message}; disable `{user}` (a2dismod {user}), or keep `{loser}`")


def _enabled(layout: Layout) -> Iterator[str]:
    for name in sorted(os.listdir(layout.modules_enabled)):
        if name.endswith(".load"):
            yield name.removesuffix(".load")


def is_named_alike(module: str, layout: Layout) -> bool:
    """Tell whether a module's file is called as its .load is: one of PHP isn't."""
    try:
        return f"/mod_{module}.so" in _load_text(module, layout)
    except OSError:
        return False


def _names(module: str, header: str, layout: Layout) -> list[str]:
    """Return the modules that a header of a module's .load names. Raises FileNotFoundError."""
    text = _load_text(module, layout)
    return [name for names in _NAMED[header].findall(text) for name in names.split()]


def _load_text(module: str, layout: Layout) -> str:
    with open(f"{layout.modules_available}/{module}.load", encoding="utf-8") as stream:
        return stream.read()


def _guard_text(winner: str, gone: tuple[str, ...], layout: Layout) -> str:
    """Write what loads the winner where neither it nor a loser is loaded."""
    texts = {name: _load_text(name, layout) for name in (winner, *gone)}
    identifiers = [found[1] for text in texts.values() for found in [_LOADED.search(text)] if found]
    load = _LOADED.search(texts[winner])
    lines = [f"<IfModule !{identifier}>" for identifier in identifiers]
    ends = ["</IfModule>" for _line in lines]
    loading = load[0].strip() if load else ""
    return "\n".join(
        [
            "# Gatehouse switches modules; this file is here for a moment.",
            *lines,
            loading,
            *ends,
            "",
        ]
    )


def _module(change: Change, layout: Layout) -> str:
    """Return the module whose .load a change is about; nothing for another change."""
    directory, name = os.path.split(change.path)
    is_load = directory == layout.modules_enabled and name.endswith(".load")
    return name.removesuffix(".load") if is_load else ""
