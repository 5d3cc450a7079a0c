"""The catalogue, written out."""

from __future__ import annotations

from ..rule import Rule
from .backends.backend_addresses import socket_of_another_worker, uwsgi_default_port
from .backends.backend_names import backend_address_unnamed, preserved_host_to_tls_backend
from .backends.backend_settings import (
    backend_depth_zero,
    backend_protocol_missing,
    backend_revocation_list_missing,
    backend_revocation_unchecked,
    machine_certificate_unused,
)
from .backends.backend_verification import (
    backend_authority_missing,
    backend_check_off,
    backend_not_verified,
    ssl_proxy_engine_missing,
    tls_and_plain_on_one_port,
)
from .backends.health_checks import (
    health_check_module_missing,
    health_check_undefined,
    health_check_without_balancer,
)
from .backends.inherited_balancers import failonstatus_not_inherited
from .backends.sticky_sessions import (
    balancer_path_ignored,
    balancer_timeout,
    duplicate_member,
    duplicate_route,
    member_shared,
    sticky_session_without_routes,
)
from .backends.worker_parameters import (
    balancer_parameter_on_worker,
    interval_misread,
    name_too_long,
    worker_parameter_on_balancer,
    worker_shared,
)
from .clients.access import (
    old_and_new_access_rules,
    page_exposed,
    path_parameter_bypass,
    proxy_section_denies,
)
from .clients.client_tls import (
    certificate_missing,
    chain_file_obsolete,
    ocsp_failure_stapled,
    ssl_engine_missing,
)
from .clients.headers import (
    cookie_rewrite_with_url,
    forged_headers_pass,
    identity_header_not_cleared,
    reverse_in_location_match,
    security_header_added,
    sticky_cookie_without_separator,
)
from .clients.http2_protocols import (
    h2c_not_heard,
    http2_few_workers,
    http2_never_chosen,
    http2_of_other_transport,
    http2_workers_inverted,
    protocol_unknown,
    push_obsolete,
)
from .clients.http2_tls import http2_cipher_refused, http2_renegotiates
from .clients.remote_ip import every_client_trusted, remote_ip_trusts_everyone
from .clients.tls_strength import (
    broken_tls_protocol,
    old_protocol_refused,
    protocol_below_gap,
    weak_cipher,
)
from .routing.inheritance import (
    balancer_replaced_by_main,
    encoded_slashes_not_inherited,
    encoded_slashes_reset,
    server_name_missing,
    virtual_host_as_defaults,
)
from .routing.locations import (
    location_never_wins,
    page_behind_proxy,
    proxy_pass_in_location_match,
    rule_behind_location,
    two_rules_in_one_location,
)
from .routing.misplaced import (
    balancer_in_main_server,
    directive_not_in_virtual_host,
    main_server_proxy_pass,
    proxy_requests_on,
)
from .routing.names_and_addresses import duplicate_server_name, listen_missing, overlapping_listen
from .routing.path_encoding import (
    encoded_slash_decoded,
    encoded_slash_refused,
    pattern_appends_path,
    pattern_loses_parameters,
)
from .routing.proxying_rewrites import client_chooses_host, rewrite_takes_every_request
from .routing.redirects import (
    alias_behind_proxy,
    alias_never_fires,
    error_document_behind_proxy,
    redirect_behind_proxy,
    redirect_never_fires,
    redirect_target_without_slash,
    redirect_without_path,
)
from .routing.rewrite_patterns import (
    no_proxy_set_too_late,
    reference_without_group,
    rewrite_drops_path,
    rewrite_engine_off,
    rewrite_pattern_without_slash,
    rewrite_rules_not_inherited,
    unknown_rewrite_map,
)
from .routing.rule_order import rule_behind_pattern, rule_never_fires
from .routing.rule_targets import proxy_pass_target_without_slash, undefined_balancer
from .server.improvements import (
    address_before_name,
    forwarded_proto_missing,
    rewrite_without_worker,
)
from .server.loaded_modules import (
    balancer_companion_missing,
    balancing_method_without_proxy,
    http2_inactive,
    module_before_its_base,
    module_missing,
    protocol_module_missing,
)
from .server.mpm_limits import threads_lowered, workers_lowered
from .server.vulnerabilities import vulnerable_version
from .text.contexts import directive_not_in_section
from .text.directive_names import foreign_directive, replaced_directive, unknown_directive
from .text.grammar import header_unreadable, proxy_words_unreadable, rewrite_flags_unreadable
from .text.ineffective_words import (
    comment_at_line_end,
    limit_request_body_without_effect,
    reverse_names_socket,
    unknown_parameter,
)
from .text.log_formats import unreadable_log_format
from .text.malformed import invalid_address, invalid_pattern
from .text.misread_numbers import number_misread
from .text.number_of_arguments import unknown_setting, wrong_number_of_arguments
from .text.parameter_ranges import (
    ajp_without_secret,
    connection_timeout_too_long,
    parameter_out_of_range,
    parameters_in_one_word,
    retry_without_balancer,
)
from .text.proxy_pass_arguments import (
    path_has_query,
    path_without_slash,
    proxy_pass_path_in_location,
    proxy_pass_without_path,
    socket_in_tmp,
    target_has_query,
    target_is_any_address,
    target_is_no_url,
    unknown_scheme,
)
from .text.versions import newer_than_server, request_splitting

