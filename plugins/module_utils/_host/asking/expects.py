"""The expectations that are marked live, asked of the live server."""

from __future__ import annotations

import http.client
from dataclasses import dataclass

from ..._httpd.release.manifest import ExpectEntry
from ..._httpd.vocabulary.address import parse_address
from ..._httpd.vocabulary.reserved_names import ANSWER_HEADER, ASK_HEADER
from ..machine.progress import tell
from .answer_head import NoAnswer, Question, ask_head

TIMEOUT = 10.0  # seconds for a whole answer's head, however slowly it comes
# httpd answers what it can't read before it knows whose it is (asked: 2.4.71).
_UNREAD = (400, 414)


@dataclass(frozen=True)
class Answer:
    """What a live request got: empty `failure` where it was as expected."""

    entry: ExpectEntry
    failure: str


def ask(entries: tuple[ExpectEntry, ...], release: str) -> tuple[Answer, ...]:
    """Ask each expectation once, of the release in this directory."""
    if entries:
        tell("asking the server what is expected of it")
    return tuple(Answer(entry, _ask(entry, release)) for entry in entries)


def _ask(entry: ExpectEntry, release: str) -> str:
    """Return how the answer differs from what is expected."""
    address = parse_address(entry.address)
    question = Question(address.host, address.port, entry.host, entry.request, entry.tls)
    try:
        response = ask_head(question, {**entry.headers, ASK_HEADER: release}, seconds=TIMEOUT)
    except NoAnswer as error:
        return str(error)
    if not _is_of(entry, response):
        return f"status {response.status} of another virtual host or server"
    location = response.headers.get("Location", "")
    if entry.status is not None and response.status != entry.status:
        return f"status {response.status}, not {entry.status}"
    if entry.redirect and not _is_same_place(location, entry):
        return f"redirect to {location or 'nowhere'}, not {entry.redirect}"
    return ""


def _is_of(entry: ExpectEntry, response: http.client.HTTPResponse) -> bool:
    """Tell whether an answer is the virtual host's own, as far as it can say so; `*` is the whole server."""
    is_nobodys = response.status in _UNREAD or entry.request.endswith(" *")
    return not entry.vhost or is_nobodys or response.headers[ANSWER_HEADER] == entry.vhost


def _is_same_place(location: str, entry: ExpectEntry) -> bool:
    """Compare a Location; a path alone is one of the same host."""
    if entry.redirect.startswith("/"):
        return (
            location.partition("://")[2].partition("/")[2] == entry.redirect[1:]
            or location == entry.redirect
        )
    return location == entry.redirect
