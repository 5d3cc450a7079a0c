"""The modules that the oracle's servers load, as httpd and the resolver read them."""

from __future__ import annotations

from collections.abc import Sequence

from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.server import Server
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree

DIRECTORY = "/usr/lib/apache2/modules"
NAMES = (
    "mpm_event", "authz_core", "authz_host", "access_compat", "env", "setenvif", "headers", "alias", "rewrite", "proxy",
    "proxy_http", "proxy_balancer", "slotmem_shm", "lbmethod_byrequests", "status",
)  # fmt: skip


# Without it httpd with mod_mime doesn't start.
TYPES = "TypesConfig /etc/mime.types"


def load_lines(names: Sequence[str] = NAMES) -> list[str]:
    """Return the lines that load modules."""
    return [f"LoadModule {name}_module {DIRECTORY}/mod_{name}.so" for name in names]


def server_of(text: str, names: Sequence[str] = NAMES, *, closed: bool = True) -> Server:
    """Return the server of a configuration behind the lines that load its modules. Raises ValueError.

    Where the world isn't `closed` there may be any file.
    """
    loads, _problems = parse_tree("\n".join(load_lines(names)), "modules.conf")
    tree, problems = parse_tree(text, "server.conf")
    if problems:
        raise ValueError(str(problems[0]))
    modules = frozenset(f"{name}_module" for name in names)
    world = Environment(version=(2, 4, 66), modules=modules, closed=closed)
    return view(expand((*loads, *tree), world).tree, modules)
