"""Numbers are ASCII's digits, as httpd reads them: others end nothing with an exception, and are none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from deciding import PROXY, decide
from module_utils._httpd import checking
from module_utils._httpd.resolve.plain_requests import to_plain
from module_utils._httpd.syntax.quoting import Refused
from module_utils._httpd.vocabulary.interval import parse_interval
from module_utils._httpd.vocabulary.version import parse_version

CORE = Path(checking.__file__).parents[1]
_ASKS = re.compile(r"\.(?:isdigit|isdecimal|isnumeric)\(\)")
OTHERS = ("²", "٣", "\u09ea")

# Lines of a virtual host with room for the digits, and what comes of them.
LINES = {
    "a limit": ("LimitRequestLine {}", "depends"),
    "a port of a ServerName": ("ServerAlias v0.example\nServerName a.test:{}", "proxy"),
    "a status of Redirect": ("<Location /a>\nRedirect {} /x\n</Location>", "proxy"),
    "a status of ErrorDocument": ("ErrorDocument {} /x\n<Location />\nRequire all denied\n</Location>", "denied"),
    "a limit of bodies": ("LimitRequestBody {}", "proxy"),
    "a time": ("ProxyTimeout {}", "proxy"),
}  # fmt: skip


@pytest.mark.parametrize("digits", OTHERS)
@pytest.mark.parametrize(("lines", "action"), LINES.values(), ids=LINES)
def test_other_digits_of_directives_are_no_number(lines: str, action: str, digits: str) -> None:
    decision = decide(PROXY.format(lines.format(digits)), "/a")
    assert decision.action == action
    assert to_plain(decision)["action"] == action


@pytest.mark.parametrize("name", ["max-forwards", "content-length"])
def test_other_digits_of_a_request_are_no_number(name: str) -> None:
    decision = decide(PROXY.format(""), headers={name: "\xb2"})
    assert (decision.action, decision.cause != "") == ("depends", True)


def test_a_port_of_a_client_may_have_more_digits_than_python_reads() -> None:
    lines = "RewriteEngine On\nRewriteRule ^/a/(.*) http://127.0.0.1:$1/ [P]"
    assert decide(PROXY.format(lines), f"/a/{2**32 + 81}").url == "http://127.0.0.1:81/"
    assert decide(PROXY.format(lines), f"/a/{2**32 - 1}").status == 400
    assert decide(PROXY.format(lines), f"/a/{'0' * 5000}80").url == "http://127.0.0.1/"
    lines = "RewriteEngine On\nRewriteRule ^/a/(.*) http://v0.example:$1/ [R]"
    assert decide(PROXY.format(lines), f"/a/{'0' * 5000}1").action == "redirect"


@pytest.mark.parametrize("digits", OTHERS)
def test_other_digits_are_no_version_and_no_time(digits: str) -> None:
    assert parse_version(digits) == (0, 0, 0)
    with pytest.raises(Refused):
        parse_interval(digits)


def test_the_core_asks_for_digits_of_ascii() -> None:
    # Python's digits are Unicode's, and of some of those int() makes no number.
    found = [
        f"{path.name}: {line.strip()}"
        for path in CORE.rglob("*.py")
        for line in path.read_text().splitlines()
        if "\\d" in line or (_ASKS.search(line) and "isascii()" not in line)
    ]
    assert found == []
