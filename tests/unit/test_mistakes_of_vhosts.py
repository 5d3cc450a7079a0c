"""Mistakes between the keys of virtual hosts, and between them and the host: loops, nothing to serve, names of others."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables

APP = {"server_name": "app.example.com"}


def errors(*vhosts: dict[str, Any]) -> list[tuple[str, str]]:
    """Return rule and place of each error."""
    found = check_variables({"apache_vhosts": list(vhosts)}, CONCERN_NAMES)[1]
    return [(one.rule, str(one.place)) for one in found if one.severity == "error"]


LOOPS = [
    pytest.param([{"proxy_to": "http://localhost:80"}], True, id="localhost"),
    pytest.param([{"proxy_to": "http://127.0.0.1/"}], True, id="loopback"),
    pytest.param([{"proxy_to": "http://app.example.com/"}], True, id="its own name"),
    pytest.param([{"proxy_to": "http://127.0.0.1/", "proxy_preserve_host": False}], False, id="nobody's name"),
    pytest.param([{"proxy_to": "http://127.0.0.1:8080/"}], False, id="another port"),
    pytest.param([{"proxy_to": "http://10.0.0.1/"}], False, id="another host"),
    pytest.param([{"proxy_to": "http://10.0.0.1/", "listen": [80, 8080]}], False, id="another host at two ports"),
    pytest.param([{"proxy_pass": [{"path": "/api/", "url": "http://localhost/v1/"}]}], False, id="a path that ends"),
    pytest.param([{"proxy_pass": [{"path": "/api/", "url": "http://localhost/api/v1/"}]}], True, id="a path that grows"),
    pytest.param(
        [{"proxy_to": "http://b.example.com/", "proxy_preserve_host": False}, {"server_name": "b.example.com", "proxy_to": "http://10.0.0.1/"}],
        False, id="another virtual host",
    ),
    pytest.param(
        [
            {"proxy_to": "http://b.example.com/", "proxy_preserve_host": False},
            {"server_name": "b.example.com", "proxy_to": "http://app.example.com/", "proxy_preserve_host": False},
        ],
        True, id="two that ask each other",
    ),
    pytest.param([{"extra_directives": "ProxyPass / http://127.1/"}], True, id="loopback in short"),
    pytest.param([{"extra_directives": "ProxyPass / http://2130706433:80/"}], True, id="loopback as a number"),
    pytest.param([{"extra_directives": "ProxyPass / http://0177.0.0.1/"}], True, id="loopback in octal"),
    pytest.param([{"extra_directives": "ProxyPass / http://08.0.0.1/"}], False, id="a name"),
    pytest.param([{"proxy_to": "http://0.0.0.0/"}], True, id="this host"),
    pytest.param([{"proxy_to": "http://10.0.0.1/", "listen": ["10.0.0.1:80"]}], True, id="an address of its own"),
    pytest.param([{"proxy_to": "http://10.0.0.1:81/", "listen": ["10.0.0.1:80"]}], False, id="another port of that address"),
    pytest.param([{"ssl": "self_signed", "proxy_to": "http://127.0.0.1:80/"}], False, id="its own redirect to TLS"),
]  # fmt: skip


@pytest.mark.parametrize(("vhosts", "goes_round"), LOOPS)
def test_a_request_that_comes_back_for_ever_is_an_error(
    vhosts: list[dict[str, Any]], *, goes_round: bool
) -> None:
    found = errors(*({**APP, **vhost} for vhost in vhosts))
    assert ("proxy-to-itself" in {rule for rule, _place in found}) is goes_round


@pytest.mark.parametrize(
    ("urls", "keys", "goes_round"),
    [
        pytest.param(["http://127.0.0.1:80"], {}, True, id="itself"),
        pytest.param(["http://10.0.0.1", "http://localhost"], {}, True, id="one of two"),
        pytest.param(["http://127.0.0.1:8080"], {}, False, id="another port"),
        pytest.param(["http://127.0.0.1:80"], {"proxy_preserve_host": False}, False, id="nobody's name"),
    ],
)  # fmt: skip
def test_a_balancers_member_that_is_the_server_itself_is_an_error(
    urls: list[str], keys: dict[str, Any], *, goes_round: bool
) -> None:
    balancers = [{"name": "b", "members": [{"url": url} for url in urls]}]
    vhosts = [{**APP, "proxy_to": "balancer://b/", **keys}]
    found = check_variables({"apache_vhosts": vhosts, "apache_balancers": balancers}, CONCERN_NAMES)
    assert ("proxy-to-itself" in {one.rule for one in found[1]}) is goes_round


def test_the_rule_that_asks_itself_is_named() -> None:
    vhost = {**APP, "proxy_pass": [{"path": "/", "url": "http://localhost/"}]}
    place = "apache_vhosts[0] (app.example.com).proxy_pass[0].url"
    assert errors(vhost) == [("proxy-to-itself", place)]


NOTHING = [
    pytest.param([APP], [0], id="a name alone"),
    pytest.param([{**APP, "proxy_to": None}], [0], id="no value"),
    pytest.param([{**APP, "expect": [{"request": "GET /", "status": 404}]}], [0], id="a test"),
    pytest.param([{**APP, "document_root": "/srv"}], [], id="files"),
    pytest.param([{**APP, "redirects": [{"path": "/", "url": "https://b.example.com/"}]}], [], id="a redirect"),
    pytest.param([{**APP, "extra_directives": "Redirect / https://b.example.com/"}], [], id="directives"),
    pytest.param([APP, {**APP, "ssl": "self_signed", "proxy_to": "http://10.0.0.1"}], [], id="beside its TLS"),
    pytest.param([{**APP, "proxy_to": "nonsense"}], [], id="refused already"),
]  # fmt: skip


@pytest.mark.parametrize(("vhosts", "numbers"), NOTHING)
def test_a_virtual_host_that_serves_nothing_is_named(
    vhosts: list[dict[str, Any]], numbers: list[int]
) -> None:
    found = [place for rule, place in errors(*vhosts) if rule == "vhost-serves-nothing"]
    assert found == [f"apache_vhosts[{number}] (app.example.com)" for number in numbers]


KEPT = [
    pytest.param({"apache_log_formats": {"combined": "%h"}}, "", "log-format-of-host", id="format"),
    pytest.param({"apache_log_formats": {"mine": "%h"}}, "", "", id="format of one's own"),
    pytest.param(
        {"apache_log_formats": {"mine": "%h %Q"}}, "", "unreadable-log-format", id="unknown letter"
    ),
    pytest.param(
        {"apache_log_formats": {"mine": "%h %{SSL_PROTOCOL}x"}}, "", "", id="letter of mod_ssl"
    ),
    pytest.param({}, "Define GATEHOUSE_RELEASE /x", "reserved-variable", id="variable"),
    pytest.param(
        {},
        "<IfModule x>\nUnDefine GATEHOUSE_X\n</IfModule>",
        "reserved-variable",
        id="variable inside",
    ),
    pytest.param({}, "Define Gatehouse_Release /x", "reserved-variable", id="variable in any case"),
    pytest.param({}, "Define MINE /x", "", id="variable of one's own"),
]


@pytest.mark.parametrize(("variables", "directives", "rule"), KEPT)
def test_what_belongs_to_the_host_or_to_a_release_is_kept(
    variables: dict[str, Any], directives: str, rule: str
) -> None:
    vhost = {**APP, "proxy_to": "http://10.0.0.1", "extra_directives": directives}
    found = check_variables({**variables, "apache_vhosts": [vhost]}, CONCERN_NAMES)[1]
    assert [one.rule for one in found if one.severity == "error"] == ([rule] if rule else [])


TO_ITSELF = {"path": "/", "url": "http://app.example.com/"}
REDIRECTED = [
    pytest.param([{"redirects": [TO_ITSELF]}], True, id="itself"),
    pytest.param([{"proxy_to": "http://10.0.0.1", "redirects": [TO_ITSELF]}], True, id="beside a rule"),
    pytest.param([{"redirects": [{**TO_ITSELF, "url": "http://app.example.com/x/"}]}], True, id="a path that grows"),
    pytest.param([{"redirects": [{"match": "^/(.*)", "url": "http://app.example.com/$1"}]}], True, id="a pattern"),
    pytest.param([{"redirects": [{"path": "/a", "url": "/a/b"}]}], True, id="a path below itself"),
    pytest.param([{"redirects": [{"path": "/a", "url": "/b"}, {"path": "/b", "url": "/a"}]}], True, id="two paths"),
    pytest.param([{"ssl": "self_signed", "redirects": [{**TO_ITSELF, "url": "https://app.example.com/"}]}], True, id="TLS"),
    pytest.param(
        [
            {"redirects": [{**TO_ITSELF, "url": "http://b.example.com/"}]},
            {"server_name": "b.example.com", "redirects": [TO_ITSELF]},
        ],
        True, id="each other",
    ),
    pytest.param([{"extra_directives": "Redirect / http://app.example.com/"}], True, id="a text"),
    pytest.param([{"redirects": [{**TO_ITSELF, "url": "https://app.example.com/"}]}], False, id="TLS elsewhere"),
    pytest.param(
        [{"redirects": [{**TO_ITSELF, "url": "https://app.example.com/"}]},
         {"listen": [443], "ssl": {"certificate": "self_signed", "redirect_from": []}, "proxy_to": "http://10.0.0.1"}],
        False, id="its own TLS",
    ),
    pytest.param([{"redirects": [{**TO_ITSELF, "url": "http://www.example.com/"}]}], False, id="another name"),
    pytest.param([{"redirects": [{"path": "/a", "url": "/b"}], "proxy_to": "http://10.0.0.1"}], False, id="another path"),
    pytest.param([{"redirects": [{**TO_ITSELF, "url": "http://localhost/"}]}], False, id="the client's own machine"),
    pytest.param([{"extra_directives": "Redirect gone /a"}], False, id="gone"),
]  # fmt: skip


@pytest.mark.parametrize(("vhosts", "is_loop"), REDIRECTED)
def test_a_redirect_without_end_is_said_to_be_a_loop(
    vhosts: list[dict[str, Any]], *, is_loop: bool
) -> None:
    found = errors(*({**APP, **vhost} for vhost in vhosts))
    assert ("redirect-loop" in {rule for rule, _place in found}) is is_loop


METHODS = [
    ("GT", "GET"),
    ("GTE", "GET"),
    ("POTS", "POST"),
    ("DELTE", "DELETE"),
    ("GET", ""),
    ("PROPFIND", ""),
    ("PURGE", ""),
    ("BAN", ""),
]


@pytest.mark.parametrize(("method", "meant"), METHODS)
def test_a_misspelt_method_of_a_route_test_names_the_one_that_was_meant(
    method: str, meant: str
) -> None:
    test = {"request": f"{method} /", "status": 200}
    vhost = {**APP, "proxy_to": "http://10.0.0.1", "expect": [test]}
    found = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)[1]
    rule = "method-misspelt" if meant else "expect-depends"
    assert [one.rule for one in found] == [rule]
    assert f"write `{meant}`" in found[0].fix or not meant
