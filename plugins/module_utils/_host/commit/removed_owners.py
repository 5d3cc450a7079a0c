"""The owners whose sites go with a removal: where there are several, nobody removes all of them by mistake."""

from __future__ import annotations

from ..deployment.release_difference import some
from ..store.release import Release
from ..store.salvage import Salvage
from .outcome import Refusal

_ONE_OWNER = (
    "to take one owner's sites off, play the role gatehouse.apache.reverse_proxy with `apache_owner: {owner}`,"
    " `apache_role_state: absent` and `apache_allow_removal: true`"
)


def refuse_several_owners(salvaged: Salvage, *, may_remove: bool) -> None:
    """Refuse to take Gatehouse off a host that several owners share, unless that was asked for. Raises Refusal.

    Of an owner of whom nothing can be read any more it may be known still that there is one.
    """
    proved = salvaged.release
    lost = (name.partition(".")[0] for name in salvaged.lost)
    owners = [*dict.fromkeys((*(part.manifest.owner for part in proved.parts), *lost))]
    if len(owners) < 2 or may_remove:
        return
    whose = "; ".join(f"`{owner}`: {_sites(proved, owner)}" for owner in owners)
    message = f"the live configuration was not touched: a removal takes the sites of all {len(owners)} owners off the host ({whose})"
    fix = "if all are to go, write -e apache_allow_removal=true"
    raise Refusal(f"{message}; {fix}; {_ONE_OWNER.format(owner=owners[-1])}")


def _sites(release: Release, owner: str) -> str:
    """Name the first few of an owner's virtual hosts."""
    manifests = [one for one in release.manifests if one.owner == owner]
    names = [*dict.fromkeys(entry.server_name for one in manifests for entry in one.vhosts)]
    if names or manifests:
        return some(names) if names else "no sites"
    return "nobody can read what"
