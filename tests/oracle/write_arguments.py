"""Writes arguments.tsv: arguments that httpd takes for each of its directives, and starts with. Runs inside a test image.

PYTHONPATH=plugins:tests/oracle python3 tests/oracle/write_arguments.py [NAME…] >arguments.tsv
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

from find_arguments import everything, rows
from strewing import NOT_STREWN, read_row, that_start


def main(wanted: Sequence[str]) -> None:
    """Print the rows of every directive, or of some, and to stderr how far it is."""
    found: list[str] = []
    directives = sorted(one for one in everything().items() if not wanted or one[0] in wanted)
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda one: rows(one[0], *one[1]), directives)
        for (name, _of), lines in zip(directives, made):
            print(f"{name}: {len(lines)}", file=sys.stderr, flush=True)
            found += lines
    print(*sorted(startable(found), key=str.lower), sep="\n")


def startable(lines: Sequence[str]) -> list[str]:
    """Return the lines with which httpd starts."""
    turns: dict[str, list[str]] = {}
    for line in lines:
        turns.setdefault(line.partition("\t")[0], []).append(line)
    # Of two lines of a directive the last one holds, so they aren't tried together.
    by_turn = [line for turn in zip_longest(*turns.values()) for line in turn if line]
    by_row = {read_row(line): line for line in by_turn}
    rows = [row for row in by_row if row.name.lower() not in NOT_STREWN]
    return [by_row[row] for row in that_start(rows)]


if __name__ == "__main__":
    main(sys.argv[1:])
