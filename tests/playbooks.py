"""The collection's playbooks, run by `ansible-playbook` in a project of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(project: Path, playbook: str, *words: str) -> tuple[int, str]:
    """Run a playbook of the collection in a project; return its exit status and what it printed."""
    return run_file(project, f"gatehouse.apache.{playbook}", *words)


def run_file(project: Path, playbook: str, *words: str) -> tuple[int, str]:
    """The same with any playbook."""
    done = _done(project, playbook, *words)
    return done.returncode, done.stdout


def everything_printed(project: Path, playbook: str, *words: str) -> str:
    """Return what a playbook of the collection printed, errors and warnings too."""
    return everything_printed_of(project, f"gatehouse.apache.{playbook}", *words)


def everything_printed_of(project: Path, playbook: str, *words: str) -> str:
    """The same with any playbook."""
    done = _done(project, playbook, *words)
    return done.stdout + done.stderr


def _done(project: Path, playbook: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ansible-playbook", playbook, *words],
        cwd=project,
        env={
            **os.environ,
            "PWD": str(project),
            "ANSIBLE_COLLECTIONS_PATH": str(project),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_NOCOLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
