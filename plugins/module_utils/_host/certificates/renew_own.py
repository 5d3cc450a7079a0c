"""Certificates that Gatehouse signs itself, made anew before they end where no commit comes in time.

The timer runs it on the host: it imports only what renewal.py puts beside it.
"""

from __future__ import annotations

import os
from datetime import datetime

from ..._httpd.tls.certificate import SELF_SIGNED_FILES, Certificate
from ..machine.file_kinds import text_of
from ..machine.files import link_to, write_private_files, write_state
from ..machine.lock import locked
from ..machine.x509 import Unreadable, read_chain
from .self_signed import is_due, make_beside


def renew_own(directory: str, now: datetime) -> tuple[str, ...]:
    """Make anew what is due in the store's directory of links; return those that lead to a new certificate.

    Raises HostError where commits hold the lock for too long, and OSError.
    """
    if not _due(directory, now):
        return ()
    with locked():
        due = _due(directory, now)  # a commit may have been faster
        for link, former in due.items():
            target, texts = make_beside(link, former.names, kind=former.key.kind, now=now)
            write_private_files(texts)
            write_state(link, link_to(target))
    return tuple(due)


def _due(directory: str, now: datetime) -> dict[str, Certificate]:
    """Return each certificate that is due, by its link; what can't be read is mended by a commit."""
    due: dict[str, Certificate] = {}
    for entry in sorted(os.scandir(directory), key=lambda one: one.name):
        if not entry.is_symlink():
            continue
        try:
            (certificate,) = read_chain(text_of(f"{entry.path}/{SELF_SIGNED_FILES[0]}"))
        except (OSError, Unreadable, ValueError):
            continue
        if is_due(certificate, now):
            due[entry.path] = certificate
    return due
