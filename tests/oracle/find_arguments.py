"""Finds arguments that httpd takes for each of its directives, by trying.

The directives are those of `httpd -L` with every available module, whatever the resolver says of them. A row is a directive, its
module, where it may stand, and its arguments; there are several of most.
"""

from __future__ import annotations

import random
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from loading import load_lines

FILE = Path(__file__).parent / "arguments.tsv"
BINARY = "/usr/sbin/apache2"
AVAILABLE = Path("/etc/apache2/mods-available")
# Another module answers for their names, or they replace the test's own MPM.
BEFORE = ("ServerName strewn.test", "ErrorLog /dev/null")
ASKED_BEFORE = len(BEFORE)
LEFT_OUT = {"mpm_prefork", "mpm_worker", "cern_meta", "heartmonitor"}
ENTRY = re.compile(
    r"^(?P<name>\w+) \((?P<module>[\w.]+)\)\n(?:\t.*\n)*?\tAllowed in \*\.conf (?P<where>anywhere|only \w+)",
    re.MULTILINE,
)
MOST_FOUND = 4
# Where it is tried first, by what httpd says of it.
FIRST = {"only outside": "vhost", "only inside": "location", "anywhere": "vhost"}
PLACES = {
    "main": "{}",
    "vhost": "<VirtualHost *:9>\n{}\n</VirtualHost>",
    "location": "<Location /x>\n{}\n</Location>",
}

_WORDS = """
    On | Off | 0 | 1 | 2 | 7 | 10 | 60 | 100 | 512 | 4096 | 65536 | 1000000 | 0.5 | -1 | none | all | any | auto | default | x |
    full | basic | /tmp/strewn | /etc/hostname | /srv/strewn/ | /strewn | strewn | strewn.test | http://127.0.0.1:9/ |
    127.0.0.1 | 127.0.0.1:9 | 192.0.2.0/24 | localhost | X-Strewn | text/html | text/plain | utf-8 | .strewn | en | gzip | GET |
    POST | TRACE | DEFLATE | INCLUDES | BUFFER | strewn.html | index.strewn | nobody | www-data | GMT | EMail | DNS | Prod |
    Minimal | warn | debug | info | http/1.1 | h2 | off | email@strewn.test | file:/tmp/strewn | sem | default | pthread |
    shmcb:/tmp/strewn(64000) | builtin | dbm:/tmp/strewn | optional | require | TLSv1.2 | HIGH | chain | leaf | 10s | 500ms |
    once | always | negotiated | tls-alpn-01 | http-01 | 5% | 33% | RSA | 2048 | accepted | manual | Basic | Digest | Form |
    file | dbd | ldap | SHA256 | MD5 | Lax | Netscape | Cookie2 | SDBM | MTime | Size | +Indexes | -Indexes | Indexes |
    FancyIndexing | IgnoreClient | Name | Ascending | Any | Handlers | MultiViews | Prefer | Fallback | GracefulRestart |
    AllowUnsafe | Strict | Unsafe | Registered | Lenient1.0 | base64 | exec=all | permissive | DN | NULL | cookies | strict |
    Inherit | Server | Request | stat | never | forever | thread | conn | Full | reload | authoritative | extended |
    s/strewn/sown/ | s/strewn/sown/n | y/z/Z/ | "access plus 1 month" | A3600 | M60 | "%h %l" | %{sown}n | b | deny,allow |
    5/minute | 3 | prefer | ServerDefault | IsError | Ignore | ajp: | "a b" | secret | /strewn.html | ^/strewn | (.*) | \\.strewn$ |
    AddSuffix | NoChange | Remove | 16 | 18 | DebugLevel=2 | ImplicitAdd | http:80 | https:443 | GENERIC | FPM | /etc/ssl/certs | V.21 |
    .strewn.test | "[%t] %M" | "%E: %M" | LogStderr
"""
WORDS = [word.strip() for word in _WORDS.split("|")]
_PHRASES = """
    text/html .strewn | .strewn text/html | DEFLATE text/html | text/html DEFLATE | X-Strewn sown | GET POST | 1 2 | 10 20 | 64 1024 |
    body=10 | header=20-40,MinRate=500 | handshake=0 | /strewn /tmp/strewn | /strewn http://127.0.0.1:9/ | ^/strewn /tmp/strewn |
    strewn sown | strewn sown x | sown "strewn words" | text/html "access plus 1 month" | "%h %l" strewn | /tmp/strewn strewn |
    /tmp/strewn "%h" | http:// acquire=1 | strewn mode=output cmd=/bin/cat | strewn DEFLATE "%{CONTENT_TYPE} == 'x'" |
    strewn change=yes | strewn CONTENT_SET | +strewn | =strewn | @strewn | filename /strewn.gif .strewn | "Strewn words" *.strewn |
    ALT,/strewn.gif .strewn | .strewn .sown | utf-8 .strewn | en .strewn | gzip .strewn | 404 /strewn.html | 404 "strewn" |
    strewn.test 127.0.0.1 | proxyhtml href | a href | img src | UTF-8 strewn | user strewn | valid-user | all granted | ip 127.0.0.1 |
    not ip 192.0.2.1 | from all | env=strewn | User-Agent strewn | strewn sown=1 | Remote_Addr 192 sown | "%{HTTP_HOST} == 'x'" sown |
    expr=true | set X-Strewn sown | unset X-Strewn | always set X-Strewn sown | append X-Strewn sown | early sown |
    strewn=sown | 127.0.0.1 9 | 127.0.0.1:9 strewn | user nogroup | www-data www-data | 401 /strewn | ldap://127.0.0.1/dc=x?uid |
    trusted_ca CA_DER /etc/hostname | Curves X25519 | startup builtin | SSL HIGH | TLSv1.3 TLS_AES_128_GCM_SHA256 | TLSv1.2 HIGH |
    all -TLSv1 | +StdEnvVars | -StdEnvVars | startup file:/dev/urandom 16 | /strewn.css critical | strewn.test sown.test |
    strewn.test auto | renew 10d | 7d | 30 | url strewn | dns-01 /bin/true | none none | secret id | TCP TLS | SSLProxy X | RSA 2048 |
    P-256 | 10% | nosniff x | early x | format=proxy | 2400 | disk /strewn | shmcb /strewn | Max-Age no-store | Set-Cookie | Not_Found x |
    strewn.lua sown | output /tmp/strewn.lua | strewn /tmp/strewn.lua sown | -ipaddr 1 | balancer://strewn | lbmethod=byrequests |
    SetStrewn /strewn | name uid | text/html uid | method=GET uri=/ | strewn method=GET interval=10 | timeout=5 | ttl=60 timeout=5 |
    "SELECT 1" strewn | pgsql | user=x | Max 5 | sha1 10 | bcrypt 5 | SHA512 | aes256 | memcache:127.0.0.1:9 | shmcb | redis:127.0.0.1:9
"""
_PHRASES += """|
    REQUEST_URI original-uri | REQUEST_URI current-uri | Ascending Name | Descending Date | strewn 0 | strewn 1 | connection "%t" |
    request "[%L] %M" | strewn {%{REQUEST_STATUS} == 200} | strewn "change=yes;byteranges=no"
"""
PHRASES = [phrase.strip() for phrase in _PHRASES.split("|")]


