"""Three servers that people wrote by hand answer as before once they are adopted and deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from containers import Container
from grid import Request, ask
from playing import Run, run
from requests_by_server import REQUESTS

Answers = Mapping[Request, Mapping[str, Any]]

# What an operator does to the hosts, as the report says: files to disable, and what of them is to be kept.
SITES = {
    "adopt-sites": ["000-default", "shop", "wiki"],
    "adopt-monolith": ["000-default", "httpd"],
    "adopt-tls": ["000-default", "pay", "secure"],
}
KEPT_OF_THE_MAIN_SERVER = (
    "ServerName monolith.example.com\nProxyTimeout 40\nAddDefaultCharset UTF-8\n"
)

# What the variables don't say, a line for each kind.
REPORTED = [
    "sites-enabled/000-default.conf:12: Redirect: another one can't be said, and order is meaning",
    'sites-enabled/000-default.conf:15: Redirect: "gone" is not a path that begins with /',
    "sites-enabled/wiki.conf:9: RequestHeader: no variable says RequestHeader",
    "conf-enabled/balancers.conf:2: <Proxy balancer://apps>: every virtual host inherits it",
    "sites-enabled/httpd.conf:5: ProxyTimeout: it is the main server's; keep it when you take",
    "sites-enabled/httpd.conf:19: <Location /health>: no variable says <Location>",
    "sites-enabled/httpd.conf:45: RewriteRule: rewrites have no variable",
    "httpd.d/10-files.conf:4: AllowEncodedSlashes: no variable says AllowEncodedSlashes",
    "sites-enabled/pay.conf:31: RedirectMatch: a ProxyPass may take its path first",
    "sites-enabled/secure.conf:19: SSLCertificateFile: no variable says SSLCertificateFile",
    "sites-enabled/secure.conf:12: RewriteRule: rewrites have no variable",
]


@dataclass(frozen=True)
class Adopted:
    """What was answered before and after, what adoption wrote, and the runs on the way."""

    before: Mapping[str, Answers]
    after: Mapping[str, Answers]
    written: Mapping[str, Any]
    runs: Mapping[str, Run]


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    """The three servers, adopted into a project with nothing but an inventory, and deployed as README says."""
    project = tmp_path_factory.mktemp("project")
    hosts = "".join(f"{name} ansible_connection=community.docker.docker\n" for name in REQUESTS)
    (project / "inventory").mkdir()
    (project / "inventory/hosts").write_text(hosts)
    before = answers()
    runs = {"check mode": succeed(project, "adopt", "--check")}
    assert not (project / "inventory/host_vars").exists()
    runs["adopt"] = succeed(project, "adopt")
    runs["adopt again"] = succeed(project, "adopt")
    for name, sites in SITES.items():
        Container(name).run("a2dissite", "--quiet", *sites)
    keep(Container("adopt-monolith"), KEPT_OF_THE_MAIN_SERVER)
    runs["site"] = succeed(project, "site")
    after = answers()
    runs["site again"] = succeed(project, "site")
    files = (project / "inventory/host_vars").glob("*.yml")
    written = {file.stem: yaml.safe_load(file.read_text()) for file in files}
    return Adopted(before, after, written, runs)


def succeed(project: Path, playbook: str, *options: str) -> Run:
    """Run one of the collection's playbooks, which must not fail."""
    done = run("-i", "inventory", f"gatehouse.apache.{playbook}", *options, directory=project)
    assert done.has_succeeded, done.output
    return done


def answers() -> dict[str, dict[Request, dict[str, Any]]]:
    """Ask every server everything."""
    return {
        name: {request: ask(Container(name).address, request) for request in requests}
        for name, requests in REQUESTS.items()
    }


def keep(host: Container, text: str) -> None:
    """Write what is the main server's to a file of its own."""
    path = "/etc/apache2/conf-enabled/of-the-main-server.conf"
    host.run("sh", "-c", f"printf '%s' '{text}' >{path}")


@pytest.mark.parametrize("name", REQUESTS)
def test_server_answers_as_before(adopted: Adopted, name: str) -> None:
    before, after = adopted.before[name], adopted.after[name]
    assert len(before) >= 60
    others = {
        str(request): (answer, after[request])
        for request, answer in before.items()
        if answer != after[request]
    }
    assert others == {}


@pytest.mark.parametrize("name", REQUESTS)
def test_grid_reaches_much_of_the_server(adopted: Adopted, name: str) -> None:
    given = adopted.before[name].values()
    reached = {answer["body"]["name"] for answer in given if isinstance(answer["body"], dict)}
    assert len(reached) >= 4
    assert {200, 301, 302, 403, 404} <= {answer["status"] for answer in given}


def test_check_mode_tells_that_files_would_be_written(adopted: Adopted) -> None:
    assert adopted.runs["check mode"].changed == set(REQUESTS)


def test_second_adoption_changes_nothing(adopted: Adopted) -> None:
    assert adopted.runs["adopt"].changed == set(REQUESTS)
    assert adopted.runs["adopt again"].changed == set()


def test_second_deployment_changes_nothing(adopted: Adopted) -> None:
    assert adopted.runs["site"].changed == set(REQUESTS)
    assert adopted.runs["site again"].changed == set()


@pytest.mark.parametrize("line", REPORTED)
def test_report_says_what_was_kept_and_why(adopted: Adopted, line: str) -> None:
    # YAML folds long lines and doubles quotes.
    report = " ".join(adopted.runs["adopt"].output.split()).replace("''", "'")
    assert f"/etc/apache2/{line}" in report.replace('\\"', '"')


def test_a_file_that_says_more_than_its_virtual_hosts_is_named(adopted: Adopted) -> None:
    report = " ".join(adopted.runs["adopt"].output.split())
    assert "or it goes with them:" in report
    assert "/etc/apache2/sites-enabled/httpd.conf" in report.partition("or it goes with them:")[2]


def test_routing_of_a_virtual_host_becomes_variables_wholly_or_not_at_all(adopted: Adopted) -> None:
    www, shop, *_wikis, intranet = adopted.written["adopt-sites"]["apache_vhosts"]
    assert [len(shop[key]) for key in ("redirects", "aliases", "proxy_pass")] == [1, 1, 5]
    assert "extra_directives" not in shop
    assert [len(intranet[key]) for key in ("redirects", "proxy_pass")] == [1, 2]
    assert "redirects" not in www
    assert www["extra_directives"].count("Redirect") == 4
