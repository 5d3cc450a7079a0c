"""What nobody reads in a problem, a log or a difference."""

from __future__ import annotations

import time
from typing import Any

import pytest
from module_utils._host.commit.outcome import diff
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.inventory import read_inventory
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.secrets import MASK, masked
from module_utils._httpd.syntax.tree import NOWHERE
from module_utils._httpd.variables.door import show
from module_utils._httpd.variables.problem_kinds import VARIABLE

KEY = "-----BEGIN PRIVATE KEY-----\nHUSH\n-----END PRIVATE KEY-----\n"
HUSHED: list[Any] = [
    pytest.param({"ssl": {"certificate_file": "/x", "certificate_key_file": KEY}}, id="a key in the place of its file"),
    pytest.param({"ssl_proxy": {"machine_certificate_file": KEY}}, id="a backend's key"),
    pytest.param({"proxy_pass": [{"path": "/", "url": "ajp://h:8009/ secret=HUSH"}]}, id="in a URL"),
    pytest.param({"proxy_pass": ["/ ajp://h:8009/ secret=HUSH"]}, id="as a directive has it"),
    pytest.param({"proxy_to": "http://user:HUSH@10.0.0.1:80/"}, id="a password in a URL"),
    pytest.param({"extra_directives": "AuthLDAPBindPassword HUSH extra"}, id="a password in a directive"),
    pytest.param({"proxy_to": "http://user:p@HUSH@10.0.0.1:80/"}, id="an @ in a password"),
    pytest.param({"proxy_pass": {"path": "/", "secret": "HUSH"}}, id="a rule that is no list"),
    pytest.param({"proxy_pass": [{"path": "/", "url": "balancer://x/", "secret": "HUSH"}]}, id="at a balancer"),
    pytest.param({"expect": [{"request": "GET /", "status": 200, "headers": {"Authorization": "Basic\nHUSH"}}]}, id="a header"),
]  # fmt: skip


@pytest.mark.parametrize("keys", HUSHED)
def test_a_problem_shows_no_secret(keys: dict[str, Any]) -> None:
    vhost = {"server_name": "a.test", "proxy_to": "http://10.0.0.1", **keys}
    problems = check_variables({"apache_vhosts": [vhost]}, CONCERN_NAMES)[1]
    assert problems
    assert "HUSH" not in " ".join(map(str, problems))


LINES = [
    pytest.param('ProxyPass / ajp://h/ secret="ab\\"cHUSH" timeout=3', id="an AJP secret with a quote"),
    pytest.param('ProxyPass / ajp://h/ "secret=ab\\"c HUSH" timeout=3', id="the same, the word in quotes"),
    pytest.param("ProxyPass / ajp://h/ Secret='ab\"cHUSH'", id="in single quotes"),
    pytest.param('RequestHeader set Authorization "bearer HUSH"', id="a bearer in small letters"),
    pytest.param("RequestHeader set Authorization HUSH", id="no scheme at all"),
    pytest.param('RequestHeader add "X-Api-Key" "a HUSH"', id="a key in a header"),
    pytest.param("RequestHeader set Proxy-Authorization 'BASIC HUSH'", id="for a proxy"),
    pytest.param('Header always set X-Auth-Token "HUSH"', id="a token for clients"),
    pytest.param("RequestHeader set Cookie session=HUSH", id="a session"),
    pytest.param("ProxyPass / ajp://h/ 'secret=a HUSH'", id="a word in single quotes"),
    pytest.param("Redirect / redis://:HUSH@host/", id="a password without a name"),
    pytest.param("SessionCryptoPassphrase HUSH a", id="sessions"),
    pytest.param("sessioncryptopassphrase \\\n  HUSH", id="on the next line"),
    pytest.param('SessionCryptoPassphrase "a \\\n HUSH"', id="on two lines"),
    pytest.param("# SessionCryptoPassphrase HUSH", id="in a comment"),
    pytest.param("AuthFormSitePassphrase HUSH", id="of a site"),
    pytest.param('AuthLDAPBindPassword "ab;HUSH"', id="behind a semicolon"),
    pytest.param('DBDParams "host=a user=b pass=HUSH more=HUSH"', id="a database"),
    pytest.param("AuthBasicFake me HUSH", id="a faked user"),
    pytest.param("SSLSRPUnknownUserSeed HUSH", id="a seed"),
    pytest.param("MDExternalAccountBinding kid HUSH", id="an ACME account"),
    pytest.param("OIDCClientSecret HUSH", id="OpenID Connect"),
    pytest.param("OIDCCryptoPassphrase HUSH", id="its sessions"),
    pytest.param("OIDCOAuthVerifySharedKeys plain#kid#HUSH", id="its keys"),
    pytest.param("OIDCRedisCachePassword HUSH", id="its cache"),
    pytest.param("Define AJP_SECRET HUSH", id="a define"),
    pytest.param("SetEnv DB_PASS HUSH", id="an environment variable"),
    pytest.param("ProxyRemote * http://me:HUSH@10.0.0.9:3128", id="another proxy"),
    pytest.param("ProxyRemote * http://10.0.0.9:3128 me:HUSH", id="its third word"),
    pytest.param('ProxyRemoteMatch "^http:" "http://10.0.0.9" "me:HUSH"', id="by pattern"),
    pytest.param("ProxyPass / http://user:p@HUSH@host/", id="an @ in a password"),
    pytest.param("ProxyPass / http://user:p/HUSH@host/", id="a slash in a password"),
    pytest.param('ProxyPass / "http://user:p\\"HUSH@host/"', id="a quote in a password"),
    pytest.param('ProxyPass / "http://user:p HUSH@host/"', id="a blank in a password"),
    pytest.param("ProxyPass / http://user:123HUSH@host/", id="digits in a password"),
    pytest.param("ProxyPass / http://a/?api_key=HUSH", id="in a query"),
    pytest.param("{path: /, secret: ab\"c, HUSH}", id="a mapping's secret"),
    pytest.param("{Authorization: bearer HUSH}", id="a mapping's header"),
    pytest.param('"bearer\nHUSH x" is no text', id="a value"),
    pytest.param("a Basic HUSH", id="a scheme alone"),
    pytest.param('"http://user:p" HUSH@host/"', id="a quote and a blank in a password"),
]  # fmt: skip


