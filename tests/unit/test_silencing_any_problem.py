"""Every problem that can be silenced is, wherever it was found; of the others it is said why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from authority import NOW, make_root
from module_utils._host.certificates.given_certificates import given_problems
from module_utils._host.certificates.release_certificates import release_problems
from module_utils._host.reading import AssumedHttpd, read_text
from module_utils._host.store.release import Release
from module_utils._host.store.store import Store
from module_utils._httpd.checking.problem_catalogue import KINDS
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.inventory import read_inventory
from module_utils._httpd.release.checked import check_all_variables
from module_utils._httpd.release.compile_parts import compile_inventory
from module_utils._httpd.release.silencing_by_variables import silencing_by_variables
from module_utils._httpd.syntax.problem import Problem, ProblemKind
from module_utils._httpd.syntax.tree import Place
from module_utils._httpd.tls.served_certificates import TlsFiles
from module_utils._httpd.vocabulary.layout import DEBIAN

BY_ID = [pytest.param(kind, id=kind.id) for kind in KINDS]
SHOP: dict[str, Any] = {"server_name": "shop.example.com", "proxy_to": "http://10.0.0.1:8080"}
WHY = "it is known"


def off(rule: str) -> list[dict[str, str]]:
    """Silence one id."""
    return [{"rule": rule, "reason": WHY}]


def reasons(problems: tuple[Problem, ...], rule: str) -> list[str]:
    """Return why each problem of an id is silenced, empty for one that isn't."""
    return [problem.reason for problem in problems if problem.rule == rule]


def of_variables(
    given: Mapping[str, Any], *, concerns: tuple[str, ...] = CONCERN_NAMES
) -> tuple[Problem, ...]:
    """Return every problem of variables."""
    return check_all_variables(given, concerns).problems


@pytest.mark.parametrize("kind", BY_ID)
@pytest.mark.parametrize("where", ["apache_check_off", "check_off"])
def test_a_problem_is_silenced_unless_it_cannot_be(kind: ProblemKind, where: str) -> None:
    of_vhost = {"check_off": off(kind.id)} if where == "check_off" else {}
    of_host = {} if of_vhost else {"apache_check_off": off(kind.id)}
    inventory, _none = read_inventory({"apache_vhosts": [{**SHOP, **of_vhost}], **of_host})
    problem = kind.problem(inventory.vhosts[0].place.at("listen"), "it is wrong", "mend it")
    (judged,) = silencing_by_variables(inventory).applied([problem])
    assert judged.reason == (WHY if kind.can_be_silenced else "")


@pytest.mark.parametrize("kind", BY_ID)
def test_silencing_what_cannot_be_answers_why(kind: ProblemKind) -> None:
    found = of_variables({"apache_vhosts": [{**SHOP, "check_off": off(kind.id)}]})
    answers = [one for one in found if "check_off" in str(one.place)]
    assert [one.rule for one in answers] == ([] if kind.can_be_silenced else ["never-silenced"])
    assert all(kind.never_silenced in one.message for one in answers)


MEMBER = {"name": "app", "members": [{"url": "http://10.0.0.2:8080/app"}]}
TWO_CURVES = [
    {**SHOP, "ssl": {"certificate": "self_signed", "curves": ["X25519"]}},
    {
        "server_name": "b.example.com",
        "proxy_to": "http://10.0.0.1:8080",
        "ssl": {"certificate": "self_signed", "curves": ["prime256v1"]},
    },
]


@pytest.mark.parametrize("concerns", [CONCERN_NAMES, ("balancers",)], ids=["all", "one role"])
def test_what_is_between_keys_is_silenced_whichever_role_runs(concerns: tuple[str, ...]) -> None:
    given = {"apache_vhosts": [SHOP], "apache_balancers": [MEMBER]}
    assert reasons(of_variables(given, concerns=concerns), "member-with-path") == [""]
    given["apache_check_off"] = off("member-with-path")
    assert reasons(of_variables(given, concerns=concerns), "member-with-path") == [WHY]
    assert "unknown-rule" not in {one.rule for one in of_variables(given, concerns=concerns)}


