"""What a commit and a removal say of the host: its default site, its own sites, what the server is told and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.commit import attempt
from module_utils._host.commit.guard import names_of_own_sites
from module_utils._host.commit.removal import plan_removal
from module_utils._host.draft import distribution
from module_utils._host.draft.distribution import told_default_site
from module_utils._host.draft.restart import Action
from module_utils._host.store.release import Release
from module_utils._host.swap.live import Step

SITE = "<VirtualHost *:80>\n{}</VirtualHost>\n"
DISABLED = "Debian's default site (000-default) disabled"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host whose default site is as its package brought it."""
    monkeypatch.setattr(distribution, "_is_as_packaged", lambda _layout: True)
    return Host(tmp_path)


def test_a_first_commit_says_that_it_disables_the_default_site(host: Host) -> None:
    draft = host.draft(parts_of(vhost()))
    nothing = Release("", "", ())
    said = attempt._what_changes(draft, nothing, {}, host.layout)
    assert said == f"+ shop.example.com; {DISABLED}"
    host.make(draft)
    again = host.draft(parts_of(vhost()))
    assert attempt._what_changes(again, draft.release, draft.release.texts, host.layout) == ""


def test_a_removal_says_that_the_default_site_is_back(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    changes = plan_removal(host.store, host.layout, HTTPD).changes
    assert told_default_site(changes, host.layout) == (
        "Debian's default site (000-default) enabled again"
    )


def test_where_the_default_site_stays_nothing_is_said_of_it(host: Host) -> None:
    host.write("sites-enabled/old.conf", SITE.format("ServerName old.example.com\n"))
    draft = host.draft(parts_of(vhost()))
    assert told_default_site(draft.changes, host.layout) == ""
    host.make(draft)
    assert (
        told_default_site(plan_removal(host.store, host.layout, HTTPD).changes, host.layout) == ""
    )


def test_sites_that_stop_with_the_server_are_named(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    host.write("sites-enabled/old.conf", SITE.format("ServerName old.example.com\n"))
    host.write("sites-enabled/x.conf", SITE.format(""))
    draft = host.draft(parts_of(vhost()))
    names = names_of_own_sites(draft, host.plan(draft), host.layout)
    place = f"{host.root}/sites-enabled/x.conf:1"
    assert names == ["old.example.com", place]
    assert attempt._goes_too(names) == [
        f"the host's own sites stop with the server: old.example.com, {place}"
    ]
    assert attempt._goes_too([]) == []


@pytest.mark.parametrize(
    ("serve", "is_active", "is_dry_run", "told"),
    [
        pytest.param(
            False, True, False, ("stop", "apache_service_state is stopped"), id="it is stopped"
        ),
        pytest.param(
            False, False, False, ("files", "apache_service_state is stopped"), id="it stays so"
        ),
        pytest.param(True, False, False, ("start", "it wasn't running"), id="it is started"),
        pytest.param(True, False, True, ("start", "it isn't running"), id="it would be started"),
        pytest.param(True, True, False, ("reload", "why"), id="it is reloaded"),
    ],
)
def test_what_the_server_is_told(
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
    serve: bool,
    is_active: bool,
    is_dry_run: bool,
    told: tuple[str, str],
) -> None:
    monkeypatch.setattr(attempt.systemd, "is_active", lambda _unit: is_active)
    step = Step("a", (), Action("reload", "why"), "", serve=serve)
    assert attempt._told(step, host.layout, is_dry_run=is_dry_run) == told
