"""A template that fails has its place, hides no other mistake, and brings none that isn't one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filters import filter_of
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.variables.door import Unfilled

from playbooks import run, run_file

NOPE = Unfilled("'nope' is undefined")
SHOP: dict[str, Any] = {"server_name": "a.test", "proxy_to": "http://10.0.0.1:8080"}
RULE = {"path": "/", "url": "http://10.0.0.1:8080/"}


def places(**given: Any) -> list[str]:
    """Return the place of each problem of variables, `apache_` left out of their names."""
    named = {f"apache_{name}": value for name, value in given.items()}
    found = check_variables(named, CONCERN_NAMES)[1]
    return [str(problem.place).removeprefix("apache_") for problem in found]


CASES = [
    pytest.param({"vhosts": NOPE}, "vhosts", id="a whole list"),
    pytest.param({"vhosts": [NOPE, SHOP]}, "vhosts[0]", id="a virtual host"),
    pytest.param({"vhosts": [{**SHOP, "proxy_to": NOPE}]}, "vhosts[0] (a.test).proxy_to", id="a key"),
    pytest.param({"vhosts": [{**SHOP, "server_name": NOPE}]}, "vhosts[0].server_name", id="the name"),
    pytest.param({"vhosts": [{**SHOP, "listen": [NOPE]}]}, "vhosts[0] (a.test).listen[0]", id="an address"),
    pytest.param({"vhosts": [{**SHOP, "listen": [443], "ssl": NOPE}]}, "vhosts[0] (a.test).ssl", id="TLS"),
    pytest.param(
        {"vhosts": [{**SHOP, "ssl": {"certificate_file": NOPE, "certificate_key_file": "/a.key"}}]},
        "vhosts[0] (a.test).ssl.certificate_file",
        id="half of a certificate",
    ),
    pytest.param(
        {"vhosts": [{"server_name": "a.test", "proxy_pass": [{**RULE, "url": NOPE, "maxattempts": 2}]}]},
        "vhosts[0] (a.test).proxy_pass[0].url",
        id="a rule's URL, which may be a balancer's",
    ),
    pytest.param(
        {"vhosts": [{"server_name": "a.test", "proxy_pass": [{**RULE, "timeout": NOPE}]}]},
        "vhosts[0] (a.test).proxy_pass[0].timeout",
        id="a parameter",
    ),
    pytest.param(
        {"vhosts": [{"server_name": "a.test", "proxy_pass": [{"match": NOPE, "url": "http://10.0.0.1"}]}]},
        "vhosts[0] (a.test).proxy_pass[0].match",
        id="one of two keys",
    ),
    pytest.param(
        {"vhosts": [{**SHOP, "proxy_to": "balancer://x/"}], "balancers": NOPE}, "balancers", id="balancers"
    ),
    pytest.param(
        {"vhosts": [{**SHOP, "proxy_to": "balancer://x/"}], "balancers": [{"name": "x", "members": [{"url": NOPE}]}]},
        "balancers[0] (x).members[0].url",
        id="the only member",
    ),
    pytest.param({"vhosts": [SHOP], "log_formats": {"a": NOPE}}, "log_formats.a", id="a format"),
    pytest.param({"vhosts": [SHOP, {**SHOP, "server_name": "b.test"}], "vhost_defaults": NOPE}, "vhost_defaults", id="defaults"),
    pytest.param(
        {"vhosts": [SHOP, {**SHOP, "server_name": "b.test"}], "vhost_defaults": {"document_root": NOPE}},
        "vhost_defaults.document_root",
        id="a default",
    ),
    pytest.param({"vhosts": [SHOP], "vhost_defaults": {"extra_directives": NOPE}}, "vhost_defaults.extra_directives", id="directives of all"),
    pytest.param({"vhosts": [SHOP], "ssl": {"profile": NOPE}}, "ssl.profile", id="a key of the host's TLS"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_a_failed_template_is_one_problem_in_its_place(
    given: dict[str, Any], expected: str
) -> None:
    assert places(**given) == [expected]


def test_a_failed_template_hides_nothing_beside_it() -> None:
    vhosts = [{**SHOP, "server_name": f"{number}.test"} for number in range(300)]
    vhosts[12] = {**vhosts[12], "proxy_to": NOPE, "listen": [0]}
    vhosts[250] = {**vhosts[250], "proxy_t": "x"}
    assert places(vhosts=vhosts) == [
        "vhosts[12] (12.test).listen[0]",
        "vhosts[12] (12.test).proxy_to",
        "vhosts[250] (250.test).proxy_t",
    ]


def test_ansibles_own_words_are_said_with_a_remedy() -> None:
    given = {
        "apache_vhosts": [SHOP],
        "apache_log_formats": {"a": NOPE, "b": Unfilled("Syntax error")},
    }
    assert [str(problem) for problem in check_variables(given, CONCERN_NAMES)[1]] == [
        "apache_log_formats.a: 'nope' is undefined; define it for this host, or mend the template",
        "apache_log_formats.b: Syntax error; mend the template",
    ]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        pytest.param(
            "hostvars['nope']",
            "the inventory has no host `nope`, whose variables the template asks for;"
            " name a host that it has, or mend the template",
            id="no such host",
        ),
        pytest.param(
            "\"hostvars['nope']\" is undefined",
            "the inventory has no host `nope`, whose variables the template asks for;"
            " name a host that it has, or mend the template",
            id="the same by ansible-core 2.18",
        ),
        pytest.param(
            "object of type 'HostVarsVars' has no attribute 'ip'",
            "object of type 'HostVarsVars' has no attribute 'ip';"
            " define it for the host that is named, or mend the template",
            id="no such variable of another host",
        ),
    ],
)
def test_a_template_that_names_another_host_says_what_that_lacks(reason: str, said: str) -> None:
    given = {"apache_vhosts": [{**SHOP, "proxy_to": Unfilled(reason)}]}
    (found,) = check_variables(given, CONCERN_NAMES)[1]
    assert str(found) == f"apache_vhosts[0] (a.test).proxy_to: {said}"


def test_a_template_that_ansible_left_as_it_was_is_one_of_a_filters_problems() -> None:
    vhost = {**SHOP, "document_root": "/srv/{{ nope }}", "listen": [0]}
    found = filter_of("problems")({"apache_vhosts": [vhost]})
    assert [(one["place"], one["rule"]) for one in found] == [
        ("apache_vhosts[0] (a.test).listen[0]", "variable"),
        ("apache_vhosts[0] (a.test).document_root", "template"),
    ]


INVENTORY = """
all:
  vars: {ansible_connection: local}
  hosts:
    bad:
      site_vhosts:
        - {server_name: good.test, proxy_to: "http://{{ backend }}/", proxy_timeout: "{{ nothing | default(omit) }}"}
        - {server_name: undefined.test, proxy_to: "http://{{ nope }}/", proxy_timeout: "{{ nothing | default(omit) }}"}
        - {server_name: wrong.test, proxy_to: "http:/x"}
      backend: 10.0.0.1
      apache_vhosts: "{{ site_vhosts }}"
      apache_modules: "{{ nothing | default(omit) }}"
      apache_log_formats: {broken: "{{ nope", missing: "{{ x | no_such_filter }}", fine: "%h"}
      apache_balancers: "{{ apache_balancers }}"
    good:
      apache_vhosts: [{server_name: good.test, proxy_to: "http://{{ backend }}/", proxy_timeout: "{{ nothing | default(omit) }}"}]
      apache_modules: "{{ nothing | default(omit) }}"
      backend: 10.0.0.1
