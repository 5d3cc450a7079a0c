"""Measures runs of playbooks/site.yml by their number of virtual hosts, all in one go and in turns."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from former import PRESENT, ROOT, collections_of, states

HERE = Path(__file__).parent
SIZES = (1, 100, 1000)
# Runs by kind, and how often one is taken a round: short ones that change nothing vary most, and can be repeated.
KINDS = {"first": 1, "unchanged": 3, "changed": 1, "refused": 3}
ROUNDS = 3
# A virtual host adds at most a thousandth of what a run with one takes; a task that looped over them would add ten times that.
BOUND = 2.0
# Of the last virtual host, by kind of run.
_DIFFERENCES: Mapping[str, Mapping[str, Any]] = {
    "changed": {"proxy_timeout": 61},
    "refused": {"proxy_timeout": "a while"},
}


@dataclass(frozen=True)
class Cost:
    """Seconds that a run took, and seconds of the controller's processors."""

    wall: float
    cpu: float


Costs = dict[tuple[int, str], Cost]  # by size and kind of run


def main() -> None:
    """Measure, print and write the results; fail where the bound is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", metavar="REVISION", help="measure that state too, in turns")
    revision = parser.parse_args().against
    with states(revision) as checkouts:
        costs = _measured(checkouts)
    text = "\n".join(_results(costs))
    (HERE / "RESULTS.md").write_text(text)
    print(text)
    sys.exit(any(max(_ratios(costs[PRESENT], kind)) > BOUND for kind in KINDS))


def _measured(checkouts: Mapping[str, Path]) -> dict[str, Costs]:
    """Return the least costs by state: what else the machine does can only add to them."""
    samples: dict[str, dict[tuple[int, str], list[Cost]]] = {}
    for number in range(1, ROUNDS + 1):
        for size in SIZES:
            for state, checkout in checkouts.items():
                _play(str(HERE / "start.yml"), HERE / "inventory.yml")
                for kind in (kind for kind, times in KINDS.items() for _time in range(times)):
                    cost = _deploy(size, kind, checkout)
                    samples.setdefault(state, {}).setdefault((size, kind), []).append(cost)
                    print(
                        f"round {number}: {state}, {size} virtual hosts, {kind} run: {cost.wall:.1f} s wall"
                    )
    return {
        state: {
            key: Cost(min(cost.wall for cost in row), min(cost.cpu for cost in row))
            for key, row in rows.items()
        }
        for state, rows in samples.items()
    }


def _deploy(size: int, kind: str, checkout: Path) -> Cost:
    """Deploy that many virtual hosts, and return what it cost."""
    vhosts: list[dict[str, Any]] = [
        {"server_name": f"site{number}.example.com", "proxy_to": "http://127.0.0.1:8080"}
        for number in range(size)
    ]
    vhosts[-1].update(_DIFFERENCES.get(kind, {}))
    with tempfile.TemporaryDirectory() as name:
        inventory = Path(name)
        shutil.copy(HERE / "inventory.yml", inventory)
        (inventory / "group_vars").mkdir()
        (inventory / "group_vars/all.json").write_text(json.dumps({"apache_vhosts": vhosts}))
        began, before = time.perf_counter(), _cpu()
        _play("gatehouse.apache.site", inventory, checkout, is_refused=kind == "refused")
        return Cost(time.perf_counter() - began, _cpu() - before)


def _play(
    playbook: str, inventory: Path, checkout: Path = ROOT, *, is_refused: bool = False
) -> None:
    """Run a playbook with a checkout's collection; what it prints is shown where it ends otherwise than it should."""
    command = ["ansible-playbook", "-i", str(inventory), playbook]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_of(checkout))}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if bool(done.returncode) is not is_refused:
        sys.exit(done.stdout + done.stderr)


def _cpu() -> float:
    """Return the processor seconds of all programs that were run so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _ratios(costs: Costs, kind: str) -> tuple[float, float]:
    """Return how much more the largest size costs than the smallest, in wall and in processor time."""
    most, least = costs[SIZES[-1], kind], costs[SIZES[0], kind]
    return most.wall / least.wall, most.cpu / least.cpu


def _results(costs: Mapping[str, Costs]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield "# What a run costs\n"
    yield "Written by `make benchmark`. `playbooks/site.yml` on one Debian 12 host in a container, its configuration on"
    yield f"a disk's own file system; seconds are the least of {ROUNDS} rounds, in each of which all sizes took turns (unchanged"
    yield "and refused runs three times)."
    yield "`CPU` is the controller's. The virtual hosts stand in the inventory's `group_vars` as JSON, so what Ansible"
    yield "needs to read YAML isn't measured.\n"
    yield f"ansible-core {version('ansible-core')}, Python {platform.python_version()}.\n"
    yield from _table(costs[PRESENT])
    for state in costs:
        if state != PRESENT:
            yield f"\nThe state `{state}` took turns with it:\n"
            yield from _table(costs[state])
            yield ""
            yield from _comparison(state, costs)
    yield f"\nThe bound is {BOUND:.0f}, a thousandth of a run for a virtual host: no task loops over them, and none goes through"
    yield "Ansible's templar.\n"


def _table(costs: Costs) -> Iterator[str]:
    """Yield what the runs of one state cost."""
    yield f"| virtual hosts | {' | '.join(f'{kind} run: wall | CPU' for kind in KINDS)} |"
    yield f"|{' ---: |' * (1 + 2 * len(KINDS))}"
    for size in SIZES:
        cells = [f"{value:.1f}" for kind in KINDS for value in _seconds(costs[size, kind])]
        yield f"| {size:,} | {' | '.join(cells)} |"
    ratios = [f"{ratio:.2f}" for kind in KINDS for ratio in _ratios(costs, kind)]
    yield f"| {SIZES[-1]:,} against {SIZES[0]} | {' | '.join(ratios)} |"


def _comparison(state: str, costs: Mapping[str, Costs]) -> Iterator[str]:
    """Yield how the present state compares with a former one."""
    for kind in KINDS:
        now, then = (costs[name][SIZES[-1], kind].wall for name in (PRESENT, state))
        above = [_wall_above(costs[name], kind) for name in (PRESENT, state)]
        yield (
            f"- The {kind} run with {SIZES[-1]:,} virtual hosts takes {now / then:.2f} of the wall time; above that with "
            f"{SIZES[0]} it costs {above[0]:.2f} s instead of {above[1]:.2f} s."
        )


def _wall_above(costs: Costs, kind: str) -> float:
    """Return what the largest size costs above the smallest."""
    return costs[SIZES[-1], kind].wall - costs[SIZES[0], kind].wall


def _seconds(cost: Cost) -> tuple[float, float]:
    """Return a cost's figures in the order of the report's columns."""
    return cost.wall, cost.cpu


if __name__ == "__main__":
    main()
