"""Faults of the host and of the run: each is undone, or finished by whoever comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from site_under_test import LIVE, SCENARIO, VHOST, Site

testinfra_hosts = ["ansible://proxies"]


def changed(number: int = 1) -> dict[str, object]:
    """The live virtual host with a difference."""
    return {**VHOST, "proxy_timeout": 30 + number}


def test_failed_live_expectation_takes_the_commit_back(site: Site) -> None:
    old = site.release
    broken = {**changed(), "expect": [{"request": "GET /?status=500", "status": 200, "live": True}]}
    with site.asked() as answers:
        output = site.deploy(broken, succeeds=False)
    assert "got status 500, not 200" in output, output
    assert f"every change is undone and the release {old} serves again" in output
    assert (site.release, answers.failures) == (old, {})


@pytest.mark.parametrize("request_", ["GET /münchen?q=ü", "GET /?linger=50"])
def test_live_request_of_any_letters_and_without_an_end_is_asked(site: Site, request_: str) -> None:
    vhost = {**changed(), "expect": [{"request": request_, "status": 200, "live": True}]}
    site.deploy(vhost)
    assert site.release == site.proved


@pytest.fixture
def another_pid_file(site: Site) -> Iterator[Site]:
    """A host whose administrator has Apache write its process elsewhere."""
    site.run(
        "cp -a /etc/apache2/envvars /root/envvars"
        "&& echo export APACHE_PID_FILE=/run/apache2/other.pid >> /etc/apache2/envvars && systemctl restart apache2"
    )
    yield site
    site.run("cp -a /root/envvars /etc/apache2/envvars && systemctl restart apache2")


def test_pid_file_is_where_the_host_has_it(another_pid_file: Site) -> None:
    with another_pid_file.asked() as answers:
        assert "action: reload" in another_pid_file.deploy(changed())
    assert answers.failures == {}


def test_server_that_cannot_be_proved_is_not_touched(site: Site) -> None:
    old = site.release
    site.run("echo 1 > /run/apache2/apache2.pid")
    with site.asked() as answers:
        output = site.deploy(changed(), succeeds=False)
    assert "what serves now can't be proved: /var/run/apache2/apache2.pid doesn't name" in output
    assert (site.release, answers.failures) == (old, {})
    site.run("systemctl restart apache2")


IMPOSTOR = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404); self.end_headers(); self.wfile.write(sys.argv[2].encode())
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def test_nobody_but_root_opens_the_proof_port(site: Site) -> None:
    site.run("systemctl stop apache2")
    opened = site.run(f"setpriv --reuid=www-data python3 -c '{IMPOSTOR}' 897 x 2>&1", check=False)
    assert "PermissionError" in opened
    site.run("systemctl start apache2")


def test_another_process_that_answers_for_the_release_is_no_proof(site: Site) -> None:
    """On a port that anybody may open, if the operator wants one."""
    old = site.release
    site.deploy(VHOST, apache_proof_port=8979)
    digest = site.proved
    site.run("systemctl stop apache2")
    site.run(
        f"systemd-run --quiet --unit impostor --uid www-data python3 -c '{IMPOSTOR}' 8979 'gatehouse {digest}'; sleep 1"
    )
    output = site.deploy(VHOST, apache_proof_port=8979, succeeds=False)
    site.run("systemctl stop impostor")
    assert "127.0.0.1:8979 can't be opened: python3 (process" in output
    warned = site.deploy(VHOST, apache_proof_port=8979)
    assert "any process may open 8979" in warned
    site.deploy(VHOST)
    assert site.release == old


def test_logs_may_lie_in_directories_of_any_name(site: Site) -> None:
    directory = "/var/log/odd: one, two"
    site.run(f"mkdir -p '{directory}'")
    output = site.deploy({**changed(), "error_log": f"{directory}/error.log"})
    assert "isolated: true" in output


def test_expectation_that_fails_already_is_only_a_warning(site: Site) -> None:
    site.run("systemctl stop http-echo@one:8081")
    try:
        output = site.deploy(changed())
    finally:
        site.run("systemctl start http-echo@one:8081")
    assert "failed before this commit too: status 503, not 200" in output
    assert site.release == site.proved


@pytest.fixture
def full_disk(site: Site) -> Iterator[Site]:
    """The configuration on a disk of its own without a free byte."""
    # The unit has a mount namespace of its own, so it sees the disk only from a restart on.
    site.run(
        "cp -a /etc/apache2 /root/kept && mount -t tmpfs -o size=8m,mode=0755 small /etc/apache2"
        "&& cp -a /root/kept/. /etc/apache2/ && systemctl restart apache2"
    )
    site.run("cat /dev/zero > /etc/apache2/filler", check=False)
    yield site
    site.run("umount /etc/apache2 && rm -rf /root/kept && systemctl restart apache2")


def test_full_disk_touches_nothing(full_disk: Site) -> None:
    old = full_disk.release
    with full_disk.asked() as answers:
        output = full_disk.deploy(changed(), succeeds=False)
    assert "No space left on device" in output
    assert (full_disk.release, answers.failures) == (old, {})
    assert full_disk.leftovers() == ""


def test_a_play_that_dies_before_its_commit_leaves_nothing_to_the_next(site: Site) -> None:
    old = site.release
    with site.asked() as answers:
        site.deploy(changed(), playbook=str(SCENARIO / "stage_only.yml"), succeeds=False)
        assert site.release == old
        output = site.deploy(VHOST)
    assert "changed=0" in output
    assert (site.release, answers.failures) == (old, {})


@pytest.mark.parametrize("stage", ["lost", "overtaken"])
def test_stage_that_is_no_longer_what_it_was_is_refused(site: Site, stage: str) -> None:
    output = site.deploy(changed(), playbook=str(SCENARIO / f"{stage}.yml"), succeeds=False)
    said = {"lost": "isn't there any more (main.vhosts)", "overtaken": "has committed main.vhosts"}
    assert said[stage] in " ".join(output.split())
    assert site.release == site.proved


def test_two_commits_at_once_both_take_effect(site: Site) -> None:
    names = [f"{owner}.example.com" for owner in ("red", "blue")]
    with site.asked() as answers:
        running = [
            site.start_deploy(
                {**VHOST, "server_name": name},
                apache_owner=name.partition(".")[0],
                apache_proof_port=897,
            )
            for name in names
        ]
        outputs = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], outputs
    for name in (*names, LIVE):
        asked = f"curl -s -o /dev/null -w '%{{http_code}}' -H 'Host: {name}' localhost"
        assert site.run(asked) == "200"
    assert answers.failures == {}


def test_a_stopped_service_stays_stopped(site: Site) -> None:
    output = site.deploy(changed(), apache_service_state="stopped")
    assert "action: files" in output
    assert site.run("systemctl is-active apache2", check=False) == "inactive"
    assert "changed=0" in site.deploy(changed(), apache_service_state="stopped")
    assert "action: start" in site.deploy(VHOST)
    assert site.release == site.proved


def test_rollback_serves_the_release_before(site: Site) -> None:
    old = site.release
    site.deploy(changed())
    fled = site.release
    assert fled != old
    with site.asked() as answers:
        site.deploy(playbook="gatehouse.apache.rollback")
    assert (site.release, answers.failures) == (old, {})
    listed = " ".join(site.deploy(playbook="gatehouse.apache.releases").split())
    assert "changed rolled back from" in listed
    assert re.search(f"{old} 20.* live", listed)
    # Whether there is one before depends on the tests before; it is never the one that was fled.
    site.start_deploy(playbook="gatehouse.apache.rollback").communicate(timeout=300)
    assert site.release != fled


OLD_SITE = r"""
mkdir -p /srv/old && echo old > /srv/old/index.html
printf '<IfModule mod_userdir.c>\nRequire all denied\n</IfModule>\n' > /srv/old/.htaccess
printf '<VirtualHost *:80>\nServerName old.example.com\nDocumentRoot /srv/old\n%s\n</VirtualHost>\n' \
  '<Directory /srv/old>
AllowOverride All
Require all granted
</Directory>' > /etc/apache2/sites-enabled/zzz-old.conf
systemctl restart apache2
"""


@pytest.fixture
def with_old_site(site: Site) -> Iterator[Site]:
    """A host with a site of its own, which denies everything once a module is loaded; no configuration says so."""
    site.run(OLD_SITE)
    yield site
    site.run("rm -r /srv/old /etc/apache2/sites-enabled/zzz-old.conf; systemctl restart apache2")


def test_site_that_a_commit_breaks_where_nobody_can_read_it_goes_on(with_old_site: Site) -> None:
    site, asked = with_old_site, "curl -s -H 'Host: old.example.com' http://127.0.0.1/"
    old = site.release
    assert site.run(asked) == "old"
    output = site.deploy(changed(), apache_modules=["userdir"], succeeds=False)
    assert "GET / of old.example.com at 127.0.0.1:80" in output, output
    assert "gets 403, and got 200 before" in output
    assert (site.release, site.run(asked)) == (old, "old")
