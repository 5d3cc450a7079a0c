"""A store's own files, mended where somebody damaged them: each says what it found, nothing where all is well."""

from __future__ import annotations

import os
from datetime import datetime, timezone

from ..._httpd.vocabulary.layout import Layout
from ..machine.files import read_state, set_aside, write_file, write_state
from ..machine.lock import HostError
from .history import Entry, print_entries
from .ledger import known_ledger, print_ledger, read_ledger
from .misplaced import misplaced
from .store import Store

# For as long as the damaged one lies there.
LEDGER_LOST = "The host no longer knows which modules and sites were enabled before Gatehouse, so a removal leaves them as they are"


def clear_misplaced(store: Store, layout: Layout) -> list[str]:
    """Set aside what lies where something of another kind belongs. Raises OSError."""
    return [_cleared(path, words, store, layout) for path, words in misplaced(store).items()]


def _cleared(path: str, words: str, store: Store, layout: Layout) -> str:
    """Set one thing aside, and put what a store needs in its place; return what was done."""
    is_below = path.startswith(f"{store.root}/")
    # Beside the others of its directory it would be one of them.
    words = f"{words}; {set_aside(path, directory=store.root if is_below else '')}"
    if path == store.ledger:
        write_file(path, print_ledger(known_ledger(path, layout)))
        return f"{words}. {LEDGER_LOST}"
    if path == store.root:
        store.create()
    return words


def mend_ledger(store: Store, layout: Layout) -> str:
    """Begin a damaged ledger anew."""
    try:
        read_ledger(store.ledger)
    except HostError as error:
        aside = set_aside(store.ledger)
        write_file(store.ledger, print_ledger(known_ledger(store.ledger, layout)))
        return f"{error}; {aside}. {LEDGER_LOST}"
    return ""


def mend_history(store: Store) -> str:
    """Write the history anew where nothing lists the releases that lie there: they would be swept otherwise."""
    entries, fault = listed_entries(store)
    if fault:
        write_file(f"{store.root}/history", print_entries(entries))
        return f"{fault}; it lists what there is again"
    return ""


def listed_entries(store: Store) -> tuple[tuple[Entry, ...], str]:
    """Return what was proved, oldest first; where nothing says it, the releases that lie there by their age, and words on that."""
    entries = store.entries()
    written = [name for name in store.written() if not name.startswith(".")]
    # One alone may have failed, where nothing says that any was proved.
    if entries or len(written) < (1 if store.proved else 2):
        return entries, ""
    ages = {name: os.stat(store.directory(name)).st_mtime for name in written}
    guessed = tuple(
        Entry(
            name,
            datetime.fromtimestamp(ages[name], timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            is_guess=name != store.proved,
        )
        for name in sorted(written, key=lambda name: ages[name])
    )
    lie = f"{len(written)} releases that lie" if len(written) > 1 else "release that lies"
    return guessed, f"{store.root}/history says nothing of the {lie} there"


def mend_links(store: Store) -> list[str]:
    """Have both links lead to the release that was proved last: a start of Apache, or an undone commit, needs them."""
    latest = store.latest
    if not latest or not os.path.isdir(store.directory(latest)):
        return []
    is_guess = not store.proved
    wrong = [
        name
        for name in ("proved", "current")
        if read_state(store.link(name)) != store.target(latest)
    ]
    for name in wrong:
        write_state(store.link(name), store.target(latest))
    again = (
        f"nothing says which release was proved last, and it leads to {latest} now, the likeliest"
        if is_guess
        else f"it leads to the release {latest} again"
    )
    return [f"{store.link(name)} was changed: {again}" for name in wrong]
