# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables checked and compiled once a run of ansible-playbook, however many tasks and hosts have the same.

Each task runs in a process of its own, so what one has compiled lies in the run's own directory, which is the operator's
alone and goes with the run. A run that is killed leaves it, so it is written under a key that only the run's own processes
know: they are forked from the one that loaded this.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ansible import constants
from ansible_collections.gatehouse.apache.plugins.plugin_utils.certificates import (
    problems_with_certificates,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.core import (
    Part,
    check_all_variables,
    reported,
    without_defaults,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.private_file import (
    read_text,
    write_private,
)
from ansible_collections.gatehouse.apache.plugins.plugin_utils.report import (
    errors_of,
    report,
)

try:
    from cryptography.fernet import Fernet
# ansible-core brings it; whoever takes it away compiles for every task.
except ImportError:
    Fernet = None


@dataclass(frozen=True)
class CompiledPart:
    """A part as a host is asked for it, and its `text` (JSON) as it is sent; one that is to go has no digest."""

    name: str
    digest: str
    packages: tuple[str, ...]
    reads_certificates: bool
    text: str


@dataclass(frozen=True)
class CompiledVariables:
    """What a task says of variables, the service's state that they ask for, and the parts of a release.

    `report` is its result, `errors` the text of all errors.
    """

    report: Mapping[str, Any]
    errors: str
    service_state: str
    parts: tuple[CompiledPart, ...]


def compiled_once(variables: Mapping[str, Any], concerns: Sequence[str]) -> CompiledVariables:
    """Check and compile a host's variables (plain data by name), unless the same were before in this run."""
    if Fernet is None:
        return _compiled(variables, concerns)
    # A template that fails is a value too: its reason.
    asked = json.dumps(
        [without_defaults(variables), list(concerns)], sort_keys=True, default=asdict
    )
    name = hmac.new(_KEY, asked.encode(), hashlib.sha256).hexdigest()
    path = os.path.join(constants.DEFAULT_LOCAL_TMP, f"gatehouse-{name}")
    kept = read_text(path)
    if kept is not None:
        return _from_plain(json.loads(Fernet(_KEY).decrypt(kept.encode())))
    compiled = _compiled(variables, concerns)
    plain = json.dumps(asdict(compiled)).encode()
    write_private(path, Fernet(_KEY).encrypt(plain).decode())
    return compiled


_KEY = Fernet.generate_key() if Fernet else b""


def compiled_part(part: Part) -> CompiledPart:
    """Return a part as a host is asked for it."""
    return CompiledPart(
        part.manifest.name,
        "" if part.is_absent else part.digest,
        part.manifest.packages,
        part.reads_certificates,
        json.dumps(part.to_plain()),
    )


def _compiled(variables: Mapping[str, Any], concerns: Sequence[str]) -> CompiledVariables:
    """Check and compile."""
    checked = check_all_variables(variables, concerns)
    problems = reported(problems_with_certificates(checked))
    return CompiledVariables(
        report(problems),
        errors_of(problems),
        checked.inventory.service_state,
        tuple(map(compiled_part, checked.compiled.parts)),
    )


def _from_plain(plain: Mapping[str, Any]) -> CompiledVariables:
    """Read what was written."""
    parts = (
        CompiledPart(**{**part, "packages": tuple(part["packages"])}) for part in plain["parts"]
    )
    return CompiledVariables(**{**plain, "parts": tuple(parts)})
