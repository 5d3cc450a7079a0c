"""Keys of other collections and modules for Apache, and what to write instead of each."""

from __future__ import annotations

_GEERLINGGUY = "geerlingguy.apache"
_PUPPETLABS = "puppetlabs-apache"
_DEBOPS = "debops.apache"

VHOST_KEYS: dict[str, tuple[str, str]] = {
    "servername": (f"{_GEERLINGGUY} and {_PUPPETLABS}", "write `server_name`"),
    "serveralias": (_GEERLINGGUY, "write `server_aliases`, a list"),
    "serveraliases": (_PUPPETLABS, "write `server_aliases`"),
    "documentroot": (_GEERLINGGUY, "write `document_root`, or `proxy_to` for a backend"),
    "docroot": (_PUPPETLABS, "write `document_root`, or `proxy_to` for a backend"),
    "extra_parameters": (_GEERLINGGUY, "write `extra_directives`"),
    "custom_fragment": (_PUPPETLABS, "write `extra_directives`"),
    "serveradmin": (_GEERLINGGUY, "write `extra_directives: ServerAdmin …`"),
    "allow_override": (_GEERLINGGUY, "write it into `extra_directives`"),
    "port": (_PUPPETLABS, "write `listen: [PORT]`"),
    "ip": (_PUPPETLABS, 'write `listen: ["ADDRESS:PORT"]`'),
    "proxy_dest": (_PUPPETLABS, "write `proxy_to`"),
    "proxy_dest_match": (_PUPPETLABS, "write `proxy_pass: [{match: …, url: …}]`"),
    "rewrites": (_PUPPETLABS, "write `redirects`, or the rules into `extra_directives`"),
    "by_role": (_DEBOPS, "write `server_name` and `proxy_to`"),
    "redirect_source": (_PUPPETLABS, "write `redirects: [{path: …, url: …}]`"),
    "redirect_dest": (_PUPPETLABS, "write `redirects: [{path: …, url: …}]`"),
}
BALANCER_KEYS: dict[str, tuple[str, str]] = {
    "balancermembers": (_PUPPETLABS, "write `members: [{url: …}]`"),
    "proxy_set": (_PUPPETLABS, "write its keys beside `members`"),
    "collect_exported": (_PUPPETLABS, "write `members: [{url: …}]`"),
}
