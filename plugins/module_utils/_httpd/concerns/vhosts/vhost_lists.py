"""Where virtual hosts are listed: variables of all hosts, of groups and of one host, which are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable

GROUP_LISTS = "apache_group_vhosts"
VHOST_LISTS = ("apache_vhosts", GROUP_LISTS, "apache_host_vhosts")
# Of two groups that define one name, Ansible takes one; each may have a list of its own name instead.
GROUP_LIST = re.compile(rf"{GROUP_LISTS}_[A-Za-z0-9_]+")


def vhost_lists(names: Iterable[object]) -> tuple[str, ...]:
    """Return the lists that a host may have, in the order in which they are joined; of groups those among `names`."""
    everybodys, groups, hosts = VHOST_LISTS
    of_groups = {name for name in names if isinstance(name, str) and GROUP_LIST.fullmatch(name)}
    return (everybodys, groups, *sorted(of_groups), hosts)
