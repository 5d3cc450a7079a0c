"""What each of the three servers is asked: every host name, an unknown one, every prefix, and what its rules look at."""

from __future__ import annotations

from grid import Request, product

_NODE1 = ("Cookie", "JSESSIONID=0123456789abcdef.node1")
_NODE2 = ("Cookie", "JSESSIONID=0123456789abcdef.node2")
_COOKIE = "set-cookie=a=b;%20Path=/wiki/;%20Domain=adopt-origin"

SITES = [
    *product(("www.example.com", "unknown.test"), (80,), ("/old", "/blog", "/docs/a", "/withdrawn", "/")),
    *product(
        ("shop.example.com", "eu.shop.example.com"),
        (80,),
        ("/static", "/server-status", "/cart", "/api/v2/", "/api/", "/images", "/"),
    ),
    *product(("wiki.example.com",), (80, 8080), ("/page", "/")),
    *product(("intranet.example.com", "unknown.test"), (8080,), ("/hr", "/hr/internal", "/it", "/phone")),
    Request("www.example.com", "/docs/guide.htm"),
    Request("www.example.com", "/docs/a.html"),
    Request("store.example.com", "/basket"),
    Request("shop.example.com:80", "/basket", headers=(_NODE1,)),
    Request("shop.example.com", "/basket", headers=(_NODE2,)),
    Request("shop.example.com", "/basket;jsessionid=0123456789abcdef.node2"),
    Request("shop.example.com", "/static/logo.txt"),
    Request("shop.example.com", "/api/v2/x?status=302&location=http://adopt-origin:8082/v2/y"),
    Request("shop.example.com", "/api/x?status=302&location=http://adopt-origin:8082/v2/y"),
    Request("shop.example.com", "/api/x", method="DELETE", headers=(("X-Forwarded-For", "192.0.2.1"),)),
    Request("wiki.example.com", f"/x?status=201&{_COOKIE}"),
    Request("wiki.example.com", "/x?status=301&location=http://adopt-origin:8084/wiki/y"),
]  # fmt: skip

_UPGRADE = (
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("Sec-WebSocket-Version", "13"),
)
MONOLITH = [
    *product(("mail.example.com", "www.tickets.example.com", "unknown.test"), (80,), ("/health", "/")),
    *product(("portal.example.com",), (80,), ("/articles", "/app", "/application", "/secret", "/new", "/")),
    *product(("chat.example.com",), (80,), ("/room", "/")),
    *product(("files.example.com",), (80,), ("/public", "/public/drop", "/u/anna", "/u/9")),
    Request("portal.example.com", "/healthz"),
    Request("portal.example.com", "/go/mail"),
    Request("portal.example.com", "/article.php?id=12"),
    Request("portal.example.com", "/article.php?id=twelve"),
    Request("portal.example.com", "/articles/1?status=302&location=http://adopt-origin:8083/a/2"),
    Request("portal.example.com", "/articles/1", method="DELETE"),
    Request("portal.example.com", "/app/x?y=1", headers=(("User-Agent", "A Mobile one"),)),
    Request("portal.example.com", "/app/x", headers=(("Accept-Language", "de"),)),
    Request("portal.example.com", "/app/x?status=302&location=http://adopt-origin:8081/y"),
    Request("chat.example.com", "/room/1?x=1", headers=_UPGRADE),
    Request("chat.example.com", "/room/1", headers=(("Upgrade", "h2c"), ("Connection", "Upgrade"))),
    Request("files.example.com", "/public/drop/x", method="PUT"),
    Request("files.example.com", "/public/x", method="PUT"),
]  # fmt: skip

_ANNA = ("Authorization", "Basic YW5uYTpnZWhlaW0=")
TLS = [
    *product(
        ("secure.example.com", "pay.example.com", "unknown.test"),
        (80,),
        ("/.well-known/acme-challenge", "/shop", "/"),
    ),
    *product(("secure.example.com", "unknown.test"), (443,), ("/api", "/admin", "/private", "/css", "/")),
    *product(("pay.example.com",), (443,), ("/till/1", "/till", "/receipts", "/bills", "/")),
    Request("secure.example.com", "/.well-known/acme-challenge/token"),
    Request("secure.example.com", "/shop?q=a%20b&c=%C3%A4"),
    Request("www.secure.example.com", "/css/site.css", 443),
    Request("www.secure.example.com", "/js/a/b.js?v=2", 443),
    Request("secure.example.com", "/index.bak", 443),
    Request("secure.example.com", "/private/x", 443, headers=(_ANNA,)),
    Request("secure.example.com", "/private/x", 443, headers=(("Authorization", "Basic eDp5"),)),
    Request("secure.example.com", "/x?set-cookie=a=b", 443),
    Request("secure.example.com", "/api/x?status=302&location=https://adopt-origin:8443/api/y", 443),
    Request("pay.example.com", "/till/7", 443, headers=(("Cookie", "TILL=x.node2"),)),
    Request("pay.example.com", "/till/7", 443, headers=(("Cookie", "TILL=x.node1"),)),
    Request("pay.example.com", "/receipts/7", 443, headers=(("User-Agent", "BadBot/1.0"),)),
    Request("pay.example.com", "/receipts/x?set-cookie=a=b;%20Path=/receipts", 443),
]  # fmt: skip

REQUESTS = {"adopt-sites": SITES, "adopt-monolith": MONOLITH, "adopt-tls": TLS}
