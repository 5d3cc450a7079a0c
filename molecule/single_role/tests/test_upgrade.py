"""docs/upgrade.md, with this version and one to come: releases of the older one are served, those of the newer one refused."""

from __future__ import annotations

import re

import pytest
from containers import Container
from newcomer import Newcomer

HOSTS = "# inventory/hosts.yml\nproxies:\n  hosts:\n    proxy1:\n"


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """Somebody with this version."""
    somebody = Newcomer(tmp_path_factory.mktemp("present"), Container("single-newcomer"))
    somebody.install()
    somebody.write(HOSTS)
    return somebody


def deploy(somebody: Newcomer, target: str) -> str:
    """Deploy a site that redirects to a target; return the digest of its release."""
    somebody.write(
        "# inventory/group_vars/proxies.yml\napache_vhosts:\n  - server_name: shop.example.com\n"
        f"    redirects: [{{path: /, url: http://{target}.example.com/}}]\n"
    )
    play(somebody, "site")
    return somebody.host.run("readlink", "/etc/apache2/gatehouse/proved").strip().split("/")[-1]


def play(somebody: Newcomer, playbook: str, *, is_refused: bool = False) -> str:
    """Run a playbook; return what it printed."""
    has_succeeded, printed = somebody.type(
        f"ansible-playbook -i inventory gatehouse.apache.{playbook}"
    )
    assert has_succeeded is not is_refused, printed
    return printed


def target(somebody: Newcomer) -> str:
    """Return where the live site redirects to."""
    location = somebody.host.ask("shop.example.com", "/").headers["Location"]
    return re.sub(r"^http://|\.example\.com/$", "", location)


def test_older_releases_are_served_and_newer_ones_deployed_anew_or_refused(
    present: Newcomer,
) -> None:
    newer = present.with_newer()
    release = deploy(present, "one")
    deploy(newer, "two")
    deploy(present, "three")
    assert target(present) == "three"
    # The one before is the newer version's.
    assert "comes from a newer Gatehouse" in play(
        present, "rollback -e apache_hosts=proxies", is_refused=True
    )
    assert target(present) == "three"
    play(newer, f"rollback -e apache_hosts=proxies -e apache_release={release}")
    assert target(present) == "one"