"""
FILTER = """
- hosts: bad
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "{{ hostvars.bad | gatehouse.apache.problems | map(attribute='place') | join(' / ') }}"
    - ansible.builtin.debug:
        msg: "{{ hostvars.good | gatehouse.apache.problems | length }} of the good one"
    - ansible.builtin.debug:
        msg: "{{ hostvars.bad | gatehouse.apache.resolve('http://good.test/') }}"
"""


@pytest.mark.playbook
def test_a_playbook_names_each_template_that_fails_and_every_other_mistake(project: Path) -> None:
    (project / "hosts.yml").write_text(INVENTORY)
    _status, printed = run(project, "check", "-i", "hosts.yml")
    found = [line.removeprefix("error ") for line in printed.splitlines() if "(bad)" in line]
    assert found == [
        "apache_vhosts[1] (undefined.test).proxy_to (bad)",
        "apache_vhosts[2] (wrong.test).proxy_to (bad)",
        "apache_balancers (bad)",
        "apache_log_formats.broken (bad)",
        "apache_log_formats.missing (bad)",
    ]
    assert "5 errors, no warnings and no hints on 2 hosts" in printed


@pytest.mark.playbook
def test_a_filter_names_each_template_that_fails_too(project: Path) -> None:
    (project / "hosts.yml").write_text(INVENTORY)
    (project / "filter.yml").write_text(FILTER)
    _status, printed = run_file(project, "filter.yml", "-i", "hosts.yml")
    first = "apache_vhosts[1] (undefined.test).proxy_to"
    assert f"{first} / apache_vhosts[2] (wrong.test).proxy_to / apache_balancers" in printed
    assert "0 of the good one" in printed
    assert f"gatehouse.apache.resolve: {first}: 'nope' is undefined" in printed
