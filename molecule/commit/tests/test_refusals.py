"""What is refused before httpd is asked, and a dry run: the same on every release of httpd, so one host is enough."""

from __future__ import annotations

import subprocess

from site_under_test import VHOST, Site

testinfra_hosts = ["ansible://commit-debian13"]


def test_two_mpms(site: Site) -> None:
    old = site.release
    both = ["mpm_prefork", "mpm_worker"]
    output = site.deploy(VHOST, apache_modules=both, succeeds=False)
    assert "`mpm_prefork` and `mpm_worker` exclude each" in output
    assert (site.release, site.proved) == (old, old)


def test_directives_that_cannot_stand(site: Site) -> None:
    old = site.release
    output = site.deploy({**VHOST, "extra_directives": "ServerNam x\nListen 81\n"}, succeeds=False)
    assert "extra_directives:1" in output
    assert "extra_directives:2" in output
    assert site.release == old


def test_a_large_removal_is_refused(site: Site) -> None:
    more = [{**VHOST, "server_name": f"s{number}.example.com"} for number in range(3)]
    site.deploy(VHOST, *more)
    old = site.release
    assert "3 of 4 virtual hosts would be removed" in site.deploy(VHOST, succeeds=False)
    assert "every virtual host would be removed, 4 of 4" in site.deploy(succeeds=False)
    assert site.release == old


def test_dry_run_keeps_nothing(site: Site) -> None:
    old = site.release
    answer = subprocess.run(
        ["ansible-playbook", "--check", "--diff", "-i", site.inventory, "gatehouse.apache.site", "--limit", site.name,
         "-e", '{"apache_vhosts": [{"server_name": "live.example.com", "proxy_to": "http://127.0.0.1:8082"}]}'],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout
    assert "+  ProxyPass / http://127.0.0.1:8082/" in answer.stdout
    assert site.release == old


def test_a_masked_unit_is_refused_before_anything_changes(site: Site) -> None:
    old = site.release
    changed = {**VHOST, "proxy_to": "http://127.0.0.1:8082"}
    site.run("systemctl mask apache2")
    try:
        output = site.deploy(changed, succeeds=False)
    finally:
        site.run("systemctl unmask apache2")
    assert "apache2.service is masked" in output
    assert (site.release, site.proved) == (old, old)


def test_a_proxy_to_the_host_itself_is_refused(site: Site) -> None:
    old = site.release
    address = site.run("hostname -i").split()[0]
    looping = {"server_name": "new.example.com", "proxy_to": f"http://{address}/"}
    output = site.deploy(VHOST, looping, succeeds=False)
    assert f'"http://{address}/" is this very server' in " ".join(output.split())
    assert site.release == old
