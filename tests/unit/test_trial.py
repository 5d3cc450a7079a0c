"""Modules that would take their first configuration for a trial are loaded by a reload of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from module_utils._host.machine import processes
from module_utils._host.machine.changes import Change
from module_utils._host.machine.files import ABSENT, link_to
from module_utils._host.swap import proof, trial
from module_utils._host.swap.trial import trials, try_modules
from module_utils._httpd.vocabulary.layout import DEBIAN

NOBODY = proof.Running(1, frozenset())


@pytest.mark.parametrize(
    ("modules", "loaded", "expected"),
    [
        pytest.param({"http2_module", "ssl_module"}, {"ssl"}, ("http2",), id="new"),
        pytest.param({"http2_module", "md_module"}, {"http2"}, ("md",), id="one of two"),
        pytest.param({"http2_module"}, {"http2"}, (), id="loaded"),
        pytest.param({"ssl_module"}, set(), (), id="another"),
        pytest.param(set(), {"http2"}, (), id="to be unloaded"),
    ],
)
def test_module_is_tried_once(
    modules: set[str], loaded: set[str], expected: tuple[str, ...]
) -> None:
    assert trials(modules, loaded) == expected


def test_only_what_loads_them_is_changed_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("ssl.load", "http2.load", "http2.conf", "current")
    changes = tuple(Change(str(tmp_path / name), ABSENT, link_to("x")) for name in names)
    seen: list[list[str]] = []
    monkeypatch.setattr(trial.systemd, "act", lambda *_: seen.append(os.listdir(tmp_path)) or "")
    monkeypatch.setattr(trial.proof, "prove", lambda *_, **_options: "")
    assert try_modules(("http2",), changes, before=NOBODY, pid_file="", layout=DEBIAN) == ""
    assert seen == [["http2.load"]]


def test_what_a_reload_lacks_is_told_with_systemds_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial.systemd, "act", lambda *_: "it failed")
    monkeypatch.setattr(trial.proof, "prove", lambda *_, **_options: "no children")
    failure = try_modules(("md",), (), before=NOBODY, pid_file="", layout=DEBIAN)
    assert failure == "no children (it failed)"


def test_process_without_httpd_has_no_modules() -> None:
    assert processes.loaded_modules(os.getpid()) == frozenset()
    assert processes.loaded_modules(0) == frozenset()
