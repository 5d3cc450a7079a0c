"""Inventories as operators write them, and as they shouldn't."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Plain = dict[str, Any]

# Ports that tests listen on; each is rewritten to a free one by the test that starts a server.
PORTS = (18100, 18101, 18102)
HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"'\\<>#%{}$ \t\n\r\0=|!;"),
        # Debian 12's hypothesis has no `codec` yet; surrogates are what UTF-8 can't say.
        st.characters(blacklist_categories=("Cs",)),
    ),
    max_size=20,
)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
PATHS = st.one_of(
    st.just("/"),
    st.lists(
        st.sampled_from(["app", "api", "v1", "ws", "a.b", "~x", "%61"]), min_size=1, max_size=3
    ).flatmap(lambda parts: st.sampled_from([f"/{'/'.join(parts)}", f"/{'/'.join(parts)}/"])),
)
AUTHORITIES = st.sampled_from(
    ["127.0.0.1:18201", "127.0.0.1:18202", "localhost:18203", "[::1]:18204"]
)
SCHEMES = st.sampled_from(["http", "http", "http", "ws", "https", "h2c", "ajp", "fcgi"])
BALANCER_NAMES = ("one", "two.x", "three_y")
WORKER_PARAMETERS = st.fixed_dictionaries(
    {},
    optional={
        "timeout": st.integers(1, 900),
        "retry": st.integers(0, 60),
        "connectiontimeout": st.sampled_from(["5", "500ms", 3]),
        "keepalive": st.booleans(),
        "disablereuse": st.booleans(),
        "flushpackets": st.sampled_from(["on", "off", "auto"]),
        "max": st.integers(1, 50),
        "ttl": st.integers(1, 60),
        "ping": st.sampled_from(["1", "500ms"]),
        "acquire": st.integers(1, 5000),
        "responsefieldsize": st.integers(8192, 65536),
    },
)


# A file that every host has, so that httpd finds it; the whole bundle would be what nobody needs to say.
CA_FILE = "/etc/ssl/certs/ISRG_Root_X1.pem"
SSL_PROXIES = st.fixed_dictionaries(
    {},
    optional={
        "verify": st.sampled_from(["require", "none"]),
        "verify_depth": st.integers(0, 100),
        "ca_certificate_file": st.just(CA_FILE),
        "ca_certificate_path": st.just("/etc/ssl/certs"),
        "check_peer_name": st.booleans(),
        "check_peer_expire": st.booleans(),
        "protocol": st.lists(
            st.sampled_from(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]), max_size=3, unique=True
        ),
        "log_failures": st.booleans(),
        "cipher_suite": st.sampled_from(["HIGH:!aNULL", "ECDHE+AESGCM", "AES256-SHA"]),
    },
)


def matched(path: str, url: str) -> str:
    """Give a target the slash that its path has."""
    return f"{url}/" if path.endswith("/") else url


def proxied() -> st.SearchStrategy[Plain]:
    """A rule to one server."""
    return st.builds(
        lambda path, scheme, authority, parameters: {
            "path": path,
            "url": matched(path, f"{scheme}://{authority}"),
            **parameters,
        },
        PATHS,
        SCHEMES,
        AUTHORITIES,
        WORKER_PARAMETERS,
    )


def balanced() -> st.SearchStrategy[Plain]:
    """A rule to a balancer, which may not be defined."""
    return st.builds(
        lambda path, name: {"path": path, "url": matched(path, f"balancer://{name}")},
        PATHS,
        st.sampled_from(BALANCER_NAMES),
    )


RULES = st.one_of(
    proxied(),
    balanced(),
    PATHS.map(lambda path: {"path": path, "url": "!"}),
    st.just({"match": r"^/v(\d+)$", "url": "http://127.0.0.1:18205/"}),
)
REDIRECTS = st.builds(
    lambda path, status: {"path": path, "url": "/elsewhere", "status": status},
    PATHS,
    st.sampled_from([301, 302, 303, 307, 308]),
)
# One that has none of these would be refused for serving nothing.
_SERVES = ("aliases", "extra_directives", "proxy_pass", "redirects")
VHOSTS = st.fixed_dictionaries(
    {"server_name": NAMES.map(lambda name: f"{name}.example.com")},
    optional={
        "server_aliases": st.lists(NAMES, max_size=2),
        "listen": st.lists(st.sampled_from(PORTS), min_size=1, max_size=2, unique=True),
        "default": st.booleans(),
        "proxy_pass": st.lists(RULES, max_size=5),
        "proxy_preserve_host": st.booleans(),
        "ssl_proxy": SSL_PROXIES,
        "proxy_timeout": st.integers(1, 600),
        "redirects": st.lists(REDIRECTS, max_size=2),
        "aliases": st.lists(
            PATHS.map(lambda path: {"path": path, "directory": "/tmp"}), max_size=1
        ),
        "log_level": st.sampled_from(["warn", "info", "error"]),
        "extra_directives": st.sampled_from(
            [
                "",
                "ServerAdmin x@example.com\n",
                "<Location /x>\n  Require all denied\n</Location>\n",
                "Timeout 5\n",
            ]
        ),
    },
).map(lambda vhost: vhost if any(map(vhost.get, _SERVES)) else {**vhost, "document_root": "/tmp"})
MEMBERS = st.builds(
    lambda scheme, index, route, status, parameters: {
        "url": f"{scheme}://127.0.0.1:{18300 + index}",
        **({"route": f"r{index}"} if route else {}),
        **({"status": status} if status else {}),
        **parameters,
    },
    st.sampled_from(["http", "http", "http", "https"]),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from(["", "hot_standby", "drain", "disabled", "+H"]),
    WORKER_PARAMETERS,
)
BALANCERS = st.fixed_dictionaries(
    {"name": st.sampled_from(BALANCER_NAMES), "members": st.lists(MEMBERS, min_size=1, max_size=4)},
    optional={
        "lbmethod": st.sampled_from(["byrequests", "bytraffic", "bybusyness"]),
        "sticky_cookie": st.fixed_dictionaries(
            {},
            optional={
                "samesite": st.sampled_from(["Lax", "None"]),
                "secure": st.booleans(),
                "max_age": st.integers(1, 99),
            },
        ),
        "stickysession": st.just("JSESSIONID|jsessionid"),
        "maxattempts": st.integers(0, 3),
        "nofailover": st.booleans(),
        "timeout": st.integers(1, 9),
        "failonstatus": st.sampled_from(["500", "502,503"]),
    },
)


def inventories() -> st.SearchStrategy[Plain]:
    """A host's variables: plausible, and wrong now and then."""
    return st.fixed_dictionaries(
        {"apache_vhosts": st.lists(VHOSTS, min_size=1, max_size=4)},
        optional={
            "apache_balancers": st.lists(BALANCERS, max_size=3),
            "apache_trusted_proxies": st.lists(
                st.sampled_from(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]), max_size=2
            ),
            "apache_log_formats": st.just({"short": '%h %t "%r" %{Referer}i'}),
            "apache_modules": st.just(["deflate"]),
        },
    )