def modules() -> dict[str, tuple[str, ...]]:
    """Return the modules that each available one needs, itself last."""
    texts = {path.stem: path.read_text() for path in AVAILABLE.glob("*.load")}

    def needed(name: str, seen: frozenset[str]) -> Iterator[str]:
        for line in re.findall(r"^# Depends:(.*)", texts.get(name, ""), re.MULTILINE):
            for other in line.split():
                if other not in seen:
                    yield from needed(other, seen | {name})
        loaded = re.search(r"LoadModule (\w+)_module", texts.get(name, ""))
        if loaded:
            yield loaded.group(1)

    return {
        name: tuple(dict.fromkeys(needed(name, frozenset())))
        for name in sorted(texts)
        if name not in LEFT_OUT
    }


def names_in_order() -> tuple[str, ...]:
    """Return every module that can be loaded at once, each after those that it needs."""
    every = (name for needed in modules().values() for name in needed)
    return tuple(dict.fromkeys(("mpm_event", *every)))


def ask(lines: Sequence[str], *options: str) -> subprocess.CompletedProcess[str]:
    """Ask httpd about a configuration."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write("\n".join((*BEFORE, *lines, "")))
        file.flush()
        command = [BINARY, "-f", file.name, *options]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def directives(loads: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return module and first place of each directive that httpd knows with these modules."""
    said = ask(loads, "-L").stdout
    return {
        found["name"]: (found["module"], FIRST[found["where"]]) for found in ENTRY.finditer(said)
    }


def rows(name: str, module: str, first: str, needed: Sequence[str]) -> list[str]:
    """Return the rows of a directive: its arguments are tried until there are enough."""
    chance = random.Random(name)
    untried = ["", *chance.sample(WORDS, len(WORDS)), *chance.sample(PHRASES, len(PHRASES))]
    chance.shuffle(untried)
    found: list[str] = []
    while untried and len(found) < MOST_FOUND:
        arguments = untried.pop(0)
        line = f"{name} {arguments}".rstrip()
        refusal = refusal_of(line, first, needed)
        if refusal and first == "vhost" and not found and not refusal_of(line, "main", needed):
            # It stands in the main server only.
            first, refusal = "main", ""
        if refusal:
            untried = fitting(untried, refusal)
            continue
        places = [
            place for place in PLACES if place == first or not refusal_of(line, place, needed)
        ]
        found.append(f"{name}\t{module}\t{','.join(places)}\t{arguments}")
    return found


def refusal_of(line: str, place: str, needed: Sequence[str]) -> str:
    """Return what httpd says against a line there; nothing where it takes it."""
    said = ask([*load_lines(needed), PLACES[place].format(line)], "-t")
    return "" if said.returncode == 0 else said.stderr or "it says nothing"


def fitting(untried: Sequence[str], refusal: str) -> list[str]:
    """Return the arguments that fit what httpd says it takes."""
    if "must be On or Off" in refusal:
        return [arguments for arguments in untried if arguments in ("On", "Off")]
    found = re.search(r" takes (no|one|two|three) arguments?", refusal)
    if not found:
        return [*untried]
    number = ("no", "one", "two", "three").index(found.group(1))
    return [arguments for arguments in untried if len(shlex.split(arguments)) == number]


def everything() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Return module, first place and needed modules of each directive that any available module has."""
    found: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for needed in ((), *modules().values()):
        loaded = tuple(dict.fromkeys(("mpm_event", *needed)))
        for name, (module, first) in directives(load_lines(loaded)).items():
            found.setdefault(name, (module, first, loaded))
    return found
