"""The virtual hosts that Gatehouse writes for itself, by the names that no client asks for."""

from __future__ import annotations

UNKNOWN_HOST = "gatehouse-unknown-host.invalid"
PROOF_HOST_NAME = "gatehouse-proof.invalid"
GATEHOUSE_HOSTS = frozenset({UNKNOWN_HOST, PROOF_HOST_NAME})
