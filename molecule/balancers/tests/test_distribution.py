"""Balancers share the requests out as their method and their members say."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse

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


def asked(connection: HTTPConnection, path: str) -> HTTPResponse:
    """Ask the busy balancer on a connection, and return the answer with its body to be read."""
    connection.request("GET", path, headers={"Host": "busy.example.com"})
    return connection.getresponse()


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
    # An answer whose head has come is under way. Those that follow share a connection: httpd reads a request after
    # it has written the one before off as done, which may be later than a client of another connection has it.
    with (
        closing(HTTPConnection(proxy.address, timeout=30)) as lingering,
        closing(HTTPConnection(proxy.address, timeout=30)) as quick,
    ):
        slow = asked(lingering, "/?linger=3")
        others = {json.load(asked(quick, "/"))["name"] for _number in range(10)}
        assert others == {"one", "two"} - {json.load(slow)["name"]}


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
