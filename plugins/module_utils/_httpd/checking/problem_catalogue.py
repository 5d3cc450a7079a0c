"""Every problem that Gatehouse can report: what documents it and what may silence it is found by its id."""

from __future__ import annotations

from collections.abc import Mapping

from ..concerns.balancers import problem_kinds as balancers
from ..concerns.modules import problem_kinds as modules
from ..concerns.mpm_event import problem_kinds as mpm_event
from ..concerns.server import problem_kinds as server
from ..concerns.ssl import problem_kinds as ssl
from ..concerns.vhosts import problem_kinds as vhosts
from ..reading import problem_kinds as reading
from ..release import problem_kinds as release
from ..syntax import problem_kinds as syntax
from ..syntax.problem import ProblemKind
from ..tls import problem_kinds as tls
from ..variables import problem_kinds as variables
from . import problem_kinds as checking
from .rules.all_rules import RULES

# What isn't a rule, by its topic: the headings of docs/problems.md.
TOPICS: Mapping[str, tuple[ProblemKind, ...]] = {
    "Values": (
        variables.VARIABLE,
        variables.UNKNOWN_KEY,
        variables.PARAMETER_OF_ANOTHER_OBJECT,
        variables.UNIT_IGNORED,
        variables.UNWRITABLE_VALUE,
        variables.VALUE_TOO_LONG,
        variables.VARIABLE_MISSPELT,
        variables.TEMPLATE,
    ),
    "Virtual hosts": (
        vhosts.UNDEFINED_VHOSTS,
        release.EMPTIED_INVENTORY,
        release.LARGE_REMOVAL,
        release.PROXY_TO_ITSELF,
        release.REDIRECT_LOOP,
        release.SITE_LOST,
        release.VHOST_UNREACHABLE,
        vhosts.NO_ADDRESS,
        vhosts.SERVES_NOTHING,
        vhosts.RESERVED_VARIABLE,
        vhosts.TWO_DEFAULTS,
        vhosts.TWO_RULES_FOR_EVERYTHING,
        vhosts.PATH_OR_MATCH,
        vhosts.UNKNOWN_LOG_FORMAT,
        server.LOG_FORMAT_OF_HOST,
        server.PROOF_PORT_SHARED,
    ),
    "Route tests": (
        release.EXPECT_FAILED,
        release.EXPECT_DEPENDS,
        vhosts.EXPECT_NOTHING,
        vhosts.EXPECT_WRITES,
        vhosts.METHOD_MISSPELT,
    ),
    "Balancers": (
        balancers.BALANCER_WITHOUT_MEMBERS,
        balancers.DUPLICATE_BALANCER,
        balancers.TWO_STICKY_COOKIES,
        balancers.MEMBER_WITH_PATH,
    ),
    "TLS": (
        ssl.CERTIFICATE_UNDEFINED,
        ssl.CERTIFICATE_WITHOUT_KEY,
        ssl.KEY_WITHOUT_CERTIFICATE,
        ssl.TWO_CERTIFICATES,
        ssl.MIXED_TLS,
        ssl.TLS_ON_HTTP_PORT,
        ssl.CURVES_DIFFER,
        ssl.CIPHERS_UNKNOWN,
        ssl.CURVES_UNKNOWN,
        ssl.VERIFY_CLIENT_MISSING,
        ssl.VERIFY_CLIENT_EVERYWHERE,
        ssl.CLIENT_AUTHORITY_MISSING,
        ssl.TWO_AUTHORITIES,
        vhosts.MACHINE_CERTIFICATE_MISSING,
        vhosts.MACHINE_KEY_MISSING,
        vhosts.MACHINE_KEY_ENCRYPTED,
    ),
    "Managed certificates": (
        ssl.ACME_TERMS,
        ssl.ACME_UNREACHABLE,
        ssl.ACME_WILDCARD,
        ssl.ACME_PRIVATE_NAME,
        ssl.ACME_OVERLAP,
        ssl.ACME_KEY_KIND,
    ),
    "Certificates": tls.CERTIFICATE_KINDS,
    "Modules": (
        modules.MPM_CHOSEN,
        modules.MODULE_MISSPELT,
    ),
    "The event MPM": (
        mpm_event.MPM_CONTRADICTION,
        mpm_event.MPM_OF_ANOTHER_KIND,
        mpm_event.MPM_TOO_SMALL,
    ),
    "Configuration files": (
        checking.NO_CONFIGURATION,
        syntax.SYNTAX,
        reading.EXPANSION,
        reading.UNDEFINED_VARIABLE,
        reading.UNREADABLE_FILE,
        checking.INCLUDE_NOT_FOLLOWED,
    ),
    "Hosts": (
        checking.NOT_CHECKED,
        release.PORT_TAKEN,
        release.ADDRESS_MISSING,
        release.NAME_UNRESOLVED,
        release.LOG_UNOPENABLE,
        release.DIRECTORY_MISSING,
        release.DIRECTORY_CLOSED,
        release.PROOF_PORT_OPEN,
        release.SHARED_BY_TWO_OWNERS,
    ),
    "Silencing": (
        checking.UNKNOWN_RULE,
        checking.SILENCED_WITHOUT_REASON,
        checking.NEVER_SILENCED,
    ),
}
KINDS: tuple[ProblemKind, ...] = (
    *(kind for kinds in TOPICS.values() for kind in kinds),
    *(rule.kind for rule in RULES),
)
CATALOGUE: Mapping[str, ProblemKind] = {kind.id: kind for kind in KINDS}
