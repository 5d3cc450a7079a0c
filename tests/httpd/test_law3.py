"""Law 3: what check passes, httpd starts."""

from __future__ import annotations

import re
from typing import Any

from conftest import examples, free_ports, own_part, running
from hypothesis import assume, given
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.problem import has_errors
from module_utils._httpd.vocabulary.needed_modules import needed_modules
from strategies import PORTS, inventories

STARTS = 300
started = 0


def on_free_ports(text: str) -> str:
    """Move every listener to a free port of its own."""
    ports = (*PORTS, 80, 897)
    for port, free in zip(ports, free_ports(len(ports))):
        text = re.sub(rf"(?<=[\s:]){port}(?=[\s>])", str(free), text)
    return text


@given(inventories())
@examples(STARTS)
def test_what_check_passes_starts(variables: dict[str, Any]) -> None:
    global started
    compiled, problems = check_variables(variables, CONCERN_NAMES)
    assume(not has_errors(problems))
    tree = compiled.whole_tree
    text = on_free_ports(print_tree(tree))
    port = int(re.findall(r"^Listen 127\.0\.0\.1:(\d+)$", text, re.MULTILINE)[-1])
    parts_need = (module for part in compiled.parts for module in part.manifest.modules)
    modules = tuple(dict.fromkeys((*needed_modules(tree), *parts_need)))
    with running(text, *modules, port=port) as refusal:
        assert refusal == "", text
    started += 1


def test_enough_of_them_really_started() -> None:
    print(f"{started} generated servers started")
    assert started >= len(own_part(STARTS))
