"""Faults of the host: each is undone, or finished by whoever comes next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from site_under_test import CHANGED, VHOST, Site

testinfra_hosts = ["ansible://proxies"]


def test_failed_live_expectation_takes_the_commit_back(site: Site) -> None:
    old = site.release
    broken = {**CHANGED, "expect": [{"request": "GET /?status=500", "status": 200, "live": True}]}
    with site.asked() as answers:
        output = site.deploy(broken, succeeds=False)
    assert "got status 500, not 200" in output, output
    assert f"every change is undone and the release {old} serves again" in output
    assert (site.release, answers.failures) == (old, {})


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
        assert "action: reload" in another_pid_file.deploy(CHANGED)
    assert answers.failures == {}


def test_server_that_cannot_be_proved_is_not_touched(site: Site) -> None:
    old = site.release
    site.run("echo 1 > /run/apache2/apache2.pid")
    with site.asked() as answers:
        output = site.deploy(CHANGED, succeeds=False)
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
    output = site.deploy({**CHANGED, "error_log": f"{directory}/error.log"})
    assert "isolated: true" in output


LOG_DIRECTORIES = ["/", "/etc", "/etc/apache2", "/var", "/var/log", "/run", "/run/gatehouse"]


def test_logs_may_lie_above_what_the_shadow_has_of_its_own(site: Site) -> None:
    """One layer lies over another, and over the shadow's own configuration and files."""
    formats = [
        f"CustomLog {directory.rstrip('/')}/gatehouse.log combined" for directory in LOG_DIRECTORIES
    ]
    output = site.deploy({**CHANGED, "extra_directives": "\n".join(formats)})
    site.deploy(VHOST)
    assert "isolated: true" in output


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
        output = full_disk.deploy(CHANGED, succeeds=False)
    assert "No space left on device" in output
    assert (full_disk.release, answers.failures) == (old, {})
    assert full_disk.leftovers() == ""


def test_a_stopped_service_stays_stopped(site: Site) -> None:
    output = site.deploy(CHANGED, apache_service_state="stopped")
    assert "action: stop" in output
    assert site.run("systemctl is-active apache2", check=False) == "inactive"
    assert "changed=0" in site.deploy(CHANGED, apache_service_state="stopped")
    output = site.deploy(CHANGED)
    assert "action: start" in output
    assert "isn't as the last commit left it" not in output
    site.deploy(VHOST)
    assert site.release == site.proved


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
    output = site.deploy(CHANGED, apache_modules=["userdir"], succeeds=False)
    assert "GET / of old.example.com at 127.0.0.1:80" in output, output
    assert "gets 403, and got 200 before" in output
    assert (site.release, site.run(asked)) == (old, "old")
