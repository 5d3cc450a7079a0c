"""A copy of the collection that has one concern more: the throwaway one, which uses every part of the contract.

`python tests/throwaway/collection.py DIRECTORY` makes it below DIRECTORY/ansible_collections. EDITS are all the places in
existing files that a concern costs; CONTRIBUTING.md tells their number.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONCERN = Path(__file__).parent / "concern"
CORE, HOST = "plugins/module_utils/_httpd", "plugins/module_utils/_host"


@dataclass(frozen=True)
class Edit:
    """A place in an existing file: each text stands before the one that comes after it there."""

    file: str
    insertions: tuple[tuple[str, str], ...]  # what is written, and before which text


EDITS = (
    Edit(
        f"{CORE}/concerns/catalogue.py",
        (
            ("from .parrot.concern import PARROT\n", "from .server.concern import SERVER\n"),
            ("PARROT, ", "VHOSTS)\n"),
        ),
    ),
    Edit(
        f"{CORE}/concerns/inventory.py",
        (
            ("from .parrot.model import Parrot\n", "from .ssl.model import"),
            (
                '    parrot: Parrot | None = key(model_of(Parrot), "A parrot.", default=None)\n',
                "    place: Place = field(",
            ),
        ),
    ),
    Edit(
        f"{CORE}/concerns/vhosts/model.py",
        (
            (
                '    parrot: str = key(text(pattern=r"[a-z]+"), "Its own word.", default="")\n',
                "    extra_directives: str = key(\n",
            ),
        ),
    ),
    Edit(
        f"{CORE}/checking/problem_catalogue.py",
        (
            (
                "from ..concerns.parrot import problem_kinds as parrot\n",
                "from ..concerns.ssl import problem_kinds as ssl\n",
            ),
            (
                '    "Parrots": (parrot.PARROT_MUTE, parrot.PARROT_RUDE),\n',
                '    "TLS": (\n',
            ),
        ),
    ),
    Edit(
        f"{CORE}/adopting/lift_catalogue.py",
        (
            ("from .lifts.parrot_lift import PARROT\n", "\nLIFTS"),
            (" PARROT,", ")\n"),
        ),
    ),
    Edit(
        f"{HOST}/concerns/catalogue.py",
        (("from .parrot import PARROT\n", "from .ssl import SSL\n"), (", PARROT", ")\n")),
    ),
    Edit(
        "tools/role_files.py",
        (
            (
                '    "parrot": Role("the parrot", "A parrot", "A parrot - apache_parrot"),\n',
                '    "modules": Role(\n',
            ),
        ),
    ),
    Edit(
        "roles/reverse_proxy/README.md",
        (("- `apache_parrot`: a parrot.\n", "- `apache_modules`, beyond"),),
    ),
    Edit(
        "README.md",
        (("| [`parrot`](roles/parrot/README.md) | `apache_parrot` |\n", "| [`modules`](roles"),),
    ),
)


def make(directory: Path, *, without: Collection[Edit] = ()) -> Path:
    """Make the copy, leaving out some edits, and have it write its documents; return its root."""
    root = directory / "ansible_collections/gatehouse/apache"
    shutil.rmtree(root, ignore_errors=True)
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, names.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/throwaway/"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    shutil.copytree(CONCERN, root, dirs_exist_ok=True)
    for edit in EDITS:
        if edit not in without:
            apply(edit, root)
    if not without:
        subprocess.run([sys.executable, "tools/generate_docs.py"], cwd=root, check=True)
    return root


def apply(edit: Edit, root: Path) -> None:
    """Make one edit; each text that it goes by is there once, or stands last."""
    path = root / edit.file
    text = path.read_text()
    for written, before in edit.insertions:
        position = text.rindex(before)
        text = text[:position] + written + text[position:]
    path.write_text(text)


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
