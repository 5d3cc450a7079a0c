"""Time spans as httpd writes them; mod_proxy reads some with units and some as bare whole seconds."""

from __future__ import annotations

import re

from ..syntax.quoting import Refused

_UNITS = {"ms": 1, "s": 1_000, "mi": 60_000, "min": 60_000, "m": 60_000, "h": 3_600_000}
_INTERVAL = re.compile(r"([0-9]{1,20})(ms|s|mi|min|h)?")


def parse_interval(text: str, *, unit: str = "s") -> int:
    """Return milliseconds; `unit` counts where the text has none (ap_timeout_parameter_parse). Raises Refused."""
    match = _INTERVAL.fullmatch(text.strip())
    if not match:
        fix = "write whole seconds or a number with ms, s, min or h"
        raise Refused(f'"{text}" is no time span', fix)
    return int(match.group(1)) * _UNITS[match.group(2) or unit]


def format_interval(milliseconds: int) -> str:
    """Write milliseconds in the shortest form that a directive with units reads: whole seconds or `…ms`."""
    return f"{milliseconds}ms" if milliseconds % 1_000 else str(milliseconds // 1_000)
