"""What can be wrong between the keys of virtual hosts."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

_EITHER = "what is deployed would be a guess"
_SHOWS_NOTHING = "backends would be shown no certificate"

UNDEFINED_VHOSTS = ProblemKind(
    "undefined-vhosts",
    "error",
    """
    None of `apache_vhosts`, `apache_group_vhosts` and `apache_host_vhosts` is defined for the
    host. A playbook that is called by its collection's name doesn't load the `group_vars` beside
    your project; keep them beside the inventory.

    Define `apache_vhosts`; a host that is to serve nothing has `apache_vhosts: []`.
    """,
    never_silenced="the run would remove every site of the host",
)
TWO_RULES_FOR_EVERYTHING = ProblemKind(
    "two-rules-for-everything",
    "error",
    """
    A virtual host has `proxy_to`, which takes every path, and a rule for `/` in `proxy_pass` too.

    Remove one of the two.
    """,
    never_silenced=_EITHER,
)
NO_ADDRESS = ProblemKind(
    "no-address",
    "error",
    """
    `listen` is an empty list, so nobody could reach the virtual host.

    Write `listen: [80]`, or leave the key out: then it is 443 with `ssl`, and 80 without.
    """,
    never_silenced="httpd doesn't take a virtual host without an address",
)
UNKNOWN_LOG_FORMAT = ProblemKind(
    "unknown-log-format",
    "error",
    """
    `custom_log` names a format that isn't defined. httpd would write the name itself into every
    line of the log.

    Define it in `apache_log_formats`, or write one that httpd has, `combined`.
    """,
    never_silenced="every line of the log would be the format's name",
)
SERVES_NOTHING = ProblemKind(
    "vhost-serves-nothing",
    "error",
    """
    A virtual host has neither backends nor redirects, files or directives: it would answer with the
    distribution's default page. Mostly `proxy_to` has no value, or stands behind a `-` of its own and
    so in another virtual host.

    Write what it serves, `proxy_to: http://10.0.0.1:8080`, or remove it.
    """,
    never_silenced="it would serve the distribution's page",
)
RESERVED_VARIABLE = ProblemKind(
    "reserved-variable",
    "error",
    """
    `extra_directives` defines, or takes away, a variable whose name begins with `GATEHOUSE_`. Those
    are of the whole server, and say where a release's own files lie.

    Take another name.
    """,
    never_silenced="the release would look for its files elsewhere",
)
EXPECT_NOTHING = ProblemKind(
    "expect-nothing",
    "error",
    """
    A route test (`expect`) has nothing to compare: it has neither `worker`, `redirect` nor
    `status`, or only a `worker` and `live: true`. Which worker answered can't be seen in an
    answer.

    Add what you expect: `{request: GET /health, status: 200, live: true}`.
    """,
    never_silenced="the test would test nothing",
)
EXPECT_WRITES = ProblemKind(
    "expect-writes",
    "error",
    """
    A route test with `live: true` would send the running server a request that may change data,
    such as POST, after each commit.

    Write GET, HEAD or OPTIONS, or remove `live`: then the test is decided by reading the
    configuration.
    """,
    never_silenced="the running server would be sent a request that may change data",
)
METHOD_MISSPELT = ProblemKind(
    "method-misspelt",
    "error",
    """
    A route test (`expect`) asks with a method that HTTP doesn't know, and nearly one that it does
    (`GT` instead of `GET`). A server answers such a method as it pleases, so the test would say nothing.

    Write the method that the message has. If your backend has a method of that name, silence this with
    that reason.
    """,
)
PATH_OR_MATCH = ProblemKind(
    "path-or-match",
    "error",
    """
    A rule or redirect has both `path` and `match`, or neither. A rule goes by a prefix or by a
    regular expression.

    Write one of the two.
    """,
    never_silenced=_EITHER,
)
TWO_DEFAULTS = ProblemKind(
    "two-defaults",
    "error",
    """
    Two virtual hosts of one address have `default: true`. Requests for unknown hosts go to one of
    them only.

    Remove `default` from one of the two.
    """,
    never_silenced=_EITHER,
)
MACHINE_CERTIFICATE_MISSING = ProblemKind(
    "machine-certificate-missing",
    "error",
    """
    `ssl_proxy.machine_certificate_content` has no certificate. httpd starts without a word, and
    backends that want a certificate refuse it.

    Write the certificate and its key into this one value, one behind the other.
    """,
    never_silenced=_SHOWS_NOTHING,
)
MACHINE_KEY_MISSING = ProblemKind(
    "machine-key-missing",
    "error",
    """
    `ssl_proxy.machine_certificate_content` has no private key. httpd starts without a word, and
    backends that want a certificate refuse it.

    Write the certificate and its key into this one value, one behind the other.
    """,
    never_silenced=_SHOWS_NOTHING,
)
MACHINE_KEY_ENCRYPTED = ProblemKind(
    "machine-key-encrypted",
    "error",
    """
    The key in `ssl_proxy.machine_certificate_content` has a passphrase. httpd doesn't start with
    it (AH02252).

    Write it without: `openssl pkey -in old.key -out new.key`.
    """,
    never_silenced="httpd doesn't start with such a key",
)
