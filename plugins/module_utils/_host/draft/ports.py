"""The port on which Apache says which release it serves, where anybody may open it."""

from __future__ import annotations

from ..._httpd.release.problem_kinds import PROOF_PORT_OPEN
from ..._httpd.syntax.problem import Problem
from ..._httpd.syntax.tree import Place

UNPRIVILEGED = "/proc/sys/net/ipv4/ip_unprivileged_port_start"


def open_port_problems(port: int, *, path: str = UNPRIVILEGED) -> tuple[Problem, ...]:
    """Return a warning where any process may open the port on which the server answers for its release."""
    try:
        with open(path, encoding="ascii") as stream:
            first = int(stream.read())
    except (OSError, ValueError):
        return ()
    if port < first:
        return ()
    message = f"any process may open {port}: ports from {first} on are nobody's on this host"
    fix = f"leave it out, or set the kernel's net.ipv4.ip_unprivileged_port_start above {port}"
    return (PROOF_PORT_OPEN.problem(Place("apache_proof_port", is_leaf=True), message, fix),)
