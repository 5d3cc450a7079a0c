"""A real authority gives certificates on the first run of a bare host, and gives them again."""

from __future__ import annotations

import ssl
import time
from typing import Any

import pytest
from managed_site import ManagedSite

testinfra_hosts = ["ansible://proxies"]
STAGING = "/etc/apache2/md/staging"
# With a window of 99 % a certificate is due after 1 % of its life (2400 s, pebble.json). mod_md looks when it starts, and
# not soon again for what isn't due then.
DUE_AFTER = 25  # seconds


def vhost(site: ManagedSite, label: str, **keys: Any) -> dict[str, Any]:
    """A further virtual host with a managed certificate."""
    return {
        "server_name": site.named(label),
        "proxy_to": "http://acme-origin:8081",
        "ssl": "managed",
        **keys,
    }


@pytest.mark.parametrize("label", ["shop", "www", "app"])
def test_first_run_of_a_bare_host_ends_with_https(site: ManagedSite, label: str) -> None:
    assert site.ask(label, "/x").echo["path"] == "/x"


def test_plain_http_redirects_but_for_challenges(site: ManagedSite) -> None:
    redirected = site.container.ask(site.named("shop"), "/a%2Fb?c=d")
    assert redirected.status == 301
    assert redirected.headers["Location"] == f"https://{site.named('shop')}/a%2Fb?c=d"
    # Nobody is being asked right now; what matters is that neither the redirect nor an origin answers.
    challenge = site.container.ask(site.named("shop"), "/.well-known/acme-challenge/nothing")
    assert challenge.status == 404


def test_certificate_is_renewed_without_a_restart_or_a_failure(site: ManagedSite) -> None:
    pid = site.container.run("systemctl", "show", "--value", "--property=MainPID", "apache2")
    serial = site.serial("app")
    time.sleep(max(0.0, DUE_AFTER - site.age("app")))
    try:
        with site.asked("app") as answers:
            assert site.deploy(apache_acme={**acme(site), "renew_window": 99}).has_succeeded
            wait_for_renewal(site, "app", serial)
            site.container.run("systemctl", "start", "gatehouse-renewals.service")
            assert site.eventually("app", serial) != serial
    finally:
        site.deploy()
    assert answers["200"] > 20
    assert answers.failures == {}
    now = site.container.run("systemctl", "show", "--value", "--property=MainPID", "apache2")
    assert now == pid


def test_timer_looks_for_what_was_renewed(site: ManagedSite) -> None:
    shown = site.container.run("systemctl", "is-active", "gatehouse-renewals.timer")
    assert shown.strip() == "active"


def test_name_that_cannot_be_proved_leaves_the_others_served(site: ManagedSite) -> None:
    try:
        run = site.deploy(vhost(site, "nowhere"))
        assert not run.has_succeeded
        assert f"{site.named('nowhere')} has no certificate:" in run.output
        assert "CA considers answer to challenge invalid" in run.output
        assert site.ask("shop", "/").status == 200
        assert site.ask("nowhere", "/", verify=False).status == 503
        with pytest.raises(ssl.SSLCertVerificationError):
            site.ask("nowhere", "/")
        # It was so before: other changes must go through.
        again = site.deploy(vhost(site, "nowhere", proxy_timeout=7))
        assert again.has_succeeded, again.output
        assert f"{site.named('nowhere')} has no certificate:" in again.output
    finally:
        assert site.deploy(apache_allow_removal=True).has_succeeded


def test_name_is_proved_over_tls_alone(site: ManagedSite) -> None:
    over_tls = {**acme(site), "challenges": ["tls-alpn-01"]}
    late = vhost(site, "late")
    late["ssl"] = {"certificate": "managed", "redirect_from": []}
    try:
        run = site.deploy(late, apache_acme=over_tls)
        assert run.has_succeeded, run.output
        assert site.ask("late", "/").status == 200
    finally:
        site.deploy(apache_allow_removal=True)


def acme(site: ManagedSite) -> dict[str, Any]:
    """Return the scenario's own apache_acme."""
    return {
        "terms_agreed": True,
        "directory_url": "https://acme-authority:14000/dir",
        "ca_certificate_file": "/etc/ssl/acme-directory.pem",
        "contact_email": f"hostmaster@{site.named('shop')}",
    }


def wait_for_renewal(site: ManagedSite, label: str, serial: str) -> None:
    """Wait until mod_md has a new certificate for a name, unless the deployment's own wait found and served it."""
    jobs = f"*/{site.named(label)}/job.json"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and site.serial(label) == serial:
        job = site.container.run("find", STAGING, "-path", jobs, "-exec", "cat", "{}", "+")
        if '"finished": true' in job:
            return
        time.sleep(0.5)
    assert site.serial(label) != serial, f"{site.named(label)} wasn't renewed"
