"""Balancers share the requests out as their method and their members say."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from containers import Container

testinfra_hosts = ["ansible://proxies"]

ORIGIN = Container("balancers-origin")


def names(proxy: Container, host_name: str, count: int) -> Counter[str]:
    """Return how often each origin answered, with what it answered where that wasn't 200."""
    answers = [proxy.ask(host_name, "/") for _number in range(count)]
    return Counter(
        answer.echo["name"] if answer.status == 200 else str(answer.status) for answer in answers
    )


def test_loadfactor_shares_three_hundred_requests_two_to_one(proxy: Container) -> None:
    counted = names(proxy, "weighted.example.com", 300)
    assert counted == pytest.approx({"one": 200, "two": 100}, abs=6)


def test_equal_answers_are_shared_equally_by_traffic(proxy: Container) -> None:
    counted = names(proxy, "bytes.example.com", 300)
    assert counted == pytest.approx({"one": 150, "two": 150}, abs=15)


def test_large_answers_of_one_member_send_requests_to_the_other_by_traffic(
    proxy: Container,
) -> None:
    filler = "x" * 20_000
    answered = proxy.ask("bytes.example.com", "/", method="POST", body=filler).echo["name"]
    following = names(proxy, "bytes.example.com", 20)
    assert set(following) == {"one", "two"} - {answered}


def test_busy_member_gets_no_further_request(proxy: Container) -> None:
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(proxy.ask, "busy.example.com", "/?sleep=3")
        quick = [
            pool.submit(proxy.ask, "busy.example.com", "/?sleep=1").result() for _number in "ab"
        ]
    assert {answer.echo["name"] for answer in quick} == {"one", "two"} - {
        slow.result().echo["name"]
    }


def test_standby_gets_nothing_while_a_member_answers(proxy: Container) -> None:
    assert set(names(proxy, "failover.example.com", 20)) == {"two", "three"}


def test_refusing_member_costs_no_request_and_comes_back(proxy: Container) -> None:
    with ORIGIN.stopped("http-echo@three:8083"):
        assert names(proxy, "failover.example.com", 20) == {"two": 20}
    returned = Counter[str]()
    for _attempt in range(10):
        returned += names(proxy, "failover.example.com", 10)
        if set(returned) == {"two", "three"}:
            break
    assert set(returned) == {"two", "three"}


def test_standby_takes_over_when_no_member_answers(proxy: Container) -> None:
    with ORIGIN.stopped("http-echo@two:8082", "http-echo@three:8083"):
        assert names(proxy, "failover.example.com", 20) == {"four": 20}
