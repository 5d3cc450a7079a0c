"""What the parrot says, as its variable says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...syntax.tree import NOWHERE, Place
from ...variables.fields import key
from ...variables.kinds import integer, text


@dataclass(frozen=True)
class Parrot:
    """A concern that does nothing useful, by every part of the contract."""

    word: str = key(text(pattern=r"[a-z]+", wanted="a lower-case word"), "What it says.")
    password: str = key(
        text(pattern=r"\S+", wanted="a line of htpasswd"), "Who may hear it below /private/."
    )
    locked_memory: int = key(integer(1024), "Bytes that httpd may lock into memory.", default=12345)
    place: Place = field(default=NOWHERE, compare=False)
