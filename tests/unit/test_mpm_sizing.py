"""Sizes of the event MPM: httpd's arithmetic is kept whatever is asked for, and each figure has its reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.concerns.mpm_event.bearing import MEGABYTE, Capacity, rounded_weight
from module_utils._httpd.concerns.mpm_event.model import MOST_CHILDREN, MpmEvent
from module_utils._httpd.concerns.mpm_event.sizes import Sizes
from module_utils._httpd.concerns.mpm_event.sizing import Sizing, sized
from module_utils._httpd.syntax.quoting import Refused

GIGABYTE = 1024 * MEGABYTE
SMALL, LARGE = Capacity(GIGABYTE, 1), Capacity(24 * GIGABYTE, 2)


def sizes(capacity: Capacity = LARGE, **settings: Any) -> Sizes:
    """Return the sizes of a host."""
    return sized(MpmEvent(**settings), capacity).sizes


def assert_held(sizing: Sizing) -> None:
    """Hold httpd's arithmetic: nothing of it is lowered (AH00507, AH00511, AH00513, AH00515)."""
    found = sizing.sizes
    assert found.threads_per_child <= found.thread_limit
    assert found.max_request_workers % found.threads_per_child == 0
    assert found.max_request_workers >= found.threads_per_child
    assert found.max_request_workers <= found.server_limit * found.threads_per_child
    assert found.server_limit <= MOST_CHILDREN
    assert 1 <= found.start_servers <= found.children
    assert found.max_spare_threads >= found.min_spare_threads + found.threads_per_child
    assert found.connections >= found.max_request_workers


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "max_request_workers": st.integers(1, 100_000),
        "requests_per_second": st.integers(1, 100_000),
        "backend_seconds": st.floats(0.001, 60),
        "connections": st.integers(1, 1_000_000),
        "reloads_kept": st.integers(0, 100),
        "threads_per_child": st.integers(1, 1000),
        "thread_limit": st.integers(1, 1000),
        "start_servers": st.integers(1, 1000),
        "min_spare_threads": st.integers(1, 10_000),
        "max_spare_threads": st.integers(1, 10_000),
    },
)
CAPACITIES = st.builds(
    Capacity,
    memory=st.integers(MEGABYTE, 1024 * GIGABYTE),
    cores=st.floats(0.1, 256),
    child=st.integers(1, 256).map(lambda count: rounded_weight(count * MEGABYTE)),
)


@given(SETTINGS, CAPACITIES)
def test_httpds_arithmetic_is_kept(settings: dict[str, Any], capacity: Capacity) -> None:
    try:
        found = sized(MpmEvent(**settings), capacity)
    except Refused:
        return
    assert_held(found)
    if "max_request_workers" not in settings:
        busy = capacity.child + found.sizes.children * capacity.child
        assert busy <= capacity.memory / 2


@pytest.mark.parametrize(
    ("capacity", "workers"),
    [
        pytest.param(Capacity(24 * GIGABYTE, 2), 1024, id="cores"),
        pytest.param(Capacity(24 * GIGABYTE, 0.5), 256, id="half a core"),
        pytest.param(Capacity(512 * MEGABYTE, 4), 576, id="memory"),
        pytest.param(Capacity(128 * MEGABYTE, 2), 128, id="little memory"),
    ],
)
def test_a_host_that_says_nothing_gets_what_it_bears(capacity: Capacity, workers: int) -> None:
    assert sizes(capacity).max_request_workers == workers


def test_what_is_in_flight_decides() -> None:
    found = sized(MpmEvent(requests_per_second=500, backend_seconds=1.0), LARGE)
    assert found.sizes.max_request_workers >= 750
    assert "500 requests a second x 1 s are 500 in flight" in found.reasons["max_request_workers"]


@pytest.mark.parametrize(
    ("asked", "children", "threads"),
    [(100, 2, 50), (150, 3, 50), (1, 1, 1), (1000, 16, 63), (64, 2, 32)],
)
def test_a_number_is_taken_in_equal_children(asked: int, children: int, threads: int) -> None:
    found = sizes(max_request_workers=asked)
    assert (found.children, found.threads_per_child) == (children, threads)
    assert found.max_request_workers >= asked


