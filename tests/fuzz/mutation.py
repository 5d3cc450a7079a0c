"""Texts and variables that nobody would write: real ones, cut, joined, repeated and strewn with what parsers trip over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import yaml
from readme import every_block

FIXTURES = Path(__file__).parents[1] / "unit/fixtures"
GOLDEN = FIXTURES.parent / "golden"
LONGEST = 6000  # characters of a text

TEXTS: tuple[str, ...] = (
    *(path.read_text() for path in sorted((FIXTURES / "apps").glob("*.conf"))),
    *(json.loads(line)["config"] for line in (FIXTURES / "broken.jsonl").read_text().splitlines()),
    *(path.read_text() for path in sorted((FIXTURES / "debian12/apache2").rglob("*.conf"))),
    "Define A ${A}\n<Macro M $x>\nUse M $x$x\n</Macro>\nUse M 1\n<IfVersion ~ (a+)+$>\n</IfVersion>\n",
)  # fmt: skip
VARIABLES: tuple[dict[str, Any], ...] = (
    *(found for found in map(yaml.safe_load, every_block("yaml")) if isinstance(found, dict)),
    *(yaml.safe_load(path.read_text()) for path in sorted(GOLDEN.rglob("*.yml"))),
)
TOKENS = (
    *"\"'\\<>#%{}$ \t\n\r\0=|!;:/*?[]()^.,@+-~&", "${", "}", "${A}", "%{X}", "</", "\\\n", "\\\"", "\u00a0", "\u2028", "\udcff", "²",
    "\u0660", "<VirtualHost *:80>\n", "</VirtualHost>\n", "<Location ~ >\n", "<LocationMatch>\n", "<If \"", "<Proxy balancer://>\n",
    "Include x\n", "Use M ", "Define ", "ProxyPass ", "ProxyPassMatch ", "RewriteRule ", "RewriteCond ", "BalancerMember ", "ProxySet ",
    "ServerName ", "Listen ", "Header ", "balancer://", "http://", "unix:/a|", "http://[::", "99999999999999999999999", "-1", "0x", "1e9",
    "(a+)+$", "(?P<x>", "[[:alpha:]]", "\\Q", "timeout=", "route=", "lbmethod=", "stickysession=", "!", "ws:", "a" * 300, "/" * 300, "${" * 100,
    "\\" * 101, '"' * 51, "*" * 40, "[" * 40, "(" * 120,
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1.5, float("nan"), float("inf"), "", " ", "\0", "²", "\udcff", "a" * 5000, [], {}, [[]], [None], {"": None},
    {None: 1}, {1: 2}, {"name": []}, [{"url": 5}], "http:/app", "balancer://x/", "${A}", "{{ x }}", "!", "*:80", "[::1]:80", "80", "\n", '"',
)  # fmt: skip


def text(random: Random) -> str:
    """Return a mutated configuration, or words without any order."""
    if random.random() < 0.1:
        return "".join(random.choices(TOKENS, k=random.randint(0, 200)))[:LONGEST]
    drawn = random.choice(TEXTS)
    start = random.randrange(len(drawn) + 1) if random.random() < 0.3 else 0
    drawn = drawn[start : start + LONGEST]
    for _time in range(random.randint(1, 6)):
        drawn = random.choice(_MUTATIONS)(drawn, random)
    return drawn[:LONGEST]


def word(random: Random) -> str:
    """Return what may stand where a URL or an address does."""
    start = random.choice(
        ("http://10.0.0.1:8080/a", "unix:/run/a|http://a/", "[::1]:80", "*:80", "", "balancer://a")
    )
    for _time in range(random.randint(0, 4)):
        start = _insert(start, random)
    return start


def variables(random: Random) -> dict[str, Any]:
    """Return an inventory in which some values became others."""
    drawn = random.choice(VARIABLES)
    for _time in range(random.randint(1, 4)):
        drawn = _changed(drawn, random)
    return drawn if isinstance(drawn, dict) else {"apache_vhosts": drawn}


def _changed(value: Any, random: Random) -> Any:
    """Replace, drop, double or rename one thing somewhere in a value."""
    if random.random() < 0.1 or not isinstance(value, (dict, list)) or not value:
        if isinstance(value, str) and random.random() < 0.6:
            return _insert(value, random)
        return random.choice(ODD_VALUES)
    if isinstance(value, list):
        index = random.randrange(len(value))
        changed = [_changed(value[index], random)] if random.random() < 0.9 else [value[index]] * 2
        return [*value[:index], *changed, *value[index + 1 :]]
    name = random.choice(list(value))
    rest = {key: found for key, found in value.items() if key != name}
    if random.random() < 0.15:
        return {**rest, _insert(str(name), random): value[name]}
    return {**rest, name: _changed(value[name], random)}


def _insert(drawn: str, random: Random) -> str:
    at = random.randrange(len(drawn) + 1)
    return drawn[:at] + random.choice(TOKENS) + drawn[at:]


def _delete(drawn: str, random: Random) -> str:
    at = random.randrange(len(drawn) + 1)
    return drawn[:at] + drawn[at + random.randint(1, 30) :]


def _repeat(drawn: str, random: Random) -> str:
    at = random.randrange(len(drawn) + 1)
    return drawn[:at] + drawn[at : at + random.randint(1, 60)] * random.randint(2, 40) + drawn[at:]


def _swap_lines(drawn: str, random: Random) -> str:
    lines = drawn.splitlines(keepends=True)
    random.shuffle(lines)
    return "".join(lines)


def _drop_words(drawn: str, random: Random) -> str:
    return "".join(
        " ".join(line.split(" ")[: random.randint(1, 4)]) + "\n" if random.random() < 0.1 else line
        for line in drawn.splitlines(keepends=True)
    )


def _join(drawn: str, random: Random) -> str:
    at = random.randrange(len(drawn) + 1)
    return drawn[:at] + random.choice(TEXTS)


_MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    _insert, _insert, _insert, _delete, _delete, _repeat, _swap_lines, _drop_words, _join,
)  # fmt: skip
