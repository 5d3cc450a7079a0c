"""Text to tree: httpd's own line reading (server/util.c ap_cfg_getline, server/config.c ap_build_config_sub)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .problem import Problem
from .problem_kinds import SYNTAX
from .quoting import RAW_DIRECTIVES, REWRITE_DIRECTIVES, split_rewrite_words, split_words
from .tree import Comment, Directive, Node, Place, Section, Tree

# Sections within sections: far above what is written, far below what Python's stack holds.
MAX_NESTING = 100
# What C calls blank; a no-break space, which Python counts in, is a character like any other to httpd.
BLANKS = " \t\n\v\f\r"

_NAME_END = re.compile(r"[\s>]", re.ASCII)
_BLANKS = re.compile(r"\s+", re.ASCII)


@dataclass
class _Open:
    """A section whose end hasn't come yet; the file itself is the outermost, without a name."""

    name: str
    args: tuple[str, ...]
    place: Place
    children: list[Node] = field(default_factory=list)


def parse_tree(
    text: str, file: str, *, included_from: Place | None = None, first_line: int = 1
) -> tuple[Tree, tuple[Problem, ...]]:
    """Read a whole file, or a part from `first_line` on; a mistake becomes a problem with file and line, and reading
    goes on."""
    open_sections = [_Open("", (), Place(file))]
    problems: list[Problem] = []
    for number, line in logical_lines(text):
        place = Place(file, first_line - 1 + number, included_from)
        problem = _read_line(line, place, open_sections)
        if problem:
            problems.append(problem)
    for unclosed in reversed(open_sections[1:]):
        problems.append(
            _problem(
                unclosed.place, f"<{unclosed.name}> is never closed", f"add </{unclosed.name}>"
            )
        )
        _close(open_sections)
    return tuple(open_sections[0].children), tuple(problems)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of its first line, text) of each line, stripped, with continuation lines joined."""
    if text and not ("\\\n" in text or "\r" in text or text.endswith("\\")):
        for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
            yield number, line.strip(BLANKS)
        return
    pending, first = "", 0
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        first = first or number
        line = line.removesuffix("\r")
        if line.endswith("\\"):
            pending += line[:-1]
            continue
        yield first, (pending + line).strip(BLANKS)
        pending, first = "", 0
    if pending.strip(BLANKS):
        yield first, pending.strip(BLANKS)


def split_arguments(name: str, text: str) -> tuple[str, ...]:
    """Split the arguments of directive or section `name` the way it reads them."""
    lower = name.lower()
    if lower in RAW_DIRECTIVES:
        return (text,) if text else ()
    return split_rewrite_words(text) if lower in REWRITE_DIRECTIVES else split_words(text)


def _read_line(line: str, place: Place, open_sections: list[_Open]) -> Problem | None:
    """Add one logical line to the innermost open section."""
    siblings = open_sections[-1].children
    if not line or line.startswith("#"):
        siblings.append(Comment(line, place))
        return None
    if "\0" in line:
        return _problem(place, "the line has a NUL character", "remove it; this is no text file")
    if not line.startswith("<"):
        siblings.append(Directive(*_name_and_arguments(line), place))
        return None
    return _read_section_line(line, place, open_sections)


def _name_and_arguments(line: str) -> tuple[str, tuple[str, ...]]:
    """Split a directive's line into its name and the words behind it."""
    if line.isascii() and line.isprintable() and not ('"' in line or "'" in line or "\\" in line):
        # Nearly all; whatever a directive's quotes mean, there are none.
        name, *words = line.split()
        if name.lower() not in RAW_DIRECTIVES:
            return name, tuple(words)
    name, *rest = _BLANKS.split(line, maxsplit=1)
    return name, split_arguments(name, rest[0] if rest else "")


def _read_section_line(line: str, place: Place, open_sections: list[_Open]) -> Problem | None:
    """Open or close a section."""
    is_end = line.startswith("</")
    inside = line[2 if is_end else 1 :]
    name = _NAME_END.split(inside, maxsplit=1)[0]
    args = inside[len(name) :].rstrip(BLANKS)
    has_end = args.endswith(">")
    if is_end:
        problem = _read_end(name, place, open_sections)
        # What follows a blank is lost without a word; before it there must be the name and one bracket.
        is_written_well = _BLANKS.split(inside, maxsplit=1)[0] == f"{name}>"
        return problem if problem or is_written_well else _bad_end(line, name, place)
    if not name:
        return _problem(place, f"`{line}` names no section", "write <Name arguments>")
    if len(open_sections) > MAX_NESTING:
        return _problem(place, f"<{name}> is nested too deeply", "write it flatter")
    open_sections.append(
        _Open(name, split_arguments(name, args.removesuffix(">").strip(BLANKS)), place)
    )
    if has_end:
        return None
    return _problem(place, f"`{line}` has no closing `>`", "end the line with `>`")


def _read_end(name: str, place: Place, open_sections: list[_Open]) -> Problem | None:
    """Close the innermost section of that name, and those left open within it."""
    names = [section.name.lower() for section in open_sections[1:]]
    if name.lower() not in names:
        return _problem(
            place,
            f"</{name}> closes nothing that is open",
            f"remove it, or add <{name} …> before it",
        )
    problem = None
    while open_sections[-1].name.lower() != name.lower():
        unclosed = open_sections[-1]
        problem = _problem(
            place,
            f"</{name}> comes while <{unclosed.name}> of line {unclosed.place.line} is open",
            f"close it first: </{unclosed.name}>",
        )
        _close(open_sections)
    _close(open_sections)
    return problem


def _bad_end(line: str, name: str, place: Place) -> Problem:
    return _problem(place, f"`{line}` doesn't end <{name}>", f"write </{name}>")


def _close(open_sections: list[_Open]) -> None:
    """Turn the innermost open section into a node of the one around it."""
    closed = open_sections.pop()
    section = Section(closed.name, closed.args, tuple(closed.children), closed.place)
    open_sections[-1].children.append(section)


def _problem(place: Place, message: str, fix: str) -> Problem:
    return SYNTAX.problem(place, message, fix)
