"""After a commit: the wait for certificates that an authority is to give, which takes nothing back."""

from __future__ import annotations

from ..._httpd.concerns.ssl.facts import read_tls
from ..._httpd.release.part import Part
from ..._httpd.vocabulary.layout import Layout
from ..certificates.managed import certificate_store, issued, managed_names, wait_for_certificates
from ..machine.effective import read_files
from ..store.store import Release
from .outcome import Outcome, plain_managed


def await_certificates(
    parts: tuple[Part, ...], proved: Release, layout: Layout, outcome: Outcome
) -> None:
    """Wait for managed certificates, and add to `outcome` what became of each.

    A new name without a certificate fails the run; one that had none before is a warning, so that other changes go
    through.
    """
    manifests = tuple(part.manifest for part in parts)
    wanted = managed_names(manifests)
    if not wanted:
        return
    directory = certificate_store(read_files(layout), layout)
    before = sum(issued(names, directory) is not None for names in wanted)
    patience = max(one.wait for one in read_tls(manifest.facts for manifest in manifests))
    found = wait_for_certificates(wanted, directory=directory, layout=layout, patience=patience)
    missing = [one for one in found if one.state != "issued"]
    known = managed_names(proved.manifests)
    told = {one.names: f"{one.names[0]} has no certificate: {one.reason}" for one in missing}
    outcome.certificates = [plain_managed(one) for one in found]
    outcome.changed = outcome.changed or len(found) - len(missing) > before
    outcome.warnings += [text for names, text in told.items() if names in known]
    outcome.failure = "\n".join(text for names, text in told.items() if names not in known)
