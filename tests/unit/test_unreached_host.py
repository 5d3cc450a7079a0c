"""Which hosts stay as they are where one can't be reached."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleConnectionFailure
from filters import plugin_module

unreached_host = plugin_module("plugin_utils.unreached_host")
ALL = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (["a"], "a can't be reached; with it the run ends, and b, c and d stay as they are: "),
        (["c"], "c can't be reached; with it the run ends, and d stays as it is: "),
        (["a", "b", "c"], "a can't be reached; unless b or c of its batch can be, the run ends with it, and d stays"),
        (["c", "d"], ""),
        (ALL, ""),
        ([], ""),
    ],
)  # fmt: skip
def test_the_hosts_of_the_batches_to_come_are_named(batch: list[str], said: str) -> None:
    task_vars = {
        "inventory_hostname": (batch or ["a"])[0],
        "ansible_play_batch": batch,
        "ansible_play_hosts_all": ALL,
    }
    found = unreached_host.of_the_rest(task_vars)
    assert found.startswith(said) if said else found == ""


def test_of_many_hosts_a_few_are_named() -> None:
    hosts = [f"h{number}" for number in range(20)]
    task_vars = {
        "inventory_hostname": "h0",
        "ansible_play_batch": ["h0"],
        "ansible_play_hosts_all": hosts,
    }
    assert "h1, h2, h3, h4, h5 and 14 more stay" in unreached_host.of_the_rest(task_vars)


@pytest.mark.parametrize(
    ("batch", "may_change", "said"),
    [
        (["d"], False, "d can't be reached, and stays as it is; see whether it is up"),
        (["d"], True, "d can't be reached, and stays as it is, unless the task had begun there"),
        (["a"], True, "a can't be reached; with it the run ends"),
    ],
)
def test_of_the_last_batch_the_host_itself_is_named(
    batch: list[str], may_change: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(unreached_host.Display, "warning", lambda _self, text: warned.append(text))
    task_vars = {
        "inventory_hostname": batch[0],
        "ansible_play_batch": batch,
        "ansible_play_hosts_all": ALL,
    }
    with (
        pytest.raises(AnsibleConnectionFailure),
        unreached_host.telling_of_the_rest(task_vars, may_change=may_change),
    ):
        raise AnsibleConnectionFailure("no way")
    (warning,) = warned
    assert warning.startswith(said)


def test_the_failure_goes_on() -> None:
    with pytest.raises(AnsibleConnectionFailure), unreached_host.telling_of_the_rest(None):
        raise AnsibleConnectionFailure("no way")
