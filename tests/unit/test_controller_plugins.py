"""Every plugin of the controller can be imported: a name that moved is found here, not in a scenario."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PLUGINS = Path(__file__).parents[2] / "plugins"
KINDS = ("action", "filter", "lookup", "modules", "plugin_utils")
IMPORTING = """
import importlib, sys
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader([])
for name in sys.argv[1:]:
    importlib.import_module(f"ansible_collections.gatehouse.apache.plugins.{name}")
"""


def test_every_plugin_can_be_imported() -> None:
    names = [
        f"{kind}.{path.stem}"
        for kind in KINDS
        for path in sorted((PLUGINS / kind).glob("*.py"))
        if path.stem != "__init__"
    ]
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING, *names], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert {name.partition(".")[0] for name in names} == set(KINDS)
