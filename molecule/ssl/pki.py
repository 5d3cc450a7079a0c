"""Makes the authorities of the scenario and what they sign, in a directory: NAME.pem (with its chain) and NAME.key."""

from __future__ import annotations

import sys
from pathlib import Path

from authority import as_pem, make_root, write

DIRECTORY = Path(sys.argv[1])
# Mozilla's profile `modern` wants keys and signatures of elliptic curves and 90 days at most, `old` wants RSA's.
CURVES = make_root("Gatehouse test root").sign(common_name="Curves", is_authority=True, days=200)
NUMBERS = make_root("Gatehouse older root", kind="RSA").sign(
    common_name="Numbers", kind="RSA", is_authority=True, days=200
)
CLIENTS = make_root("Gatehouse clients")
SERVERS = {
    "files": (CURVES, "RSA", ("files.example.com", "www.files.example.com")),
    "content": (CURVES, "RSA", ("content.example.com",)),
    "content2": (CURVES, "RSA", ("content.example.com",)),
    "modern": (CURVES, "EC", ("modern.example.com",)),
    "intermediate": (CURVES, "EC", ("intermediate.example.com",)),
    "old": (NUMBERS, "RSA", ("old.example.com",)),
    "stapled": (CURVES, "EC", ("stapled.example.com",)),
    "wild": (CURVES, "EC", ("*.example.com",)),
}

# Each proxy has a responder of its own, which its tests stop.
RESPONDER = "http://localhost:2560/"

DIRECTORY.mkdir(parents=True, exist_ok=True)
for name, (authority, kind, names) in SERVERS.items():
    url = RESPONDER if name == "stapled" else ""
    pair = authority.sign(*names, kind=kind, days=80, ocsp_url=url)
    write(DIRECTORY, name, pair)
    if url:
        # The authority's list of what it signed, as `openssl ca` keeps it: valid until, number, subject.
        ends = f"{pair.certificate.not_valid_after_utc:%y%m%d%H%M%SZ}"
        line = ("V", ends, "", f"{pair.certificate.serial_number:X}", "unknown", f"/CN={names[0]}")
        (DIRECTORY / "signed.txt").write_text("\t".join(line) + "\n")
mallory = CLIENTS.sign("mallory", common_name="mallory")
write(DIRECTORY, "alice", CLIENTS.sign("alice", common_name="alice"))
write(DIRECTORY, "mallory", mallory)
(DIRECTORY / "revoked.pem").write_text(CLIENTS.revoke(mallory))
write(DIRECTORY, "stranger", make_root("Strangers").sign("stranger", common_name="stranger"))
(DIRECTORY / "clients.pem").write_text(CLIENTS.pem)
(DIRECTORY / "clients.key").write_text(CLIENTS.key_pem)
write(DIRECTORY, "curves", CURVES)
for number, authority in enumerate((CURVES, NUMBERS)):
    (DIRECTORY / f"root{number}.crt").write_text(as_pem(authority.above[-1:]))
(DIRECTORY / "roots.pem").write_text(as_pem((CURVES.above[-1], NUMBERS.above[-1])))
