"""README's first site, typed as a newcomer would: an empty directory, the collection from its tarball, one host."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from containers import Container

ROOT = Path(__file__).parents[3]
ADDRESS = "192.0.2.10"  # README's host
_FORMAT = "\nFORMAT = "


@dataclass(frozen=True)
class Newcomer:
    """Somebody with a directory of their own, where nothing but the tarball's collection is installed."""

    directory: Path
    host: Container
    collections: str = "collections"

    def install(self) -> None:
        """Build the collection, and install it where no other is."""
        self.run(
            "ansible-galaxy", "collection", "build", "--output-path", str(self.directory), str(ROOT)
        )
        (tarball,) = self.directory.glob("*.tar.gz")
        self.run("ansible-galaxy", "collection", "install", tarball.name)

    def with_newer(self) -> Newcomer:
        """Return the same with a copy of the collection from a version to come, whose releases this one can't serve."""
        shutil.copytree(self.directory / self.collections, self.directory / "newer")
        (manifest,) = (self.directory / "newer").glob("**/_httpd/release/manifest.py")
        text = manifest.read_text()
        assert text.count(_FORMAT) == 1
        manifest.write_text(text.replace(_FORMAT, "\nFORMAT = 1 + "))
        return replace(self, collections="newer")

    def write(self, block: str) -> None:
        """Write a block into the file that its first line names; the host is reached through the engine, not by ssh."""
        path = self.directory / block.partition("\n")[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block)
        if path.name == "hosts.yml":
            reached = path.parent / "host_vars/proxy1.yml"
            reached.parent.mkdir()
            reached.write_text(
                f"ansible_connection: community.docker.docker\nansible_host: {self.host.name}\n"
                "ansible_user: root\nansible_become: false\n"
            )

    def type(self, line: str) -> tuple[bool, str]:
        """Type a line; return whether it succeeded, and what it printed."""
        done = self.run(*shlex.split(line.replace(ADDRESS, self.host.address)), check=False)
        return done.returncode == 0, done.stdout + done.stderr

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the directory; no other collection of ours is seen there."""
        further = os.environ.get("GATEHOUSE_COLLECTIONS", "")
        return subprocess.run(
            words,
            cwd=self.directory,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": f"{self.directory}/{self.collections}:{further}",
            },
            capture_output=True,
            text=True,
            check=check,
        )
