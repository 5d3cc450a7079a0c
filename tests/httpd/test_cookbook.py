"""Each recipe of the cookbook has no problem, and httpd answers each request as the page and the resolver say."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cookbook import PAGE, Answer, Recipe, Row, recipes
from module_utils._httpd.adopting.to_vars import to_vars
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.release.from_variables import server_of
from module_utils._httpd.resolve.plain_requests import read_request
from module_utils._httpd.resolve.resolver import Resolver
from module_utils._httpd.syntax.parse import parse_tree
from pki import make_all
from recipe_stage import Reply, Stage, split_backend

RECIPES = recipes(PAGE.read_text())
ROWS = [
    pytest.param(recipe, row, id=f"{recipe.title}: {row.text}")
    for recipe in RECIPES
    for row in recipe.rows
]
# What reading can't decide, by recipe, and the directive that says so: the server alone is asked.
OPEN = {
    "A path for health checks": "RedirectMatch",
    "Clients that show a certificate": "SSL",
    "Behind another proxy": "RemoteIPHeader",
}
met: set[str] = set()


@pytest.fixture(scope="session")
def pki() -> Iterator[Path]:
    """Certificates of a backend on this machine, and of a client."""
    with tempfile.TemporaryDirectory() as name:
        make_all(Path(name) / "pki", ("localhost",))
        yield Path(name) / "pki"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_recipe_asks_something_and_has_no_problem(recipe: Recipe) -> None:
    assert recipe.rows, "add a request to its table"
    variables = yaml.safe_load(recipe.variables)
    assert [str(one) for one in check_variables(variables, CONCERN_NAMES)[1]] == []


@pytest.mark.parametrize(
    "recipe", [one for one in RECIPES if one.configuration], ids=lambda recipe: recipe.title
)
def test_hand_written_site_is_adopted_as_the_page_says(recipe: Recipe) -> None:
    tree, problems = parse_tree(recipe.configuration, "c")
    assert problems == ()
    assert to_vars(tree, view(tree)).variables == yaml.safe_load(recipe.variables)


@pytest.mark.parametrize(("recipe", "row"), ROWS)
def test_resolver_says_what_the_page_says(recipe: Recipe, row: Row) -> None:
    asked, answer = row.asked, row.answer
    request = read_request(
        asked.url, method=asked.method, headers=dict(asked.headers), client=asked.client
    )
    decision = Resolver(server_of(yaml.safe_load(recipe.variables))).resolve(request)
    if decision.action == "depends":
        assert OPEN.get(recipe.title, "decided") in str(decision.reasons[-1])
        met.add(recipe.title)
    elif decision.action == "proxy" and asked.down:
        # Reading knows who is asked, not who is up.
        assert any(asked.down in url for url in (decision.url, *decision.members)), decision
    elif answer.urls:
        wanted = {plain_url(url) for url in answer.urls}
        assert wanted <= set(map(plain_url, (decision.url, *decision.urls))), decision
        assert all(url.partition("|")[0] in decision.worker for url in answer.urls if "|" in url)
    elif decision.action == "proxy":
        assert answer.status in (502, 503), decision
    elif answer.location:
        assert (decision.status, decision.location) == (answer.status, answer.location), decision
    elif answer.status == 200:
        assert decision.action == "local", decision
    else:
        assert decision.status == answer.status, decision


def test_what_the_resolver_leaves_open_was_met() -> None:
    assert met == set(OPEN)


def plain_url(url: str) -> str:
    """Return a URL as the resolver says it: without its socket, and with the scheme of the rule, whatever comes of it."""
    return url.rpartition("|")[2].replace("ws://", "http://")


@pytest.mark.parametrize(("recipe", "row"), ROWS)
def test_httpd_answers_what_the_page_says(recipe: Recipe, row: Row, pki: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        stage = Stage(recipe, Path(name), pki)
        with stage.serving(row):
            reply = stage.ask(row.asked)
            require(row.answer, reply, stage)
            if row.asked.size:
                assert len(reply.echo["body"]) == int(row.asked.size)
            if row.asked.version:
                assert reply.version == row.asked.version.removesuffix(".0")


def require(answer: Answer, reply: Reply, stage: Stage) -> None:
    """Compare what came with what the page says."""
    if answer.urls:
        is_socket = answer.urls[0].startswith("ws")
        assert reply.status == (101 if is_socket else 200), reply
        assert reply.echo.get("is_socket", False) is is_socket
        assert (reply.echo["name"], reply.echo["path"]) in map(split_backend, answer.urls)
    else:
        assert reply.status == answer.status, reply
    if answer.location:
        assert reply.values("Location") == [answer.location]
    if answer.file:
        assert reply.body == answer.file
    for name, value in answer.backend_gets:
        assert reply.echo["headers"].get(name.lower()) == stage.here(value)
    for name, value in answer.client_gets:
        assert [one for one in reply.values(name) if one.startswith(value)], reply
    for path, text in answer.log_lines:
        require_logged(Path(stage.here(path)), text)


def require_logged(path: Path, text: str) -> None:
    """Wait until a log has a text: httpd writes it after its answer."""
    deadline = time.monotonic() + 5
    while text not in path.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert text in path.read_text()
