"""What can be wrong with certificates, authorities, and lists of what was revoked."""

from __future__ import annotations

from ..syntax.problem import ProblemKind

_LIVE = "a warning where it is live already"
_NO_START = "httpd doesn't start with it"

UNREADABLE = ProblemKind(
    "certificate-unreadable",
    "error",
    """
    The file is missing, isn't PEM, is broken, or its key has a passphrase. httpd doesn't start
    with such a file (AH01895, AH01901, AH02312), or asks for the passphrase at each start, where
    nobody answers. `httpd -t` finds only empty and missing files.

    Write PEM, and put the file on the host before you deploy. `openssl pkey -in old.key -out
    new.key` removes a passphrase.
    """,
    never_silenced="httpd doesn't start without it",
)
KEY_MISSING = ProblemKind(
    "certificate-key-missing",
    "error",
    """
    A certificate is named without a key (`certificate_file` alone), and its file holds no private key
    either. httpd doesn't start (AH02579).

    Name the file of the key in `certificate_key_file`, or put the key into the certificate's file.
    """,
    never_silenced=_NO_START,
)
KEY_MISMATCH = ProblemKind(
    "certificate-key-mismatch",
    "error",
    """
    The private key isn't that of the certificate. httpd doesn't start (AH02565).

    Compare both: `openssl pkey -in shop.key -pubout` and `openssl x509 -in shop.pem -noout
    -pubkey` print the same where they belong together. Most often the certificate was renewed with
    a new key, and only one of the two files was copied.
    """,
    never_silenced=_NO_START,
)
ORDER = ProblemKind(
    "certificate-order",
    "error",
    """
    The key is that of another certificate in the file than the first. httpd takes the first for
    the server's own, and doesn't start.

    Write the server's own certificate first, and below it those that signed it.
    """,
    never_silenced=_NO_START,
)
EXPIRED = ProblemKind(
    "certificate-expired",
    "error",
    """
    A certificate of the chain has expired. httpd serves it without a word, and clients refuse it.

    Renew it, or replace the authority's certificate in the chain by its present one.
    """,
    milder=_LIVE,
)
NOT_YET_VALID = ProblemKind(
    "certificate-not-yet-valid",
    "error",
    """
    A certificate of the chain isn't valid yet. Clients refuse it until it is.

    Wait until it is valid. If it should be already, look at the host's clock (`timedatectl`).
    """,
    milder=_LIVE,
)
ENDS_SOON = ProblemKind(
    "certificate-ends-soon",
    "warning",
    """
    The server's certificate expires within 14 days.

    Renew it. To have that done for you, write `ssl: managed`.
    """,
)
NAME_MISSING = ProblemKind(
    "certificate-name-missing",
    "error",
    """
    The certificate lacks a name of the virtual host, and browsers warn whoever asks for it. Only
    the alternative names count, not the common name. A wildcard stands for one label:
    `*.example.com` covers `www.example.com`, and neither `example.com` nor `a.b.example.com`.

    Get a certificate with these names, or give the other names a virtual host of their own.
    """,
)
WEAK_KEY = ProblemKind(
    "certificate-weak-key",
    "error",
    """
    A key of the chain is RSA of less than 2048 bits, a curve of less than 256, or DSA. Clients
    refuse it.

    Make a new key and have it signed: `openssl genpkey -algorithm EC -pkeyopt
    ec_paramgen_curve:P-256 -out shop.key`.
    """,
)
KEY_KIND = ProblemKind(
    "certificate-key-kind",
    "warning",
    """
    The certificate's key is of a kind that the profile's clients don't want: `modern` has elliptic
    curves alone, `old` has RSA alone, since clients of twenty years know nothing else.

    Have a certificate made for a key of that kind, or choose the profile that your clients need.
    """,
    milder="a hint for an RSA key",
)
WEAK_SIGNATURE = ProblemKind(
    "certificate-weak-signature",
    "error",
    """
    A certificate is signed with MD5 or SHA-1. Clients refuse it, and so does OpenSSL at its usual
    security level. A root's own signature doesn't count, since nobody verifies it.

    Have it signed again; every authority uses SHA-256 or better by now.
    """,
)
OF_AUTHORITY = ProblemKind(
    "certificate-of-authority",
    "error",
    """
    The first certificate is one that may sign others. Clients refuse it as a server's own.

    Write the server's own certificate first. If it is the only one, it was requested with the
    authority's wrong profile.
    """,
)
CHAIN_ORDER = ProblemKind(
    "certificate-chain-order",
    "warning",
    """
    The file has certificates in the wrong order, twice, or ones that don't belong there. Most
    clients cope, some don't (RFC 5246 wants each certificate before the one that signed it).

    Write the server's own first, then each before the one that signed it, and nothing else.
    """,
)
CHAIN_INCOMPLETE = ProblemKind(
    "certificate-chain-incomplete",
    "error",
    """
    The chain ends before a root that the system knows. Clients know roots, not the certificates
    between: browsers that have seen those elsewhere may get in, and everything else fails.

    Append what is missing; the problem names it, and its address where the certificate has one. An
    authority of your own isn't known to the host's system: put its root there
    (`/usr/local/share/ca-certificates`, `update-ca-certificates`), or silence the warning if
    clients know it.
    """,
    milder="a warning where a private authority signed the last certificate of the file",
)
LIST_ENDED = ProblemKind(
    "certificate-list-ended",
    "error",
    """
    A list of revoked certificates (`ca_revocation_file`) has expired. httpd starts with it and
    refuses every certificate that the list's issuer signed (AH02276, "CRL has expired").

    Fetch the next list before each one expires; a run of Gatehouse makes Apache read it.
    """,
    milder=_LIVE,
)
LIST_MISSING = ProblemKind(
    "certificate-list-missing",
    "error",
    """
    The file of `ca_revocation_file` has certificates, and no list of revoked ones. httpd starts
    with it and refuses everybody (AH02276, "unable to get certificate CRL").

    Name the list that the authority publishes, in PEM: `openssl crl -inform der -in staff.crl -out
    staff.pem` converts it.
    """,
    milder=_LIVE,
)
NEVER_SHOWN = ProblemKind(
    "certificate-never-shown",
    "error",
    """
    The file of `ssl_proxy.machine_certificate_file` has no key, or neither key nor certificate.
    httpd starts without a word and shows backends nothing; those that want a certificate refuse it
    (AH02268).

    Write the certificate and its key into this one file, then the authorities between.
    """,
    milder=_LIVE,
)
WITHOUT_OCSP = ProblemKind(
    "certificate-without-ocsp",
    "warning",
    """
    `use_stapling` is set, and the certificate names no OCSP responder, as those of Let's Encrypt
    and others no longer do. httpd logs an error for each attempt, and staples nothing.

    Remove `use_stapling`.
    """,
)
# In the order of docs/problems.md.
CERTIFICATE_KINDS = (
    UNREADABLE,
    KEY_MISSING,
    KEY_MISMATCH,
    ORDER,
    EXPIRED,
    NOT_YET_VALID,
    ENDS_SOON,
    NAME_MISSING,
    WEAK_KEY,
    KEY_KIND,
    WEAK_SIGNATURE,
    OF_AUTHORITY,
    CHAIN_ORDER,
    CHAIN_INCOMPLETE,
    LIST_ENDED,
    LIST_MISSING,
    NEVER_SHOWN,
    WITHOUT_OCSP,
)
