"""What isn't modelled and stands in the way of a decision: then the answer depends, and is never a guess."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ...syntax.tree import NOWHERE
from ...vocabulary.depends import Depends
from ...vocabulary.effects.directive_effects import is_open, reach_of, spelling_of
from ..blocks import Block, Branch, Setting
from ..exchange import Exchange
from ..paths.url_paths import escape_uri
from ..request import Decision, Request
from .expressions import verdict_of
from .file_sections import index_names, open_file_section
from .reach import LAST_HOLDS, LAST_OF_SERVER, REACHES

Ask = Callable[[Request], Decision]


def refuse_what_is_open(
    exchange: Exchange, decision: Decision, ask: Ask, ask_for_error: Ask, *, is_error: bool
) -> None:
    """Raise Depends where something that isn't modelled may change what is decided.

    `ask` decides what httpd asks itself, `ask_for_error` an ErrorDocument, of which a request that `is_error` already has
    none of its own.
    """
    blocks = [block for block in exchange.blocks() if block.open or block.branches]
    for setting in _open_settings(blocks):
        if reach_of(setting.name) in REACHES and _reaches(setting, exchange, decision):
            raise Depends("directive", _told(setting), setting.place)
    for block in blocks:
        for branch in block.branches:
            if _may_hold(branch, exchange):
                shown = branch.expression or "the expressions before an <Else>"
                raise Depends("expression", f"the section of `{shown}`", branch.place)
    if exchange.is_proxied:
        _refuse_forwards(exchange)
    elif exchange.request.method == "TRACE" and (
        exchange.is_walked or decision.action != "redirect"
    ):
        # httpd echoes it before it asks whether the request may.
        raise Depends("directive", "TraceEnable, which isn't modelled")
    if exchange.is_walked:
        _refuse_what_files_say(exchange)
    if decision.action == "local":
        _refuse_what_files_do(exchange, ask)
    if decision.action in ("local", "denied", "redirect") and not is_error:
        refuse_error_documents(exchange, decision, ask_for_error)


def _told(setting: Setting) -> str:
    """Return what is said of a directive that is open."""
    if setting.name.startswith("redirect"):
        return f"{setting.spelling} {' '.join(setting.values)}, of which httpd dies"
    # Of what is open for its values, those say why; a third one may be secret.
    values = "" if is_open(setting.name) else " ".join(("", *setting.values[:2]))
    return f"{setting.spelling}{values}, which isn't modelled"


def _open_settings(blocks: Sequence[Block]) -> Iterator[Setting]:
    """Yield each directive that isn't modelled and applies; where the last one holds, that one alone."""
    held: set[str] = set()
    for block in blocks:
        for setting in reversed(block.open):
            is_last = reach_of(setting.name) in LAST_HOLDS or (
                reach_of(setting.name) in LAST_OF_SERVER and not block.pattern
            )
            if is_last and not setting.condition:
                if setting.name in held:
                    continue
                held.add(setting.name)
            yield setting


def _reaches(setting: Setting, exchange: Exchange, decision: Decision) -> bool:
    return REACHES[reach_of(setting.name)](setting, exchange, decision)


def _may_hold(branch: Branch, exchange: Exchange) -> bool:
    """Tell whether a branch may be taken."""
    if any(verdict_of(expression, exchange) for expression in branch.before):
        return False
    return not branch.expression or verdict_of(branch.expression, exchange) is not False


# What httpd goes by itself when it forwards a request.
_ACTED_ON = frozenset({
    "connection", "content-length", "expect", "keep-alive", "max-forwards", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
})  # fmt: skip


def _refuse_forwards(exchange: Exchange) -> None:
    """mod_proxy answers itself what may go no further (modules/proxy/mod_proxy.c, proxy_handler)."""
    for block in exchange.blocks():
        for setting in block.settings.get("requestheader", ()):
            name = "".join(setting.values[1:2]).rstrip(":").lower()
            if name in _ACTED_ON:
                raise Depends("directive", f"RequestHeader of {name}", setting.place)
    most = exchange.request.headers.get("max-forwards")
    if most is not None and not (most.isascii() and most.isdigit() and int(most[:9]) > 0):
        raise Depends("directive", "ProxyMaxForwards, and the request's own Max-Forwards")


def _refuse_what_files_say(exchange: Exchange) -> None:
    """Raise Depends where a file's section may have it answered otherwise."""
    section = open_file_section(exchange)
    if section:
        message = f"<{spelling_of(section.name)} {section.pattern}>, which isn't modelled"
        raise Depends("directory", message, section.place)


def _refuse_what_files_do(exchange: Exchange, ask: Ask) -> None:
    """Raise Depends where mod_dir may have something else asked; a handler doesn't keep it from that."""
    if not exchange.site.has_index:
        return
    resource = exchange.setting("fallbackresource")
    if resource and resource.values and resource.values[0].lower() != "disabled":
        _refuse_elsewhere(exchange, resource.values[0], resource, ask)
    if exchange.uri.endswith("/"):
        index = exchange.setting("directoryindex")
        for name in index_names(exchange):
            path = name if name.startswith("/") else exchange.uri + name
            if name.lower() != "disabled":
                _refuse_elsewhere(exchange, escape_uri(path), index, ask)


def _refuse_elsewhere(exchange: Exchange, target: str, setting: Setting | None, ask: Ask) -> None:
    """Raise Depends where httpd wouldn't serve from a file what it asks itself for."""
    if target == exchange.uri:
        return
    # The request's query goes along.
    query = "" if exchange.args is None else f"?{exchange.args}"
    asked = ask(replace(exchange.request, target=target + query))
    if asked.action != "local":
        place = setting.place if setting else NOWHERE
        raise Depends("file", f"whether httpd asks itself for {target}", place)


def refuse_error_documents(exchange: Exchange, decision: Decision, ask: Ask) -> None:
    """Raise Depends where an ErrorDocument may have something else answer; one that is text, or a file, doesn't."""
    held: set[str] = set()
    for block in exchange.blocks():
        for setting in reversed(block.open):
            if setting.name != "errordocument" or len(setting.values) < 2:
                continue
            status, document = setting.values[0], setting.values[1]
            if setting.condition:
                raise Depends(
                    "condition", f"ErrorDocument within {setting.condition}", setting.place
                )
            number = int(status[:9]) if status.isascii() and status.isdigit() else 0
            if status in held or decision.status not in (0, number):
                continue
            held.add(status)
            if "://" in document.partition(" ")[0]:
                raise Depends("directive", f"ErrorDocument {status} {document}", setting.place)
            if document.startswith("/"):
                error = replace(exchange.request, target=document, method="GET")
                if ask(error).action != "local":
                    raise Depends("directive", f"ErrorDocument {status} {document}", setting.place)
