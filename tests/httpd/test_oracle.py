"""The resolver against httpd: what it decides is what happens; `make oracle` does the same on a larger scale."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Callable

import pytest
from asking import ask_all
from backends import backends
from by_manual import run_by_manual
from cases import read_cases
from conftest import own_part
from running import Count, free_port, httpd, run_hosts, run_main, run_packed
from strewing import run_everything, run_harmless

Run = Callable[..., None]
# Kind, boots, virtual hosts a boot, requests a virtual host.
RUNS = ((run_packed, 4, 50, 40), (run_main, 20, 6, 40), (run_hosts, 10, 10, 50))
MOST_DEPENDS = 0.01


@pytest.fixture(scope="module")
def ports() -> Iterator[list[int]]:
    """The ports of five backends."""
    with backends(5) as started:
        yield started


@pytest.mark.parametrize(("run", "boots", "servers", "each"), RUNS, ids=["packed", "main", "hosts"])
def test_generated_servers_are_decided_as_httpd_does(
    run: Run, boots: int, servers: int, each: int, ports: list[int]
) -> None:
    count = Count()
    for boot in own_part(boots):
        run(random.Random(boot), ports, count, servers=servers, each=each)
    assert count.requests >= len(own_part(boots)) * each
    assert [found.report() for found in count.disagreements[:3]] == []
    assert count.actions["depends"] <= MOST_DEPENDS * count.requests
    assert count.actions["proxy"] > count.requests / 10


def test_nothing_that_the_manual_has_is_decided_wrongly(ports: list[int]) -> None:
    count = Count()
    for boot in own_part(12):
        run_by_manual(random.Random(f"manual {boot}"), ports, count, servers=4, each=30)
    assert [found.report() for found in count.disagreements[:3]] == []
    assert count.servers > len(own_part(12)) * 3
    assert count.requests - count.actions["depends"] > count.requests / 4


def test_what_has_no_effect_changes_nothing(ports: list[int]) -> None:
    count = Count()
    for boot in own_part(12):
        run_harmless(random.Random(f"harmless {boot}"), ports, count, servers=6, each=30)
    assert [found.report() for found in count.disagreements[:3]] == []
    assert count.actions["proxy"] > count.requests / 10


def test_whatever_is_strewn_is_not_decided_wrongly(ports: list[int]) -> None:
    count = Count()
    for boot in own_part(12):
        run_everything(random.Random(f"strewn {boot}"), ports, count, servers=6, each=30)
    assert [found.report() for found in count.disagreements[:3]] == []
    assert count.requests > count.actions["depends"] > 0


def test_httpd_answers_the_cases_as_they_say(ports: list[int]) -> None:
    for case in read_cases(ports, port := free_port()):
        with httpd(case.text, port) as complaint:
            assert complaint == ""
            (answer,) = asyncio.run(ask_all([case.request], connections=1))
        if case.backend:
            asked = f"http://127.0.0.1:{answer.backend}{answer.target}"
            assert (case.name, asked) == (case.name, case.backend)
        else:
            said = (answer.status, answer.location)
            assert (case.name, said) == (case.name, (case.status, case.location))
