"""Asks httpd and the resolver the same, at length, and writes what came of it: run.py [SEED]."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "plugins")]

# They are found by the line above, so they come after it.
from backends import backends  # noqa: E402
from by_manual import run_by_manual  # noqa: E402
from cases import FILE  # noqa: E402
from module_utils._httpd.adopting.adoption_proof import requests_around  # noqa: E402
from module_utils._httpd.reading.environment import Environment  # noqa: E402
from module_utils._httpd.reading.expand import expand  # noqa: E402
from module_utils._httpd.reading.view import view  # noqa: E402
from module_utils._httpd.resolve.resolver import Resolver  # noqa: E402
from module_utils._httpd.syntax.parse import parse_tree  # noqa: E402
from module_utils._httpd.vocabulary.depends import CAUSES  # noqa: E402
from module_utils._httpd.vocabulary.effects.directive_effects import HARMLESS, MODELLED, OPEN  # noqa: E402
from running import BINARY, Count, run_hosts, run_main, run_packed  # noqa: E402
from strewing import run_everything, run_harmless  # noqa: E402

# Kind, what it is, boots, virtual hosts a boot, requests a virtual host.
KINDS = (
    ("packed", "virtual hosts of random directives, a hundred in one httpd", run_packed, 22, 100, 40),
    ("main", "main servers of random directives, which up to eight virtual hosts inherit", run_main, 160, 8, 40),
    ("hosts", "virtual hosts that share addresses, names and aliases", run_hosts, 40, 12, 60),
    ("harmless", "servers over which directives without effect are strewn", run_harmless, 50, 8, 40),
    ("strewn", "servers over which every directive is strewn, modelled or not", run_everything, 50, 8, 40),
    ("manual", "servers with whatever httpd's manual has, modelled or not", run_by_manual, 18, 10, 30),
)  # fmt: skip
UNMODELLED = ("strewn", "manual")  # they have what isn't modelled
APPLICATIONS = HERE.parent / "unit" / "fixtures" / "apps"
LEAST_SERVERS, LEAST_REQUESTS, MOST_DEPENDS = 2_000, 100_000, 0.01
ACTIONS = ("proxy", "redirect", "local", "denied", "depends")


def main(arguments: Sequence[str]) -> int:
    """Run every kind; print the report, and to stderr how far it is. Returns 1 where anything disagreed."""
    seed = int(arguments[0]) if arguments else 1
    counts = []
    with backends(5) as ports:
        for kind, _what, run, boots, servers, each in KINDS:
            count = Count()
            for boot in range(boots):
                run(
                    random.Random(f"{seed} {kind} {boot}"), ports, count, servers=servers, each=each
                )
                print(
                    f"{kind}: {boot + 1} of {boots} boots, {count.requests} requests",
                    file=sys.stderr,
                )
            counts.append(count)
    print(report(counts, seed))
    found = [disagreement for count in counts for disagreement in count.disagreements]
    for disagreement in found[:5]:
        print(disagreement.report(), file=sys.stderr)
    return 1 if found or not is_enough(counts) else 0


def is_enough(counts: Sequence[Count]) -> bool:
    """Tell whether enough was asked, and little enough left open of what is modelled."""
    modelled = [count for (kind, *_rest), count in zip(KINDS, counts) if kind not in UNMODELLED]
    requests = sum(count.requests for count in modelled)
    open_ones = sum(count.actions["depends"] for count in modelled)
    servers = sum(count.servers for count in modelled)
    return (
        servers >= LEAST_SERVERS
        and requests >= LEAST_REQUESTS
        and open_ones <= MOST_DEPENDS * requests
    )


def report(counts: Sequence[Count], seed: int) -> str:
    """Return docs/oracle.md."""
    version = subprocess.run([BINARY, "-v"], capture_output=True, text=True, check=True).stdout
    rows = [
        _row(what, count.servers, count.requests, *(count.actions[action] for action in ACTIONS), len(count.disagreements))
        for (_kind, what, *_sizes), count in zip(KINDS, counts)
    ]  # fmt: skip
    return TEXT.format(
        version=version.split("\n")[0].partition(": ")[2],
        seed=seed,
        rows="\n".join(rows),
        cases=FILE.read_text().count("\n- name: "),
        modelled=len(MODELLED),
        harmless=len(HARMLESS),
        open=len(OPEN),
        **of_applications(),
        causes="\n".join(f"- `{cause}`: {text}" for cause, text in CAUSES.items()),
    )


def of_applications() -> dict[str, float]:
    """Return how many applications there are, how many requests around what they mention, and the share that is open."""
    texts = [path.read_text() for path in sorted(APPLICATIONS.glob("*.conf"))]
    servers = [view(expand(parse_tree(text, "app.conf")[0], Environment()).tree) for text in texts]
    decisions = [
        Resolver(server).resolve(request)
        for server in servers
        for request in requests_around(server)
    ]
    open_ones = sum(decision.action == "depends" for decision in decisions)
    return {"apps": len(texts), "asked": len(decisions), "share": open_ones / len(decisions)}


def _row(what: str, *numbers: int) -> str:
    return f"| {what} | " + " | ".join(f"{number:,}" for number in numbers) + " |"


TEXT = """\
# The oracle: what the resolver says, httpd does

Written by `make oracle`: servers made at random run in a real httpd, whose backends say what they were asked; the resolver
reads the same configuration. Both get the same requests (encoded, doubled slashes, dot segments, path parameters, odd Hosts).
They agree where status and Location are the same, or the request reached the same backend with the same path, query, Host and
X-Forwarded-* to the byte. httpd was {version}, the seed {seed} (`make oracle SEED={seed}`).

| kind of server | servers | requests | proxy | redirect | local | denied | depends | disagreements |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
{rows}

What is strewn are the directives of `httpd -L` with every module loaded, with arguments that httpd was seen to take
(`tests/oracle/arguments.tsv`). Those without effect must leave each request decided as it was without them, and as httpd answers.

The last kind is made by a second generator, which was written from httpd's manual without a look at the first one or at the
resolver. Where a kind has what isn't modelled, many answers are open; none may be wrong.

What once disagreed, {cases} cases, is kept in `tests/oracle/cases.yml`: `make test` asks httpd and the resolver again on both
Debian releases, and a part of the above with fixed seeds.

## What is proved, and what isn't

Every directive is of one class (`plugins/module_utils/_httpd/vocabulary/effects`), those of mod_security2, mod_auth_openidc,
mod_qos and mod_evasive too, as are flags of `RewriteRule` and parameters of `ProxyPass`. Of httpd's own directives

- {modelled} are modelled. The kinds above have most of them in random combination; what of one isn't followed is `depends`.
- {harmless} have no effect on what is decided, each for a reason that stands beside it: they are about the process, logs, the
  answer's body, how a backend is asked, the handshake.
- {open} are open, and so is what nobody knows: where one stands in a request's way, the answer is `depends` with its name and
  place. Of some it is known whom they reach (a path, a method, a header), and others aren't held up by them. `make test` shows
  on httpd what most of them change (`tests/oracle/open_directives.yml`).

Nothing is proved of what backends answer, of files, of filters and of which client a request comes from. Over the {apps}
configurations of applications that the tests have, {share:.0%} of {asked} requests are open.

## What an answer may depend on

`depends` is answered for these causes only:

{causes}
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