RULES: tuple[Rule, ...] = (
    unknown_directive,
    replaced_directive,
    foreign_directive,
    proxy_requests_on,
    socket_of_another_worker,
    uwsgi_default_port,
    main_server_proxy_pass,
    balancer_in_main_server,
    directive_not_in_virtual_host,
    directive_not_in_section,
    wrong_number_of_arguments,
    unknown_setting,
    invalid_pattern,
    invalid_address,
    proxy_words_unreadable,
    rewrite_flags_unreadable,
    header_unreadable,
    proxy_pass_without_path,
    proxy_pass_path_in_location,
    target_is_no_url,
    unknown_scheme,
    path_without_slash,
    path_has_query,
    target_has_query,
    target_is_any_address,
    socket_in_tmp,
    duplicate_server_name,
    listen_missing,
    overlapping_listen,
    encoded_slashes_not_inherited,
    encoded_slashes_reset,
    balancer_replaced_by_main,
    virtual_host_as_defaults,
    server_name_missing,
    comment_at_line_end,
    unknown_parameter,
    limit_request_body_without_effect,
    reverse_names_socket,
    rule_never_fires,
    rule_behind_pattern,
    location_never_wins,
    proxy_pass_in_location_match,
    page_behind_proxy,
    rule_behind_location,
    two_rules_in_one_location,
    rewrite_takes_every_request,
    client_chooses_host,
    rewrite_drops_path,
    reference_without_group,
    unknown_rewrite_map,
    rewrite_pattern_without_slash,
    rewrite_engine_off,
    rewrite_rules_not_inherited,
    no_proxy_set_too_late,
    redirect_target_without_slash,
    redirect_without_path,
    redirect_never_fires,
    alias_never_fires,
    redirect_behind_proxy,
    alias_behind_proxy,
    error_document_behind_proxy,
    proxy_pass_target_without_slash,
    undefined_balancer,
    pattern_appends_path,
    pattern_loses_parameters,
    encoded_slash_refused,
    encoded_slash_decoded,
    parameter_out_of_range,
    number_misread,
    unreadable_log_format,
    parameters_in_one_word,
    connection_timeout_too_long,
    retry_without_balancer,
    ajp_without_secret,
    balancer_parameter_on_worker,
    worker_parameter_on_balancer,
    interval_misread,
    name_too_long,
    worker_shared,
    sticky_session_without_routes,
    duplicate_route,
    duplicate_member,
    member_shared,
    balancer_path_ignored,
    balancer_timeout,
    health_check_undefined,
    health_check_without_balancer,
    failonstatus_not_inherited,
    health_check_module_missing,
    forged_headers_pass,
    identity_header_not_cleared,
    cookie_rewrite_with_url,
    reverse_in_location_match,
    sticky_cookie_without_separator,
    security_header_added,
    forwarded_proto_missing,
    address_before_name,
    rewrite_without_worker,
    remote_ip_trusts_everyone,
    every_client_trusted,
    ssl_proxy_engine_missing,
    broken_tls_protocol,
    old_protocol_refused,
    protocol_below_gap,
    ssl_engine_missing,
    certificate_missing,
    weak_cipher,
    chain_file_obsolete,
    ocsp_failure_stapled,
    backend_authority_missing,
    backend_check_off,
    backend_not_verified,
    preserved_host_to_tls_backend,
    backend_address_unnamed,
    tls_and_plain_on_one_port,
    backend_protocol_missing,
    backend_revocation_list_missing,
    backend_revocation_unchecked,
    backend_depth_zero,
    machine_certificate_unused,
    page_exposed,
    old_and_new_access_rules,
    proxy_section_denies,
    path_parameter_bypass,
    module_missing,
    protocol_module_missing,
    balancer_companion_missing,
    module_before_its_base,
    balancing_method_without_proxy,
    http2_inactive,
    h2c_not_heard,
    http2_never_chosen,
    http2_of_other_transport,
    http2_cipher_refused,
    http2_renegotiates,
    http2_few_workers,
    http2_workers_inverted,
    protocol_unknown,
    push_obsolete,
    workers_lowered,
    threads_lowered,
    newer_than_server,
    request_splitting,
    vulnerable_version,
)
