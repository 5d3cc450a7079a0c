"""A thousand virtual hosts that share forty balancers start, with one piece of shared memory for each use."""

from __future__ import annotations

from typing import Any

from conftest import free_ports, running
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.vocabulary.needed_modules import needed_modules

VHOSTS, BALANCERS = 1_000, 40


def fleet() -> dict[str, Any]:
    """Return the variables of such a host."""
    return {
        "apache_vhosts": [
            {
                "server_name": f"s{number}.example.com",
                "listen": [18100],
                "proxy_pass": [{"path": "/", "url": f"balancer://b{number % BALANCERS}/"}],
            }
            for number in range(VHOSTS)
        ],
        "apache_balancers": [
            {"name": f"b{number}", "sticky_cookie": {}, "members": [{"url": f"http://127.0.0.1:{19000 + number}", "route": "a"}]}
            for number in range(BALANCERS)
        ],
    }  # fmt: skip


def test_a_balancer_costs_only_those_who_use_it_and_the_server_starts() -> None:
    compiled, problems = check_variables(fleet(), CONCERN_NAMES)
    assert problems == ()
    tree = compiled.whole_tree
    server = view(tree)
    assert server.main.balancers == ()
    assert sum(len(scope.balancers) for scope in server.scopes) == VHOSTS
    port, proof_port = free_ports(2)
    # The port may have 897 among its digits.
    text = print_tree(tree).replace("897", str(proof_port)).replace("18100", str(port))
    with running(text, *needed_modules(tree), port=port) as refusal:
        assert refusal == ""
