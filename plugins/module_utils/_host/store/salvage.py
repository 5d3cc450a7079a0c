"""What can be relied on of a release, where somebody edited or removed its files: what other releases have of it, too."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..._httpd.release.manifest import Manifest
from ..._httpd.release.part import Part, part_digest
from ..._httpd.syntax.digests import digest_of
from ..machine.file_kinds import lack
from ..machine.lock import HostError
from .release import DIGEST, FRAME, FRAME_DIGEST, MANIFEST, Release
from .store import Store


@dataclass(frozen=True)
class Salvage:
    """A release as far as it can be relied on.

    `found` says what of it isn't as Gatehouse wrote it. `damaged` are the names of those parts, to be written anew, and
    `changed` says of those that couldn't be restored to the letter what they are now. `lost` are the names of parts that
    no release of the host has any more. Where nothing says which parts it had, it `is_guess`.
    """

    release: Release
    found: tuple[str, ...] = ()
    damaged: frozenset[str] = frozenset()
    changed: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    is_guess: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether all of it could be had to the letter."""
        return not (self.changed or self.lost or self.is_guess)


def salvage_proved(store: Store, at_hand: Sequence[Part] = ()) -> Salvage:
    """Return the release that was proved last as far as it can be relied on; one without parts where there is none."""
    if store.proved:
        return salvage(store, store.proved, at_hand)
    if not store.latest:
        return Salvage(Release("", "", ()))
    # Nobody removes that link but a removal, which takes all of the store.
    found = salvage(store, store.latest, at_hand)
    link = store.link("proved")
    words = f"{link} leads to no release" if os.path.lexists(link) else f"{link} is missing"
    return replace(found, found=(words, *found.found))


def salvage(store: Store, digest: str, at_hand: Sequence[Part] = ()) -> Salvage:
    """Return what can be relied on of a release; parts `at_hand` may restore it. Raises OSError where it may not be read."""
    try:
        manifests, rows = store.manifests(digest), store.rows(digest)
        strays = _owners_below(store.directory(digest), {one.owner for one in manifests})
        if strays:
            raise HostError(
                f"{store.directory(digest)}/{MANIFEST} says nothing of what lies beside it: {', '.join(strays)}"
            )
    except HostError as error:
        return _without_manifest(store, digest, error)
    try:
        whole = store.read(digest)
        read: dict[str, Part] = {part.manifest.name: part for part in whole.parts}
    except HostError:
        read = {}
    if (
        read
        and _is_frame(whole.frame, rows)
        and all(_is_as_written(read[manifest.name], row) for manifest, row in zip(manifests, rows))
    ):
        return Salvage(whole)
    return _of_parts(store, digest, manifests, rows, at_hand)


def salvaged_release(store: Store) -> Release:
    """Return the release that was proved last as far as it can be relied on."""
    return salvage_proved(store).release


def salvaged_manifests(store: Store) -> tuple[Manifest, ...]:
    """Return what the parts of that release are; mostly without reading its files."""
    try:
        return store.manifests(store.latest) if store.latest else ()
    except HostError:
        return salvaged_release(store).manifests


def repair(store: Store, digest: str, parts: Iterable[Part]) -> None:
    """Restore a damaged release out of parts that say the same to the letter: a commit that fails goes back to it.

    Raises OSError.
    """
    try:
        manifests, rows = store.manifests(digest), store.rows(digest)
    except HostError:
        return
    by_digest = {part.digest: part for part in parts}
    for manifest, row in zip(manifests, rows):
        source = by_digest.get(str(row.get(DIGEST, "")))
        if source:
            present = store.present_texts(digest, manifest.files)
            for path in (
                path for path in manifest.files if present.get(path) != source.texts[path]
            ):
                store.write_text(digest, path, source.texts[path])


@dataclass(frozen=True)
class _Rescue:
    """What can be had of a part, None for nothing; what was found wrong, and what it is now if it isn't as it was."""

    name: str
    part: Part | None
    found: tuple[str, ...] = ()
    changed: str = ""


def _of_parts(
    store: Store,
    digest: str,
    manifests: tuple[Manifest, ...],
    rows: tuple[Mapping[str, Any], ...],
    at_hand: Sequence[Part],
) -> Salvage:
    """Take each part as it lies there, or from elsewhere where that is closer to what was written."""
    kept = tuple(part for release in _other_releases(store, digest) for part in release.parts)
    rescues = [
        _rescued(store, digest, manifest, row, at_hand, kept)
        for manifest, row in zip(manifests, rows)
    ]
    frame = store.present_texts(digest, (FRAME,)).get(FRAME, "")
    found = [one for rescue in rescues for one in rescue.found]
    return Salvage(
        Release(digest, frame, tuple(rescue.part for rescue in rescues if rescue.part)),
        tuple(
            dict.fromkeys((*found, *_of_frame(frame, rows, f"{store.directory(digest)}/{FRAME}")))
        ),
        frozenset(rescue.name for rescue in rescues if rescue.found),
        {rescue.name: rescue.changed for rescue in rescues if rescue.changed},
        tuple(rescue.name for rescue in rescues if not rescue.part),
    )


