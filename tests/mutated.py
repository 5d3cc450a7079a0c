"""Servers as people write them, each with a mistake or two that people make."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

# Ports that a test rewrites to its own.
PORTS = (18100, 18101, 18102)
# What they need, beside what every test's server loads.
MODULES = (
    "authn_core", "alias", "dir", "setenvif", "rewrite", "proxy", "proxy_http", "proxy_ajp", "slotmem_shm", "proxy_balancer",
    "lbmethod_byrequests", "lbmethod_bytraffic", "lbmethod_bybusyness", "mime", "socache_shmcb", "ssl", "remoteip",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A main file's lines, and the modules that it loads, in order."""

    lines: tuple[str, ...]
    modules: tuple[str, ...] = MODULES


MAIN = (
    "Timeout 30",
    "KeepAlive On",
    "ProxyTimeout 20",
    "ProxyRequests Off",
    "TraceEnable Off",
    "RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy 10.0.0.0/8",
    "RequestHeader unset Proxy early",
    "<IfModule mod_rewrite.c>\nRewriteEngine Off\n</IfModule>",
    "<Proxy balancer://main>\nBalancerMember http://127.0.0.1:18207\n</Proxy>",
    "<Directory />\nAllowOverride None\nRequire all denied\n</Directory>",
    "Define BACK 127.0.0.1",
)
HOST = (
    "# a comment",
    "ServerAlias www.example.com *.example.net",
    "ProxyPreserveHost On",
    "ProxyTimeout 5",
    "ProxyRequests Off",
    "ProxyPass /app http://127.0.0.1:18201/app",
    "ProxyPass /app/v1 http://127.0.0.1:18202/app/v1 timeout=5 keepalive=on",
    'ProxyPass "/quoted/" "http://127.0.0.1:18202/" nocanon',
    "ProxyPass /static !",
    "ProxyPass /ws/ ws://127.0.0.1:18203/ upgrade=websocket",
    "ProxyPass /j/ ajp://127.0.0.1:18204/ secret=s",
    r"ProxyPassMatch ^/v(\d+)$ http://127.0.0.1:18204/$1",
    "ProxyPassMatch ^/gone !",
    "ProxyPass /b/ balancer://one/\n<Proxy balancer://one>\nBalancerMember http://127.0.0.1:18208 route=a loadfactor=2\n"
    "BalancerMember http://127.0.0.1:18209 route=b status=+H\nProxySet stickysession=S lbmethod=bytraffic\n</Proxy>",
    "ProxyPass /c balancer://two nofailover=on\n<Proxy balancer://two>\nBalancerMember ajp://127.0.0.1:18208\n</Proxy>",
    "ProxyPassReverse /app http://127.0.0.1:18201/app",
    "ProxyPassReverseCookiePath / /app/",
    "ProxyPassReverseCookieDomain internal.example.com www.example.com",
    "Redirect permanent /old /new",
    "RedirectMatch 307 ^/gone/(.*)$ /here/$1",
    "Redirect gone /withdrawn",
    "Alias /files /tmp/files\n<Directory /tmp/files>\nOptions None\nAllowOverride None\nRequire all granted\n</Directory>",
    "Header set X-Frame-Options deny",
    'RequestHeader set X-Forwarded-Proto "https"',
    "RewriteEngine On\nRewriteCond %{HTTP:Upgrade} =websocket [NC]\nRewriteRule ^/(.*) ws://127.0.0.1:18203/$1 [P,L]",
    "RewriteEngine On\nRewriteRule ^/r/(\\w+)$ /s/$1 [R=301,L,NE]",
    "<Location /loc/>\nProxyPass http://127.0.0.1:18205/loc/\nProxyPassReverse http://127.0.0.1:18205/loc/\n</Location>",
    "<Location /denied>\nRequire all denied\n</Location>",
    '<LocationMatch "^/m/(a|b)">\nRequire ip 10.0.0.0/8\n</LocationMatch>',
    "<If \"%{REQUEST_URI} == '/if'\">\nRequestHeader set X-If 1\n</If>",
    "SSLProxyEngine On\nSSLProxyCheckPeerName off\nProxyPass /tls/ https://127.0.0.1:18206/",
    "SetEnvIf Request_URI ^/x no-proxy",
)
VALUES = (
    "0", "-1", "1", "5", "5s", "500ms", "abc", "on", "maybe", "101", "100000", "1.5", "+H", "X", '""', "500,503", "*",
)  # fmt: skip
# `timout` and `stikysession` are nobody's.
WORKER = (
    "acquire", "addressttl", "connectiontimeout", "disablereuse", "enablereuse", "flushpackets", "flushwait", "iobuffersize", "keepalive",
    "lbset", "loadfactor", "max", "min", "ping", "receivebuffersize", "redirect", "responsefieldsize", "retry", "route",
    "secret", "smax", "status", "timeout", "ttl", "upgrade", "timout",
)  # fmt: skip
BALANCER = (
    "failonstatus", "failontimeout", "forcerecovery", "growth", "lbmethod", "maxattempts", "nofailover", "scolonpathdelim", "stickysession",
    "stickysessionsep", "timeout", "stikysession",
)  # fmt: skip
# What is at home in another place, or nowhere.
MISPLACED = (
    "Listen 18102", "User www-data", "ProxyPass /x http://127.0.0.1:18201/x",
    "ProxyPass http://127.0.0.1:18201/x", "ProxyPassReverse /x http://127.0.0.1:18201/x", "ProxyPassMatch ^/x http://127.0.0.1:18201",
    "BalancerMember http://127.0.0.1:18208", "BalancerMember balancer://one http://127.0.0.1:18208", "ProxySet lbmethod=bytraffic",
    "ProxySet balancer://one lbmethod=bytraffic", "ServerAlias y.example.com", "Alias /a /tmp", "Require all granted",
    "<VirtualHost *:18100>\nServerName in.example.com\n</VirtualHost>", "<Location /in>\nRequire all granted\n</Location>",
    "<Proxy balancer://in>\nBalancerMember http://127.0.0.1:18208\n</Proxy>", "<Directory /tmp>\nRequire all granted\n</Directory>",
    "AllowOverride None", "ServerName x.example.com",
    "DocumentRoot /tmp", "ProxyPreserveHost On", "ProxyRequests Off", "ProxyTimeout 5",
    "SSLEngine Off", "SSLProxyEngine On", "RewriteEngine On", "RewriteRule ^/q /r", "Redirect /a /b",
    "Header set A b", "ServerLimit 4", "PidFile /tmp/x", "Protocols http/1.1",
    "ErrorLog /dev/null", "LogLevel warn", "KeepAlive Off", "AliasMatch ^/a /tmp",
)  # fmt: skip
PATTERNS = (
    "^/(?:a|b)$", "(?i)^/x", "[[:alpha:]]", r"^/(\d+)/", "^/(?<name>x)$", "^/x{1,2}", "^/x++y", "(", "[z-a]", "*x", "a{2,1}",
    "(?<n>a", r"\d+)", "a**", "(?P<x>a)", "\\\\", "[a",
)  # fmt: skip
PATTERNED = (
    "ProxyPassMatch {} http://127.0.0.1:18201/", "RedirectMatch {} /x", "AliasMatch {} /tmp", "RewriteRule {} /x",
    "RewriteCond %{{HTTP_HOST}} {}\nRewriteRule ^/y /z", "<LocationMatch {}>\nRequire all denied\n</LocationMatch>",
    "<DirectoryMatch {}>\nRequire all denied\n</DirectoryMatch>",
)  # fmt: skip
LISTENS = (
    "Listen 18100", "Listen *:18101", "Listen 0.0.0.0:18102", "Listen 127.0.0.1:18102",
    "Listen 18102 http", "Listen 18102 https", "Listen 127.0.0.1:18100", "Listen 0", "Listen 65536", "Listen abc", "Listen 127.0.0.1",
    "Listen", "Listen -1", "Listen 127.0.0.1:99999",
)  # fmt: skip

