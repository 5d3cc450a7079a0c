"""What can be wrong with what one owner says of the server as a whole."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

LOG_FORMAT_OF_HOST = ProblemKind(
    "log-format-of-host",
    "error",
    """
    `apache_log_formats` has a name that the distribution defines itself, such as `combined`. Names of
    formats are the whole server's: every other site of the host would log in another way.

    Take a name of your own, `combined_with_time`, and write it in `custom_log`.
    """,
    never_silenced="the logs of other sites of the host would change",
)
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
