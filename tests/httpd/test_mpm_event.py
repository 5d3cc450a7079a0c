"""The sizes of the event MPM, asked of the real httpd: it starts with them, and corrects none of them in its log."""

from __future__ import annotations

import re
import tempfile
from typing import Any

import pytest
from conftest import free_ports, running
from module_utils._httpd.concerns.mpm_event.bearing import MEGABYTE, Capacity
from module_utils._httpd.concerns.mpm_event.compile import compile_mpm_event, definitions_of
from module_utils._httpd.concerns.mpm_event.model import MpmEvent
from module_utils._httpd.concerns.mpm_event.sizing import sized
from module_utils._httpd.syntax.print import print_tree

SMALL, TYPICAL = Capacity(256 * MEGABYTE, 1), Capacity(4096 * MEGABYTE, 2)
SETTINGS: list[tuple[Capacity, dict[str, Any]]] = [
    (TYPICAL, {}),
    (SMALL, {}),
    (TYPICAL, {"max_request_workers": 1}),
    (TYPICAL, {"max_request_workers": 1000, "threads_per_child": 70}),
    (TYPICAL, {"connections": 50_000, "reloads_kept": 20}),
    (TYPICAL, {"max_request_workers": 64, "min_spare_threads": 200, "max_spare_threads": 10}),
    (TYPICAL, {"thread_limit": 500, "start_servers": 1, "max_mem_free": 0}),
]


@pytest.mark.parametrize(("capacity", "settings"), SETTINGS, ids=map(str, range(len(SETTINGS))))
def test_httpd_takes_the_sizes_as_they_are(capacity: Capacity, settings: dict[str, Any]) -> None:
    asked = MpmEvent(**settings)
    definitions = definitions_of(sized(asked, capacity).sizes)
    defined = "".join(f"Define {name} {value}\n" for name, value in definitions.items())
    (port,) = free_ports(1)
    with tempfile.NamedTemporaryFile("r") as log:
        text = f"{defined}{print_tree(compile_mpm_event(asked))}\nListen 127.0.0.1:{port}\nErrorLog {log.name}\n"
        with running(text, port=port) as refusal:
            assert refusal == "", text
        assert re.findall(r"AH005[0-9]{2}", log.read().replace("AH00558", "")) == []
