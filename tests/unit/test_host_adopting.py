"""Adopting a Debian host: its own sites, in its own world, and none of Gatehouse's files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host.adopting import adopt_files
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.problem import has_errors
from plugin_utils.private_file import read_text, write_private

SHOP = """\
<VirtualHost *:80>
  ServerName shop.example.com
  ErrorLog ${APACHE_LOG_DIR}/shop.log
  ProxyPreserveHost On
  <IfModule alias_module>
    ProxyPass /old !
    Redirect /old /new
  </IfModule>
  <IfModule proxy_fcgi_module>
    ProxyPass /php fcgi://h/
  </IfModule>
  ProxyPass / http://h/
  ProxyPassReverse / http://h/
</VirtualHost>
"""


@pytest.fixture(params=["debian12", "debian13"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    """A host with a site of its own beside the distribution's."""
    host = Host(tmp_path, request.param)
    host.write("sites-enabled/shop.conf", SHOP)
    return host


def test_a_site_is_adopted_with_what_its_host_has(host: Host) -> None:
    adopted = adopt_files(host.layout, HTTPD)
    default, shop = adopted.adopted.variables["apache_vhosts"]
    assert default["default"] is True
    assert shop == {
        "server_name": "shop.example.com",
        "error_log": "/var/log/apache2/shop.log",
        "redirects": [{"path": "/old", "url": "/new"}],
        "proxy_to": "http://h/",
    }
    assert [Path(site).name for site in adopted.sites] == ["000-default.conf", "shop.conf"]
    assert not has_errors(adopted.problems)


def test_names_that_lead_elsewhere_are_let_be(host: Host) -> None:
    adopted = adopt_files(host.layout, HTTPD)
    assert adopted.elsewhere == ()
    assert "apache_takes_over" not in adopted.adopted.variables
    host.write(
        "sites-enabled/own.conf", SHOP.replace("*:80", "10.1.2.3:80").replace("shop.", "own.")
    )
    adopted = adopt_files(host.layout, HTTPD)
    # The default one has every name that nobody has.
    assert {"shop.example.com", "*"} <= {*adopted.elsewhere}
    assert "own.example.com" not in adopted.elsewhere
    assert adopted.adopted.variables["apache_takes_over"] == list(adopted.elsewhere)
    assert not has_errors(check_variables(adopted.adopted.variables, CONCERN_NAMES)[1])


def test_what_gatehouse_deployed_is_not_adopted(host: Host) -> None:
    before = adopt_files(host.layout, HTTPD).adopted.variables
    host.make(host.draft(parts_of(vhost("ours.example.com"))))
    assert adopt_files(host.layout, HTTPD).adopted.variables == before


def test_what_was_adopted_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "host_vars" / "web1.yml"
    assert read_text(str(path)) is None
    write_private(str(path), "---\n")
    assert read_text(str(path)) == "---\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
