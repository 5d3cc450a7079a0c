"""A client stays at its member: by a cookie written by the proxy, or by the application's own."""

from __future__ import annotations

import pytest
from containers import Answer, Container

testinfra_hosts = ["ansible://proxies"]

ORIGIN = Container("balancers-origin")


def cookie_header(cookies: dict[str, str]) -> dict[str, str]:
    """Return the header by which a browser gives cookies back."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def first_visit(proxy: Container, path: str, cookies: dict[str, str]) -> Answer:
    """Ask without the path's own cookie, and keep what is set."""
    answer = proxy.ask("sticky.example.com", path, headers=cookie_header(cookies))
    cookies.update(answer.cookies)
    return answer


def test_two_balancers_of_one_virtual_host_keep_a_client_each(proxy: Container) -> None:
    seen = set()
    for _client in range(4):
        cookies: dict[str, str] = {}
        shop = first_visit(proxy, "/shop/", cookies).echo["name"]
        site = first_visit(proxy, "/", cookies).echo["name"]
        assert set(cookies) == {"ROUTEID_shop", "ROUTEID_site"}
        for _visit in range(10):
            headers = cookie_header(cookies)
            for path, name in (("/shop/", shop), ("/", site)):
                answer = proxy.ask("sticky.example.com", path, headers=headers)
                assert (answer.echo["name"], answer.cookies) == (name, {})
        seen |= {shop, site}
    assert seen == {"one", "two", "three", "four"}


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(proxy: Container) -> None:
    cookie = proxy.ask("sticky.example.com", "/shop/").headers["Set-Cookie"]
    assert [part.strip() for part in cookie.split(";")[1:]] == [
        "Path=/",
        "HttpOnly",
        "SameSite=Lax",
    ]


def test_client_of_a_refusing_member_moves_and_stays(proxy: Container) -> None:
    cookies: dict[str, str] = {}
    while first_visit(proxy, "/shop/", cookies).echo["name"] != "one":
        cookies.clear()
    with ORIGIN.stopped("http-echo@one:8081"):
        moved = first_visit(proxy, "/shop/", cookies)
        assert (moved.echo["name"], cookies["ROUTEID_shop"]) == ("two", ".two")
    assert first_visit(proxy, "/shop/", cookies).echo["name"] == "two"


@pytest.mark.parametrize("form", ["cookie", "path"])
def test_session_of_an_application_stays_at_its_node(proxy: Container, form: str) -> None:
    first = proxy.ask("sessions.example.com", "/").cookies["JSESSIONID"]
    session, node = first.split(".")
    for visit in range(2, 12):
        if form == "cookie":
            answer = proxy.ask(
                "sessions.example.com", "/", headers={"Cookie": f"JSESSIONID={first}"}
            )
        else:
            answer = proxy.ask("sessions.example.com", f"/page;jsessionid={first}")
        echo = answer.echo
        assert (echo["name"], echo["session"], echo["visits"]) == (node, session, visit)
