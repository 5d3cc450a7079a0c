"""What a problem says to write: YAML that is read as it is meant, in a place for it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from module_utils._httpd.concerns.inventory import read_inventory

SHOP: dict[str, Any] = {"server_name": "a.test", "proxy_to": "http://10.0.0.1"}


def remedy(given: dict[str, Any]) -> Any:
    """Return what the only problem of variables says to write, read as YAML."""
    (problem,) = read_inventory(given)[1]
    found = re.fullmatch(r"write `([^`]+)`.*", problem.fix)
    assert found, problem.fix
    return yaml.safe_load(found[1])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("server_aliases", "*.a.example.com"),
        ("server_aliases", "no"),
        ("server_aliases", "-"),
        ("listen", "*:80"),
        ("listen", "80:"),
        ("listen", 80),
    ],
)
def test_one_value_is_shown_as_a_list_that_can_be_copied(key: str, value: object) -> None:
    assert remedy({"apache_vhosts": [{**SHOP, key: value}]}) == {key: [value]}


def test_names_that_are_taken_over_are_shown_as_a_list_that_can_be_copied() -> None:
    assert remedy({"apache_takes_over": "*"}) == {"apache_takes_over": ["*"]}


@pytest.mark.parametrize(
    "url", ["*", "http://10.0.0.1:80/", "http://a:", "{a", "#a", "a:", "!", "%a", "@a", "&a"]
)
def test_one_value_is_shown_as_a_mapping_that_can_be_copied(url: str) -> None:
    given = {"apache_balancers": [{"name": "a", "members": [url]}]}
    assert remedy(given) == {"url": url}


@pytest.mark.parametrize(
    ("keys", "written"),
    [
        ({"server_name": "http://no"}, "no"),
        ({"proxy_pass": [{"path": "a:", "url": "!"}]}, "/a:"),
        ({"ssl": "/a,b}"}, {"ssl": {"certificate_file": "/a,b}", "certificate_key_file": "…"}}),
    ],
)
def test_a_slip_is_mended_in_yaml(keys: dict[str, Any], written: object) -> None:
    assert remedy({"apache_vhosts": [{**SHOP, **keys}]}) == written


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"apache_vhosts": [None]}, "apache_vhosts[0]"),
        ({"apache_vhosts": [{**SHOP, "listen": [None]}]}, "apache_vhosts[0] (a.test).listen[0]"),
        (
            {"apache_vhosts": [{**SHOP, "proxy_pass": [None]}]},
            "apache_vhosts[0] (a.test).proxy_pass[0]",
        ),
        ({"apache_modules": [None]}, "apache_modules[0]"),
        (
            {"apache_balancers": [{"name": "a", "members": [None]}]},
            "apache_balancers[0].members[0]",
        ),
    ],
)
def test_nothing_in_a_list_is_said_in_words(given: dict[str, Any], place: str) -> None:
    (problem,) = read_inventory(given)[1]
    assert str(problem.place).replace(" (a).", ".") == place
    assert problem.message == "nothing stands here (null)"
    assert problem.fix == "write a value, or remove it"


def test_nothing_within_a_value_is_shown_as_yaml_has_it() -> None:
    (problem,) = read_inventory({"apache_vhosts": [{"server_name": ["a", None]}]})[1]
    assert problem.message == "[a, null] is a list"
