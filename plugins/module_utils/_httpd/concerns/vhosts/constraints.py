"""What must hold between the keys of the variables, beyond each key's own kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ...syntax.parse import parse_tree
from ...syntax.problem import Problem
from ...syntax.quoting import unquote
from ...syntax.tree import Directive, Place, Section, Tree
from ...vocabulary.nearest import nearest_method
from ...vocabulary.reserved_names import RESERVED_PREFIX
from ..inventory import Inventory
from .model import Vhost
from .problem_kinds import (
    EXPECT_NOTHING,
    EXPECT_WRITES,
    METHOD_MISSPELT,
    NO_ADDRESS,
    RESERVED_VARIABLE,
    SERVES_NOTHING,
    TWO_DEFAULTS,
    TWO_RULES_FOR_EVERYTHING,
    UNDEFINED_VHOSTS,
    UNKNOWN_LOG_FORMAT,
)
from .vhost_lists import VHOST_LISTS
from .vhost_parts import BUILT_IN_FORMATS, Expect


def vhosts_problems(inventory: Inventory, refused: Iterable[Problem] = ()) -> Iterator[Problem]:
    """Yield what is wrong between keys, in input order; what was `refused` isn't missing too."""
    places = [str(problem.place) for problem in refused]
    formats = BUILT_IN_FORMATS | inventory.log_formats.keys()
    # Port 80 of a name that is served with TLS, where an authority asks for its challenge.
    served = {vhost.server_name for vhost in inventory.vhosts if _serves(vhost)}
    for vhost in inventory.vhosts:
        yield from _vhost_problems(vhost, formats, served, places)
    yield from _default_problems(inventory.vhosts)


def undefined_problem() -> Problem:
    """Return the refusal of a run that doesn't see any list of virtual hosts."""
    message = "no list of virtual hosts is defined, so a run would remove them all"
    fix = f"define {VHOST_LISTS[0]} (a playbook called by its collection's name doesn't load a project's group_vars)"
    return UNDEFINED_VHOSTS.problem(Place(VHOST_LISTS[0]), message, fix)


def _vhost_problems(
    vhost: Vhost, formats: Iterable[str], served: Collection[str], refused: Sequence[str]
) -> Iterator[Problem]:
    """Yield what is wrong within one virtual host; the names that are `served` may have one that serves nothing too."""
    if vhost.proxy_to and any(rule.path == "/" for rule in vhost.proxy_pass):
        place = vhost.place.at("proxy_to")
        yield TWO_RULES_FOR_EVERYTHING.problem(
            place,
            "`proxy_to` takes every path, and `proxy_pass` has a rule for / too",
            "remove one of the two",
        )
    if not vhost.addresses and not _is_below(vhost.place.at("listen"), refused):
        yield NO_ADDRESS.problem(
            vhost.place.at("listen"),
            "the list is empty",
            "write `[80]`, or leave it out",
        )
    is_refused = any(one.startswith(str(vhost.place)) for one in refused)
    if not _serves(vhost) and vhost.server_name not in served and not is_refused:
        yield SERVES_NOTHING.problem(
            vhost.place,
            "it serves nothing",
            "write `proxy_to: URL`, or what else it serves, or remove it",
        )
    if vhost.custom_log and vhost.custom_log.format not in formats:
        message = f'"{vhost.custom_log.format}" is no log format that is defined'
        fix = f"define it in apache_log_formats, or write one of {', '.join(sorted(formats))}"
        yield UNKNOWN_LOG_FORMAT.problem(vhost.custom_log.place.at("format"), message, fix)
    for expect in vhost.expect:
        yield from _expect_problems(expect)
    for source, directives in vhost.written_directives:
        tree, found = parse_tree(directives, source)
        yield from (*found, *_reserved(tree))


def _reserved(tree: Tree) -> Iterator[Problem]:
    """Yield each variable that is Gatehouse's own."""
    for node in tree:
        if isinstance(node, Section):
            yield from _reserved(node.children)
        elif isinstance(node, Directive) and node.name.lower() in ("define", "undefine"):
            name = unquote(node.args[0]) if node.args else ""
            # httpd takes names in any case for the same.
            if name.upper().startswith(RESERVED_PREFIX):
                message = f"`{node.name} {name}`: variables that begin with {RESERVED_PREFIX} are a release's own"
                yield RESERVED_VARIABLE.problem(node.place, message, "take another name")


def _serves(vhost: Vhost) -> bool:
    """Tell whether a virtual host has anything to answer with."""
    return bool(
        vhost.rules
        or vhost.redirects
        or vhost.aliases
        or vhost.document_root
        or vhost.written_directives
    )


def _is_below(place: Place, refused: Sequence[str]) -> bool:
    """Tell whether a key, or an element of its list, was refused."""
    return any(one == str(place) or one.startswith(f"{place}[") for one in refused)


def _expect_problems(expect: Expect) -> Iterator[Problem]:
    """Yield why a route test can't be one."""
    if expect.status is None and not expect.redirect and not expect.worker:
        fix = "add `worker`, `redirect` or `status`"
        yield EXPECT_NOTHING.problem(expect.place, "the test expects nothing", fix)
    elif expect.live and expect.status is None and not expect.redirect:
        fix = "add `status` or `redirect`, or remove `live`"
        message = "an answer doesn't show which worker gave it"
        yield EXPECT_NOTHING.problem(expect.place.at("live"), message, fix)
    method = expect.request.partition(" ")[0]
    place = expect.place.at("request")
    meant = nearest_method(method)
    if meant:
        message = f"`{method}` is no method of HTTP, but one is `{meant}`"
        yield METHOD_MISSPELT.problem(place, message, f"write `{meant}`")
    elif expect.live and not expect.changes_nothing:
        fix = "write a method that changes nothing, or remove `live`"
        yield EXPECT_WRITES.problem(
            place, f"{method} would be sent to the live server, and may change data there", fix
        )


def _default_problems(vhosts: tuple[Vhost, ...]) -> Iterator[Problem]:
    """Yield the second default of an address."""
    seen: dict[str, Vhost] = {}
    for vhost in vhosts:
        for address in map(str, vhost.addresses) if vhost.default else ():
            first = seen.setdefault(address, vhost)
            if first is not vhost:
                message = f"{address} already has a default virtual host, {first.place}"
                yield TWO_DEFAULTS.problem(
                    vhost.place.at("default"), message, "remove `default` from one of the two"
                )
