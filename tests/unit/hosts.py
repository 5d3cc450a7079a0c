"""A Debian host's configuration in a directory of a test's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from module_utils._host.configuration.host_reader import HostReader
from module_utils._host.draft.draft import Draft, make_draft
from module_utils._host.draft.plan import Plan, make_plan
from module_utils._host.machine.changes import Change, apply
from module_utils._host.machine.httpd import Httpd
from module_utils._host.store.history import Entry
from module_utils._host.store.remains import sweep
from module_utils._host.store.store import Store
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.environment import BUILT_IN
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.release.part import Part
from module_utils._httpd.vocabulary.layout import DEBIAN, Layout

FIXTURES = Path(__file__).parent / "fixtures"
# What Debian compiles in (`apache2 -l`).
COMPILED = ("log_config", "logio", "version", "watchdog")
HTTPD = Httpd(
    (2, 4, 62),
    BUILT_IN | {f"{name}_module" for name in COMPILED},
    {"APACHE_LOG_DIR": "/var/log/apache2", "APACHE_RUN_DIR": "/run/apache2"},
)


class Host:
    """A bare host, on which plans can be made and their files changed; nothing is ever started."""

    def __init__(self, directory: Path, release: str = "debian12") -> None:
        self.root = directory / "apache2"
        shutil.copytree(FIXTURES / release / "apache2", self.root, symlinks=True)
        self.layout = moved(DEBIAN, str(self.root))
        self.store = Store(self.layout.gatehouse)

    def draft(self, parts: Iterable[Part]) -> Draft:
        """Draft a commit of parts over what is proved."""
        return make_draft(
            tuple(parts),
            store=self.store,
            layout=self.layout,
            httpd=HTTPD,
        )

    def reader(self) -> HostReader:
        """Read the host's configuration anew."""
        return HostReader(self.layout, HTTPD, self.store)

    def plan(self, draft: Draft) -> Plan:
        """Plan what was drafted."""
        return make_plan(draft, layout=self.layout)

    def make(self, draft: Draft) -> None:
        """Carry a draft out as far as files go."""
        self.store.write(draft.release)
        apply(draft.changes)
        self.store.prove(draft.release.digest)
        self.store.remember(Entry(draft.release.digest))
        sweep(self.store)

    def write(self, path: str, text: str) -> None:
        """Write a file of the host's own."""
        (self.root / path).write_text(text)

    def tree(self) -> dict[str, str]:
        """Return everything below the root but Gatehouse's own directory, links by their targets."""
        return {
            str(path.relative_to(self.root)): f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
            for path in sorted(self.root.rglob("*"))
            if "gatehouse" not in path.relative_to(self.root).parts and (path.is_symlink() or path.is_file())
        }  # fmt: skip


def parts_of(*vhosts: dict[str, Any], **variables: Any) -> tuple[Part, ...]:
    """Compile virtual hosts as a play would."""
    compiled, problems = check_variables(
        {"apache_vhosts": list(vhosts), **variables}, CONCERN_NAMES
    )
    assert not [problem for problem in problems if problem.severity == "error"]
    return compiled.parts


def vhost(name: str = "shop.example.com", **keys: Any) -> dict[str, Any]:
    """A virtual host in the fewest words."""
    return {"server_name": name, "proxy_to": "http://10.0.0.1:8080", **keys}


def paths(changes: Iterable[Change], root: Path) -> list[str]:
    """Return the paths of changes, below the configuration root."""
    return [str(Path(change.path).relative_to(root)) for change in changes]


def moved(layout: Layout, root: str) -> Layout:
    """Return a layout with another configuration root, which leaves the machine's units and directories alone."""
    texts = {field.name: getattr(layout, field.name) for field in fields(layout)}
    moved = {
        name: text.replace(layout.config_root, root)
        for name, text in texts.items()
        if isinstance(text, str)
    }
    beside = ("unit_directory", "cache_directory", "state_directory", "log_directory")
    return replace(layout, **{**moved, **{name: f"{root}-{name}" for name in beside}})
