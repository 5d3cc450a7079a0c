"""docs/httpd.md: each fact has its proof, each proof exists, and so does each section that code cites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/httpd.md"
SECTION = re.compile(r"^### (\S+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS: dict[str, str] = dict(SECTION.findall(PAGE.read_text()))
PROOFS = sorted(set(re.findall(r"`([\w/.]+)::([^`]+)`", PAGE.read_text())))
LINKS = sorted(set(re.findall(r"\]\(([\w/.]*\.md)?#?([\w-]*)\)", PAGE.read_text())))


def test_each_section_has_a_name_of_its_own() -> None:
    assert len(SECTION.findall(PAGE.read_text())) == len(SECTIONS) > 50


@pytest.mark.parametrize("name", SECTIONS)
def test_section_says_what_follows_and_what_proves_it(name: str) -> None:
    fact, what_follows, proof = re.split(
        r"^- (?:Gatehouse|Proof): ", SECTIONS[name], flags=re.MULTILINE
    )
    assert all(text.strip().endswith((".", "|")) for text in (fact, what_follows, proof))
    assert re.search(r"::|measured on|\[manual\]", proof)


@pytest.mark.parametrize(("file", "name"), PROOFS)
def test_proof_exists(file: str, name: str) -> None:
    text = (ROOT / file).read_text()
    if file.endswith(".yml"):
        assert name in [case["name"] for case in yaml.safe_load(text)]
    else:
        assert re.search(rf"^def {re.escape(name)}\(", text, re.MULTILINE)


@pytest.mark.parametrize(("file", "anchor"), LINKS)
def test_link_leads_somewhere(file: str, anchor: str) -> None:
    text = (PAGE.parent / file).read_text() if file else PAGE.read_text()
    assert not anchor or re.search(rf"^##+ {anchor}$", text, re.MULTILINE | re.IGNORECASE)


def test_code_cites_sections_that_exist() -> None:
    sources = (path.read_text() for path in (ROOT / "plugins").rglob("*.py"))
    cited = {name for text in sources for name in re.findall(r"docs/httpd\.md#([\w-]+)", text)}
    assert cited <= set(SECTIONS)


def test_each_fact_of_routing_is_cited_by_the_page() -> None:
    facts = yaml.safe_load((ROOT / "tests/oracle/facts.yml").read_text())
    assert {case["name"] for case in facts} == {name for file, name in PROOFS if "facts" in file}
