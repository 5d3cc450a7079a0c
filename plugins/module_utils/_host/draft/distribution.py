"""Changes of the distribution's own files, in an order in which the server would start after each of them.

A module's .load comes after those that it depends on, its .conf after its .load; anything may reload Apache between two
changes (logrotate does).
"""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import os
import subprocess
from collections.abc import Iterable

from ..._httpd.reading.server import Scope
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.nearest import nearest_module
from ..machine.changes import Change
from ..machine.files import ABSENT, State, link_to, read_state, write_state
from ..machine.lock import HostError
from .module_switch import dependencies, is_enabled, losers, switch

# What other packages than an application's bring.
_PACKAGED_CONF = frozenset({"javascript-common.conf", "serve-cgi-bin.conf"})
_GIVES_PATHS = (
    "alias", "aliasmatch", "proxypass", "proxypassmatch", "redirect", "redirectmatch", "rewriterule", "scriptalias",
    "scriptaliasmatch", "wsgiscriptalias",
)  # fmt: skip


def module_changes(
    modules: Iterable[str], *, bare: Iterable[str] = (), layout: Layout, built_in: frozenset[str]
) -> tuple[Change, ...]:
    """Return the changes that enable modules and what they depend on; nothing for those that are enabled.

    `bare` ones come without their .conf. A module that excludes an enabled one takes its place. Raises HostError for one
    that the host doesn't have, and where what would go is needed.
    """
    ordered: dict[str, None] = {}
    missing: dict[str, None] = {}
    for module in (*modules, *bare):
        _add(module, ordered, missing, layout, built_in)
    if missing:
        raise HostError(_not_installed(missing, layout))
    switched = losers(ordered, layout)
    changes: list[Change] = []
    for module in ordered:
        links = _missing_links(
            module, layout, suffixes=("load",) if module in bare else ("load", "conf")
        )
        if module in switched:
            changes += switch(module, switched[module], links, layout)
        else:
            changes += (
                Change(path, read_state(path), link_to(target))
                for path, target in (
                    (f"{layout.modules_enabled}/{name}", target) for name, target in links.items()
                )
            )
    return tuple(changes)


def _missing_links(module: str, layout: Layout, *, suffixes: tuple[str, ...]) -> dict[str, str]:
    """Return the links that would enable a module and aren't there, or lead nowhere, with their targets."""
    links = {}
    for name in (f"{module}.{suffix}" for suffix in suffixes):
        available, enabled = (
            f"{layout.modules_available}/{name}",
            f"{layout.modules_enabled}/{name}",
        )
        if os.path.exists(available) and not os.path.exists(enabled):
            links[name] = os.path.relpath(available, layout.modules_enabled)
    return links


def enable_again(modules: Iterable[str], layout: Layout) -> list[str]:
    """Enable modules that a release needs and somebody has disabled since it was proved, and say so. Raises OSError."""
    said = []
    for module in modules:
        if not is_enabled(module, layout):
            links = _missing_links(module, layout, suffixes=("conf", "load"))
            for name, target in links.items():
                write_state(f"{layout.modules_enabled}/{name}", link_to(target))
            said += [f"the module {module} was disabled, and is enabled again"] if links else []
    return said


def with_dependencies(modules: Iterable[str], *, layout: Layout) -> frozenset[str]:
    """Return the modules, and those of the host's that they depend on."""
    found: set[str] = set()
    pending = list(modules)
    while pending:
        module = pending.pop()
        if module not in found:
            found.add(module)
            with contextlib.suppress(FileNotFoundError):
                pending += dependencies(module, layout)
    return frozenset(found)


def entry_changes(layout: Layout) -> tuple[Change, ...]:
    """Return the changes by which Apache follows `current`; only after `current` exists."""
    wanted = {
        layout.entry: State("file", layout.entry_text, 0o644),
        layout.entry_link: link_to(layout.entry_target),
    }
    present = {path: read_state(path) for path in wanted}
    return tuple(
        Change(path, present[path], wanted[path])
        for path in wanted
        if present[path] != wanted[path]
    )


