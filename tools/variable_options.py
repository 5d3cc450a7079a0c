"""What is said of variables, read from the core's models: the page of variables, and options of Ansible's documentation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from module_utils._httpd.concerns.inventory import PLAYBOOK_VARIABLES, Inventory
from module_utils._httpd.concerns.vhosts.model import Vhost
from module_utils._httpd.concerns.vhosts.vhost_lists import VHOST_LISTS
from module_utils._httpd.variables.door import Kind
from module_utils._httpd.variables.fields import Key, is_required
from module_utils._httpd.variables.parameters import BALANCER, TABLES, Parameter
from module_utils._httpd.vocabulary.address import Address
from problem_pages import WRITTEN

LISTS = {
    "apache_vhosts": "Virtual hosts.",
    "apache_group_vhosts": "Virtual hosts of a group, joined to apache_vhosts. Of a host in several groups Ansible takes one"
    " group's; `apache_group_vhosts_NAME`, with a name for each group, are all joined, in the order of their names.",
    "apache_host_vhosts": "Virtual hosts of one host, joined to apache_vhosts.",
}
DEFAULTS = (
    "Keys that fill each virtual host. Its own mappings (`ssl`, `ssl_proxy`, `custom_log`) are merged with these key by key, and"
    " its own certificate or authorities are instead of these; its `extra_directives` follow these, and its `check_off` adds"
    " to these. Anything else of its own, lists too, is instead of these; `KEY: null` drops one."
)


def variables_page() -> str:
    """Write a table a model."""
    lines = ["# Variables", "", f"Every variable and its keys; {WRITTEN}.", ""]
    lines += ["| variable | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name, option in variables().items():
        lines.append(row(name, option))
    lines += ["", "## Of the playbooks", "", "| variable | meaning |", "| --- | --- |"]
    lines += [f"| `{name}` | {text} |" for name, text in PLAYBOOK_VARIABLES.items()]
    for title, model in models():
        lines += [
            "",
            f"## {title}",
            "",
            "| key | type | default | meaning |",
            "| --- | --- | --- | --- |",
        ]
        lines += [row(name, option) for name, option in options_of(model).items()]
    return "\n".join(lines) + "\n"


def row(name: str, option: dict[str, Any]) -> str:
    """Write one option as a table's row."""
    kind = f"list of {option['elements']}" if "elements" in option else option["type"]
    default = (
        "required"
        if option.get("required")
        else f"`{option['default']}`"
        if "default" in option
        else ""
    )
    choices = (
        f" One of {', '.join(f'`{choice}`' for choice in option['choices'])}."
        if "choices" in option
        else ""
    )
    return f"| `{name}` | {kind} | {default} | {option['description']}{choices} |".replace(
        "|jsession", "\\|jsession"
    ).replace("COOKIE|PATH", "COOKIE\\|PATH")


def models() -> Iterator[tuple[str, type[Any]]]:
    """Yield every model below the variables, with the title of its section."""
    pending: list[tuple[str, Kind]] = [
        ("apache_vhosts[]", Kind("dict", lambda *_: None, model=Vhost))
    ]
    pending += [
        (
            f"apache_{field.name}{'[]' * (key_of(field).kind.type_name == 'list')}",
            key_of(field).kind,
        )
        for field in settings()
        if key_of(field).kind.model
    ]
    seen: set[type[Any]] = set()
    while pending:
        title, kind = pending.pop(0)
        if kind.model is None or kind.model in seen:
            continue
        seen.add(kind.model)
        yield title, kind.model
        for field in dataclasses.fields(kind.model):
            if "key" in field.metadata:
                suffix = "[]" if key_of(field).kind.type_name == "list" else ""
                pending.append((f"{title}.{field.name}{suffix}", key_of(field).kind))


def settings() -> list[dataclasses.Field[Any]]:
    """Return the inventory's fields that are variables."""
    return [field for field in dataclasses.fields(Inventory) if "key" in field.metadata]


def key_of(field: dataclasses.Field[Any]) -> Key:
    """Return what a field's users are told."""
    key: Key = field.metadata["key"]
    return key


def variables() -> dict[str, dict[str, Any]]:
    """Return every variable as an option of Ansible's documentation."""
    vhosts = {"type": "list", "elements": "dict", "options": options_of(Vhost)}
    found: dict[str, dict[str, Any]] = {
        name: {**vhosts, "description": LISTS[name]} for name in VHOST_LISTS
    }
    found["apache_vhost_defaults"] = {"type": "dict", "description": DEFAULTS}
    found |= {f"apache_{field.name}": option_of(field) for field in settings()}
    return found


def options_of(model: type[Any]) -> dict[str, dict[str, Any]]:
    """Return a model's keys as options, the flat parameters last."""
    options = {
        field.name: option_of(field)
        for field in dataclasses.fields(model)
        if "key" in field.metadata
    }
    for name, parameter in flat_parameters(model).items():
        options.setdefault(
            name,
            {
                "type": parameter.kind.type_name,
                **choices_of(parameter.kind),
                "description": parameter.description,
            },
        )
    return options


def flat_parameters(model: type[Any]) -> dict[str, Parameter]:
    """Return the parameters that lie flat in a model."""
    if not any("flat" in field.metadata for field in dataclasses.fields(model)):
        return {}
    tables = {"Member": TABLES["member"], "BalancerModel": BALANCER}
    return tables.get(model.__name__, {**BALANCER, **TABLES["worker"]})


def option_of(field: dataclasses.Field[Any]) -> dict[str, Any]:
    """Return one field as an option."""
    key = key_of(field)
    option: dict[str, Any] = {
        "type": key.kind.type_name,
        "description": key.description,
        **choices_of(key.kind),
    }
    if is_required(field):
        option["required"] = True
    elif (
        field.default is not dataclasses.MISSING
        and field.default not in (None, "", ())
        and not key.kind.model
    ):
        option["default"] = plain(field.default)
    if key.kind.type_name == "list" and key.kind.element:
        option["elements"] = key.kind.element.type_name
    if key.kind.model and key.kind.type_name != "raw":
        option["options"] = options_of(key.kind.model)
    return option


def choices_of(kind: Kind) -> dict[str, Any]:
    """Return a kind's choices, where it has some."""
    return {"choices": list(kind.choices)} if kind.choices else {}


def plain(value: Any) -> Any:
    """Return a default as a user would write it."""
    if isinstance(value, tuple):
        return [
            str(element) if isinstance(element, Address) else plain(element) for element in value
        ]
    return value
