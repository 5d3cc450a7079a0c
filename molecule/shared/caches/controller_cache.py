"""Keeps what Ansible makes anew in every process of a controller: a collection's bytecode, and what goes with a module.

It takes as long as the play itself (a lookup for each name that the core imports), and says nothing about the collection.
Only the environments of the tests have it (tests/venv). What is measured runs without.
"""

from __future__ import annotations

import os
import pickle
import sys

from bytecode_cache import OFF, BytecodeCache, digest, keep

IMPORTER = "ansible.utils.collection_loader._collection_finder"
BUILDER = "ansible.executor.module_common"
COLLECTION = "ansible_collections.gatehouse.apache"


def install(directory: str) -> None:
    """Keep both in a directory, which needn't be there."""
    if OFF not in os.environ:
        sys.meta_path.insert(0, ChangingFinder(directory))


class ChangingFinder:
    """Finds the two modules of Ansible that don't keep what they make, and has them keep it."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def find_spec(self, name: str, path: object = None, _target: object = None) -> object:
        """Find one of them as Python does; no other module is found here."""
        if name not in (IMPORTER, BUILDER):
            return None
        from importlib.machinery import PathFinder  # costs a start some milliseconds

        spec = PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module

        def execute_and_change(module: object) -> None:
            execute(module)
            if name == IMPORTER:
                cache = BytecodeCache(self._directory)
                # It compiles with the builtin.
                module.compile = lambda source, filename, **_flags: cache.code(source, filename)
            else:
                module.recursive_finder = ModuleCache(self._directory, module)

        spec.loader.exec_module = execute_and_change
        return spec


class ModuleCache:
    """Ansible's recursive_finder, which adds to a module's zip all that it imports, for this collection's modules."""

    def __init__(self, directory: str, builder: object) -> None:
        self._directory = directory
        self._builder = builder
        self._find = builder.recursive_finder

    def __call__(
        self, name: str, full_name: str, source: bytes, archive: object, *rest: object
    ) -> object:
        """Add them as they were found, or find them now; the arguments are recursive_finder's."""
        if not full_name.startswith(COLLECTION):
            return self._find(name, full_name, source, archive, *rest)
        path = os.path.join(self._directory, digest(full_name.encode(), source, self._files()))
        try:
            with open(path, "rb") as file:
                members, result = pickle.load(file)
        except OSError:
            recorder = Recorder(archive)
            result = self._find(name, full_name, source, recorder, *rest)
            keep(pickle.dumps((recorder.members, result)), path)
            return result
        for member, content in members:
            info = self._builder._make_zinfo(member, rest[0], zf=archive)
            archive.writestr(info, content)
        return result

    def _files(self) -> bytes:
        """Return what differs whenever a file of the collection or another Ansible would be found."""
        found = [self._builder.__version__]
        for root in sys.modules[COLLECTION].__path__:
            for directory, _directories, names in os.walk(os.path.join(root, "plugins")):
                files = [os.path.join(directory, name) for name in names if name.endswith(".py")]
                stats = ((file, os.stat(file)) for file in files)
                found.extend(f"{file} {stat.st_mtime_ns} {stat.st_size}" for file, stat in stats)
        return "\n".join(sorted(found)).encode()


class Recorder:
    """A zip that remembers what is written to it."""

    def __init__(self, archive: object) -> None:
        self._archive = archive
        self.members: list[tuple[str, bytes]] = []

    def __getattr__(self, name: str) -> object:
        """Be the archive in all else."""
        return getattr(self._archive, name)

    def writestr(self, info: object, content: bytes) -> None:
        """Write a member."""
        self.members.append((info.filename, content))
        self._archive.writestr(info, content)
