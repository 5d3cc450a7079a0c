"""Faults of the host and of the run: each is undone, or finished by whoever comes next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from site_under_test import LIVE, SCENARIO, VHOST, Site

testinfra_hosts = ["ansible://proxies"]


def changed(number: int = 1) -> dict[str, object]:
    """The live virtual host with a difference."""
    return {**VHOST, "proxy_timeout": 30 + number}


def test_failed_live_expectation_takes_the_commit_back(site: Site) -> None:
    old = site.release
    broken = {**changed(), "expect": [{"request": "GET /?status=500", "status": 200, "live": True}]}
    with site.asked() as answers:
        output = site.deploy(broken, succeeds=False)
    assert "got status 500, not 200" in output, output
    assert f"every change is undone and the release {old} serves again" in output
    assert (site.release, answers.failures) == (old, {})


def test_expectation_that_fails_already_is_only_a_warning(site: Site) -> None:
    site.run("systemctl stop http-echo@one:8081")
    try:
        output = site.deploy(changed())
    finally:
        site.run("systemctl start http-echo@one:8081")
    assert "failed before this commit too: status 503, not 200" in output
    assert site.release == site.proved


@pytest.fixture
def full_disk(site: Site) -> Iterator[Site]:
    """The configuration on a disk of its own without a free byte."""
    # The unit has a mount namespace of its own, so it sees the disk only from a restart on.
    site.run(
        "cp -a /etc/apache2 /root/kept && mount -t tmpfs -o size=8m,mode=0755 small /etc/apache2"
        "&& cp -a /root/kept/. /etc/apache2/ && systemctl restart apache2"
    )
    site.run("cat /dev/zero > /etc/apache2/filler", check=False)
    yield site
    site.run("umount /etc/apache2 && rm -rf /root/kept && systemctl restart apache2")


def test_full_disk_touches_nothing(full_disk: Site) -> None:
    old = full_disk.release
    with full_disk.asked() as answers:
        output = full_disk.deploy(changed(), succeeds=False)
    assert "No space left on device" in output
    assert (full_disk.release, answers.failures) == (old, {})
    assert full_disk.leftovers() == ""


def test_a_play_that_dies_before_its_commit_leaves_nothing_to_the_next(site: Site) -> None:
    old = site.release
    with site.asked() as answers:
        site.deploy(changed(), playbook=str(SCENARIO / "stage_only.yml"), succeeds=False)
        assert site.release == old
        output = site.deploy(VHOST)
    assert "changed=0" in output
    assert (site.release, answers.failures) == (old, {})


def test_two_commits_at_once_both_take_effect(site: Site) -> None:
    names = [f"{owner}.example.com" for owner in ("red", "blue")]
    with site.asked() as answers:
        running = [
            site.start_deploy(
                {**VHOST, "server_name": name},
                apache_owner=name.partition(".")[0],
                apache_proof_port=8979,
            )
            for name in names
        ]
        outputs = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], outputs
    for name in (*names, LIVE):
        asked = f"curl -s -o /dev/null -w '%{{http_code}}' -H 'Host: {name}' localhost"
        assert site.run(asked) == "200"
    assert answers.failures == {}


def test_a_stopped_service_stays_stopped(site: Site) -> None:
    output = site.deploy(changed(), apache_service_state="stopped")
    assert "action: files" in output
    assert site.run("systemctl is-active apache2", check=False) == "inactive"
    assert "changed=0" in site.deploy(changed(), apache_service_state="stopped")
    assert "action: start" in site.deploy(VHOST)
    assert site.release == site.proved


def test_rollback_serves_the_release_before(site: Site) -> None:
    old = site.release
    site.deploy(changed())
    assert site.release != old
    with site.asked() as answers:
        site.deploy(playbook="gatehouse.apache.rollback")
    assert (site.release, answers.failures) == (old, {})
