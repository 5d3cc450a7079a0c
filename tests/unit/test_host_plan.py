"""What a commit would change on a host, in an order in which the server would start after each change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, paths, vhost
from module_utils._host.commit import outcome
from module_utils._host.commit.removal import plan_removal
from module_utils._host.configuration.host_reader import HostReader
from module_utils._host.draft import distribution, plan
from module_utils._host.draft.draft_problems import woken_blocks
from module_utils._host.draft.plan import all_problems
from module_utils._host.machine.changes import Change, apply, undo
from module_utils._host.machine.files import read_state, write_state
from module_utils._host.machine.lock import HostError
from module_utils._httpd.release.checked import check_variables


@pytest.fixture(params=["debian12", "debian13"])
def host(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A bare host of each release; whether its default site was edited is for dpkg to say, which isn't asked here."""
    monkeypatch.setattr(distribution, "_is_as_packaged", lambda _: True)
    return Host(tmp_path, request.param)


BALANCER = {"apache_balancers": [{"name": "app", "members": [{"url": "http://10.0.0.1:8080"}]}]}
BALANCED = {"server_name": "app.example.com", "proxy_pass": [{"path": "/", "url": "balancer://app/"}]}  # fmt: skip


def states(changes: tuple[Change, ...]) -> Iterator[None]:
    """Make the changes one by one, and stop after each."""
    yield
    for change in changes:
        write_state(change.path, change.after)
        yield


def assert_would_start(host: Host) -> None:
    """Every strict Include finds its file, and every loaded module's own modules are loaded."""
    entry = read_state(host.layout.entry_link)
    if entry.kind != "absent":
        assert (host.root / "gatehouse/current/gatehouse.conf").is_file()
    own = host.reader().without_release()
    assert [str(problem) for problem in own.problems if "finds no file" in problem.message] == []
    loaded = own.environment.modules or frozenset()
    for load in (host.root / "mods-enabled").glob("*.load"):
        for name in re.findall(r"# Depends:(.*)", load.read_text()):
            assert {f"{module}_module" for module in name.split()} <= loaded
    for conf in (host.root / "mods-enabled").glob("*.conf"):
        assert conf.with_suffix(".load").exists(), f"{conf.name} without its module"


def test_a_first_commit_enables_modules_then_the_release_then_its_entry(host: Host) -> None:
    changes = paths(host.draft(parts_of(vhost())).changes, host.root)
    assert changes == [
        "gatehouse/ledger",
        "mods-enabled/rewrite.load",
        "mods-enabled/proxy.load",
        "mods-enabled/proxy.conf",
        "mods-enabled/headers.load",
        "mods-enabled/proxy_http.load",
        "gatehouse/current",
        "sites-available/zz-gatehouse.conf",
        "sites-enabled/zz-gatehouse.conf",
        "sites-enabled/000-default.conf",
    ]


def test_a_server_would_start_after_each_change_of_a_commit(host: Host) -> None:
    draft = host.draft(parts_of(vhost(), BALANCED, apache_modules=["ssl"], **BALANCER))
    host.store.write(draft.release)
    for _state in states(draft.changes):
        assert_would_start(host)


def test_a_commit_taken_back_leaves_every_file_as_it_was(host: Host) -> None:
    before = host.tree()
    draft = host.draft(parts_of(vhost(), BALANCED, **BALANCER))
    host.store.write(draft.release)
    apply(draft.changes)
    assert host.tree() != before
    undo(draft.changes)
    assert host.tree() == before


def test_a_second_draft_of_the_same_changes_nothing(host: Host) -> None:
    first = host.draft(parts_of(vhost()))
    host.make(first)
    second = host.draft(parts_of(vhost()))
    assert (second.changes, second.release) == ((), first.release)


