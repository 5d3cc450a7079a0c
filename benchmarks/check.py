"""Measures reading, checking and resolving by the number of virtual hosts, in processor seconds of one core."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from former import PRESENT, states

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "plugins"))

# The path to them is made just above.
from module_utils._httpd.checking.configuration import read_configuration  # noqa: E402
from module_utils._httpd.reading.environment import Environment  # noqa: E402
from module_utils._httpd.resolve.request import Request  # noqa: E402
from module_utils._httpd.resolve.resolver import Resolver  # noqa: E402

RULES = 5  # of each virtual host
ROUNDS = 3
TARGET = "/x?q=1"  # the last rule takes it: every rule is tried
SECONDS_BOUND = 6.0
RATIO_BOUND = 1.5

Seconds = dict[str, dict[int, float]]  # by work and by virtual hosts


def main() -> None:
    """Measure, print and write the results; fail where a bound is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", metavar="REVISION", help="measure that state too, in turns")
    revision = parser.parse_args().against
    with states(revision) as checkouts:
        seconds = _measured(checkouts)
    text = "\n".join((*_results(seconds), ""))
    (HERE / "CHECK.md").write_text(text)
    print(text)
    sys.exit(any(map(_is_exceeded, seconds[PRESENT].values())))


def _measured(checkouts: Mapping[str, Path]) -> dict[str, Seconds]:
    """Return the least of some rounds by state, which take turns: what else the machine does can only add to it."""
    least: dict[str, Seconds] = {}
    for number in range(1, ROUNDS + 1):
        for state, checkout in checkouts.items():
            print(f"round {number}: {state}", file=sys.stderr)
            for work, by_size in _round(checkout).items():
                known = least.setdefault(state, {}).setdefault(work, {})
                for size, seconds in by_size.items():
                    known[size] = min(seconds, known.get(size, seconds))
    return least


def _round(checkout: Path) -> Seconds:
    """Measure a checkout once, in a process of its own."""
    command = [sys.executable, str(HERE / "check_round.py"), str(checkout)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return {
        work: {int(size): seconds for size, seconds in by_size.items()}
        for work, by_size in json.loads(done.stdout).items()
    }


def _check(text: str) -> None:
    """Read a text to the end, and try every rule on it."""
    read_configuration(text, "httpd.conf", Environment(version=(2, 4, 62), modules=frozenset()))


def _check_and_resolve(text: str) -> None:
    """Do the same, then decide a request to every virtual host."""
    environment = Environment(version=(2, 4, 62), modules=frozenset())
    resolver = Resolver(read_configuration(text, "httpd.conf", environment).server)
    for number in range(text.count("<VirtualHost ")):
        resolver.resolve(Request(TARGET, f"shop{number}.example.com", address="10.9.9.9"))


def _growth(by_size: Mapping[int, float]) -> float:
    """Return by how much a rule costs more at the largest size than at the smallest."""
    small, large = min(by_size), max(by_size)
    return (by_size[large] / large) / (by_size[small] / small)


def _is_exceeded(by_size: Mapping[int, float]) -> bool:
    return by_size[max(by_size)] > SECONDS_BOUND or _growth(by_size) > RATIO_BOUND


def _results(seconds: Mapping[str, Seconds]) -> Iterator[str]:
    """Yield the lines of CHECK.md."""
    yield "# What checking costs\n"
    yield f"Written by `benchmarks/check`: Python {platform.python_version()} on {platform.machine()}, processor seconds of"
    yield f"one core, the least of {ROUNDS} rounds. Each virtual host has {RULES} rules, a balancer of two members, a"
    yield "rewrite and a location. Resolving decides a request to each virtual host that tries"
    yield "all of its rules.\n"
    yield from _table(seconds[PRESENT])
    for state in seconds:
        if state != PRESENT:
            yield ""
            yield from _comparison(state, seconds[state], seconds[PRESENT])
    yield ""
    for work, by_size in seconds[PRESENT].items():
        yield (
            f"- {work}: {by_size[max(by_size)]:.2f} s (bound {SECONDS_BOUND:.0f} s), a rule costs "
            f"{_growth(by_size):.2f} times as much (bound {RATIO_BOUND})"
        )


def _table(present: Seconds) -> Iterator[str]:
    """Yield what the present state costs."""
    yield "| work | virtual hosts | rules | seconds | µs a rule |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for work, by_size in present.items():
        for size, seconds in by_size.items():
            rules = size * RULES
            yield f"| {work} | {size:,} | {rules:,} | {seconds:.2f} | {seconds / rules * 1e6:.0f} |"


def _comparison(state: str, former: Seconds, present: Seconds) -> Iterator[str]:
    """Yield what a former state costs, measured in turns with the present one."""
    yield f"The state `{state}` took turns with it:\n"
    yield "| work | virtual hosts | seconds then | seconds now | ratio |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for work, by_size in former.items():
        for size, then in by_size.items():
            now = present[work][size]
            yield f"| {work} | {size:,} | {then:.2f} | {now:.2f} | {now / then:.2f} |"


if __name__ == "__main__":
    main()
