"""Stores that somebody damaged: a good inventory writes a whole release over them, and says what it found."""

from __future__ import annotations

import pytest
from site_under_test import LIVE, VHOST, Site

# Files are the same whatever httpd reads them.
testinfra_hosts = ["ansible://commit-debian13"]

STORE = "/etc/apache2/gatehouse"
FILE = f"{STORE}/current/main/vhosts/{LIVE}.conf"
BACK = f"cd {STORE} && mv journal.damaged ledger.damaged /root/ 2>/dev/null; true"


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (f"rm {FILE}", "is missing"),
        (f"echo '[{{}}]' > {STORE}/current/manifest.json", "manifest.json isn't as Gatehouse"),
        (
            f"rm -rf {STORE}/releases; printf '{{' > {STORE}/journal; printf '' > {STORE}/ledger",
            "ledger isn't as Gatehouse wrote it",
        ),
    ],
    ids=["a missing file", "a garbage manifest", "no release, garbage journal and ledger"],
)
def test_an_inventory_makes_any_store_whole(site: Site, damage: str, found: str) -> None:
    site.run(damage)
    with site.asked() as answers:
        output = site.deploy(VHOST)
    assert found in output, output
    assert (answers.failures, site.release) == ({}, site.proved)
    site.run("systemctl restart apache2")
    assert site.release == site.proved
    site.run(BACK)
    assert site.leftovers() == ""


def test_owners_who_have_lost_everything_come_back_one_after_the_other(site: Site) -> None:
    red = {**VHOST, "server_name": "red.example.com"}
    site.deploy(red, apache_owner="red", apache_proof_port=897)
    site.run(f"rm -rf {STORE}/releases")
    refused = site.deploy(VHOST, succeeds=False)
    assert "of the owner `red` any more; deploy that too" in refused, refused
    output = site.deploy(red, apache_owner="red", apache_proof_port=897)
    assert "found damaged: " in output, output
    for name in (LIVE, "red.example.com"):
        asked = f"curl -s -o /dev/null -w '%{{http_code}}' -H 'Host: {name}' http://127.0.0.1/"
        assert site.run(asked) == "200"
    site.run("systemctl restart apache2")
    assert site.release == site.proved
    assert site.run("ls /run/gatehouse/held 2>&1", check=False).startswith("ls: cannot access")
    # The release of before is no more; the same is made anew.
    site.deploy(playbook="gatehouse.apache.remove", apache_allow_removal=True)
    site.deploy(VHOST)


def test_a_file_that_somebody_edited_is_told_and_mended(site: Site) -> None:
    site.run(f"sed -i 's/^<VirtualHost .*/&\\n  ProxyPass \\/edited !/' {FILE}")
    site.run("systemctl restart apache2")
    asked = f"curl -s -o /dev/null -w '%{{http_code}}' -H 'Host: {LIVE}' http://127.0.0.1/edited"
    assert site.run(asked) == "404"
    output = site.deploy(VHOST, succeeds=True)
    assert f"{LIVE}.conf isn't as Gatehouse wrote it" in output, output
    assert site.run(asked) == "200"
    assert "changed=0" in site.deploy(VHOST)
