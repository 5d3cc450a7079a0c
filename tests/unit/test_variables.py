"""What operators write, read with every mistake's exact place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from filters import plugin_module
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.inventory import (
    PLAYBOOK_VARIABLES,
    misspelt_variables,
    read_inventory,
    variables,
)
from module_utils._httpd.release.checked import check_variables

ROOT = Path(__file__).parents[2]
SHOP: dict[str, Any] = {"server_name": "shop.example.com", "proxy_to": "http://10.0.0.1:8080"}
APP: dict[str, Any] = {
    "name": "app",
    "members": [
        {"url": "http://10.0.0.1:8080", "route": "a"},
        {"url": "http://10.0.0.2:8080", "route": "b"},
    ],
}


def said(**given: Any) -> list[str]:
    """Return every problem of variables, `apache_` left out of their names, as the user reads it."""
    _compiled, problems = check_variables(
        {f"apache_{name}": value for name, value in given.items()}, CONCERN_NAMES
    )
    return [str(problem) for problem in problems]


def vhost(**keys: Any) -> list[str]:
    """Return the problems of one virtual host, its own place left out."""
    problems = said(vhosts=[{**SHOP, **keys}], balancers=[APP])
    return [problem.removeprefix("apache_vhosts[0] (shop.example.com)") for problem in problems]


def rule(**keys: Any) -> list[str]:
    """Return the problems of one rule."""
    problems = vhost(proxy_to=None, proxy_pass=[{"path": "/", **keys}])
    return [problem.removeprefix(".proxy_pass[0]") for problem in problems]


def test_the_smallest_inventory_has_no_problem() -> None:
    assert said(vhosts=[SHOP]) == []


def test_a_whole_inventory_has_no_problem() -> None:
    rich = {
        "server_name": "app.example.com",
        "server_aliases": ["www.app.example.com", "*.app.example.com"],
        "listen": [80, "10.0.0.9:8080", "[::1]:8080"],
        "proxy_pass": [
            {"path": "/ws/", "url": "ws://10.0.0.5:6001/", "timeout": 600},
            {"path": "/assets/", "url": "!"},
            {"match": r"^/v(\d+)/(.*)$", "url": "http://10.0.0.6"},
            {"path": "/sock/", "url": "unix:/run/app.sock|http://app/"},
            {"path": "/", "url": "balancer://app/", "maxattempts": "2"},
        ],
        "proxy_pass_reverse_cookie_path": [{"internal": "/", "public": "/app"}],
        "redirects": [{"path": "/old", "url": "/new", "status": 301}],
        "aliases": [{"path": "/static", "directory": "/srv/static"}],
        "custom_log": {"path": "/var/log/apache2/app.log", "format": "short"},
        "expect": [{"request": "GET /", "status": 200, "live": True}],
        "extra_directives": "<Location /assets/x>\n  Require all denied\n</Location>\n",
    }
    balancer = {**APP, "sticky_cookie": {}, "lbmethod": "bytraffic"}
    assert (
        said(
            vhosts=[rich],
            balancers=[balancer],
            log_formats={"short": "%h %{Referer}i"},
            trusted_proxies=["10.0.0.0/8"],
            modules=["deflate"],
        )
        == []
    )


TYPES = [
    pytest.param(
        {"vhosts": "x"},
        'apache_vhosts: "x" is text, not a list; write a list, `- server_name: …`',
        id="text for a list",
    ),
    pytest.param({"vhosts": {"a": 1}}, "is a mapping, not a list", id="mapping for a list"),
    pytest.param(
        {"vhosts": ["x"]}, 'apache_vhosts[0]: "x" is text, not a mapping', id="text for a mapping"
    ),
    pytest.param(
        {"vhosts": [{**SHOP, "default": "maybe"}]},
        '.default: "maybe" is neither true nor false',
        id="boolean",
    ),
    pytest.param(
        {"vhosts": [SHOP], "proof_port": "x"}, "a whole number from 1 to 65535", id="integer"
    ),
    pytest.param(
        {"vhosts": [SHOP], "balancers": [{"name": "a"}]},
        "(a): the key `members` is missing",
        id="missing",
    ),
]


@pytest.mark.parametrize(("given", "expected"), TYPES)
def test_wrong_types_are_named_with_their_place(given: dict[str, Any], expected: str) -> None:
    assert any(expected in problem for problem in said(**given))


UNKNOWN = [
    pytest.param(
        {"server_nam": "x"},
        ".server_nam: the key `server_nam` is unknown; write `server_name`",
        id="typo",
    ),
    pytest.param(
        {"servername": "x"},
        ".servername: `servername` is a key of geerlingguy.apache and puppetlabs-apache; write `server_name`",
        id="other collection",
    ),
    pytest.param(
        {"documentroot": "/x"},
        "is a key of geerlingguy.apache; write `document_root`",
        id="documentroot",
    ),
]


@pytest.mark.parametrize(("keys", "expected"), UNKNOWN)
def test_unknown_keys_say_what_was_meant(keys: dict[str, Any], expected: str) -> None:
    assert any(expected in problem for problem in vhost(**keys))


RULES = [
    pytest.param({"url": "http:/app"}, '.url: "http:/app" has no host; write http://HOST[:PORT]/', id="no host"),
    pytest.param({"url": "10.0.0.1:8080"}, "has no scheme; write http://10.0.0.1:8080", id="no scheme"),
    pytest.param({"url": "http://u@h/"}, "has a user name", id="user name"),
    pytest.param({"url": "http://h:0/"}, "has no port between 1 and 65535", id="port"),
    pytest.param({"url": "http://h/?a=b"}, "which httpd would encode", id="query"),
    pytest.param({"url": "balancer://ap/"}, '.url: "balancer://ap/" names the balancer `ap`, which has no members here; define it', id="undefined balancer"),
    pytest.param({"url": "http://h"}, '.url: "http://h" has no slash at its end', id="no slash"),
    pytest.param(
        {"url": "http://h/", "lbmethod": "byrequests"},
        ".lbmethod: `lbmethod: byrequests` is no parameter of a worker; write it in the balancer itself",
        id="balancer's parameter on a worker",
    ),
    pytest.param(
        {"url": "balancer://app/", "connectiontimeout": 5},
        ".connectiontimeout: `connectiontimeout: 5` is no parameter of a balancer; write it in each member",
        id="worker's parameter on a balancer",
    ),
    pytest.param(
        {"url": "http://h/", "timeout": "2000ms"},
        '.timeout: "2000ms" would be read as 2000 seconds, whatever its unit; write a whole number of seconds',
        id="unit",
    ),
    pytest.param({"url": "http://h/", "flushwait": 5000}, "5000 is not a whole number of milliseconds from 0 to 1000", id="range"),
    pytest.param({"url": "http://h/", "match": "^/"}, "both `path` and `match` are set", id="path and match"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), RULES)
def test_a_rule_that_cannot_work_is_refused(keys: dict[str, Any], expected: str) -> None:
    assert any(expected in problem for problem in rule(**keys)), rule(**keys)


VHOSTS = [
    pytest.param({"proxy_pass": [{"path": "/", "url": "http://h/"}]}, "`proxy_to` takes every path, and `proxy_pass` has", id="two rules for everything"),
    pytest.param({"redirects": [{"path": "/", "url": "/x"}]}, ".proxy_to: \"/\" never fires", id="a redirect that takes everything"),
    pytest.param({"redirects": [{"path": "/a", "url": "x"}]}, "is not a URL or a path", id="redirect's target"),
    pytest.param({"server_name": "a" * 256}, "has 256 bytes, of which httpd keeps 255", id="name too long"),
    pytest.param({"error_log": "|/bin/sh"}, "would run a program as root", id="piped log"),
    pytest.param({"custom_log": {"path": "/x", "format": "nope"}}, '.custom_log.format: "nope" is no log format that is defined; define it', id="log format"),
    pytest.param({"listen": []}, ".listen: the list is empty", id="no address"),
    pytest.param({"listen": ["x:y"]}, '.listen[0]: "x:y" is no address', id="address"),
    pytest.param({"expect": [{"request": "POST /", "live": True, "status": 200}]}, "a method that changes nothing", id="expect that writes"),
    pytest.param({"listen": [[]], "expect": [{"request": "GET /", "status": 200, "live": True}]}, ".listen[0]", id="expect without an address"),
    pytest.param({"expect": [{"request": "GET /", "live": True}]}, ".expect[0]: the test expects nothing", id="expect nothing"),
    pytest.param({"extra_directives": "</VirtualHost>\nListen 81"}, ".extra_directives:1: </VirtualHost> closes nothing", id="escape from the virtual host"),
    pytest.param(
        {"extra_directives": "A\nServerNam x"},
        ".extra_directives:2: `ServerNam` is no directive of httpd's own; write `ServerName`",
        id="misspelt directive",
    ),
    pytest.param({"extra_directives": "Listen 81"}, "`Listen` is not allowed in a virtual host", id="directive of the main server"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), VHOSTS)
def test_a_virtual_host_that_cannot_work_is_refused(keys: dict[str, Any], expected: str) -> None:
    problems = said(vhosts=[{**SHOP, **keys}], balancers=[APP])
    assert any(expected in problem for problem in problems), problems


BALANCERS = [
    pytest.param(
        {"sticky_cookie": {}, "members": [{"url": "http://a"}]},
        '.members[0]: "http://a" has no route, but `app` keeps sessions; add a `route`',
        id="sticky without routes",
    ),
    pytest.param({"sticky_cookie": {}, "stickysession": "X"}, "`sticky_cookie` is set too", id="two cookies"),
    pytest.param({"members": []}, "`app` has no members", id="no members"),
    pytest.param({"members": [{"url": "http://a", "route": "r" * 64}]}, "has 64 bytes, of which httpd keeps 63", id="route too long"),
    pytest.param({"members": [{"url": "http://a", "status": "standby"}]}, '"standby" is no status; write one of ignore_errors', id="status"),
    pytest.param({"members": [{"url": "balancer://b"}]}, "is a balancer; write the URL of one server", id="member that is a balancer"),
    pytest.param({"stickysession": "s" * 64}, "has 64 bytes, of which httpd keeps 63", id="cookie's name too long"),
    pytest.param({"name": "App"}, "is not a lower-case name", id="letter case"),
    pytest.param({"connectiontimeout": 5}, "`connectiontimeout: 5` is no parameter of a balancer; write it in each member", id="worker's parameter"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), BALANCERS)
def test_a_balancer_that_cannot_work_is_refused(keys: dict[str, Any], expected: str) -> None:
    route = {"path": "/", "url": "balancer://app/"}
    balancer = {**APP, **keys}
    problems = said(vhosts=[{"server_name": "a", "proxy_pass": [route]}], balancers=[balancer])
    assert any(expected in problem for problem in problems), problems


def test_two_virtual_hosts_with_one_name_are_refused() -> None:
    assert any(
        "belongs to apache_vhosts[0] (shop.example.com) already" in problem
        for problem in said(vhosts=[SHOP, SHOP])
    )


def test_two_defaults_of_one_address_are_refused() -> None:
    other = {"server_name": "b", "proxy_to": "http://h", "default": True}
    problems = said(vhosts=[{**SHOP, "default": True}, other])
    assert problems == [
        "apache_vhosts[1] (b).default: *:80 already has a default virtual host, apache_vhosts[0] (shop.example.com); remove `default` from one of the two"
    ]


def test_two_balancers_of_one_name_are_refused() -> None:
    assert any(
        "is defined at apache_balancers[0] (app) already" in problem
        for problem in said(vhosts=[SHOP], balancers=[APP, APP])
    )


def test_undefined_lists_are_refused_only_where_virtual_hosts_are_staged() -> None:
    assert any(
        "no list of virtual hosts is defined" in problem for problem in said(balancers=[APP])
    )
    assert check_variables({"apache_balancers": [APP]}, ["balancers"])[1] == ()


SMUGGLED = ["a\nListen 81", "a\0b", "${PATH}", "a\rb"]


@pytest.mark.parametrize("value", SMUGGLED, ids=repr)
@pytest.mark.parametrize("key", ["server_name", "document_root", "error_log", "proxy_to"])
def test_a_value_that_could_become_a_directive_is_refused_with_its_place(
    key: str, value: str
) -> None:
    problems = said(vhosts=[{**SHOP, key: f"/{value}"}])
    assert any(f".{key}: " in problem for problem in problems)


def test_every_mistake_is_reported_at_once() -> None:
    problems = said(
        vhosts=[{"server_nam": "x"}, {**SHOP, "proxy_to": "http:/a"}],
        balancers=[{"name": "a", "members": [{"url": "http://b", "loadfactor": 0}]}],
    )
    assert len(problems) >= 4


def test_defaults_fill_each_virtual_host_and_lists_are_joined() -> None:
    inventory, problems = read_inventory(
        {
            "apache_vhost_defaults": {"proxy_timeout": 5, "listen": [8080]},
            "apache_vhosts": [SHOP],
            "apache_group_vhosts": [{**SHOP, "server_name": "b", "proxy_timeout": 7}],
            "apache_host_vhosts": [{**SHOP, "server_name": "c"}],
        }
    )
    assert problems == ()
    assert [vhost.server_name for vhost in inventory.vhosts] == ["shop.example.com", "b", "c"]
    assert [vhost.proxy_timeout for vhost in inventory.vhosts] == [5, 7, 5]
    assert str(inventory.vhosts[1].place) == "apache_group_vhosts[0] (b)"


def test_ansible_text_is_read_as_what_it_stands_for() -> None:
    inventory, problems = read_inventory(
        {"apache_vhosts": [{**SHOP, "default": "yes", "proxy_timeout": "30"}]}
    )
    assert problems == ()
    assert (inventory.vhosts[0].default, inventory.vhosts[0].proxy_timeout) == (True, 30)


def test_the_core_names_every_variable_that_it_reads() -> None:
    assert set(variables()) >= {
        "apache_vhosts",
        "apache_balancers",
        "apache_trusted_proxies",
        "apache_owner",
    }


def test_no_message_repeats_a_secret() -> None:
    problems = rule(url="ajp://10.0.0.1:8009/", secret="hush hush")
    assert len(problems) == 1
    assert "hush" not in problems[0]


def test_a_variable_that_is_nearly_ours_is_told() -> None:
    given = {"apache_vhosts": [SHOP], "apache_vhost_default": {"listen": [81]}, "apache_port": 8080}
    found = check_variables(given, CONCERN_NAMES)[1]
    assert [(one.rule, one.severity, str(one.place)) for one in found] == [
        ("variable-misspelt", "error", "apache_vhost_default")
    ]
    assert "write `apache_vhost_defaults`" in str(found[0])


# Of geerlingguy.apache and of other roles that are used much, as their documentation has them.
OF_OTHER_ROLES = """
    allow_override conf_path create_vhosts daemon default_vhost_filename enabled enablerepo global_vhost_settings
    ignore_missing_ssl_certificate listen_ip listen_port listen_port_ssl mods_disabled mods_enabled options packages
    packages_state ports_configuration_items remove_default_vhost server_root ssl_cipher_suite ssl_no_log ssl_protocol
    state vhosts_filename vhosts_ssl vhosts_template
    default_vhost group http2_enabled http_port https_port log_dir log_level modules_enabled ports server_name service
    service_enabled service_name ssl_enabled user version vhosts_available vhosts_dir virtualhosts