def _rescued(
    store: Store,
    digest: str,
    manifest: Manifest,
    row: Mapping[str, Any],
    at_hand: Sequence[Part],
    kept: Sequence[Part],
) -> _Rescue:
    """Return what can be had of one part."""
    directory = store.directory(digest)
    present = store.present_texts(digest, manifest.files)
    part = Part(manifest, present)
    missing = [path for path in manifest.files if path not in present]
    if not missing and _is_as_written(part, row):
        return _Rescue(manifest.name, part)
    found = [*dict.fromkeys(lack(f"{directory}/{path}", below=store.root) for path in missing)]
    alike = [one for one in kept if one.manifest.name == manifest.name]
    same = next((one for one in (*at_hand, *alike) if one.digest == row.get(DIGEST)), None)
    if same:
        edited = [path for path, text in present.items() if same.texts.get(path) != text]
        found += [f"{directory}/{path} isn't as Gatehouse wrote it" for path in edited]
        return _Rescue(manifest.name, same, tuple(found))
    if not missing:
        found = [f"files of {_whose(manifest)} in {directory} aren't as Gatehouse wrote them"]
        changed = "goes on as somebody edited it, for no other release has it as it was"
        return _Rescue(manifest.name, part, tuple(found), changed)
    if alike:
        return _Rescue(manifest.name, alike[0], tuple(found), "is as an earlier release has it")
    return _Rescue(manifest.name, None, tuple(found))


def _whose(manifest: Manifest) -> str:
    return f"`{manifest.concern}` of the owner `{manifest.owner}`"


def _without_manifest(store: Store, digest: str, error: HostError) -> Salvage:
    """Take the parts of the latest release that can be read, for nothing says which ones this one had."""
    older = next(_other_releases(store, digest), None)
    parts = older.parts if older else ()
    names = [part.manifest.name for part in parts]
    changed = dict.fromkeys(names, "is as an earlier release has it")
    listed = [one for entry in store.entries() if entry.digest == digest for one in entry.parts]
    known = {part.manifest.owner for part in parts}
    # Each owner with virtual hosts has a directory.
    lying = [f"{owner}.vhosts" for owner in _owners_below(store.directory(digest), known)]
    lost = tuple(one for one in dict.fromkeys((*listed, *lying)) if one not in names)
    return Salvage(
        Release("", "", parts), (str(error),), frozenset(names), changed, lost, is_guess=True
    )


def _owners_below(directory: str, known: Collection[str]) -> list[str]:
    """Return the owners whose virtual hosts lie in a release, but for those that are known."""
    if not os.path.isdir(directory):
        return []
    return [
        name
        for name in sorted(os.listdir(directory))
        if name not in known and os.path.isdir(f"{directory}/{name}/vhosts")
    ]


def _other_releases(store: Store, digest: str) -> Iterator[Release]:
    """Yield the other releases of the history that are as they were written, latest first."""
    # What nobody may have proved is a source only where nothing else is.
    entries = store.entries()
    listed = [entry for entry in entries if not entry.is_guess] or entries
    for other in (entry.digest for entry in reversed(listed) if entry.digest != digest):
        try:
            release, rows = store.read(other), store.rows(other)
        except HostError:
            continue
        if all(_is_as_written(part, row) for part, row in zip(release.parts, rows)):
            yield release


def _is_as_written(part: Part, row: Mapping[str, Any]) -> bool:
    """Tell whether a part is what its row says; one of a version that wrote no digest is taken as it is."""
    digest = row.get(DIGEST, "")
    if digest in ("", part.digest):
        return True
    # Another version had other keys in a manifest.
    plain = {name: value for name, value in row.items() if name not in (DIGEST, FRAME_DIGEST)}
    return bool(part_digest(plain, part.texts) == digest)


def is_frame_whole(store: Store, digest: str) -> bool:
    """Tell whether a release's frame is as it was written, as far as anything says so."""
    try:
        frame = store.present_texts(digest, (FRAME,)).get(FRAME, "")
        return bool(frame) and _is_frame(frame, store.rows(digest))
    except HostError:
        return False


def _is_frame(frame: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    said = {str(row[FRAME_DIGEST]) for row in rows if row.get(FRAME_DIGEST)}
    return not said or said == {digest_of((frame,))}


def _of_frame(frame: str, rows: Sequence[Mapping[str, Any]], path: str) -> Iterator[str]:
    """Yield what is wrong with a frame."""
    if not frame:
        yield f"{path} is empty" if os.path.isfile(path) else lack(path)
    elif not _is_frame(frame, rows):
        yield f"{path} isn't as Gatehouse wrote it"
