"""The catalogue, written out."""

from __future__ import annotations

from ..rule import Rule
from .balancers import duplicate_member, duplicate_route, sticky_session_without_routes
from .locations import location_never_wins, page_behind_proxy, proxy_pass_in_location_match
from .names import foreign_directive, replaced_directive, unknown_directive
from .order import rule_never_fires
from .rewrites import client_chooses_host, rewrite_takes_every_request
from .scope import (
    balancer_in_main_server,
    directive_not_in_virtual_host,
    main_server_proxy_pass,
    proxy_requests_on,
)
from .target import proxy_pass_target_without_slash, undefined_balancer
from .trust import broken_tls_protocol, remote_ip_trusts_everyone, ssl_proxy_engine_missing
from .vhosts import duplicate_server_name, listen_missing, overlapping_listen
from .words import (
    comment_at_line_end,
    limit_request_body_without_effect,
    reverse_names_socket,
    unknown_parameter,
)
from .workers import (
    balancer_parameter_on_worker,
    interval_misread,
    name_too_long,
    worker_parameter_on_balancer,
    worker_shared,
)

RULES: tuple[Rule, ...] = (
    unknown_directive,
    replaced_directive,
    directive_not_in_virtual_host,
    proxy_requests_on,
    main_server_proxy_pass,
    balancer_in_main_server,
    duplicate_server_name,
    listen_missing,
    overlapping_listen,
    comment_at_line_end,
    rule_never_fires,
    rewrite_takes_every_request,
    location_never_wins,
    proxy_pass_in_location_match,
    page_behind_proxy,
    proxy_pass_target_without_slash,
    undefined_balancer,
    unknown_parameter,
    balancer_parameter_on_worker,
    worker_parameter_on_balancer,
    interval_misread,
    name_too_long,
    worker_shared,
    sticky_session_without_routes,
    duplicate_route,
    duplicate_member,
    client_chooses_host,
    ssl_proxy_engine_missing,
    broken_tls_protocol,
    remote_ip_trusts_everyone,
    reverse_names_socket,
    limit_request_body_without_effect,
    foreign_directive,
)
