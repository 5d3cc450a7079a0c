"""systemd, asked and told by systemctl only: apachectl starts orphans outside it.

See docs/httpd.md#apachectl.
"""

from __future__ import annotations

import subprocess

TIMEOUT = 120.0  # seconds


def show(unit: str, *properties: str) -> dict[str, str]:
    """Return a unit's properties; an unknown one is empty."""
    command = ["systemctl", "show", unit, *(f"--property={name}" for name in properties)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    pairs = dict(line.split("=", 1) for line in answer.stdout.splitlines() if "=" in line)
    return {name: pairs.get(name, "") for name in properties}


def is_active(unit: str) -> bool:
    """Tell whether systemd takes the unit for running: a hint for what to do, never a proof."""
    return show(unit, "ActiveState")["ActiveState"] in ("active", "reloading", "activating")


def has_failed(unit: str) -> bool:
    """Tell whether systemd has given a unit up: it won't start it again by itself."""
    return show(unit, "ActiveState")["ActiveState"] == "failed"


def is_masked(unit: str) -> bool:
    """Tell whether somebody has taken the unit away from systemd (`systemctl mask`), whatever runs of it."""
    states = show(unit, "LoadState", "UnitFileState").values()
    return any(state.startswith("masked") for state in states)


def act(verb: str, unit: str) -> str:
    """Start, reload, restart or stop a unit; return what systemctl complained of, which proves nothing either way."""
    if verb in ("start", "restart"):
        # A unit that failed often is not started again before its failures are forgotten.
        forget_failure(unit)
    try:
        answer = subprocess.run(
            ["systemctl", verb, unit], capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return f"systemctl {verb} {unit} didn't end within {TIMEOUT:.0f} seconds"
    return answer.stderr.strip() if answer.returncode else ""


def forget_failure(unit: str) -> None:
    """Have systemd forget that a unit failed, if it did."""
    subprocess.run(
        ["systemctl", "reset-failed", unit], capture_output=True, timeout=TIMEOUT, check=False
    )


def reload_units() -> None:
    """Have systemd read units that were added, changed or removed."""
    subprocess.run(
        ["systemctl", "daemon-reload"], capture_output=True, timeout=TIMEOUT, check=False
    )


def main_pid(unit: str) -> int:
    """Return the unit's main process, 0 for none."""
    return int(show(unit, "MainPID")["MainPID"] or 0)
