"""The published configurations of 45 applications, adopted; a few as an operator would read them.

`python tests/unit/test_to_vars_apps.py` writes the expected files anew; their diff is what to read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests")]

from hand_written import APPS, app_text, decision, server_tree  # noqa: E402
from module_utils._httpd.adopting.to_vars import Adoption, to_vars  # noqa: E402
from module_utils._httpd.adopting.variables_text import print_variables  # noqa: E402
from module_utils._httpd.checking.check import check  # noqa: E402
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES  # noqa: E402
from module_utils._httpd.reading.server import ProxyPass, Server, VirtualHost  # noqa: E402
from module_utils._httpd.reading.view import view  # noqa: E402
from module_utils._httpd.release.checked import check_variables  # noqa: E402
from module_utils._httpd.vocabulary.reserved_names import PROOF_HOST_NAME, UNKNOWN_HOST  # noqa: E402

ADOPTED = Path(__file__).parent / "adopted"
TELLING = ("01-jenkins-https", "03-nextcloud-aio", "04-gitea", "07-matrix-synapse", "09-zammad", "42-rocketchat-balancer",
           "45-seafile-fcgi")  # fmt: skip
BY_NAME = {path.stem: path for path in APPS}
PATHS = ("/", "/x", "/api/y", "/static/z", "/assets/a", "/.well-known/acme", "/socket/info")


def adopt(path: Path) -> tuple[Server, Adoption]:
    """Adopt an application's server."""
    tree = server_tree(app_text(path))
    return view(tree), to_vars(tree, view(tree))


def own(server: Server) -> list[VirtualHost]:
    """Return the virtual hosts that aren't Gatehouse's, in an order that both servers have."""
    hosts = [one for one in server.vhosts if one.server_name not in (UNKNOWN_HOST, PROOF_HOST_NAME)]
    return sorted(hosts, key=lambda one: str(one.addresses))


def routing(vhost: VirtualHost) -> tuple[list[ProxyPass], list[ProxyPass]]:
    """Return the rules that proxy, and those in <Location>: httpd tries the latter apart."""
    rules = [rule for rule in vhost.scope.rules if not (rule.is_exclusion and not rule.location)]
    return [one for one in rules if not one.location], [one for one in rules if one.location]


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.stem)
def test_an_adopted_application_has_no_new_errors(path: Path) -> None:
    server, adopted = adopt(path)
    _compiled, problems = check_variables(adopted.variables, CONCERN_NAMES)
    before = {problem.rule for problem in check(server) if problem.severity == "error"}
    assert {problem.rule for problem in problems if problem.severity == "error"} <= before


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.stem)
def test_an_adopted_application_routes_as_before(path: Path) -> None:
    server, adopted = adopt(path)
    again = view(check_variables(adopted.variables, CONCERN_NAMES)[0].whole_tree)
    assert list(map(routing, own(again))) == list(map(routing, own(server)))
    for before, after in zip(own(server), own(again)):
        paths = (*PATHS, *(rule.path for rule in before.scope.rules if not rule.is_match))
        assert [decision(after, one) for one in paths] == [decision(before, one) for one in paths]


@pytest.mark.parametrize("name", TELLING)
def test_an_adopted_application_reads_as_expected(name: str) -> None:
    for suffix, text in report(name).items():
        assert (ADOPTED / f"{name}.{suffix}").read_text() == text


def report(name: str) -> dict[str, str]:
    """Return all that adoption says of an application, by the suffix of its expected file."""
    adopted = adopt(BY_NAME[name])[1]
    kept = [
        f"line {one.place.line}: {one.outcome}: {one.directive}: {one.reason}\n"
        for one in adopted.kept
    ]
    return {"vars.txt": print_variables(adopted.variables), "kept.txt": "".join(kept)}


def rewrite() -> None:
    """Write what the core says now."""
    ADOPTED.mkdir(exist_ok=True)
    for name in TELLING:
        for suffix, text in report(name).items():
            (ADOPTED / f"{name}.{suffix}").write_text(text)


if __name__ == "__main__":
    rewrite()
