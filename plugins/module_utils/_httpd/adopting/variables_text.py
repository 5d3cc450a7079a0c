"""Variables as the YAML that a careful operator would write: short things in a line, texts as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..variables.yaml_scalar import TEMPLATE, scalar

WIDTH = 110  # characters that a mapping or list may have in a line of its own


def print_variables(variables: Mapping[str, Any]) -> str:
    """Write plain data (mappings, lists, texts, whole numbers, truth values) as a file of variables."""
    return "---\n" + "".join(f"{line}\n" for line in _mapping(variables, ""))


def _mapping(pairs: Mapping[str, Any], indent: str) -> Iterator[str]:
    """Yield the lines of a mapping, one key after another."""
    for key, value in pairs.items():
        head, *rest = _value(value, indent)
        yield f"{indent}{key}:{head}"
        yield from rest


def _value(value: Any, indent: str) -> Iterator[str]:
    """Yield what follows a key: the rest of its line, then the lines below it."""
    inline = _inline(value)
    if _is_text(value):
        yield from _text(value, indent + "  ")
    elif inline is not None and (not isinstance(value, (Mapping, list)) or _fits(inline, value)):
        yield f" {inline}"
    else:
        yield ""
        yield from (
            _mapping(value, indent + "  ")
            if isinstance(value, Mapping)
            else _list(value, indent + "  ")
        )


def _list(values: Sequence[Any], indent: str) -> Iterator[str]:
    """Yield the lines of a list."""
    for value in values:
        inline = scalar(value) if isinstance(value, str) else _inline(value)
        if inline is not None and (len(inline) < WIDTH or not isinstance(value, Mapping)):
            yield f"{indent}- {inline}"
        else:
            first, *rest = _mapping(value, indent + "  ")
            yield f"{indent}- {first.strip()}"
            yield from rest


def _fits(inline: str, value: Any) -> bool:
    """Tell whether a key's mapping or list is short; a list of mappings has a line for each."""
    is_flat = isinstance(value, Mapping) or not any(isinstance(one, Mapping) for one in value)
    return is_flat and len(inline) < WIDTH


def _inline(value: Any) -> str | None:
    """Write a value in a line; None where it holds a text of several lines, or mappings in mappings' lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return None if _is_text(value) else scalar(value)
    if not isinstance(value, (Mapping, list)):
        return str(value)
    inner = list(value.values() if isinstance(value, Mapping) else value)
    parts = [_inline(one) for one in inner]
    if any(part is None for part in parts) or any(_has_mapping(one) for one in inner):
        return None
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {part}" for key, part in zip(value, parts)) + "}"
    return "[" + ", ".join(map(str, parts)) + "]"


def _has_mapping(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _is_text(value: Any) -> bool:
    """Tell whether a value is lines that can stand as they are."""
    return (
        isinstance(value, str)
        and value.endswith("\n")
        and not value.endswith("\n\n")
        and not value[:1].isspace()
        and all(character.isprintable() or character in "\n\t" for character in value)
    )


def _text(text: str, indent: str) -> Iterator[str]:
    """Yield a text of lines."""
    yield " !unsafe |" if TEMPLATE.search(text) else " |"
    for line in text.removesuffix("\n").split("\n"):
        yield f"{indent}{line}" if line else ""
