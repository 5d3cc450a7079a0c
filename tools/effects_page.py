"""The page of what each directive does to what is decided of a request; tools/generate_docs.py writes it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from module_utils._httpd.vocabulary.effects.directive_effects import (
    HARMLESS,
    MODELLED,
    OPEN,
    spelling_of,
)
from module_utils._httpd.vocabulary.effects.packaged_effects import PACKAGED_HARMLESS, PACKAGED_OPEN
from module_utils._httpd.vocabulary.effects.word_effects import (
    HARMLESS_FLAGS,
    HARMLESS_PARAMETERS,
    OPEN_FLAGS,
)
from problem_pages import WRITTEN

WIDTH = 120


def effects_page() -> str:
    """Write the classes, each directive in one, with the reason or the reach beside it."""
    harmless = {**HARMLESS, **PACKAGED_HARMLESS}
    lines = [
        "# What directives do to a decision",
        "",
        "The resolver (`explain`, `config_info`, the filter `resolve`, `expect`) decides which virtual host answers and how,",
        "the status where httpd gives it, the worker, and the URL and headers that a backend gets. Each directive of httpd, and",
        "those of mod_security2, mod_auth_openidc, mod_qos and mod_evasive, is of one class. What isn't on this page is open for",
        f"every request. How it is proved is in [oracle.md](oracle.md). This page is {WRITTEN}.",
        "",
        "## Modelled",
        "",
        "What of one of these isn't followed makes the answer `depends`.",
        "",
        *_wrapped(map(spelling_of, MODELLED)),
        "",
        "## Without effect",
        *_by_group(harmless),
        "",
        "## Open",
        "",
        "Where one of these reaches a request, the answer is `depends`, with its name and place.",
        *_by_group({**OPEN, **PACKAGED_OPEN}, "reaches: "),
        "",
        "## Flags of RewriteRule and parameters of ProxyPass",
        "",
        "Without effect are these; those that are neither here nor in httpd's manual are open.",
        "",
        *(f"- `{name}`: {reason}" for name, reason in sorted(HARMLESS_FLAGS.items())),
        *_by_group(HARMLESS_PARAMETERS),
        "",
        "Open are these flags.",
        "",
        *(f"- `{name}`: {reason}" for name, reason in sorted(OPEN_FLAGS.items())),
    ]
    return "\n".join(lines) + "\n"


def _by_group(effects: Mapping[str, str], before: str = "") -> Iterator[str]:
    """Yield the names of each reason, or of each reach, below it."""
    for reason in dict.fromkeys(effects.values()):
        yield from ("", f"### {before}{reason}", "")
        yield from _wrapped(spelling_of(name) for name, one in effects.items() if one == reason)


def _wrapped(names: Iterable[str]) -> list[str]:
    """Return names in lines, in the order of the alphabet."""
    text = ", ".join(f"`{name}`" for name in sorted(names, key=str.lower))
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
