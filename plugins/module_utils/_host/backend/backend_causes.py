"""What can be wrong between httpd and a backend: what httpd answers its clients then, what it logs, and what helps.

Asked of httpd 2.4.71 (tests/httpd/test_backends.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Cause:
    """One way in which a backend can't be asked.

    `status` is what httpd answers, 0 where the backend's own answer passes; `codes` are those of its error log, and
    `quiet_codes` those that it has at `LogLevel info` only; `{…}` of `message` and `remedy` are filled by whoever tells it.
    """

    message: str
    remedy: str
    status: int = 0
    codes: tuple[str, ...] = ()
    quiet_codes: tuple[str, ...] = ()


_HANDSHAKE = ("AH01084", "AH00898", "AH01097")
_CONNECT = ("AH00957", "AH01114")
_READ = ("AH01102", "AH00898")

CAUSES: dict[str, Cause] = {
    "ok": Cause("{host} answers", ""),
    "dns": Cause(
        "the name {host} doesn't resolve: {detail}",
        "correct the name, or make this host resolve it (DNS, /etc/hosts)",
        500,
        ("AH00898",),
    ),
    "refused": Cause(
        "{address} refuses the connection",
        "start the backend, or correct the port; a firewall that rejects looks the same",
        503,
        _CONNECT,
    ),
    "unreachable": Cause(
        "{address} can't be reached: {detail}",
        "look at the route and at firewalls between this host and the backend",
        503,
        _CONNECT,
    ),
    "connect_timeout": Cause(
        "{address} doesn't take the connection within {timeout} s",
        "look at the backend's load and at firewalls that drop; `connectiontimeout` says how long httpd waits",
        503,
        _CONNECT,
    ),
    "read_timeout": Cause(
        "{address} takes the connection and doesn't answer within {timeout} s",
        "look at the backend, or give it more time with `timeout`",
        502,
        _READ,
    ),
    "closed": Cause(
        "{address} closes the connection instead of answering: {detail}",
        "look at the backend's own log; a port that speaks TLS does this too, and wants https://",
        502,
        _READ,
    ),
    "not_http": Cause(
        "{address} answers something other than HTTP, which httpd passes on as a page: {detail}",
        "correct the port or the scheme",
        200,
    ),
    "loop": Cause(
        "{address} leads back to itself, so a request goes round until no worker is left",
        "write the backend's own address and port; of a server in front, look at where it leads",
        502,
        ("AH00484",),
    ),
    "tls_on_plain_port": Cause(
        "{address} speaks TLS, and is asked without",
        "write https:// (wss://, h2://)",
        502,
        _READ,
    ),
    "plain_on_tls_port": Cause(
        "{address} is asked over TLS and speaks none",
        "write http:// (ws://, h2c://), or the port of its TLS",
        500,
        _HANDSHAKE,
        ("AH02003",),
    ),
    "protocol": Cause(
        "{address} speaks no version of TLS that this host does: {detail}",
        "let the backend speak TLS 1.2 or 1.3",
        500,
        _HANDSHAKE,
        ("AH02003",),
    ),
    "client_certificate": Cause(
        "{address} wants a certificate of the proxy: {detail}",
        "give the virtual host `ssl_proxy.machine_certificate_file`, a certificate of an authority that the backend knows",
        500,
        _HANDSHAKE,
        ("AH02003",),
    ),
    "handshake": Cause(
        "{address} and this host don't agree on TLS: {detail}",
        "compare versions, ciphers and curves, and whether the backend wants a certificate of the proxy",
        500,
        _HANDSHAKE,
        ("AH02003",),
    ),
    "self_signed": Cause(
        "the certificate, for {names}, is self-signed",
        "name it in `ssl_proxy.ca_certificate_file`, or let an authority sign one",
        500,
        _HANDSHAKE,
        ("AH02276",),
    ),
    "unknown_authority": Cause(
        "the certificate, for {names}, is signed by {issuer}, whom {ca_file} doesn't have: {detail}",
        "name that authority in `ssl_proxy.ca_certificate_file`; if the backend leaves out its chain, let it send that",
        500,
        _HANDSHAKE,
        ("AH02276",),
    ),
    "expired": Cause(
        "the certificate, for {names}, expired on {not_after}",
        "renew it at the backend",
        500,
        _HANDSHAKE,
        ("AH02276",),
    ),
    "not_yet_valid": Cause(
        "the certificate, for {names}, isn't valid before {not_before}",
        "compare the clocks of the backend and of this host, or wait until then",
        500,
        _HANDSHAKE,
        ("AH02276",),
    ),
    "unverified": Cause(
        "the certificate, for {names}, isn't accepted: {detail}",
        "give the backend a certificate that is",
        500,
        _HANDSHAKE,
        ("AH02276",),
    ),
    "wrong_name": Cause(
        "the certificate is for {names}, not for {name}",
        "ask for a name that it has, or let the backend show one for {name}",
        500,
        _HANDSHAKE,
        ("AH02411",),
    ),
    "no_h2": Cause(
        "{address} speaks TLS and no HTTP/2: {detail}",
        "write https://, or switch HTTP/2 on at the backend",
        503,
        (),
        ("AH10273",),
    ),
}  # fmt: skip


def cause_of(name: str, *, is_shaken: bool, is_verified: bool, shows: bool) -> Cause:
    """Return a cause as it is once hands are shaken, where nobody is verified, and where the proxy shows a certificate."""
    cause = CAUSES[name]
    if name == "client_certificate":
        # TLS 1.3 says it to whoever writes or reads first, which the log then has: AH01097 or AH01102.
        cause = replace(cause, status=502, codes=(), quiet_codes=()) if is_shaken else cause
        return cause if shows else replace(cause, codes=("AH02268", *cause.codes))
    if name in ("expired", "not_yet_valid") and not is_verified:
        return replace(cause, quiet_codes=("AH02004",))
    return cause
