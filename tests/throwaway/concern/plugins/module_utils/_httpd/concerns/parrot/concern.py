"""The concern `parrot`: it says a word in every place that a concern has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...syntax.problem import Problem
from ...syntax.tree import Directive, Place, Tree
from ...vocabulary.reserved_names import FRAME_PLACE, HTTPD_UNIT, UNIT_DIRECTORY
from ..contract import Blob, Concern, Directory, Facts, HostText, InFrame, InVhost, Written
from ..given_contents import blob_word, directory_word
from ..inventory import Inventory
from ..vhosts.model import Vhost
from ..write import directive, include, section
from .model import Parrot
from .problem_kinds import PARROT_MUTE

FILE = "parrot/words.conf"
LOGS, CACHE, STATE = (Directory(purpose, "parrot") for purpose in ("log", "cache", "state"))
UNIT = """\
[Unit]
Description=A parrot

[Service]
ExecStart=/bin/sleep infinity
"""


def write(inventory: Inventory) -> Written:
    """Say the word by every part of the contract."""
    parrot = inventory.parrot
    if parrot is None:
        return Written()
    words = Blob(f"Header always set X-Parrot-Blob {parrot.word}\n")
    return Written(
        settings={
            "first": (Directive("Define", ("PARROT_FIRST", parrot.word), parrot.place),),
            "settings": (
                _said("First", "${PARROT_FIRST}", parrot.place),
                _said("Host", "${PARROT_HOST}", parrot.place),
                include(f"{inventory.owner}/{FILE}", place=parrot.place),
                Directive("Include", (blob_word(words),), parrot.place),
                *_logs(parrot),
            ),
            "rules": (_said("Rules", parrot.word, parrot.place),),
            "last": (_said("Last", parrot.word, parrot.place),),
        },
        files={FILE: (_said("File", parrot.word, parrot.place),)},
        blobs=(words, Blob(f"{parrot.password}\n", reader="children")),
        modules=("expires",),
        bare_modules=("info",),
        host_texts=(
            HostText(
                f"{UNIT_DIRECTORY}/{HTTPD_UNIT}.d/parrot.conf",
                f"[Service]\nLimitMEMLOCK={parrot.locked_memory}\n",
                unit=HTTPD_UNIT,
            ),
            HostText(f"{UNIT_DIRECTORY}/parrot.service", UNIT, unit="parrot.service"),
        ),
        directories=(LOGS, CACHE, STATE),
        packages=("less",),
        facts={"text": parrot.word},
    )


def in_vhost(vhost: Vhost, inventory: Inventory) -> InVhost:
    """Say a virtual host's own word, and let nobody in below /private/ without the password."""
    parrot = inventory.parrot
    own = (_said("Vhost", vhost.parrot, vhost.place.at("parrot")),) if vhost.parrot else ()
    if parrot is None:
        return InVhost(slots={"headers": own})
    password = Blob(f"{parrot.password}\n", reader="children")
    private = section(
        "Location",
        "/private/",
        children=(
            directive("AuthType", "Basic", place=parrot.place),
            directive("AuthName", "parrot", place=parrot.place),
            Directive("AuthUserFile", (blob_word(password),), parrot.place),
            directive("Require", "valid-user", place=parrot.place),
        ),
        place=parrot.place,
    )
    return InVhost(
        slots={"headers": (*own, private)},
        twin={"headers": (_said("Twin", parrot.word, parrot.place),)},
        blobs=(password,),
        modules=("auth_basic", "authn_file"),
        facts={"addresses": [str(address) for address in vhost.addresses]},
    )


def in_frame(facts: Sequence[Facts]) -> InFrame:
    """Say once how many owners have a parrot, and greet unknown names."""
    own = [one["parrot"] for one in facts if "parrot" in one]
    words = [one["text"] for one in own if "text" in one]
    addresses = [
        address for one in own for host in one.get("vhosts", ()) for address in host["addresses"]
    ]
    settings = (_said("Frame", str(len(words)), FRAME_PLACE),) if words else ()
    greeting = (_said("Unknown", words[0], FRAME_PLACE),) if words else ()
    return InFrame(settings, dict.fromkeys(addresses, greeting))


def problems(inventory: Inventory, _refused: Iterable[Problem]) -> Iterator[Problem]:
    """Refuse a parrot that says nothing."""
    if inventory.parrot and inventory.parrot.word == "nothing":
        place = inventory.parrot.place.at("word")
        yield PARROT_MUTE.problem(place, "it says nothing", "teach it a word")


def _said(name: str, word: str, place: Place) -> Directive:
    return Directive("Header", ("always", "set", f"X-Parrot-{name}", word), place)


def _logs(parrot: Parrot) -> Tree:
    """Write to each directory: httpd doesn't start where one is missing."""
    return tuple(
        Directive("CustomLog", (f"{directory_word(one)}/heard.log", "common"), parrot.place)
        for one in (LOGS, CACHE, STATE)
    )


PARROT = Concern(
    "parrot",
    write,
    variables=("parrot",),
    is_shared=True,
    in_vhost=in_vhost,
    in_frame=in_frame,
    problems=problems,
)
