"""Sites of the host's own around a commit: which are asked, and when one is worse off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from module_utils._host.asking.answer_head import Question
from module_utils._host.asking.foreign_sites import (
    ForeignSite,
    ask_sites,
    foreign_sites,
    worse_off,
)
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree

CONFIGURATION = """
Listen 80
Listen 443
<VirtualHost *:80>
  ServerName old.test
</VirtualHost>
<VirtualHost 10.0.0.5:443>
  ServerAlias *.any.test exact.test
  SSLEngine on
</VirtualHost>
<VirtualHost *:80>
  ServerAlias *.wild.test
</VirtualHost>
<VirtualHost *>
  ServerName taken.test
</VirtualHost>
<VirtualHost [::]:80>
  ServerName left.out
</VirtualHost>
"""


def test_sites_are_asked_at_an_address_by_a_name_of_theirs() -> None:
    server = view(parse_tree(CONFIGURATION, "own.conf")[0])
    left_out = {vhost.place for vhost in server.vhosts if vhost.server_name == "left.out"}
    found = foreign_sites(server, is_left_out=left_out.__contains__, taken_over=["taken.test"])
    assert [site.question for site in found] == [
        Question("*", 80, "old.test", "GET /"),
        Question("10.0.0.5", 443, "exact.test", "GET /", tls=True),
    ]
    assert [site.question.asked for site in found] == ["127.0.0.1", "10.0.0.5"]
    every = foreign_sites(server, is_left_out=lambda _place: False, taken_over=())
    assert [site.question.asked for site in every][-1] == "::1"


class Answers(BaseHTTPRequestHandler):
    """Answers with the next status that the test has laid down; the last one goes on."""

    statuses: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(self.statuses.pop(0) if self.statuses[1:] else self.statuses[0])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[ForeignSite]:
    """A site that answers."""
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield ForeignSite("x:1", Question("*", server.server_port, "old.test", "GET /"))
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("statuses", "worse"),
    [
        pytest.param([200], "", id="as before"),
        pytest.param([302, 200], "", id="another good answer"),
        pytest.param([404], "", id="no better before"),
        pytest.param([200, 403], "gets 403, and got 200 before", id="worse"),
        pytest.param([200, 503, 200], "", id="a bad moment"),
    ],
)
def test_a_site_is_worse_off_where_it_stays_so(
    site: ForeignSite, statuses: list[int], worse: str
) -> None:
    Answers.statuses = statuses
    found = worse_off(ask_sites([site]))
    assert [one.endswith(worse) for one in found] == ([True] if worse else [])


def test_no_answer_is_worse_than_one() -> None:
    closed = ForeignSite("x:1", Question("127.0.0.1", 1, "old.test", "GET /"))
    assert ask_sites([closed]) == {closed: 0}
    assert worse_off({closed: 200}) == [
        "GET / of old.test at 127.0.0.1:1 (x:1) gets no answer, and got 200 before"
    ]
