"""README's ten minutes, line by line on a host with nothing but Debian's Apache: each does what README says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from containers import Container
from newcomer import Newcomer
from readme import README, sections

SECTION = "Ten minutes: from nothing to a proved site"


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """Somebody who has installed the collection, and nothing else."""
    somebody = Newcomer(tmp_path_factory.mktemp("empty"), Container("single-newcomer"))
    somebody.install()
    return somebody


def steps() -> Iterator[tuple[str, str]]:
    """Yield what README has its reader write, type and see, in order; a refusal that is shown is of the command before it."""
    blocks = sections(README)[SECTION]
    for (language, text), (following, said) in zip(blocks, (*blocks[1:], ("", ""))):
        if language == "yaml":
            yield "write", text
        elif language == "console" and following == "text":
            yield "be refused", f"{text}{said}"
        elif language == "console":
            yield from (("do", line) for line in text.splitlines())


@pytest.mark.parametrize(("what", "text"), [*steps()])
def test_each_step_does_what_readme_says(newcomer: Newcomer, what: str, text: str) -> None:
    if what == "write":
        newcomer.write(text)
        return
    line, _break, said = text.partition("\n")
    has_succeeded, printed = newcomer.type(line)
    assert has_succeeded is (what == "do"), printed
    for wanted in said.splitlines():
        assert wanted in printed


def test_in_the_end_the_first_release_serves(newcomer: Newcomer) -> None:
    host = newcomer.host
    assert "GNU GENERAL PUBLIC LICENSE" in host.ask("shop.example.com", "/GPL-3").body
    assert host.ask("shop.example.com", "/licence").status == 404
