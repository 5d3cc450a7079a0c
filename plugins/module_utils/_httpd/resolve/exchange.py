"""One request on its way through httpd: what the modules have made of it so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Union

from ..syntax.tree import NOWHERE, Place
from ..vocabulary.depends import Depends
from .blocks import Block, Setting
from .hosts import HostName
from .request import Decision, Reason, Request
from .site import Site

# By mod_unique_id, mod_rewrite and mod_proxy, whatever the configuration says.
_SET_BY_MODULES = frozenset({"UNIQUE_ID", "SCRIPT_URL", "SCRIPT_URI", "proxy-nocanon"})


@dataclass
class Exchange:
    """The state of a request; names are those of httpd's request_rec.

    `uri` is the path, decoded once the request is past that; `args` the query. `filename` begins with `proxy:` where the
    request is to be proxied; `is_asked_by_itself` says that httpd asks, on the way to an answer; `is_walked` that it has
    looked for a file. `matched` are the <Location>s (and <Proxy>s) that apply. A variable of `env` may be a Depends.
    """

    request: Request
    host: HostName
    site: Site
    uri: str
    args: str | None
    filename: str = ""
    is_proxied: bool = False
    is_asked_by_itself: bool = False
    is_walked: bool = False
    nocanon: bool = False
    noencode: bool = False
    left_status: int = 0
    rule: Place = NOWHERE
    env: dict[str, Union[str, Depends]] = field(default_factory=dict)
    matched: list[Block] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def say(self, text: str, place: Place = NOWHERE) -> None:
        """Add a reason."""
        self.reasons.append(Reason(text, place))

    def decided(self, action: str, **fields: Any) -> Decision:
        """Return a decision with the virtual host and the reasons so far; `fields` are Decision's."""
        vhost = self.site.vhost
        return Decision(
            action,
            vhost=self.site.name if vhost else "",
            vhost_place=vhost.place if vhost else NOWHERE,
            reasons=tuple(self.reasons),
            **fields,
        )

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks that apply, the one that holds first."""
        yield from reversed(self.matched)
        yield from reversed(self.site.own)

    def setting(self, name: str) -> Setting | None:
        """Return the directive of that name that holds. Raises Depends where that isn't known."""
        setting = None
        for block in reversed(self.matched):
            setting = setting or block.last(name)
        setting = setting or self.site.settings.get(name)
        if setting and setting.condition:
            holds(setting)
        return setting

    def settings(self, name: str) -> list[Setting]:
        """Return every directive of that name where the one that holds stands: some add up."""
        for block in self.blocks():
            if name in block.settings:
                return block.settings[name]
        return []

    def is_on(self, name: str, *, default: bool = False) -> bool:
        """Tell whether an On/Off directive is on."""
        setting = self.setting(name)
        return (
            default
            if setting is None
            else setting.values[:1] != () and setting.values[0].lower() == "on"
        )

    def variable(self, name: str) -> str | None:
        """Return a variable of the environment. Raises Depends."""
        if self.is_asked_by_itself and not self.site.variables.isdisjoint((name, "*")):
            raise Depends("environment", f"what {name} is in what httpd asks itself")
        value = self.env.get(name)
        if value is None and (name in _SET_BY_MODULES or name.startswith("MATCH_")):
            raise Depends("environment", f"what {name} is, which httpd sets itself")
        if isinstance(value, Depends):
            raise value
        return value

    @property
    def scheme(self) -> str:
        """The scheme in URLs of this server: that of the ServerName, where it is https, or the request's."""
        return "https" if self.site.scheme == "https" else self.request.scheme

    @property
    def default_port(self) -> int:
        """The port that the scheme implies."""
        return 443 if self.scheme == "https" else 80

    @property
    def server_port(self) -> int:
        """The port in URLs of this server: that of the Host, the ServerName or the scheme."""
        if self.is_on("usecanonicalname"):
            return self.site.port or self.default_port
        return self.host.port or self.site.port or self.default_port

    @property
    def server_name(self) -> str:
        """The name in URLs of this server. Raises Depends."""
        canonical = self.setting("usecanonicalname")
        if canonical and canonical.values and canonical.values[0].lower() == "dns":
            raise Depends("address", "UseCanonicalName DNS", canonical.place)
        if self.is_on("usecanonicalname") and self.site.name:
            return self.site.written_name
        if self.is_on("usecanonicalname"):
            raise Depends("address", "UseCanonicalName of a server without a ServerName")
        name = self.host.name or self.site.written_name
        return f"[{name}]" if ":" in name else name

    @property
    def base_url(self) -> str:
        """Scheme, name and port of this server as a Location has them."""
        port = self.server_port
        shown = "" if port == self.default_port else f":{port}"
        return f"{self.scheme}://{self.server_name}{shown}"


def holds(setting: Setting) -> None:
    """Raise Depends where an open condition decides whether a directive is there."""
    if setting.condition:
        message = f"{setting.spelling} is within {setting.condition}, which can't be told here"
        raise Depends("condition", message, setting.place)