def test_connections_raise_the_factor_and_the_files() -> None:
    found = sizes(connections=10_000)
    assert found.connections >= 10_000
    assert found.async_request_worker_factor == pytest.approx(8.8)
    assert found.limit_nofile == 8192
    assert sizes(connections=1_000_000).limit_nofile == 65_536


def test_children_of_reloads_have_slots() -> None:
    found = sizes(reloads_kept=9)
    assert found.server_limit == found.children * 10


def test_what_memory_does_not_bear_is_told() -> None:
    found = sized(MpmEvent(max_request_workers=10_000), SMALL)
    assert found.sizes.max_request_workers >= 10_000
    assert "10000 requests at once need" in str(found.shortages[0])
    fewer = sized(MpmEvent(requests_per_second=10_000, backend_seconds=1.0), SMALL)
    assert fewer.sizes.max_request_workers < 10_000
    assert "15000 requests at once need" in str(fewer.shortages[0])


@pytest.mark.parametrize(
    ("settings", "capacity", "message"),
    [
        pytest.param({}, Capacity(2 * MEGABYTE, 2), "50 % of 2 MB doesn't bear one child of 64 threads", id="2 MB"),
        pytest.param({"requests_per_second": 500}, LARGE, "requests_per_second is said alone", id="a rate alone"),
        pytest.param({"backend_seconds": 2.0}, LARGE, "backend_seconds is said alone", id="a time alone"),
        pytest.param({"server_limit": 2}, LARGE, "server_limit 2 is less than the 16 children", id="slots"),
        pytest.param({"max_request_workers": 1_000_000, "threads_per_child": 1}, LARGE, "httpd takes 20000", id="children"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    settings: dict[str, Any], capacity: Capacity, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        sized(MpmEvent(**settings), capacity)


def test_a_weight_counts_in_steps() -> None:
    assert [rounded_weight(mega * MEGABYTE) // MEGABYTE for mega in (0, 1, 4, 5)] == [4, 4, 4, 8]


def test_fewer_files_than_connections_need_is_told() -> None:
    few = Capacity(24 * GIGABYTE, 2, files=20_000)
    found = sized(MpmEvent(connections=1_000_000), few)
    assert found.sizes.limit_nofile == 20_000
    assert "for 1000038 connections, and this host has 20000" in str(found.shortages[-1])
    own = sized(MpmEvent(connections=1_000_000, limit_nofile=10_000), LARGE)
    assert "for 1000038 connections, and limit_nofile is 10000" in str(own.shortages[-1])
    assert sized(MpmEvent(), few).shortages == ()


def test_connections_that_the_memory_does_not_bear_are_told() -> None:
    found = sized(MpmEvent(connections=100_000), SMALL)
    assert "connections at once, with all workers busy, need" in str(found.shortages[0])
    assert sized(MpmEvent(connections=3000), LARGE).shortages == ()


def test_the_memory_that_is_missing_counts_whole_children() -> None:
    found = sized(MpmEvent(max_request_workers=1030, threads_per_child=64, memory_share=40), SMALL)
    assert "need 480 MB of memory" in str(found.shortages[0])


def test_a_reload_needs_slots_beside_those_of_today() -> None:
    tight = sized(MpmEvent(max_request_workers=10, threads_per_child=64, server_limit=1), LARGE)
    (shortage,) = tight.shortages
    assert shortage.message.startswith("server_limit 1 has no room for another 1 children")
    assert shortage.fix == "write 5, or leave it out"
    roomy = MpmEvent(max_request_workers=10, threads_per_child=64, server_limit=2)
    assert sized(roomy, LARGE).shortages == ()


def test_threads_that_the_unit_may_not_have_are_refused() -> None:
    few = Capacity(24 * GIGABYTE, 2, tasks=1000)
    with pytest.raises(Refused, match=r"102400 workers are .* and the unit may have 1000"):
        sized(MpmEvent(max_request_workers=102_400), few)
    (shortage,) = sized(MpmEvent(max_request_workers=640), few).shortages
    assert shortage.message.endswith(
        "there are up to 1361 threads and processes, and the unit may have 1000"
    )
    auto = sized(MpmEvent(), few)
    assert (auto.sizes.children, auto.shortages) == (7, ())
