"""What can be wrong with a parrot."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

PARROT_MUTE = ProblemKind(
    "parrot-mute",
    "error",
    """
    The parrot has nothing to say, and a parrot that says nothing is none.

    Teach it a word.
    """,
    never_silenced="it is silent already",
)
PARROT_RUDE = ProblemKind(
    "parrot-rude",
    "error",
    """
    The parrot says a word that this host doesn't want to hear.

    Say something else.
    """,
    never_silenced="this host has manners",
)
