"""The command that takes a run's change of a host back."""

from __future__ import annotations

from collections.abc import Iterator

from .deployed_host import DeployedHost

# Whatever the inventory says by now: it may be what stopped the server.
_STARTED = " -e apache_service_state=started"


def way_back(name: str, host: DeployedHost, *, command: str) -> Iterator[str]:
    """Yield the command that takes a change back; the first release's is the removal.

    What failed may have changed the host all the same: a release whose certificates don't come is live. What was mended,
    nobody takes back; nor what is the host's own. `command` is ansible-playbook with the inventory of the run.
    """
    is_done = host.is_changed and not host.is_dry_run and host.release not in ("", host.before)
    if is_done and host.before and host.differs_by:
        way = "forward again" if host.is_rollback else "back"
        yield f"No rollback takes it {way}: release {host.differs_by}"
    elif host.is_rollback and is_done:
        yield f"To go forward again (to release {host.before}):"
        yield f"  {rollback(name, host, command=command, release=host.before)}"
    elif can_be_taken_back(host) and host.before:
        yield f"To take it back (to release {host.previous}):"
        yield f"  {rollback(name, host, command=command)}"
    elif can_be_taken_back(host):
        yield "To take it back:"
        yield f"  {command} gatehouse.apache.remove -e apache_hosts={name}"
        if has_stopped(host):
            yield "  and start the server on the host again, which a removal leaves stopped: systemctl start apache2"
    elif has_stopped(host):
        yield "To start the server again:"
        yield f"  {rollback(name, host, command=command, release=host.release)}"


def rollback(name: str, host: DeployedHost, *, command: str, release: str = "") -> str:
    """Return the command that goes back on a host, to a release if one is named; it starts a server that the run stopped."""
    words = f"{command} gatehouse.apache.rollback -e apache_hosts={name}"
    to = f" -e apache_release={release}" if release else ""
    return words + to + (_STARTED if has_stopped(host) else "")


def has_stopped(host: DeployedHost) -> bool:
    """Tell whether the run stopped a server that ran."""
    return host.is_changed and not host.is_dry_run and not host.is_removed and host.action == "stop"


def can_be_taken_back(host: DeployedHost) -> bool:
    """Tell whether the run made another release live than served before, and an earlier one is kept, or there was none."""
    is_another = host.is_changed and host.release not in ("", host.before)
    return (
        not host.is_rollback
        and is_another
        and not host.is_dry_run
        and bool(host.previous or not host.before)
        and not (host.before and host.differs_by)
    )
