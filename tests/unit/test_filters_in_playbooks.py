"""The filters in a real run: README's play, every example of their documents, and module `config_info` beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from readme import blocks

pytestmark = pytest.mark.playbook

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT / "plugins/filter").glob("*.yml"))
Plain = dict[str, Any]

INVENTORY = """\
[proxies]
proxy1 ansible_connection=local
[app]
app1 ansible_host=10.0.0.11
app2.example.com ansible_host=10.0.0.12
"""
SITE = """\
Listen 80
<VirtualHost *:80>
  ServerName shop.example.com
  <IfModule mod_ssl.c>
    ProxyPass /tls https://10.0.0.3/
  </IfModule>
  ProxyPass /static !
  ProxyPass / http://10.0.0.1:8080
</VirtualHost>
"""
REQUEST = {
    "url": "http://shop.example.com/tls/x",
    "method": "POST",
    "headers": {"Cookie": "a=b"},
    "address": "10.0.0.9",
    "client": "192.0.2.1",
}
BESIDE_THE_MODULE = [
    {
        "name": "Ask the module",
        "gatehouse.apache.config_info": {
            "text": SITE,
            "version": "2.4.62",
            "modules": ["ssl"],
            "requests": [REQUEST],
        },
        "register": "module",
    },
    {
        "name": "Compare",
        "vars": {"site": SITE, "request": REQUEST, "httpd": {"version": "2.4.62", "modules": ["ssl"]}},
        "ansible.builtin.assert": {
            "that": [
                "module.problems | length > 0",
                "site | gatehouse.apache.problems(**httpd) == module.problems",
                "site | gatehouse.apache.needed_modules(**httpd) == module.modules",
                "[site | gatehouse.apache.resolve(version='2.4.62', modules=['ssl'], **request)] == module.decisions",
            ]
        },
    },
]  # fmt: skip
REFUSED = [
    {
        "name": f"Refused {name}",
        "ansible.builtin.debug": {"msg": f"{{{{ {expression} }}}}"},
    }
    for name, expression in (
        ("variables", "{'apache_vhosts': 'x'} | gatehouse.apache.resolve('http://a/')"),
        ("template", "{'apache_vhosts': [nope.x]} | gatehouse.apache.resolve('http://a/')"),
        ("host", "['nope'] | gatehouse.apache.balancer_members(hostvars)"),
    )
]


def document(name: str) -> Plain:
    """Return a filter's document."""
    read: Plain = yaml.safe_load((ROOT / f"plugins/filter/{name}.yml").read_text())
    return read


def examples() -> list[Plain]:
    """Return every example of every filter's document."""
    return [task for path in DOCUMENTS for task in yaml.safe_load(document(path.stem)["EXAMPLES"])]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plain]:
    """Run everything once; return each task's result on the proxy by its name."""
    project = tmp_path_factory.mktemp("project")
    namespace = project / "ansible_collections/gatehouse"
    namespace.mkdir(parents=True)
    (namespace / "apache").symlink_to(ROOT)
    for directory in ("group_vars", "host_vars"):
        (project / directory).mkdir()
    (project / "hosts").write_text(INVENTORY)
    (project / "group_vars/proxies.yml").write_text(blocks("yaml")[0])
    (project / "host_vars/app2.example.com.yml").write_text(
        "apache_member: {loadfactor: 50, status: drain}\n"
    )
    (readme,) = yaml.safe_load(blocks("yaml", "Know where a request goes")[1])
    (asserted,) = readme["tasks"]
    tasks = [{"name": "README", **asserted}, *BESIDE_THE_MODULE, *examples(), *REFUSED]
    for task in tasks:
        # Each is judged by a test of its own.
        task["ignore_errors"] = True
    (project / "play.yml").write_text(yaml.safe_dump([{**readme, "tasks": tasks}]))
    done = subprocess.run(
        ["ansible-playbook", "-i", "hosts", "play.yml"],
        cwd=project,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(project),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (play,) = json.loads(done.stdout[done.stdout.index("{") :])["plays"]
    return {task["task"]["name"]: task["hosts"]["proxy1"] for task in play["tasks"]}


@pytest.mark.parametrize(
    "name", ["README", "Compare", *(example["name"] for example in examples())]
)
def test_what_documents_say_runs(results: dict[str, Plain], name: str) -> None:
    assert not results[name].get("failed"), results[name]


def test_every_filter_has_a_document_and_an_example_that_uses_it() -> None:
    plugins = {path.stem for path in (ROOT / "plugins/filter").glob("*.py")}
    assert plugins == {path.stem for path in DOCUMENTS}
    for name in plugins:
        assert f"| gatehouse.apache.{name}" in document(name)["EXAMPLES"]


def test_the_hand_written_configuration_of_an_example_has_the_problem_that_it_says(
    results: dict[str, Plain],
) -> None:
    result = results["Say what is wrong with a configuration that somebody wrote by hand"]
    assert any("has no slash at its end" in message for message in result["msg"])


def test_a_request_of_an_example_is_explained(results: dict[str, Plain]) -> None:
    explained = results["Explain a request with a cookie"]["msg"]
    assert explained[0].startswith(
        "proxied by balancer://app, which asks http://10.0.0.11:8080/login"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("variables", 'gatehouse.apache.resolve: apache_vhosts: "x" is text, not a list; write'),
        ("template", "nope"),
        ("host", "gatehouse.apache.balancer_members: nope: the inventory has no such host"),
    ],
)
def test_a_refusal_fails_the_task_with_its_remedy(
    results: dict[str, Plain], name: str, expected: str
) -> None:
    result = results[f"Refused {name}"]
    assert result["failed"]
    assert expected in result["msg"]


def test_the_sample_of_a_decision_has_the_keys_of_one(results: dict[str, Plain]) -> None:
    (decision,) = results["Ask the module"]["decisions"]
    assert set(document("resolve")["RETURN"]["_value"]["sample"]) == set(decision)
