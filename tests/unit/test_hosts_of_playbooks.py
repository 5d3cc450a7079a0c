"""Which hosts a playbook runs on: a pattern that names nothing is refused, one that `--limit` empties isn't."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from filters import filter_of

from playbooks import everything_printed, run

GROUPS = {"all": ["web1", "web2", "db"], "ungrouped": [], "proxies": ["web1", "web2"], "empty": []}
PLAYBOOKS = ("adopt", "check", "explain", "releases", "remove", "rollback", "site")


def hosts(*patterns: Any, groups: Any = None, given: Any = None, **options: Any) -> list[str]:
    """Return what the lookup returns."""
    # It shows Ansible the collection.
    filter_of("problems")
    found: list[str] = lookup_loader.get("gatehouse.apache.hosts", loader=DataLoader()).run(
        [*patterns],
        variables={"groups": GROUPS if groups is None else groups, **(given or {})},
        **options,
    )
    return found


@pytest.mark.parametrize(
    "pattern",
    ["all", "proxies", "web1", "proxies:!web1", "all:&proxies", "w*", "~^d", "web1,web2", "proxies[0]", "localhost"],
)  # fmt: skip
def test_a_pattern_that_matches_is_left_as_it_is(pattern: str) -> None:
    assert hosts(pattern) == [pattern]


def test_a_list_of_patterns_is_one() -> None:
    assert hosts(["web1", "proxies"]) == ["web1", "proxies"]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("proxy", '"proxy" matches no host of the inventory; write `proxies`'),
        ("web3", '"web3" matches no host of the inventory; write `web2`'),
        ("web1,wbe2", '"wbe2" matches no host of the inventory; write `web2`'),
        ("nope", '"nope" matches no host of the inventory; write the name of a host or of a group that has some'),
        ("empty", '"empty" matches no host of the inventory; write the name'),
        ("x*", '"x*" matches no host of the inventory; write the name'),
        ("web1:!proxies", '"web1:!proxies" matches no host of the inventory; write the name'),
    ],
)  # fmt: skip
def test_a_pattern_that_names_nothing_is_refused(pattern: str, words: str) -> None:
    with pytest.raises(AnsibleError) as refusal:
        hosts(pattern)
    assert f"apache_hosts: {words}" in str(refusal.value)


def test_an_inventory_without_hosts_is_named() -> None:
    with pytest.raises(AnsibleError, match="the inventory has no hosts; name one that has some"):
        hosts("all", groups={"all": [], "ungrouped": []})


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("apache_relase", "apache_release"),
        ("apache_onwer", "apache_owner"),
        ("apache_host", "apache_hosts"),
        ("apche_serial", "apache_serial"),
        ("apache_cut_connection", "apache_cut_connections"),
        ("apache_check_paht", "apache_check_path"),
        ("apache_role_sate", "apache_role_state"),
    ],
)
def test_a_misspelt_variable_is_refused(slip: str, meant: str) -> None:
    with pytest.raises(AnsibleError, match=f"{slip}: no variable .* but one is `{meant}`"):
        hosts("all", given={slip: "x"})


def test_other_variables_are_nobodys_concern() -> None:
    given = {"apache_release": "x", "apache_version": "2.4", "omit": "y", "release": "z"}
    assert hosts("all", given=given) == ["all"]


def test_only_a_play_for_all_owners_takes_none() -> None:
    given = {"apache_owner": "shop"}
    assert hosts("all", given=given) == ["all"]
    with pytest.raises(
        AnsibleError, match=r'apache_owner: "shop" is given.*`apache_role_state: absent`'
    ):
        hosts("all", given=given, of_all_owners=True)
    assert hosts("all", given={"apache_owner": ""}, of_all_owners=True) == ["all"]


@pytest.mark.playbook
@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_no_playbook_takes_a_misspelt_variable(project: Path, playbook: str) -> None:
    (project / "hosts").write_text("web1\n")
    words = ("-i", "hosts", "-e", "apache_hosts=web1", "-e", "apache_relase=x")
    printed = everything_printed(project, playbook, *words)
    assert "apache_relase: no variable of Gatehouse has this name" in printed
    assert "TASK" not in printed


@pytest.mark.playbook
def test_a_removal_takes_no_owner(project: Path) -> None:
    (project / "hosts").write_text("web1\n")
    words = ("-i", "hosts", "-e", "apache_hosts=web1", "-e", "apache_owner=shop")
    printed = everything_printed(project, "remove", *words)
    assert "with every owner's sites" in printed
    assert "TASK" not in printed


@pytest.mark.playbook
@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_no_playbook_ends_well_without_its_hosts(project: Path, playbook: str) -> None:
    (project / "hosts").write_text("web1\n")
    status, _printed = run(project, playbook, "-i", "hosts", "-e", "apache_hosts=nope")
    assert status != 0


@pytest.mark.playbook
def test_the_syntax_is_checked_without_an_inventory(project: Path) -> None:
    assert run(project, "site", "--syntax-check")[0] == 0


@pytest.mark.playbook
def test_a_limit_that_leaves_none_of_the_hosts_is_no_mistake(project: Path) -> None:
    (project / "hosts").write_text("web1\nweb2\n")
    words = ("-i", "hosts", "-e", "apache_hosts=web1", "--limit", "web2")
    status, printed = run(project, "check", *words)
    assert status == 0
    assert "no hosts matched" in printed
