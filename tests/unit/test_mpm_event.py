"""The concern `mpm_event`: what a release says, and how a host fills in its figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.concerns import capacity, mpm_event
from module_utils._host.concerns.child_weight import child_weight, weigh
from module_utils._host.machine.lock import HostError
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.mpm_event.bearing import MEGABYTE, Capacity
from module_utils._httpd.concerns.mpm_event.facts import read_settings
from module_utils._httpd.concerns.mpm_event.model import MpmEvent
from module_utils._httpd.release.checked import check_variables

GIGABYTE = 1024 * MEGABYTE


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host of two cores and four gigabytes."""
    monkeypatch.setattr(
        mpm_event, "read_capacity", lambda _unit, child: Capacity(4 * GIGABYTE, 2, child)
    )
    return Host(tmp_path)


def figures(host: Host, **settings: Any) -> dict[str, str]:
    """Return what the frame of a host's release defines."""
    frame = host.draft(parts_of(vhost(), apache_mpm_event=settings)).release.frame
    lines = [line.split() for line in frame.splitlines() if "Define GATEHOUSE_MPM_" in line]
    return {name.removeprefix("GATEHOUSE_MPM_").lower(): value for _word, name, value in lines}


def mistakes(**variables: Any) -> list[str]:
    """Return the problems of variables, by their ids."""
    plain = {"apache_vhosts": [vhost()], **variables}
    return [problem.rule for problem in check_variables(plain, CONCERN_NAMES)[1]]


def test_the_host_fills_in_its_figures(host: Host) -> None:
    found = figures(host)
    assert found["max_request_workers"] == "1024"
    assert found["start_servers"] == "16"
    assert found["server_limit"] == "80"
    assert figures(host, async_request_worker_factor=3.5)["async_request_worker_factor"] == "3.5"


def test_every_variable_that_a_part_names_is_defined(host: Host) -> None:
    release = host.draft(parts_of(vhost(), apache_mpm_event={})).release
    text = next(text for path, text in release.texts.items() if path.endswith("mpm_event.conf"))
    named = {word[2:-1] for word in text.split() if word.startswith("${GATEHOUSE_MPM_")}
    assert len(named) == 10
    assert all(f"Define {name} " in release.frame for name in named)


def test_without_the_variable_nothing_is_said(host: Host) -> None:
    release = host.draft(parts_of(vhost())).release
    assert "MPM" not in release.frame
    assert not any("mpm_event" in path for path in release.texts)


def test_another_mpm_moves_to_event(host: Host) -> None:
    for suffix in ("load", "conf"):
        (host.root / f"mods-enabled/mpm_event.{suffix}").unlink()
        (host.root / f"mods-enabled/mpm_prefork.{suffix}").symlink_to(
            f"../mods-available/mpm_prefork.{suffix}"
        )
    draft = host.draft(parts_of(vhost(), apache_mpm_event={}))
    assert host.plan(draft).action.reason == "the MPM changes to mpm_event_module"


def test_new_slots_need_a_restart(host: Host) -> None:
    host.make(host.draft(parts_of(vhost(), apache_mpm_event={})))
    more = host.draft(parts_of(vhost(), apache_mpm_event={"keep_alive_timeout": 9}))
    assert host.plan(more).action.verb == "reload"
    slots = host.draft(parts_of(vhost(), apache_mpm_event={"reloads_kept": 9}))
    assert host.plan(slots).action.reason == "ServerLimit changes"


def test_files_are_raised_where_connections_need_them_and_lowered_again(host: Host) -> None:
    assert limits_changed(host, {}) == []
    (many,) = limits_changed(host, {"connections": 1_000_000})
    assert "LimitNOFILE=65536\n" in many.after.content
    assert many.unit == host.layout.unit
    host.make(host.draft(parts_of(vhost(), apache_mpm_event={"connections": 1_000_000})))
    assert limits_changed(host, {"connections": 1_000_000}) == []
    assert [change.after.kind for change in limits_changed(host, {})] == ["absent"]


def test_a_limit_of_files_below_debians_holds_too(host: Host) -> None:
    (few,) = limits_changed(host, {"limit_nofile": 4096})
    assert "LimitNOFILE=4096\n" in few.after.content


def limits_changed(host: Host, settings: dict[str, Any]) -> list[Any]:
    """Return the changes of the unit's limits."""
    changes = host.draft(parts_of(vhost(), apache_mpm_event=settings)).changes
    return [change for change in changes if change.path.endswith("gatehouse-limits.conf")]


