"""What an idle child of httpd takes of memory: weighed in the shadow, once for a set of modules, and kept beside the releases.

A release's sizes follow from it, so it stays what it was until modules change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..._httpd.concerns.mpm_event.bearing import WEIGHT_STEP, rounded_weight
from ..machine.file_kinds import text_of
from ..machine.files import write_file
from ..store.store import Store


def child_weight(store: Store) -> int:
    """Return it in bytes; where none was weighed yet, the least."""
    return _read(store)[0] or WEIGHT_STEP


def weigh(store: Store, measured: int, modules: Iterable[str]) -> bool:
    """Keep what was measured (bytes, 0 for nothing) with these modules; tell whether that makes sizes others."""
    before, known = _read(store)
    if not measured or known == sorted(modules):
        return False
    weight = rounded_weight(measured)
    store.create()
    write_file(_path(store), json.dumps({"bytes": weight, "modules": sorted(modules)}))
    return weight != (before or WEIGHT_STEP)


def _read(store: Store) -> tuple[int, list[str]]:
    """Return what is kept, and with which modules; nothing where nobody can read it."""
    try:
        plain = json.loads(text_of(_path(store)))
        return int(plain["bytes"]), [*map(str, plain["modules"])]
    except (OSError, KeyError, TypeError, ValueError):
        return 0, []


def _path(store: Store) -> str:
    return f"{store.root}/child_weight"