@pytest.mark.parametrize("text", LINES)
def test_a_secret_is_hidden_whole_in_problems_and_differences(text: str) -> None:
    told = VARIABLE.problem(NOWHERE, text, text)
    (change,) = diff({"a": f"Listen 80\n{text}\nListen 81\n"}, {"a": ""})
    assert "HUSH" not in f"{told}{change['before']}"
    assert MASK in told.message
    assert MASK in change["before"]
    assert change["before"].startswith("Listen 80\n")
    assert change["before"].endswith("\nListen 81\n")


@pytest.mark.parametrize(
    "word", ["SessionCryptoPassphrase a HUSH", "AuthLDAPBindPassword a`HUSH b"]
)
def test_what_a_message_says_of_a_secret_stays(word: str) -> None:
    name = word.partition(" ")[0]
    shown = masked(f"`{word}` has the wrong number of arguments: it takes 1 argument")
    assert shown == f"`{name} {MASK}` has the wrong number of arguments: it takes 1 argument"


@pytest.mark.parametrize(
    "text",
    ['"secret=', "http://user:", "AuthLDAPBindPassword `", 'secret="', "ProxyRemote ", '"Basic '],
)
@pytest.mark.parametrize("filling", ["\\", "a ", '" ', "secret", ": ", "{", "@ "])
def test_no_text_takes_long(text: str, filling: str) -> None:
    started = time.process_time()
    masked(text + filling * 5000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("length", range(60, 90))
def test_a_value_that_is_cut_has_no_half_of_a_secret(length: int) -> None:
    url = f"http://user:HUSH{'x' * length}@10.0.0.1/"
    for value in (url, {"url": url}, [url]):
        assert "HUSH" not in show(value)
        assert "HUSH" not in masked(show(value))


def test_the_label_of_a_place_shows_no_secret() -> None:
    (problem,) = read_inventory({"apache_vhosts": [{"server_name": "http://u:HUSH@a.test/"}]})[1]
    assert "HUSH" not in str(problem)


@pytest.mark.parametrize(
    "text",
    [
        "http://user@10.0.0.1/",
        "the secret is short",
        "a basic rule and a bearer of it",
        "mail@example.com",
        "http://a.test:80/x@y",
        "http://[::1]:80/x@y",
        "http://[::1]/x:y@z",
        '"http://a.test:80" and mail@example.com',
        "AuthType Basic\nAuthName x",
        "SSLPassPhraseDialog exec:/usr/bin/words",
        "SessionCryptoPassphraseFile /etc/apache2/words",
        "ProxyPass / ajp://10.0.0.1:8009/ timeout=3 route=a",
        "ProxyRemote * http://10.0.0.9:3128",
        "Header always set X-Frame-Options DENY",
        "RequestHeader set X-Forwarded-Proto https",
        "ServerTokens Prod",
        "write proxy_pass and the rest",
        "Header edit Set-Cookie ^(.*)$ $1;Secure",
        "the request with `Cookie: ROUTEID=.a` goes elsewhere",
        "{{ vault_password }} is undefined",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert masked(text) == text
