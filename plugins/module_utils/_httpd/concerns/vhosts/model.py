"""A virtual host as its variables say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from ...syntax.tree import NOWHERE, Place
from ...variables.fields import key, list_of
from ...variables.foreign_shapes import VHOST_KEYS
from ...variables.kinds import boolean, choice, integer, lines, parsed, text
from ...variables.models import model_of
from ...vocabulary.address import Address, parse_address
from ...vocabulary.url import Url
from ..ssl.model import Ssl, SslProxy, word_or_mapping
from .vhost_parts import (
    ALIAS,
    BACKEND,
    FILE,
    HOST,
    HTTP_PORT,
    HTTPS_PORT,
    LOG_LEVELS,
    Alias,
    CheckOff,
    CookieRewrite,
    CustomLog,
    Expect,
    PathAndUrl,
    ProxyPassModel,
    Redirect,
)


@dataclass(frozen=True)
class Vhost:
    """A virtual host."""

    LABEL: ClassVar[str] = "server_name"
    FOREIGN_KEYS: ClassVar[Mapping[str, tuple[str, str]]] = VHOST_KEYS

    server_name: str = key(HOST, "Name that clients ask for (ServerName).")
    server_aliases: tuple[str, ...] = key(
        list_of(ALIAS), "Further names (ServerAlias).", default=()
    )
    listen: tuple[Address, ...] | None = key(
        list_of(parsed(parse_address)),
        "Addresses and ports, `80`, `10.0.0.1:80`, `[::1]:80`; without it 443 with `ssl`, else 80.",
        default=None,
    )
    ssl: Ssl | None = key(
        word_or_mapping(),
        "TLS: where the certificate comes from (`managed`, `self_signed`), or a mapping with more.",
        default=None,
    )
    ssl_proxy: SslProxy = key(model_of(SslProxy), "TLS towards backends.", default=SslProxy())
    default: bool = key(boolean(), "Serve unknown hosts on these addresses.", default=False)
    proxy_to: Url | None = key(BACKEND, "Proxy everything to this backend.", default=None)
    proxy_pass: tuple[ProxyPassModel, ...] = key(
        list_of(model_of(ProxyPassModel)), "Rules in order; the first match wins.", default=()
    )
    proxy_preserve_host: bool | None = key(
        boolean(),
        "Pass the client's Host on (ProxyPreserveHost); without it to plain backends only, since those that speak TLS"
        " must have a certificate for the name that they are asked for.",
        default=None,
    )
    proxy_timeout: int | None = key(
        integer(1, unit="seconds"),
        "Seconds without data after which a request fails (ProxyTimeout).",
        default=None,
    )
    proxy_pass_reverse: tuple[PathAndUrl, ...] = key(
        list_of(model_of(PathAndUrl)), "Further ProxyPassReverse lines.", default=()
    )
    proxy_pass_reverse_cookie_domain: tuple[CookieRewrite, ...] = key(
        list_of(model_of(CookieRewrite)), "Domains of cookies to rewrite.", default=()
    )
    proxy_pass_reverse_cookie_path: tuple[CookieRewrite, ...] = key(
        list_of(model_of(CookieRewrite)), "Paths of cookies to rewrite.", default=()
    )
    redirects: tuple[Redirect, ...] = key(list_of(model_of(Redirect)), "Redirects.", default=())
    aliases: tuple[Alias, ...] = key(
        list_of(model_of(Alias)), "Directories served from disk.", default=()
    )
    document_root: str = key(
        text(pattern=r"/.*", wanted="an absolute path"), "Directory of local files.", default=""
    )
    error_log: str = key(FILE, "File of the error log.", default="")
    log_level: str = key(choice(*LOG_LEVELS), "How much goes to the error log.", default="")
    custom_log: CustomLog | None = key(model_of(CustomLog), "Access log.", default=None)
    expect: tuple[Expect, ...] = key(
        list_of(model_of(Expect)), "Route tests, proved before a host is touched.", default=()
    )
    check_off: tuple[CheckOff, ...] = key(
        list_of(model_of(CheckOff)),
        "Problems that are silenced for this virtual host.",
        default=(),
    )
    extra_directives: str = key(
        lines(),
        "Directives as httpd reads them.",
        default="",
    )
    # Those of apache_vhost_defaults, where a mistake in them is to be mended.
    inherited_directives: str = ""
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where it is served."""
        if self.listen is None:
            return (Address("*", HTTPS_PORT if self.ssl else HTTP_PORT),)
        return self.listen

    @property
    def written_directives(self) -> tuple[tuple[str, str], ...]:
        """Its directives as httpd reads them, each text behind the variable that has it, in order; none that is blank."""
        places = ("apache_vhost_defaults.extra_directives", f"{self.place.source}.extra_directives")
        texts = (self.inherited_directives, self.extra_directives)
        return tuple((place, text) for place, text in zip(places, texts) if text.strip())

    @property
    def rules(self) -> tuple[ProxyPassModel, ...]:
        """Its rules; `proxy_to` is one that takes everything."""
        if self.proxy_to is None:
            return self.proxy_pass
        url = self.proxy_to if self.proxy_to.path else replace(self.proxy_to, path="/")
        place = Place(f"{self.place.source}.proxy_to", is_leaf=True)
        return (*self.proxy_pass, ProxyPassModel(url=url, path="/", place=place))

    @property
    def redirect_addresses(self) -> tuple[Address, ...]:
        """Where plain HTTP is redirected to its TLS: port 80 of its own addresses, if it says nothing."""
        if self.ssl is None:
            return ()
        if self.ssl.redirect_from is not None:
            return self.ssl.redirect_from
        plain = (Address(address.host, HTTP_PORT) for address in self.addresses)
        return tuple(one for one in dict.fromkeys(plain) if one not in self.addresses)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it serves, lower-case, in order."""
        return tuple(dict.fromkeys(map(str.lower, (self.server_name, *self.server_aliases))))
