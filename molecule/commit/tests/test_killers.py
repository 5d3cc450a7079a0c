"""What `httpd -t` passes and a live server dies of never reaches it."""

from __future__ import annotations

from typing import Any

import pytest
from meanwhile import Answers
from site_under_test import VHOST, Site

testinfra_hosts = ["ansible://proxies"]


def other(**keys: Any) -> dict[str, Any]:
    """A second virtual host."""
    return {"server_name": "other.example.com", "proxy_to": "http://127.0.0.1:8081", **keys}


def assert_untouched(site: Site, output: str, old: str, answers: Answers, reason: str) -> None:
    """The old release serves, every answer was 200, and the run said why."""
    assert reason in output
    assert (site.release, site.proved) == (old, old)
    assert answers.failures == {}
    assert answers["200"] > 20


def test_certificate_that_does_not_match_its_key(site: Site) -> None:
    for name in ("a", "b"):
        site.run(
            f"openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN={name} -keyout /root/{name}.key -out /root/{name}.pem 2>/dev/null"
        )
    broken = other(
        listen=[8443],
        extra_directives="SSLEngine On\nSSLCertificateFile /root/a.pem\nSSLCertificateKeyFile /root/b.key\n",
    )
    old = site.release
    with site.asked() as answers:
        output = site.deploy(VHOST, broken, succeeds=False)
    assert_untouched(site, output, old, answers, "AH02565")


OFF = [{"rule": "balancer-companion-missing", "reason": "the shadow is to say it"}]


@pytest.mark.parametrize(
    ("off", "reason"),
    [
        pytest.param([], "needs the module slotmem_shm, which isn't loaded", id="by the checker"),
        pytest.param(OFF, "AH01177", id="by the shadow"),
    ],
)
def test_balancer_whose_shared_memory_module_does_nothing(
    site: Site, off: list[dict[str, str]], reason: str
) -> None:
    load = "/etc/apache2/mods-available/slotmem_shm.load"
    site.run(f"cp {load} /root/slotmem && echo '# empty' > {load}")
    old = site.release
    try:
        with site.asked() as answers:
            output = site.deploy(
                VHOST,
                other(proxy_to=None, proxy_pass=[{"path": "/", "url": "balancer://b/"}]),
                apache_balancers=[{"name": "b", "members": [{"url": "http://127.0.0.1:8081"}]}],
                apache_check_off=off,
                succeeds=False,
            )
    finally:
        site.run(f"cp /root/slotmem {load}")
    assert_untouched(site, output, old, answers, reason)


def test_another_mpm_is_a_restart_there_and_back(site: Site) -> None:
    for mpm in ("prefork", "event"):
        output = site.deploy(VHOST, apache_modules=[f"mpm_{mpm}"])
        assert "action: restart" in output
        assert f"Server MPM:     {mpm}" in site.run("apache2ctl -V")
        assert site.release == site.proved


def test_taken_port(site: Site) -> None:
    site.run("systemd-run -q --unit=squatter python3 -m http.server 8085")
    site.run("until curl -s -o /dev/null localhost:8085; do sleep 0.1; done")
    old = site.release
    try:
        with site.asked() as answers:
            output = site.deploy(VHOST, other(listen=[8085]), succeeds=False)
    finally:
        site.run("systemctl stop squatter")
    assert_untouched(site, output, old, answers, "python3 (process")


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        pytest.param({"error_log": "/var/log/apache2"}, "that is a directory", id="log"),
        pytest.param({"error_log": "/var/log/no/x"}, "no directory /var/log/no", id="no directory"),
        pytest.param({"listen": ["192.0.2.1:8085"]}, "doesn't have 192.0.2.1", id="address"),
        pytest.param({"listen": ["nosuch.invalid:80"]}, "can't look up", id="name"),
    ],
)
def test_what_the_host_does_not_have(site: Site, keys: dict[str, Any], reason: str) -> None:
    old = site.release
    with site.asked() as answers:
        output = site.deploy(VHOST, other(**keys), succeeds=False)
    assert_untouched(site, output, old, answers, reason)


def test_missing_module(site: Site) -> None:
    old = site.release
    with site.asked() as answers:
        output = site.deploy(VHOST, apache_modules=["nonesuch"], succeeds=False)
    assert_untouched(site, output, old, answers, "the module `nonesuch` isn't installed")


def test_overlapping_listen_needs_a_restart_and_gets_it(site: Site) -> None:
    site.deploy(VHOST, other(listen=["127.0.0.1:18080"]))
    with site.asked() as answers:
        output = site.deploy(VHOST, other(listen=[18080]))
    assert "action: restart" in output
    assert "both can't be open at once" in output
    assert site.release == site.proved
    print(f"a restart cost {sum(answers.failures.values())} of {answers.total()} requests")
    with site.asked() as answers:
        output = site.deploy(VHOST, other(listen=["127.0.0.1:18080"]))
    assert "action: restart" in output


def test_later_a2enmod_ssl_does_not_double_a_listener(site: Site) -> None:
    off = {"rule": "ssl-engine-missing", "reason": "only the listener matters"}
    plain = {"listen": [443], "check_off": [off]}
    site.deploy(VHOST, other(**plain))
    try:
        site.run("a2enmod ssl && systemctl restart apache2")
        assert (
            site.run(
                "curl -s -o /dev/null -w '%{http_code}' -H 'Host: other.example.com' localhost:443"
            )
            == "200"
        )
        with site.asked() as answers:
            site.deploy(VHOST, other(**plain), {**other(), "server_name": "third.example.com"})
        assert answers.failures == {}
    finally:
        site.run("a2dismod -f ssl && systemctl restart apache2")
