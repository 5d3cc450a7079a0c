"""What can be wrong between the keys about TLS."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

_EITHER = "which of the two is meant would be a guess"
_NO_CERTIFICATE = "httpd doesn't start without the certificate and its key"
_MANAGED = "Apache would get no certificate for the virtual host"

CERTIFICATE_UNDEFINED = ProblemKind(
    "certificate-undefined",
    "error",
    """
    A virtual host has `ssl` and no certificate.

    Write `ssl: managed` (Apache gets it from an authority), `ssl: self_signed`, or name the files:

    ```yaml
    ssl:
      certificate_file: /etc/ssl/shop.pem
      certificate_key_file: /etc/ssl/private/shop.key
    ```
    """,
    never_silenced=_NO_CERTIFICATE,
)
TWO_CERTIFICATES = ProblemKind(
    "two-certificates",
    "error",
    """
    A certificate is given twice: as a word, as files of the host or as content. One is shown.

    Remove one of the two.
    """,
    never_silenced=_EITHER,
)
KEY_WITHOUT_CERTIFICATE = ProblemKind(
    "key-without-certificate",
    "error",
    """
    There is a private key, and no certificate for it.

    Add the certificate as the message says, or remove the key.
    """,
    never_silenced=_NO_CERTIFICATE,
)
CERTIFICATE_WITHOUT_KEY = ProblemKind(
    "certificate-without-key",
    "error",
    """
    There is a certificate as content, and its private key is missing.

    Add `certificate_key_content`, from a vault.
    """,
    never_silenced=_NO_CERTIFICATE,
)
VERIFY_CLIENT_MISSING = ProblemKind(
    "verify-client-missing",
    "error",
    """
    There are keys about clients' certificates, and clients aren't asked for any: the virtual host
    is open to everybody, although it looks as if it weren't.

    Add `verify_client: require` (or `optional`), or remove these keys.
    """,
    never_silenced="the virtual host would be open to everybody",
)
CLIENT_AUTHORITY_MISSING = ProblemKind(
    "client-authority-missing",
    "error",
    """
    Clients are asked for certificates, and no authority is named that signs them. No client could
    get in.

    Add `ca_certificate_file` or `ca_certificate_content`.
    """,
    never_silenced="no client could get in",
)
TWO_AUTHORITIES = ProblemKind(
    "two-authorities",
    "error",
    """
    The authorities of clients' certificates are given as a file and as content.

    Remove one of the two.
    """,
    never_silenced=_EITHER,
)
VERIFY_CLIENT_EVERYWHERE = ProblemKind(
    "verify-client-everywhere",
    "error",
    """
    `verify_client_paths` names paths that need a client's certificate, and `verify_client:
    require` asks for one on every path already.

    Write `verify_client: optional`, or remove `verify_client_paths`.
    """,
    never_silenced=_EITHER,
)
ACME_TERMS = ProblemKind(
    "acme-terms",
    "error",
    """
    A certificate is `managed`, and nobody agreed to the authority's terms of service. It gives no
    certificate before.

    Read them, and write `apache_acme: {terms_agreed: true}`.
    """,
    never_silenced=_MANAGED,
)
ACME_WILDCARD = ProblemKind(
    "acme-wildcard",
    "error",
    """
    A `managed` certificate is to have a name with `*` or `?`. Authorities want a record in your
    DNS as its proof, which Gatehouse doesn't write.

    List the names one by one, or give the certificate as files.
    """,
    never_silenced=_MANAGED,
)
ACME_PRIVATE_NAME = ProblemKind(
    "acme-private-name",
    "error",
    """
    A `managed` certificate is to have a name that no public authority signs: one of a private network
    (`shop.local`, `shop.internal`, `shop.home.arpa`), one that is kept for tests (`shop.test`), one without a
    dot, or an address. mod_md would ask again and again, and the virtual host would have no certificate.

    Write `ssl: self_signed`, name the files of your own certificate, or name your own authority's
    directory: `apache_acme: {directory_url: https://ca.internal/acme/directory}`.
    """,
)
ACME_UNREACHABLE = ProblemKind(
    "acme-unreachable",
    "error",
    """
    The authority asks for a `managed` certificate's proof on port 80 or 443, and the virtual host
    listens on neither.

    Listen there too. If something in front passes these ports on to yours, silence this with that
    reason.
    """,
)
ACME_KEY_KIND = ProblemKind(
    "acme-key-kind",
    "warning",
    """
    `apache_acme.private_key` is of a kind that the clients of the virtual host's profile don't
    want: `modern` has elliptic curves alone, `old` has RSA alone.

    Write another `private_key`, or another `profile`.
    """,
)
ACME_OVERLAP = ProblemKind(
    "acme-overlap",
    "error",
    """
    A name is in the `managed` certificates of two virtual hosts that have different names
    otherwise. mod_md refuses that (AH10038), and httpd doesn't start.

    Give both the same names in the same order, or remove the name from one of them.
    """,
    never_silenced="httpd doesn't start with it",
)
CURVES_DIFFER = ProblemKind(
    "curves-differ",
    "warning",
    """
    Virtual hosts of one address have different `curves`. httpd takes those of the first for all:
    the handshake comes before the name is known.

    Write the same curves in each, or listen on an address of its own.
    """,
)
CIPHERS_UNKNOWN = ProblemKind(
    "ciphers-unknown",
    "error",
    """
    `cipher_suite` or `cipher_suite_tls13` names no cipher that OpenSSL has. httpd doesn't start with it
    (AH01898). Ciphers of TLS 1.3 (`TLS_AES_128_GCM_SHA256`) are written in `cipher_suite_tls13` alone, all
    others in `cipher_suite`. Which of the others there are, the host's own OpenSSL is asked.

    `openssl ciphers -v` on the host lists them. Most inventories need neither key: the profile has good
    ones.
    """,
    never_silenced="httpd doesn't start with it",
)
CURVES_UNKNOWN = ProblemKind(
    "curves-unknown",
    "error",
    """
    `curves` has a name that the host's OpenSSL doesn't know. httpd doesn't start with it (AH02407), be the
    others right: `X25519MLKEM768` came with OpenSSL 3.5, which Debian 13 has.

    Take the name out, or leave `curves` out: then each host has those of the profile that it knows.
    """,
    never_silenced="httpd doesn't start with it",
)
MIXED_TLS = ProblemKind(
    "mixed-tls",
    "error",
    """
    One address is to speak TLS for one virtual host and plain HTTP for another. httpd goes by the
    first, and clients of the other get an error.

    Listen on another port, or give both `ssl`.
    """,
    never_silenced="clients of one of the two would get nothing but an error",
)
TLS_ON_HTTP_PORT = ProblemKind(
    "tls-on-http-port",
    "warning",
    """
    A virtual host with `ssl` listens on port 80, which browsers ask in plain HTTP. They get 400, and nobody is
    redirected.

    Remove `listen`, or write 443: plain HTTP on port 80 is redirected by itself then.
    """,
)
