"""Runs steps side by side in lanes, each with a log of its own, and every one whatever became of the others."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 3600  # seconds for one step: the longest takes 11 minutes alone, and 40 beside others on a slow day
PAUSE = 0.1  # seconds between two looks at what runs


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


@dataclass(frozen=True)
class Running:
    """A step that has begun; `began` is seconds of the monotonic clock."""

    step: Step
    process: subprocess.Popen[bytes]
    began: float
    log: Path

    def has_ended(self) -> bool:
        """Tell whether it has ended; one that takes too long is stopped."""
        if self.process.poll() is None and time.monotonic() > self.began + PATIENCE:
            self.stop()
            with self.log.open("a") as log:
                log.write(f"\nStopped after {PATIENCE} seconds\n")
        return self.process.poll() is not None

    def stop(self) -> None:
        """Stop it and all that it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue

    def result(self, start: float) -> Result:
        """Return what became of it once it has ended."""
        seconds = time.monotonic() - self.began
        has_passed = self.process.returncode == 0
        return Result(self.step, has_passed, self.began - start, seconds, self.log)


Report = Callable[[Step], None]


def run_all(
    steps: Sequence[Step], lanes: Mapping[str, int], logs: Path, *, report_begin: Report
) -> Iterator[Result]:
    """Run every step, and yield its result when it ends; `lanes` has how many steps each lane takes at once."""
    waiting, ended = list(steps), set[str]()
    running: list[Running] = []
    start = time.monotonic()
    try:
        while waiting or running:
            for step in list(waiting):
                used = sum(one.step.lane == step.lane for one in running)
                if used < lanes[step.lane] and ended.issuperset(step.after):
                    waiting.remove(step)
                    report_begin(step)
                    running.append(_begin(step, logs))
            if not running:
                raise ValueError(f"nothing ends before {', '.join(step.name for step in waiting)}")
            for one in [one for one in running if one.has_ended()]:
                running.remove(one)
                ended.add(one.step.name)
                yield one.result(start)
            time.sleep(PAUSE)
    finally:
        for one in running:
            one.stop()


def _begin(step: Step, logs: Path) -> Running:
    """Start a step in a process group of its own."""
    log = logs / f"{re.sub(r'[^a-z0-9.]+', '-', step.name)}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            step.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Running(step, process, time.monotonic(), log)
