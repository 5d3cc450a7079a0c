"""What a host's own modules and limits say against HTTP/2, before a commit begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.draft import distribution


@pytest.fixture(params=["debian12", "debian13"])
def host(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A bare host of each release."""
    monkeypatch.setattr(distribution, "_is_as_packaged", lambda _: True)
    return Host(tmp_path, request.param)


def with_prefork(host: Host) -> Host:
    """Switch to the MPM without threads, as a2enmod does."""
    enabled = host.root / "mods-enabled"
    for suffix in ("load", "conf"):
        (enabled / f"mpm_event.{suffix}").unlink()
        (enabled / f"mpm_prefork.{suffix}").symlink_to(f"../mods-available/mpm_prefork.{suffix}")
    return host


def said(host: Host, *vhosts: dict[str, Any], **variables: Any) -> list[tuple[str, str]]:
    """Return the severity and rule of each problem of a commit."""
    plan = host.plan(host.draft(parts_of(*(vhosts or (vhost(),)), **variables)))
    return [(problem.severity, problem.rule) for problem in (*plan.judged, *plan.problems)]


def test_http2_is_deployed_where_there_are_threads(host: Host) -> None:
    assert said(host, apache_http2={"cleartext": True}) == []


def test_http2_asked_for_by_variable_is_refused_with_prefork(host: Host) -> None:
    found = said(
        with_prefork(host), vhost(), vhost("b.example.com"), apache_http2={"cleartext": True}
    )
    assert [one for one in found if one[0] == "error"] == [("error", "http2-inactive")]


def test_http2_asked_for_by_text_is_a_warning_with_prefork(host: Host) -> None:
    asking = vhost(extra_directives="Protocols h2c http/1.1")
    assert said(with_prefork(host), asking) == [("warning", "http2-inactive")]


def test_http2_that_is_off_is_deployed_with_prefork(host: Host) -> None:
    assert said(with_prefork(host), apache_http2={"enabled": False}) == []


def test_http2_that_never_worked_here_keeps_no_other_change_back(host: Host) -> None:
    """The operator's prefork came after the commit; an emergency change must still go through."""
    host.make(host.draft(parts_of(vhost(), apache_http2={"cleartext": True})))
    changed = vhost(proxy_timeout=5)
    assert said(with_prefork(host), changed, apache_http2={"cleartext": True}) == []


def test_fewer_workers_than_threads_of_this_host_are_refused(host: Host) -> None:
    few = {"cleartext": True, "max_workers": 20}
    assert said(host, apache_http2=few) == [("error", "http2-workers-inverted")]
    assert said(host, apache_http2={**few, "min_workers": 10}) == []
