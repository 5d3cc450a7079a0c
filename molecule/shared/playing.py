"""Runs playbooks against a scenario's hosts, and reads what became of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_RECAP = re.compile(
    r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=\d+\s+failed=(\d+)", re.MULTILINE
)


@dataclass(frozen=True)
class Run:
    """What a run of a playbook did."""

    has_succeeded: bool
    output: str

    @property
    def changed(self) -> set[str]:
        """The hosts where something changed."""
        return {name for name, changed, _failed in _RECAP.findall(self.output) if changed != "0"}

    @property
    def failed(self) -> set[str]:
        """The hosts that failed."""
        return {name for name, _changed, failed in _RECAP.findall(self.output) if failed != "0"}


See = Callable[[str], object]


def play(
    playbook: str | Path, *options: str, variables: Mapping[str, Any], see: See | None = None
) -> Run:
    """Run a playbook, by path or by its name in a collection; `variables` go before all others."""
    inventory = os.environ["MOLECULE_INVENTORY_FILE"]
    return run("-i", inventory, str(playbook), "-e", json.dumps(variables), *options, see=see)


def run(*arguments: str, directory: Path | None = None, see: See | None = None) -> Run:
    """Run ansible-playbook with these arguments, in a directory; `see` is given each line as it comes."""
    # YAML keeps a message's lines apart; the default callback would escape them.
    environment = {
        **os.environ,
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        "ANSIBLE_FORCE_COLOR": "0",
    }
    lines = []
    # Apart: in one stream a warning may stand in the midst of a line of the recap.
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            ["ansible-playbook", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
            cwd=directory,
        ) as running,
    ):
        for line in running.stdout or ():
            lines.append(line)
            if see:
                see(line)
        running.wait()
        errors.seek(0)
        lines += errors
    return Run(running.returncode == 0, "".join(lines))