def test_a_host_that_bears_no_child_is_refused(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpm_event, "read_capacity", lambda *_given: Capacity(2 * MEGABYTE, 1))
    with pytest.raises(HostError, match=r"^apache_mpm_event: 50 % of 2 MB doesn't bear one child"):
        figures(host)


def test_what_the_host_does_not_bear_is_a_warning(host: Host) -> None:
    draft = host.draft(parts_of(vhost(), apache_mpm_event={"max_request_workers": 100_000}))
    found = [(one.rule, one.severity) for one in host.plan(draft).judged]
    assert found == [("mpm-too-small", "warning")]


@pytest.mark.parametrize(
    ("settings", "modules", "found"),
    [
        pytest.param({}, [], [], id="nothing"),
        pytest.param({"max_request_workers": "auto"}, [], [], id="auto"),
        pytest.param({"max_request_workers": 500, "server_limit": 2}, [], ["mpm-contradiction"], id="slots"),
        pytest.param({"max_request_workers": "many"}, [], ["variable"], id="a word"),
        pytest.param({"backend_seconds": 0}, [], ["variable"], id="no time"),
        pytest.param({"backend_seconds": "0.25", "requests_per_second": 9}, [], [], id="a fraction"),
        pytest.param({"requests_per_second": 9}, [], ["mpm-contradiction"], id="a rate alone"),
        pytest.param({}, ["mpm_worker"], ["mpm-of-another-kind"], id="another"),
    ],
)  # fmt: skip
def test_what_no_host_could_have_is_said_beforehand(
    settings: dict[str, Any], modules: list[str], found: list[str]
) -> None:
    assert mistakes(apache_mpm_event=settings, apache_modules=modules) == found


def test_facts_of_another_version_are_read() -> None:
    facts = {"mpm_event": {"asked": {"connections": 9, "to_come": True}}}
    assert read_settings([{}, facts]) == MpmEvent(connections=9)
    assert read_settings([{}]) is None


def test_a_child_is_weighed_once_for_its_modules(host: Host) -> None:
    store = host.store
    assert child_weight(store) == 4 * MEGABYTE
    assert not weigh(store, 0, ["a"])
    assert not weigh(store, 3 * MEGABYTE, ["b", "a"])
    assert weigh(store, 30 * MEGABYTE, ["a", "b", "c"])
    assert not weigh(store, 90 * MEGABYTE, ["c", "b", "a"])
    assert child_weight(store) == 32 * MEGABYTE
    Path(store.root, "child_weight").write_text("{")
    assert child_weight(store) == 4 * MEGABYTE


def test_limits_of_groups_and_units_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = {
        "memory/docker/x/memory.limit_in_bytes": f"{512 * MEGABYTE}",
        "memory/docker/memory.limit_in_bytes": "9223372036854771712",
        "cpu/docker/x/cpu.cfs_quota_us": "150000",
        "cpu/docker/x/cpu.cfs_period_us": "100000",
    }
    for path, text in groups.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"{text}\n")
    units = {
        "apache2.service": {"MemoryMax": "infinity", "CPUQuotaPerSecUSec": "1s 200ms", "TasksMax": "infinity", "Slice": "web-apps.slice"},
        "web-apps.slice": {"MemoryMax": str(300 * MEGABYTE), "CPUQuotaPerSecUSec": "infinity", "TasksMax": "900", "Slice": "-.slice"},
    }  # fmt: skip
    own = "9:memory:/docker/x/init.scope\n8:cpu,cpuacct:/docker/x/init.scope\n0::/\n"
    text = capacity._text
    monkeypatch.setattr(capacity, "CGROUPS", str(tmp_path))
    monkeypatch.setattr(
        capacity, "_text", lambda path: own if path == "/proc/1/cgroup" else text(path)
    )
    monkeypatch.setattr(
        capacity.systemd, "show", lambda unit, *names: {name: units[unit][name] for name in names}
    )
    monkeypatch.setattr(capacity.os, "cpu_count", lambda: 64)
    found = capacity.read_capacity("apache2.service", 7)
    assert (found.memory, found.cores, found.child) == (300 * MEGABYTE, 1.2, 7)
    assert found.tasks == 900


def test_limits_of_version_two_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text(f"{100 * MEGABYTE}\n")
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    text = capacity._text
    monkeypatch.setattr(capacity, "CGROUPS", str(tmp_path))
    monkeypatch.setattr(
        capacity,
        "_text",
        lambda path: "0::/init.scope\n" if path == "/proc/1/cgroup" else text(path),
    )
    monkeypatch.setattr(capacity.systemd, "show", lambda _unit, *names: dict.fromkeys(names, ""))
    found = capacity.read_capacity("apache2.service", 7)
    assert (found.memory, found.cores) == (100 * MEGABYTE, 0.5)
