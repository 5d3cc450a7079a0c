"""What is said of roles: their tasks, their argument specs and their metadata."""

from __future__ import annotations

import dataclasses
from typing import Any

import yaml
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES, CONCERNS
from module_utils._httpd.concerns.inventory import COMMIT_VARIABLES, ROLE_STATE, Inventory
from problem_pages import WRITTEN
from variable_options import variables


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
    "mpm_event": Role(
        "the event MPM",
        "The event MPM, sized for the host",
        "The event MPM, sized for the host - apache_mpm_event",
    ),
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


def argument_specs(role: str) -> str:
    """Write a role's argument specs.

    Their one entry point is documentation, which has no tasks. A `main` would have Ansible refuse what it doesn't list,
    where variables are given beside the role's name, and template a thousand virtual hosts if it listed them, in a task
    of its own. The core reads them once, and names exact places.
    """
    if role == "commit":
        short = "What holds for the commit of every role"
        text = "What the other roles have in common, packages and the commit."
    else:
        short = UMBRELLA_SHORT if role == UMBRELLA else ROLES[role].short
        text = "What the role reads; every mistake is reported with its exact place."
    names = role_variables(role)
    options = {name: option for name, option in variables().items() if name in names}
    specs = {"argument_specs": {"variables": entry_point(short, text, options)}}
    written = yaml.dump(specs, Dumper=_Indented, sort_keys=False, width=150, allow_unicode=True)
    return f"---\n# {WRITTEN[0].upper()}{WRITTEN[1:]}.\n{written}"


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
    if role == "commit":
        return {"apache_owner", *COMMIT_VARIABLES, ROLE_STATE}
    by_name = {concern.name: concern for concern in CONCERNS}
    concerns = (
        CONCERN_NAMES if role == UMBRELLA else (role, *by_name[role].staged_with(Inventory()))
    )
    owned = {f"apache_{name}" for concern in concerns for name in by_name[concern].variables}
    of_all = {"apache_owner", *COMMIT_VARIABLES}
    return owned | of_all | {ROLE_STATE}


def tasks(role: str) -> str:
    """Write the tasks of a role that stages one concern."""
    return f"""---
# {WRITTEN[0].upper()}{WRITTEN[1:]}.
- name: Check the variables and stage {ROLES[role].stages}
  gatehouse.apache.stage:
    concerns: [{role}]
    state: "{{{{ apache_role_state | default('present', true) }}}}"
  register: apache_staged
  # Its own: one of another role would go by that role's conditions.
  notify: "gatehouse.apache.{role} : Commit the Apache configuration"

- name: Make sure that Apache is installed
  ansible.builtin.import_role:
    name: gatehouse.apache.commit
    tasks_from: install.yml
"""


def handlers() -> str:
    """Write the handler of a role that stages one concern: whichever comes first commits what all have staged."""
    return (
        f"---\n# {WRITTEN[0].upper()}{WRITTEN[1:]}.\n{_commit('Commit the Apache configuration')}"
    )


def commit_tasks() -> str:
    """Write the commit of the umbrella role."""
    return f"---\n# {WRITTEN[0].upper()}{WRITTEN[1:]}.\n{_commit('Prove what is staged and commit it')}"


def _commit(name: str) -> str:
    """Write a task that commits by the variables of its role; an empty one is none."""
    return f"""\
- name: {name}
  gatehouse.apache.commit:
    allow_empty: "{{{{ apache_allow_empty | default(false, true) }}}}"
    allow_removal: "{{{{ apache_allow_removal | default(false, true) }}}}"
    cut_connections: "{{{{ apache_cut_connections | default(false, true) }}}}"
    takes_over: "{{{{ apache_takes_over | default([], true) }}}}"
    service_state: "{{{{ apache_service_state | default('started', true) }}}}"
  register: apache_committed
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
