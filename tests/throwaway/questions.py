"""Asks a copy of the collection where each thing ended that the throwaway concern said, and prints the answers as JSON.

It runs with the copy's modules: `python questions.py ROOT DIRECTORY`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT, DIRECTORY = map(Path, sys.argv[1:3])
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests/unit")]

from hosts import Host, parts_of, vhost  # noqa: E402
from module_utils._host.commit.removal import plan_removal  # noqa: E402
from module_utils._host.machine.changes import apply, undo  # noqa: E402
from module_utils._host.store.staging import overlaid  # noqa: E402
from module_utils._httpd.adopting.to_vars import to_vars  # noqa: E402
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES  # noqa: E402
from module_utils._httpd.reading.view import view  # noqa: E402
from module_utils._httpd.release.checked import check_variables  # noqa: E402
from module_utils._httpd.release.manifest import Manifest  # noqa: E402
from module_utils._httpd.release.part import Part  # noqa: E402

PARROT = {"word": "hello", "password": "polly:x"}


def main() -> None:
    """Deploy on a directory's host, go back, remove; collect what is seen on the way."""
    host = Host(DIRECTORY)
    # Directories belong to whoever runs this.
    for name in ("run_user", "run_group"):
        object.__setattr__(host.layout, name, "root")
    object.__setattr__(host.store, "group", "root")
    bare = outside(host)
    parts = parts_of(vhost(parrot="own", listen=[8080]), apache_parrot=PARROT)
    draft = host.draft(parts)
    plan = host.plan(draft)
    host.make(draft)
    deployed, settled = outside(host), host.draft(parts)
    tree = check_variables({"apache_vhosts": [vhost(parrot="own")]}, CONCERN_NAMES)[0].whole_tree
    gone = overlaid(parts, (Part(Manifest("main", "parrot"), {}, is_absent=True),))
    without = host.draft(gone)
    host.make(without)
    left = outside(host)
    undo(without.changes)
    undone = outside(host)
    removal = plan_removal(host.store, host.layout, host_httpd())
    apply(removal.changes)
    print(
        json.dumps(
            {
                "frame": draft.release.frame,
                "texts": draft.release.texts,
                "problems": [
                    problem.rule for problem in plan.problems if problem.severity == "error"
                ],
                "action": plan.action.verb,
                "packages": [name for one in draft.release.manifests for name in one.packages],
                "bare": bare,
                "deployed": deployed,
                "settled": [change.path for change in settled.changes],
                "left": left,
                "undone": undone,
                "removed": outside(host),
                "adopted": to_vars(tree, view(tree)).variables["apache_vhosts"][0].get("parrot"),
                "mute": mute(),
            }
        )
    )


def host_httpd() -> Any:
    """Return the httpd that the host of the tests has."""
    from hosts import HTTPD

    return HTTPD


def mute() -> list[str]:
    """Return what is wrong with a parrot that says nothing."""
    given = {"apache_vhosts": [vhost()], "apache_parrot": {**PARROT, "word": "nothing"}}
    return [problem.rule for problem in check_variables(given, CONCERN_NAMES)[1]]


def outside(host: Host) -> list[str]:
    """Return what lies outside releases: files of systemd, directories, blobs, modules, the feather."""
    above = host.root.parent
    found = [
        os.path.relpath(os.path.join(directory, name), above)
        for directory, directories, names in os.walk(above)
        for name in (*directories, *names)
        if "/releases" not in directory
    ]
    marks = (
        "parrot",
        "feather",
        "/blobs/",
        "-shared/",
        "mods-enabled/expires",
        "mods-enabled/info",
    )
    return sorted(path for path in found if any(mark in path for mark in marks))


if __name__ == "__main__":
    main()
