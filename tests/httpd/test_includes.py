"""Which files an Include reads, and which one is a mistake: asked of httpd, and of the reader."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from conftest import BINARY, whole_configuration
from module_utils._host.configuration.disk import Disk
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.syntax.parse import parse_tree

FILES = (
    "one/x.conf", "one/y.conf", "three/x.conf", "deep/er/x.conf", "star*/x.conf", "star+/x.conf", "s*.conf", "st.conf",
    "brackets[/x.conf", "back\\slash.conf", ".hidden/x.conf", ".hidden.conf", "x.conf/inside.conf",
)  # fmt: skip
FORMS = (
    "Include one/x.conf", "Include one", "Include one/", "Include one/*", "Include one/*.conf", "Include o*/x.conf",
    "Include t*/x.conf", "IncludeOptional t*/x.conf", "Include *e/*.conf", "IncludeOptional *e/*.conf",
    "Include */x.conf", "IncludeOptional */x.conf", "Include */er/x.conf", "IncludeOptional */er/x.conf",
    "Include st*/x.conf", "Include star\\*/x.conf", "Include s\\*.conf", "Include s*.conf", "Include s[t*].conf",
    "Include s[!t].conf", "Include s[^t].conf", "Include brackets[/x.conf", "Include back\\slash.conf",
    "Include back\\\\slash.conf", "Include back*slash.conf", "Include .hidden/x.conf", "Include *hidden.conf",
    "IncludeOptional *hidden.conf", "Include .h*.conf", "Include ./one/../one/x.conf", "Include one//x.conf", "Include *.conf",
    "Include missing.conf", "IncludeOptional missing.conf", "Include missing/*.conf", "IncludeOptional missing/*.conf",
    "Include one/m*.conf", "IncludeOptional one/m*.conf", "Include empty", "Include empty/", "Include empty/*",
    "IncludeOptional empty/*", "Include one/x.conf/", "Include one/?.conf", "Include ?ne/?.conf", "Include links/*",
    "IncludeOptional links/*", "Include links", "Include links/good.conf", "Include links/bad.conf",
    "IncludeOptional links/bad.conf", "Include links/o*/x.conf", "Include l*/one/x.conf",
    "Include em*", "IncludeOptional one/x.conf/", "IncludeOptional links/o*/x.conf", "Include links/one/x.conf",
)  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server root with files and directories of all kinds."""
    root = tmp_path_factory.mktemp("root")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("ServerTokens Full\n")
    (root / "two").mkdir()
    (root / "empty").mkdir()
    (root / "links").mkdir()
    (root / "links/good.conf").symlink_to("../one/x.conf")
    (root / "links/bad.conf").symlink_to("nowhere")
    (root / "links/one").symlink_to("../one")
    return root


def asked(root: Path, form: str) -> tuple[bool, list[str]]:
    """Return whether httpd takes a text, and which files it reads."""
    configuration = root.parent / "httpd.conf"
    configuration.write_text(whole_configuration(root, form))
    words = [BINARY, "-f", str(configuration), "-t", "-D", "DUMP_INCLUDES"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    read = re.findall(r"^ +\(\d+\) (.*)$", done.stdout, re.MULTILINE)
    is_taken = done.returncode == 0
    # What it read before it stopped, it doesn't say.
    return is_taken, [str(Path(path).relative_to(root)) for path in read if is_taken]


def told(root: Path, form: str) -> tuple[bool, list[str]]:
    """Return what the reader makes of the same."""
    tree, _problems = parse_tree(form, "httpd.conf")
    environment = Environment(files=Disk(), server_root=str(root))
    expansion = expand(tree, environment)
    read = [Path(node.place.source).relative_to(root) for node in expansion.tree]
    is_taken = expansion.problems == ()
    return is_taken, [str(path) for path in read if is_taken]


@pytest.mark.parametrize("form", FORMS)
def test_reader_follows_what_httpd_follows(root: Path, form: str) -> None:
    assert told(root, form) == asked(root, form)
