"""HTTP/2 as its variable says it: limits of the whole server, and where it is spoken.

Limits are those that httpd 2.4.71 takes and works with (tried), https://httpd.apache.org/docs/2.4/mod/mod_http2.html.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...syntax.tree import NOWHERE, Place
from ...variables.fields import key
from ...variables.kinds import boolean, integer


@dataclass(frozen=True)
class Http2:
    """HTTP/2 towards clients. What is None is httpd's own."""

    enabled: bool = key(
        boolean(), "Speak HTTP/2 in every virtual host that has `ssl`.", default=True
    )
    cleartext: bool = key(
        boolean(),
        "Speak it without TLS too (h2c), in virtual hosts without `ssl`: for load balancers, browsers never do.",
        default=False,
    )
    websockets: bool = key(
        boolean(),
        "Take WebSockets over HTTP/2 (H2WebSockets), from httpd 2.4.58 on; else browsers open HTTP/1.1 for them.",
        default=True,
    )
    push: bool = key(
        boolean(),
        "Push what `Link: rel=preload` names (H2Push); off, since browsers gave it up and it only costs.",
        default=False,
    )
    early_hints: bool = key(
        boolean(),
        "Pass 103 answers of backends on over HTTP/2 (H2EarlyHints); off, since some clients take them for the final one.",
        default=False,
    )
    # 2147483647 is taken by httpd, and its children die of each connection.
    max_session_streams: int | None = key(
        integer(1, 1_000_000),
        "Most requests at once in one connection (H2MaxSessionStreams); httpd's own is 100.",
        default=None,
    )
    window_size: int | None = key(
        integer(1024),
        "Bytes of a request's body that may wait for its backend (H2WindowSize); httpd's own is 65535.",
        default=None,
    )
    min_workers: int | None = key(
        integer(1, 20_000),
        "Threads of each child for HTTP/2, at least (H2MinWorkers); httpd's own is ThreadsPerChild.",
        default=None,
    )
    max_workers: int | None = key(
        integer(1, 20_000),
        "The same, at most (H2MaxWorkers); httpd's own is half as many more. With fewer than min_workers no request works.",
        default=None,
    )
    max_worker_idle_seconds: int | None = key(
        integer(1, 86_400, unit="seconds"),
        "Seconds after which a thread beyond min_workers ends (H2MaxWorkerIdleSeconds); httpd's own is 600.",
        default=None,
    )
    stream_max_mem_size: int | None = key(
        integer(1024),
        "Bytes of an answer that are kept for a slow client (H2StreamMaxMemSize); httpd's own is 32768.",
        default=None,
    )
    stream_timeout: int | None = key(
        integer(1, 86_400, unit="seconds"),
        "Seconds without data after which one request fails (H2StreamTimeout), from httpd 2.4.55 on; else Timeout's.",
        default=None,
    )
    max_header_block_len: int | None = key(
        # With less than this not even an error's headers pass.
        integer(1024),
        "Bytes of an answer's headers (H2MaxHeaderBlockLen), from httpd 2.4.64 on; 65536 without it, as before.",
        default=None,
    )
    max_stream_errors: int | None = key(
        integer(0),
        "Errors of a client after which its connection is closed (H2MaxStreamErrors), from httpd 2.4.66 on.",
        default=None,
    )
    max_data_frame_len: int | None = key(
        integer(0),
        "Bytes of one DATA frame (H2MaxDataFrameLen), from httpd 2.4.58 on; 0 is as many as the protocol allows.",
        default=None,
    )
    output_buffering: bool | None = key(
        boolean(),
        "Gather small pieces of an answer (H2OutputBuffering); false for event streams that mustn't wait.",
        default=None,
    )
    tls_warm_up_size: int | None = key(
        integer(0),
        "Bytes that go out in small TLS records at first (H2TLSWarmUpSize); httpd's own is 1048576.",
        default=None,
    )
    tls_cool_down_secs: int | None = key(
        integer(0, 86_400, unit="seconds"),
        "Idle seconds after which records are small again (H2TLSCoolDownSecs); httpd's own is 1.",
        default=None,
    )
    place: Place = field(default=NOWHERE, compare=False)
