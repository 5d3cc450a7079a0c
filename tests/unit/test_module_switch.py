"""MPMs exclude one another: one takes another's place so that httpd would start after each change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.commit.removal import plan_removal
from module_utils._host.draft.distribution import module_changes
from module_utils._host.draft.module_switch import GUARD
from module_utils._host.machine.changes import Change, apply, undo
from module_utils._host.machine.lock import HostError
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.included_files import Texts
from module_utils._httpd.syntax.parse import parse_tree

PREFORK = ["mpm_prefork"]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A bare Debian host, which has mpm_event."""
    return Host(tmp_path)


def mpms(host: Host) -> list[str]:
    """Return the MPMs that httpd would load now, in order, by evaluating what is enabled."""
    files = {str(path): path.read_text() for path in (host.root / "mods-enabled").iterdir()}
    text = "".join(f"Include {path}\n" for path in sorted(files) if path.endswith(".load"))
    world = Environment(modules=frozenset(), files=Texts(files))
    modules = [
        node.args[0]
        for node in expand(parse_tree(text, "c")[0], world).tree
        if getattr(node, "name", "") == "LoadModule"
    ]
    return [name for name in modules if name.startswith("mpm_")]


def has_conf_of(host: Host, name: str) -> bool:
    """Tell whether an MPM's own settings are read, which another doesn't know."""
    return (host.root / "mods-enabled" / f"{name}.conf").exists()


def assert_starts(host: Host) -> None:
    """One MPM, and no settings of another."""
    (mpm,) = mpms(host)
    others = {"mpm_event", "mpm_prefork", "mpm_worker"} - {mpm.removesuffix("_module")}
    assert not [name for name in others if has_conf_of(host, name)]


def changes_to(host: Host, *modules: str) -> tuple[Change, ...]:
    """Return the changes that enable modules."""
    return module_changes(modules, layout=host.layout, built_in=HTTPD.built_in)


def test_httpd_would_start_after_each_change_and_each_one_undone(host: Host) -> None:
    changes = changes_to(host, *PREFORK)
    before = host.tree()
    assert_starts(host)
    for change in changes:
        apply((change,))
        assert_starts(host)
    assert mpms(host) == ["mpm_prefork_module"]
    assert has_conf_of(host, "mpm_prefork")
    for number in range(len(changes), 0, -1):
        undo(changes[number - 1 : number])
        assert_starts(host)
    assert host.tree() == before


def test_nothing_is_left_of_the_switch(host: Host) -> None:
    apply(changes_to(host, *PREFORK))
    assert not (host.root / "mods-enabled" / GUARD).exists()
    assert changes_to(host, *PREFORK) == ()


def test_there_is_a_way_back(host: Host) -> None:
    before = host.tree()
    apply(changes_to(host, *PREFORK))
    for change in changes_to(host, "mpm_event"):
        apply((change,))
        assert_starts(host)
    assert host.tree() == before


def test_two_that_exclude_each_other_are_refused(host: Host) -> None:
    with pytest.raises(HostError, match="`mpm_prefork` and `mpm_event` exclude each other"):
        changes_to(host, "mpm_prefork", "mpm_event")


def test_what_needs_the_loser_is_named(host: Host) -> None:
    host.write("mods-available/itk.load", "# Depends: mpm_event\nLoadModule itk_module itk.so\n")
    (host.root / "mods-enabled" / "itk.load").symlink_to("../mods-available/itk.load")
    with pytest.raises(HostError, match="the enabled module `itk` needs `mpm_event`"):
        changes_to(host, *PREFORK)


def test_removal_gives_the_former_mpm_back_in_an_order_that_starts(host: Host) -> None:
    before = host.tree()
    host.make(host.draft(parts_of(vhost(), apache_modules=PREFORK)))
    assert mpms(host) == ["mpm_prefork_module"]
    removal = plan_removal(host.store, host.layout, HTTPD)
    for change in removal.changes:
        apply((change,))
        assert_starts(host)
    assert host.tree() == before
    assert removal.action.verb == "restart"
