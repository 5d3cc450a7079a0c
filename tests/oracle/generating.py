"""Servers and requests made at random, of everything that `resolve` models."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from module_utils._httpd.resolve.request import Request

PATHS = (
    "/", "/a", "/a/", "/app", "/app/", "/app/v1", "/app/v1/", "/app/v10", "/api", "/api/v1/", "/b", "/b/c",
    "/ws/", "/old", "/old/page", "/static", "/static/img", "/.well-known/acme-challenge/", "/x", "/application",
)  # fmt: skip
TARGETS = ("", "/", "/base", "/base/", "/a", "/a/b/", "/v1", "/v10/x")
PATTERNS = (
    "^/a/(.*)$", "^/app(/.*)?$", "^(/.*\\.gif)$", "\\.(gif|jpe?g|png)$", "^/(.*)$", "^/api/v([0-9]+)/(.*)$",
    "^/b", "/c$", "^/(?!app|api)([a-z]+)", "^/x/([^/]+)/?$", "^/([^/]+)/([^/]+)", "^/old(/|$)(.*)",
    "^/static/[[:alpha:]]+", "^/ws/", "^(.*)/page$", "(?i)^/APP/(.*)", "^/$", "^/a+b?/", "[^a-z/]", "^/(a|b|x)(/|$)",
)  # fmt: skip
CONDITIONS = (
    "%{{HTTP_HOST}} ^{name}", "%{{REQUEST_URI}} !^/app", "%{{REQUEST_URI}} \\.gif$", "%{{QUERY_STRING}} ^$",
    "%{{QUERY_STRING}} (^|&)q=([^&]*)", "%{{HTTPS}} off", "%{{HTTPS}} =on", "%{{REQUEST_METHOD}} ^(GET|HEAD)$",
    "%{{REQUEST_METHOD}} =POST", "%{{HTTP:X-Test}} yes", "%{{HTTP:Upgrade}} websocket", "%{{HTTP_USER_AGENT}} probe",
    "%{{ENV:picked}} ^$", "%{{ENV:picked}} =1", "%{{REQUEST_FILENAME}} ^/a", "%{{SERVER_PORT}} \"-eq 80\"",
    "%{{REQUEST_SCHEME}} =http", "%{{THE_REQUEST}} \"\\?q=\"", "%{{HTTP_COOKIE}} route=(\\w+)",
    "%{{REQUEST_URI}} ^/(\\w+)/(.*)", "%{{HTTP_HOST}} ^www\\.(.*)$", "%{{REQUEST_URI}} <=/b", "%{{REQUEST_URI}} >/api",
    "%{{REMOTE_ADDR}} ^127\\.", "%{{SERVER_NAME}} ^www", "%{{QUERY_STRING}} =a=b", "%{{QUERY_STRING}} !q",
)  # fmt: skip
HEADERS = (
    ("x-test", "yes"), ("upgrade", "WebSocket"), ("user-agent", "probe/1.0"), ("cookie", "a=b; route=n1"),
    ("x-forwarded-for", "192.0.2.1"), ("x-extra", "mine"), ("x-extra", "mine, two"),
    ("referer", "http://other.test/"), ("accept", "text/html"),
)  # fmt: skip
SUFFIXES = (
    "", "", "", "/", "x", "/x", "/y/z.gif", "page", "/page", "img.png", "/../b", "/./c", "//d", ";a=b", "/e;s=1/f",
    "%2Fz", "%2e%2e/x", "%41", "%20y", "%3Fq", "%c3%a9", "/%7Euser", "+", "&c", "/a%25b", "%zz", "%00", "~", "!", "'",
    "/..;/x", "/A", "(1)", "|", "%3B", "%23h", "/x/", "/1/", "/.gif", '"', "%5C", "\\", "%26", "@", ":80", "*", "^", "[1]",
    "{}", "%E4", "`", "<b>", "%0a", "%7f", "/%2e/", "%2F%2e%2e", "/v10", "1", "/api/v1/", "%252F", "/x//y",
)  # fmt: skip
QUERIES = (
    "",
    "",
    "",
    "?",
    "?q=1",
    "?a=b",
    "?q=a%20b&c",
    "?x?y",
    "?q=%3F",
    "?&",
    "?q=<b>",
    "?a=b&q=z",
    "?%zz",
    "?'",
)


class Maker:
    """Makes servers; `ports` are those of the backends, `port` httpd's own."""

    def __init__(self, chance: random.Random, ports: Sequence[int], port: int) -> None:
        self.chance, self.ports, self.port = chance, ports, port

    def pick(self, choices: Sequence[str]) -> str:
        """Choose one."""
        return self.chance.choice(choices)

    def url(self, *, path: str | None = None, scheme: str = "http") -> str:
        """Return a backend's URL."""
        shown = self.pick(TARGETS) if path is None else path
        return f"{scheme}://127.0.0.1:{self.chance.choice(self.ports)}{shown}"

    def path(self) -> str:
        """Return a path that overlaps others."""
        return self.pick(PATHS)

    def vhost(self, number: int) -> str:
        """Return a virtual host of directives in random order."""
        name = f"s{number}.test"
        port = self.pick(("", "", "", "", f":{self.port}", ":80", ":99"))
        lines = [f"ServerName {name}{port}"]
        if self.chance.random() < 0.3:
            lines.append(f"ServerAlias www.{name} *.w{number}.test")
        body = [*lines, *self.settings(), *self.body(name, 12)]
        return "\n".join((f"<VirtualHost *:{self.port}>", *body, "</VirtualHost>"))

    def body(self, name: str, most: int) -> list[str]:
        """Return up to so many directives and sections."""
        lines: list[str] = []
        for _line in range(self.chance.randint(1, most)):
            lines += self.chance.choices(MAKERS, WEIGHTS)[0](self, name)
        return lines

    def main(self) -> list[str]:
        """Return what the main server says, which virtual hosts inherit in part."""
        return [*self.settings(), *self.body("main.test", 5)]

    def addressed(self, number: int, ports: Sequence[int]) -> str:
        """Return a virtual host of some addresses and of names that others may have too."""
        addresses = [
            f"{self.pick(('*', '*', '127.0.0.1', '127.0.0.2', '_default_'))}:{self.pick((*map(str, ports), '*'))}"
            for _address in range(self.chance.choice((1, 1, 2)))
        ]
        lines = [f"ServerName {self.pick(HOSTS)}"] if self.chance.random() < 0.9 else []
        if self.chance.random() < 0.5:
            lines.append(f"ServerAlias {self.pick(HOSTS)} {self.pick(ALIASES)}")
        body = f"ProxyPass / {self.url(path=f'/h{number}/')}"
        return "\n".join((f"<VirtualHost {' '.join(addresses)}>", *lines, body, "</VirtualHost>"))

    def host_request(self, ports: Sequence[int]) -> Request:
        """Return a request for some host at some address."""
        host = self.pick((*HOSTS, *ODD_HOSTS))
        port = self.chance.choice(ports)
        host = self.chance.choices(
            (host, f"{host}:{port}", f"{host}:99", f"{host}.", host.upper()), (8, 1, 1, 1, 1)
        )[0]
        address = self.pick(("127.0.0.1", "127.0.0.2"))
        return Request("/x", host, port=port, address=address, client="127.0.0.1")

    def settings(self) -> list[str]:
        """Return settings of a whole virtual host."""
        found = {
            "AllowEncodedSlashes On": 0.1, "AllowEncodedSlashes NoDecode": 0.1, "MergeSlashes Off": 0.1,
            "ProxyPreserveHost On": 0.4, "ProxyAddHeaders Off": 0.05, "UseCanonicalName On": 0.1,
            "RedirectRelative On": 0.1, "BalancerInherit Off": 0.1, "ProxyPassInherit Off": 0.1,
        }  # fmt: skip
        lines = [line for line, odds in found.items() if self.chance.random() < odds]
        if lines[:2] == ["AllowEncodedSlashes On", "AllowEncodedSlashes NoDecode"]:
            del lines[0]
        if self.chance.random() < 0.9:
            lines.append("RewriteEngine On")
        return lines

    def proxy_pass(self, _name: str) -> list[str]:
        """A ProxyPass, an exclusion one time in five."""
        if self.chance.random() < 0.2:
            return [f"ProxyPass {self.path()} !"]
        words = self.chance.choices(
            ("", " nocanon", " noquery", " mapping=servlet", " mapping=encoded"), (80, 8, 4, 4, 4)
        )[0]
        return [f"ProxyPass {self.path()} {self.url()}{words}"]

    def proxy_pass_match(self, _name: str) -> list[str]:
        """A ProxyPassMatch."""
        if self.chance.random() < 0.15:
            return [f"ProxyPassMatch {self.pick(PATTERNS)} !"]
        words = " nocanon" if self.chance.random() < 0.1 else ""
        path = self.pick(("", "/$1", "/m/$1", "/$2/$1", "/base"))
        return [f"ProxyPassMatch {self.pick(PATTERNS)} {self.url(path=path)}{words}"]

    def location(self, _name: str) -> list[str]:
        """A <Location> or <LocationMatch> with rules, access and redirects."""
        is_match = self.chance.random() < 0.2
        opening = (
            f"<LocationMatch {self.pick(PATTERNS)}>"
            if is_match
            else f"<Location {self.location_path()}>"
        )
        lines: list[str] = []
        roll = self.chance.random()
        if roll < 0.5:
            lines.append(self.location_rule(is_match=is_match))
        if roll > 0.4:
            lines += self.pick_access()
        if self.chance.random() < 0.15:
            lines.append(self.pick((
                "Redirect /a /moved", "Redirect 410 /b", "Redirect http://else.test/x", "Redirect 302 /to",
                "RedirectMatch ^/app(.*) /other$1", "Redirect 403", "Redirect permanent /old http://new.test/",
            )))  # fmt: skip
        if self.chance.random() < 0.05:
            lines.append("RewriteEngine Off")
        if self.chance.random() < 0.05:
            lines.append(
                self.pick(("ProxyPreserveHost On", "ProxyPreserveHost Off", "ProxyAddHeaders Off"))
            )
        closing = "</LocationMatch>" if is_match else "</Location>"
        return [opening, *lines, closing]

    def location_path(self) -> str:
        """Return a section's path, sometimes a pattern."""
        return (
            self.path()
            if self.chance.random() < 0.9
            else self.pick(("/a*", "/app/*", "/?pp", "/[ab]/*", '"/*/c"'))
        )

    def location_rule(self, *, is_match: bool) -> str:
        """Return a ProxyPass within a section."""
        if self.chance.random() < 0.25:
            return "ProxyPass !"
        if is_match:
            return f"ProxyPassMatch {self.url(path=self.pick(('', '/$1', '/lm/$1')))}"
        return f"ProxyPass {self.url()}"

    def pick_access(self) -> list[str]:
        """Return access rules."""
        return [
            *self.chance.choice((
                ["Require all denied"], ["Require all granted"], ["Require local"], ["Require ip 10.0.0.0/8"],
                ["Require ip 127.0.0.1", "Require ip 10"], ["Require method GET"], ["Require env picked"],
                ["<RequireAll>", "Require all granted", "Require not ip 127.0.0", "</RequireAll>"],
                ["<RequireAny>", "Require ip 10.1", "Require method POST", "</RequireAny>"],
                ["<RequireAll>", "Require method GET POST", "<RequireNone>", "Require ip 192.168", "</RequireNone>", "</RequireAll>"],
                ["Order deny,allow", "Deny from all"], ["Order allow,deny", "Allow from all"],
                ["Order deny,allow", "Deny from all", "Allow from 127.0.0.1"], ["Order allow,deny", "Allow from 10 env=picked"],
                ["<Limit POST>", "Require all denied", "</Limit>"], ["<LimitExcept GET>", "Require all denied", "</LimitExcept>"],
                ["Deny from 127"], ["Allow from 10.0"],
            ))
        ]  # fmt: skip

    def request_header(self, _name: str) -> list[str]:
        """A RequestHeader."""
        return [
            "RequestHeader " + self.pick((
                "set X-Extra one", "append X-Extra two", "merge X-Extra two", "setifempty X-Extra three", "unset X-Extra",
                "unset X-Forwarded-For", "set X-Forwarded-Host front.test", "set Host other.test", "add X-Extra four",
            ))
        ]  # fmt: skip

    def proxy_section(self, _name: str) -> list[str]:
        """A <Proxy> with access rules."""
        target = self.pick(('"*"', '"http://127.0.0.1*"', f'"{self.url()}"', '"balancer://*"'))
        return [f"<Proxy {target}>", *self.pick_access(), "</Proxy>"]

    def redirect(self, _name: str) -> list[str]:
        """A Redirect of each kind."""
        target = self.pick(
            (
                "/new",
                "/new/",
                "http://else.test",
                "http://else.test/q?z=1",
                "https://else.test/",
                "/a/b#c",
            )
        )
        return [
            self.pick((
                f"Redirect {self.path()} {target}", f"Redirect 301 {self.path()} {target}", f"RedirectTemp {self.path()} {target}",
                f"RedirectPermanent {self.path()} {target}", f"Redirect gone {self.path()}", f"Redirect 403 {self.path()}",
                f"RedirectMatch {self.pick(PATTERNS)} {target}", f"RedirectMatch 307 {self.pick(PATTERNS)} /m/$1",
                f"RedirectMatch {self.pick(PATTERNS)} http://else.test/$1?x=$2", f"Redirect seeother {self.path()} {target}",
            ))
        ]  # fmt: skip

    def alias(self, _name: str) -> list[str]:
        """An Alias to nowhere."""
        if self.chance.random() < 0.3:
            return [f"AliasMatch {self.pick(PATTERNS)} /nowhere/$1"]
        return [f"Alias {self.path()} /nowhere{self.pick(('', '/', '/x'))}"]

    def handler(self, _name: str) -> list[str]:
        """A <Location> with a handler."""
        return [f"<Location {self.path()}>", "SetHandler server-status", "</Location>"]

    def set_env(self, _name: str) -> list[str]:
        """A SetEnvIf."""
        return [
            self.pick((
                "SetEnvIf Request_URI ^/app picked", "SetEnvIf Request_URI \\.gif$ no-proxy", "SetEnvIf X-Test yes picked=1",
                "SetEnvIfNoCase Host ^WWW picked=$0", "SetEnvIf Request_Method POST no-proxy", "BrowserMatch probe picked",
                "SetEnvIf picked 1 no-proxy", "SetEnvIf Request_URI ^/a(.*) picked=x$1", "SetEnvIf Remote_Addr ^127 picked",
                "SetEnvIf Request_URI . !picked", "SetEnvIf Absent ^$ picked=1",
            ))
        ]  # fmt: skip

    def rewrite(self, name: str) -> list[str]:
        """A RewriteRule with its conditions."""
        lines = []
        for _condition in range(self.chance.choice((0, 0, 0, 1, 1, 2, 3))):
            flags = self.chance.choices(("", " [NC]", " [OR]", " [NC,OR]"), (6, 2, 2, 1))[0]
            lines.append(f"RewriteCond {self.pick(CONDITIONS).format(name=name)}{flags}")
        if lines and lines[-1].endswith("OR]"):
            lines[-1] = lines[-1].rpartition(" [")[0]
        pattern = ("!" if self.chance.random() < 0.08 else "") + self.pick(PATTERNS)
        return [*lines, f"RewriteRule {pattern} {self.substitution(name)}"]

    def substitution(self, name: str) -> str:
        """Return a substitution with flags that suit it."""
        flags = [
            flag
            for flag in ("NC", "NE", "QSA", "QSD", "B", "UnsafeAllow3F")
            if self.chance.random() < 0.12
        ]
        roll = self.chance.random()
        if roll < 0.4:
            output = self.url(
                path=self.pick(
                    (
                        "/$1",
                        "/r/$1",
                        "$0",
                        "/%{QUERY_STRING}",
                        "/x?y=$1",
                        "/%1",
                        "%{REQUEST_URI}",
                        "/",
                    )
                )
            )
            flags.append("P")
        elif roll < 0.6:
            output = self.pick(
                (
                    "/r/$1",
                    "http://else.test/$1",
                    f"http://{name}/own/$1",
                    "https://%{HTTP_HOST}%{REQUEST_URI}",
                    "/$1?x=$2",
                    "/?",
                )
            )
            flags.append(self.pick(("R", "R=301", "R=permanent", "R=307")))
        elif roll < 0.7:
            output = "-"
            flags.append(
                self.pick(("F", "G", "R=404", "L", "E=picked:1", "E=no-proxy:1", "PT", "S=1", "C"))
            )
        elif roll < 0.9:
            output = self.pick(
                (
                    "/a/$1",
                    "/app/$1",
                    "/api/v1/x",
                    "%{REQUEST_URI}/x",
                    "/b/%1",
                    "$1",
                    f"http://{name}/api/$1",
                    "//x/$1",
                )
            )
            flags.append(self.pick(("PT", "PT", "PT,L", "L,PT", "L", "S=1", "C", "E=picked:$1")))
        else:
            output = self.pick(("/a/$1", "/b", "http://else.test/z", "$0", "/a?b=$1"))
        if self.chance.random() < 0.3 and "L" not in flags:
            flags.append(self.pick(("L", "END")))
        return f"{output} [{','.join(flags)}]" if flags else output

    def balancer(self, _name: str) -> list[str]:
        """A balancer and a rule that uses it."""
        title = f"b{self.chance.randint(0, 3)}"
        lines = [f'<Proxy "balancer://{title}">']
        for _member in range(self.chance.randint(0, 3)):
            extra = self.pick(("", "", "", " status=+D", " status=+H", " lbset=1", " route=n1"))
            lines.append(
                f"BalancerMember {self.url(path=self.pick(('', '', '/base', '/')))}{extra}"
            )
        lines.append("</Proxy>")
        slash = self.pick(("/", "/", "", "/p/"))
        return [
            *lines,
            f"ProxyPass {self.path()} balancer://{self.pick((title, title, title.upper(), 'other'))}{slash}",
        ]

    def request(self, names: Sequence[str], paths: Sequence[str]) -> Request:
        """Return a request to one of the names, its path near those of the rules."""
        path = self.pick(paths) if paths and self.chance.random() < 0.8 else self.path()
        for _suffix in range(self.chance.choice((0, 1, 1, 1, 2))):
            path += self.pick(SUFFIXES)
        if self.chance.random() < 0.1:
            path = self.pick(("/", "//", "/x/..", "/%61", "/./")) + path.lstrip("/")
        host = self.pick(names)
        host = self.chance.choices(
            (host, f"{host}:{self.port}", f"{host}:99", f"{host}.", host.upper()), (90, 4, 2, 2, 2)
        )[0]
        headers = dict(header for header in HEADERS if self.chance.random() < 0.15)
        return Request(
            target=path.replace(" ", "%20") + self.pick(QUERIES),
            host=host,
            method=self.chance.choices(("GET", "HEAD", "POST"), (90, 0, 10))[0],
            port=self.port,
            address="127.0.0.1",
            client="127.0.0.1",
            headers={**headers, "content-length": "0"},
        )


