"""Why the server hasn't a directory: the host hasn't it either, or the server's unit hides it."""

from __future__ import annotations

from .server_files import OWN_TEMPORARY, ServerFiles


def is_hidden(directory: str) -> bool:
    """Tell whether the host has a directory that the server hasn't."""
    return ServerFiles().is_directory(directory)


def told_absence(directory: str, unit: str) -> str:
    """Say why the server hasn't a directory."""
    if not is_hidden(directory):
        return f"there is no directory {directory}"
    above = next((one for one in OWN_TEMPORARY if directory.startswith(f"{one}/")), "")
    why = f"PrivateTmp gives it a {above} of its own" if above else f"see `systemctl cat {unit}`"
    return f"the host has the directory {directory}, but {unit} doesn't: {why}"
