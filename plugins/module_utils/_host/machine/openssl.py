"""What the host's OpenSSL takes: lists of ciphers, and curves; its own command is asked, never a list of ours."""

from __future__ import annotations

import os
import subprocess

from .httpd import ENVIRONMENT, TIMEOUT

# No connection is made: this is no path of a socket.
_NOBODY = "/dev/null/nobody"


def takes_ciphers(openssl: str, ciphers: str, *, is_tls13: bool = False) -> bool:
    """Tell whether a list of ciphers is one: OpenSSL passes over names that it doesn't know, and refuses a list of them."""
    # A list may begin with a minus, which the command would take for an option.
    if ciphers.startswith("-"):
        return True
    words = ("-ciphersuites", ciphers) if is_tls13 else (ciphers,)
    said = _complaint(openssl, "ciphers", *words)
    return "Error in cipher list" not in said and "TLSv1.3 ciphersuites" not in said


def takes_curves(openssl: str, curves: str) -> bool:
    """Tell whether OpenSSL knows each curve of a list: it refuses a whole list for one that it doesn't."""
    said = _complaint(openssl, "s_client", "-unix", _NOBODY, "-groups", curves)
    return "SSL_CONF_cmd(-groups" not in said


def _complaint(openssl: str, *words: str) -> str:
    """Return what the command complains of; nothing where it isn't there or doesn't end."""
    if not os.access(openssl, os.X_OK):
        return ""
    try:
        answer = subprocess.run(
            [openssl, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
            env=ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        return ""
    return answer.stderr if answer.returncode else ""
