"""What a play of one's own is told of its run: what all of its commits did, and nothing of changes where it doesn't say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from filters import plugin_module
from module_utils._httpd.deployment.closing_words import closing_words
from module_utils._httpd.deployment.deployed_host import host_from_plain

SERVES: dict[str, Any] = {
    "release": "0f3e",
    "previous": "8d1f",
    "sites": [],
    "backends": [],
    "certificates": [],
}
DONE = {
    "changed": True,
    "release": "0f3e",
    "previous": "8d1f",
    "what": "+ a",
    "action": "reload",
    "play": "play",
}
NOTHING = {"changed": False, "release": "0f3e", "previous": "0f3e", "action": "none"}
SETTLED = {"needs_commit": False, "release": "0f3e"}


def told(monkeypatch: pytest.MonkeyPatch, serves: dict[str, Any] | None = None, **args: Any) -> str:
    """Return the first line of the report on what `deployed_info` returns for these arguments."""
    module = plugin_module("action.deployed_info")
    monkeypatch.setattr(ActionBase, "run", lambda *_words: {})
    action = module.ActionModule.__new__(module.ActionModule)
    play = SimpleNamespace(_uuid="play")
    action._task = SimpleNamespace(args=args, check_mode=False, get_play=lambda: play)
    monkeypatch.setattr(
        module.ActionModule, "_execute_module", lambda *_words, **_named: serves or SERVES
    )
    host = host_from_plain(action.run(task_vars={}))
    return closing_words({"h": host}, command="").splitlines()[0]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        pytest.param({}, "h: release 0f3e serves", id="nothing is said of the run"),
        pytest.param({"staged": SETTLED}, "h: release 0f3e, nothing was changed", id="settled"),
        pytest.param(
            {"staged": {"needs_commit": True}, "committed": DONE},
            "h: release 0f3e: + a; the server was reloaded",
            id="a commit",
        ),
        pytest.param(
            {"staged": SETTLED, "committed": DONE},
            "h: release 0f3e: + a; the server was reloaded",
            id="the last role of several had nothing to stage",
        ),
        pytest.param(
            {"staged": SETTLED, "committed": {**DONE, "play": "earlier"}},
            "h: release 0f3e, nothing was changed",
            id="an earlier play's commit",
        ),
        pytest.param(
            {"staged": {"needs_commit": True}, "committed": {**NOTHING, "of_play": DONE}},
            "h: release 0f3e: + a; the server was reloaded",
            id="the last commit of several found nothing",
        ),
    ],
)
def test_the_report_says_what_the_run_did(
    args: dict[str, Any], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(monkeypatch, **args) == line


def test_of_a_run_that_nobody_knows_only_what_serves_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped = told(monkeypatch, {**SERVES, "is_stopped": True})
    assert stopped == "h: the server is stopped, with release 0f3e"
    assert told(monkeypatch, {**SERVES, "release": ""}) == "h: no release serves"
    assert told(monkeypatch, {"msg": "it isn't there"}) == "h: no answer"


def test_commits_of_a_play_are_told_together(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = plugin_module("plugin_utils.play_commits").noted
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    assert noted("play", "h", NOTHING) == {}
    assert noted("play", "h", DONE) == {}
    assert noted("other", "h", NOTHING) == {}
    assert noted("play", "h", {"failed": True}) == {}
    first = noted("play", "h", NOTHING)
    assert (first["what"], first["action"], first["previous"]) == ("+ a", "reload", "8d1f")
    second = {**DONE, "release": "ee", "previous": "0f3e", "what": "- b", "action": "restart"}
    both = noted("play", "h", {**second, "warnings": ["look"]})
    assert both == noted("play", "h", NOTHING)
    assert (both["release"], both["previous"]) == ("ee", "8d1f")
    assert (both["what"], both["action"], both["warnings"]) == ("+ a; - b", "restart", ["look"])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, "`deployed` is missing"),
        ({"deployed": "x"}, "`deployed` is no mapping"),
        ({"deployed": {"release": "0f3e"}}, "`deployed` has `release`, which is no host"),
    ],
)
def test_a_report_without_results_by_host_says_what_to_write(
    args: dict[str, Any], words: str
) -> None:
    results_by_host = plugin_module("plugin_utils.host_results").results_by_host
    with pytest.raises(AnsibleActionFail, match=words) as refusal:
        results_by_host(args, "deployed", module="deployed_info")
    assert 'write `deployed: "{{ {inventory_hostname: RESULT} }}"`' in str(refusal.value)


@pytest.mark.parametrize("name", ["deployed_report", "check_report"])
def test_no_action_that_prints_is_without_its_results(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = plugin_module(f"action.{name}")
    monkeypatch.setattr(ActionBase, "run", lambda *_words: {})
    action = module.ActionModule.__new__(module.ActionModule)
    action._task = SimpleNamespace(args={}, check_mode=False)
    with pytest.raises(AnsibleActionFail, match="is missing"):
        action.run(task_vars={})


def test_what_roles_register_is_no_other_variable() -> None:
    others = plugin_module("plugin_utils.controller").of_like_names
    names = ("apache_staged", "apache_committed", "apache_stage", "apache_owner", "x")
    assert others(("apache_owner",), names) == {"apache_stage": None}
