"""What an operator is told after adopting a server."""

from __future__ import annotations

from module_utils._httpd.adopting.adopted_report import adopted_report
from module_utils._httpd.adopting.to_vars import to_vars
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.included_files import Texts
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree

TEXT = """\
Include /own.conf
ProxyTimeout 9
ProxyPass /all http://h/
<VirtualHost *:80>
  ServerName x.example.com
  Redirect /old /new
  RewriteEngine On
  Header set X-Secret hush
</VirtualHost>
"""


OWN = "Timeout 5\nKeepAlive On\n"


def report(text: str) -> list[str]:
    """Return the lines about a text, which may include another."""
    environment = Environment(files=Texts({"/own.conf": OWN}))
    tree = expand(parse_tree(text, "x.conf")[0], environment).tree
    return adopted_report(to_vars(tree, view(tree)).kept)


def test_a_report_gives_each_place_its_reason_and_counts_the_hosts_own() -> None:
    lines = report(TEXT)
    assert lines[0] == "Gatehouse does otherwise:"
    assert lines[2:] == [
        "Kept as it is, in extra_directives:",
        "  x.conf:7: RewriteEngine: rewrites have no variable",
        "  x.conf:8: Header: no variable says Header",
        "Left to the host's own configuration:",
        "  x.conf:2: ProxyTimeout: it is the main server's; keep it when you take the virtual hosts out of its file",
        "  x.conf:3: ProxyPass: it holds for every virtual host, before their own rules; keep it when you take the virtual hosts"
        " out of its file",
        "  /own.conf: 2 of the main server",
    ]


def test_a_report_repeats_no_argument() -> None:
    assert not [line for line in report(TEXT) if "hush" in line]


def test_what_variables_say_wholly_has_no_report() -> None:
    assert report("<VirtualHost *:80>\nServerName x\nRedirect / /y/\n</VirtualHost>\n") == []
