"""Manifests of other versions: an older one says the same, a newer one is never served without all that it says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from module_utils._host.commit.outcome import Refusal
from module_utils._host.commit.transaction import refuse_unknown
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.release.manifest import Manifest
from module_utils._httpd.release.old_manifests import OLD_KEYS, read_manifest
from module_utils._httpd.release.part import Part

# What the version before slots wrote of these variables.
FORMAT_1 = json.loads((Path(__file__).parent / "fixtures/manifests/format1.json").read_text())


def present(name: str) -> Manifest:
    """Return what this version writes of the same variables."""
    # The port that it had by default then.
    variables = {**FORMAT_1["variables"], "apache_proof_port": 8979}
    compiled, _problems = check_variables(variables, CONCERN_NAMES)
    (part,) = [part for part in compiled.parts if part.manifest.concern == name]
    return read_manifest(json.loads(json.dumps(part.manifest.to_plain())))


@pytest.mark.parametrize("plain", FORMAT_1["manifests"], ids=lambda plain: plain["concern"])
def test_an_older_manifest_says_what_this_version_would_say(plain: dict[str, Any]) -> None:
    old, new = read_manifest(plain), present(plain["concern"])
    facts = {name: fact for name, fact in old.facts.items() if name != OLD_KEYS}
    # Its virtual hosts didn't say to live tests who they are.
    expects = tuple(replace(entry, vhost="") for entry in new.expects)
    now = replace(new, facts=by_default(new.facts), expects=expects)
    assert replace(old, facts=by_default(facts)) == now


def by_default(facts: Any) -> Any:
    """Return facts without what is at its default, which only one of the versions writes."""
    if isinstance(facts, dict):
        cleaned = {name: by_default(fact) for name, fact in facts.items()}
        return {name: fact for name, fact in cleaned.items() if fact}
    return [by_default(fact) for fact in facts] if isinstance(facts, list) else facts


NEWER = [
    pytest.param({"slots": {"middle": ["main/x.conf"]}}, "the slot middle", id="slot"),
    pytest.param({"blobs": [{"digest": "0", "reader": "nobody"}]}, "a blob for nobody", id="blob"),
    pytest.param(
        {"directories": [{"purpose": "spool", "name": "x"}]},
        "a directory for spool",
        id="directory",
    ),
    pytest.param({"format": 99}, "its format", id="format"),
]


@pytest.mark.parametrize(("news", "named"), NEWER)
def test_what_a_newer_version_says_is_refused_by_name(news: dict[str, Any], named: str) -> None:
    manifest = read_manifest({**Manifest("main", "cache").to_plain(), **news})
    with pytest.raises(Refusal, match=f"`cache` of the owner `main` .* {named}; update"):
        refuse_unknown((Part(manifest, {}),))


def test_further_keys_of_a_newer_version_are_no_obstacle() -> None:
    plain = present("vhosts").to_plain()
    plain["vhosts"][0]["colour"] = "blue"
    plain["taste"] = "sweet"
    assert read_manifest(plain) == present("vhosts")


def test_what_is_written_reads_back() -> None:
    for name in CONCERN_NAMES:
        refuse_unknown((Part(present(name), {}),))
        assert read_manifest(present(name).to_plain()) == present(name)