def test_a_module_that_somebody_disabled_is_enabled_again(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    (host.root / "mods-enabled/headers.load").unlink()
    assert paths(host.draft(parts_of(vhost())).changes, host.root)[1:] == [
        "mods-enabled/headers.load"
    ]


def test_the_default_site_stays_beside_sites_written_by_hand(host: Host) -> None:
    host.write("sites-enabled/own.conf", "<VirtualHost *:80>\nServerName own\n</VirtualHost>\n")
    changes = paths(host.draft(parts_of(vhost())).changes, host.root)
    assert "sites-enabled/000-default.conf" not in changes


def test_an_edited_default_site_stays(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "_is_as_packaged", lambda _: False)
    changes = paths(host.draft(parts_of(vhost())).changes, host.root)
    assert "sites-enabled/000-default.conf" not in changes


@pytest.mark.parametrize(
    ("files", "stays"),
    [
        pytest.param({"html/index.html": "packaged"}, False, id="as packaged"),
        pytest.param({}, False, id="empty"),
        pytest.param({"html/index.html": "mine"}, True, id="another page"),
        pytest.param({"html/index.html": "packaged", "html/app/index.php": ""}, True, id="an application"),
        pytest.param({"conf-enabled/wiki.conf": "Alias /wiki /usr/share/wiki\n"}, True, id="one by an Alias"),
        pytest.param({"conf-enabled/x.conf": "ServerTokens Prod\n"}, False, id="a setting"),
        pytest.param({"conf-enabled/serve-cgi-bin.conf": "ScriptAlias /cgi-bin/ /usr/lib/cgi-bin/\n"}, False, id="packaged"),
    ],
)  # fmt: skip
def test_the_default_site_stays_where_it_serves_somebodys(
    host: Host, files: dict[str, str], *, stays: bool
) -> None:
    host.write("index.html", "packaged")
    (host.root / "html/app").mkdir(parents=True)
    for path, text in files.items():
        host.write(path, text)
    if "html/app/index.php" not in files:
        (host.root / "html/app").rmdir()
    root, page = str(host.root / "html"), str(host.root / "index.html")
    layout = replace(host.layout, default_site_root=root, default_site_page=page)
    reader = HostReader(layout, HTTPD, host.store)
    changes = distribution.default_site_changes(layout, reader.as_it_is.server.main)
    assert (changes == ()) is stays


def test_a_module_that_is_not_installed_is_named_with_its_file(host: Host) -> None:
    with pytest.raises(HostError, match=r"`nonesuch` isn't installed \(.*nonesuch.load is missing"):
        host.draft(parts_of(vhost(), apache_modules=["nonesuch"]))


def test_a_misspelt_module_is_named_with_the_nearest_that_the_host_has(host: Host) -> None:
    with pytest.raises(
        HostError, match=r"proxy_htttp.load is missing\); write `proxy_http`, install"
    ):
        host.draft(parts_of(vhost(), apache_modules=["proxy_htttp"]))


def test_every_module_that_is_not_installed_is_named_at_once(host: Host) -> None:
    named = r"the modules `nonesuch` and `neither` aren't installed \(.*nonesuch.load and .*neither.load are"
    with pytest.raises(HostError, match=named):
        host.draft(parts_of(vhost(), apache_modules=["nonesuch", "headers", "neither"]))


def test_a_listener_of_the_distribution_is_not_doubled(host: Host) -> None:
    tls = {
        "listen": [443],
        "default": True,
        "extra_directives": "SSLEngine on\nSSLCertificateFile /etc/ssl/x.pem",
    }
    frame = host.draft(parts_of(vhost(), vhost("tls.example.com", **tls))).release.frame
    assert "Listen 80\n" not in frame
    opened = "<IfModule !mod_gnutls.c>\n  <IfModule !ssl_module>\n    Listen 443\n"
    assert opened in frame


def test_a_name_that_a_hand_written_site_serves_already_is_a_problem(host: Host) -> None:
    text = "<VirtualHost *:80>\nServerName shop.example.com\n</VirtualHost>\n"
    host.write("sites-enabled/own.conf", text)
    problems = host.plan(host.draft(parts_of(vhost()))).problems
    assert [problem.severity for problem in problems] == ["error"]
    assert "own.conf:1" in str(problems[0])


def test_a_problem_that_the_live_release_has_is_not_told_again(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    text = "<VirtualHost *:80>\nServerName shop.example.com\n</VirtualHost>\n"
    host.write("sites-enabled/own.conf", text)
    assert host.plan(host.draft(parts_of(vhost(), vhost("b.example.com")))).problems == ()


def test_a_live_problem_that_names_a_line_of_its_release_is_not_told_again(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    text = "<VirtualHost *:80>\nServerName shop.example.com\n</VirtualHost>\n"
    host.write("sites-enabled/zzz-own.conf", text)
    live = [one for one in all_problems(host.reader().live) if one.severity == "error"]
    assert ["gatehouse/releases/" in problem.message for problem in live] == [True]
    draft = host.draft(parts_of(vhost("a.example.com"), vhost()))
    assert host.plan(draft).problems == ()


def test_a_removal_leaves_every_file_as_it_was_found(host: Host) -> None:
    before = host.tree()
    host.make(host.draft(parts_of(vhost())))
    host.make(host.draft(parts_of(vhost(), BALANCED, **BALANCER)))
    apply(plan_removal(host.store, host.layout, HTTPD).changes)
    assert host.tree() == before


def test_a_server_would_start_after_each_change_of_a_removal(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    host.make(host.draft(parts_of(vhost(), BALANCED, **BALANCER)))
    for _state in states(plan_removal(host.store, host.layout, HTTPD).changes):
        assert_would_start(host)
        if read_state(host.layout.entry_link).kind != "absent":
            assert (host.root / "mods-enabled/proxy_balancer.load").exists()


def test_a_removal_leaves_what_somebody_changed_since(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    host.write("sites-available/zz-gatehouse.conf", "# mine now\n")
    changes = paths(plan_removal(host.store, host.layout, HTTPD).changes, host.root)
    assert "sites-available/zz-gatehouse.conf" not in changes


def test_a_removal_keeps_modules_that_a_hand_written_site_uses_by_now(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    text = "<VirtualHost *:80>\nServerName own\nProxyPass / http://10.0.0.1/\n</VirtualHost>\n"
    host.write("sites-enabled/own.conf", text)
    removal = plan_removal(host.store, host.layout, HTTPD)
    assert sorted(removal.kept) == ["proxy", "proxy_http"]
    assert "mods-enabled/headers.load" in paths(removal.changes, host.root)
    assert "mods-enabled/proxy.load" not in paths(removal.changes, host.root)


def test_a_removal_keeps_no_module_for_its_own_conf(host: Host) -> None:
    before = host.tree()
    host.make(host.draft(parts_of({**vhost(), "extra_directives": "SSLProxyEngine on\n"})))
    assert (host.root / "mods-enabled/ssl.conf").exists()
    removal = plan_removal(host.store, host.layout, HTTPD)
    apply(removal.changes)
    assert removal.kept == ()
    assert host.tree() == before


def test_planned_links_have_the_texts_that_they_point_to(host: Host) -> None:
    draft = host.draft(parts_of(vhost()))
    planned = host.reader().without_release(draft.changes)
    host.store.write(draft.release)
    apply(draft.changes)
    done = host.reader().without_release()
    assert (planned.tree, planned.branches) == (done.tree, done.branches)
    assert "proxy_http_module" in (planned.environment.modules or ())


@pytest.mark.parametrize(
    ("before", "after", "verb", "reason"),
    [
        pytest.param([80], [80, 8080], "reload", "a reload carries", id="another port"),
        pytest.param(["127.0.0.1:81"], [81], "restart", "both can't be open at once", id="widened"),
        pytest.param([81], ["127.0.0.1:81"], "restart", "both can't be open at once", id="narrowed"),
        pytest.param([81], [82], "reload", "a reload carries", id="moved"),
    ],
)  # fmt: skip
def test_reload_or_restart_follows_from_the_listeners(
    host: Host, before: list[object], after: list[object], verb: str, reason: str
) -> None:
    host.make(host.draft(parts_of(vhost(listen=before))))
    action = host.plan(host.draft(parts_of(vhost(listen=after)))).action
    assert (action.verb, reason in action.reason) == (verb, True)


def test_another_mpm_is_a_restart(host: Host) -> None:
    host.make(host.draft(parts_of(vhost())))
    draft = host.draft(parts_of(vhost(), apache_modules=["mpm_prefork"]))
    plan = host.plan(draft)
    assert (plan.action.verb, "MPM" in plan.action.reason) == ("restart", True)
    assert {one for one in plan.modules if one.startswith("mpm_")} == {"mpm_prefork_module"}


def test_a_diff_has_the_links_of_modules(host: Host) -> None:
    changes = host.draft(parts_of(vhost())).changes
    shown = {Path(one["after_header"]).name: one for one in outcome.diff_of_links(changes)}
    assert shown["proxy.load"]["before"] == ""
    assert shown["proxy.load"]["after"] == "-> ../mods-available/proxy.load\n"
    assert "zz-gatehouse.conf" in shown
    assert not [path for path in shown if path.endswith("ledger")]


def test_a_diff_masks_secrets() -> None:
    before = {"a.conf": 'ProxyPass / ajp://10.0.0.1:8009/ timeout=3 "secret=old#1"\n'}
    after = {"a.conf": "ProxyPass / ajp://10.0.0.1:8009/ timeout=3 secret=new\n"}
    (change,) = outcome.diff(before, after)
    shown = f"{change['before']}{change['after']}"
    assert shown.count("********") == 2
    assert not re.search("old|new", shown)


HAND = """<VirtualHost *:80>
ServerName hand.example.org
<IfModule mod_proxy.c>
ProxyPass /app !
</IfModule>
<IfModule mod_alias.c>
Alias /x /y
</IfModule>
</VirtualHost>
"""


def test_a_block_that_new_modules_wake_is_told(tmp_path: Path) -> None:
    host = Host(tmp_path)
    host.write("sites-enabled/hand.conf", HAND)
    (told,) = woken_blocks(host.draft(parts_of(vhost())))
    assert told.startswith(f"{host.root}/sites-enabled/hand.conf:4: httpd passed over")
    host.make(host.draft(parts_of(vhost())))
    assert woken_blocks(host.draft(parts_of(vhost(proxy_timeout=7)))) == []


def test_a_listener_that_the_release_has_itself_is_no_news(tmp_path: Path) -> None:
    served = parts_of(vhost(ssl="self_signed"))
    assert woken_blocks(Host(tmp_path).draft(served)) == []


def test_a_listener_that_the_release_has_not_is_told(tmp_path: Path) -> None:
    host = Host(tmp_path)
    (told,) = woken_blocks(host.draft(parts_of(vhost(ssl="self_signed", listen=[8443]))))
    assert told.startswith(f"{host.root}/ports.conf:")


def test_a_balancer_that_is_gone_and_still_used_is_told_once(tmp_path: Path) -> None:
    host = Host(tmp_path)
    host.make(host.draft(parts_of(BALANCED, **BALANCER)))
    others = [{"name": "other", "members": [{"url": "http://10.0.0.1"}]}]
    compiled, _problems = check_variables({"apache_balancers": others}, ["balancers"])
    proved = host.store.read(host.store.proved).parts
    kept = [part for part in proved if part.manifest.concern != "balancers"]
    found = host.plan(host.draft((*kept, *compiled.parts))).problems
    assert [problem.rule for problem in found if problem.severity == "error"] == [
        "undefined-balancer"
    ]


def test_an_mpm_that_the_running_server_has_not_is_a_restart(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has switched the files; a reload would end the server (AH00534)."""
    draft = host.draft(parts_of(vhost()))
    assert host.plan(draft).action.verb == "reload"
    monkeypatch.setattr(plan.processes, "loaded_modules", lambda _pid: frozenset({"mpm_worker"}))
    action = host.plan(draft).action
    assert (action.verb, action.reason) == ("restart", "the MPM changes to mpm_event_module")