HOSTS = ("a.test", "b.test", "www.a.test", "x.a.test", "main.test", "c.test", "b", "10.0.0.1")
ALIASES = ("*.test", "*.a.test", "?.test", "www.*", "*", "c.test", "x.a.*", "A.test", "*a*")
ODD_HOSTS = (
    "", "nobody.test", "a..test", "a_b.test", "-a.test", "a.test:", "a.test:0", "a.test:99999", "[::1]", "[::1]:80", "1.2.3",
    "1.2.3.4", "01.2.3.4", "a.1b", "a b", "a,b", "a/b", "999", "x.a.test.", ".a.test", "a.test:8x", "%41.test", "user@a.test",
    "127.0.0.1", "127.0.0.2", "xn--a.test", "a.test..", "[::1", "[1.2.3.4]", "a.123", "1.2.3.4.", "::1",
)  # fmt: skip


def paths_of(server: str) -> tuple[str, ...]:
    """Return the paths that a server's directives name, and some that its patterns match."""
    named = _NAMED.findall(server)
    return (
        *named,
        *(path for pattern, paths in MATCHING.items() if pattern in server for path in paths),
    )


_NAMED = re.compile(
    r"^<?(?:ProxyPass|Location|Redirect[a-z]*|Alias|BalancerMember)(?: [0-9a-z]+)? (/[^\s>]*)",
    re.MULTILINE,
)
MATCHING = {
    "/api/v(": ("/api/v1/x", "/api/v22/a/b"), "gif": ("/x/z.gif", "/a.gif"), "^/old(": ("/old", "/old/page", "/old/"),
    "^/([^/]+)/": ("/one/two", "/a/b/c"), "^/x/": ("/x/y", "/x/y/"), "/page$": ("/a/page",), "alpha": ("/static/q",),
    "APP": ("/App/x",), "^/a+": ("/aab/c", "/a/"), "(a|b|x)": ("/x", "/b/"), "(.*)": ("/any/thing",),
}  # fmt: skip
MAKERS = (
    Maker.proxy_pass, Maker.proxy_pass_match, Maker.location, Maker.proxy_section, Maker.redirect, Maker.alias,
    Maker.handler, Maker.set_env, Maker.rewrite, Maker.balancer, Maker.request_header,
)  # fmt: skip
WEIGHTS = (30, 10, 20, 3, 10, 5, 3, 6, 20, 6, 5)
