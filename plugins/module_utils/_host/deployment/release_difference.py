"""What two releases of a host differ in, in words; of the same parts that is the host's own, and no rollback takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..._httpd.release.manifest import Manifest, VhostEntry
from ..._httpd.syntax.quoting import unquote
from ..._httpd.vocabulary.reserved_names import RESERVED_PREFIX, UNKNOWN_HOST
from ..machine.lock import HostError
from ..store.release import DIGEST, FRAME, Release
from ..store.store import Store

MOST_NAMES = 3
_MPM = "MPM settings"
_SETTINGS = {"http2": "HTTP/2 settings", "mpm_event": _MPM, "ssl": "TLS settings"}
_OTHER_SETTINGS = "server settings"
# The number of a virtual host changes with those before it, and nothing that it serves.
_PLACE_LINE = re.compile(r"^\s*# apache_.*\n", re.MULTILINE)
_FILE_LINE = re.compile(r"^# (/.*) (\S+)$", re.MULTILINE)
_UNKNOWN_HOST = re.compile(
    rf"<VirtualHost (\S+)>\s+ServerName {re.escape(UNKNOWN_HOST)}$", re.MULTILINE
)
_SIZE_LINE = re.compile(rf"^\s*Define {RESERVED_PREFIX}MPM_(\S+) (\S+)$", re.MULTILINE)
_DEFINE_LINE = re.compile(r"^\s*Define (\S+) (.+)$", re.MULTILINE)
_LISTEN_LINE = re.compile(r"^\s*(Listen .*)$", re.MULTILINE)

Named = Mapping[str, object]  # what something says, by the name that operators know it by


@dataclass(frozen=True)
class _Contents:
    """What a release has by name: virtual hosts in their order, balancers and modules, and what is never new nor gone."""

    vhosts: Named
    others: Named
    settings: Named


@dataclass(frozen=True)
class HostDifference:
    """What of the host's own makes another release of the same parts: its `files` that httpd reads when it starts, the
    `addresses` at which it listens or has sites itself, and the `sizes` that follow from its memory and cores. Where it is none
    of these, nobody can say."""

    files: list[str]
    addresses: list[str]
    sizes: list[str]


def told_change(
    manifests: tuple[Iterable[Manifest], Iterable[Manifest]],
    texts: tuple[Mapping[str, str], Mapping[str, str]],
) -> str:
    """Say what comes, goes and changes: `+ new.example.com; - old.example.com; ~ shop.example.com, HTTP/2 settings`.

    Both are of the release before and the one after. Where nothing that has a name differs, files are named.
    """
    before, after = (_contents(*one) for one in zip(manifests, texts))
    changed = [*_changed(before.others, after.others), *_changed(before.settings, after.settings)]
    if _is_reordered(before.vhosts, after.vhosts):
        changed.append("order of virtual hosts")
    signs = {
        "+": (_new(before.vhosts, after.vhosts), _new(before.others, after.others)),
        "-": (_new(after.vhosts, before.vhosts), _new(after.others, before.others)),
        "~": (_changed(before.vhosts, after.vhosts), changed),
    }
    said = [
        f"{sign} {', '.join(some(names) for names in kinds if names)}"
        for sign, kinds in signs.items()
        if any(kinds)
    ]
    return "; ".join(said) or _of_files(*texts)


def are_news(definitions: Mapping[str, str], frame: str) -> bool:
    """Tell whether a frame has other definitions, or none, of what these define."""
    there = dict(_DEFINE_LINE.findall(frame))
    return any(unquote(there.get(name, "")) != value for name, value in definitions.items())


def host_difference(before: str, after: str) -> HostDifference:
    """Compare two frames of the same parts, without their digests."""
    listens = {*_LISTEN_LINE.findall(before)} ^ {*_LISTEN_LINE.findall(after)}
    served = {*_UNKNOWN_HOST.findall(before)} ^ {*_UNKNOWN_HOST.findall(after)}
    addresses = [*sorted(listens), *(f"sites at {address}" for address in sorted(served))]
    was, sizes = _sizes(before), _sizes(after)
    resized = [f"{name} {sizes[name]} instead of {was[name]}" for name in _changed(was, sizes)]
    return HostDifference(_changed(_files(before), _files(after)), addresses, resized)


def without_digest(frame: str, digest: str) -> str:
    """Return a frame without the digest that only its own release has."""
    return frame.replace(digest, "") if digest else frame


def some(names: Iterable[str]) -> str:
    """Name the first few, and count the others."""
    shown = [*names]
    more = f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else ""
    return ", ".join(shown[:MOST_NAMES]) + more


def _contents(manifests: Iterable[Manifest], texts: Mapping[str, str]) -> _Contents:
    vhosts: dict[str, list[object]] = {}
    others: dict[str, object] = {}
    settings: dict[str, set[object]] = {}
    for manifest in manifests:
        for known in (*_SETTINGS.values(), _OTHER_SETTINGS):
            settings.setdefault(known, set())
        for entry in manifest.vhosts:
            vhosts.setdefault(entry.server_name, []).append(_vhost(entry, manifest, texts))
        others.update(_others(manifest, texts))
        name = _SETTINGS.get(manifest.concern, _OTHER_SETTINGS)
        settings[name].update(_settings(manifest, texts))
    settings.setdefault(_MPM, set()).update(_sizes(texts.get(FRAME, "")).items())
    return _Contents(vhosts, others, {**settings, **_files(texts.get(FRAME, ""))})


def _vhost(entry: VhostEntry, manifest: Manifest, texts: Mapping[str, str]) -> object:
    """Return what a virtual host says, and what is asked of it; its redirect's twin lies in its file."""
    asked = [one.question for one in manifest.expects if one.vhost == entry.server_name]
    return (replace(entry, file=""), _text(entry.file, texts), asked)


