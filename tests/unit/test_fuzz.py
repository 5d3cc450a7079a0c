"""The quick part of `make fuzz`: no input crashes or hangs the core."""

from __future__ import annotations

import pytest
from fuzz.run import SLOWEST, fuzz


@pytest.mark.parametrize("seed", range(1000, 1004))
def test_no_input_crashes_or_hangs_the_core(seed: int) -> None:
    tally = fuzz(seed, 500)
    assert tally.failures == []
    assert sum(tally.counts.values()) == 500
    assert max(tally.longest.values()) < SLOWEST


def test_a_crash_and_a_hang_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_random: object) -> tuple[object, object]:
        return "the input", lambda: {}["x"]

    def hang(_random: object) -> tuple[object, object]:
        def forever() -> None:
            while True:
                pass

        return "the input", forever

    monkeypatch.setattr("fuzz.run.SHARES", ((crash, 500), (hang, 500)))
    monkeypatch.setattr("fuzz.run.GIVE_UP", 1)
    tally = fuzz(0, 2)
    crashed, hung = tally.failures
    assert "the input" in crashed
    assert "KeyError" in crashed
    assert "Hung" in hung
