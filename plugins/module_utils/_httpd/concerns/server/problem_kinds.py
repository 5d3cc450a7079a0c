"""What can be wrong with what one owner says of the server as a whole."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

PROOF_PORT_SHARED = ProblemKind(
    "proof-port-shared",
    "error",
    """
    `apache_proof_port` is a port on which a virtual host is served. The server says there, on
    127.0.0.1, which release it serves; whoever asks for the virtual host from the host itself, a
    health check or a balancer beside it, would get that instead.

    Write a port that nothing else listens on, or leave it out for 897.
    """,
    never_silenced="the virtual host couldn't be reached from the host itself",
)
