"""Variables of which nothing can be answered: what can't be read could change any answer."""

from __future__ import annotations

from collections.abc import Iterable

from ..syntax.problem import Problem


class RefusedVariables(ValueError):
    """Variables with problems; the text is all of them, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
