"""What the module `commit` asks of a host: to commit, to go back, or to let go of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..._httpd.vocabulary.layout import DEBIAN
from ..commit import transaction
from ..commit.outcome import Outcome, Refusal, plain_refusal
from ..commit.removal import remove
from ..commit.request import Request
from ..machine.lock import HostError, in_the_way
from ..machine.progress import told
from ..swap.live import Undone


def answer(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result, plain data; `warnings` are its warnings, and `failed` says that it fails."""
    request = Request(
        token=params["token"],
        by=params["by"],
        staged=params["staged"],
        base=params["base"],
        allow_empty=params["allow_empty"],
        allow_removal=params["allow_removal"],
        serve=params["service_state"] == "started",
        check_mode=params["check_mode"],
        cut_connections=params["cut_connections"],
        taken_over=tuple(map(str.lower, params["takes_over"])),
    )
    outcome = Outcome()
    try:
        with told(request.token):
            _carry_out(params, request, outcome)
    except Refusal as refusal:
        return _failed(outcome, plain_refusal(refusal))
    except HostError as error:
        return _failed(outcome, {"msg": str(error), "undone": isinstance(error, Undone)})
    except OSError as error:
        return _failed(outcome, {"msg": in_the_way(error)})
    result = asdict(outcome)
    result["deployed"] = json.dumps(outcome.deployed, sort_keys=True) if outcome.deployed else ""
    if not params["with_diff"]:
        del result["diff"]
    failure = result.pop("failure")
    if failure:
        result |= {"failed": True, "msg": f"the release is live, but:\n{failure}"}
    return result


def _failed(outcome: Outcome, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return a failure: what was mended or set aside before it, nobody would say again."""
    return {"failed": True, "warnings": outcome.warnings, **words}


def _carry_out(params: Mapping[str, Any], request: Request, outcome: Outcome) -> None:
    """Commit, go back or remove. Raises HostError and OSError."""
    if params["state"] == "committed":
        transaction.commit(request, DEBIAN, outcome)
    elif params["state"] == "rolled_back":
        transaction.roll_back(request, DEBIAN, outcome, digest=params["release"])
    else:
        remove(request, DEBIAN, outcome)
