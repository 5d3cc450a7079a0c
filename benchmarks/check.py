"""Measures reading, checking and resolving by the number of virtual hosts, in processor seconds of one core."""

from __future__ import annotations

import gc
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "plugins"))

from module_utils._httpd.checking.configuration import read_configuration  # noqa: E402
from module_utils._httpd.reading.environment import Environment  # noqa: E402
from module_utils._httpd.resolve.request import Request  # noqa: E402
from module_utils._httpd.resolve.resolver import Resolver  # noqa: E402

SIZES = (1_000, 10_000)  # virtual hosts, with five rules each
RULES = 5
ROUNDS = 3
TARGET = "/x?q=1"  # the last rule takes it: every rule is tried
SECONDS_BOUND = 10.0
RATIO_BOUND = 1.5

VHOST = """<VirtualHost *:80>
  ServerName shop{number}.example.com
  ServerAlias www.shop{number}.example.com
  ErrorLog /var/log/apache2/shop{number}.log
  ProxyPreserveHost On
  <Proxy balancer://app{number}>
    BalancerMember http://10.0.{octet}.1:8080 route=a
    BalancerMember http://10.0.{octet}.2:8080 route=b
    ProxySet stickysession=JSESSIONID
  </Proxy>
  <Location /manager/>
    Require ip 10.0.0.0/8
  </Location>
  RewriteEngine On
  RewriteCond %{{HTTP_HOST}} ^www\\.
  RewriteRule ^/(.*)$ https://shop{number}.example.com/$1 [R=301,L]
  ProxyPass /static/ !
  ProxyPass /ws/ ws://10.1.{octet}.1:6001/ timeout=600
  ProxyPass /api/ http://10.2.{octet}.1:8080/api/
  ProxyPassMatch ^/v([0-9]+)/ http://10.3.{octet}.1:8080/v$1/
  ProxyPass / balancer://app{number}/
  ProxyPassReverse / http://10.0.{octet}.1:8080/
</VirtualHost>
"""


def main() -> None:
    """Measure, print and write the results; fail where a bound is exceeded."""
    # As the module and the action plugins do: the collector would walk all that was read, again and again.
    gc.disable()
    costs = {
        "read and check": {size: _seconds(size, _check) for size in SIZES},
        "read, check and resolve": {size: _seconds(size, _check_and_resolve) for size in SIZES},
    }
    text = "\n".join(_results(costs))
    (HERE / "CHECK.md").write_text(text)
    print(text)
    sys.exit(any(_is_exceeded(cost) for cost in costs.values()))


def _check(text: str) -> None:
    """Read a text to the end, and try every rule on it."""
    read_configuration(text, "httpd.conf", Environment(version=(2, 4, 62), modules=frozenset()))


def _check_and_resolve(text: str) -> None:
    """Do the same, then decide a request to every virtual host."""
    environment = Environment(version=(2, 4, 62), modules=frozenset())
    resolver = Resolver(read_configuration(text, "httpd.conf", environment).server)
    for number in range(text.count("<VirtualHost ")):
        resolver.resolve(Request(TARGET, f"shop{number}.example.com", address="10.9.9.9"))


def _seconds(size: int, work: Callable[[str], None]) -> float:
    """Return the least of some rounds: what else the machine does can only add to it."""
    vhosts = (VHOST.format(number=number, octet=number % 250) for number in range(size))
    text = "Listen 80\n" + "".join(vhosts)
    samples = []
    for _round in range(ROUNDS):
        began = time.process_time()
        work(text)
        samples.append(time.process_time() - began)
        gc.collect()
    return min(samples)


def _ratio(cost: dict[int, float]) -> float:
    """Return by how much a rule costs more at the largest size than at the smallest."""
    small, large = SIZES[0], SIZES[-1]
    return (cost[large] / large) / (cost[small] / small)


def _is_exceeded(cost: dict[int, float]) -> bool:
    return cost[SIZES[-1]] > SECONDS_BOUND or _ratio(cost) > RATIO_BOUND


def _results(costs: dict[str, dict[int, float]]) -> list[str]:
    """Return the lines of CHECK.md."""
    lines = [
        "# What checking costs",
        "",
        f"Written by `benchmarks/check`: Python {platform.python_version()} on {platform.machine()}, processor seconds of",
        f"one core, the least of {ROUNDS} rounds. Each virtual host has {RULES} rules, a balancer of two members, a",
        "rewrite and a location. Resolving decides a request to each virtual host that tries",
        "all of its rules.",
        "",
        "| work | virtual hosts | rules | seconds | µs a rule |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for work, cost in costs.items():
        for size, seconds in cost.items():
            rules = size * RULES
            lines.append(
                f"| {work} | {size:,} | {rules:,} | {seconds:.2f} | {seconds / rules * 1e6:.0f} |"
            )
    lines.append("")
    for work, cost in costs.items():
        lines.append(
            f"- {work}: {cost[SIZES[-1]]:.2f} s (bound {SECONDS_BOUND:.0f} s), a rule costs "
            f"{_ratio(cost):.2f} times as much (bound {RATIO_BOUND})"
        )
    return [*lines, ""]


if __name__ == "__main__":
    main()
