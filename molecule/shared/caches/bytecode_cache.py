"""Keeps the bytecode of modules, which their hosts compile anew each time: they come as a zip.

Only what the tests make has it, images and environments: run there, this has each Python use it as it starts. Compiling says
nothing about the collection. What is measured runs without.
"""

from __future__ import annotations

import marshal
import os
import sys
import zipimport

OFF = "GATEHOUSE_WITHOUT_CACHES"  # set in the environment of what is measured


class BytecodeCache:
    """Code by the digest of its source and the Python that compiled it."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def code(self, source: str | bytes, filename: str) -> object:
        """Return the code of a module: what is kept, or else compiled now."""
        text = source.encode() if isinstance(source, str) else source
        path = os.path.join(self._directory, digest(text))
        try:
            with open(path, "rb") as file:
                return marshal.load(file)
        except OSError:
            pass
        code = compile(text, filename, "exec", dont_inherit=True)
        keep(marshal.dumps(code), path)
        return code


def digest(*texts: bytes) -> str:
    """Return what names a cache's file, for this Python."""
    import hashlib  # most processes need none

    return hashlib.sha256(b"\0".join((sys.version.encode(), *texts))).hexdigest()


def keep(content: bytes, path: str) -> None:
    """Write a file where the next process finds it whole; a full or foreign disk keeps nothing."""
    new = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(new, "wb") as file:
            file.write(content)
        os.replace(new, path)
    except OSError:
        pass


def install(directory: str) -> None:
    """Keep in a directory, which needn't be there, what this process imports from zips."""
    if OFF not in os.environ:
        cache = BytecodeCache(directory)
        zipimport._compile_source = lambda path, source: cache.code(source, path)
