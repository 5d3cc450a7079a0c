"""What can be wrong between the keys of balancers."""

from __future__ import annotations

from ...syntax.problem import ProblemKind

DUPLICATE_BALANCER = ProblemKind(
    "duplicate-balancer",
    "error",
    """
    Two balancers have the same name, and rules find a balancer by its name.

    Rename one of the two, or join their members.
    """,
    never_silenced="only one of the two would be deployed",
)
BALANCER_WITHOUT_MEMBERS = ProblemKind(
    "balancer-without-members",
    "error",
    """
    A balancer has no members: every request to it gets a 503 (AH01171).

    Write at least one member:

    ```yaml
    apache_balancers:
      - name: app
        members: [{url: "http://10.0.0.2:8080"}]
    ```
    """,
    never_silenced="every request to the balancer would fail",
)
TWO_STICKY_COOKIES = ProblemKind(
    "two-sticky-cookies",
    "error",
    """
    A balancer has both `sticky_cookie`, a cookie that Gatehouse writes, and `stickysession`, one
    that the application writes. A balancer goes by one cookie.

    Remove one of the two.
    """,
    never_silenced="a balancer goes by one cookie, and which one would be a guess",
)
MEMBER_WITH_PATH = ProblemKind(
    "member-with-path",
    "warning",
    """
    A member's URL has a path. The rule that names the balancer adds its own path to it, so that
    the backend is asked for both, one behind the other.

    Write members without a path, and the path in the rule:

    ```yaml
    proxy_pass: [{path: /, url: "balancer://app/shop/"}]
    ```
    """,
)
