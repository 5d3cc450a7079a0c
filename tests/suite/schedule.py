"""Runs steps side by side in lanes, each with a log of its own, and every one whatever became of the others."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

PATIENCE = 1500  # seconds for one step


@dataclass(frozen=True)
class Step:
    """A command; `after` names the steps that must have ended, well or not, before it begins."""

    name: str
    command: tuple[str, ...]
    lane: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of a step; the times are seconds, `began` since the suite's start."""

    step: Step
    has_passed: bool
    began: float
    seconds: float
    log: Path

    @property
    def passed(self) -> int:
        """The tests that passed; a good step without tests counts as one."""
        return self._count("passed") or int(self.has_passed)

    @property
    def failed(self) -> int:
        """The tests that failed; a bad step without failed tests counts as one."""
        return 0 if self.has_passed else self._count("failed") or 1

    def _count(self, outcome: str) -> int:
        """Add up what pytest says."""
        counts = re.findall(rf"(\d+) {outcome}", self.log.read_text(errors="replace"))
        return sum(map(int, counts))


Report = Callable[[Step], None]


def run_all(
    steps: Sequence[Step], lanes: Mapping[str, int], logs: Path, *, report_begin: Report
) -> Iterator[Result]:
    """Run every step, and yield its result when it ends; `lanes` has how many steps each lane takes at once."""
    waiting, ended = list(steps), set[str]()
    running: dict[Future[Result], Step] = {}
    start = time.monotonic()
    with ThreadPoolExecutor(sum(lanes.values())) as pool:
        while waiting or running:
            for step in list(waiting):
                used = sum(other.lane == step.lane for other in running.values())
                if used < lanes[step.lane] and ended.issuperset(step.after):
                    waiting.remove(step)
                    report_begin(step)
                    running[pool.submit(_run, step, logs, start)] = step
            if not running:
                raise ValueError(f"nothing ends before {', '.join(step.name for step in waiting)}")
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                ended.add(running.pop(future).name)
                yield future.result()


def _run(step: Step, logs: Path, start: float) -> Result:
    """Run one step to its end, or to the end of our patience."""
    log = logs / f"{re.sub(r'[^a-z0-9.]+', '-', step.name)}.log"
    began = time.monotonic()
    with log.open("w") as output:
        has_passed = _has_passed(step.command, output)
    return Result(step, has_passed, began - start, time.monotonic() - began, log)


def _has_passed(command: Sequence[str], output: TextIO) -> bool:
    """Run a command in a process group of its own, and tell whether it ended well."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        output.write(f"{error}\n")
        return False
    try:
        return process.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        output.seek(0, os.SEEK_END)
        output.write(f"\nStopped after {PATIENCE} seconds\n")
        return False
