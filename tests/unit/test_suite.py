"""The suite runs every step, side by side where nothing speaks against it, and counts what became of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from schedule import Result, Step, run_all
from steps import LANES, ROOT, steps

# Each waits for the other's file, so they end only where both run at once.
MEET = """
import pathlib, sys, time
own, other = map(pathlib.Path, sys.argv[1:])
own.touch()
deadline = time.monotonic() + 60
while not other.exists():
    assert time.monotonic() < deadline
    time.sleep(0.01)
"""


def python(name: str, code: str, *words: str, after: tuple[str, ...] = ()) -> Step:
    """Return a step that runs Python."""
    return Step(name, (sys.executable, "-c", code, *words), "one", after)


def results_of(logs: Path, *steps: Step, width: int = 1) -> list[Result]:
    """Run steps in one lane."""
    return list(run_all(steps, {"one": width}, logs, report_begin=lambda _step: None))


def names(results: Sequence[Result]) -> list[str]:
    """Return the steps in the order in which they ended."""
    return [result.step.name for result in results]


def test_every_step_runs_whatever_became_of_the_others(tmp_path: Path) -> None:
    bad, next_one = python("bad", "raise SystemExit(1)"), python("next", "", after=("bad",))
    results = results_of(tmp_path, next_one, bad)
    assert [(result.step.name, result.has_passed) for result in results] == [
        ("bad", False),
        ("next", True),
    ]


def test_who_stops_the_suite_stops_its_steps(tmp_path: Path) -> None:
    beats = (
        "import pathlib, sys, time\nwhile True: pathlib.Path(sys.argv[1]).touch(); time.sleep(0.01)"
    )
    file = tmp_path / "beat"
    steps = (
        python("endless", beats, str(file)),
        python("short", MEET, str(tmp_path / "x"), str(file)),
    )
    running = run_all(steps, {"one": 2}, tmp_path, report_begin=lambda _step: None)
    assert next(running).step.name == "short"
    running.close()
    file.unlink()
    time.sleep(0.2)
    assert not file.exists()


def test_a_step_that_takes_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedule.PATIENCE", 0.2)
    (result,) = results_of(tmp_path, python("endless", "import time; time.sleep(60)"))
    assert (result.has_passed, result.failed) == (False, 1)
    assert "Stopped after 0.2 seconds" in result.log.read_text()


def test_a_wide_lane_takes_several_at_once(tmp_path: Path) -> None:
    files = str(tmp_path / "a"), str(tmp_path / "b")
    both = python("a", MEET, *files), python("b", MEET, *reversed(files))
    assert all(result.has_passed for result in results_of(tmp_path, *both, width=2))


def test_a_narrow_lane_takes_one_after_the_other(tmp_path: Path) -> None:
    once = "import pathlib, sys, time; p = pathlib.Path(sys.argv[1]); p.mkdir(); time.sleep(0.1); p.rmdir()"
    both = [python(name, once, str(tmp_path / "busy")) for name in ("a", "b")]
    assert all(result.has_passed for result in results_of(tmp_path, *both))


def test_a_step_waits_for_those_it_comes_after(tmp_path: Path) -> None:
    late = python("late", "", after=("slow",))
    slow = python("slow", "import time; time.sleep(0.2)")
    assert names(results_of(tmp_path, late, slow, width=2)) == ["slow", "late"]


def test_steps_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing ends before a, b"):
        results_of(tmp_path, python("a", "", after=("b",)), python("b", "", after=("a",)))


@pytest.mark.parametrize(
    ("code", "passed", "failed"),
    [
        pytest.param("print('== 12 passed in 1 s'); print('3 passed')", 15, 0, id="tests"),
        pytest.param("print('2 failed, 5 passed'); raise SystemExit(1)", 5, 2, id="failed tests"),
        pytest.param("", 1, 0, id="no tests"),
        pytest.param("print('7 passed'); raise SystemExit(1)", 7, 1, id="failed after its tests"),
    ],
)
def test_counted_are_tests_and_steps_without_any(
    tmp_path: Path, code: str, passed: int, failed: int
) -> None:
    (result,) = results_of(tmp_path, python("step", code))
    assert (result.passed, result.failed) == (passed, failed)


def test_each_log_has_its_step_alone(tmp_path: Path) -> None:
    steps = [python(f"step {name}", f"print('{name}')") for name in ("a", "b")]
    logs = {
        result.step.name: result.log.read_text() for result in results_of(tmp_path, *steps, width=2)
    }
    assert logs == {"step a": "a\n", "step b": "b\n"}


def test_every_scenario_is_run() -> None:
    scenarios = {path.parent.name for path in ROOT.glob("molecule/*/molecule.yml")}
    assert {f"molecule {name}" for name in scenarios} <= {step.name for step in steps()}


def test_steps_wait_for_steps_before_them_and_go_in_lanes_that_exist() -> None:
    known = set[str]()
    for step in steps():
        assert known.issuperset(step.after), step
        assert step.lane in LANES
        assert step.name not in known
        known.add(step.name)


def test_scenarios_of_the_same_containers_go_one_after_the_other() -> None:
    by_name = {step.name: step for step in steps()}
    older = [name for name in by_name if name.startswith("molecule-2.18 ")]
    assert older
    for name in older:
        assert name.replace("-2.18", "") in by_name[name].after