# Every key that takes free text, with what the text stands in.
TEXT_KEYS = (
    ("server_name", "{}"),
    ("document_root", "/{}"),
    ("error_log", "/{}"),
    ("proxy_to", "http://{}/"),
    ("server_aliases", ["{}"]),
    ("redirects", [{"path": "/{}", "url": "/x"}]),
    ("redirects", [{"path": "/x", "url": "/{}"}]),
    ("redirects", [{"match": "^/{}", "url": "/x"}]),
    ("aliases", [{"path": "/{}", "directory": "/tmp"}]),
    ("aliases", [{"path": "/x", "directory": "/{}"}]),
    ("proxy_pass", [{"path": "/{}", "url": "http://127.0.0.1:18201/"}]),
    ("proxy_pass", [{"path": "/", "url": "http://127.0.0.1:18201/{}/"}]),
    ("proxy_pass", [{"match": "^/{}", "url": "http://127.0.0.1:18201/"}]),
    ("proxy_pass_reverse_cookie_path", [{"internal": "/{}", "public": "/{}"}]),
    ("proxy_pass_reverse_cookie_domain", [{"internal": "{}", "public": "x{}"}]),
    ("custom_log", {"path": "/{}", "format": "combined"}),
)  # fmt: skip


def filled(shape: Any, value: str) -> Any:
    """Put a value into a shape."""
    if isinstance(shape, str):
        return shape.replace("{}", value)
    if isinstance(shape, list):
        return [filled(element, value) for element in shape]
    return {key: filled(element, value) for key, element in shape.items()}
