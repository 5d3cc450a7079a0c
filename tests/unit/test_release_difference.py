"""What two releases differ in: virtual hosts and settings by name, and what is the host's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.concerns import mpm_event
from module_utils._host.deployment.release_difference import (
    host_change,
    host_difference,
    only_difference,
    told_change,
)
from module_utils._host.store.release import Release
from module_utils._httpd.concerns.mpm_event.bearing import MEGABYTE, Capacity
from module_utils._httpd.release.part import Part

SHOP = vhost("shop.example.com")
BLOG = vhost("blog.example.com")
NEWS = vhost("news.example.com")
TLS = vhost("shop.example.com", listen=[443], ssl="self_signed")


def told(before: Iterable[Part], after: Iterable[Part]) -> str:
    """Say what changes between two releases of parts."""
    one, other = Release("a", "", tuple(before)), Release("b", "", tuple(after))
    return told_change((one.manifests, other.manifests), (one.texts, other.texts))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param([SHOP], [SHOP, NEWS], "+ news.example.com", id="one comes"),
        pytest.param([SHOP, NEWS], [SHOP], "- news.example.com", id="one goes"),
        pytest.param(
            [SHOP], [vhost(proxy_to="http://10.0.0.2")], "~ shop.example.com", id="one changes"
        ),
        pytest.param(
            [NEWS, SHOP],
            [BLOG, vhost(proxy_to="http://10.0.0.2")],
            "+ blog.example.com; - news.example.com; ~ shop.example.com",
            id="one of each",
        ),
        pytest.param([SHOP], [NEWS, SHOP], "+ news.example.com", id="a number in the list moves"),
        pytest.param(
            [SHOP, NEWS], [NEWS, SHOP], "~ order of virtual hosts", id="the order changes"
        ),
        pytest.param([SHOP, BLOG], [SHOP, BLOG], "", id="nothing changes"),
        pytest.param(
            [vhost(f"{name}.example.com") for name in "abcde"],
            [vhost(f"{name}.example.com", proxy_to="http://10.0.0.2") for name in "abcde"],
            "~ a.example.com, b.example.com, c.example.com and 2 more",
            id="many change",
        ),
        pytest.param(
            [{**TLS, "ssl": {"certificate": "self_signed", "redirect_from": []}}],
            [{**TLS, "ssl": {"certificate": "self_signed", "redirect_from": [80]}}],
            "~ shop.example.com",
            id="the twin that redirects lies in the same file",
        ),
        pytest.param(
            [SHOP],
            [vhost(expect=[{"request": "GET /", "status": 200, "live": True}])],
            "~ shop.example.com",
            id="only what is asked of it changes",
        ),
    ],
)
def test_virtual_hosts_are_named(
    before: list[dict[str, Any]], after: list[dict[str, Any]], said: str
) -> None:
    assert told(parts_of(*before), parts_of(*after)) == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(
            {}, {"apache_modules": ["expires"]}, "+ module expires", id="a module comes"
        ),
        pytest.param(
            {"apache_balancers": [{"name": "app", "members": [{"url": "http://10.0.0.1"}]}]},
            {"apache_balancers": [{"name": "app", "members": [{"url": "http://10.0.0.2"}]}]},
            "~ balancer app",
            id="a balancer changes",
        ),
        pytest.param(
            {"apache_http2": {"max_session_streams": 50}},
            {"apache_http2": {"max_session_streams": 60}},
            "~ HTTP/2 settings",
            id="limits of HTTP/2",
        ),
        pytest.param(
            {}, {"apache_ssl": {"session_cache_size": 9000}}, "~ TLS settings", id="TLS"
        ),
        pytest.param(
            {}, {"apache_proof_port": 898}, "~ server settings", id="the port of the proof"
        ),
        pytest.param(
            {}, {"apache_log_formats": {"x": "%h"}}, "~ server settings", id="settings that are new"
        ),
    ],
)  # fmt: skip
def test_what_is_of_no_virtual_host_has_its_name_too(
    before: dict[str, Any], after: dict[str, Any], said: str
) -> None:
    assert told(parts_of(SHOP, **before), parts_of(SHOP, **after)) == said


def test_a_removal_names_all_that_goes_and_the_first_release_all_that_comes() -> None:
    parts = parts_of(SHOP, apache_ssl={"session_cache_size": 9000})
    assert told(parts, ()) == "- shop.example.com"
    assert told((), parts) == "+ shop.example.com"


def test_another_owner_that_says_nothing_of_the_server_changes_no_settings() -> None:
    parts, others = parts_of(SHOP), parts_of(NEWS, apache_owner="team-b")
    assert told(parts, (*parts, *others)) == "+ news.example.com"


def test_where_nothing_that_differs_has_a_name_files_are_named() -> None:
    assert told_change(((), ()), ({"x": "1"}, {"x": "2"})) == "~ x"
    assert told_change(((), ()), ({"w": "1", "x": "1"}, {"y": "2", "z": "2"})) == (
        "~ w, x, y and 1 more"
    )


def test_a_file_of_the_hosts_is_named_where_it_stays_and_says_something_else() -> None:
    frames = ("# /etc/ssl/t.pem 11\n# /etc/ssl/u.pem 11\n", "# /etc/ssl/t.pem 22\n")
    texts = tuple({"gatehouse.conf": frame} for frame in frames)
    assert told_change(((), ()), (texts[0], texts[1])) == "~ /etc/ssl/t.pem"
    assert host_difference(*frames).files == ["/etc/ssl/t.pem"]


def releases(tmp_path: Path) -> tuple[Host, Release, Path]:
    """A host that serves a certificate's file, which is another one by now; the new release of the same parts."""
    host, file = Host(tmp_path), tmp_path / "t.pem"
    file.write_text("one")
    parts = parts_of(vhost(listen=[443], ssl={"certificate_file": str(file)}))
    host.make(host.draft(parts))
    file.write_text("two")
    return host, host.draft(parts).release, file


