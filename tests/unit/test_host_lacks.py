"""What a commit is refused for, or warned of, that only the host shows: its addresses, its names, its ports."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hosts import Host, parts_of, vhost
from module_utils._host.commit import removal
from module_utils._host.commit.outcome import Refusal
from module_utils._host.draft.draft import Draft
from module_utils._host.lacks import host_addresses, log_places
from module_utils._host.lacks.host_addresses import HostAddresses
from module_utils._host.lacks.host_lacks import host_lacks
from module_utils._host.lacks.server_files import ServerFiles
from module_utils._host.lacks.taken_ports import held_by_others, taken_problems
from module_utils._host.store.line_variables import in_variables
from module_utils._httpd.syntax.problem import Problem

NAMES = {"www.example.com": "127.0.0.1", "lost.example.com": "192.0.2.1"}
THERE = ("127.0.0.1", "::1", "fe80::1")
lookup, can_bind = socket.getaddrinfo, host_addresses._can_bind


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A bare host with a directory of logs."""
    (tmp_path / "logs").mkdir()
    return Host(tmp_path)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A network in which few addresses are there and few names known; the names that were looked up."""
    names: list[str] = []

    def getaddrinfo(name: str, *_port: None, flags: int = 0, **_type: int) -> list[Any]:
        if flags == socket.AI_NUMERICHOST:
            return lookup(name.partition("%")[0], None, type=socket.SOCK_STREAM, flags=flags)
        names.append(name)
        if name not in NAMES:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return lookup(NAMES[name], None, type=socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(host_addresses, "_can_bind", lambda _family, where: where[0] in THERE)
    return names


def lacks(
    host: Host, *vhosts: dict[str, Any], is_running: bool = True, serve: bool = True
) -> list[Problem]:
    """Return what a host lacks for virtual hosts."""
    draft = host.draft(parts_of(*vhosts))
    return [
        *host_lacks(
            draft,
            host.plan(draft),
            HostAddresses(),
            ServerFiles(),
            opens_all=not is_running,
            serve=serve,
        )
    ]


def severities(problems: list[Problem]) -> list[tuple[str, str]]:
    """Return rules and severities."""
    return [(problem.rule, problem.severity) for problem in problems]


@pytest.mark.parametrize(
    ("listen", "found"),
    [
        pytest.param("192.0.2.1:8085", [("address-missing", "error")], id="no such address"),
        pytest.param("127.0.0.1:8085", [], id="one that is there"),
        pytest.param("[2001:db8::1]:8085", [("address-missing", "error")], id="no such IPv6 address"),
        pytest.param("[::1]:8085", [], id="an IPv6 address that is there"),
        pytest.param("[fe80::1%eth0]:8085", [], id="one with a scope"),
        pytest.param("[fe80::2%eth0]:8085", [("address-missing", "error")], id="none with a scope"),
        pytest.param("192.0.2.1:80", [("address-missing", "warning")], id="none, under Listen 80"),
        pytest.param("127.0.0.1:80", [], id="one that is there, under Listen 80"),
        pytest.param("nosuch.invalid:80", [("name-unresolved", "error")], id="a name of nothing"),
        pytest.param("nosuch.invalid:8085", [("name-unresolved", "error")], id="a name of nothing, to listen on"),
        pytest.param("www.example.com:8085", [], id="a name"),
        pytest.param("lost.example.com:8085", [("address-missing", "error")], id="a name of another host"),
        pytest.param("lost.example.com:80", [("address-missing", "warning")], id="the same, under Listen 80"),
    ],
)  # fmt: skip
def test_an_address_is_the_hosts_or_told(
    host: Host, listen: str, found: list[tuple[str, str]]
) -> None:
    assert severities(lacks(host, vhost(listen=[listen]))) == found


def test_the_place_of_an_address_is_the_variable(host: Host) -> None:
    far = {"listen": ["192.0.2.1:8085"]}
    vhosts = [vhost(), vhost("b.example.com", **far), vhost("c.example.com", **far)]
    (problem,) = lacks(host, *vhosts)
    assert str(problem) == (
        "apache_vhosts[1] (b.example.com).listen[0]: 192.0.2.1:8085 can't be opened: this host doesn't have 192.0.2.1"
        " (1 more virtual host has it); correct the address, or give it to the host first; where it comes and goes,"
        " set the kernel's net.ipv4.ip_nonlocal_bind to 1"
    )


def test_a_name_is_looked_up_once(host: Host, asked: list[str]) -> None:
    lacks(host, vhost(listen=["nosuch.invalid:80"]), vhost("b", listen=["nosuch.invalid:8085"]))
    assert asked == ["nosuch.invalid"]


def test_what_is_live_already_is_a_warning_until_it_is_opened_anew(host: Host) -> None:
    live = [vhost(listen=["nosuch.invalid:80"]), vhost("b.example.com", listen=["192.0.2.1:8085"])]
    host.make(host.draft(parts_of(*live)))
    more = [*live, vhost("c.example.com")]
    rules = ["name-unresolved", "address-missing"]
    assert severities(lacks(host, *more)) == [(rule, "warning") for rule in rules]
    restarted = lacks(host, *more, is_running=False)
    assert severities(restarted) == [(rules[0], "warning"), (rules[1], "error")]


def test_a_host_that_stands_by_needs_no_address_yet(host: Host) -> None:
    far = vhost(listen=["192.0.2.1:8085"])
    found = lacks(host, far, is_running=False, serve=False)
    assert severities(found) == [("address-missing", "warning")]


def test_a_restart_opens_what_is_open(host: Host) -> None:
    host.make(host.draft(parts_of(vhost(listen=["192.0.2.1:8085"]))))
    wider = [vhost(listen=["192.0.2.1:8085"]), vhost("b.example.com", listen=["127.0.0.1:81"])]
    assert severities(lacks(host, *wider)) == [("address-missing", "warning")]
    draft = host.draft(parts_of(*wider, apache_modules=["mpm_prefork"]))
    plan = host.plan(draft)
    assert plan.action.verb == "restart"
    found = host_lacks(draft, plan, HostAddresses(), ServerFiles(), opens_all=True, serve=True)
    assert severities([*found]) == [("address-missing", "error")]


def test_the_kernel_says_which_address_is_there() -> None:
    lets_all = Path("/proc/sys/net/ipv4/ip_nonlocal_bind").read_text() == "1\n"
    assert can_bind(socket.AF_INET, ("127.0.0.1", 0))
    assert can_bind(socket.AF_INET, ("192.0.2.1", 0)) is lets_all


@pytest.mark.parametrize(
    ("listen", "place"),
    [
        pytest.param([":{}", "*:{}"], "apache_vhosts[1] (b.example.com).listen[1]", id="an address of several"),
        pytest.param(["*:{}"], "apache_vhosts[1] (b.example.com).listen[0]", id="one"),
        pytest.param(["127.0.0.1:{}"], "apache_vhosts[1] (b.example.com).listen[0]", id="one of an address"),
    ],
)  # fmt: skip
def test_a_taken_port_is_told_where_it_is_written(
    host: Host, listen: list[str], place: str
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        addresses = [
            "127.0.0.2:8085" if one.startswith(":") else one.format(port) for one in listen
        ]
        draft = host.draft(parts_of(vhost(), vhost("b.example.com", listen=addresses)))
        assert taken_places(host, draft) == [place]


def test_a_taken_port_of_the_proof_is_its_variable(host: Host) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        draft = host.draft(parts_of(vhost(), apache_proof_port=port))
        assert taken_places(host, draft) == ["apache_proof_port"]


def taken_places(host: Host, draft: Draft) -> list[str]:
    """Return the places of ports that others hold; the live server has 80 already."""
    plan = host.plan(draft)
    found = taken_problems(
        plan.before,
        plan.after,
        unit_pid=1,
        is_ours=lambda place: place.source.startswith(host.layout.gatehouse),
    )
    return [str(problem.place) for problem in in_variables(found, draft.release)]


@pytest.mark.parametrize(
    ("proxy_to", "is_own"),
    [
        pytest.param("http://own.example.com", True, id="a name of this host"),
        pytest.param("http://debian.example.com", True, id="Debian's own entry of the name"),
        pytest.param("http://own.example.com:8081", False, id="another port of this host"),
        pytest.param("http://far.example.com", False, id="another host"),
        pytest.param("http://nobody.example.com", False, id="a name of nobody"),
    ],
)
def test_a_backend_that_is_the_host_itself_is_refused(
    host: Host, monkeypatch: pytest.MonkeyPatch, proxy_to: str, is_own: bool
) -> None:
    monkeypatch.setitem(NAMES, "own.example.com", "127.0.0.1")
    monkeypatch.setitem(NAMES, "debian.example.com", "127.0.1.1")
    # Documentation's: no route leads to it from its own address.
    monkeypatch.setitem(NAMES, "far.example.com", "192.0.2.1")
    found = lacks(host, vhost("a.example.com", proxy_to=proxy_to), vhost("b.example.com"))
    assert severities(found) == [("proxy-to-itself", "error")] * is_own
    assert all(str(problem.place).startswith("apache_vhosts[0]") for problem in found)


def test_a_name_that_is_passed_on_to_the_host_itself_is_refused(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, "own.example.com", "127.0.0.1")
    asks = {"proxy_to": "http://own.example.com"}
    other = vhost("b.example.com", proxy_preserve_host=False, **asks)
    assert lacks(host, vhost("a.example.com", default=True), other) == []
    own = vhost("b.example.com", proxy_preserve_host=True, **asks)
    assert severities(lacks(host, vhost("a.example.com", default=True), own)) == [
        ("proxy-to-itself", "error")
    ]


@pytest.mark.parametrize(
    ("match", "url", "is_own"),
    [
        pytest.param("^/(.*)$", "http://own.example.com/$1", True, id="everything"),
        pytest.param("^/app/(.*)$", "http://own.example.com/app/$1", True, id="below a path"),
        pytest.param("^/app/(.*)$", "http://own.example.com/other/$1", False, id="to another path"),
        pytest.param("^/(.*)$", "http://own.example.com:8081/$1", False, id="another port"),
    ],
)
def test_a_pattern_that_leads_to_the_host_itself_is_refused(
    host: Host, monkeypatch: pytest.MonkeyPatch, match: str, url: str, is_own: bool
) -> None:
    monkeypatch.setitem(NAMES, "own.example.com", "127.0.0.1")
    found = lacks(
        host, vhost("a.example.com", proxy_to=None, proxy_pass=[{"match": match, "url": url}])
    )
    assert severities(found) == [("proxy-to-itself", "error")] * is_own


def test_a_file_of_the_system_is_no_log(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_places, "_SYSTEMS", (f"{host.root}/",))
    path = str(host.root / "apache2.conf")
    (problem,) = lacks(host, vhost(custom_log={"path": path}))
    assert problem.rule == "log-unopenable"
    assert "that file is there already and is no log of this server" in problem.message
    assert str(problem.place) == "apache_vhosts[0] (shop.example.com).custom_log"
    # What it logs to already it may go on with.
    host.write(
        "sites-enabled/own.conf", f"<VirtualHost *:81>\nCustomLog {path} common\n</VirtualHost>\n"
    )
    assert lacks(host, vhost(custom_log={"path": path})) == []
    assert lacks(host, vhost(custom_log={"path": str(host.root / "new.log")})) == []


def test_a_port_that_the_hosts_files_have_already_is_looked_at_too(host: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        host.write("sites-enabled/hand.conf", f"Listen 127.0.0.1:{port}\n")
        found = host.reader().as_it_is.server
        for unit_pid, is_anothers in ((0, True), (os.getpid(), False)):
            problems = held_by_others(found, unit_pid=unit_pid, is_ours=lambda _place: False)
            said = [
                one.message
                for one in problems
                if f"127.0.0.1:{port} can't be opened" in one.message
            ]
            assert bool(said) is is_anothers
        assert taken_problems(found, found, unit_pid=1, is_ours=lambda _place: False) == ()


def test_a_removal_opens_nothing_that_another_process_has(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal.systemd, "main_pid", lambda _unit: 0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        host.write("sites-enabled/hand.conf", f"Listen 127.0.0.1:{port}\n")
        with pytest.raises(Refusal, match=f"not touched:(.|\\n)*127.0.0.1:{port} can't be opened"):
            removal._refuse_taken(host.reader().as_it_is, host.layout)
