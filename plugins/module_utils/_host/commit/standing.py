"""How a host stands before a commit: what one of the release that it serves would change, wait for or clear away."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..._httpd.vocabulary.layout import Layout
from ..asking.proved_digest import digest_at
from ..concerns.catalogue import HOST_SIDES
from ..deployment.release_difference import host_change
from ..draft.draft import Draft, make_draft
from ..draft.draft_problems import host_problems, unread_problems
from ..draft.module_switch import is_named_alike
from ..draft.staged_copy import copies_of_killed_runs
from ..machine import processes, systemd
from ..machine.httpd import Httpd
from ..machine.lock import HostError
from ..machine.x509 import HAS_CRYPTOGRAPHY, LACKS_LIBRARY
from ..store.damage import damaged_paths
from ..store.ledger import read_ledger
from ..store.misplaced import misplaced
from ..store.remains import remains
from ..store.salvage import salvage_proved
from ..store.service_state import is_kept_stopped
from ..store.staging import forgotten_stages
from ..store.store import Store
from ..swap import proof


@dataclass(frozen=True)
class Standing:
    """How a host stands.

    `is_settled` tells that a commit would change nothing, and `drift` why it would although the play asks for nothing new.
    Whether the server is to run it may ask anew: then the server `is_to_switch`.
    `has_rest` tells that it has something to do all the same: to wait, or to clear away what a killed run left. `warnings`
    are what it would say.
    """

    drift: tuple[str, ...] = ()
    is_to_switch: bool = False
    has_rest: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Tell whether a commit would change nothing."""
        return not (self.drift or self.is_to_switch)


def standing(store: Store, httpd: Httpd | None, layout: Layout, *, serve: bool) -> Standing:
    """Look at what a commit of the proved release would find; `serve` tells whether the server is to run.

    What a commit would refuse is no settled host, and the commit says why.
    """
    try:
        wrong = misplaced(store)
        if wrong:
            return Standing(tuple(wrong.values()))
        proved = salvage_proved(store)
        parts = proved.release.parts
        if os.path.lexists(store.journal):
            return Standing(("a commit is open: another run is at it, or was killed",))
        read_ledger(store.ledger)
        if proved.found:
            return Standing(proved.found)
        if any(part.manifest.unknown for part in parts):
            return Standing(("it serves what a newer Gatehouse wrote",))
        has_rest = os.path.isdir(store.removed) or bool(
            remains(store) or copies_of_killed_runs() or forgotten_stages()
        )
        if not parts:
            is_bare = store.current == store.proved
            return Standing(
                () if is_bare else ("it follows a release that was never proved",),
                has_rest=has_rest,
            )
        if httpd is None:
            return Standing(("Apache isn't installed",))
        if not HAS_CRYPTOGRAPHY and any(part.reads_certificates for part in parts):
            return Standing((LACKS_LIBRARY,))
        draft = make_draft(parts, store=store, layout=layout, httpd=httpd)
        drift = drift_of(draft, serve=serve)
        if drift:
            return Standing(drift)
        return Standing(
            is_to_switch=is_to_switch(draft, serve=serve),
            has_rest=has_rest or (serve and _awaits(draft)),
            warnings=warnings_of(draft),
        )
    except (HostError, OSError) as error:
        return Standing((str(error),))


def drift_of(draft: Draft, *, serve: bool) -> tuple[str, ...]:
    """Return what isn't as the draft's parts ask for; nothing where desired is proved, is current, and is what answers.

    A server that the last commit left in the other state than it is to be in now is no drift: see `is_to_switch`.
    """
    release, store, unit = draft.release.digest, draft.machine.store, draft.machine.layout.unit
    if store.proved != release:
        return (f"{host_change(store, store.proved, draft.release)}, and the release with it",)
    if draft.changes:
        return tuple(_told(change.path, store) for change in draft.changes)
    damaged = damaged_paths(store, draft.release)
    if damaged:
        return tuple(f"{path} isn't as Gatehouse wrote it" for path in damaged)
    if is_to_switch(draft, serve=serve):
        return ()
    return _drift_of_server(release, draft.port, unit, serve=serve) or (
        unloaded(draft, systemd.main_pid(unit)) if serve else ()
    )


def is_to_switch(draft: Draft, *, serve: bool) -> bool:
    """Tell whether the server is to be started, or stopped, for nothing but that it is asked for now and wasn't before."""
    is_asked_anew = serve == is_kept_stopped(draft.machine.store)
    return is_asked_anew and systemd.is_active(draft.machine.layout.unit) != serve


def unloaded(draft: Draft, pid: int) -> tuple[str, ...]:
    """Return which modules the draft asks for and the running server hasn't loaded: somebody switched them meanwhile."""
    loaded = processes.loaded_modules(pid)
    named = (
        name
        for manifest in draft.release.manifests
        for name in (*manifest.modules, *manifest.bare_modules)
    )
    layout, built_in = draft.machine.layout, draft.machine.httpd.built_in
    missing = [
        name
        for name in dict.fromkeys(named)
        if name not in loaded and f"{name}_module" not in built_in and is_named_alike(name, layout)
    ]
    # Where nothing of it can be read, nothing is known.
    return tuple(f"the server runs without mod_{name}" for name in missing) if loaded else ()


def _drift_of_server(release: str, port: int, unit: str, *, serve: bool) -> tuple[str, ...]:
    """Return what of the server isn't as it should be; both are asked, for somebody may have started one beside systemd."""
    is_active, answer = systemd.is_active(unit), digest_at(port)
    stranger = proof.stranger_at(port, systemd.main_pid(unit)) if is_active and answer else ""
    if stranger:
        return (f"{stranger} answers for the release, not {unit}",)
    if serve and not is_active:
        return (f"{unit} isn't running",)
    if serve and answer != release:
        return ("the server doesn't answer for the release",)
    if not serve and is_active:
        return (f"{unit} runs",)
    if not serve and answer:
        return (f"a server that {unit} knows nothing of answers for a release",)
    return ()


def _told(path: str, store: Store) -> str:
    """Say why a path is to be changed."""
    if path.startswith(f"{store.self_signed}/"):
        return f"the certificate {path} is due"
    return f"{path} isn't as Gatehouse left it"


def warnings_of(draft: Draft) -> tuple[str, ...]:
    """Return what is wrong although nothing changes: certificates come to their end by themselves."""
    return tuple(map(str, (*unread_problems(draft), *host_problems(draft))))


def _awaits(draft: Draft) -> bool:
    """Tell whether a concern has anything to wait for."""
    return any(
        side.awaits(draft.release.manifests, draft.machine, draft.outline) for side in HOST_SIDES
    )
