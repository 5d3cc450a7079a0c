"""Runs all that `make test` has, prints how long each step took, and closes with one line for all."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from schedule import Result, run_all
from steps import LANES, ROOT, steps

KEPT = ROOT / ".cache" / "test"  # a log a step, and times.tsv


def main() -> int:
    """Run everything; 1 where anything failed."""
    # Who stops this stops its steps.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    os.chdir(ROOT)
    os.environ["COLUMNS"] = "160"  # molecule breaks its lines there
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    start, was_busy = time.monotonic(), busy_seconds()

    def say(text: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - start), 60)
        print(f"{minutes:02}:{seconds:02}  {text}", flush=True)

    results = []
    for result in run_all(
        steps(), LANES, KEPT, report_begin=lambda step: say(f"…       {step.name}")
    ):
        results.append(result)
        say(row(result))
        if not result.has_passed:
            print(result.log.read_text(errors="replace"), flush=True)
    whole = time.monotonic() - start
    share = (busy_seconds() - was_busy) / whole / (os.cpu_count() or 1)
    keep(results)
    print("", *map(row, sorted(results, key=lambda result: -result.seconds)), sep="\n")
    print(f"\nTook {whole:.0f} s, with the processors busy for {share:.0%} of it")
    failed = sum(result.failed for result in results)
    print(f"{sum(result.passed for result in results)} passed, {failed} failed")
    return 1 if failed else 0


def row(result: Result) -> str:
    """Return a result as a line."""
    outcome = "passed" if result.has_passed else "FAILED"
    return f"{outcome}  {result.seconds:4.0f} s  {result.step.name}"


def keep(results: Sequence[Result]) -> None:
    """Write the times where the next reader finds them."""
    lines = ["step\toutcome\tbegan\tseconds", *_lines(results)]
    (KEPT / "times.tsv").write_text("\n".join(lines) + "\n")


def _lines(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        outcome = "passed" if result.has_passed else "failed"
        yield f"{result.step.name}\t{outcome}\t{result.began:.0f}\t{result.seconds:.0f}"


def busy_seconds() -> float:
    """Return for how many seconds this machine's processors have worked since it started."""
    user, nice, system = Path("/proc/stat").read_text().split()[1:4]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
