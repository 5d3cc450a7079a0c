"""The concern `vhosts`: virtual hosts that proxy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...syntax.problem import Problem
from ..contract import Blob, Concern, InVhost, Written
from ..given_contents import content_file
from ..inventory import Inventory
from .backend_tls_constraints import backends_problems
from .compile import compile_in_vhost
from .constraints import vhosts_problems
from .model import Vhost


def write(inventory: Inventory) -> Written:
    """Name the virtual hosts, whose files every concern has its word in."""
    return Written(vhosts=inventory.vhosts, proof_port=inventory.proof_port)


def staged_with(_inventory: Inventory) -> tuple[str, ...]:
    """What virtual hosts name is staged with them."""
    return ("server", "ssl", "http2", "balancers")


def in_vhost(vhost: Vhost, inventory: Inventory) -> InVhost:
    """Write what the keys say, and what they give for TLS towards backends."""
    proxy = vhost.ssl_proxy
    authority, key = proxy.ca_certificate_content, proxy.machine_certificate_content
    return InVhost(
        slots=compile_in_vhost(vhost, inventory),
        texts={content_file(inventory.owner, authority): authority} if authority else {},
        blobs=(Blob(key),) if key else (),
    )


def problems(inventory: Inventory, refused: Iterable[Problem]) -> Iterator[Problem]:
    """Yield what is wrong between keys."""
    yield from vhosts_problems(inventory, refused)
    yield from backends_problems(inventory.vhosts)


VHOSTS = Concern(
    "vhosts",
    write,
    variables=("vhosts", "group_vhosts", "host_vhosts", "vhost_defaults"),
    staged_with=staged_with,
    in_vhost=in_vhost,
    problems=problems,
)
