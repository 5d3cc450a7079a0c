"""What became of one host, as a block of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .deployed_host import BackendAnswer, CertificateEnd, DeployedHost
from .serving import Route, ServedSite
from .text_table import aligned
from .way_back import way_back

MOST_ROWS = 20  # of a table that is shown whole
MOST_NAMES = 1  # of a virtual host or a certificate
SOON = 30  # days

_DID = {
    "none": "the server had nothing to be told",
    "files": "the server stays stopped",
    "stop": "the server was stopped",
    "start": "the server was started",
    "reload": "the server was reloaded",
    "restart": "the server was restarted",
}
_WOULD_DO = {
    "none": "the server would have nothing to be told",
    "files": "the server would stay stopped",
    "stop": "the server would be stopped",
    "start": "the server would be started",
    "reload": "the server would be reloaded",
    "restart": "the server would be restarted",
}


def host_words(name: str, host: DeployedHost, *, command: str) -> list[str]:
    """Return a host's lines; `command` is ansible-playbook with the inventory of the run."""
    return [
        f"{name}: {headline(host)}",
        *_indented(host.failure.splitlines()),
        *([f"  what serves there is unknown: {host.problem}"] if host.problem else []),
        *_sites(host),
        *_certificates(host.certificates),
        *(f"  {note}" for note in host.notes),
        *(f"  WARNING: {warning}" for warning in dict.fromkeys(host.warnings)),
        *_indented([*way_back(name, host, command=command)]),
    ]


def headline(host: DeployedHost) -> str:
    """Say in a line which release serves, what was done and why."""
    release = f"release {host.release}" if host.release else "no release"
    serves = f"the server is stopped, with {release}" if host.is_stopped else f"{release} serves"
    if not host.is_run_known:
        return "no answer" if host.problem else serves
    if host.failure:
        is_known = host.release and not (host.problem or host.is_unsettled)
        return f"FAILED, {serves}" if is_known else "FAILED"
    why = f" ({host.reason})" if host.reason else ""
    what = f": {host.what}" if host.what else ""
    if not host.is_changed:
        nothing = f"nothing {'would be' if host.is_dry_run else 'was'} changed"
        return nothing if host.problem else f"{release}, {nothing}{why}"
    if host.is_removed:
        does = _WOULD_DO if host.is_dry_run else _DID
        left = "would lose Gatehouse" if host.is_dry_run else "Gatehouse is removed"
        return f"{left}{what}; {does[host.action]}{why}"
    if not host.is_dry_run:
        return f"{release}{what}; {_DID[host.action]}{why}"
    release = release if host.release else "a first release, once Apache is installed"
    return f"would commit {release}{what}; {_WOULD_DO[host.action]}{why}"


def not_served(host: DeployedHost) -> str:
    """Say that clients get nothing, whatever backends answer."""
    if host.is_dry_run:
        return "No server would run, so nothing would be served; what the backends answer:"
    return "The server is stopped, so nothing is served; what the backends answer:"


def _indented(lines: Sequence[str]) -> Iterator[str]:
    return (f"  {line}".rstrip() for line in lines)


def _sites(host: DeployedHost) -> Iterator[str]:
    """Yield the table of virtual hosts; of a long one what doesn't answer, and how much does."""
    rows = [row for site in host.serving.sites for row in _rows(site, host.answers)]
    heading = ("VIRTUAL HOST", "AT", "PATH", "BACKEND", "ANSWERED")
    if len(rows) <= MOST_ROWS:
        shown = [cells for cells, _is_good in rows]
    else:
        shown = [
            cells
            for site in host.serving.sites
            for cells, is_good in _rows(site, host.answers, is_whole=True)
            if not is_good
        ]
    if rows and host.is_down:
        yield f"  {not_served(host)}"
    if shown:
        yield from aligned((heading, *shown[:MOST_ROWS]), indent="  ")
    if len(shown) > MOST_ROWS:
        yield f"  … and {len(shown) - MOST_ROWS} more paths whose backends don't answer"
    if len(rows) > MOST_ROWS:
        yield f"  {counted(len(host.serving.sites), 'virtual host')}, {backend_counts(host.answers)}"


Row = tuple[str, str, str, str, str]


def _rows(
    site: ServedSite, answers: Sequence[BackendAnswer], *, is_whole: bool = False
) -> Iterator[tuple[Row, bool]]:
    """Yield a row for each backend of a virtual host, and whether it answers; names stand in the first, or in each."""
    redirecting = f" (redirects from {', '.join(site.redirecting)})" if site.redirecting else ""
    names, addresses = _some(site.names), f"{', '.join(site.addresses)}{redirecting}"
    if not site.routes:
        yield (names, addresses, "", "none", ""), True
    for number, route in enumerate(site.routes):
        answer = answers[route.backend]
        is_named = is_whole or not number
        backend = f"{answer.url} ({route.balancer})" if route.balancer else answer.url
        cells = (
            names if is_named else "",
            addresses if is_named else "",
            route.path,
            backend,
            _words(answer, route, site, answers),
        )
        yield cells, answer.is_good


def _words(
    answer: BackendAnswer, route: Route, site: ServedSite, answers: Sequence[BackendAnswer]
) -> str:
    """Return what a backend answered; of a balancer's member clients get nothing where another one answers."""
    members = [answers[one.backend] for one in site.routes if one.balancer == route.balancer]
    if route.balancer and answer.message and any(one.is_good for one in members):
        return f"{answer.message}; others of the balancer answer"
    return answer.words


def backend_counts(answers: Sequence[BackendAnswer]) -> str:
    """Say how many backends there are, and what they answer: `30 backends: 28 answer (200: 27, 404: 1), 2 don't`."""
    good = [answer for answer in answers if answer.is_good]
    statuses = Counter(str(answer.status) for answer in good if answer.status)
    listed = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    answering = f"{len(good)} answer{'s' if len(good) == 1 else ''}"
    answering += f" ({listed})" if listed else ""
    bad = len(answers) - len(good)
    failing = f", {bad} {'does not' if bad == 1 else 'do not'}" if bad else ""
    return f"{counted(len(answers), 'backend')}: {answering}{failing}"


def _certificates(certificates: Sequence[CertificateEnd]) -> Iterator[str]:
    """Yield when certificates end; of many those that can't be read or end soon, and the first of the others."""
    shown = certificates
    if len(certificates) > MOST_ROWS:
        urgent = [one for one in certificates if not one.ends or one.days < SOON]
        shown = urgent[:MOST_ROWS] or certificates[:1]
    rows = [(_some(one.names), ends(one)) for one in shown]
    if rows:
        yield from aligned((("CERTIFICATE OF", "ENDS"), *rows), indent="  ")
    if len(shown) < len(certificates):
        yield f"  {len(certificates) - len(shown)} more certificates, which end later"


def ends(certificate: CertificateEnd) -> str:
    """Say when a certificate ends."""
    if not certificate.ends:
        return "there is none yet, or it can't be read"
    if certificate.days < 0:
        return f"{certificate.ends}: it has ended"
    return f"{certificate.ends}, in {counted(certificate.days, 'day')}"


def _some(names: Sequence[str]) -> str:
    """Name the first few, and count the others."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def counted(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
