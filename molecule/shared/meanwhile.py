"""What goes on while a test does something: clients that keep asking, looks that are taken again and again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from containers import Answer


class Answers(Counter[str]):
    """What a client got, by status or by the error in place of one, with its count."""

    @property
    def failures(self) -> dict[str, int]:
        """Everything but 200."""
        return {what: count for what, count in self.items() if what != "200"}


@contextmanager
def again_and_again(act: Callable[[], object], *, pause: float) -> Iterator[None]:
    """Do something meanwhile, in a thread, with a pause in seconds between."""
    done = threading.Event()

    def go_on() -> None:
        while not done.wait(pause):
            act()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def asked_all_along(ask: Callable[[], Answer], *, pause: float = 0.01) -> Iterator[Answers]:
    """Keep asking meanwhile; yield what came."""
    answers = Answers()

    def count_one() -> None:
        try:
            what = str(ask().status)
        except OSError as error:
            what = repr(error)
        answers[what] += 1

    with again_and_again(count_one, pause=pause):
        yield answers
