"""Manifests of releases that an older Gatehouse wrote, read as this one writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .manifest import Manifest, manifest_from_plain

# The fact by which a release's private keys are known that an older version laid apart.
OLD_KEYS = "old_keys"
# Concerns whose files the frame included as settings.
_SETTINGS = ("server", "ssl", "http2")


def read_manifest(plain: Mapping[str, Any]) -> Manifest:
    """Read a manifest of whatever version."""
    return manifest_from_plain(plain if "format" in plain else _translated(plain))


def _translated(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Turn entries into facts. Its private keys had files of their own, which stay where the release names them."""
    certificates = [_placed(entry) for entry in plain.get("certificates", ())]
    by_names = {tuple(entry["names"]): entry for entry in certificates}
    tls, protocols = [], []
    for entry in plain["vhosts"]:
        certificate = next(
            (one for names, one in by_names.items() if entry["server_name"].lower() in names), None
        )
        is_managed = certificate is not None and certificate["kind"] == "managed"
        tls.append(
            {
                "addresses": entry["addresses"],
                "speaks_tls": entry.get("tls", False),
                "curves": entry.get("curves", ""),
                "certificate": certificate if entry.get("curves") else None,
                "wait": plain.get("wait", 0) if is_managed else 0,
            }
        )
        if entry.get("protocols"):
            protocols.append(
                {
                    "addresses": entry["addresses"],
                    "redirect_addresses": entry.get("plain", ()),
                    "protocols": entry["protocols"],
                }
            )
    is_settings = plain["concern"] in _SETTINGS
    return {
        **plain,
        "slots": {"settings": plain["files"]} if is_settings and plain["files"] else {},
        "vhosts": [
            {**entry, "redirect_addresses": entry.get("plain", ())} for entry in plain["vhosts"]
        ],
        "expects": [_placed(entry) for entry in plain["expects"]],
        "host_files": [_placed(entry) for entry in plain.get("host_files", ())],
        "facts": {
            **({"ssl": {"vhosts": tls}} if tls else {}),
            **({"http2": {"vhosts": protocols}} if protocols else {}),
            **({OLD_KEYS: list(plain["keys"])} if plain.get("keys") else {}),
        },
    }


def _placed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Name an entry's place as it is named now."""
    return {"place" if key == "origin" else key: fact for key, fact in entry.items()}
