"""What the RewriteRules of a server or virtual host make of a request.

https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html; read in modules/mappers/mod_rewrite.c.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...vocabulary.depends import Depends
from ...vocabulary.effects.word_effects import open_flags
from ...vocabulary.patterns.pattern import match
from ..exchange import Exchange
from ..paths.url_paths import escape_uri, has_controls
from .rewrite_conditions import all_hold
from .rewrite_rules import RewriteRule
from .rewrite_urls import WITHOUT_QUERY, absolute_length, escape_absolute, escape_of, is_own
from .rewrite_variables import References, expand_text

MOST_ROUNDS = 100


@dataclass(frozen=True)
class Outcome:
    """How rewriting ended a request: `status` without `location` is httpd's own answer; neither is a local file."""

    status: int = 0
    location: str = ""


def rewrite(exchange: Exchange) -> Outcome | None:
    """Apply the rules; None where the request goes on to what comes next (`exchange` may have changed)."""
    rules = exchange.site.plan.rewrite_rules
    if not _engine_is_on(exchange):
        return None
    if any(plan.rewrite_rules for plan in exchange.site.plans):
        # They add up, and main's say what its virtual hosts get.
        for setting in exchange.site.base_first("rewriteoptions"):
            if any("inherit" in value.lower() for value in setting.values):
                raise Depends("option", "rules that RewriteOptions inherits", setting.place)
    if not exchange.site.plan.mentions_rewriting:
        return None
    query = exchange.args
    if not exchange.filename:
        exchange.filename = exchange.uri
    run = _Run(exchange)
    run.apply(rules)
    if run.status:
        return Outcome(run.status)
    if not run.changed:
        if not exchange.is_proxied:
            exchange.filename = ""
        return None
    return _finished(exchange, run, query)


def _engine_is_on(exchange: Exchange) -> bool:
    return exchange.is_on("rewriteengine")


def _finished(exchange: Exchange, run: _Run, query: str | None) -> Outcome | None:
    """Do what the result asks for."""
    filename = exchange.filename
    absolute = 0 if run.passes_through else absolute_length(filename)
    will_escape = bool(absolute) and not run.noescape
    if exchange.args and not will_escape and has_controls(exchange.args):
        exchange.say("the rewritten query has control characters or blanks (AH10410)", run.place)
        return Outcome(403)
    if run.passes_through and exchange.is_proxied:
        # A rule with mapping= had taken the request; what is passed through is no URL of a proxy any more.
        exchange.is_proxied, exchange.uri = False, filename
        return Outcome()
    if run.passes_through:
        exchange.uri, exchange.filename = filename, ""
        return None if filename.startswith("/") else Outcome(400)
    if filename.startswith("proxy:"):
        if not exchange.site.has_one_of(("proxy",)):
            exchange.say("mod_proxy isn't loaded, so httpd forbids it (AH10157)", run.place)
            return Outcome(403)
        exchange.is_proxied, exchange.rule = True, run.place
        if run.noescape:
            exchange.nocanon = True
            if exchange.args is not None:
                exchange.filename += f"?{exchange.args}"
        return None
    if absolute:
        location = filename if run.noescape else escape_absolute(filename, absolute)
        if exchange.args is not None:
            as_it_is = run.noescape or exchange.args == query
            location += "?" + (exchange.args if as_it_is else escape_uri(exchange.args))
        return Outcome(run.redirect or 302, location)
    if not filename.startswith("/"):
        return Outcome(400)
    # What a rule that redirected has set, a later rule that goes on with a path doesn't set back.
    exchange.left_status = run.redirect
    # A rule with mapping= has taken the request before; nothing local may come of that.
    return Outcome(403 if exchange.is_proxied else 0)


