"""Writes arguments.tsv: arguments that httpd takes for each of its directives, and starts with. Runs inside a test image.

PYTHONPATH=plugins:tests/oracle python3 tests/oracle/write_arguments.py >arguments.tsv
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from find_arguments import everything, rows
from strewing import NOT_STREWN, read_row, that_start


def main() -> None:
    """Print the rows of every directive, and to stderr how far it is."""
    found: list[str] = []
    directives = sorted(everything().items())
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda one: rows(one[0], *one[1]), directives)
        for (name, _of), lines in zip(directives, made):
            print(f"{name}: {len(lines)}", file=sys.stderr, flush=True)
            found += lines
    by_row = {read_row(line): line for line in found}
    strewn = [row for row in by_row if row.name.lower() not in NOT_STREWN]
    print(*(by_row[row] for row in that_start(strewn)), sep="\n")


if __name__ == "__main__":
    main()