def _others(manifest: Manifest, texts: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """Yield balancers, and the modules that somebody asked for."""
    if manifest.concern == "modules":
        yield from ((f"module {name}", ()) for name in manifest.modules)
    for path in manifest.files:
        _owner, _slash, below = path.partition("/")
        if below.startswith("balancers/"):
            yield f"balancer {below[len('balancers/') : -len('.conf')]}", _text(path, texts)


def _settings(manifest: Manifest, texts: Mapping[str, str]) -> Iterator[object]:
    """Yield what a part says of the server as a whole."""
    yield from (_text(path, texts) for several in manifest.slots.values() for path in several)
    yield from manifest.host_texts
    if manifest.proof_port:
        yield manifest.proof_port


def _files(frame: str) -> dict[str, str]:
    """Return the digests of the host's own files by path, as a frame knows them."""
    return dict(_FILE_LINE.findall(frame))


def _sizes(frame: str) -> dict[str, str]:
    """Return the figures of the MPM by name, as a frame has them."""
    return {name.lower(): value for name, value in _SIZE_LINE.findall(frame)}


def _text(path: str, texts: Mapping[str, str]) -> str:
    return _PLACE_LINE.sub("", texts.get(path, ""))


def _new(before: Named, after: Named) -> list[str]:
    return [name for name in after if name not in before]


def _changed(before: Named, after: Named) -> list[str]:
    return [name for name in after if name in before and before[name] != after[name]]


def _is_reordered(before: Named, after: Named) -> bool:
    """Tell whether those that stay have another order, which decides among names that match alike."""
    return [name for name in before if name in after] != [name for name in after if name in before]


def _of_files(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Name the files that differ; nothing where none does."""
    paths = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return f"~ {some(paths)}" if paths else ""


def host_change(store: Store, digest: str, release: Release) -> str:
    """Say what of the host's own has changed since a release that is kept, and makes `release` another one."""
    found = _difference(store, digest, release)
    is_resized = bool(found.sizes) and not (found.files or found.addresses)
    has = "have" if len(found.files) > 1 or is_resized else "has"
    return f"{some(found.files) or _of_configuration(found, 'its own')} {has} changed"


def only_difference(store: Store, digest: str, release: Release) -> str:
    """Say by what of the host's own a release that is kept differs from `release`; nothing where its parts differ too."""
    if digest in ("", release.digest) or not _has_same_parts(store, digest, release):
        return ""
    found = _difference(store, digest, release)
    are = "are" if len(found.files) > 1 else "is"
    if found.files:
        return f"{digest} differs only by {some(found.files)}, which {are} the host's own"
    whose = "the host's own"
    return f"{digest} differs only by {_of_configuration(found, whose)}"


def _of_configuration(found: HostDifference, whose: str) -> str:
    if found.sizes and not found.addresses:
        return f"{whose} memory, cores or modules ({some(found.sizes)})"
    addresses = f" ({some(found.addresses)})" if found.addresses else ""
    return f"{whose} configuration{addresses or ' or the version of Gatehouse'}"


def _has_same_parts(store: Store, digest: str, release: Release) -> bool:
    """Tell so; a release of an older Gatehouse doesn't know its parts' digests."""
    try:
        digests = [row.get(DIGEST) for row in store.rows(digest)]
    except HostError:
        return False
    return digests == [part.digest for part in release.parts]


def _difference(store: Store, digest: str, release: Release) -> HostDifference:
    kept = store.present_texts(digest, (FRAME,)).get(FRAME, "")
    return host_difference(
        without_digest(kept, digest), without_digest(release.frame, release.digest)
    )
