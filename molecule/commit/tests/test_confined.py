"""A host on which a shadow can't be isolated: the run notices, says so, and goes on with what can be had."""

from __future__ import annotations

import os
from typing import Any

import pytest
from site_under_test import VHOST, Site

testinfra_hosts = ["ansible://confined"]


@pytest.fixture
def site(host: Any) -> Site:
    """A host that can't make networks, with its first release live."""
    site = Site(host.backend.host, os.environ["MOLECULE_INVENTORY_FILE"])
    site.deploy(VHOST)
    return site


def test_a_shadow_that_cannot_be_isolated_is_noticed_and_said(site: Site) -> None:
    with site.asked() as answers:
        output = site.deploy({**VHOST, "proxy_timeout": 7})
    assert "the configuration wasn't started in a shadow: the unit" in output
    assert "isolated: false" in output
    assert answers.failures == {}
    assert site.release == site.proved


def test_syntax_is_still_asked_of_httpd(site: Site) -> None:
    old = site.release
    broken = {**VHOST, "extra_directives": "SSLEngine On\nSSLCertificateFile /nowhere\n"}
    output = site.deploy(broken, succeeds=False)
    assert "file '/nowhere' does not exist" in output
    assert "(apache_vhosts[0] (live.example.com).extra_directives)" in output
    assert site.release == old
