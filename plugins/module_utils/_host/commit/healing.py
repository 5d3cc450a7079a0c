"""What a commit says of a store that somebody damaged, and what it refuses to lose of it."""

from __future__ import annotations

from collections.abc import Iterable

from ..._httpd.release.part import Part
from ..store.release import Release
from ..store.salvage import Salvage
from .outcome import Refusal


def refuse_lost_parts(proved: Salvage, arrived: Iterable[Part], *, may_lose: bool) -> None:
    """Refuse to go on without what nothing on the host says any more, unless the play brings it. Raises Refusal."""
    brought = {part.manifest.name for part in arrived}
    lost = [name for name in proved.lost if name not in brought]
    if lost and not may_lose:
        owners = ", ".join(map(_whose, lost))
        fix = (
            "deploy that too, with which what this run brought is committed (until a reboot), or go on without it"
            " (`apache_allow_removal: true`)"
        )
        raise Refusal(
            "\n".join(
                [
                    f"the live configuration was not touched: no release of this host has {owners} any more; {fix}",
                    *proved.found,
                ]
            )
        )


def told_damage(proved: Salvage, arrived: Iterable[Part]) -> list[str]:
    """Return what was found, and what parts that the play doesn't bring are now."""
    brought = {part.manifest.name for part in arrived}
    others = [
        f"{_whose(name)} {what}; deploy it again"
        for name, what in proved.changed.items()
        if name not in brought
    ]
    return [*(f"found damaged: {one}" for one in proved.found), *others]


def _whose(name: str) -> str:
    """Say a part's name in words."""
    owner, _dot, concern = name.rpartition(".")
    return f"`{concern}` of the owner `{owner}`"


def refuse_lost_owners(
    proved: Release, wanted: str, parts: Iterable[Part], *, may_lose: bool
) -> None:
    """Refuse to go back to where another owner had nothing yet. Raises Refusal."""
    there = {part.manifest.owner for part in parts}
    owners = dict.fromkeys(part.manifest.owner for part in proved.parts)
    lost = ", ".join(f"`{owner}`" for owner in owners if owner not in there)
    if lost and not may_lose:
        message = f"the live configuration was not touched: the release {wanted} has nothing of the owner {lost}"
        fix = "write -e apache_release=DIGEST with another one, or allow it by -e apache_allow_removal=true"
        raise Refusal(f"{message}, whose sites would go; {fix}")
