"""Which hosts a playbook runs on: a pattern that names nothing is refused, one that `--limit` empties isn't."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from filters import filter_of

from playbooks import run

GROUPS = {"all": ["web1", "web2", "db"], "ungrouped": [], "proxies": ["web1", "web2"], "empty": []}
PLAYBOOKS = ("adopt", "check", "explain", "releases", "remove", "rollback", "site")


def hosts(*patterns: Any, groups: Any = None) -> list[str]:
    """Return what the lookup returns."""
    # It shows Ansible the collection.
    filter_of("problems")
    found: list[str] = lookup_loader.get("gatehouse.apache.hosts", loader=DataLoader()).run(
        [*patterns], variables={"groups": GROUPS if groups is None else groups}
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
