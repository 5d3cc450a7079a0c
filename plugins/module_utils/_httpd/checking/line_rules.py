"""The rules that look at one line alone: what they find holds, whatever stands in a file that can't be read."""

from __future__ import annotations

from .rules.all_rules import RULES

_IDS = frozenset(
    {
        "comment-at-line-end",
        "connection-timeout-too-long",
        "directive-not-in-section",
        "foreign-directive",
        "header-unreadable",
        "invalid-address",
        "invalid-pattern",
        "newer-than-server",
        "parameter-out-of-range",
        "parameters-in-one-word",
        "path-has-query",
        "path-without-slash",
        "proxy-pass-path-in-location",
        "proxy-pass-target-without-slash",
        "proxy-pass-without-path",
        "proxy-words-unreadable",
        "replaced-directive",
        "retry-without-balancer",
        "reverse-names-socket",
        "rewrite-flags-unreadable",
        "socket-in-tmp",
        "target-has-query",
        "target-is-any-address",
        "target-is-no-url",
        "unknown-directive",
        "unknown-parameter",
        "unknown-scheme",
        "unknown-setting",
        "wrong-number-of-arguments",
    }
)
LINE_RULES = tuple(rule for rule in RULES if rule.id in _IDS)
