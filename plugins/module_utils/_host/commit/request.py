"""What a run asks of a host, and the store in which it finds what earlier runs left."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..._httpd.vocabulary.layout import Layout
from ..draft.staged_copy import sweep_copies
from ..machine.progress import tell
from ..store.mending import clear_misplaced, mend_history, mend_ledger, mend_links
from ..store.misplaced import misplaced
from ..store.remains import sweep
from ..store.store import Store
from ..swap.undo import Recovered, recover
from .outcome import Outcome

TAKEN_BACK = "an earlier run's commit was taken back"
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


@dataclass(frozen=True)
class Opened:
    """A host's store, once what a killed run left is dealt with.

    `finished` is how a commit had begun that is finished now. Where one was taken back instead, the server was told so: what
    serves then `has_changed` since the run began.
    """

    store: Store
    finished: str = ""
    has_changed: bool = False


def open_store(layout: Layout, request: Request, outcome: Outcome, *, found: str = "") -> Opened:
    """Open the host's store; what is finished, taken back and mended first is added to `outcome`.

    `found` was in the way of the lock. Raises HostError and OSError.
    """
    store, recovered = Store(layout.gatehouse), Recovered()
    outcome.warnings += filter(None, (found,))
    tell("looking at what earlier runs left")
    sweep_copies()
    if request.check_mode:
        outcome.warnings += [
            f"{words}; a run without check mode sets it aside"
            for words in misplaced(store).values()
        ]
    else:
        outcome.warnings += clear_misplaced(store, layout)
        store.finish_removal()
    if os.path.isdir(store.root) and not request.check_mode:
        recovered = recover(store, layout, may_cut=request.cut_connections)
        if recovered.action != "none":
            outcome.action, outcome.reason = recovered.action, TAKEN_BACK
        outcome.warnings += filter(None, (recovered.words,))
        # A removal that is finished leaves none.
        if os.path.isdir(store.root):
            outcome.warnings += filter(
                None, (mend_ledger(store, layout), mend_history(store), *mend_links(store))
            )
            sweep(store)
    elif os.path.isfile(store.journal):
        outcome.warnings.append(
            "a killed run left its commit open; a run without check mode finishes or undoes it first"
        )
    outcome.changed = bool(outcome.warnings)
    outcome.previous = store.proved
    return Opened(store, recovered.finished, recovered.action != "none")
