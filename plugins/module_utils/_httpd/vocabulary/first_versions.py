"""The first httpd that knows a directive, where that isn't every 2.4."""

from __future__ import annotations

from .version import Version

OLDEST: Version = (2, 4, 47)  # that Gatehouse deploys to

# By lower-case name, from httpd's own "Compatibility" lines, CHANGES and tags.
NEW_DIRECTIVES: dict[str, Version] = {
    "sslvhostsnipolicy": (2, 4, 66),
    "h2maxstreamerrors": (2, 4, 66),
    "h2maxheaderblocklen": (2, 4, 64),
    "h2websockets": (2, 4, 58),
    "h2maxdataframelen": (2, 4, 58),
    "h2proxyrequests": (2, 4, 58),
    "h2earlyhint": (2, 4, 58),
    "h2streamtimeout": (2, 4, 55),
    "h2outputbuffering": (2, 4, 47),
    "h2padding": (2, 4, 39),
    "sslopensslconfcmd": (2, 4, 8),
    "regexdefaultoptions": (2, 4, 30),
    "readbuffersize": (2, 4, 27),
    "stricthostcheck": (2, 4, 49),
    "mergeslashes": (2, 4, 39),
}
