"""Names that Gatehouse keeps for itself: virtual hosts, variables of the configuration, directories of the store."""

from __future__ import annotations

from ..syntax.tree import Place

# Virtual hosts by names that no client asks for.
UNKNOWN_HOST = "gatehouse-unknown-host.invalid"
PROOF_HOST_NAME = "gatehouse-proof.invalid"
GATEHOUSE_HOSTS = frozenset({UNKNOWN_HOST, PROOF_HOST_NAME})

# Defined in each release's frame, since each host has its own.
RESERVED_PREFIX = "GATEHOUSE_"
RELEASE_VARIABLE = "GATEHOUSE_RELEASE"
BLOBS_VARIABLE = "GATEHOUSE_BLOBS"  # what root alone reads
SHARED_BLOBS_VARIABLE = "GATEHOUSE_SHARED_BLOBS"  # what httpd's children read too
KEYS_VARIABLE = "GATEHOUSE_KEYS"  # of releases that an older Gatehouse wrote
SELF_SIGNED_VARIABLE = "GATEHOUSE_SELF_SIGNED"
CA_FILE_VARIABLE = "GATEHOUSE_CA_FILE"  # the system's authorities
CURVES_VARIABLE = "GATEHOUSE_CURVES"  # the profiles', as far as the host's OpenSSL knows them
# Where httpd's children write, by purpose; defined where a part has such a directory.
DIRECTORY_VARIABLES = {
    "cache": "GATEHOUSE_CACHE",
    "log": "GATEHOUSE_LOG",
    "state": "GATEHOUSE_STATE",
}

# In paths and units of files outside releases; each distribution has its own.
UNIT_DIRECTORY = "${UNIT_DIRECTORY}"
HTTPD_UNIT = "${HTTPD_UNIT}"

# Below the store.
BLOBS = "blobs"
KEYS = "keys"  # of releases that an older Gatehouse wrote
SELF_SIGNED = "self_signed"

# Where what no variable says of a release is written.
# By the first a live test asks who answers, with the release for its value; by the second the virtual host says its name.
ASK_HEADER = "X-Gatehouse-Ask"
ANSWER_HEADER = "X-Gatehouse-Vhost"
# What Gatehouse asks itself goes through so many proxies at most: httpd answers 400 then, where a server that proxies to
# itself would go round until no worker is left (docs/httpd.md#proxy-to-itself).
NO_LOOP = {"Max-Forwards": "5"}
FRAME_PLACE = Place("gatehouse.conf", is_leaf=True)
