"""A server that ran without mod_md gets its certificates in one run too, by reloads alone."""

from __future__ import annotations

import pytest
from managed_site import ManagedSite

testinfra_hosts = ["ansible://running"]


@pytest.mark.parametrize("label", ["shop", "www", "app"])
def test_first_run_of_a_host_that_serves_ends_with_https(site: ManagedSite, label: str) -> None:
    assert site.ask(label, "/x").echo["path"] == "/x"


def test_server_was_never_stopped(site: ManagedSite) -> None:
    journal = site.container.run("journalctl", "--unit=apache2", "--output=cat", "--no-pager")
    assert journal.count("Started apache2.service") == 1
    assert "Stopped apache2.service" not in journal
