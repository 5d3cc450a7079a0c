"""What nobody reads in a problem, a log or a difference."""

from __future__ import annotations

from typing import Any

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.secrets import MASK, masked

KEY = "-----BEGIN PRIVATE KEY-----\nHUSH\n-----END PRIVATE KEY-----\n"
HUSHED: list[Any] = [
    pytest.param({"ssl": {"certificate_file": "/x", "certificate_key_file": KEY}}, id="a key in the place of its file"),
    pytest.param({"ssl_proxy": {"machine_certificate_file": KEY}}, id="a backend's key"),
    pytest.param({"proxy_pass": [{"path": "/", "url": "ajp://h:8009/ secret=HUSH"}]}, id="in a URL"),
    pytest.param({"proxy_pass": ["/ ajp://h:8009/ secret=HUSH"]}, id="as a directive has it"),
    pytest.param({"proxy_to": "http://user:HUSH@10.0.0.1:80/"}, id="a password in a URL"),
    pytest.param({"extra_directives": "AuthLDAPBindPassword HUSH extra"}, id="a password in a directive"),
    pytest.param({"expect": [{"request": "GET /", "status": 200, "headers": {"Authorization": "Basic\nHUSH"}}]}, id="a header"),
]  # fmt: skip


@pytest.mark.parametrize("keys", HUSHED)
def test_a_problem_shows_no_secret(keys: dict[str, Any]) -> None:
    vhost = {"server_name": "a.test", "proxy_to": "http://10.0.0.1", **keys}
    problems = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)[1]
    assert problems
    assert "HUSH" not in " ".join(map(str, problems))


@pytest.mark.parametrize(
    "text",
    [
        "http://user@10.0.0.1/",
        "the secret is short",
        "a basic rule and a bearer of it",
        "mail@example.com",
        "http://a.test:80/x@y",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    shown = masked(text)
    assert shown == text or MASK not in shown