# Whose words httpd counts and reads when it starts; the other lines are expressions, paths and providers of access.
JUDGED = (
    "Listen", "Timeout", "KeepAlive", "ProxyTimeout", "ProxyRequests", "ProxyPreserveHost", "TraceEnable", "RewriteEngine",
    "ServerName", "ProxyPass", "Header", "RequestHeader", "RewriteRule", "RewriteCond", "ProxySet", "SetEnvIf",
)  # fmt: skip

Mutation = Callable[[random.Random, Written], Written]


def hand_written(chance: random.Random) -> Written:
    """Return a server that httpd takes."""
    lines = [f"Listen {port}" for port in PORTS[: chance.randint(1, 2)]]
    for one in chance.sample(MAIN, chance.randint(1, 4)):
        lines += one.split("\n")
    for number in range(chance.randint(1, 2)):
        lines += [f"<VirtualHost *:{PORTS[0]}>", f"ServerName x{number}.example.com"]
        for one in chance.sample(HOST, chance.randint(2, 6)):
            lines += one.split("\n")
        lines.append("</VirtualHost>")
    return Written(tuple(lines))


def mutated(chance: random.Random) -> Written:
    """Return a server with up to two mistakes; some are none."""
    written = hand_written(chance)
    for mutation in chance.choices(MUTATIONS, k=chance.choice((0, 1, 1, 1, 1, 2))):
        written = mutation(chance, written)
    return written