def default_site_changes(layout: Layout, main: Scope) -> tuple[Change, ...]:
    """Return the change that takes the distribution's untouched default site off a host without sites of its own.

    It stays where it serves somebody's files, or what the `main` server says for every virtual host (an application's
    `conf-enabled`).
    """
    link = read_state(layout.default_site_link)
    others = set(os.listdir(layout.sites_enabled)) - {
        os.path.basename(layout.default_site_link),
        os.path.basename(layout.entry_link),
    }
    if link.kind != "link" or others or not _is_as_packaged(layout):
        return ()
    if _has_files(layout) or _has_applications(layout, main):
        return ()
    return (Change(layout.default_site_link, link, ABSENT),)


def told_default_site(changes: Iterable[Change], layout: Layout) -> str:
    """Say what becomes of the distribution's default site; nothing where it stays as it is."""
    name = os.path.basename(layout.default_site_link).partition(".")[0]
    return "; ".join(
        f"Debian's default site ({name}) {'disabled' if change.after == ABSENT else 'enabled again'}"
        for change in changes
        if change.path == layout.default_site_link
    )


def _add(
    module: str,
    ordered: dict[str, None],
    missing: dict[str, None],
    layout: Layout,
    built_in: frozenset[str],
) -> None:
    """Add a module after its dependencies, or to those that the host doesn't have."""
    if module in ordered or f"{module}_module" in built_in:
        return
    try:
        needed = dependencies(module, layout)
    except FileNotFoundError:
        missing[module] = None
        return
    for name in needed:
        _add(name, ordered, missing, layout, built_in)
    ordered[module] = None


def _not_installed(modules: Iterable[str], layout: Layout) -> str:
    """Say which modules the host doesn't have, and what brings them, or which were meant."""
    names = [f"`{module}`" for module in modules]
    paths = [f"{layout.modules_available}/{module}.load" for module in modules]
    one = len(names) == 1
    what = f"module {names[0]} isn't" if one else f"modules {' and '.join(names)} aren't"
    packages = "its package" if one else "their packages"
    return (
        f"the {what} installed ({' and '.join(paths)} {'is' if one else 'are'} missing); {_meant(modules, layout)}"
        f"install {packages} (`apt-cache search libapache2-mod`), or take {'it' if one else 'them'} out of the variables"
    )


def _meant(modules: Iterable[str], layout: Layout) -> str:
    """Say which of the host's modules misspelt ones were meant to be; nothing where they are like none."""
    there = [
        name.removesuffix(".load")
        for name in os.listdir(layout.modules_available)
        if name.endswith(".load")
    ]
    nearest = [near for near in (nearest_module(module, there) for module in modules) if near]
    return f"write {' and '.join(f'`{near}`' for near in nearest)}, " if nearest else ""


def _has_files(layout: Layout) -> bool:
    """Tell whether the default site serves more than its package's page."""
    own = os.path.basename(layout.default_site_page)
    try:
        names = set(os.listdir(layout.default_site_root))
        if names <= {own}:
            path = f"{layout.default_site_root}/{own}"
            return own in names and not filecmp.cmp(path, layout.default_site_page, shallow=False)
    except OSError:
        return False
    return True


def _has_applications(layout: Layout, main: Scope) -> bool:
    """Tell whether somebody's configuration gives every virtual host paths."""
    return any(
        placed.directive.place.source.startswith(f"{layout.config_root}/conf-")
        and os.path.basename(placed.directive.place.source) not in _PACKAGED_CONF
        for name in _GIVES_PATHS
        for placed in main.named(name)
    )


def _is_as_packaged(layout: Layout) -> bool:
    """Tell whether the default site is as its package brought it: an edited one is somebody's site."""
    command = ["dpkg-query", "--show", "--showformat=${Conffiles}\n", layout.default_site_package]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        with open(layout.default_site, "rb") as stream:
            digest = hashlib.md5(stream.read(), usedforsecurity=False).hexdigest()
    except OSError:
        return False
    return f"{layout.default_site} {digest}" in answer.stdout
