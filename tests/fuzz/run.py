"""Tries inputs on every target: `run.py COUNT [SEED]`; prints the counts, and fails for a crash or a second's delay."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

sys.path[:0] = [str(Path(__file__).parents[2] / "plugins"), str(Path(__file__).parents[1])]

from fuzz.targets import SHARES, Target  # noqa: E402

SLOWEST = 1.0  # seconds of processor
GIVE_UP = 20  # seconds, after which an input is taken to hang
CHUNK = 1000


class Hung(BaseException):
    """An input that takes too long to be waited for."""


@dataclass
class Tally:
    """How many inputs each target took, the longest time of one, and what went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add another's counts."""
        self.counts += other.counts
        self.failures += other.failures
        for name, seconds in other.longest.items():
            self.longest[name] = max(seconds, self.longest.get(name, 0.0))


def main() -> None:
    """Run the chunks on every core."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    tally = Tally()
    with multiprocessing.Pool() as pool:
        for part in pool.imap_unordered(fuzz, range(seed, seed + -(-count // CHUNK))):
            tally.add(part)
    print("\n\n".join(tally.failures[:20]))
    for name, inputs in sorted(tally.counts.items()):
        print(f"{name}: {inputs:,} inputs, the longest {tally.longest[name]:.3f} s")
    print(f"{sum(tally.counts.values()):,} inputs, {len(tally.failures)} failures")
    sys.exit(bool(tally.failures))


def fuzz(seed: int, count: int = CHUNK) -> Tally:
    """Try `count` inputs that follow from a seed."""
    tally, random = Tally(), Random(seed)
    signal.signal(signal.SIGALRM, _hung)
    for target in _targets(count):
        drawn, work = target(random)
        began = time.process_time()
        failure = _failure(work)
        seconds = time.process_time() - began
        if not failure and seconds > SLOWEST:
            failure = f"took {seconds:.2f} s"
        if failure:
            tally.failures.append(f"{target.__name__}, seed {seed}: {drawn!r}\n{failure}")
        tally.counts[target.__name__] += 1
        tally.longest[target.__name__] = max(seconds, tally.longest.get(target.__name__, 0.0))
    return tally


def _targets(count: int) -> Iterator[Target]:
    for target, share in SHARES:
        yield from [target] * (count * share // 1000)


def _failure(work: object) -> str:
    """Return the traceback of a crash; empty for none."""
    signal.alarm(GIVE_UP)
    try:
        work()  # type: ignore[operator]
    except (Exception, Hung):  # whatever it is, it is what is looked for
        return traceback.format_exc(limit=-4)
    finally:
        signal.alarm(0)
    return ""


def _hung(_number: int, _frame: FrameType | None) -> None:
    raise Hung(f"more than {GIVE_UP} s")


if __name__ == "__main__":
    main()
