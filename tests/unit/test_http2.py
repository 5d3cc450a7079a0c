"""HTTP/2 from one variable: who speaks it, and which limits are written."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.release.compile_parts import CompiledInventory

TLS = {"certificate_file": "/etc/ssl/a.pem", "certificate_key_file": "/etc/ssl/a.key"}
OVER_TLS: dict[str, Any] = {
    "server_name": "tls.example.com",
    "ssl": TLS,
    "proxy_to": "http://10.0.0.1",
}
PLAIN: dict[str, Any] = {
    "server_name": "plain.example.com",
    "listen": [8080],
    "proxy_to": "http://10.0.0.1",
}


def compiled(**variables: Any) -> tuple[CompiledInventory, list[str]]:
    """Compile two virtual hosts, with TLS and without, and return what is wrong."""
    given = {"apache_vhosts": [OVER_TLS, PLAIN], **variables}
    result, problems = check_variables(given, CONCERN_NAMES)
    return result, [str(problem) for problem in problems if problem.severity != "hint"]


def spoken(**variables: Any) -> dict[str, str]:
    """Return the words of Protocols by address, of all virtual hosts there; a dash where there is none."""
    server = view(compiled(**variables)[0].whole_tree)
    found: dict[str, str] = {}
    for vhost in server.vhosts:
        last = vhost.scope.last("protocols")
        for address in vhost.addresses:
            words = found.setdefault(str(address), "")
            found[str(address)] = f"{words} {' '.join(last.args) if last else '-'}".strip()
    del found["127.0.0.1:897"]
    return found


@pytest.mark.parametrize(
    ("http2", "tls", "plain", "redirect"),
    [
        pytest.param(None, "-", "-", "-", id="undefined"),
        pytest.param({}, "h2 http/1.1", "http/1.1", "http/1.1", id="on"),
        pytest.param(
            {"cleartext": True}, "h2 http/1.1", "h2c http/1.1", "http/1.1", id="cleartext"
        ),
        pytest.param({"enabled": False}, "http/1.1", "http/1.1", "http/1.1", id="off"),
        pytest.param(
            {"enabled": False, "cleartext": True},
            "http/1.1",
            "http/1.1",
            "http/1.1",
            id="off with cleartext",
        ),
    ],
)
def test_each_virtual_host_and_the_first_of_its_address_speak_the_same(
    http2: dict[str, Any] | None, tls: str, plain: str, redirect: str
) -> None:
    assert spoken(apache_http2=http2) == {
        "*:443": f"{tls} {tls}",
        "*:8080": f"{plain} {plain}",
        "*:80": f"{redirect} {redirect}",
    }


def settings(version: tuple[int, int, int], **keys: Any) -> list[str]:
    """Return the H2 settings that an httpd of that version reads."""
    tree = expand(compiled(apache_http2=keys)[0].whole_tree, Environment(version=version)).tree
    server = view(tree)
    return [
        f"{placed.directive.name} {placed.directive.args[0]}"
        for placed in server.main.placed
        if placed.directive.name.startswith("H2")
    ]


def test_what_a_version_lacks_is_left_out() -> None:
    assert settings((2, 4, 57), max_data_frame_len=4096) == ["H2Push Off", "H2EarlyHints Off"]
    assert settings((2, 4, 58), max_data_frame_len=4096) == [
        "H2MaxDataFrameLen 4096",
        "H2Push Off",
        "H2EarlyHints Off",
        "H2WebSockets On",
    ]


def test_one_stream_is_a_number_and_no_truth_value() -> None:
    assert "H2MaxSessionStreams 1" in settings((2, 4, 62), max_session_streams=1)


def test_http2_that_is_off_sets_nothing_and_loads_nothing() -> None:
    result, _problems = compiled(apache_http2={"enabled": False, "max_workers": 8})
    assert not any(
        "http2" in part.manifest.modules or "H2" in "".join(part.texts.values())
        for part in result.parts
    )


def test_http2_that_is_on_loads_its_module() -> None:
    parts = {part.manifest.concern: part for part in compiled(apache_http2={})[0].parts}
    assert "http2" in parts["http2"].manifest.modules
    assert "http2" in parts["vhosts"].manifest.modules


WRONG = [
    pytest.param({"max_session_streams": 0}, "max_session_streams", id="no stream"),
    pytest.param({"max_session_streams": 2147483647}, "max_session_streams", id="children die"),
    pytest.param({"window_size": 1023}, "window_size", id="window"),
    pytest.param({"max_worker_idle_seconds": "600ms"}, "max_worker_idle_seconds", id="unit"),
    pytest.param({"max_header_block_len": 10}, "max_header_block_len", id="headers"),
    pytest.param({"push": "maybe"}, "push", id="no truth value"),
    pytest.param({"h2_push": True}, "h2_push", id="unknown key"),
    pytest.param({"min_workers": 8, "max_workers": 4}, "max_workers", id="fewer than least"),
]


@pytest.mark.parametrize(("keys", "name"), WRONG)
def test_mistakes_are_said_with_their_place(keys: dict[str, Any], name: str) -> None:
    problems = compiled(apache_http2=keys)[1]
    assert [problem.partition(":")[0] for problem in problems] == [f"apache_http2.{name}"]


def test_as_many_workers_at_most_as_at_least_are_right() -> None:
    assert compiled(apache_http2={"min_workers": 16, "max_workers": 16})[1] == []
