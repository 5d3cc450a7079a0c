"""HTTP/2 needs threads: on a host with prefork it is refused before anything changes, and nothing else is."""

from __future__ import annotations

from typing import Any

from containers import Container
from playing import play

VHOST = {"server_name": "shop.example.com", "proxy_to": "http://http2-origin:8081"}


def deploy(**variables: Any) -> tuple[bool, str]:
    """Deploy to the host with prefork."""
    given = {"apache_hosts": "http2-prefork", "apache_vhosts": [VHOST], **variables}
    run = play("gatehouse.apache.site", variables=given)
    return run.has_succeeded, run.output


def test_http2_is_refused_with_its_reason_and_the_server_goes_on() -> None:
    host = Container("http2-prefork")
    has_succeeded, output = deploy()
    assert has_succeeded
    # Its parent ends its whole group, which once was the shadow's too.
    assert "wasn't started in a shadow" not in output
    before = host.run("readlink", "/etc/apache2/gatehouse/current")
    has_succeeded, output = deploy(apache_http2={"cleartext": True})
    assert not has_succeeded
    assert "speaks HTTP/1.1 only: the MPM is prefork; use mpm_event" in output
    assert host.run("readlink", "/etc/apache2/gatehouse/current") == before
    assert "http2" not in host.run("ls", "/etc/apache2/mods-enabled")
    assert host.ask("shop.example.com", "/").status == 200


def test_http2_that_is_off_is_deployed() -> None:
    assert deploy(apache_http2={"enabled": False})[0]