def parameter(chance: random.Random, written: Written) -> Written:
    """Give a worker or balancer a parameter with some value."""
    name, value = chance.choice(WORKER), chance.choice(VALUES)
    shapes = [f"ProxyPass /p http://127.0.0.1:18211/p {name}={value}"]
    shapes.append(
        f"<Proxy balancer://p>\nBalancerMember http://127.0.0.1:18212 {name}={value}\n</Proxy>"
    )
    name = chance.choice(BALANCER)
    shapes.append(
        f"<Proxy balancer://p>\nBalancerMember http://127.0.0.1:18212\nProxySet {name}={value}\n</Proxy>"
    )
    shapes.append(
        f"<Proxy balancer://p>\nBalancerMember http://127.0.0.1:18212\n</Proxy>\nProxyPass /p balancer://p {name}={value}"
    )
    return _inserted(chance, written, chance.choice(shapes), outside=True)


def misplaced(chance: random.Random, written: Written) -> Written:
    """Put a line anywhere."""
    return _inserted(chance, written, chance.choice(MISPLACED))


def pattern(chance: random.Random, written: Written) -> Written:
    """Use some regular expression."""
    text = chance.choice(PATTERNED).format(chance.choice(PATTERNS))
    return _inserted(chance, written, text, outside=True)


def listener(chance: random.Random, written: Written) -> Written:
    """Listen once more."""
    return replace(written, lines=(*written.lines, chance.choice(LISTENS)))


def module(chance: random.Random, written: Written) -> Written:
    """Forget a module, or load it too late."""
    name = chance.choice(written.modules)
    rest = tuple(one for one in written.modules if one != name)
    return replace(written, modules=chance.choice((rest, (*rest, name))))


def lost_line(chance: random.Random, written: Written) -> Written:
    """Leave out a line, such as the end of a section."""
    index = chance.randrange(len(written.lines))
    return _with(written, index)


def line_twice(chance: random.Random, written: Written) -> Written:
    """Write a line twice, such as the end of a section."""
    line = chance.choice(written.lines)
    return _with(written, written.lines.index(line), line, line)


def moved_line(chance: random.Random, written: Written) -> Written:
    """Move a line somewhere else."""
    line = chance.choice(written.lines)
    index = written.lines.index(line)
    rest = (*written.lines[:index], *written.lines[index + 1 :])
    return _inserted(chance, replace(written, lines=rest), line)


def misspelt(chance: random.Random, written: Written) -> Written:
    """Misspell a directive or a section."""
    index = chance.randrange(len(written.lines))
    name, blank, rest = written.lines[index].partition(" ")
    middle = chance.randrange(len(name))
    wrong = name[:middle] + chance.choice(("", name[middle] * 2)) + name[middle + 1 :]
    return _with(written, index, wrong + blank + rest)


def word(chance: random.Random, written: Written) -> Written:
    """Lose, double or misspell a word of a line whose words are judged, but for the first."""
    judged = [line for line in written.lines if line.startswith(JUDGED)]
    if not judged:
        return written
    line = chance.choice(judged)
    words = line.split(" ")
    position = chance.randrange(1, len(words))
    one = words[position]
    middle = chance.randrange(len(one))
    shorter, longer = one[:middle] + one[middle + 1 :], one[:middle] + one[middle] + one[middle:]
    words[position : position + 1] = chance.choice(([], [one, one], [shorter], [longer]))
    return _with(written, written.lines.index(line), " ".join(words))


MUTATIONS: tuple[Mutation, ...] = (
    parameter, parameter, misplaced, misplaced, pattern, listener, module, lost_line, line_twice, moved_line, misspelt, misspelt,
    word, word,
)  # fmt: skip


def _inserted(
    chance: random.Random, written: Written, text: str, *, outside: bool = False
) -> Written:
    """Put lines somewhere, or right behind the beginning of a virtual host."""
    starts = [
        index + 1 for index, line in enumerate(written.lines) if line.startswith("<VirtualHost")
    ]
    anywhere = range(len(written.lines) + 1)
    index = chance.choice(starts if outside and starts else anywhere)
    lines = (*written.lines[:index], *text.split("\n"), *written.lines[index:])
    return replace(written, lines=lines)


def _with(written: Written, index: int, *lines: str) -> Written:
    """Replace one line by others."""
    return replace(written, lines=(*written.lines[:index], *lines, *written.lines[index + 1 :]))
