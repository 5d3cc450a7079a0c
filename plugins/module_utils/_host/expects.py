"""The expectations that are marked live, asked of the live server."""

from __future__ import annotations

import http.client
from dataclasses import dataclass

from .._httpd.address import parse_address
from .._httpd.part import ExpectEntry

TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What a live request got: empty `failure` where it was as expected."""

    entry: ExpectEntry
    failure: str


def ask(entries: tuple[ExpectEntry, ...]) -> tuple[Answer, ...]:
    """Ask each expectation once."""
    return tuple(Answer(entry, _ask(entry)) for entry in entries)


def _ask(entry: ExpectEntry) -> str:
    """Return how the answer differs from what is expected."""
    address = parse_address(entry.address)
    host = {"*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(
        address.host, address.host.strip("[]")
    )
    method, _blank, target = entry.request.partition(" ")
    connection = http.client.HTTPConnection(host, address.port, timeout=TIMEOUT)
    try:
        connection.request(method, target, headers={**entry.headers, "Host": entry.host})
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({error or type(error).__name__})"
    finally:
        connection.close()
    location = response.headers.get("Location", "")
    if entry.status is not None and response.status != entry.status:
        return f"status {response.status}, not {entry.status}"
    if entry.redirect and not _is_same_place(location, entry):
        return f"redirect to {location or 'nowhere'}, not {entry.redirect}"
    return ""


def _is_same_place(location: str, entry: ExpectEntry) -> bool:
    """Compare a Location; a path alone is one of the same host."""
    if entry.redirect.startswith("/"):
        return (
            location.partition("://")[2].partition("/")[2] == entry.redirect[1:]
            or location == entry.redirect
        )
    return location == entry.redirect
