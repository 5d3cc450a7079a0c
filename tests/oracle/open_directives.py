"""What each open directive does to a request, asked of httpd: the answer isn't what would be decided without it."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from asking import Answer, ask_all
from cases import MAIN_NAME
from comparing import disagreement
from find_arguments import names_in_order
from loading import TYPES, server_of
from module_utils._httpd.resolve.request import Decision, Request
from module_utils._httpd.resolve.resolver import Resolver
from running import free_port, httpd

CASES: Sequence[Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("open_directives.yml").read_text()
)
FILES = {
    "page.html": "", "app/index.html": "", "cgi/page.html": "", "sub/.htaccess": "Redirect /sub/x /other\n",
    "deny.lua": "require 'apache2'\nfunction deny(r) return 403 end\nfunction user(r) r.user = 'x' return apache2.OK end\n",
}  # fmt: skip
NOT_TRIED = {
    "luahookinsertfilter": "it changes bodies, unless its script does something else",
    "luahooklog": "the request is answered by then; its script may do anything all the same",
    "proxyexpressenable": "the map of hosts is a DBM file",
    "proxyexpressdbmfile": "it is that file",
    "proxyexpressdbmtype": "it is about that file",
    "proxyrequests": "a target that is no path is open without it",
    "proxywebsocketfallbacktoproxyhttp": "it is for backends that speak WebSocket, which the tests' don't",
    "h2proxyrequests": "it is for requests over HTTP/2",
    "limitxmlrequestbody": "it is for bodies, and the tests' requests have none",
    "deflateinflatelimitrequestbody": "it is for bodies",
    "deflateinflateratioburst": "it is for bodies",
    "deflateinflateratiolimit": "it is for bodies",
    "serverpath": "it is for requests without a Host, as HTTP/1.0 has them",
    "mdrequirehttps": "it redirects once there is a certificate",
    "session": "what a session does is for others to ask: SessionHeader, or mod_auth_form",
    "sslrequire": "it is for TLS, which molecule's scenarios ask",
    "sslverifyclient": "it is for TLS, which molecule's scenarios ask",
    "mdomain": "it answers challenges while there are any",
    "mdomainset": "it is MDomain in another form",
    "mdcertificatestatus": "it answers of a certificate that there isn't",
}


@dataclass(frozen=True)
class Outcome:
    """A case: what is decided with and without the directive, and how httpd's answer with it differs from the latter.

    There is no difference where httpd answers the same without it.
    """

    directive: str
    with_it: Decision
    without_it: Decision
    difference: str


def outcomes(root: Path, backend: int) -> Iterator[Outcome]:
    """Yield the outcome of every case; `root` is an empty directory."""
    for name, content in FILES.items():
        file = root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    both = str(root / "both.pem")
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=a.test",
        "-out",
        both,
        "-keyout",
        both,
    ]
    subprocess.run(words, check=True, capture_output=True)
    root.chmod(0o755)
    shared = [case for case in CASES if "main" not in case]
    yield from _of_server(shared, root, backend)
    for case in CASES:
        if "main" in case:
            yield from _of_server([case], root, backend)


def _of_server(cases: Sequence[Mapping[str, Any]], root: Path, backend: int) -> Iterator[Outcome]:
    """Ask one server about cases."""
    port, names = free_port(), names_in_order()
    main = "\n".join(str(case["main"]) for case in cases if "main" in case)
    texts = [
        "\n".join((
            MAIN_NAME, TYPES, f"Listen 127.0.0.1:{port}", f"DocumentRoot {root}", said if has else "",
            *(_vhost(case, number, port, has=has) for number, case in enumerate(cases)),
        ))
        for has, said in ((True, main), (False, ""))
    ]  # fmt: skip
    with_it, without = (
        text.replace("ROOT", str(root)).replace("BACKEND", str(backend)) for text in texts
    )
    asked = [_request(case, number, port, backend) for number, case in enumerate(cases)]
    answers = [_ask(text, port, asked) for text in (with_it, without)]
    resolvers = [Resolver(server_of(text, names, closed=False)) for text in (with_it, without)]
    for case, request, answer, plain in zip(cases, asked, *answers):
        decided, before = (resolver.resolve(request) for resolver in resolvers)
        found = disagreement(request, before, answer) if answer != plain else ""
        yield Outcome(case["directive"], decided, before, found)


def _ask(text: str, port: int, asked: Sequence[Request]) -> list[Answer]:
    with httpd(text, port, names_in_order()) as complaint:
        if complaint:
            raise ValueError(f"{complaint}\n{text}")
        return asyncio.run(ask_all(asked, connections=1))


def _vhost(case: Mapping[str, Any], number: int, port: int, *, has: bool) -> str:
    rule = "" if case.get("local") else "ProxyPass / http://127.0.0.1:BACKEND/"
    lines = case.get("lines", "").replace("CASE", f"case{number}.test") if has else ""
    return "\n".join((
        f"<VirtualHost *:{port}>", f"ServerName case{number}.test", lines, case.get("beside", ""), rule,
        "</VirtualHost>",
    ))  # fmt: skip


def _request(case: Mapping[str, Any], number: int, port: int, backend: int) -> Request:
    asked = {
        "target": "/x",
        "host": f"case{number}.test",
        "method": "GET",
        **case.get("request", {}),
    }
    return Request(
        asked["target"].replace("BACKEND", str(backend)),
        asked["host"].replace("CASE", f"case{number}.test"),
        asked["method"],
        port=port,
        address="127.0.0.1",
        client="127.0.0.1",
        headers=asked.get("headers", {}),
    )
