"""What reading a configuration can't know: the causes of an answer that depends."""

from __future__ import annotations

from collections.abc import Mapping

from ..syntax.tree import NOWHERE, Place

# What reading a configuration can't know. Nothing else may be a reason to answer `depends`.
CAUSES: Mapping[str, str] = {
    "address": "which of the host's addresses the client connects to",
    "authentication": "who the client is",
    "client": "the client's address or name",
    "condition": "an open <If...> section: the modules, defines or version aren't known",
    "directive": "a directive that isn't modelled, in the request's way",
    "directory": "rewriting in a directory or a location, or what a <Directory> or <Files> says",
    "environment": "a variable of the environment that is set while the request runs",
    "expression": "the value of an expression",
    "file": "whether a file is there",
    "loop": "rewriting that goes round too often to be followed",
    "map": "a RewriteMap",
    "option": "an option that isn't modelled",
    "pattern": "a regular expression that isn't read here, or that would take too long",
    "time": "the time of day",
    "unreadable": "a file of the configuration that can't be read",
    "variable": "a variable that isn't modelled",
}


class Depends(Exception):
    """The answer depends on what reading can't know; `cause` is one of CAUSES."""

    def __init__(self, cause: str, message: str, place: Place = NOWHERE) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.place = place
