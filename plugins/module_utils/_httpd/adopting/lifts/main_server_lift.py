"""The main server: its log formats are variables, everything else stays the host's own."""

from __future__ import annotations

from collections.abc import Iterator

from ...concerns.inventory import Inventory
from ...concerns.vhosts.vhost_parts import BUILT_IN_FORMATS
from ...reading.server import Server
from ...syntax.quoting import Refused
from ...syntax.tree import Comment, Directive, Node, Section, Tree, is_named, walk
from ...variables.models import kind_of
from ...vocabulary.reserved_names import PROOF_HOST_NAME
from ..lift import Lift
from .vhost_body import Leftover, Plain, accepted, name_of, values_of

# What Gatehouse writes anew for the host that it deploys to.
_WRITTEN_ANEW = frozenset({"loadmodule", "listen", "define"})
_REASONS = (
    (("ProxyPass", "ProxyPassMatch"), "it holds for every virtual host, before their own rules"),
    (("BalancerMember", "ProxySet"), "every virtual host inherits it"),
)
HOST_REASON = "it is the main server's, which stays the host's own"
_SHARED = "keep it when you take the virtual hosts out of its file"


def of_host(tree: Tree, server: Server) -> Plain:
    """Return the formats of access logs, and the port of a release's own proof."""
    formats = lift_formats(tree)
    return {**({"apache_log_formats": formats} if formats else {}), **_proof_port(server)}


def lift_formats(tree: Tree) -> Plain:
    """Return the named formats of access logs, but those that every httpd has."""
    formats: Plain = {}
    for node in tree:
        if is_format(node) and isinstance(node, Directive):
            text, name = values_of(node)
            formats[name] = text
    return formats


def _proof_port(server: Server) -> Plain:
    """Return the port by which a release of Gatehouse's is proved."""
    ports = [
        one.addresses[0].port
        for one in server.vhosts
        if one.server_name == PROOF_HOST_NAME and one.addresses
    ]
    return {"apache_proof_port": ports[0]} if ports and ports[0] != 897 else {}


def is_format(node: Node) -> bool:
    """Tell whether a node is a LogFormat that `apache_log_formats` can say."""
    if not isinstance(node, Directive) or not is_named(node, "LogFormat"):
        return False
    values = values_of(node)
    if len(values) != 2 or values[1] in BUILT_IN_FORMATS:
        return False
    try:
        accepted(kind_of(Inventory, "log_formats"), {values[1]: values[0]})
    except Refused:
        return False
    return True


def vhost_sections(
    tree: Tree, around: tuple[Section, ...] = ()
) -> Iterator[tuple[Section, tuple[Section, ...]]]:
    """Yield each <VirtualHost> in the view's order, with the sections around it."""
    for node in tree:
        if isinstance(node, Section) and is_named(node, "VirtualHost"):
            yield node, around
        elif isinstance(node, Section):
            yield from vhost_sections(node.children, (*around, node))


def left_to_host(tree: Tree) -> Iterator[Leftover]:
    """Yield what stands in the main server and no variable says; its file may go with the virtual hosts in it."""
    shared = {section.place.source for section, _around in vhost_sections(tree)}
    for node in tree:
        if isinstance(node, Comment) or is_format(node) or node.name.lower() in _WRITTEN_ANEW:
            continue
        if isinstance(node, Section) and (is_named(node, "VirtualHost") or _only_vhosts(node)):
            continue
        is_shared = node.place.source in shared
        reason = _inherited(node) or ("it is the main server's" if is_shared else HOST_REASON)
        said = f"{reason}; {_SHARED}" if is_shared else reason
        yield Leftover(node.place, name_of(node), "host", said)


def _only_vhosts(section: Section) -> bool:
    """Tell whether nothing but virtual hosts stands in a section."""
    children = [node for node in section.children if not isinstance(node, Comment)]
    return bool(children) and all(
        is_named(node, "VirtualHost", *_WRITTEN_ANEW)
        or (isinstance(node, Section) and _only_vhosts(node))
        for node in children
    )


def _inherited(node: Directive | Section) -> str:
    """Say what virtual hosts have of it; empty where that is nothing in particular."""
    for names, reason in _REASONS:
        if any(is_named(inner, *names) for inner in walk((node,))):
            return reason
    return ""


SERVER = Lift("server", of_host=of_host)
