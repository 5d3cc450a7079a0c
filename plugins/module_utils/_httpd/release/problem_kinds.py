"""What can be wrong with what an inventory makes of a host."""

from __future__ import annotations

from ..syntax.problem import ProblemKind

_ROUTE_TEST = "a route test is there to stop a deployment; remove the test instead"

EMPTIED_INVENTORY = ProblemKind(
    "emptied-inventory",
    "error",
    """
    The list of virtual hosts is empty, and the host serves some: the run would remove them all.
    Mostly a file of variables wasn't found.

    Restore the list. If every site is to go, set `apache_allow_empty: true` for that run.
    """,
    never_silenced="the host would lose every site; `apache_allow_empty: true` allows that",
)
LARGE_REMOVAL = ProblemKind(
    "large-removal",
    "error",
    """
    More than a quarter of the virtual hosts that the host serves, three or more, are missing from
    the inventory, and would be removed. Mostly a file of variables wasn't found, or two runs share one
    `apache_owner`.

    Restore them. If they are to go, set `apache_allow_removal: true` for that run.
    """,
    never_silenced="the host would lose many sites; `apache_allow_removal: true` allows that",
)
EXPECT_FAILED = ProblemKind(
    "expect-failed",
    "error",
    """
    A route test (`expect`) isn't fulfilled by the rules: the request goes elsewhere. The message
    says where, and which rule takes it.

    Correct the rules, most often their order, or what the test expects.
    """,
    never_silenced=_ROUTE_TEST,
)
EXPECT_DEPENDS = ProblemKind(
    "expect-depends",
    "error",
    """
    A route test (`expect`) can't be decided by reading the configuration: it depends on a file, on
    the backend, on a directive that isn't modelled, or on something that only httpd knows.

    Add `live: true`, and the server is asked after the commit, which is undone if the answer is
    another one (a test that failed before the commit too is a warning, and undoes nothing); or
    `strict: true`, where a test that can't be decided is to refuse the run.
    """,
    milder="a warning where something in the request's way isn't known and the test isn't `strict`",
    never_silenced=_ROUTE_TEST,
)
PROXY_TO_ITSELF = ProblemKind(
    "proxy-to-itself",
    "error",
    """
    A rule's target is the server itself: its own address and port, or a name that one of its virtual
    hosts serves. One request goes round until every worker is taken (AH00484), the one of the proof
    too, and nothing answers any more.

    Write the backend's own address and port. A name that leads elsewhere inside your network
    (`/etc/hosts`, DNS) is better written as that address too.
    """,
    never_silenced="the first request would stop the whole server",
)
REDIRECT_LOOP = ProblemKind(
    "redirect-loop",
    "error",
    """
    A redirect leads back to itself: clients are sent to a URL that this server answers with the same
    redirect, until they give up ("too many redirects"). Mostly the target is the virtual host's own name
    and scheme, where another one was meant: `https://` instead of `http://`, or a name of another
    virtual host.

    Write where clients are to go. Where something in front of the server answers that URL, silence this
    with that reason.
    """,
)
SITE_LOST = ProblemKind(
    "site-lost",
    "error",
    """
    A site of the host's own would be answered by Gatehouse from now on: mostly a virtual host of
    yours has an address of its own (`10.0.0.5:80`) where that site has every address (`*:80`), and
    httpd looks for names among those of the closest address only. Or the main server is a site
    without any virtual host.

    Have yours listen where the other one does, or elsewhere. If it is to take the site's place, name
    it: `apache_takes_over: [old.example.com]`, with `'*'` for requests of names that nobody has.
    """,
    never_silenced="somebody else's site would go dark; `apache_takes_over` names what may be taken over",
)
VHOST_UNREACHABLE = ProblemKind(
    "vhost-unreachable",
    "error",
    """
    A virtual host isn't reached by one of its names, because another one comes first: by the same
    name, by a pattern (`ServerAlias *.example.com`), or by an address of its own.

    Take the name from one of the two, or give both the same addresses. Where it is meant to be so,
    name it: `apache_takes_over: [shop.example.com]`.
    """,
    milder="a warning where another address leads to it, and a site of the host's own has this one for itself",
    never_silenced="the virtual host would be live and never asked",
)
PORT_TAKEN = ProblemKind(
    "port-taken",
    "error",
    """
    Another process listens on an address that Apache is to open. `httpd -t` passes, and then httpd
    dies (AH00072).

    Stop the other process (`ss -ltnp` shows it), or write another port into `listen`.
    """,
    never_silenced="httpd would die of it",
)
ADDRESS_MISSING = ProblemKind(
    "address-missing",
    "error",
    """
    The host doesn't have an address of a virtual host. Where Apache is to listen on that address
    alone, `httpd -t` passes, and then httpd dies (AH00072). Where it listens on every address of the
    port, the virtual host is there and nobody reaches it.

    Correct `listen` (`ip -brief address` shows what the host has), or give the host the address. One
    that comes and goes (keepalived) needs the kernel's `net.ipv4.ip_nonlocal_bind` (for IPv6
    `net.ipv6.ip_nonlocal_bind`) set to 1, and nothing is said of it then.
    """,
    milder="a warning where httpd needn't open the address now: another `Listen` covers it, it is open, or the server is to be stopped",
    never_silenced="httpd would die of it, or nobody would reach the virtual host",
)
NAME_UNRESOLVED = ProblemKind(
    "name-unresolved",
    "error",
    """
    A virtual host has a name for an address (`listen: ["www.example.com:80"]`), and the host can't
    look it up. httpd passes such a virtual host over with a line in its log (AH00547), and another
    one answers its requests.

    Write the address itself, or `80` for every address. If it has to be the name, put it into
    `/etc/hosts`: httpd looks it up at every start, also when no name server answers.
    """,
    milder="a warning where the virtual host is live already",
    never_silenced="the virtual host would be live and never asked",
)
LOG_UNOPENABLE = ProblemKind(
    "log-unopenable",
    "error",
    """
    A log is no file that httpd can open: a directory, a FIFO or a socket, or a file in a directory that isn't there or that
    nobody can write to, by a link or not. Debian's Apache has a `/tmp` and a `/var/tmp` of its own
    (`PrivateTmp`), in which directories of the host don't exist. httpd doesn't start with such a log
    (AH00091, AH00649, AH02291, AH02297), waits for a FIFO's reader, and ends at a reload. Or a file of the system is there
    already (`/etc/passwd`, Apache's own configuration), into which it would write its lines.

    Name a file (`error_log: /var/log/apache2/shop.error.log`), and make its directory before the run. A program takes
    the lines in `extra_directives` (`ErrorLog "|/usr/bin/PROGRAM"`).
    """,
    never_silenced="httpd would die of it",
)
DIRECTORY_MISSING = ProblemKind(
    "directory-missing",
    "warning",
    """
    A directory that is served from disk (`document_root`, `aliases`) isn't there, or the unit of Apache hides it
    (`PrivateTmp`, `ProtectHome`, `InaccessiblePaths`). httpd starts, and answers 404 for all that is in it.

    Correct the path, or make the directory. Silence this where it comes after the run, with the application.
    """,
)
DIRECTORY_CLOSED = ProblemKind(
    "directory-closed",
    "warning",
    """
    httpd's children, `www-data` on Debian, may not enter a directory that is served from disk (`document_root`, `aliases`), or
    one above it, as /root with its mode 0700. httpd starts, and answers 403 for all that is in it.

    Serve what lies elsewhere, such as below /srv, or let them pass (`chmod o+x`). A directory with an access list of its own
    isn't reported.
    """,
)
PROOF_PORT_OPEN = ProblemKind(
    "proof-port-open",
    "warning",
    """
    Any process may open the port on which Apache says which release it serves
    (`apache_proof_port`): while Apache is down it could keep the port, and Apache wouldn't start.
    Only root may open ports below the kernel's `net.ipv4.ip_unprivileged_port_start`, 1024 unless
    somebody set it; engines of containers often set it to 0.

    Leave `apache_proof_port` out for 897, and set `net.ipv4.ip_unprivileged_port_start` above it
    where the host has less.
    """,
)
SHARED_BY_TWO_OWNERS = ProblemKind(
    "shared-by-two-owners",
    "error",
    """
    Two owners of one host (`apache_owner`) set a variable of the whole server, such as
    `apache_http2`, to different values. httpd would take the last one, without a word.

    Let one owner set it, or write the same in both.
    """,
    never_silenced="httpd would take one of the two values, and which one would be chance",
)
