"""The certificates that a release would show, read where they lie, and those of the live one beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from ..._httpd.concerns.ssl.facts import read_certificates
from ..._httpd.syntax.problem import Problem, reported
from ..._httpd.syntax.quoting import unquote
from ..._httpd.syntax.tree import Place
from ..._httpd.tls.certificate_rules import (
    FATAL,
    CertificateChain,
    certificate_problems,
    key_missing,
    unreadable,
)
from ..._httpd.tls.entries import CertificateEntry
from ..._httpd.tls.problem_kinds import CERTIFICATE_KINDS
from ..._httpd.tls.served_certificates import TlsFiles
from ..._httpd.vocabulary.layout import Layout
from ..._httpd.vocabulary.reserved_names import BLOBS_VARIABLE, KEYS_VARIABLE, RELEASE_VARIABLE
from ..machine.file_kinds import regular
from ..machine.x509 import Unreadable, has_key, read_chain, read_key, subjects
from ..store.release import Release
from ..store.store import Store
from .file_digests import changed_paths
from .silencing_by_release import silencing_by_release
from .trusted_files import trusted_problems


def release_problems(
    release: Release,
    live: Release,
    *,
    served: Callable[[], TlsFiles],
    store: Store,
    layout: Layout,
    now: datetime,
) -> tuple[Problem, ...]:
    """Return what is wrong with a release's certificates and isn't silenced; what is live already is a warning.

    An emergency change must go through on the day on which a certificate ended. What httpd can't start with isn't live,
    whatever the files were when it did. `served` gives what the server shows by
    directives too; it is asked only where that matters.
    """
    judge = _Judge(layout, now)
    found = judge.problems(_named_in(release), _Reader(release, store))
    # What lies on the disk now isn't live if httpd read something else.
    changed = changed_paths(live)
    shown = _named_in(live).without(changed)
    known = set(map(_identity, judge.problems(shown, _Reader(live, store))))
    if any(problem.severity == "error" and _identity(problem) not in known for problem in found):
        shown = served().without(changed)
        known.update(map(_identity, judge.problems(shown, _Reader(live, store))))
    judged = (
        replace(problem, severity="warning")
        if problem.rule not in FATAL and _identity(problem) in known
        else problem
        for problem in found
    )
    if not found:
        return ()
    return reported(silencing_by_release(release, CERTIFICATE_KINDS).applied(judged))


def _identity(problem: Problem) -> tuple[str, str]:
    """Return what stays the same of a problem when lists grow."""
    return (problem.rule, problem.message)


def _named_in(release: Release) -> TlsFiles:
    """Return the certificates that somebody else made, and the host's other files."""
    entries = read_certificates(manifest.facts for manifest in release.manifests)
    return TlsFiles(
        certificates=tuple(entry for entry in entries if entry.kind == "given"),
        files=tuple(file for manifest in release.manifests for file in manifest.host_files),
    )


class _Judge:
    """Judges certificates at one time, by the authorities that the system trusts."""

    def __init__(self, layout: Layout, now: datetime) -> None:
        self.layout = layout
        self.now = now

    @cached_property
    def roots(self) -> frozenset[str]:
        """The encoded names of those authorities: of a file that takes a while to read."""
        return subjects(_text(self.layout.ca_file))

    def problems(self, named: TlsFiles, reader: _Reader) -> list[Problem]:
        """Return what is wrong with each."""
        shown = (
            problem
            for entry in named.certificates
            for problem in _judged(entry, reader, self.roots, self.now)
        )
        return [*shown, *trusted_problems(named.files, self.now)]


class _Reader:
    """Where a release's certificates and keys lie: on the host, in the release, or still on their way."""

    def __init__(self, release: Release, store: Store) -> None:
        self.texts = release.texts
        self.blobs = {digest: text for part in release.parts for digest, text in part.blobs.items()}
        self.directories = {
            f"${{{BLOBS_VARIABLE}}}/": store.blobs,
            f"${{{KEYS_VARIABLE}}}/": store.keys,
        }

    def read(self, word: str) -> str:
        """Return the text that a word of the configuration names. Raises OSError."""
        path = unquote(word)
        variable, slash, name = path.partition("/")
        if variable == f"${{{RELEASE_VARIABLE}}}":
            return self.texts[name]
        if f"{variable}{slash}" in self.directories:
            path = f"{self.directories[variable + slash]}/{name}"
            if name in self.blobs:
                return self.blobs[name]
        with open(path, encoding="utf-8", errors="replace", opener=regular) as stream:
            return stream.read()


def _judged(
    entry: CertificateEntry, reader: _Reader, roots: frozenset[str], now: datetime
) -> Iterator[Problem]:
    """Yield what is wrong with one certificate and its key."""
    place, shown_file = Place(entry.place), _shown(entry.certificate)
    try:
        text = reader.read(entry.certificate)
        chain = read_chain(text)
        shown_file = _shown(entry.key or entry.certificate)
        key_text = reader.read(entry.key) if entry.key else text
        key = read_key(key_text) if entry.key or has_key(text) else None
    except OSError as error:
        yield unreadable(place, shown_file, f"can't be read: {error.strerror}")
        return
    except Unreadable as error:
        yield unreadable(place, shown_file, str(error))
        return
    if key is None:
        yield key_missing(place, shown_file)
    shown = CertificateChain(
        place=place,
        file=_shown(entry.certificate),
        chain=chain,
        key=key,
        names=entry.names,
        roots=roots,
        use_stapling=entry.use_stapling,
        key_kinds=entry.key_kinds,
    )
    yield from certificate_problems(shown, now)


def _shown(word: str) -> str:
    """Name a file to its user."""
    path = unquote(word)
    if path.startswith((f"${{{BLOBS_VARIABLE}}}", f"${{{KEYS_VARIABLE}}}")):
        return "certificate_key_content"
    return "certificate_content" if path.startswith(f"${{{RELEASE_VARIABLE}}}") else path


def _text(path: str) -> str:
    """Return a file's text; empty where it can't be read."""
    try:
        with open(path, encoding="utf-8", errors="replace", opener=regular) as stream:
            return stream.read()
    except OSError:
        return ""
