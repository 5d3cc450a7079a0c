"""What a commit makes of a host's configuration, it makes once: counted, with nothing replaced."""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.commit.removal import plan_removal
from module_utils._host.configuration import disk
from module_utils._host.draft import distribution
from module_utils._host.draft.draft_problems import host_problems
from module_utils._host.machine.changes import apply
from module_utils._httpd.reading.expand import expand, expand_branches
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.frame import compile_release
from module_utils._httpd.release.part import Part
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.tree import walk

OWN = "<VirtualHost *:80>\n  ServerName own.example.com\n</VirtualHost>\n"
CERTIFIED = {"ssl": {"certificate_file": "/nonexistent/a.pem", "certificate_key_file": "/nonexistent/a.key"}}  # fmt: skip


class Calls:
    """How often functions are called, wherever they were imported, and what they returned."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.results: dict[str, list[Any]] = {}

    def count(self, *functions: Callable[..., Any]) -> None:
        """Count the calls of functions from now on."""
        for function in functions:
            counted = self._counted(function)
            for name, module in list(sys.modules.items()):
                if name.startswith("module_utils."):
                    for key, value in list(vars(module).items()):
                        if value is function:
                            self.monkeypatch.setattr(module, key, counted)

    def of(self, *functions: Callable[..., Any]) -> int:
        """Return how often functions were called."""
        return sum(len(self.results.get(function.__name__, ())) for function in functions)

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def counted(*args: Any, **options: Any) -> Any:
            result = function(*args, **options)
            self.results.setdefault(function.__name__, []).append(result)
            return result

        return counted


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The calls of what costs most."""
    calls = Calls(monkeypatch)
    calls.count(expand, expand_branches, view, compile_release)
    return calls


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host with a site of its own."""
    host = Host(tmp_path)
    host.write("sites-enabled/own.conf", OWN)
    return host


def commit(host: Host, parts: tuple[Part, ...]) -> list[str]:
    """Do what a commit does before the shadow; return the errors that are met."""
    draft = host.draft(parts)
    if not draft.changes:
        host_problems(draft)
        return []
    plan = host.plan(draft)
    problems = (*plan.problems, *host_problems(draft))
    host.make(draft)
    return [problem.rule for problem in problems if problem.severity == "error"]


def whole(calls: Calls) -> int:
    """Count the expansions in which a virtual host of Gatehouse's has its insides."""
    trees = [expansion.tree for expansion in calls.results["expand_branches"]]
    return sum("10.0.0.1:8080" in str([*walk(tree)]) for tree in trees)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param([], [vhost()], id="a first commit"),
        pytest.param([vhost()], [vhost(), vhost("b.example.com")], id="another virtual host"),
        pytest.param([vhost()], [vhost(listen=[8443])], id="another address"),
        pytest.param([vhost()], [vhost(ssl="self_signed")], id="modules to come"),
    ],
)
def test_a_commit_expands_what_is_and_what_will_be(
    host: Host, calls: Calls, first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    if first:
        commit(host, parts_of(*first))
    parts = parts_of(*second)
    calls.results.clear()
    assert commit(host, parts) == []
    assert calls.of(expand, expand_branches) == calls.of(view) == 2
    assert calls.of(compile_release) == 2


def test_a_settled_host_is_expanded_once_without_its_virtual_hosts(
    host: Host, calls: Calls
) -> None:
    parts = parts_of(vhost())
    commit(host, parts)
    calls.results.clear()
    commit(host, parts)
    assert calls.of(expand, expand_branches) == calls.of(view) == 1
    assert (whole(calls), calls.of(compile_release)) == (0, 2)


def test_errors_have_both_configurations_expanded_whole_and_each_once(
    host: Host, calls: Calls
) -> None:
    commit(host, parts_of(vhost()))
    host.write("sites-enabled/own.conf", OWN.replace("own.", "shop."))
    parts = parts_of(vhost(), vhost("b.example.com", **CERTIFIED))
    calls.results.clear()
    # The name that is served twice is live already; the certificate isn't.
    assert commit(host, parts) == ["certificate-unreadable"]
    assert (whole(calls), calls.of(expand, expand_branches)) == (2, 3)


def test_each_file_is_read_once_and_parsed_once_an_expansion(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(host, parts_of(vhost()))
    calls = Calls(monkeypatch)
    calls.count(parse_tree)
    read: Counter[str] = Counter()
    real = disk._text

    def text(path: str) -> str:
        read[path] += 1
        return real(path)

    monkeypatch.setattr(disk, "_text", text)
    draft = host.draft(parts_of(vhost(), vhost("b.example.com")))
    host.plan(draft)
    assert set(read.values()) == {1}
    assert f"{host.root}/sites-enabled/own.conf" in read
    assert not any(path.startswith(f"{host.root}/gatehouse") for path in read)
    # As it is with one release, as it will be with the other; the whole of neither is asked for again.
    assert calls.of(parse_tree) <= 2 * (len(read) + 5)


def test_a_removal_reads_each_file_once(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(host, parts_of(vhost()))
    read: Counter[str] = Counter()
    real = disk._text

    def text(path: str) -> str:
        read[path] += 1
        return real(path)

    monkeypatch.setattr(disk, "_text", text)
    apply(plan_removal(host.store, host.layout, HTTPD).changes)
    assert set(read.values()) == {1}


def test_parsing_grows_with_the_virtual_hosts_and_not_faster(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Calls(monkeypatch)
    calls.count(parse_tree)
    monkeypatch.setattr(distribution, "_is_as_packaged", lambda _: True)
    counts = []
    for number in (20, 40, 60):
        draft = host.draft(parts_of(*(vhost(f"s{one}.example.com") for one in range(number))))
        calls.results.clear()
        host.plan(draft)
        host.draft(draft.release.parts)
        counts.append(calls.of(parse_tree))
    assert counts[2] - counts[1] == counts[1] - counts[0] <= 2 * 20
