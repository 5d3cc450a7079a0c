"""Define, UnDefine, and the ${NAME} that they give a meaning."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from ..syntax.parse import split_arguments
from ..syntax.quoting import unquote
from ..syntax.tree import Directive, Section
from .problem_kinds import UNDEFINED_VARIABLE
from .reader_state import ReaderState

_Named = TypeVar("_Named", Directive, Section)
# Only the case of letters of ASCII makes no difference.
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def define(directive: Directive, reader: ReaderState) -> None:
    """Carry out Define and UnDefine: <IfDefine> minds a name's case, ${NAME} doesn't, and an empty value is none."""
    name, value = (*map(unquote, directive.args), "", "")[:2]
    if not name:
        return
    if directive.name.lower() == "undefine":
        reader.defines.discard(name)
        reader.variables.pop(name.translate(_LOWER), None)
        return
    reader.defines.add(name)
    if value:
        reader.variables[name.translate(_LOWER)] = value


def substituted(node: _Named, reader: ReaderState) -> _Named:
    """Replace ${NAME} in the arguments before they are words, as httpd does; an unknown one stays."""
    if "${" not in " ".join(node.args):
        return node

    def defined(match: re.Match[str]) -> str:
        name = match[1]
        value = reader.variables.get(name.translate(_LOWER), reader.environment.variables.get(name))
        if value is None:
            if name and ":" not in name:  # `${map:key}` is mod_rewrite's
                _report_undefined(name, node, reader)
            return match[0]
        # What would be too long is left out; the problem says so.
        return value if reader.budget.spend(len(value), node.place) else ""

    return replace(
        node, args=split_arguments(node.name, _VARIABLE.sub(defined, " ".join(node.args)))
    )


def _report_undefined(name: str, node: Directive | Section, reader: ReaderState) -> None:
    """Warn of an unknown ${NAME}."""
    if reader.has_gaps:
        return
    if name.startswith("APACHE_") and not any(
        known.startswith("APACHE_") for known in (*reader.environment.variables, *reader.defines)
    ):
        return  # a distribution's start script defines these, and it wasn't read
    if name in reader.defines:
        message = f"`Define {name}` has no value, so httpd takes ${{{name}}} literally (AH00111)"
        fix = f"write `Define {name} VALUE`, or remove ${{{name}}}"
    else:
        message = f"${{{name}}} is not defined, so httpd takes it literally (AH00111)"
        fix = f"define it, or remove ${{{name}}}"
    reader.problems.append(UNDEFINED_VARIABLE.problem(node.place, message, fix))
