"""Several lists of virtual hosts, and what they all have from apache_vhost_defaults."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.inventory import read_inventory, variables
from module_utils._httpd.concerns.vhosts.model import Vhost
from module_utils._httpd.release.checked import check_all_variables, check_variables

SHOP: dict[str, Any] = {"server_name": "a.test", "proxy_to": "http://10.0.0.1:8080"}
FILES = {"certificate_file": "/a.pem", "certificate_key_file": "/a.key"}


def said(defaults: dict[str, Any], *vhosts: dict[str, Any]) -> list[str]:
    """Return every problem of virtual hosts with defaults."""
    given = {"apache_vhost_defaults": defaults, "apache_vhosts": list(vhosts)}
    return [str(problem) for problem in check_variables(given, CONCERN_NAMES)[1]]


def read(defaults: dict[str, Any], own: dict[str, Any]) -> Vhost:
    """Return one virtual host with defaults, as it is read."""
    inventory, problems = read_inventory(
        {"apache_vhost_defaults": defaults, "apache_vhosts": [{**SHOP, **own}]}
    )
    assert problems == ()
    return inventory.vhosts[0]


def written(key: str, own: dict[str, Any]) -> Any:
    """Return a key of a virtual host that has no defaults."""
    return getattr(read({}, own), key)


MANAGED = {"certificate": "managed", "profile": "modern", "hsts": {"max_age": 60}}
MERGED = [
    pytest.param({"ssl": MANAGED}, {"ssl": {"use_stapling": True}}, {"ssl": {**MANAGED, "use_stapling": True}}, id="another key"),
    pytest.param({"ssl": MANAGED}, {"ssl": {"profile": "old"}}, {"ssl": {**MANAGED, "profile": "old"}}, id="the same key"),
    pytest.param({"ssl": MANAGED}, {"ssl": {"profile": None}}, {"ssl": {"certificate": "managed", "hsts": {"max_age": 60}}}, id="a key dropped"),
    pytest.param({"ssl": MANAGED}, {"ssl": None}, {}, id="all dropped"),
    pytest.param({"ssl": MANAGED}, {"ssl": "self_signed"}, {"ssl": {**MANAGED, "certificate": "self_signed"}}, id="a word over a mapping"),
    pytest.param({"ssl": "managed"}, {"ssl": {"profile": "old"}}, {"ssl": {"certificate": "managed", "profile": "old"}}, id="a mapping over a word"),
    pytest.param({"ssl": MANAGED}, {"ssl": FILES}, {"ssl": {**FILES, "profile": "modern", "hsts": {"max_age": 60}}}, id="another certificate"),
    pytest.param({"ssl": MANAGED}, {"ssl": {"hsts": {"preload": True}}}, {"ssl": {**MANAGED, "hsts": {"max_age": 60, "preload": True}}}, id="a mapping within"),
    pytest.param(
        {"ssl_proxy": {"verify_depth": 3, "ca_certificate_file": "/a.pem"}},
        {"ssl_proxy": {"ca_certificate_path": "/etc/ssl/backends"}},
        {"ssl_proxy": {"verify_depth": 3, "ca_certificate_path": "/etc/ssl/backends"}},
        id="other authorities",
    ),
    pytest.param(
        {"custom_log": {"path": "/a.log", "format": "common"}}, {"custom_log": {"path": "/b.log"}},
        {"custom_log": {"path": "/b.log", "format": "common"}}, id="a log",
    ),
    pytest.param({"listen": [80, 8080]}, {"listen": [81]}, {"listen": [81]}, id="a list is another"),
    pytest.param({"listen": [8080]}, {"listen": None}, {}, id="a list dropped"),
    pytest.param(
        {"redirects": [{"path": "/a", "url": "/b"}]}, {"redirects": [{"path": "/c", "url": "/d"}]},
        {"redirects": [{"path": "/c", "url": "/d"}]}, id="rules are others",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("defaults", "own", "whole"), MERGED)
def test_a_virtual_host_is_as_if_it_were_written_whole(
    defaults: dict[str, Any], own: dict[str, Any], whole: dict[str, Any]
) -> None:
    (key,) = own
    assert getattr(read(defaults, own), key) == written(key, whole)


HEADER, OWN = "Header set X-All 1\n", "Header set X-Own 1\n"
OFF = {"rule": "proxy-address-not-slash", "reason": "by design"}
OTHER = {"rule": "unknown-rule", "reason": "so"}


@pytest.mark.parametrize(
    ("own", "printed"),
    [
        pytest.param({"extra_directives": OWN}, ["X-All", "X-Own"], id="both, the defaults' first"),
        pytest.param({}, ["X-All"], id="the defaults' alone"),
        pytest.param({"extra_directives": None}, [], id="dropped"),
        pytest.param({"extra_directives": ""}, ["X-All"], id="nothing of its own"),
    ],
)
def test_directives_follow_those_of_the_defaults(own: dict[str, Any], printed: list[str]) -> None:
    given = {
        "apache_vhost_defaults": {"extra_directives": HEADER},
        "apache_vhosts": [{**SHOP, **own}],
    }
    checked = check_all_variables(given, CONCERN_NAMES)
    assert checked.problems == ()
    texts = [text for part in checked.compiled.parts for text in part.texts.values()]
    lines = [line.split() for text in texts for line in text.splitlines()]
    assert [line[2] for line in lines if line[:2] == ["Header", "set"]] == printed


def test_a_mistake_in_the_directives_of_all_is_told_once_with_its_line_there() -> None:
    defaults = {"extra_directives": "Header set A 1\nServerNam x\n"}
    own = {**SHOP, "extra_directives": "\nServerAdmi y\n"}
    found = said(defaults, own, {**SHOP, "server_name": "b.test"})
    assert [one.partition(": ")[0] for one in found] == [
        "apache_vhost_defaults.extra_directives:2",
        "apache_vhosts[0] (a.test).extra_directives:2",
    ]


def test_what_is_silenced_adds_up() -> None:
    assert [one.rule for one in read({"check_off": [OFF]}, {"check_off": [OTHER]}).check_off] == [
        OFF["rule"],
        OTHER["rule"],
    ]
    assert read({"check_off": [OFF]}, {"check_off": None}).check_off == ()


def test_defaults_silence_what_stands_in_them() -> None:
    defaults = {"extra_directives": "ServerNam x\n"}
    (found,) = check_variables(
        {"apache_vhost_defaults": defaults, "apache_vhosts": [SHOP]}, CONCERN_NAMES
    )[1]
    off = {"check_off": [{"rule": found.rule, "reason": "a module of ours"}]}
    assert said({**defaults, **off}, SHOP) == []


@pytest.mark.parametrize(
    ("defaults", "own", "place"),
    [
        ({"ssl": {**FILES, "profile": "x"}}, {"ssl": {"use_stapling": True}}, "apache_vhost_defaults.ssl.profile"),
        ({"ssl": {**FILES, "profile": "old"}}, {"ssl": {"profile": "x"}}, "apache_vhosts[0] (a.test).ssl.profile"),
        ({"ssl": {**FILES, "hsts": {"max_age": "x"}}}, {"ssl": {"hsts": {"preload": True}}}, "apache_vhost_defaults.ssl.hsts.max_age"),
        ({"ssl": {**FILES, "protocol": ["x"]}}, {"ssl": {"use_stapling": True}}, "apache_vhost_defaults.ssl.protocol[0]"),
        ({"ssl": "nothing"}, {"ssl": {"use_stapling": True}}, "apache_vhost_defaults.ssl.certificate"),
    ],
)  # fmt: skip
def test_a_mistake_in_what_is_merged_has_the_place_where_it_stands(
    defaults: dict[str, Any], own: dict[str, Any], place: str
) -> None:
    assert [one.partition(": ")[0] for one in said(defaults, {**SHOP, **own})] == [place]


def vhosts(*names: str) -> list[dict[str, Any]]:
    """Return virtual hosts of these names."""
    return [{**SHOP, "server_name": name} for name in names]


def test_lists_of_single_groups_are_joined_in_the_order_of_their_names() -> None:
    given = {
        "apache_group_vhosts_web": vhosts("w.test"),
        "apache_host_vhosts": vhosts("h.test"),
        "apache_group_vhosts_blue": vhosts("b.test"),
        "apache_group_vhosts": vhosts("g.test"),
        "apache_vhosts": vhosts("v.test"),
        "apache_vhost_defaults": {"proxy_timeout": 5},
    }
    inventory, problems = read_inventory(given)
    assert problems == ()
    names = [vhost.server_name for vhost in inventory.vhosts]
    assert names == ["v.test", "g.test", "b.test", "w.test", "h.test"]
    assert {vhost.proxy_timeout for vhost in inventory.vhosts} == {5}
    assert check_variables(given, CONCERN_NAMES)[1] == ()


def test_a_group_of_its_own_name_is_enough() -> None:
    given = {"apache_group_vhosts_web": vhosts("w.test")}
    assert read_inventory(given)[0].lists_vhosts
    assert "apache_group_vhosts_web" in variables(given)
    assert check_variables(given, CONCERN_NAMES)[1] == ()


def test_a_mistake_names_the_list_of_its_group() -> None:
    given = {
        "apache_group_vhosts_web": [*vhosts("w.test"), {**SHOP, "proxy_to": "http:/x"}],
        "apache_group_vhosts_blue": "x",
        "apache_vhost_defaults": {"listen": [0]},
    }
    found = check_variables(given, CONCERN_NAMES)[1]
    assert [str(one.place) for one in found] == [
        "apache_group_vhosts_blue",
        "apache_vhost_defaults.listen[0]",
        "apache_group_vhosts_web[1] (a.test).proxy_to",
    ]


@pytest.mark.parametrize("name", ["apache_group_vhost_web", "apache_grp_vhosts_web"])
def test_a_slip_of_a_groups_list_is_refused(name: str) -> None:
    found = check_variables({"apache_vhosts": [SHOP], name: None}, CONCERN_NAMES)[1]
    assert [str(one.place) for one in found] == [name]
    assert "write `apache_group_vhosts_web`" in str(found[0])
