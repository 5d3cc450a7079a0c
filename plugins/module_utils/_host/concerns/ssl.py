"""TLS on a host: its authorities and curves, certificates of its own, those that are judged, and those that are awaited."""

from __future__ import annotations

from collections.abc import Mapping

from ..._httpd.concerns.ssl.facts import read_tls
from ..._httpd.reading.server import Server
from ..._httpd.syntax.problem import Problem
from ..._httpd.tls.profiles import curves_known_to
from ..._httpd.tls.served_certificates import named_by
from ..._httpd.vocabulary.reserved_names import CA_FILE_VARIABLE, CURVES_VARIABLE
from ..certificates.managed import (
    ManagedCertificate,
    certificate_store,
    issued,
    managed_names,
    wait_for_certificates,
)
from ..certificates.own_certificates import make_certificates
from ..certificates.release_certificates import release_problems
from ..certificates.renewal import renewal_changes
from .contract import Aftermath, HostSide, Judged, Machine, Manifests, Prepared


def definitions(_manifests: Manifests, machine: Machine) -> Mapping[str, str]:
    """Name the system's authorities, and the profiles' curves that its OpenSSL knows."""
    return {
        CA_FILE_VARIABLE: machine.layout.ca_file,
        CURVES_VARIABLE: ":".join(curves_known_to(machine.httpd.curves)),
    }


def changes(manifests: Manifests, machine: Machine, planned: Server) -> Prepared:
    """Make certificates that Gatehouse signs itself, and have a timer renew what is to be renewed."""
    made = make_certificates(manifests, machine.store, machine.now)
    renewal = renewal_changes(
        manifests,
        store=machine.store,
        managed_store=certificate_store(planned, machine.layout),
        layout=machine.layout,
    )
    return Prepared(made.files, first=made.changes, last=renewal)


def problems(judged: Judged, machine: Machine) -> tuple[Problem, ...]:
    """Say what is wrong with certificates; what is live already is a warning."""
    return release_problems(
        judged.release,
        judged.live,
        served=lambda: named_by(judged.served()),
        store=machine.store,
        layout=machine.layout,
        now=machine.now,
    )


def awaits(manifests: Manifests, machine: Machine, served: Server) -> bool:
    """Tell whether a managed certificate isn't there yet."""
    directory = certificate_store(served, machine.layout)
    return not all(issued(names, directory) for names in managed_names(manifests))


def after(manifests: Manifests, live: Manifests, machine: Machine, served: Server) -> Aftermath:
    """Wait for managed certificates.

    A new name without a certificate fails the run; one that had none before is a warning, so that other changes go
    through.
    """
    wanted = managed_names(manifests)
    if not wanted:
        return Aftermath()
    directory = certificate_store(served, machine.layout)
    before = sum(issued(names, directory) is not None for names in wanted)
    patience = max(one.wait for one in read_tls(manifest.facts for manifest in manifests))
    found = wait_for_certificates(
        wanted, directory=directory, layout=machine.layout, patience=patience
    )
    missing = [one for one in found if one.state != "issued"]
    known = managed_names(live)
    told = {one.names: f"{one.names[0]} has no certificate: {one.reason}" for one in missing}
    return Aftermath(
        certificates=tuple(map(_plain, found)),
        is_changed=len(found) - len(missing) > before,
        warnings=tuple(text for names, text in told.items() if names in known),
        failure="\n".join(text for names, text in told.items() if names not in known),
    )


def _plain(managed: ManagedCertificate) -> Mapping[str, object]:
    """Return a managed certificate as plain data."""
    return {"names": list(managed.names), "state": managed.state, "reason": managed.reason}


SSL = HostSide(
    "ssl",
    definitions=definitions,
    changes=changes,
    problems=problems,
    awaits=awaits,
    after=after,
)
