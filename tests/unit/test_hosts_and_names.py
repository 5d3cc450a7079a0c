"""Hosts of addresses, of backends and of clients: what httpd can't look up or answers with 400, as httpd 2.4.71 was asked."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.inventory import read_inventory
from module_utils._httpd.vocabulary.address import ipv4_of, parse_address, parse_directive_address

BROKEN = ["10.0.0.256", "10.0.0", "1.2.3.4.5", "01.2.3.4", "10..0.1", "10.0.0.1."]


def said(**keys: Any) -> list[str]:
    """Return the problems of one virtual host, its own place left out."""
    given = {"server_name": "a.test", "proxy_to": "http://10.0.0.1", **keys}
    problems = read_inventory({"apache_vhosts": [given]})[1]
    return [str(problem).partition(")")[2] for problem in problems]


@pytest.mark.parametrize("host", BROKEN)
@pytest.mark.parametrize("key", ["listen", "redirect_from"])
def test_digits_and_dots_that_are_no_ipv4_are_no_address(key: str, host: str) -> None:
    text = f"{host}:80"
    keys: dict[str, Any] = {"listen": [text]}
    if key == "redirect_from":
        keys = {"ssl": {"certificate": "managed", "redirect_from": [text]}}
    (problem,) = said(**keys)
    assert problem.endswith(
        f'{key}[0]: "{text}" is no address: an IPv4 address is four numbers from 0 to 255;'
        " write one such as 10.0.0.1:80"
    )


@pytest.mark.parametrize(
    "text", ["80", "*:80", "0.0.0.0:80", "255.255.255.255:80", "[::1]:80", "a1.test:80"]
)
def test_addresses_stay_as_they_are(text: str) -> None:
    assert str(parse_address(text)) == (f"*:{text}" if text.isdigit() else text)


@pytest.mark.parametrize("host", [*BROKEN, "[1:2]"])
@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(lambda url: {"proxy_to": url}, id="proxy_to"),
        pytest.param(lambda url: {"proxy_pass": [{"path": "/", "url": url}]}, id="proxy_pass"),
        pytest.param(lambda url: {"proxy_pass_reverse": [{"path": "/", "url": url}]}, id="reverse"),
    ],
)
def test_digits_and_dots_that_are_no_ipv4_are_no_backend(keys: Any, host: str) -> None:
    url = f"http://{host}:8080/"
    (problem,) = said(**keys(url))
    assert f'"{url}" has no valid host name; write a name, an address or [IPv6]' in problem


def test_a_member_has_a_host_too() -> None:
    given = {"apache_balancers": [{"name": "a", "members": [{"url": "http://10.0.0.256"}]}]}
    (problem,) = read_inventory(given)[1]
    assert str(problem.place) == "apache_balancers[0] (a).members[0].url"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("10.0.0", "10.0.0.0"),
        ("127.1", "127.0.0.1"),
        ("127.0.0.010", "127.0.0.8"),
        ("2130706433", "127.0.0.1"),
        ("10.0.0.256", ""),
        ("1.2.3.4.5", ""),
        ("1.2.3.08", ""),
        ("0x7f.1", "127.0.0.1"),
        ("1..2", ""),
        ("a.test", ""),
    ],
)
def test_short_addresses_are_filled_up_as_the_c_library_does(host: str, address: str) -> None:
    assert ipv4_of(host) == address


def test_a_directive_may_have_a_short_address() -> None:
    assert str(parse_directive_address("127.1:80")) == "127.0.0.1:80"
    assert str(parse_directive_address("80")) == "*:80"


NO_NAMES = [42, 1.5, "1.2.3", "a.42", "1.2.3.256", "01.2.3.4", "a.1b", "a._b", "a..b", "_default_"]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_no_client_can_ask_for_is_no_host_name(name: object) -> None:
    (problem,) = read_inventory({"apache_vhosts": [{"server_name": name}]})[1]
    assert f'server_name: "{name}" is not a host name' in str(problem)
    (problem,) = read_inventory(
        {"apache_vhosts": [{"server_name": "a.test", "server_aliases": [name]}]}
    )[1]
    assert f'server_aliases[0]: "{name}" is not a host name' in str(problem)


def test_a_wrong_alias_is_answered_with_what_one_is() -> None:
    (problem,) = said(server_aliases=["1.2.3"])
    assert problem == (
        '.server_aliases[0]: "1.2.3" is not a host name;'
        " write one, such as shop.example.com or *.example.com"
    )


def test_who_means_every_other_name_is_told_its_key() -> None:
    for keys in ({"server_name": "_default_"}, {"server_aliases": ["_default_"]}):
        (problem,) = said(**keys)
        assert "write `default: true` to serve names that nobody has" in problem


NAMES = ["a", "4a", "4-2", "1b", "_a", "a.b1", "a_b.c-d.test", "10.0.0.1", "0.0.0.0", "a.-b.test"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_clients_ask_for_stays_one(name: str) -> None:
    assert said(server_name=name, server_aliases=[name]) == []


@pytest.mark.parametrize("alias", ["*.a.test", "10.0.0.*", "a?.test", "*", "a.test."])
def test_an_alias_may_have_wildcards(alias: str) -> None:
    assert said(server_aliases=[alias]) == []
