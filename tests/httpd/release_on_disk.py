"""A compiled release as files, as httpd would find them on a host."""

from __future__ import annotations

import re
from pathlib import Path

from module_utils._httpd.release.compile_parts import CompiledInventory
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.vocabulary.needed_modules import needed_modules


def write_release(compiled: CompiledInventory, store: Path) -> str:
    """Write a release's files and blobs below a directory; return its configuration, which names them there."""
    for part in compiled.parts:
        files = {
            **{f"release/{path}": text for path, text in part.texts.items()},
            **{f"blobs/{digest}": text for digest, text in part.blobs.items()},
        }
        for path, text in files.items():
            (store / path).parent.mkdir(parents=True, exist_ok=True)
            (store / path).write_text(text)
    # Both at once: the directory's own name may have one in it.
    return re.sub(
        r"/store/(releases/release)?",
        lambda found: str(store / "release") if found[1] else f"{store}/",
        print_tree(compiled.whole_tree),
    )


def modules_of_release(compiled: CompiledInventory) -> tuple[str, ...]:
    """Return the modules that it needs, each once."""
    asked = (module for part in compiled.parts for module in part.manifest.modules)
    return tuple(dict.fromkeys((*needed_modules(compiled.whole_tree), *asked)))
