"""An origin that answers what it received as JSON, and does what a request's query asks for.

`?status=503&location=URL&set-cookie=TEXT&strict-transport-security=TEXT&sleep=SECONDS` shape the answer on any path;
`linger=SECONDS` has its head come at once and its body later, with a space each second until then: no proxy gives up
waiting for more, and one whose client has left finds out.
Over TLS it tells the name that it was asked for (SNI) and whose certificate it was shown. With `--session` it is an
application with sessions: it sets JSESSIONID=ID.NAME and counts each session's visits in its own memory.
"""

from __future__ import annotations

import argparse
import http.server
import itertools
import json
import os
import re
import secrets
import socket
import socketserver
import ssl
import subprocess
import time
from collections import defaultdict
from urllib.parse import parse_qs, urlsplit

SESSION = re.compile(r"(?:JSESSIONID|jsessionid)=(\w+)\.")


class Handler(http.server.BaseHTTPRequestHandler):
    """Echo every request."""

    protocol_version = "HTTP/1.1"
    server: Origin

    def answer(self) -> None:
        """Send what was received, shaped by the query."""
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode(errors="replace")
        wishes = {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query).items()}
        time.sleep(float(wishes.get("sleep", 0)))
        content = {
            "name": self.server.name,
            "method": self.command,
            "path": self.path,
            "headers": self._received_headers(),
            "body": body,
            **self._secured(),
        }
        self.send_response(int(wishes.get("status", 200)))
        for header in ("location", "set-cookie", "strict-transport-security"):
            if header in wishes:
                self.send_header(header, wishes[header])
        if self.server.has_sessions:
            content["session"], content["visits"] = self._session()
        encoded = json.dumps(content, indent=2).encode() + b"\n"
        seconds = int(wishes.get("linger", 0))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(seconds + len(encoded)))
        self.end_headers()
        if self.command != "HEAD":
            self._linger(seconds)
            self.wfile.write(encoded)

    # The names by which http.server finds them.
    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = answer  # noqa: N815

    def _linger(self, seconds: int) -> None:
        """Send one space a second, which JSON may begin with."""
        for _second in range(seconds):
            time.sleep(1)
            self.wfile.write(b" ")

    def _secured(self) -> dict[str, object]:
        """Return what TLS says of the other side; nothing where there is none."""
        if not isinstance(self.connection, ssl.SSLSocket):
            return {}
        shown = self.connection.getpeercert() or {}
        subject = [value for part in shown.get("subject", ()) for _name, value in part]
        # The callback below keeps it there, since the socket itself doesn't tell.
        return {"sni": getattr(self.connection, "asked_name", None), "client": "".join(subject)}

    def _received_headers(self) -> dict[str, str]:
        """Return the headers by lower-case name, repeated ones joined as HTTP has it."""
        names = {name.lower() for name in self.headers}
        return {name: ", ".join(self.headers.get_all(name, [])) for name in sorted(names)}

    def _session(self) -> tuple[str, int]:
        """Return the session's id and how often it was here; a session that isn't ours begins anew."""
        found = SESSION.search(f"{self.path} {self.headers.get('Cookie', '')}")
        if found and found[1] in self.server.visits:
            session = found[1]
        else:
            session = secrets.token_hex(8)
            self.send_header("Set-Cookie", f"JSESSIONID={session}.{self.server.name}; Path=/")
        return session, next(self.server.visits[session])

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class Origin(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Listens on a port, or on a unix socket where the address is a path."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, name: str, address: str, *, has_sessions: bool, certificate: str, clients: str = ""
    ) -> None:
        """Start to listen; `clients` has the authorities of clients' certificates, which are required then."""
        self.name = name
        self.has_sessions = has_sessions
        self.visits: dict[str, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
        if address.startswith("/"):
            self.address_family = socket.AF_UNIX
            # The stubs know addresses of networks only.
            super().__init__(address, Handler)  # type: ignore[arg-type]
            os.chmod(address, 0o666)
        else:
            super().__init__(("", int(address)), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            context.sni_callback = _keep_name
            if clients:
                context.load_verify_locations(clients)
                context.verify_mode = ssl.CERT_REQUIRED
            # Each handshake belongs to its own thread: a client that never ends one stops nobody.
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept; a unix socket's peer has no address, which the handler wants."""
        connection, address = super().get_request()
        return connection, address or ("unix", 0)


def _keep_name(
    connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, _context: ssl.SSLContext
) -> None:
    """Remember the name that a client asks for, which `ssl` tells here only, where the handler finds it."""
    # A connection's own attribute: neither class declares it.
    connection.asked_name = name  # type: ignore[union-attr]


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--session", action="store_true")
    parser.add_argument("--certificate", default="", help="PEM file with certificate and key")
    parser.add_argument("--certificates", default="", help="directory of NAME.pem")
    parser.add_argument("name_and_address", metavar="NAME:PORT or NAME:/SOCKET")
    options = parser.parse_args()
    name, address = options.name_and_address.split(":", 1)
    certificate, clients = options.certificate, ""
    if options.certificates:
        certificate = f"{options.certificates}/{name}.pem"
        clients = f"{options.certificates}/{name}.clients.pem"
    server = Origin(
        name,
        address,
        has_sessions=options.session,
        certificate=certificate,
        clients=clients if os.path.exists(clients) else "",
    )
    if "NOTIFY_SOCKET" in os.environ:
        subprocess.run(["systemd-notify", "--ready"], check=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
