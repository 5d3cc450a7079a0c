"""Numbers of which httpd reads the digits and drops the rest, without a word (docs/httpd.md#misread-numbers)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....reading.server import Server
from ...rule import Finding, rule
from ..helpers.scopes import everywhere, shared, values, written

# Those that pass the syntax check of 2.4.71 with `abc` or `30sec` (atoi, or strtol without a look at its end); it refuses
# others itself, and reads units in KeepAliveTimeout, ProxyTimeout and the like.
_NAMES = """
brotlicompressionquality brotlicompressionwindow cachedefaultexpire cachelockmaxage cachemaxexpire cachemaxfilesize
cacheminfilesize deflatebuffersize gracefulshutdowntimeout h2maxdataframelen h2maxsessionstreams h2maxworkers h2minworkers
h2streammaxmemsize h2windowsize limitinternalrecursion limitrequestfields limitrequestfieldsize limitrequestline
listenbacklog listencoresbucketsratio maxclients maxconnectionsperchild maxkeepaliverequests maxmemfree maxrangeoverlaps
maxrangereversals maxranges maxrequestsperchild maxrequestworkers maxspareservers maxsparethreads minspareservers
minsparethreads proxyiobuffersize proxymaxforwards proxyreceivebuffersize receivebuffersize rlimitcpu rlimitmem rlimitnproc
sendbuffersize serverlimit sessionmaxage sslproxyverifydepth sslsessioncachetimeout sslstaplingerrorcachetimeout
sslstaplingrespondertimeout sslstaplingresponsemaxage sslstaplingresponsetimeskew sslstaplingstandardcachetimeout
sslverifydepth startservers threadlimit threadsperchild threadstacksize timeout
"""
NUMBERS = frozenset(_NAMES.split())
_RANGES = frozenset({"none", "default", "unlimited"})
_WORDS = {
    **dict.fromkeys(("maxranges", "maxrangeoverlaps", "maxrangereversals"), _RANGES),
    **dict.fromkeys(("rlimitcpu", "rlimitmem", "rlimitnproc"), frozenset({"max"})),
}
_WHOLE = re.compile(r"\s*[+-]?[0-9]+\s*")
_BEGIN = re.compile(r"\s*[+-]?[0-9]{1,18}")


@rule(
    "error",
    source="https://httpd.apache.org/docs/2.4/mod/core.html#timeout",
    bad="Timeout 5m",
    good="Timeout 300",
)
def number_misread(server: Server) -> Iterator[Finding]:
    """A directive takes a whole number and has something else: httpd reads the digits that it begins with, 0 where it has none.

    It starts without a word: `Timeout 5m` is five seconds, `Timeout abc` none. (Tried with httpd 2.4.71.)
    """
    for placed in everywhere(server, *shared(server, NUMBERS)):
        for word in values(placed):
            is_word = word.lower() in _WORDS.get(placed.name, ())
            if not (is_word or "${" in word or _WHOLE.fullmatch(word)):
                begin = _BEGIN.match(word)
                number = int(begin[0]) if begin else 0
                message = f"`{written(placed)}` is read as {number}"
                fix = "write digits alone, without a unit, of the unit that httpd's manual has"
                yield Finding(placed.directive.place, message, fix)
