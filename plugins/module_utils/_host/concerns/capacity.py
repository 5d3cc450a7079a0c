"""What a host has for httpd: memory and cores, as the limits of its container, its slices and its unit leave them."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from ..._httpd.concerns.mpm_event.bearing import Capacity
from ..machine import systemd

CGROUPS = "/sys/fs/cgroup"
_NO_LIMIT = 1 << 60  # bytes; cgroup v1 writes a number near 2**63 for none
_SYS_RESOURCE = 24  # the number of the capability
_MICROSECONDS = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000}


def read_capacity(unit: str, child: int) -> Capacity:
    """Read it; `child` is what an idle child of httpd takes (bytes)."""
    names = ("MemoryMax", "CPUQuotaPerSecUSec", "TasksMax")
    chain = [systemd.show(one, *names) for one in _with_slices(unit)]
    memory = [_total_memory(), *_memory_limits(), *_numbers(one["MemoryMax"] for one in chain)]
    quotas = [_seconds(one["CPUQuotaPerSecUSec"]) for one in chain]
    cores = [float(os.cpu_count() or 1), *_core_limits(), *(one for one in quotas if one)]
    limits = [_text(f"/proc/sys/kernel/{name}") for name in ("threads-max", "pid_max")]
    groups = [_text(f"{directory}/{name}") for directory, name in _process_groups()]
    tasks = _numbers([*limits, *groups, *(one["TasksMax"] for one in chain)])
    return Capacity(
        min(memory), min(cores), child, _somaxconn(), _most_files(), min(tasks, default=2**31)
    )


def _with_slices(unit: str) -> Iterator[str]:
    """Yield a unit and the slices around it."""
    name = unit
    while name and name != "-.slice":
        yield name
        name = systemd.show(name, "Slice")["Slice"]


def _total_memory() -> int:
    """Return the bytes of the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _memory_limits() -> Iterator[int]:
    """Yield the limits of the groups around the host's first process, in bytes: those of a container."""
    for directory, name in (
        *_groups("", "memory.max"),
        *_groups("memory", "memory.limit_in_bytes"),
    ):
        yield from (one for one in _numbers([_text(f"{directory}/{name}")]) if one < _NO_LIMIT)


def _core_limits() -> Iterator[float]:
    """Yield the same of cores."""
    for directory, name in _groups("", "cpu.max"):
        # `max 100000` is no limit.
        numbers = [*_numbers(_text(f"{directory}/{name}").split())]
        if len(numbers) == 2 and numbers[1]:
            yield numbers[0] / numbers[1]
    for directory, name in _groups("cpu", "cpu.cfs_quota_us"):
        numbers = [
            *_numbers([_text(f"{directory}/{name}"), _text(f"{directory}/cpu.cfs_period_us")])
        ]
        if len(numbers) == 2 and numbers[1]:
            yield numbers[0] / numbers[1]


def _process_groups() -> Iterator[tuple[str, str]]:
    """Yield where the limits of processes and threads stand, likewise."""
    yield from _groups("", "pids.max")
    yield from _groups("pids", "pids.max")


def _groups(controller: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the directories of the groups around the host's first process, of a controller of version 1 or of version 2."""
    for line in _text("/proc/1/cgroup").splitlines():
        number, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controller in controllers.split(",") and (controller or number == "0"):
            # Where the namespace is its own, the root is the container's.
            paths = [PurePosixPath(path), *PurePosixPath(path).parents]
            mounts = (
                (CGROUPS, f"{CGROUPS}/unified") if not controller else (f"{CGROUPS}/{controller}",)
            )
            yield from ((f"{mount}{one}".rstrip("/"), name) for mount in mounts for one in paths)


def _numbers(texts: Iterable[str]) -> Iterator[int]:
    yield from (int(text) for text in texts if re.fullmatch("[0-9]+", text))


def _seconds(text: str) -> float:
    """Read a time of systemd's, `1min 500ms`, in seconds; 0 for `infinity`."""
    parts = re.findall(r"([0-9.]+)(us|ms|s|min)\b", text)
    return sum(float(number) * _MICROSECONDS[unit] for number, unit in parts) / 1_000_000


def _somaxconn() -> int:
    return next(_numbers([_text("/proc/sys/net/core/somaxconn")]), 4096)


def _most_files() -> int:
    """Return how many files systemd can let a service have: its own limit, where it may not raise that."""
    most = next(_numbers([_text("/proc/sys/fs/nr_open")]), 1_048_576)
    rights = re.search(r"^CapEff:\s*([0-9a-f]+)$", _text("/proc/1/status"), re.MULTILINE)
    own = re.search(r"^Max open files +[0-9]+ +([0-9]+) ", _text("/proc/1/limits"), re.MULTILINE)
    may_raise = rights is None or int(rights[1], 16) >> _SYS_RESOURCE & 1
    return most if may_raise or own is None else min(most, int(own[1]))


def _text(path: str) -> str:
    with contextlib.suppress(OSError), open(path, encoding="ascii", errors="replace") as stream:
        return stream.read().strip()
    return ""
