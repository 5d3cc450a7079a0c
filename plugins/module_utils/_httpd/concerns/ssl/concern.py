"""The concern `ssl`: TLS towards clients, for the host as a whole and in each virtual host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ..contract import Blob, Concern, InVhost, Written
from ..given_contents import content_file
from ..inventory import Inventory
from ..vhosts.model import Vhost
from .certificate_words import certificate_entry
from .compile import compile_ssl
from .constraints import tls_problems
from .facts import NAME, VhostTls
from .in_frame import in_frame
from .in_vhost import compile_tls, compile_twin, curves_word, speaks_tls


def write(inventory: Inventory) -> Written:
    """Write what holds for the whole host."""
    return Written(settings={"settings": compile_ssl(inventory)})


def staged_with(inventory: Inventory) -> tuple[str, ...]:
    """Profiles are written in virtual hosts, so those that are known are staged too."""
    return ("server", "http2", "balancers", "vhosts") if inventory.lists_vhosts else ()


def in_vhost(vhost: Vhost, inventory: Inventory) -> InVhost:
    """Have a virtual host speak TLS, and another redirect to it."""
    ssl = vhost.ssl
    addresses = tuple(map(str, vhost.addresses))
    if ssl is None:
        return InVhost(facts=VhostTls(addresses, speaks_tls(vhost)).to_plain())
    is_managed = ssl.certificate == "managed"
    facts = VhostTls(
        addresses,
        speaks_tls=True,
        curves=curves_word(ssl),
        certificate=certificate_entry(ssl, vhost, inventory),
        wait=inventory.acme.wait if is_managed else 0,
    )
    contents = (ssl.certificate_content, ssl.ca_certificate_content)
    return InVhost(
        slots={"tls": compile_tls(vhost, inventory)},
        twin=compile_twin(vhost),
        texts={content_file(inventory.owner, one): one for one in contents if one},
        blobs=(Blob(ssl.certificate_key_content),) if ssl.certificate_key_content else (),
        modules=("md",) if is_managed else (),
        facts=facts.to_plain(),
    )


def problems(inventory: Inventory, refused: Iterable[Problem]) -> Iterator[Problem]:
    """Yield what is wrong between keys."""
    return tls_problems(inventory, refused)


SSL = Concern(
    NAME,
    write,
    variables=("ssl", "acme"),
    is_shared=True,
    staged_with=staged_with,
    in_vhost=in_vhost,
    in_frame=in_frame,
    problems=problems,
)
