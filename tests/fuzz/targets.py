"""What must take any input: each room of the core, with input of its kind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from fuzz import mutation
from module_utils._httpd.checking.check import check
from module_utils._httpd.checking.configuration import read_configuration
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.included_files import Texts
from module_utils._httpd.reading.view import view
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.resolve.paths.url_paths import to_bytes_text
from module_utils._httpd.resolve.plain_requests import read_request, to_plain
from module_utils._httpd.resolve.request import Request
from module_utils._httpd.resolve.resolver import Resolver
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.quoting import Refused
from module_utils._httpd.vocabulary.address import parse_address
from module_utils._httpd.vocabulary.depends import Depends
from module_utils._httpd.vocabulary.patterns.pattern import match
from module_utils._httpd.vocabulary.url import parse_url

Target = Callable[[Random], tuple[Any, Callable[[], object]]]


def configuration(random: Random) -> tuple[Any, Callable[[], object]]:
    """parse_tree, expand, view, check, needed_modules and print_tree, in a world with files to include."""
    text, other = mutation.text(random), mutation.text(random)
    environment = Environment(
        version=random.choice([None, (2, 4, 62)]),
        modules=random.choice([None, frozenset(), frozenset({"ssl_module", "proxy_module"})]),
        files=Texts({"/etc/apache2/x": other, "/etc/apache2/conf-enabled/a.conf": text}),
        closed=random.random() < 0.5,
    )

    def read() -> None:
        found = read_configuration(text, "text", environment)
        check(found.server)
        print_tree(found.tree), list(map(str, found.problems)), found.modules

    return (text, other, environment.version, environment.modules, environment.closed), read


def variables(random: Random) -> tuple[Any, Callable[[], object]]:
    """read_inventory, compile and check."""
    drawn = mutation.variables(random)
    return drawn, lambda: list(map(str, check_variables(drawn, CONCERN_NAMES)[1]))


def request(random: Random) -> tuple[Any, Callable[[], object]]:
    """Resolver, to_plain and read_request, whatever is asked of whatever server."""
    text, target, host = mutation.text(random), mutation.word(random), mutation.word(random)
    pattern = mutation.word(random)

    def decide() -> None:
        tree = parse_tree(text, "text")[0]
        resolver = Resolver(view(expand(tree, Environment(closed=False)).tree))
        with suppress(Refused):
            to_plain(resolver.resolve(read_request(f"http://{host}/{target}")))
        to_plain(resolver.resolve(Request(f"/{target}", "shop.example.com")))
        with suppress(Depends):
            match(to_bytes_text(pattern), to_bytes_text(target))

    return (text, target, host, pattern), decide


def target_and_address(random: Random) -> tuple[Any, Callable[[], object]]:
    """parse_url and parse_address, which refuse with a message."""
    word = mutation.word(random)

    def parse() -> None:
        for read in (parse_url, parse_address):
            with suppress(Refused):
                str(read(word))

    return word, parse


# How many of each thousand inputs are whose.
SHARES: tuple[tuple[Target, int], ...] = (
    (configuration, 450),
    (variables, 200),
    (request, 250),
    (target_and_address, 100),
)
