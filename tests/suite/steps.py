"""The steps of `make test`, and which of them go side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from schedule import Step

ROOT = Path(__file__).resolve().parents[2]

# What computes goes one by one; what asks a server mostly waits, so several share a processor.
LANES = {"processor": 1, "engine": 3}
# Scenarios that take long begin first.
LONG = ("commit", "ssl", "acme", "fleet", "http2", "single_role", "adopt")
# Scenarios that are cheap run with the oldest supported ansible-core too.
OLDEST_CORE = ("rejected", "fleet")


def steps() -> list[Step]:
    """Return every step; of those that may begin, the first begins."""
    found = [*_preparing(), *_computing(), *_asking()]
    # It removes the network, which others would miss.
    everything = tuple(step.name for step in found)
    return [*found, make("demo-down", "demo-down", lane="engine", after=everything)]


def _preparing() -> Iterator[Step]:
    """Yield what the others need."""
    yield make("environment", ".venv/made", lane="processor")
    yield make("images", "images", lane="engine")


def _computing() -> Iterator[Step]:
    """Yield what needs no container."""
    for name in ("unit", "lint", "types", "contract", "package", "sanity"):
        step = make(name, name, lane="processor", after=("environment",))
        # All wait for the scenarios in the end, which go first.
        yield replace(step, command=("nice", *step.command))
        if name == "unit":
            yield make("environment 2.18", ".cache/venv-2.18/made", lane="processor")


def _asking() -> Iterator[Step]:
    """Yield what asks servers in containers."""
    names = sorted(path.parent.name for path in ROOT.glob("molecule/*/molecule.yml"))
    ready = ("environment", "images")
    for name in sorted(names, key=lambda name: LONG.index(name) if name in LONG else len(LONG)):
        yield scenario(name, "molecule", after=ready)
    for part, tag in (("1/2", "debian12"), ("2/2", "debian13")):
        words = (f"TAG={tag}", f"PART={part}")
        yield make(f"httpd {tag}", "httpd", *words, lane="engine", after=("images",))
    for name in OLDEST_CORE:
        # The same containers: one after the other.
        after = ("environment 2.18", f"molecule {name}")
        yield scenario(name, "molecule-2.18", after=after)
    yield make("demo", "demo", lane="engine", after=ready)


def make(name: str, *targets: str, lane: str, after: tuple[str, ...] = ()) -> Step:
    """Return a step that makes a target."""
    return Step(name, ("make", "--no-print-directory", *targets), lane, after)


def scenario(name: str, target: str, *, after: tuple[str, ...]) -> Step:
    """Return a step that runs a scenario."""
    return make(f"{target} {name}", target, f"SCENARIO={name}", lane="engine", after=after)
