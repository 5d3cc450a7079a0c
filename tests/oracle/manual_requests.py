"""Requests that are likely to meet what a server of manual_generator.py mentions.

They carry `alice:secret` at times; a server's root has a file .htpasswd that lets that user in, or it answers 401.
"""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Asked(NamedTuple):
    """One request without a body; the names in ``headers`` are in lower case."""

    method: str
    target: str
    host: str
    headers: dict[str, str]


_METHODS = (
    *["GET"] * 30, *["HEAD"] * 3, *["POST"] * 4, "OPTIONS", "OPTIONS", "PUT", "DELETE", "TRACE",
    "PATCH", "PROPFIND", "BREW", "get",
)  # fmt: skip
_PLACES = (
    "/", "/index.html", "/page.html", "/a.php", "/app/", "/app", "/app/index.html", "/static",
    "/static/f.txt", "/static/none", "/api/v1/users/7", "/nowhere", "/.htaccess", "/favicon.ico",
    "/~bob/x", "/user/ann/edit", "/server-status", "/forbidden", "/gone/away", "/a b", "/img/f.txt",
)  # fmt: skip
_QUERIES = (
    "debug=1", "id=42", "a=b&c=d", "", "x=%2F%20", "q=a+b", "jsessionid=z.r2", "u=http://a/",
)  # fmt: skip
_REGEX_SAMPLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\(\?i\)|\(\?![^)]*\)|[\^$]", ("",)),
    (r"\(\?<\w+>", ("(",)),
    (r"\[\^/\]\+|\\w[+*]?|\[a-z\]\+", ("abc", "users", "x")),
    (r"\[0-9\]\+|\\d\+?", ("1", "42")),
    (r"\(?\.[*+]\)?", ("", "x", "deep/er.html", "a%20b")),
    (r"\\s", ("/",)),
    (r"\\", ("",)),
    (r"(\w)\?", ("", r"\1")),
)
_HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("user-agent", ("Mozilla/5.0 (X11)", "curl/8.1", "Googlebot/2.1", "A")),
    ("referer", ("http://example.com/", "http://v0.example/app", "bad")),
    ("x-forwarded-for", ("10.0.0.1", "8.8.8.8, 10.1.2.3", "192.168.1.2,127.0.0.1", "junk")),
    ("x-real-ip", ("10.0.0.9", "8.8.4.4", "::1")),
    ("x-forwarded-proto", ("https", "http")),
    ("x-test", ("yes", "no", "abc-7", "a, b")),
    ("x-tenant", ("acme", "")),
    ("max-forwards", ("0", "1", "10", "x")),
    ("range", ("bytes=0-3", "bytes=-1", "bytes=99999-")),
    ("if-modified-since", ("Sat, 01 Jan 2000 00:00:00 GMT", "Sat, 01 Jan 2033 00:00:00 GMT")),
    ("if-none-match", ("*", '"abc"')),
    ("accept", ("text/html", "*/*;q=0.1", "application/json")),
    ("accept-language", ("en", "de, en;q=0.5")),
    ("accept-encoding", ("gzip", "identity", "br, gzip")),
    ("cache-control", ("no-cache", "max-age=0")),
    ("connection", ("close", "keep-alive", "x-test", "TE, close")),
    ("via", ("1.0 first",)),
    ("forwarded", ("for=10.0.0.1;proto=https",)),
    ("origin", ("http://v0.example", "null")),
    ("x-http-method-override", ("DELETE",)),
    ("x-padding", ("p" * 300, "p" * 3000)),
)


def _regex_sample(chance: random.Random, pattern: str) -> str:
    """Guess a path that the pattern matches; right for the patterns that servers get here."""
    for part, samples in _REGEX_SAMPLES:
        pattern = re.sub(part, chance.choice(samples), pattern)
    group = re.compile(r"\(([^()]*)\)\??")
    while group.search(pattern):
        pattern = group.sub(lambda found: chance.choice(found[1].split("|")), pattern)
    return "/" + pattern.lstrip("/!") if pattern[:1] != "." else "/app/a" + pattern


def _mentioned_paths(chance: random.Random, text: str) -> list[str]:
    """List the paths and samples of the patterns that the configuration's directives mention."""
    text = text.replace("${PREFIX}", "/app")
    literal = re.findall(
        r"(?im)^\s*<?(?:Location|ProxyPass\w*|Redirect\w*(?: \w+)?|(?:Script)?Alias|ServerPath|"
        r"Use \w+|CacheEnable \w+|Action \S+|ErrorDocument \d+|FallbackResource)\s+\\?\s*"
        r'"?(/[^\s">]*)',
        text,
    )
    patterns = re.findall(
        r"(?im)^\s*<?(?:LocationMatch|ProxyPassMatch|RewriteRule|(?:Redirect|Alias)Match"
        r"(?: \w+)?|SetEnvIf Request_URI|RewriteCond %\{REQUEST_URI\}|Location ~)\s+"
        r'"?([^\s">]+(?:\?<\w+>[^\s">]+)?)',
        text,
    )
    patterns += re.findall(r"%\{REQUEST_URI\} =~ m#([^#]+)#", text)
    return literal + [_regex_sample(chance, pattern) for pattern in patterns]


def _mentioned_routes(text: str) -> tuple[list[str], list[str]]:
    """List the names of sticky sessions and the routes of members."""
    names = re.findall(r"stickysession=([\w|]+)", text)
    return "|".join(names).split("|"), re.findall(r"\broute=(\w+)", text) or ["r1"]