def test_a_release_that_differs_by_a_file_of_the_hosts_says_which(tmp_path: Path) -> None:
    host, release, file = releases(tmp_path)
    before = host.store.proved
    assert host_change(host.store, before, release) == f"{file} has changed"
    said = f"{before} differs only by {file}, which is the host's own"
    assert only_difference(host.store, before, release) == said
    assert only_difference(host.store, "", release) == ""
    assert only_difference(host.store, release.digest, release) == ""


def test_a_release_of_other_parts_differs_by_more(tmp_path: Path) -> None:
    host, _release, _file = releases(tmp_path)
    other = host.draft(parts_of(SHOP)).release
    assert only_difference(host.store, host.store.proved, other) == ""


def test_a_listener_of_the_hosts_is_named(tmp_path: Path) -> None:
    host = Host(tmp_path)
    parts = parts_of(vhost(listen=[8080]))
    host.make(host.draft(parts))
    host.write("ports.conf", "Listen 80\nListen 8080\n")
    release = host.draft(parts).release
    assert host_change(host.store, host.store.proved, release) == (
        "its own configuration (Listen 8080) has changed"
    )
    assert only_difference(host.store, host.store.proved, release).endswith(
        "differs only by the host's own configuration (Listen 8080)"
    )


def test_a_site_of_the_hosts_is_told_by_its_address(tmp_path: Path) -> None:
    host = Host(tmp_path)
    parts = parts_of(vhost(listen=[8080]))
    host.make(host.draft(parts))
    host.write("sites-enabled/b.conf", "<VirtualHost *:8080>\n  ServerName b\n</VirtualHost>\n")
    assert host_change(host.store, host.store.proved, host.draft(parts).release) == (
        "its own configuration (sites at *:8080) has changed"
    )


def test_sizes_that_follow_from_the_host_are_told_by_their_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(tmp_path)
    parts = parts_of(vhost(), apache_mpm_event={})
    releases = []
    for cores in (2, 1):
        capacity = Capacity(8 * 1024 * MEGABYTE, cores)
        monkeypatch.setattr(mpm_event, "read_capacity", lambda *_words, found=capacity: found)
        releases.append(host.draft(parts).release)
        host.store.write(releases[-1])
    before, after = releases
    manifests, texts = (before.manifests, after.manifests), (before.texts, after.texts)
    assert told_change(manifests, texts) == "~ MPM settings"
    assert host_change(host.store, before.digest, after).startswith(
        "its own memory, cores or modules (server_limit 40 instead of 80, max_request_workers 512 instead of 1024"
    )
