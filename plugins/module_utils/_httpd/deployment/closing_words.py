"""What became of all hosts of a run, as one text: a block a host; of many a line each, and whole blocks of what failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .deployed_host import DeployedHost
from .host_words import (
    MOST_ROWS,
    backend_counts,
    counted,
    ends,
    headline,
    host_words,
)
from .text_table import aligned
from .way_back import can_be_taken_back, has_stopped, rollback

MOST_BLOCKS = 10  # hosts that have a block each
MOST_NAMED = 3  # hosts beside one backend


def closing_words(hosts: Mapping[str, DeployedHost], *, command: str) -> str:
    """Return the text; hosts that failed come last. `command` is ansible-playbook with the inventory of the run."""
    ordered = dict(sorted(hosts.items(), key=lambda named: bool(named[1].failure)))
    if len(ordered) <= MOST_BLOCKS:
        blocks = [host_words(name, host, command=command) for name, host in ordered.items()]
        return "\n\n".join("\n".join(lines) for lines in blocks)
    failed = {name: host for name, host in ordered.items() if host.failure}
    lines = [
        *aligned((name, *_line(host)) for name, host in ordered.items() if name not in failed),
        *_silent_backends(ordered),
        *_warnings(ordered),
        *_way_back(ordered, command),
    ]
    whole = [host_words(name, host, command=command) for name, host in failed.items()]
    return "\n\n".join("\n".join(block) for block in (lines, *whole) if block)


def _line(host: DeployedHost) -> tuple[str, str]:
    """Return what a host's line says behind its name."""
    if host.problem:
        return headline(host), f"what serves there is unknown: {host.problem}"
    if not host.is_seen:
        return headline(host), ""
    served = [counted(len(host.serving.sites), "virtual host"), backend_counts(host.answers)]
    if host.is_down:
        served.insert(0, "no server would run" if host.is_dry_run else "the server is stopped")
    if host.certificates:
        first = host.certificates[0]
        served.append(f"first certificate ({first.names[0]}) {ends(first)}")
    return headline(host), "; ".join(served)


def _silent_backends(hosts: Mapping[str, DeployedHost]) -> Iterator[str]:
    """Yield each backend that doesn't answer, once, with the hosts that asked it."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, host in hosts.items():
        for answer in host.silent:
            found.setdefault((answer.url, answer.words), []).append(name)
    rows = [(url, words, _named(names)) for (url, words), names in found.items()]
    if rows:
        yield ""
        yield from aligned((("BACKEND", "ANSWERED", "ASKED BY"), *rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        yield f"… and {len(rows) - MOST_ROWS} more backends that don't answer"


def _warnings(hosts: Mapping[str, DeployedHost]) -> Iterator[str]:
    """Yield each warning once, with the hosts that have it."""
    found: dict[str, list[str]] = {}
    for name, host in hosts.items():
        for warning in dict.fromkeys(host.warnings):
            found.setdefault(warning, []).append(name)
    if found:
        yield ""
    for warning, names in found.items():
        yield f"WARNING: {warning} ({_named(names)})"


def _way_back(hosts: Mapping[str, DeployedHost], command: str) -> Iterator[str]:
    """Yield the command that takes a change back, for any of the hosts where one was made."""
    changed = [name for name, host in hosts.items() if host.before and can_be_taken_back(host)]
    if changed:
        yield ""
        yield "To take a host's change back:"
        yield f"  {rollback(changed[0], hosts[changed[0]], command=command)}"
    stopped = [name for name, host in hosts.items() if has_stopped(host) and name not in changed]
    if stopped:
        first = stopped[0]
        yield ""
        yield "To start a host's server again:"
        yield f"  {rollback(first, hosts[first], command=command, release=hosts[first].release)}"


def _named(names: list[str]) -> str:
    """Name the first few hosts, and count the others."""
    named = ", ".join(names[:MOST_NAMED])
    return f"{named} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else named
