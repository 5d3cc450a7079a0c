"""Runs that die, meet others or go back: what Gatehouse does of itself, on any release of httpd, so one host is enough."""

from __future__ import annotations

import re

import pytest
from site_under_test import CHANGED, LIVE, SCENARIO, VHOST, Site

testinfra_hosts = ["ansible://commit-debian12"]


@pytest.mark.parametrize("request_", ["GET /münchen?q=ü", "GET /?linger=50"])
def test_live_request_of_any_letters_and_without_an_end_is_asked(site: Site, request_: str) -> None:
    vhost = {**CHANGED, "expect": [{"request": request_, "status": 200, "live": True}]}
    site.deploy(vhost)
    assert site.release == site.proved


def test_expectation_that_fails_already_is_only_a_warning(site: Site) -> None:
    site.run("systemctl stop http-echo@one:8081")
    try:
        output = site.deploy(CHANGED)
    finally:
        site.run("systemctl start http-echo@one:8081")
    assert "failed before this commit too: status 503, not 200" in output
    assert site.release == site.proved


def test_a_play_that_dies_before_its_commit_leaves_nothing_to_the_next(site: Site) -> None:
    old = site.release
    with site.asked() as answers:
        site.deploy(CHANGED, playbook=str(SCENARIO / "stage_only.yml"), succeeds=False)
        assert site.release == old
        output = site.deploy(VHOST)
    assert "changed=0" in output
    assert (site.release, answers.failures) == (old, {})


def test_nothing_of_a_run_stays_in_ansibles_directory(site: Site) -> None:
    site.run("rm -rf /root/.ansible/tmp /run/gatehouse/core-*")
    site.deploy(CHANGED, ansible_pipelining=False)
    assert site.run("ls /root/.ansible/tmp") == ""


@pytest.mark.parametrize("stage", ["lost", "overtaken"])
def test_stage_that_is_no_longer_what_it_was_is_refused(site: Site, stage: str) -> None:
    output = site.deploy(CHANGED, playbook=str(SCENARIO / f"{stage}.yml"), succeeds=False)
    said = {"lost": "isn't there any more (main.vhosts)", "overtaken": "has committed main.vhosts"}
    assert said[stage] in " ".join(output.split())
    assert site.release == site.proved


def test_two_commits_at_once_both_take_effect(site: Site) -> None:
    names = [f"{owner}.example.com" for owner in ("red", "blue")]
    with site.asked() as answers:
        running = [
            site.start_deploy(
                {**VHOST, "server_name": name},
                apache_owner=name.partition(".")[0],
                apache_proof_port=897,
            )
            for name in names
        ]
        outputs = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], outputs
    for name in (*names, LIVE):
        asked = f"curl -s -o /dev/null -w '%{{http_code}}' -H 'Host: {name}' localhost"
        assert site.run(asked) == "200"
    assert answers.failures == {}


def test_rollback_serves_the_release_before(site: Site) -> None:
    old = site.release
    site.deploy(CHANGED)
    fled = site.release
    assert fled != old
    with site.asked() as answers:
        site.deploy(playbook="gatehouse.apache.rollback")
    assert (site.release, answers.failures) == (old, {})
    listed = " ".join(site.deploy(playbook="gatehouse.apache.releases").split())
    assert "rolled back from" in listed
    assert re.search(f"{old} 20.* live", listed)
    # Whether there is one before depends on the tests before; it is never the one that was fled.
    site.start_deploy(playbook="gatehouse.apache.rollback").communicate(timeout=300)
    assert site.release != fled