def test_what_is_between_keys_is_silenced_for_one_virtual_host() -> None:
    assert reasons(of_variables({"apache_vhosts": TWO_CURVES}), "curves-differ") == [""]
    second = {**TWO_CURVES[1], "check_off": off("curves-differ")}
    found = of_variables({"apache_vhosts": [TWO_CURVES[0], second]})
    assert reasons(found, "curves-differ") == [WHY]


def test_a_comment_in_extra_directives_silences_what_is_between_keys() -> None:
    comment = f"# gatehouse: off curves-differ {WHY}"
    second = {**TWO_CURVES[1], "extra_directives": comment}
    found = of_variables({"apache_vhosts": [TWO_CURVES[0], second]})
    assert reasons(found, "curves-differ") == [WHY]


def test_a_silenced_error_hides_nothing_else_of_its_line() -> None:
    lines = "ProxyPass /x http://10.0.0.1:8080/y retry=5 timeout=100ms"
    given = {"apache_vhosts": [{**SHOP, "proxy_to": None, "extra_directives": lines}]}
    assert [one.rule for one in of_variables(given)] == ["interval-misread"]
    found = of_variables({**given, "apache_check_off": off("interval-misread")})
    assert reasons(found, "interval-misread") == [WHY]
    assert reasons(found, "retry-without-balancer") == [""]


TEXT = """Listen 80
{main}
<VirtualHost *:80>
  {vhost}
  ServerName a.example.com
  DocumentRoot ${{NOWHERE}}
  Include sites/*.conf
</VirtualHost>
"""


@pytest.mark.parametrize("rule", ["undefined-variable", "include-not-followed"])
@pytest.mark.parametrize("where", ["main", "vhost"])
def test_what_reading_finds_is_silenced_by_a_comment(rule: str, where: str) -> None:
    lines = {"main": "", "vhost": "", where: f"# gatehouse: off {rule} {WHY}"}
    loud = read_text(TEXT.format(main="", vhost=""), AssumedHttpd())
    quiet = read_text(TEXT.format(**lines), AssumedHttpd())
    assert reasons(loud.problems, rule) == [""]
    assert reasons(quiet.problems, rule) == []
    assert reasons(quiet.silenced, rule) == [WHY]


def test_a_certificate_given_as_content_is_silenced_on_the_controller() -> None:
    pair = make_root().sign("other.example.com")
    ssl = {"certificate_content": pair.chain, "certificate_key_content": pair.key_pem}
    given = {**SHOP, "ssl": ssl, "check_off": off("certificate-name-missing")}
    inventory, _none = read_inventory({"apache_vhosts": [given]})
    found = silencing_by_variables(inventory).applied(given_problems(inventory, NOW))
    assert reasons(tuple(found), "certificate-name-missing") == [WHY]


@pytest.mark.parametrize("where", ["apache_check_off", "check_off", ""])
def test_a_certificate_on_the_host_is_silenced_by_the_release(where: str, tmp_path: Path) -> None:
    pair = make_root().sign("other.example.com")
    path = tmp_path / "shop.pem"
    path.write_text(pair.chain + pair.key_pem)
    rule = "certificate-name-missing"
    ssl = {"certificate_file": str(path), "certificate_key_file": str(path)}
    vhost = {**SHOP, "ssl": ssl, **({"check_off": off(rule)} if where == "check_off" else {})}
    everywhere = {"apache_check_off": off(rule)} if where == "apache_check_off" else {}
    inventory, _none = read_inventory({"apache_vhosts": [vhost], **everywhere})
    found = release_problems(
        Release("new", "", compile_inventory(inventory).parts),
        Release("old", "", ()),
        served=TlsFiles,
        store=Store(str(tmp_path / "gatehouse")),
        layout=replace(DEBIAN, ca_file=str(tmp_path / "none")),
        now=NOW,
    )
    assert reasons(found, rule) == ([] if where else [""])


def test_no_place_of_another_virtual_host_is_silenced() -> None:
    inventory, _none = read_inventory(
        {"apache_vhosts": [{**SHOP, "check_off": off("curves-differ")}]}
    )
    (kind,) = (kind for kind in KINDS if kind.id == "curves-differ")
    other = kind.problem(Place("apache_vhosts[1] (b.example.com).ssl"), "it is wrong", "mend it")
    (judged,) = silencing_by_variables(inventory).applied([other])
    assert judged.reason == ""
