"""What a run asks of a host, and the store in which it finds what earlier runs left."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..._httpd.vocabulary.layout import Layout
from ..draft.staged_copy import sweep_copies
from ..machine.files import set_aside, write_file
from ..machine.lock import HostError
from ..machine.progress import tell
from ..store.ledger import known_ledger, print_ledger, read_ledger
from ..store.remains import sweep
from ..store.store import Store
from .outcome import Outcome
from .undo import recover

AWAITS_LOCK = "waiting for another run on this host, for two minutes at most"


@dataclass(frozen=True)
class Request:
    """What a run asks of a host.

    `by` is who runs it, for the history. `staged` are the parts that it has sent, by name and digest, and `base` those that the host had in their place.
    """

    token: str
    by: str = ""
    staged: Mapping[str, str] = field(default_factory=dict)
    base: Mapping[str, str] = field(default_factory=dict)
    allow_empty: bool = False
    allow_removal: bool = False
    serve: bool = True
    check_mode: bool = False
    cut_connections: bool = False
    taken_over: tuple[str, ...] = ()


def heal_ledger(store: Store, layout: Layout) -> str:
    """Begin a damaged ledger anew; return what was found, nothing where it can be read."""
    try:
        read_ledger(store.ledger)
    except HostError as error:
        aside = set_aside(store.ledger)
        write_file(store.ledger, print_ledger(known_ledger(store.ledger, layout)))
        lost = "which modules and sites were enabled before Gatehouse, so a removal leaves them as they are"
        return f"{error}; {aside}. The host no longer knows {lost}"
    return ""


def open_store(layout: Layout, request: Request) -> tuple[Store, Outcome]:
    """Return the host's store, once a killed run's commit is finished or taken back."""
    store = Store(layout.gatehouse)
    outcome = Outcome()
    tell("looking at what earlier runs left")
    sweep_copies()
    if not request.check_mode:
        store.finish_removal()
    if os.path.isdir(store.root) and not request.check_mode:
        told = (recover(store, layout, may_cut=request.cut_connections), heal_ledger(store, layout))
        sweep(store)
        outcome.warnings += filter(None, told)
        outcome.changed = any(told)
    elif os.path.exists(store.journal):
        outcome.changed = True
        outcome.warnings.append(
            "a killed run left its commit open; a run without check mode finishes or undoes it first"
        )
    outcome.previous = store.proved
    return store, outcome