def _target(chance: random.Random, paths: Sequence[str], text: str) -> str:
    """Choose a path, distort it at times, and add a query at times."""
    path = chance.choice(paths if chance.random() < 0.75 else _PLACES)
    if chance.random() < 0.25:
        path += chance.choice(["/", "x", "/more", "/a/b.html", "/index.html", "/a.php", "/7/edit"])
    names, routes = _mentioned_routes(text)
    session = f";{chance.choice(names) or 'jsessionid'}=id.{chance.choice(routes)}"
    distortions: tuple[Callable[[str], str], ...] = (
        lambda path: path.replace("/", "//", chance.randint(1, 3)),
        lambda path: path.replace("/", "/./", 1),
        lambda path: path + "/../" + chance.choice(["app", "", "../..", "static/f.txt"]),
        lambda path: "/%2e%2e" + path,
        lambda path: "/x/%2E./" + path[1:],
        lambda path: path[:1] + path[1:].replace("/", "%2F", 1) + "%2fy",
        lambda path: path[:1] + "".join(f"%{ord(c):02x}" for c in path[1:3]) + path[3:],
        lambda path: path + chance.choice(["%", "%zz", "%00", "%5C", "%25", "%3F", "%3b", "%0a"]),
        lambda path: path + chance.choice([";v=1", ";a/b;c", "|", "*", "+", "~", "'", "=", "$1"]),
        lambda path: path.upper() if chance.random() < 0.5 else path.title(),
        lambda path: path + "/" + "long" * chance.choice([45, 60, 500, 2040, 2240]),
    )
    if chance.random() < 0.3:
        path = chance.choice(distortions)(path)
    if chance.random() < 0.08:
        path += session
    if chance.random() < 0.25:
        path += "?" + chance.choice(_QUERIES)
    path = re.sub(r'[\s"<>\\#^`{}]', "%20", path)
    return ("/" + path.lstrip("/") if not path.startswith("/") else path)[:9000]


def _host(chance: random.Random, text: str) -> str:
    """Choose a Host, mostly one that the configuration names."""
    named = re.findall(r"(?im)^\s*Server(?:Name|Alias)\s+(?:\w+://)?([\w.?*-]+)", text)
    named += re.findall(r"(?im)^[ \t]*ServerAlias[ \t]+\S+[ \t]+(\S+)", text)
    host = chance.choice(named) if named else "main.example"
    host = host.replace("*", chance.choice(["www", "a.b"])).replace("?", "5")
    port = (re.findall(r"Listen 127\.0\.0\.1:(\d+)", text) or ["80"])[0]
    odd = (
        host.upper(), host + ".", f"{host}:{port}", f"{host}:80", f"{host}:8443", "unknown.example",
        "127.0.0.1", f"127.0.0.1:{port}", "localhost", f"{host}:x", "[::1]", "bad_name",
        "x." + host, f"{host}.:{port}",
    )  # fmt: skip
    return chance.choice(odd) if chance.random() < 0.2 else host


def _cookie(chance: random.Random, text: str) -> str:
    """Write a Cookie that sticky sessions or conditions may look at."""
    names, routes = _mentioned_routes(text)
    separator = chance.choice([".", ".", ".", "-", ""])
    name = chance.choice(names) or "ROUTEID"
    sticky = f"{name}={chance.choice(['', 'abc'])}{separator}{chance.choice([*routes, 'zz'])}"
    return chance.choice([sticky, sticky, f"a=1; {sticky}", "session=abc", f"{sticky}; session=q"])


def _headers(chance: random.Random, text: str, method: str) -> dict[str, str]:
    """Choose some headers, more often such as the configuration mentions."""
    headers: dict[str, str] = {}
    lowered = text.lower()
    for name, values in _HEADERS:
        variable = "http_" + name.replace("-", "_")
        likely = name in lowered or variable in lowered or (name == "user-agent")
        if chance.random() < (0.3 if likely else 0.02):
            headers[name] = chance.choice(values)
    sticky = "stickysession" in text or "cookie" in lowered
    if chance.random() < (0.4 if sticky else 0.03):
        headers["cookie"] = _cookie(chance, text)
    if chance.random() < (0.4 if "AuthType" in text else 0.03):
        login = chance.choice(["alice:secret", "alice:wrong", "bob:", ":", "anonymous:a@b.example"])
        basic = "Basic " + base64.b64encode(login.encode("ascii")).decode("ascii")
        headers["authorization"] = chance.choice([basic, basic, basic, "Bearer abc", "Basic !"])
    if chance.random() < (0.2 if "websocket" in lowered or "ws://" in text else 0.02):
        headers["upgrade"] = chance.choice(["websocket", "websocket", "WebSocket", "h2c"])
        headers["connection"] = chance.choice(["Upgrade", "upgrade", "keep-alive, Upgrade"])
    if chance.random() < 0.02:
        headers |= {f"x-extra-{number}": "e" for number in range(chance.choice([4, 6, 105]))}
    if method in ("POST", "PUT", "PATCH"):
        headers["content-length"] = "0"
    return headers


def requests(chance: random.Random, text: str, count: int) -> list[Asked]:
    """Write requests that are likely to meet what the configuration mentions."""
    asked: list[Asked] = []
    paths = _mentioned_paths(chance, text) or list(_PLACES)
    for _number in range(count):
        method = chance.choice(_METHODS)
        target = _target(chance, paths, text)
        asked.append(Asked(method, target, _host(chance, text), _headers(chance, text, method)))
    return asked
