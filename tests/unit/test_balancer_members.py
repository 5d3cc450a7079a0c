"""The filter `balancer_members`: hosts of the inventory become members, each with a route that stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from examples import examples
from filters import filter_of
from hypothesis import example, given
from hypothesis import strategies as st
from module_utils._httpd.concerns.balancers.members_of_hosts import route_of
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables

Plain = dict[str, Any]
HOSTS = st.one_of(
    st.from_regex(r"[a-z][a-z0-9_-]{0,70}(\.[a-z]{1,9}){0,3}", fullmatch=True),
    st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=80),
)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "loadfactor": st.integers(1, 100),
        "status": st.sampled_from(["drain", "hot_standby", "+H"]),
        "port": st.integers(1, 65535),
        "timeout": st.integers(1, 99),
    },
)


def members(hosts: list[str], hostvars: Plain, **options: Any) -> list[Plain]:
    """Return what the filter makes of hosts."""
    found: list[Plain] = filter_of("balancer_members")(hosts, hostvars, **options)
    return found


@st.composite
def groups(draw: st.DrawFn) -> tuple[list[str], Plain]:
    """Draw a group, and hostvars of its hosts, each with an address of its own."""
    hosts = draw(st.lists(HOSTS, min_size=1, max_size=6, unique=True))
    addresses = draw(st.sampled_from(["10.0.0.{}", "2001:db8::{}", "app{}.example.com"]))
    hostvars = {
        host: {"ansible_host": addresses.format(index), "apache_member": draw(SETTINGS)}
        for index, host in enumerate(hosts, start=1)
    }
    return hosts, hostvars


@given(groups(), st.sampled_from(["http", "ws", "fcgi", "h2c"]), st.booleans())
@examples(150)
def test_what_becomes_of_a_group_is_a_balancer_without_problems(
    group: tuple[list[str], Plain], scheme: str, is_sticky: bool
) -> None:
    balancer = {"name": "app", "members": members(*group, scheme=scheme, port=8080)}
    if is_sticky:
        balancer["sticky_cookie"] = {}
    vhost = {"server_name": "a.example.com", "proxy_to": "balancer://app/"}
    variables = {"apache_vhosts": [vhost], "apache_balancers": [balancer]}
    assert [str(problem) for problem in check_variables(variables, CONCERN_NAMES)[1]] == []


@given(groups(), st.randoms(use_true_random=False), st.integers(0, 6))
@examples(150)
def test_a_member_stays_as_it_is_whoever_comes_or_goes(
    group: tuple[list[str], Plain], random: Any, count: int
) -> None:
    hosts, hostvars = group
    before = dict(zip(hosts, members(hosts, hostvars)))
    others = random.sample(hosts, min(count, len(hosts)))
    assert members(others, hostvars) == [before[host] for host in others]


@given(st.lists(HOSTS, unique=True, max_size=50))
@example(["a.b", "a-b", "a_b", "a b", "a..b", "a.b.", ".", "-", " ", "x" * 63, "x" * 64, "x" * 65])
@examples(200)
def test_routes_are_unique_and_what_httpd_keeps(hosts: list[str]) -> None:
    routes = list(map(route_of, hosts))
    assert len(set(routes)) == len(hosts)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,63}", route) for route in routes)


@pytest.mark.parametrize(
    ("name", "route"),
    [
        pytest.param("app1", "app1", id="as it is"),
        pytest.param("app_1-b", "app_1-b", id="every character that a route takes"),
        pytest.param("app1.example.com", "app1-example-com-374a8f7d", id="dots end a route"),
        pytest.param("x" * 64, f"{'x' * 54}-3ebd6185", id="too long"),
        pytest.param("ö", "c8a0d3c9", id="nothing left"),
    ],
)
def test_a_release_gives_the_route_that_the_one_before_gave(name: str, route: str) -> None:
    assert route_of(name) == route


@pytest.mark.parametrize(
    ("variables", "options", "member"),
    [
        pytest.param({}, {}, {"url": "http://app1"}, id="its name"),
        pytest.param({"ansible_host": "10.0.0.1"}, {"port": 80}, {"url": "http://10.0.0.1:80"}, id="ansible_host"),
        pytest.param({"ansible_host": "2001:db8::1"}, {"port": "80"}, {"url": "http://[2001:db8::1]:80"}, id="IPv6"),
        pytest.param({"inner": "a.example", "ansible_host": "b"}, {"address": "inner", "scheme": "ajp"}, {"url": "ajp://a.example"}, id="an address"),
        pytest.param({"apache_member": {"port": 81, "loadfactor": 5}}, {"port": 80}, {"url": "http://app1:81", "loadfactor": 5}, id="settings"),
        pytest.param({"apache_member": {"route": "jvm1"}}, {}, {"url": "http://app1", "route": "jvm1"}, id="a route that the application has"),
        pytest.param({"mine": {"lbset": 1}, "apache_member": {"lbset": 2}}, {"settings": "mine"}, {"url": "http://app1", "lbset": 1}, id="settings by name"),
    ],
)  # fmt: skip
def test_a_host_becomes_a_member(variables: Plain, options: Plain, member: Plain) -> None:
    assert members(["app1"], {"app1": variables}, **options) == [{"route": "app1", **member}]


def test_a_group_without_hosts_has_no_members() -> None:
    assert members([], {}) == []


@pytest.mark.parametrize(
    ("hosts", "options", "hostvars", "expected"),
    [
        pytest.param("app1", {}, {}, '"app1" is text, not a list; write `groups[…]`', id="a name"),
        pytest.param(["app1", "app1"], {}, {}, "app1: the host is named twice; add `| unique`", id="twice"),
        pytest.param(["app9"], {}, {}, "app9: the inventory has no such host; mend its name", id="unknown"),
        pytest.param([{}], {}, {}, "{}: the inventory has no such host", id="no name"),
        pytest.param(["app1"], {"address": "inner"}, {}, "app1.inner: the host has no such variable; set it for this host", id="no address"),
        pytest.param(["app1"], {}, {"ansible_host": "10.0.0.1:80"}, 'app1.ansible_host: "10.0.0.1:80" is no address; set ansible_host to a name', id="a port"),
        pytest.param(["app1"], {}, {"ansible_host": "fe80::1%eth0"}, "is no address", id="a zone"),
        pytest.param(["app1"], {}, {"ansible_host": ""}, 'app1.ansible_host: "" is no address', id="an empty address"),
        pytest.param(["app1"], {}, {"ansible_host": "-x"}, 'app1.ansible_host: "-x" is no address', id="an impossible name"),
        pytest.param(["app1"], {"port": 0}, {}, "balancer_members.port: 0 is not a whole number from 1", id="a port for all"),
        pytest.param(["app1"], {"prot": 80}, {}, "balancer_members.prot: ", id="an unknown option"),
        pytest.param(["app1"], {"address": "a b"}, {}, 'balancer_members.address: "a b" is not the name of a variable', id="no variable's name"),
        pytest.param(["a/b"], {}, {}, 'a/b.ansible_host: "a/b" is no address; set ansible_host', id="a name that is no address"),
        pytest.param(["app1"], {}, {"apache_member": {"port": "x"}}, 'app1.apache_member.port: "x" is not a whole', id="a port of its own"),
        pytest.param(["app1"], {"scheme": "balancer"}, {}, 'balancer_members.scheme: "balancer" is unknown; write one of http', id="scheme"),
        pytest.param(["app1"], {}, {"apache_member": [1]}, 'app1.apache_member: [1] is a list, not a mapping', id="settings"),
        pytest.param(["app1"], {}, {"apache_member": {"url": "http://x"}}, "member.url: the URL is made of the host's address; remove it", id="url"),
        pytest.param(["app1"], {}, {"apache_member": {"loadfactor": 500}}, "app1.apache_member.loadfactor: 500 is not a whole number from", id="a value"),
        pytest.param(["app1"], {}, {"apache_member": {"loadfaktor": 5}}, "app1.apache_member.loadfaktor", id="an unknown key"),
        pytest.param(["app1"], {}, {"apache_member": {"route": "a.b"}}, 'app1.apache_member.route: "a.b" is not a name of letters', id="a route"),
        pytest.param(["app1", "app2"], {}, {"ansible_host": "A"}, 'app2.url: "http://A" is that of app1 too; set another address or `port`', id="one address"),
        pytest.param(["app1", "app2"], {}, {"apache_member": {"route": "r"}}, 'app2.route: "r" is that of app1 too; set another `route`', id="one route"),
    ],
)  # fmt: skip
def test_a_host_that_can_be_no_member_is_refused_by_name(
    hosts: Any, options: Plain, hostvars: Plain, expected: str
) -> None:
    with pytest.raises(AnsibleFilterError) as refusal:
        members(hosts, dict.fromkeys(["app1", "app2", "a/b"], hostvars), **options)
    assert str(refusal.value).startswith("gatehouse.apache.balancer_members: ")
    assert expected in str(refusal.value)


def test_every_host_that_can_be_no_member_is_named_at_once() -> None:
    hostvars: Plain = {"app1": {"apache_member": 1}, "app2": {"ansible_host": "a b"}}
    with pytest.raises(AnsibleFilterError, match=r"(?s)app1.*app2"):
        members(["app1", "app2"], hostvars)
