"""What a run did on a host and what serves there now, as it comes from the host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .serving import Serving, serving_from_plain


@dataclass(frozen=True)
class BackendAnswer:
    """What a backend answered: a status, or a message why there is none, and the status that clients get then.

    Where it `is_loop`, requests go round until no worker is left.
    """

    url: str
    status: int = 0
    message: str = ""
    clients_get: int = 0
    is_loop: bool = False

    @property
    def is_good(self) -> bool:
        """Tell whether the backend answers, and not with an error of its own; where no HTTP is spoken, it takes connections."""
        return not self.message and self.status < 500

    @property
    def words(self) -> str:
        """The answer in a table."""
        if not self.message:
            return str(self.status) if self.status else "takes connections"
        return self.message + (f"; clients get {self.clients_get}" if self.clients_get else "")


@dataclass(frozen=True)
class CertificateEnd:
    """A certificate of the virtual hosts of these names: the day on which it ends, empty where it can't be read."""

    names: tuple[str, ...]
    ends: str = ""
    days: int = 0


@dataclass(frozen=True)
class DeployedHost:
    """What a run did on a host, or would do in a dry run, why, and what serves there.

    Where it isn't known what the run did, `is_run_known` is false, and only what serves can be told.
    `what` changed in words; `action` is what the server was told, for a `reason`, or why nothing was done. `failure` is why
    it failed. Where a commit is open or a link was changed, it `is_unsettled` which release serves.
    `before` is the release that served before the run, `previous` the one that a rollback goes to; `differs_by`
    says that it would take nothing back, for all that differs is the host's own. `problem` says why nothing is known of
    what serves there; nobody looked where it isn't `is_seen`, for nothing was to be done. `is_removed` where the run took
    Gatehouse off the host, or would; `is_rollback` where it went back to an earlier release; `is_stopped` where no server
    runs. `notes` explain figures that changed.
    """

    release: str = ""
    before: str = ""
    previous: str = ""
    differs_by: str = ""
    is_run_known: bool = True
    is_changed: bool = False
    is_dry_run: bool = False
    what: str = ""
    action: str = "none"
    reason: str = ""
    failure: str = ""
    problem: str = ""
    is_seen: bool = True
    is_removed: bool = False
    is_rollback: bool = False
    is_stopped: bool = False
    is_unsettled: bool = False
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    serving: Serving = field(default_factory=Serving)
    answers: tuple[BackendAnswer, ...] = ()
    certificates: tuple[CertificateEnd, ...] = ()

    @property
    def is_down(self) -> bool:
        """Whether no server runs after the run, or would."""
        if self.is_dry_run and self.is_changed and self.action in ("start", "stop"):
            return self.action == "stop"
        return self.is_stopped

    @property
    def silent(self) -> tuple[BackendAnswer, ...]:
        """The backends that don't answer, or answer with an error."""
        return tuple(answer for answer in self.answers if not answer.is_good)


LOST = DeployedHost(
    failure="the run couldn't reach it, and left it out", problem="nobody could ask it"
)


def host_from_plain(plain: Mapping[str, Any]) -> DeployedHost:
    """Read what the module and the action of `deployed_info` returned of a host; an answer of neither is a problem."""
    done = DeployedHost(
        release=plain.get("release", ""),
        before=plain.get("before", ""),
        is_run_known=plain.get("is_run_known", True),
        is_changed=plain.get("is_changed", False),
        is_dry_run=plain.get("is_dry_run", False),
        what=plain.get("what", ""),
        action=plain.get("action", "none"),
        reason=plain.get("reason", ""),
        failure=plain.get("failure", ""),
        warnings=tuple(plain.get("told", ())),
    )
    if not plain.get("is_seen", True):
        return replace(done, is_seen=False)
    if "sites" not in plain:
        return replace(done, problem=str(plain.get("msg", "no answer")).strip())
    warning = plain.get("warning", "")
    is_stopped = plain.get("is_stopped", False)
    answers = (BackendAnswer(**answer) for answer in plain["backends"])
    return replace(
        done,
        notes=tuple(plain.get("notes", ())),
        warnings=(*filter(None, (warning,)), *done.warnings),
        is_unsettled=bool(warning),
        previous=plain["previous"],
        differs_by=plain.get("differs_by", ""),
        is_removed=plain.get("is_removed", False),
        is_rollback=plain.get("is_rollback", False),
        is_stopped=is_stopped,
        serving=serving_from_plain({"sites": plain["sites"]}),
        # Of a server that is stopped clients get nothing at all.
        answers=tuple(replace(one, clients_get=0) if is_stopped else one for one in answers),
        certificates=tuple(
            CertificateEnd(tuple(one["names"]), one["ends"], one["days"])
            for one in plain["certificates"]
        ),
    )
