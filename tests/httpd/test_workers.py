"""Workers, balancers and their parameters: what httpd makes of them, and what it doesn't tell."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import free_ports, refusals, running
from loopback import ask, echo, silent

MODULES = ("proxy", "proxy_http", "proxy_balancer", "slotmem_shm", "lbmethod_byrequests", "env")


@contextlib.contextmanager
def httpd(text: str) -> Iterator[int]:
    """Run httpd with a text; yield its port."""
    (port,) = free_ports(1)
    with running(f"Listen 127.0.0.1:{port}\n{text}", *MODULES, port=port) as refusal:
        assert refusal == ""
        yield port


def seconds(port: int, path: str) -> float:
    """Return how long httpd waits for a backend that never answers."""
    began = time.monotonic()
    assert ask(port, path).status == 502
    return time.monotonic() - began


def test_unit_of_a_timeout_is_passed_over() -> None:
    with silent() as backend, httpd(f"ProxyPass / http://127.0.0.1:{backend}/ timeout=1ms") as port:
        assert seconds(port, "/") > 0.9


def test_timeout_of_a_worker_comes_before_the_servers() -> None:
    text = "ProxyTimeout 1\nTimeout 9\nProxyPass /worker http://127.0.0.1:{0}/ timeout=2\nProxyPass / http://127.0.0.1:{1}/"
    with silent() as one, silent() as two, httpd(text.format(one, two)) as port:
        assert seconds(port, "/worker") > 1.9
        assert seconds(port, "/") < 1.9


def test_worker_whose_url_begins_with_an_earlier_ones_is_that_one() -> None:
    text = "ProxyPass /one http://127.0.0.1:{0}/v1 timeout=1\nProxyPass /ten http://127.0.0.1:{0}/v10 timeout=5"
    with silent() as backend, httpd(text.format(backend)) as port:
        assert seconds(port, "/ten") < 4


def test_longer_url_first_is_a_worker_of_its_own() -> None:
    text = "ProxyPass /ten http://127.0.0.1:{0}/v10 timeout=2\nProxyPass /one http://127.0.0.1:{0}/v1 timeout=1"
    with silent() as backend, httpd(text.format(backend)) as port:
        assert seconds(port, "/ten") > 1.9
        assert seconds(port, "/one") < 1.9


def test_worker_of_a_proxy_section_takes_the_parameters_of_a_later_rule() -> None:
    section = "ProxyTimeout 1\n<Proxy http://127.0.0.1:{0}/>\nProxySet retry=0\n</Proxy>\n"
    rule = "ProxyPass / http://127.0.0.1:{0}/ timeout=5"
    with silent() as backend, httpd((section + rule).format(backend)) as port:
        assert seconds(port, "/") < 4


def test_two_sockets_with_one_url_are_one_worker(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    one, two = tmp_path / "one", tmp_path / "two"
    rules = "ProxyPass /one unix:{0}|http://{2}/\nProxyPass /two unix:{1}|http://{3}/"
    with echo("one", str(one)), echo("two", str(two)):
        with httpd(rules.format(one, two, "localhost", "localhost")) as port:
            assert ask(port, "/two").echo["name"] == "one"
        with httpd(rules.format(one, two, "one", "two")) as port:
            assert ask(port, "/two").echo["name"] == "two"


def test_worker_of_a_rule_is_tried_again_at_once() -> None:
    (backend,) = free_ports(1)
    with httpd(f"ProxyPass / http://127.0.0.1:{backend}/ retry=600") as port:
        assert ask(port, "/").status == 503
        with echo("one", str(backend)):
            assert ask(port, "/").status == 200


def test_member_of_a_balancer_rests_after_a_failure() -> None:
    (backend,) = free_ports(1)
    members = f"BalancerMember http://127.0.0.1:{backend} retry=600\nProxySet forcerecovery=Off"
    text = f'<Proxy "balancer://b">\n{members}\n</Proxy>\nProxyPass / balancer://b/'
    with httpd(text) as port:
        assert ask(port, "/").status == 503
        with echo("one", str(backend)):
            assert ask(port, "/").status == 503


def test_member_that_breaks_off_is_not_failed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection = listener.accept()[0]
                    connection.recv(9999)
                    connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        (other,) = free_ports(1)
        members = f"BalancerMember http://127.0.0.1:{listener.getsockname()[1]}\nBalancerMember http://127.0.0.1:{other}"
        text = f'<Proxy "balancer://b">\n{members}\n</Proxy>\nProxyPass / balancer://b/'
        with echo("other", str(other)), httpd(text) as port:
            assert sorted(ask(port, "/").status for _request in range(4)) == [200, 200, 502, 502]


def test_balancer_of_another_virtual_host_is_none() -> None:
    (backend,) = free_ports(1)
    balancer = f'<Proxy "balancer://b">\nBalancerMember http://127.0.0.1:{backend}\n</Proxy>'
    other = f"<VirtualHost *>\nServerName other.test\n{balancer}\n</VirtualHost>"
    this = "<VirtualHost *>\nServerName this.test\nProxyPass / balancer://b/\n</VirtualHost>"
    with echo("one", str(backend)), httpd(f"{this}\n{other}") as port:
        assert ask(port, "/").status == 503
    with echo("one", str(backend)), httpd(f"{balancer}\n{this}") as port:
        assert ask(port, "/").status == 200


REFUSED = {
    "connectiontimeout is none of a balancer's": "ProxyPass / balancer://b/ connectiontimeout=1",
    "lbmethod is none of a worker's": "ProxyPass / http://h/ lbmethod=byrequests",
    "loadfactor of more than a hundred": "BalancerMember http://h loadfactor=101",
    "timeout of zero": "ProxyPass / http://h/ timeout=0",
    "iobuffersize between zero and 512": "ProxyPass / http://h/ iobuffersize=511",
    "route of 64 characters": f"BalancerMember http://h route={'r' * 64}",
    "balancer's name of 96 characters": f"ProxyPass / balancer://{'b' * 96}/ lbmethod=byrequests",
}
TAKEN = {
    "connectiontimeout of a worker": "ProxyPass / http://h/ connectiontimeout=1",
    "lbmethod of a balancer": "ProxyPass / balancer://b/ lbmethod=byrequests",
    "loadfactor of a hundred": "BalancerMember http://h loadfactor=100",
    "timeout of one": "ProxyPass / http://h/ timeout=1",
    "iobuffersize of 512": "ProxyPass / http://h/ iobuffersize=512",
    "route of 63 characters": f"BalancerMember http://h route={'r' * 63}",
    "stickysession of 200 characters": f"ProxyPass / balancer://b/ stickysession={'s' * 200}",
}


def in_its_place(line: str) -> str:
    """Put a member into a balancer."""
    return f'<Proxy "balancer://b">\n{line}\n</Proxy>' if line.startswith("Bal") else line


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED)
def test_parameter_is_refused(line: str) -> None:
    assert "AH00526" in refusals(in_its_place(line), *MODULES)


@pytest.mark.parametrize("line", TAKEN.values(), ids=TAKEN)
def test_parameter_is_taken(line: str) -> None:
    assert refusals(in_its_place(line), *MODULES) == ""
