"""The catalogue, written out."""

from __future__ import annotations

from ..rule import Rule
from .balancers import duplicate_member, duplicate_route, sticky_session_without_routes
from .order import rule_never_fires
from .scope import (
    balancer_in_main_server,
    directive_not_in_virtual_host,
    main_server_proxy_pass,
    proxy_requests_on,
    unknown_directive,
)
from .target import proxy_pass_target_without_slash, undefined_balancer
from .vhosts import duplicate_server_name, listen_missing, overlapping_listen
from .workers import (
    balancer_parameter_on_worker,
    interval_misread,
    name_too_long,
    worker_parameter_on_balancer,
    worker_shared,
)

RULES: tuple[Rule, ...] = (
    unknown_directive,
    directive_not_in_virtual_host,
    proxy_requests_on,
    main_server_proxy_pass,
    balancer_in_main_server,
    duplicate_server_name,
    listen_missing,
    overlapping_listen,
    rule_never_fires,
    proxy_pass_target_without_slash,
    undefined_balancer,
    balancer_parameter_on_worker,
    worker_parameter_on_balancer,
    interval_misread,
    name_too_long,
    worker_shared,
    sticky_session_without_routes,
    duplicate_route,
    duplicate_member,
)
