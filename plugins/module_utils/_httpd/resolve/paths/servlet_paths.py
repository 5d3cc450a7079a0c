"""How mapping=servlet reads a path: path parameters (`;a=b`) are no part of it.

https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#mapping
"""

from __future__ import annotations


def servlet_match(path: str, prefix: str) -> tuple[str, int]:
    """Return `path` without parameters and dot segments, and how much of the raw path `prefix` takes; 0 for no match."""
    names: list[str] = []
    starts: list[int] = []
    at = first = 1
    for segment in path.split("/")[1:]:
        name = segment.partition(";")[0]
        if name == "..":
            if not names:
                return "", 0
            del names[-1], starts[-1]
            first = 0
        elif name not in ("", "."):
            names.append(name)
            # Segments of nothing but parameters belong to the next one.
            starts.append(_behind_slashes(path, first) if first else at)
            first = at + len(segment) + 1
        at += len(segment) + 1
    wanted = [name for name in prefix.split("/") if name]
    last = path.rpartition("/")[2].partition(";")[0]
    is_directory = last in ("", ".", "..")
    normal = "/" + "/".join(names) + ("/" if names and is_directory else "")
    if names[: len(wanted)] != wanted or (len(normal) < len(prefix) and prefix.endswith("/")):
        return "", 0
    return normal, _taken(path, prefix, starts, len(wanted))


def _taken(path: str, prefix: str, starts: list[int], depth: int) -> int:
    """Return how much of the raw path a prefix of so many segments takes."""
    at = starts[depth] if depth < len(starts) else len(path)
    if prefix.endswith("/"):
        return at
    if depth and depth < len(starts):
        begin = starts[depth - 1]
        segment = path[begin:].partition("/")[0]
        if ";" in segment:
            # What follows the last segment goes on with its parameters.
            return begin + segment.index(";")
    return at - 1 if path[at - 1] == "/" else at


def _behind_slashes(path: str, at: int) -> int:
    while path[at : at + 1] == "/":
        at += 1
    return at
