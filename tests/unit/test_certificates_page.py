"""Each rule about certificates has its section in docs/certificates.md, to which its problems lead."""

from __future__ import annotations

import re
from pathlib import Path

from module_utils._httpd.syntax.tree import Place
from module_utils._httpd.tls import certificate_rules
from module_utils._httpd.tls.certificate_rules import unreadable

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "certificates.md").read_text()


def test_page_and_code_know_the_same_rules() -> None:
    code = Path(certificate_rules.__file__).read_text()
    said = set(re.findall(r'"(certificate-[a-z-]+)"', code))
    assert said == set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))


def test_each_section_says_severity_reason_and_remedy() -> None:
    for section in PAGE.split("\n## ")[1:]:
        name, _empty, reason, _blank, *_lines = section.split("\n")
        assert reason.startswith(("Error", "Warning")), name
        assert len(section.strip().split("\n\n")) >= 3, name


def test_problem_leads_to_its_section() -> None:
    problem = unreadable(Place("x"), "x.pem", "is empty")
    assert problem.url.endswith("docs/certificates.md#certificate-unreadable")
