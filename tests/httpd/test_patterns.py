"""Regular expressions against httpd's own: what the resolver reads, it matches as PCRE does, to the groups."""

from __future__ import annotations

import asyncio
import random

from asking import ask_all
from backends import backends
from conftest import own_part
from module_utils._httpd.resolve.answering.environment_variables import PLAIN_TEXT
from module_utils._httpd.resolve.request import Request
from module_utils._httpd.syntax.quoting import Refused, quote
from module_utils._httpd.vocabulary.depends import Depends
from module_utils._httpd.vocabulary.patterns.pattern import group, match
from running import free_port, httpd

EACH, BOOTS, SUBJECTS = 150, 4, 40
ATOMS = (
    "a", "b", "/", "x", ".", "[ab]", "[^/]", "[a-c1]", r"\d", r"\w", r"\.", r"\/", "(a|b)", "(?:ab|a)", "(a)", "([^/]+)",
    "(.*)", "^", "$", r"\b", "[[:alpha:]]", "(?!a)", "(?=b)", "(/|$)", "(|a)", r"[\w.-]", r"\x61", "[]a]", "[^]a]", "{", "A", "(?<n>b)",
)  # fmt: skip
QUANTIFIERS = ("", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{2,}")


def pattern(chance: random.Random) -> str:
    """Return an expression that may be one."""
    parts = (
        chance.choice(ATOMS) + chance.choice(QUANTIFIERS) for _part in range(chance.randint(1, 6))
    )
    text = "".join(parts)
    if chance.random() < 0.15:
        text = f"{text}|{chance.choice(ATOMS)}"
    if chance.random() < 0.15:
        text = f"({text}){chance.choice(('', '*', '+', '?'))}"
    return f"(?i){text}" if chance.random() < 0.1 else text


def readable(chance: random.Random) -> list[str]:
    """Return expressions that the resolver reads and a configuration can hold."""
    found: list[str] = []
    while len(found) < EACH:
        text = pattern(chance)
        try:
            match(text, "")
            quote(text)
        except (Depends, Refused):
            continue
        # SetEnvIf puts no groups in for a text.
        if not PLAIN_TEXT.fullmatch(text):
            found.append(text)
    return found


def said(text: str, subject: str) -> str:
    """Return the match and its groups as the configuration has httpd write them."""
    groups = match(text, subject)
    return "(null)" if groups is None else "<" + "|".join(group(groups, n) for n in range(4)) + ">"


def test_patterns_match_as_httpd_does() -> None:
    compared = 0
    with backends(1) as ports:
        for boot in own_part(BOOTS):
            chance = random.Random(boot)
            patterns = readable(chance)
            port = free_port()
            lines = [f"Listen 127.0.0.1:{port}", f"ProxyPass / http://127.0.0.1:{ports[0]}/"]
            for number, text in enumerate(patterns):
                lines.append(f"SetEnvIf X-Subject {quote(text)} h{number}=<$0|$1|$2|$3>")
                lines.append(f"RequestHeader set X-H{number} %{{h{number}}}e")
            subjects = [
                "".join(chance.choices("ab/x.1Ac-{\xe4", k=chance.randint(0, 12)))
                for _number in range(SUBJECTS)
            ]
            requests = [
                Request(
                    "/", "a.test", port=port, address="127.0.0.1", headers={"x-subject": subject}
                )
                for subject in subjects
            ]
            with httpd("\n".join(("ServerName a.test", *lines)), port) as complaint:
                assert complaint == ""
                answers = asyncio.run(ask_all(requests))
            for subject, answer in zip(subjects, answers):
                for number, text in enumerate(patterns):
                    found = (text, subject, answer.seen[f"x-h{number}"])
                    assert found == (text, subject, said(text, subject))
                    compared += 1
    assert compared == EACH * len(own_part(BOOTS)) * SUBJECTS
