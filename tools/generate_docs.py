"""Write what is said of variables and problems elsewhere from where it is said once: the core.

docs/rules.md, docs/problems.md, docs/variables.md and each role's meta/argument_specs.yml.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "plugins"))

from module_utils._httpd.concerns.catalogue import CONCERN_NAMES, CONCERNS  # noqa: E402
from module_utils._httpd.concerns.inventory import VHOST_LISTS, Inventory  # noqa: E402
from module_utils._httpd.concerns.vhosts.model import Vhost  # noqa: E402
from module_utils._httpd.variables.door import Kind  # noqa: E402
from module_utils._httpd.variables.fields import Key, is_required  # noqa: E402
from module_utils._httpd.variables.parameters import BALANCER, TABLES, Parameter  # noqa: E402
from module_utils._httpd.vocabulary.address import Address  # noqa: E402
from problem_pages import WRITTEN, problems_page, rules_page  # noqa: E402

LISTS = {
    "apache_vhosts": "Virtual hosts.",
    "apache_group_vhosts": "Virtual hosts of a group, joined to apache_vhosts.",
    "apache_host_vhosts": "Virtual hosts of one host, joined to apache_vhosts.",
}
DEFAULTS = "Keys that fill each virtual host."
COMMIT_VARIABLES: dict[str, dict[str, Any]] = {
    "apache_allow_empty": {
        "type": "bool",
        "default": False,
        "description": "Let a commit remove every virtual host.",
    },
    "apache_allow_removal": {
        "type": "bool",
        "default": False,
        "description": "Let a commit remove more than a quarter of a host's virtual hosts.",
    },
    "apache_service_state": {
        "type": "str",
        "choices": ["started", "stopped"],
        "default": "started",
        "description": "Whether the server is to run.",
    },
}
# Of the roles that stage one concern only.
ROLE_STATE: dict[str, dict[str, Any]] = {
    "apache_role_state": {
        "type": "str",
        "choices": ["present", "absent"],
        "default": "present",
        "description": "Have what this role deployed for the owner go with V(absent).",
    },
}


@dataclasses.dataclass(frozen=True)
class Role:
    """What is said of a role: in its tasks, in its specs and in its metadata. Its name is its concern's."""

    stages: str
    short: str
    description: str


ROLES: dict[str, Role] = {
    "vhosts": Role(
        "the virtual hosts",
        "Virtual hosts that proxy, and the balancers that they use",
        "Virtual hosts that proxy - apache_vhosts and the balancers they use",
    ),
    "http2": Role("HTTP/2", "HTTP/2 and its limits", "HTTP/2 and its limits - apache_http2"),
    "balancers": Role(
        "the balancers",
        "Balancers and their members",
        "Balancers and their members - apache_balancers",
    ),
    "ssl": Role(
        "TLS", "TLS of the whole host", "TLS of the whole host - apache_ssl and apache_acme"
    ),
    "modules": Role(
        "the modules",
        "Modules beyond those that the configuration asks for",
        "Modules beyond those that the configuration asks for - apache_modules",
    ),
}
UMBRELLA = "reverse_proxy"
UMBRELLA_SHORT = "A whole reverse proxy, staged, proved and committed"


def outputs() -> dict[Path, str]:
    """Return every generated file's path and text."""
    specs = {
        ROOT / "roles" / role / "meta" / "argument_specs.yml": argument_specs(role)
        for role in (*ROLES, UMBRELLA, "commit")
    }
    return {
        **{ROOT / "roles" / role / "tasks" / "main.yml": tasks(role) for role in ROLES},
        **{ROOT / "roles" / role / "meta" / "main.yml": metadata(role) for role in ROLES},
        ROOT / "docs/rules.md": rules_page(),
        ROOT / "docs/problems.md": problems_page(),
        ROOT / "docs/variables.md": variables_page(),
        **specs,
    }


def variables_page() -> str:
    """Write a table a model."""
    lines = ["# Variables", "", f"Every variable and its keys; {WRITTEN}.", ""]
    lines += ["| variable | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name, option in variables().items():
        lines.append(row(name, option))
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
    return {**found, **COMMIT_VARIABLES}


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


def argument_specs(role: str) -> str:
    """Write a role's argument specs."""
    points = commit_entry_points() if role == "commit" else entry_points(role)
    specs = {"argument_specs": points}
    text = yaml.dump(specs, Dumper=_Indented, sort_keys=False, width=150, allow_unicode=True)
    return f"---\n# {WRITTEN[0].upper()}{WRITTEN[1:]}.\n{text}"


def commit_entry_points() -> dict[str, Any]:
    """Return the entry point that each role depends on, so that the commit's variables are checked once a play.

    `install` and `commit` have none: Ansible would check the same again, as a task of its own.
    """
    options = {
        **{name: variables()[name] for name in ("apache_owner", *COMMIT_VARIABLES)},
        **ROLE_STATE,
    }
    description = "The handler of the other roles, by which they commit once."
    return {"main": entry_point("What holds for the commit of every role", description, options)}


def entry_points(role: str) -> dict[str, Any]:
    """Return the one entry point of a role that stages: documentation, which has no tasks.

    A `main` would have Ansible refuse what it doesn't list, where variables are given beside the role's name, and
    template a thousand virtual hosts if it listed them. The core reads them once, and names exact places.
    """
    short = UMBRELLA_SHORT if role == UMBRELLA else ROLES[role].short
    names = role_variables(role)
    options = {name: option for name, option in variables().items() if name in names}
    if role != UMBRELLA:
        options |= ROLE_STATE
    text = "What the role reads; every mistake is reported with its exact place."
    return {"variables": entry_point(short, text, options)}


def entry_point(short: str, description: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return an entry point of a spec."""
    return {
        "short_description": short,
        "description": [description],
        "author": ["The Gatehouse engineers"],
        "version_added": "0.1.0",
        "options": options,
    }


def role_variables(role: str) -> set[str]:
    """Return the variables of a role: its concern's, and those of the concerns that it stages besides in any case."""
    by_name = {concern.name: concern for concern in CONCERNS}
    concerns = (
        CONCERN_NAMES if role == UMBRELLA else (role, *by_name[role].staged_with(Inventory()))
    )
    owned = {f"apache_{name}" for concern in concerns for name in by_name[concern].variables}
    return owned | {"apache_owner", *COMMIT_VARIABLES}


def tasks(role: str) -> str:
    """Write the tasks of a role that stages one concern."""
    return f"""---
# {WRITTEN[0].upper()}{WRITTEN[1:]}.
- name: Check the variables and stage {ROLES[role].stages}
  gatehouse.apache.stage:
    concerns: [{role}]
    state: "{{{{ apache_role_state }}}}"
  register: __apache_host
  notify: Commit the Apache configuration

- name: Make sure that Apache is installed
  ansible.builtin.import_role:
    name: gatehouse.apache.commit
    tasks_from: install.yml
"""


def metadata(role: str) -> str:
    """Write a role's metadata."""
    return f"""---
# {WRITTEN[0].upper()}{WRITTEN[1:]}.
galaxy_info:
  author: The Gatehouse engineers
  description: {ROLES[role].description}
  license: GPL-3.0-or-later
  min_ansible_version: "2.18"
  platforms:
    - name: Debian
      versions: [bookworm, trixie]
dependencies:
  - role: gatehouse.apache.commit
"""


class _Indented(yaml.SafeDumper):
    """Lists are indented below their key, and nothing is written as a reference."""

    # Both have the signatures that yaml calls.
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write everything out."""
        return True


def main() -> None:
    """Write every file."""
    for path, text in outputs().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