class _Run:
    """The rules of one list, applied in order."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.changed = self.noescape = self.passes_through = False
        self.status = self.redirect = 0
        self.place = exchange.rule

    def apply(self, rules: list[RewriteRule]) -> None:
        """Apply each rule until one is the last."""
        at = rounds = 0
        while at < len(rules):
            rule = rules[at]
            if not self._matches(rule):
                while at < len(rules) and "C" in rules[at].flags:
                    at += 1
                at += 1
                continue
            if self.status or self._is_last(rule):
                return
            at += 1 + rule.skip
            if "N" in rule.flags:
                at, rounds = 0, rounds + 1
                if rounds > MOST_ROUNDS:
                    raise Depends("loop", "how often [N] goes round", rule.place)

    def _is_last(self, rule: RewriteRule) -> bool:
        if "PT" in rule.flags:
            self.passes_through = self.changed = True
            self.noescape = False
            return True
        return bool(rule.flags & {"END", "P", "L"})

    def _matches(self, rule: RewriteRule) -> bool:
        """Try a rule, and do what it says where it matches."""
        exchange = self.exchange
        ignore_case = "NC" in rule.flags
        found = match(rule.pattern, exchange.filename, ignore_case=ignore_case, place=rule.place)
        if (found is None) is not rule.is_negated:
            return False
        matched = References(rule.place, found or ())
        if not all_hold(rule.conditions, exchange, matched):
            return False
        if rule.condition:
            raise Depends("condition", f"RewriteRule is within {rule.condition}", rule.place)
        unknown = open_flags(rule.flags)
        if exchange.is_asked_by_itself:
            unknown |= rule.flags & {"NS"}
        for flag in unknown:
            raise Depends("option", f"the flag {flag}", rule.place)
        matched.place = rule.place
        self._perform(rule, matched)
        return True

    def _perform(self, rule: RewriteRule, matched: References) -> None:
        """Substitute, set variables and statuses."""
        exchange = self.exchange
        written = None
        if rule.substitutes:
            written = expand_text(
                rule.output, exchange, matched,
                escape=escape_of(rule), last_mark="QSL" in rule.flags,
            )  # fmt: skip
            if written.is_unsafe and "UNSAFEALLOW3F" not in rule.flags:
                exchange.say("`%3F` in the path would begin a query (AH10508)", rule.place)
                self.status = 403
                return
        for assignment in rule.environment:
            self._assign(assignment, matched)
        if written is None:
            self.status = rule.status if rule.is_final_status else 0
            if self.status:
                exchange.say(f"RewriteRule answers {self.status}", rule.place)
            return
        self.changed, self.noescape, self.place = True, "NE" in rule.flags, rule.place
        self._substitute(rule, written.text)
        exchange.say(f"RewriteRule {rule.pattern} makes it {exchange.filename}", rule.place)

    def _substitute(self, rule: RewriteRule, text: str) -> None:
        exchange = self.exchange
        is_outward = bool(rule.flags & {"P", "R"})
        is_prefixed = not text.startswith("/") and not absolute_length(text) and not is_outward
        exchange.filename = f"/{text}" if is_prefixed else text
        self._split_query(rule)
        if is_outward:
            if not absolute_length(exchange.filename):
                slash = "" if exchange.filename.startswith("/") else "/"
                exchange.filename = f"{exchange.base_url}{slash}{exchange.filename}"
            if "P" in rule.flags:
                exchange.filename = f"proxy:{exchange.filename}"
            else:
                self.redirect = rule.status
            return
        exchange.filename = self._reduced(exchange.filename)
        if absolute_length(exchange.filename):
            self.redirect = rule.status or 302
        elif not is_prefixed and "UNC" not in rule.flags and not rule.output.startswith("//"):
            exchange.filename = re.sub("^/+", "/", exchange.filename)

    def _split_query(self, rule: RewriteRule) -> None:
        """Take the query off the substitution."""
        exchange = self.exchange
        if "QSNONE" in rule.flags:
            exchange.args = None
            return
        absolute = absolute_length(exchange.filename)
        if exchange.filename[:absolute].lower() == "ldap://" and "?" in exchange.filename:
            raise Depends("option", "how an LDAP URL is escaped", rule.place)
        if absolute and exchange.filename.lower().startswith(WITHOUT_QUERY):
            exchange.args = None
            return
        if "QSD" in rule.flags:
            exchange.args = None
        head, rest = exchange.filename[:absolute], exchange.filename[absolute:]
        path, mark, query = rest.rpartition("?") if "QSL" in rule.flags else rest.partition("?")
        if not mark:
            return
        exchange.filename = head + path
        if "QSA" not in rule.flags:
            exchange.args = query
        elif query:
            exchange.args = f"{query}&{exchange.args or ''}"
        if exchange.args is not None:
            ended = exchange.args.removesuffix("&")
            exchange.args = ended if exchange.args else None

    def _reduced(self, filename: str) -> str:
        """Return the path where a URL is one of this very virtual host."""
        exchange = self.exchange
        found = re.match(
            rf"{exchange.request.scheme}://([^/:]*)(?::([0-9]*)[^/]*)?(/.*)?",
            filename,
            re.IGNORECASE | re.DOTALL,
        )
        if not found:
            return filename
        host = found.group(1).lower()
        port = (
            int(found.group(2).lstrip("0")[:9] or 0)
            if found.group(2) is not None
            else exchange.request.default_port
        )
        return (found.group(3) or "/") if is_own(exchange, host, port) else filename

    def _assign(self, assignment: str, matched: References) -> None:
        """Set the variable of [E=name:value], or unset that of [E=!name]."""
        text = expand_text(assignment, self.exchange, matched).text
        if text.startswith("!"):
            self.exchange.env.pop(text[1:], None)
        else:
            name, _colon, value = text.partition(":")
            self.exchange.env[name] = value
