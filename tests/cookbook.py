"""The recipes of docs/cookbook.md, for the tests that ask them: their variables, and a request for each row of their tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/cookbook.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (`.*) \| (.*) \|$", re.MULTILINE)
_HEADER = r"`([A-Za-z-]+): ([^`]*)`"


@dataclass(frozen=True)
class Asked:
    """A request as a row writes it."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    client: str = ""
    version: str = ""
    certificate: str = ""
    down: str = ""
    before: str = ""
    size: str = ""


@dataclass
class Answer:
    """What a row says of the answer: a backend's URL, a status, a file, and what else comes with it."""

    urls: list[str] = field(default_factory=list)
    status: int = 200
    location: str = ""
    file: str = ""
    backend_gets: list[tuple[str, str]] = field(default_factory=list)
    client_gets: list[tuple[str, str]] = field(default_factory=list)
    backend_says: list[tuple[str, str]] = field(default_factory=list)
    log_lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A row of a recipe's table."""

    asked: Asked
    answer: Answer
    text: str


@dataclass(frozen=True)
class Recipe:
    """A recipe: its title, its variables as they are written, a hand-written configuration if it has one, and its rows."""

    title: str
    variables: str
    configuration: str
    rows: tuple[Row, ...]


def recipes(page: str) -> list[Recipe]:
    """Return a page's recipes, in order."""
    return [_recipe(section) for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]]


def _recipe(section: str) -> Recipe:
    blocks = dict(_BLOCK.findall(section))
    rows = tuple(
        Row(_asked(request), _answer(answer.replace("\\|", "|")), f"{request} → {answer}")
        for request, answer in _ROW.findall(section)
    )
    return Recipe(section.partition("\n")[0], blocks["yaml"], blocks.get("apache", ""), rows)


def _asked(cell: str) -> Asked:
    """Read a request. Raises ValueError where it says what nobody would try."""
    found = re.fullmatch(
        r"`(?:([A-Z]+) )?(https?://[^`]*)`((?: (?:with|from|over|while|before) .*)?)", cell
    )
    if not found:
        raise ValueError(f"no request: {cell}")
    method, url, rest = found.groups()
    phrases = {
        "client": r" from `([0-9.]+)`",
        "version": r" over `HTTP/([0-9.]+)`",
        "certificate": r" with the certificate `([^`]+)`",
        "down": r" while `([^`]+)` is down",
        "before": r" before (the certificate) has come",
        "size": r" with a body of `(\d+)` bytes",
    }
    said = {}
    for name, pattern in phrases.items():
        match = re.search(pattern, rest)
        said[name] = match[1] if match else ""
        rest = re.sub(pattern, "", rest)
    headers = tuple(re.findall(f" with {_HEADER}", rest))
    if re.sub(f" with {_HEADER}", "", rest):
        raise ValueError(f"unknown words in a request: {rest}")
    return Asked(method or "GET", url, headers, **said)


def _answer(cell: str) -> Answer:
    """Read an answer. Raises ValueError where it says what nobody would look at."""
    main, *clauses = re.split(r"; (?=it gets|its `|you get|`/)", cell)
    answer = Answer()
    if found := re.fullmatch(r"`(\d{3})`(?: to `([^`]+)`)?(?: with the file `([^`]+)`)?", main):
        answer.status = int(found[1])
        answer.location, answer.file = found[2] or "", found[3] or ""
    elif found := re.fullmatch(r"the file `([^`]+)`", main):
        answer.file = found[1]
    elif re.fullmatch(r"`[^`]*://[^`]*`( or `[^`]*://[^`]*`)*", main):
        answer.urls = re.findall(r"`([^`]*)`", main)
    else:
        raise ValueError(f"no answer: {main}")
    for clause in clauses:
        _add_clause(answer, clause)
    return answer


def _add_clause(answer: Answer, clause: str) -> None:
    """Read what comes with an answer."""
    if found := re.fullmatch(f"it gets {_HEADER}", clause):
        answer.backend_gets.append((found[1], found[2]))
    elif found := re.fullmatch(f"you get {_HEADER}", clause):
        answer.client_gets.append((found[1], found[2]))
    elif found := re.fullmatch(f"its {_HEADER} becomes {_HEADER}", clause):
        answer.backend_says.append((found[1], found[2]))
        answer.client_gets.append((found[3], found[4]))
    elif found := re.fullmatch(r"`(/[^`]+)` has `([^`]+)`", clause):
        answer.log_lines.append((found[1], found[2]))
    else:
        raise ValueError(f"unknown words in an answer: {clause}")
