"""Variables as YAML: read back as they were, and written as an operator would."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from module_utils._httpd.adopting.variables_text import print_variables
from strategies import HOSTILE, inventories

TEXTS = st.one_of(
    HOSTILE,
    HOSTILE.map(lambda text: f"{text}\n"),
    st.sampled_from(["yes", "1", "null", "~", "2024-01-01", "0x1"]),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers()),
    lambda children: st.one_of(
        st.lists(st.one_of(TEXTS, st.integers()), max_size=3),
        st.lists(
            st.dictionaries(st.sampled_from("abc"), children, min_size=1, max_size=3), max_size=3
        ),
        st.dictionaries(st.sampled_from(["path", "url"]), children, max_size=2),
    ),
    max_leaves=8,
)


class Loader(yaml.SafeLoader):
    """Reads Ansible's mark of a text that is no template."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@given(st.dictionaries(st.sampled_from(["apache_vhosts", "apache_modules"]), VALUES))
def test_what_is_written_is_read_back(variables: dict[str, Any]) -> None:
    assert (yaml.load(print_variables(variables), Loader) or {}) == variables


@given(inventories())
def test_an_inventory_is_read_back(variables: dict[str, Any]) -> None:
    assert yaml.load(print_variables(variables), Loader) == variables


def test_short_things_stand_in_a_line_and_texts_as_texts() -> None:
    vhost = {
        "server_name": "x.example.com",
        "listen": [80, "10.0.0.1:80"],
        "proxy_pass": [{"path": "/ws/", "url": "ws://h/"}, {"path": "/", "url": "!"}],
        "custom_log": {"path": "/var/log/x.log", "format": "short"},
        "extra_directives": "Header set A b\n<Location />\n  Require local\n</Location>\n",
    }
    assert print_variables({"apache_vhosts": [vhost]}) == (
        "---\n"
        "apache_vhosts:\n"
        "  - server_name: x.example.com\n"
        '    listen: [80, "10.0.0.1:80"]\n'
        "    proxy_pass:\n"
        '      - {path: /ws/, url: "ws://h/"}\n'
        '      - {path: /, url: "!"}\n'
        "    custom_log: {path: /var/log/x.log, format: short}\n"
        "    extra_directives: |\n"
        "      Header set A b\n"
        "      <Location />\n"
        "        Require local\n"
        "      </Location>\n"
    )


def test_what_ansible_would_take_for_a_template_is_marked() -> None:
    formats = {"day": "%{%d/%b}t", "plain": "%{Host}i"}
    text = print_variables({"apache_log_formats": formats, "x": "RewriteRule {{ a\n"})
    assert text == (
        '---\napache_log_formats: {day: !unsafe "%{%d/%b}t", plain: "%{Host}i"}\n'
        "x: !unsafe |\n  RewriteRule {{ a\n"
    )
