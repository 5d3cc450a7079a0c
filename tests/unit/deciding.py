"""Decides a request over the text of a configuration."""

from __future__ import annotations

from typing import Any

from module_utils._httpd.reading.view import view
from module_utils._httpd.resolve.request import Decision, Request
from module_utils._httpd.resolve.resolver import Resolver
from module_utils._httpd.syntax.parse import parse_tree

# A virtual host that proxies everything, with room for lines.
PROXY = "<VirtualHost *:19110>\nServerName v0.example\nProxyPass / http://127.0.0.1:19201/\n{}\n</VirtualHost>"


def decide(config: str, target: str = "/", host: str = "v0.example", **fields: Any) -> Decision:
    """Decide a request for port 19110."""
    tree, problems = parse_tree(config, "server.conf")
    assert problems == ()
    local = {"port": 19110, "client": "127.0.0.1", "address": "127.0.0.1"}
    return Resolver(view(tree)).resolve(Request(target, host, **{**local, **fields}))
