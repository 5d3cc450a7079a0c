"""Adoption against the real httpd: a hundred hand-written virtual hosts answer as before."""

from __future__ import annotations

import contextlib
import http.client
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from conftest import free_ports, running
from hand_written import LINES, PATHS, server_tree
from module_utils._httpd.adopting.to_vars import to_vars
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.vocabulary.needed_modules import needed_modules

COUNT = 100
BACKENDS = tuple(range(18201, 18210))
# httpd refuses these, or they would need what a test has not.
REFUSED = (
    "hcmethod",
    "https:",
    "5s",
    "/var/log",
    "logs/",
    "/relative",
    "ProxySet balancer",
    "ProxyRequests On",
)


class Backend(BaseHTTPRequestHandler):
    """Says where a request came out."""

    def do_GET(self) -> None:
        """Answer with the port and the path."""
        said = f"{self.server.server_address[1]} {self.path} {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *arguments: object) -> None:
        """Be silent."""


@contextlib.contextmanager
def backends() -> Iterator[dict[int, int]]:
    """Yield the port at which each of BACKENDS is played."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Backend) for _port in BACKENDS]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {port: server.server_address[1] for port, server in zip(BACKENDS, servers)}
    for server in servers:
        server.shutdown()


def hand_written(chance: random.Random, ports: dict[int, int]) -> str:
    """Return virtual hosts of lines that httpd takes, the first of them the default."""
    lines = [line for line in LINES if not any(word in line for word in REFUSED)]
    hosts = []
    for number in range(COUNT):
        body = "\n".join(chance.sample(lines, chance.randint(2, 9)))
        hosts.append(f"<VirtualHost *:80>\nServerName x{number}.test\n{body}\n</VirtualHost>\n")
    text = "".join(hosts)
    for port, real in ports.items():
        text = text.replace(f":{port}", f":{real}")
    return text


def answers(text: str, port: int) -> dict[tuple[str, str], tuple[int, str | None, str]]:
    """Ask every virtual host for every path; return status, Location and where it came out."""
    asked = {}
    modules = ("proxy", "proxy_http", "proxy_balancer", "slotmem_shm", "lbmethod_byrequests", "lbmethod_bytraffic",
               "alias", "rewrite", "ssl", "socache_shmcb", *needed_modules(server_tree(text)))  # fmt: skip
    # mod_ssl brings mod_mime, which wants a file of types.
    text += "<IfModule mod_mime.c>\nTypesConfig /dev/null\n</IfModule>\n"
    with running(text, *modules, port=port) as refusal:
        assert refusal == ""
        for host in (*(f"x{number}.test" for number in range(COUNT)), "unknown.test"):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            for path in PATHS:
                connection.request("GET", path, headers={"Host": host})
                answer = connection.getresponse()
                body = answer.read().decode("latin-1")
                asked[host, path] = (
                    answer.status,
                    answer.headers["Location"],
                    body if answer.status == 200 else "",
                )
            connection.close()
    return asked


def test_hand_written_virtual_hosts_answer_as_before() -> None:
    port, proof = free_ports(2)
    with backends() as ports:
        text = hand_written(random.Random(3), ports)
        tree = server_tree(text)
        variables = to_vars(tree, view(tree)).variables
        lifted = [vhost for vhost in variables["apache_vhosts"] if "proxy_pass" in vhost]
        assert len(lifted) > COUNT / 4
        compiled = check_variables({**variables, "apache_proof_port": proof}, CONCERN_NAMES)[0]
        after = (
            print_tree(compiled.whole_tree)
            .replace("*:80>", f"*:{port}>")
            .replace("Listen 80\n", f"Listen {port}\n")
        )
        before = text.replace("*:80>", f"*:{port}>") + f"Listen {port}\n"
        assert answers(after, port) == answers(before, port)
