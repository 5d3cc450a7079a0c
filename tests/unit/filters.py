"""The collection's plugins as Ansible loads them."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ansible.plugins.loader import filter_loader, init_plugin_loader

ROOT = Path(__file__).parents[2]
# Removed with the process; Ansible's loader is one a process too.
_PROJECT = tempfile.TemporaryDirectory(prefix="gatehouse-filters-")


@cache
def filter_of(name: str) -> Callable[..., Any]:
    """Return a filter by its short name."""
    _show_collection()
    function: Callable[..., Any] = filter_loader.get(f"gatehouse.apache.{name}").j2_function
    return function


@cache
def plugin_module(name: str) -> Any:
    """Return a module below `plugins`, by its dotted name."""
    _show_collection()
    return importlib.import_module(f"ansible_collections.gatehouse.apache.plugins.{name}")


@cache
def _show_collection() -> None:
    """Show Ansible this checkout as the collection."""
    namespace = Path(_PROJECT.name) / "ansible_collections/gatehouse"
    namespace.mkdir(parents=True)
    (namespace / "apache").symlink_to(ROOT)
    init_plugin_loader([_PROJECT.name])
