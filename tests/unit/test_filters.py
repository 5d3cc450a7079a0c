"""What the filters answer in Python: plain data, the same as module and checker, or a refusal with its remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from examples import examples
from filters import filter_of
from hand_written import APPS, LINES, app_text
from hypothesis import assume, example, given
from hypothesis import strategies as st
from module_utils._host.reading import assumed_httpd, read_text, to_plain
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.concerns.inventory import read_inventory
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.resolve.plain_requests import read_request
from module_utils._httpd.resolve.plain_requests import to_plain as decision_to_plain
from module_utils._httpd.resolve.resolver import Resolver
from module_utils._httpd.syntax.problem import has_errors
from module_utils._httpd.syntax.problem import to_plain as problem_to_plain
from strategies import NAMES, PATHS, inventories

Plain = dict[str, Any]

TEXTS = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=8).map(
        lambda lines: "\n".join(
            [
                "Listen 80",
                "<VirtualHost *:80>",
                "ServerName a.example.com",
                *lines,
                "</VirtualHost>",
            ]
        )
    ),
    st.sampled_from(APPS).map(app_text),
    st.text(max_size=60),
)
HTTPDS = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from(["2.4", "2.4.54", "2.4.66"]),
        "modules": st.lists(st.sampled_from(["ssl", "mod_unknown.c", "proxy_module"]), max_size=3),
    },
)
REQUESTS = st.fixed_dictionaries(
    {
        "url": st.builds(
            lambda scheme, name, path: f"{scheme}://{name}.example.com{path}x",
            st.sampled_from(["http", "https"]),
            NAMES,
            PATHS,
        )
    },
    optional={
        "method": st.sampled_from(["GET", "POST"]),
        "headers": st.sampled_from([{}, {"Upgrade": "websocket"}, {"Host": "a.example.com"}]),
        "address": st.just("127.0.0.1"),
        "client": st.sampled_from(["192.0.2.1", "10.0.0.1"]),
    },
)


@given(TEXTS, HTTPDS, REQUESTS)
@example("LoadModule x \0", {}, {"url": "http://a.example.com/"})
@example("ServerName a\nProxyPass /\udcff http://\udcff/", {}, {"url": "http://a.example.com/"})
@examples(200)
def test_of_a_text_the_filters_say_what_config_info_says(
    text: str, httpd: Plain, request: Plain
) -> None:
    known = assumed_httpd(httpd.get("version"), httpd.get("modules"))
    expected = to_plain(read_text(text, known), [read_request(**request)])
    assert filter_of("problems")(text, **httpd) == expected["problems"]
    assert filter_of("needed_modules")(text, **httpd) == expected["modules"]
    assert [filter_of("resolve")(text, **request, **httpd)] == expected["decisions"]


@given(inventories(), REQUESTS)
@examples(100)
def test_of_variables_the_filters_say_what_a_stage_says(variables: Plain, request: Plain) -> None:
    compiled, problems = check_variables(variables, CONCERN_NAMES)
    assert filter_of("problems")(variables) == [problem_to_plain(problem) for problem in problems]
    if not has_errors(read_inventory(variables)[1]):
        decision = Resolver(view(compiled.whole_tree)).resolve(read_request(**request))
        assert filter_of("resolve")(variables, **request) == decision_to_plain(decision)


@given(inventories())
@examples(50)
def test_of_variables_the_modules_are_those_that_the_parts_ask_for(variables: Plain) -> None:
    assume(not has_errors(read_inventory(variables)[1]))
    compiled = check_variables(variables, CONCERN_NAMES)[0]
    modules = filter_of("needed_modules")(variables)
    assert set(modules) >= {name for part in compiled.parts for name in part.manifest.modules}
    assert set(modules) >= set(variables.get("apache_modules", ()))
    assert len(modules) == len(set(modules))


def test_managed_certificates_need_their_module() -> None:
    vhost = {"server_name": "a.example.com", "document_root": "/srv", "ssl": "managed"}
    acme = {"terms_agreed": True, "contact_email": "a@example.com"}
    modules = filter_of("needed_modules")({"apache_vhosts": [vhost], "apache_acme": acme})
    assert {"md", "ssl"} <= set(modules)


def test_a_module_stands_after_those_that_it_needs() -> None:
    modules = filter_of("needed_modules")("ProxyPass / balancer://app/\n")
    assert modules.index("slotmem_shm") < modules.index("proxy_balancer")


def test_variables_that_the_roles_dont_read_are_never_templated() -> None:
    class Variables(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            assert key != "other"
            return super().__getitem__(key)

    given_ = Variables(apache_vhosts=[{"server_name": "a.example.com"}], other="{{ nope }}")
    assert filter_of("problems")(given_) == filter_of("problems")({**dict.copy(given_)})


def loaded(tmp_path: Path, value: Any) -> Any:
    """Return a value as Ansible reads it from a file, in types of its own."""
    (tmp_path / "value.json").write_text(json.dumps(value))
    return DataLoader().load_from_file(str(tmp_path / "value.json"))


def types_in(value: Any) -> set[type]:
    """Return the types of a value and all that is in it."""
    if isinstance(value, Mapping):
        return {type(value)}.union(*map(types_in, [*value.keys(), *value.values()]))
    if isinstance(value, list):
        return {type(value)}.union(*map(types_in, value))
    return {type(value)}


def test_what_comes_in_ansibles_types_goes_out_in_pythons(tmp_path: Path) -> None:
    vhost = {"server_name": "a.example.com", "proxy_to": "http://10.0.0.1:80", "timeout": 5}
    variables = loaded(tmp_path, {"apache_vhosts": [vhost]})
    hostvars = loaded(tmp_path, {"app1": {"apache_member": {"loadfactor": 5, "status": "drain"}}})
    assert types_in(variables) != types_in({"apache_vhosts": [vhost]})
    answers = [
        filter_of("problems")(variables),
        filter_of("problems")(loaded(tmp_path, "Timeout x\nProxyPass a b\n")),
        filter_of("needed_modules")(loaded(tmp_path, "ProxyPass / http://10.0.0.1/\n")),
        filter_of("resolve")(loaded(tmp_path, "ServerName a\n"), "http://a/"),
        filter_of("balancer_members")(loaded(tmp_path, ["app1"]), hostvars),
    ]
    assert all(answers)
    assert types_in(answers) <= {dict, list, str, int}


TWO_MISTAKES = {
    "apache_vhosts": [{"server_name": "a.example.com", "proxy_to": "http:/a"}],
    "apache_proof_port": 0,
}


@pytest.mark.parametrize("name", ["resolve", "needed_modules"])
def test_variables_that_cant_be_read_are_refused_with_every_mistake(name: str) -> None:
    words = ("http://a.example.com/",) if name == "resolve" else ()
    with pytest.raises(AnsibleFilterError) as refusal:
        filter_of(name)(TWO_MISTAKES, *words)
    message = str(refusal.value)
    assert message.startswith(f"gatehouse.apache.{name}: ")
    assert (
        'apache_vhosts[0] (a.example.com).proxy_to: "http:/a" has no host; write http://' in message
    )
    assert "apache_proof_port: 0 is not a whole number from 1 to 65535; write" in message


URL = "http://a.example.com/"


@pytest.mark.parametrize(
    ("name", "words", "options", "expected"),
    [
        pytest.param("problems", [[1]], {}, '[1] is a list; write a mapping of apache_*', id="a list"),
        pytest.param("problems", [None], {}, "is nothing; write a mapping of apache_*", id="nothing"),
        pytest.param("problems", ["x"], {"version": "new"}, 'version is "new"; write it as 2.4.62', id="version"),
        pytest.param("problems", ["x"], {"version": 2.4}, "version is 2.4, which is no text; write it in quotes", id="a number as version"),
        pytest.param("problems", ["x"], {"modules": "ssl"}, "modules is 'ssl', which is no list; write [ssl]", id="modules as text"),
        pytest.param("problems", [{}], {"modules": ["ssl"]}, "are for a configuration's text; leave them out", id="modules of variables"),
        pytest.param("resolve", ["x", "a.example.com"], {}, '"a.example.com" is no URL of a web server; write https://', id="no URL"),
        pytest.param("resolve", ["x", {"url": URL}], {}, "url is {'url': ", id="a mapping as URL"),
        pytest.param("resolve", ["x", URL], {"method": "get it"}, '"get it" is no method; write GET', id="method"),
        pytest.param("resolve", ["x", URL], {"headers": "Cookie"}, "headers is 'Cookie', which is no mapping; write `NAME", id="headers"),
        pytest.param("resolve", ["x", URL], {"client": True}, "client is True, which is no text; write it in quotes", id="client"),
        pytest.param("resolve", [{"apache_vhost": []}, URL], {}, "no list of virtual hosts is defined", id="a misspelt variable"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused_with_a_remedy(
    name: str, words: list[Any], options: Plain, expected: str
) -> None:
    with pytest.raises(AnsibleFilterError) as refusal:
        filter_of(name)(*words, **options)
    assert expected in str(refusal.value)


def test_a_template_that_nothing_filled_is_refused() -> None:
    vhost = {"server_name": "a.example.com", "document_root": "/srv/{{ nope }}"}
    with pytest.raises(AnsibleFilterError) as refusal:
        filter_of("resolve")({"apache_vhosts": [vhost]}, URL)
    expected = '.document_root: "/srv/{{ nope }}" names what is undefined; define it for this host'
    assert expected in str(refusal.value)


def test_braces_alone_are_no_template() -> None:
    vhost = {"server_name": "a.example.com", "document_root": "/srv/a{1}{2}"}
    assert filter_of("problems")({"apache_vhosts": [vhost]}) == []


def test_a_header_may_be_a_number() -> None:
    assert read_request("http://a/", headers={"X-Count": 5}).headers == {"x-count": "5"}


def test_members_without_the_variables_of_hosts_are_refused_with_the_remedy() -> None:
    with pytest.raises(AnsibleFilterError, match=r"write `\| balancer_members\(hostvars\)`"):
        filter_of("balancer_members")(["app1"])


def test_a_number_is_called_one() -> None:
    with pytest.raises(AnsibleFilterError, match="problems: 5 is a number; write a mapping"):
        filter_of("problems")(type("TaggedInt", (int,), {})(5))
