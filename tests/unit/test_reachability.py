"""Which sites of others a release would take over, and which virtual hosts of ours nobody reaches."""

from __future__ import annotations

import pytest
from module_utils._httpd.reading.server import Server
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.reachability import lost_sites, unreachable_vhosts
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.problem import Problem
from module_utils._httpd.syntax.tree import Place
from module_utils._httpd.vocabulary.reserved_names import UNKNOWN_HOST

# What the machine doesn't have.
ABSENT = frozenset({"192.0.2.9", "nosuch.invalid"})


def vhost(addresses: str, name: str = "", alias: str = "") -> str:
    """Return a virtual host's text."""
    lines = [f"ServerName {name}"] if name else []
    lines += [f"ServerAlias {alias}"] if alias else []
    return "\n".join((f"<VirtualHost {addresses}>", *lines, "</VirtualHost>\n"))


def server(foreign: str, ours: str = "") -> Server:
    """Return a server whose own sites come first, as its files are ordered."""
    own, _problems = parse_tree(f"Listen 80\n{foreign}", "sites-enabled/own.conf")
    sent, _problems = parse_tree(ours, "gatehouse/releases/x.conf")
    return view((*own, *sent))


def is_ours(place: Place) -> bool:
    """Tell whether a release has it."""
    return place.source.startswith("gatehouse/")


def lost(foreign: str, ours: str, *taken_over: str) -> list[Problem]:
    """Return what the host's own sites would lose."""
    return [
        *lost_sites(
            server(foreign),
            server(foreign, ours),
            is_ours=is_ours,
            is_left_out=is_ours,
            taken_over=taken_over,
            is_absent=ABSENT.__contains__,
        )
    ]


OLD = vhost("*:80", "old.test", "www.old.test")
LOST = [
    pytest.param(OLD, vhost("*:80", "shop.test"), [], id="the same address"),
    pytest.param(OLD, vhost("10.0.0.5:80", "shop.test"), ["old.test", "www.old.test", "every name"], id="a closer one"),
    pytest.param(OLD, vhost("10.0.0.5:81", "shop.test"), [], id="another port"),
    pytest.param(OLD, vhost("192.0.2.9:80", "shop.test"), [], id="an address that nobody has"),
    pytest.param(vhost("10.0.0.5:80", "old.test"), vhost("*:80", "shop.test"), [], id="one of its own"),
    pytest.param(vhost("*", "old.test"), vhost("*:80", "shop.test"), ["old.test", "every name"], id="every port"),
    pytest.param("DocumentRoot /srv\n", vhost("*:80", "shop.test"), ["every name"], id="the main server"),
    pytest.param("", vhost("*:80", "shop.test"), [], id="nothing"),
    pytest.param(
        "<Location /server-status>\nSetHandler server-status\n</Location>\n", vhost("*:80", "shop.test"), [], id="a page",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("foreign", "ours", "names"), LOST)
def test_each_name_that_would_be_lost_is_told(foreign: str, ours: str, names: list[str]) -> None:
    problems = lost(foreign, ours)
    assert len(problems) == len(names)
    for problem, name in zip(problems, names):
        assert f"answers {name}" in problem.message
        assert "apache_takes_over" in problem.fix
        assert (problem.severity, problem.place.source) == ("error", "gatehouse/releases/x.conf")


def test_what_may_be_taken_over_is_not_lost() -> None:
    closer = vhost("10.0.0.5:80", "shop.test")
    assert len(lost(OLD, closer, "old.test")) == 2
    assert lost(OLD, closer, "old.test", "www.old.test", "*") == []
    assert lost("DocumentRoot /srv\n", closer, "*") == []


def unreached(foreign: str, ours: str, *taken_over: str) -> list[tuple[str, str]]:
    """Return severity and first word of each problem."""
    found = unreachable_vhosts(
        server(foreign, ours),
        is_ours=is_ours,
        is_default=lambda _place: False,
        taken_over=taken_over,
        is_absent=ABSENT.__contains__,
    )
    return [(problem.severity, problem.message.split()[0]) for problem in found]


SHOP = vhost("*:80", "shop.test")
UNREACHED = [
    pytest.param("", SHOP, [], id="alone"),
    pytest.param(OLD, SHOP, [], id="beside another"),
    pytest.param(vhost("*:80", "x.test", "*.test"), SHOP, [("error", "shop.test")], id="behind a pattern"),
    pytest.param(vhost("*:80", "shop.test"), SHOP, [("error", "shop.test")], id="behind its name"),
    pytest.param(vhost("10.0.0.5:80", "x.test"), SHOP, [("warning", "shop.test")], id="an address of somebody's own"),
    pytest.param("", SHOP + vhost("10.0.0.5:80", "x.test"), [("error", "shop.test")], id="an address of ours"),
    pytest.param("", SHOP + vhost("192.0.2.9:80", "x.test"), [], id="an address that nobody has"),
    pytest.param("", SHOP + vhost("nosuch.invalid:80", "x.test"), [], id="a name of nothing"),
    pytest.param(vhost("192.0.2.9:80", "x.test"), SHOP, [], id="somebody's own that nobody has"),
    pytest.param(
        vhost("*:80", "shop.test"), vhost("*:80 192.0.2.9:80", "shop.test"), [("error", "shop.test")],
        id="reached where nobody is",
    ),
    pytest.param("", vhost("*:80", "a.test", "*.test") + SHOP, [("error", "shop.test")], id="behind a pattern of ours"),
    pytest.param("", SHOP + vhost("*:80", "a.test", "*.test"), [], id="before a pattern of ours"),
    pytest.param(vhost("10.0.0.5:80", "shop.test"), vhost("10.0.0.5:80", "shop.test"), [("error", "shop.test")], id="one address"),
]  # fmt: skip


@pytest.mark.parametrize(("foreign", "ours", "expected"), UNREACHED)
def test_each_virtual_host_of_ours_is_reached(
    foreign: str, ours: str, expected: list[tuple[str, str]]
) -> None:
    assert unreached(foreign, ours) == expected
    # Whoever lets it be is told all the same: no client gets there.
    let_be = [("warning", name) for _severity, name in expected]
    assert unreached(foreign, ours, "shop.test") == let_be


def test_a_default_that_is_none_is_told() -> None:
    after = server(OLD, vhost("*:80", "shop.test"))
    (found,) = unreachable_vhosts(
        after, is_ours=is_ours, is_default=is_ours, taken_over=(), is_absent=ABSENT.__contains__
    )
    assert found.message.startswith(
        "every name that no virtual host has doesn't lead here at port 80"
    )


def test_an_address_that_another_has_for_itself_is_told_with_that_one() -> None:
    ours = "".join(
        (
            vhost("10.0.0.5:80", UNKNOWN_HOST),
            vhost("*:80", "shop.test"),
            vhost("10.0.0.5:80", "app.test"),
        )
    )
    found = unreachable_vhosts(
        server("", ours),
        is_ours=is_ours,
        is_default=lambda _place: False,
        is_absent=lambda _address: False,
        taken_over=(),
    )
    (problem,) = found
    assert problem.message == (
        "shop.test doesn't lead here at 10.0.0.5:80:"
        " the virtual host at gatehouse/releases/x.conf:7 has that address for itself"
    )
    assert problem.fix.startswith("add 10.0.0.5:80 to the `listen` of this one")
