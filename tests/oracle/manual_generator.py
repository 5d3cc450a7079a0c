"""Random httpd 2.4 reverse-proxy servers, written from httpd's manual without a look at the resolver or the first generator.

They come from the weighted grammar in manual_grammar.txt: `name: one | other` gives a symbol's alternatives, `3* ` before one
makes it three times as likely, ` ;; ` ends a line, and `@name@` or `@name{1,3}@` stands for one or several of a symbol.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_MODULES = """
    mpm_event authn_core authz_core authz_host authz_user authz_groupfile authz_owner access_compat auth_basic
    authn_file authn_anon alias dir mime env setenvif headers rewrite expires filter deflate brotli include substitute
    sed ext_filter buffer ratelimit request reqtimeout negotiation autoindex actions speling userdir vhost_alias
    allowmethods remoteip usertrack unique_id log_debug macro status info asis cern_meta cache socache_shmcb
    cache_socache slotmem_shm proxy proxy_http proxy_wstunnel proxy_balancer lbmethod_byrequests lbmethod_bytraffic
    lbmethod_bybusyness
"""
MODULES = tuple(_MODULES.split())

_PREAMBLE = r"""Listen 127.0.0.1:@port@
ServerName main.example
DocumentRoot "@root@"
TypesConfig /etc/mime.types
Define PREFIX /app
Define UPSTREAM http://127.0.0.1:@backend@
Define SITE shop
Define PRODUCTION
ExtFilterDefine copy mode=output cmd=/bin/cat
<Macro Backend $path $port>
ProxyPass $path http://127.0.0.1:$port$path
ProxyPassReverse $path http://127.0.0.1:$port$path
</Macro>
<Macro Guard $path %rule>
<Location $path>
Require %rule
</Location>
</Macro>"""

_SYMBOL = re.compile(r"@([a-z_]+)(?:\{(\d),(\d)\})?@")
# httpd 2.4 dies of a segmentation fault where a virtual host's balancer has the parameter and the
# main server's balancer of the same name has not.
_FAIL_ON_STATUS = re.compile(r" failonstatus=[\d,]+")
_Grammar = Mapping[str, Sequence[str]]


def _parse_grammar(text: str) -> dict[str, list[str]]:
    """Read the grammar's alternatives, each repeated as often as its weight says."""
    grammar: dict[str, list[str]] = {}
    for symbol in re.split(r"\n(?=\w)", text.strip()):
        name, _colon, alternatives = re.sub(r"\n\s+", " ", symbol).partition(": ")
        grammar[name] = []
        for alternative in alternatives.split(" | "):
            parts = re.match(r"(?:(\d+)\*(?: |$))?", alternative)
            weight = int(parts[1] or 1) if parts else 1
            grammar[name] += [alternative[parts.end() if parts else 0 :]] * weight
    return grammar


_GRAMMAR = _parse_grammar(Path(__file__).with_name("manual_grammar.txt").read_text())


def _expand(chance: random.Random, grammar: _Grammar, text: str) -> str:
    """Replace every symbol in the text by random expansions."""

    def replaced(found: re.Match[str]) -> str:
        repeats = chance.randint(int(found[2] or 1), int(found[3] or 1))
        parts = (chance.choice(grammar[found[1]]) for _number in range(repeats))
        return "\n".join(_expand(chance, grammar, part) for part in parts)

    return _SYMBOL.sub(replaced, text.replace(" ;; ", "\n"))


def _with_definitions(chance: random.Random, grammar: _Grammar, body: str) -> str:
    """Add most of what the body's lines rely on: balancers, RewriteEngine On and a map."""
    lines: list[str] = []
    if re.search(r"^Rewrite(Rule|Cond)", body, re.MULTILINE) and chance.random() < 0.93:
        lines.append("RewriteEngine On")
    if "${lc:" in body:
        lines.append("RewriteMap lc int:tolower")
    for pool in sorted(set(re.findall(r"balancer://([\w-]+)", body))):
        if chance.random() < 0.9:
            members = "@member{1,4}@\n@sticky@"
            lines.append(f"<Proxy balancer://{pool}>\n{members}\n</Proxy>")
    return _expand(chance, grammar, "\n".join(lines)) + "\n" + body


def _styled(chance: random.Random, text: str) -> str:
    """Indent by nesting, and write some lines as a careless administrator does."""
    depth = 0
    styled: list[str] = []
    unit = chance.choice(["", "  ", "    ", "\t"])
    for line in (line.strip() for line in text.split("\n")):
        depth -= line.startswith("</")
        name, space, rest = line.partition(" ")
        style = chance.random()
        if style < 0.01:
            line = name.lower() + space + rest
        elif style < 0.02 and space:
            line = name + " \\\n      " + rest
        elif style < 0.03 and name != "Require":
            line = f"# {line}" if not line.startswith("<") else f"# section\n{line}"
        if line:
            styled.append(unit * depth + line)
        depth += line.startswith("<") and not line.startswith("</")
    end = "\r\n" if chance.random() < 0.02 else "\n"
    return end.join(styled) + end


def server(chance: random.Random, *, port: int, backends: Sequence[int], root: str) -> str:
    """Write a whole server: what follows LoadModule, PidFile, ErrorLog and the like."""
    grammar = _GRAMMAR | {
        "port": [str(port)],
        "backend": [str(backend) for backend in backends],
        "root": [root],
    }
    main = "\n".join(["@main_thing@"] * chance.randint(0, 8))
    main = _with_definitions(chance, grammar, _expand(chance, grammar, main))
    if chance.random() < 0.8:
        granted = f'<Directory "{root}">\nRequire all granted\n</Directory>\n'
        main = granted + main
    main = _FAIL_ON_STATUS.sub("", main)
    blocks = [main]
    for number in range(chance.randint(1, 4)):
        own = grammar | {"self": [f"v{number}.example"]}
        named = _expand(chance, own, "@named@")
        things = "\n".join(["@thing@"] * chance.randint(3, 14))
        body = _with_definitions(chance, own, _expand(chance, own, things))
        if "balancer://" in main:
            body = _FAIL_ON_STATUS.sub("", body)
        blocks.append(f"<VirtualHost *:{port}>\n{named}\n{body}\n</VirtualHost>")
    preamble = _expand(chance, grammar, _PREAMBLE) + "\n"
    return preamble + _styled(chance, "\n".join(blocks))
