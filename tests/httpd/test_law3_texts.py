"""Law 3 for what people write by hand: what check passes, httpd starts; so what httpd refuses, check has an error for."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import built_in, own_part, refusals, running, version, whole_configuration
from module_utils._httpd.checking.configuration import read_configuration
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.syntax.problem import has_errors
from mutated import PORTS, Written, mutated

# With those of test_law3 a thousand servers.
TEXTS = 700
FIRST_PORT = 20000  # below those that a kernel gives away
WORLD = Environment(version=version(), modules=built_in(), server_root="/srv")


@dataclass(frozen=True)
class Verdict:
    """What check and httpd say of one text; httpd starts only what check passes."""

    seed: int
    is_passed: bool
    refusal: str


def verdict(seed: int) -> Verdict:
    """Ask both about the server of a seed."""
    written = mutated(random.Random(seed))
    text, port = on_ports_of(seed, written)
    whole = whole_configuration(Path("/srv"), text, *written.modules)
    if has_errors(read_configuration(whole, "httpd.conf", WORLD).problems):
        return Verdict(seed, False, refusals(text, *written.modules))
    with running(text, *written.modules, port=port) as refusal:
        return Verdict(seed, True, refusal)


def on_ports_of(seed: int, written: Written) -> tuple[str, int]:
    """Return the text on ports that no other seed has, and the one on which it answers if it starts."""
    # mod_ssl brings mod_mime, which wants a file of types.
    lines = ["<IfModule mod_mime.c>", "TypesConfig /dev/null", "</IfModule>", *written.lines]
    text = "\n".join(lines)
    own = range(FIRST_PORT + 4 * seed, FIRST_PORT + 4 * seed + 4)
    for port, moved in zip(PORTS, own):
        text = re.sub(rf"\b{port}\b", str(moved), text)
    return f"{text}\nListen 127.0.0.1:{own[-1]}\n", own[-1]


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    """What both say of all texts."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(verdict, own_part(TEXTS)))


def test_what_httpd_refuses_check_has_an_error_for(verdicts: list[Verdict]) -> None:
    assert [one for one in verdicts if one.is_passed and one.refusal] == []


def test_texts_are_right_and_wrong_in_many_ways(verdicts: list[Verdict]) -> None:
    refused = [one for one in verdicts if one.refusal]
    started = [one for one in verdicts if one.is_passed and not one.refusal]
    print(f"{len(refused)} of {len(verdicts)} texts were refused, {len(started)} started")
    assert len(refused) > len(verdicts) / 5
    assert len(started) > len(verdicts) / 5
