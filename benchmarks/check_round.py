"""Runs one round of benchmarks/check on the checkout that is named, and prints its seconds as JSON."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

SIZES = (1_000, 10_000)  # virtual hosts, with five rules each
# A checkout's own functions: a former state finds its code where it lay then.
WORKS = {"read and check": "_check", "read, check and resolve": "_check_and_resolve"}

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


def main(checkout: Path) -> None:
    """Measure every work at every size."""
    sys.path.insert(0, str(checkout / "benchmarks"))
    check = importlib.import_module("check")
    # As the module and the action plugins do: the collector would walk all that was read, again and again.
    gc.disable()
    seconds = {
        work: {size: _seconds(getattr(check, function), size) for size in SIZES}
        for work, function in WORKS.items()
    }
    print(json.dumps(seconds))


def _seconds(work: Callable[[str], None], size: int) -> float:
    """Return the processor seconds of one work on so many virtual hosts."""
    vhosts = (VHOST.format(number=number, octet=number % 250) for number in range(size))
    text = "Listen 80\n" + "".join(vhosts)
    began = time.process_time()
    work(text)
    seconds = time.process_time() - began
    gc.collect()
    return seconds


if __name__ == "__main__":
    main(Path(sys.argv[1]))