"""


@pytest.mark.parametrize("name", OF_OTHER_ROLES.split())
def test_a_variable_of_another_role_is_left_alone(name: str) -> None:
    assert said(vhosts=[SHOP], **{name: "x"}) == []


SLIPS = [
    ("balancer", "balancers"),
    ("allow_removall", "allow_removal"),
    ("vhost", "vhosts"),
    ("host", "hosts"),
    ("trusted_proxys", "trusted_proxies"),
]


@pytest.mark.parametrize(("name", "meant"), SLIPS)
def test_a_slip_of_a_variable_is_refused(name: str, meant: str) -> None:
    (found,) = said(vhosts=[SHOP], **{name: "x"})
    assert found.startswith(f"apache_{name}: ")
    assert f"write `apache_{meant}`" in found


def test_playbooks_own_variables_are_known() -> None:
    written = "".join(path.read_text() for path in (ROOT / "playbooks").glob("*.yml"))
    named = set(re.findall(r"(?<!_)\bapache_[a-z_]+", written))
    registered = plugin_module("plugin_utils.controller").REGISTERED
    assert named - set(variables()) - {*registered} == set(PLAYBOOK_VARIABLES)
    assert [*misspelt_variables((*variables(), *PLAYBOOK_VARIABLES, "apache_member"))] == []


@pytest.mark.parametrize(
    "address",
    [
        "999.1",
        "10.0.0.0/33",
        "proxy.example.com",
        "::g",
        "0.0.0.0/0",
        "::/0",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
    ],
)
def test_a_trusted_proxy_is_an_address_or_a_network(address: str) -> None:
    given = {"apache_vhosts": [SHOP], "apache_trusted_proxies": [address]}
    (found,) = check_variables(given, CONCERN_NAMES)[1]
    assert str(found.place) == "apache_trusted_proxies[0]"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"listen": ["nonsense:x"]}, ["apache_vhosts[0] (shop.example.com).listen[0]"]),
        (
            {"redirects": [{"path": 'a"${x}', "url": "https://a.example.com/"}]},
            ["apache_vhosts[0] (shop.example.com).redirects[0].path"],
        ),
    ],
)
def test_what_was_refused_is_not_missing_too(keys: dict[str, Any], said: list[str]) -> None:
    found = check_variables({"apache_vhosts": [{**SHOP, **keys}]}, CONCERN_NAMES)[1]
    assert [str(one.place) for one in found if one.severity == "error"] == said


@pytest.mark.parametrize("name", ["php8.2", "mod-x", "proxy_http2", "a2x"])
def test_a_module_is_named_as_its_file_is(name: str) -> None:
    assert said(vhosts=[SHOP], modules=[name]) == []


@pytest.mark.parametrize("name", ["mod_rewrite", "rewrite.load", "Rewrite", "../x", ".x", "a b"])
def test_what_a2enmod_does_not_take_is_no_module(name: str) -> None:
    (found,) = said(vhosts=[SHOP], modules=[name])
    assert "apache_modules[0]" in f"apache_{found}" or "modules[0]" in found


def test_what_defaults_say_wrong_is_told_once_where_it_stands() -> None:
    vhosts = [{**SHOP, "server_name": f"{number}.example.com"} for number in range(3)]
    given = {"proxy_timeout": "abc", "ssl": {"certificate_fil": "/x"}, "listen": [0]}
    found = said(vhosts=[*vhosts, {**SHOP, "proxy_timeout": "x"}], vhost_defaults=given)
    places = [one.partition(": ")[0] for one in found]
    assert sorted(places) == [
        "apache_vhost_defaults.listen[0]",
        "apache_vhost_defaults.proxy_timeout",
        "apache_vhost_defaults.ssl.certificate_fil",
        "apache_vhosts[3] (shop.example.com).proxy_timeout",
    ]


def test_a_rule_without_its_path_is_told_once() -> None:
    found = vhost(proxy_to=None, proxy_pass=[{"url": "http://10.0.0.1:8080/"}])
    assert found == [".proxy_pass[0]: neither `path` nor `match` is set; write one of them"]


def test_a_balancer_that_could_not_be_read_is_not_missing_too() -> None:
    given = {
        "apache_vhosts": [{**SHOP, "proxy_to": "balancer://app/"}],
        "apache_balancers": {"app": []},
    }
    found = check_variables(given, CONCERN_NAMES)[1]
    assert [str(one.place) for one in found] == ["apache_balancers"]


@pytest.mark.parametrize("keys", [{"listen": [897]}, {"listen": ["10.0.0.1:897"]}])
def test_the_port_of_the_proof_is_nobody_elses(keys: dict[str, Any]) -> None:
    (found,) = said(vhosts=[{**SHOP, **keys}])
    assert found.startswith("apache_proof_port: 897 is a port of shop.example.com too")


def test_another_mistake_among_balancers_hides_no_undefined_one() -> None:
    wrong = {**APP, "connectiontimeout": 3}
    given = {
        "apache_vhosts": [{**SHOP, "proxy_to": "balancer://nowhere/"}],
        "apache_balancers": [wrong],
    }
    found = check_variables(given, CONCERN_NAMES)[1]
    assert {one.rule for one in found} >= {"undefined-balancer", "parameter-of-another-object"}


def test_a_mistake_of_a_member_that_was_read_hides_no_undefined_balancer() -> None:
    without_route = {
        **APP,
        "sticky_cookie": {},
        "members": [{"url": "http://a:80"}, {"url": "http://b:80"}],
    }
    other = {"server_name": "b.test", "proxy_to": "balancer://nowhere/"}
    found = said(vhosts=[{**SHOP, "proxy_to": "balancer://app/"}, other], balancers=[without_route])
    assert any("has no route" in one for one in found)
    assert any("names the balancer `nowhere`" in one for one in found)
