"""Places of a release are named by the variables that were printed there."""

from __future__ import annotations

from module_utils._host.store.line_variables import in_variables, key_at, with_variables
from module_utils._host.store.release import Release
from module_utils._httpd.checking.problem_catalogue import CATALOGUE
from module_utils._httpd.concerns.inventory import read_inventory
from module_utils._httpd.release.compile_parts import compile_inventory
from module_utils._httpd.syntax.tree import Place

RULES = [{"path": "/a/", "url": "http://10.0.0.1/"}, {"path": "/", "url": "http://10.0.0.2/"}]
VHOST = {"server_name": "shop.example.com", "proxy_pass": RULES}
RELEASE = Release(
    "d" * 64, "", compile_inventory(read_inventory({"apache_vhosts": [VHOST]})[0]).parts
)
PATH = "main/vhosts/shop.example.com.conf"
FILE = f"/etc/apache2/gatehouse/releases/{'d' * 64}/{PATH}"
MAIN = Place("/etc/apache2/apache2.conf", 222)
FRAME = Place("/etc/apache2/gatehouse/current/gatehouse.conf", 20, included_from=MAIN)
WHOLE = "apache_vhosts[0] (shop.example.com)"
KIND = CATALOGUE["rule-never-fires"]


def line_of(words: str) -> int:
    """Return the line of the release's file that has these words."""
    return next(
        number for number, line in enumerate(RELEASE.texts[PATH].splitlines(), 1) if words in line
    )


def test_a_problem_has_the_variable_for_its_place_and_in_its_message() -> None:
    place = Place(FILE, line_of("10.0.0.2"), included_from=FRAME)
    earlier = Place(FILE, line_of("10.0.0.1"), included_from=FRAME)
    problem = KIND.problem(place, f'"/" never fires: "/a/" at {earlier} comes first', "move it")
    (shown,) = in_variables([problem], RELEASE)
    assert str(shown.place) == f"{WHOLE}.proxy_pass[1]"
    assert shown.message == f'"/" never fires: "/a/" at {WHOLE}.proxy_pass[0] comes first'


def test_a_place_of_the_hosts_own_files_stays() -> None:
    problem = KIND.problem(MAIN, "it is wrong", "mend it")
    assert in_variables([problem], RELEASE) == (problem,)


def test_a_line_above_every_variable_stays() -> None:
    problem = KIND.problem(Place(FILE.replace("shop", "none"), 1), "it is wrong", "mend it")
    assert in_variables([problem], RELEASE) == (problem,)


def test_a_line_of_httpd_gets_the_variable_behind_it() -> None:
    said = f"AH00526: Syntax error on line {line_of('10.0.0.2')} of {FILE}:"
    (shown,) = with_variables([said], RELEASE)
    assert shown == f"{said[:-1]} ({WHOLE}.proxy_pass[1]):"


def test_a_key_is_named_behind_its_virtual_host_alone() -> None:
    first, rule = (
        Place(FILE, line_of(words), included_from=FRAME) for words in ("<Virt", "10.0.0.1")
    )
    problems = [
        KIND.problem(key_at(place, key), "it is wrong", "mend it")
        for place, key in ((first, "listen[1]"), (first, ""), (rule, "error_log"))
    ]
    shown = in_variables(problems, RELEASE)
    assert [str(one.place) for one in shown] == [
        f"{WHOLE}.listen[1]",
        WHOLE,
        f"{WHOLE}.proxy_pass[0]",
    ]
