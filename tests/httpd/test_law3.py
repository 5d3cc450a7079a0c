"""Law 3: what check passes, httpd starts."""

from __future__ import annotations

import os
import re
from typing import Any

from conftest import free_port, running
from hypothesis import HealthCheck, assume, given, settings
from module_utils._httpd.check import check_variables, whole_tree
from module_utils._httpd.needed_modules import needed_modules, with_companions
from module_utils._httpd.part import CONCERNS
from module_utils._httpd.print import print_tree
from module_utils._httpd.problem import has_errors
from strategies import PORTS, inventories

STARTS = 300
started = 0


def on_free_ports(text: str) -> str:
    """Move every listener to a free port of its own."""
    for port in (*PORTS, 80, 8979):
        text = re.sub(rf"(?<=[\s:]){port}(?=[\s>])", str(free_port()), text)
    return text


@given(inventories())
@settings(
    max_examples=STARTS,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
)
def test_what_check_passes_starts(variables: dict[str, Any]) -> None:
    global started
    inventory, problems = check_variables(variables, CONCERNS)
    assume(not has_errors(problems))
    tree = whole_tree(inventory, CONCERNS)
    text = on_free_ports(print_tree(tree))
    port = int(re.findall(r"^Listen 127\.0\.0\.1:(\d+)$", text, re.MULTILINE)[-1])
    modules = (*needed_modules(tree), *with_companions(inventory.modules))
    with running(text, *modules, port=port) as refusal:
        assert refusal == "", text
    started += 1


def test_enough_of_them_really_started() -> None:
    print(f"{started} generated servers started")
    assert started >= STARTS
