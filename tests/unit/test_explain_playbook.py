"""The playbook `explain`, and `config_info` with requests, on a file of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import run

pytestmark = pytest.mark.playbook

SITE = """\
Listen 80
<VirtualHost *:80>
  ServerName shop.example.com
  ProxyPass /static !
  <Location /admin>
    Require ip 10.0.0.0/8
  </Location>
  ProxyPass / http://10.0.0.1:8080/ timeout=30
</VirtualHost>
"""
URL = "url=http://shop.example.com"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(
            ["-e", f"{URL}/api/x?q=1"],
            [
                "proxied by http://10.0.0.1:8080/, which asks http://10.0.0.1:8080/api/x?q=1",
                "the backend sees Host: 10.0.0.1:8080",
                "timeout: 30 s",
                "virtual host shop.example.com, by the name `shop.example.com`",
                "ProxyPass /static doesn't match /api/x",
                "shop.conf:8",
            ],
            id="proxied",
        ),
        pytest.param(["-e", f"{URL}/static/x"], ["from its files", "keeps /static/x from being proxied"], id="local"),
        pytest.param(["-e", f"{URL}/admin"], ["depends on what reading can't know (client)"], id="depends"),
        pytest.param(["-e", f"{URL}/admin", "-e", "client=192.0.2.1"], ["answered by httpd with 403"], id="denied"),
    ],
)  # fmt: skip
def test_a_request_is_explained(project: Path, words: list[str], expected: list[str]) -> None:
    (project / "shop.conf").write_text(SITE)
    status, printed = run(
        project, "explain", "-e", f"apache_check_path={project}/shop.conf", *words
    )
    assert status == 0, printed
    for text in expected:
        assert text in printed


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param([], "say what is to be explained", id="no URL"),
        pytest.param(["-e", "url=shop.example.com"], "is no URL of a web server", id="no scheme"),
    ],
)
def test_what_is_no_request_is_refused(project: Path, words: list[str], expected: str) -> None:
    (project / "shop.conf").write_text(SITE)
    status, printed = run(
        project, "explain", "-e", f"apache_check_path={project}/shop.conf", *words
    )
    assert status == 2
    assert expected in printed
