"""A commit killed at any instant: the site goes on, and whoever comes next finishes it or takes it back."""

from __future__ import annotations

import random
import subprocess
import time
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import site_of
from site_under_test import KEEP_CORE, RESTORE_CORE, SCENARIO, SENT, VHOST, Site

testinfra_hosts = ["ansible://proxies"]

NEW = {**VHOST, "proxy_timeout": 99, "redirects": [{"path": "/gone", "url": "/"}]}
MODULE = "ratelimit"  # one that the new release brings
# Every step of the journal, every change and every swap ends in one of these. The steps are the commit's own, the same on
# every release, so each host is killed at one of the two.
STEPS = {"commit-debian12": "fsync", "commit-debian13": "rename"}
RANDOM_KILLS = 10  # on each of two hosts, at other moments


@dataclass(frozen=True)
class Rehearsal:
    """Two commits that can be run again and again: Ansible's own module files, with what their plays staged."""

    site: Site
    old: str
    new: str

    def start(self, which: str, prefix: str = "") -> subprocess.Popen[str]:
        """Start one of the commits on the host.

        What the plays staged is put back, which a commit forgets; and the new commit has all of its steps again.
        """
        script = f"{RESTORE_CORE}; rm -rf /run/gatehouse/stage; cp -a /root/rehearsal/stage /run/gatehouse/stage;"
        if which == "new":
            script += (
                f"cd /etc/apache2; rm -rf mods-enabled/{MODULE}.load gatehouse/releases/{self.new};"
            )
        script += f"exec {prefix} python3 /root/rehearsal/{which}/module.py execute"
        return subprocess.Popen(
            ["docker", "exec", self.site.name, "sh", "-ec", script],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def killed_at(self, call: str, step: int) -> int:
        """Run the new commit until that system call for that time, and return its exit status."""
        prefix = f"strace -f -o /dev/null -e trace={call} -e inject={call}:signal=KILL:when={step}"
        running = self.start("new", prefix)
        running.communicate(timeout=120)
        return running.returncode

    def commit(self, which: str) -> str:
        """Run one of the commits to its end."""
        running = self.start(which)
        output, _stderr = running.communicate(timeout=120)
        assert running.returncode == 0, output
        return output


def rehearse(site: Site, which: str, vhost: dict[str, object], modules: list[str]) -> str:
    """Deploy once, and keep the module's file, unpacked, and what was staged."""
    site.run("rm -rf /root/.ansible/tmp /root/rehearsal/kept")
    kept = str(SCENARIO / "kept.yml")
    site.deploy(vhost, playbook=kept, pipelining=False, apache_modules=modules)
    site.run(
        f"cd /root/rehearsal; mkdir {which}; cp {SENT} {which}/module.py;"
        f"{KEEP_CORE}; python3 {which}/module.py explode; python3 -m compileall -q {which}/debug_dir; cp -a kept/. stage/"
    )
    return site.release


@pytest.fixture(scope="module")
def rehearsed(host: Any) -> Rehearsal:
    """The old release live, and both commits ready to be run."""
    site = site_of(host)
    site.run("rm -rf /root/rehearsal && mkdir -p /root/rehearsal/stage")
    new = rehearse(site, "new", NEW, [MODULE])
    old = rehearse(site, "old", VHOST, [])
    return Rehearsal(site, old, new)


@pytest.fixture
def rehearsal(rehearsed: Rehearsal, site: Site) -> Rehearsal:
    """The same, with the host looked at once the test has ended."""
    assert site == rehearsed.site
    return rehearsed


def assert_survived(rehearsal: Rehearsal) -> str:
    """After a kill one of the two releases serves; the next good run brings the old one back, and nothing is left."""
    site = rehearsal.site
    served = site.release
    assert served in (rehearsal.old, rehearsal.new)
    output = rehearsal.commit("old")
    assert site.standing() == (rehearsal.old, rehearsal.old, "")
    return output


def is_recovery(output: str) -> bool:
    """Tell whether a run says that it undid or finished what another had begun."""
    return "an earlier run left its commit" in output or "a killed run had proved" in output


def test_killed_at_every_step(rehearsal: Rehearsal) -> None:
    call = STEPS[rehearsal.site.name]
    kills = recovered = 0
    with rehearsal.site.asked() as answers:
        for step in range(1, 60):
            status = rehearsal.killed_at(call, step)
            recovered += is_recovery(assert_survived(rehearsal))
            if status == 0:
                break
            kills += 1
    print(f"{kills} kills at {call}, {recovered} recoveries, {answers.total()} requests")
    assert kills > 4
    assert recovered > 1
    assert status == 0
    assert answers.failures == {}


def test_killed_at_random_moments(rehearsal: Rehearsal) -> None:
    begun = time.monotonic()
    rehearsal.commit("new")
    whole = time.monotonic() - begun
    rehearsal.commit("old")
    moments = random.Random(rehearsal.site.name)
    with rehearsal.site.asked() as answers:
        for _kill in range(RANDOM_KILLS):
            # --foreground: the commit alone is killed, not what it started.
            prefix = f"timeout --foreground --signal=KILL {moments.uniform(0.1, whole):.3f}"
            rehearsal.start("new", prefix).communicate(timeout=120)
            assert_survived(rehearsal)
    assert answers.failures == {}


def cut_off(rehearsal: Rehearsal) -> None:
    """Leave the new commit between its swap and its proof."""
    site = rehearsal.site
    for step in range(1, 60):
        rehearsal.killed_at("rename", step)
        current = site.run("basename $(readlink /etc/apache2/gatehouse/current)")
        if current == rehearsal.new and site.proved == rehearsal.old:
            return
        rehearsal.commit("old")
    raise AssertionError("no kill came between the two")


def test_a_mistake_by_hand_after_a_kill_ends_no_server(rehearsal: Rehearsal) -> None:
    site = rehearsal.site
    cut_off(rehearsal)
    site.run("echo 'Bogus on' > /etc/apache2/sites-enabled/hand.conf")
    try:
        with site.asked() as answers:
            running = rehearsal.start("old")
            output, _stderr = running.communicate(timeout=120)
            assert running.returncode != 0
            assert "the server was told nothing, and it goes on with what it has read" in output
    finally:
        site.run("rm /etc/apache2/sites-enabled/hand.conf")
    assert answers.failures == {}
    rehearsal.commit("old")
    assert site.standing() == (rehearsal.old, rehearsal.old, "")


def test_a_module_that_somebody_disables_after_a_kill_costs_no_request(
    rehearsal: Rehearsal,
) -> None:
    site = rehearsal.site
    cut_off(rehearsal)
    site.run("rm /etc/apache2/mods-enabled/proxy_http.load")
    with site.asked() as answers:
        assert "the module proxy_http was disabled" in assert_survived(rehearsal)
    assert answers.failures == {}


def test_a_server_that_somebody_starts_after_a_kill_goes_on(rehearsal: Rehearsal) -> None:
    site = rehearsal.site
    site.run("systemctl stop apache2")
    cut_off(rehearsal)
    site.run("systemctl start apache2")
    with site.asked() as answers:
        assert is_recovery(assert_survived(rehearsal))
    assert answers.failures == {}


def test_reboot_between_swap_and_proof(rehearsal: Rehearsal) -> None:
    site = rehearsal.site
    cut_off(rehearsal)
    listed = " ".join(site.deploy(playbook="gatehouse.apache.releases").split())
    assert f"Apache follows {rehearsal.new}, and {rehearsal.old} was proved last" in listed
    subprocess.run(["docker", "restart", "--time", "20", site.name], check=True, timeout=120)
    site.run("for _ in $(seq 100); do systemctl is-active -q apache2 && break; sleep 0.2; done")
    site.run("mkdir -p /run/gatehouse")
    assert is_recovery(assert_survived(rehearsal))
