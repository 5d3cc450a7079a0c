"""The program of the shadow's unit: starts httpd apart from the live one, asks it, and prints one JSON verdict.

It runs on its own (`python3 -I probe.py ARGUMENTS.json`), so it imports nothing of ours. Verdicts: `started`, `refused`
with httpd's words, `syntax-only` where the unit isn't isolated and only `-t` was asked, `unknown` where nothing was.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import glob
import http.client
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from typing import Any

SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR = 0x8913, 0x8914, 0x8916
IFF_UP = 1
LOOPBACK_INDEX = 1
MS_BIND, MS_REC = 0x1000, 0x4000


def main() -> None:
    """Read the arguments, try, say."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        arguments = json.load(stream)
    sys.stdout.write(f"{json.dumps(verdict(arguments))}\n")


def verdict(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return what a start of the staged configuration comes to."""
    if not has_own_files(arguments):
        reason = "the unit sees the live configuration"
        return {"verdict": "unknown", "isolated": False, "reason": reason}
    try:
        make_log_directories(arguments)
        make_directories(arguments)
    except OSError as error:
        reason = f"the unit can't have logs of its own: {error}"
        return {"verdict": "unknown", "isolated": False, "reason": reason}
    reason = network_fault(arguments)
    if reason:
        answer = run_httpd(arguments, "-t")
        return {
            "verdict": "syntax-only" if answer.returncode == 0 else "refused",
            "isolated": False,
            "reason": reason,
            "words": words(answer.stderr),
        }
    allow_addresses(arguments["addresses"])
    return start(arguments)


def has_own_files(arguments: dict[str, Any]) -> bool:
    """Tell whether the configuration root is the staged copy."""
    return os.path.exists(os.path.join(arguments["config_root"], arguments["mark"]))


def make_log_directories(arguments: dict[str, Any]) -> None:
    """Give httpd empty logs: in file systems of the unit's own, or in a layer over a live directory."""
    for directory in arguments["log_directories"]:
        os.makedirs(directory, exist_ok=True)
    layered = arguments["layered"]
    if not layered:
        return
    # A layer's own files mustn't lie below what it is laid over, and that may be /run.
    os.makedirs(arguments["layer"])
    mount("tmpfs", arguments["layer"], kind="tmpfs", options="mode=0700")
    # Inner before outer: each lies over the live directory itself then, and the kernel stacks two layers at most.
    for number, directory in enumerate(sorted(layered, reverse=True)):
        lay_over(directory, layered[directory], f"{arguments['layer']}/{number}")


def make_directories(arguments: dict[str, Any]) -> None:
    """Give httpd's children empty directories to write to, in file systems of the unit's own."""
    for directory in arguments["directories"]:
        os.makedirs(directory, exist_ok=True)
        shutil.chown(directory, *arguments["children"])


def lay_over(directory: str, logs: list[str], layer: str) -> None:
    """Lay a writable layer over a directory, in this unit's mount namespace. Raises OSError.

    What is mounted below it is there afterwards too, and its logs aren't.
    """
    for name in ("upper", "work", "root"):
        os.makedirs(f"{layer}/{name}")
    owner = os.stat(directory)
    os.chown(f"{layer}/upper", owner.st_uid, owner.st_gid)
    os.chmod(f"{layer}/upper", owner.st_mode & 0o7777)
    # A mount over / changes no process's root.
    root = f"{layer}/root" if directory == "/" else directory
    paths = [os.path.join(directory, log) for log in logs]
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as stream:
        held = held_mounts(mounts_below(directory, stream.read()), without=paths)
    # Its name may hold what parts the options.
    os.chdir(directory)
    options = f"lowerdir=.,upperdir={layer}/upper,workdir={layer}/work"
    mount("overlay", root, kind="overlay", options=options)
    for path, descriptor in held.items():
        below = f"{root.rstrip('/')}/{os.path.relpath(path, directory)}"
        mount(f"/proc/self/fd/{descriptor}", below, flags=MS_BIND | MS_REC)
        os.close(descriptor)
    if directory == "/":
        os.chroot(root)
    os.chdir("/")
    for path in paths:
        # In the layer only; the first write to the old file would copy it whole.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def held_mounts(paths: list[str], *, without: list[str]) -> dict[str, int]:
    """Return descriptors of what is mounted there; another mount may hide one."""
    held = {}
    for path in paths:
        if path not in without:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                held[path] = os.open(path, os.O_PATH)
    return held


def mounts_below(directory: str, mountinfo: str) -> list[str]:
    """Return the outermost mount points below a directory, of a text as /proc/self/mountinfo has it."""
    above = f"{directory.rstrip('/')}/"
    fields = (line.split(" ") for line in mountinfo.splitlines())
    points = {unescaped(each[4]) for each in fields if len(each) > 4}
    outermost: list[str] = []
    for point in sorted(points, key=lambda path: path.split("/")):
        is_below = point.startswith(above) and point != above
        if is_below and not (outermost and point.startswith(f"{outermost[-1]}/")):
            outermost.append(point)
    return outermost


def unescaped(field: str) -> str:
    """Return a path that /proc/self/mountinfo has written with octal digits for blanks."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def mount(source: str, target: str, *, kind: str = "", options: str = "", flags: int = 0) -> None:
    """Mount as mount(2) does. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = (os.fsencode(each) for each in (source, target, kind))
    if libc.mount(*names, ctypes.c_ulong(flags), os.fsencode(options)):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), target)


def network_fault(arguments: dict[str, Any]) -> str:
    """Say why httpd must not, or can't, be started in this network; nothing where it can.

    systemd can fail open: without the right to make networks it runs the unit in the live server's.
    """
    if os.readlink("/proc/self/ns/net") in arguments["live_networks"]:
        return "the unit shares the live server's network, so httpd was asked for its syntax only"
    try:
        bring_up_loopback()
    except OSError as error:
        return f"the unit's loopback stays down ({error}), so httpd was asked for its syntax only"
    return ""


def bring_up_loopback() -> None:
    """Set `lo` up; systemd leaves it down where it couldn't."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(control, SIOCGIFFLAGS, request)[:18])[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


def allow_addresses(addresses: list[str]) -> None:
    """Let httpd bind addresses of the real network: all of them by sysctl, else each on `lo`."""
    try:
        for family in ("ipv4", "ipv6"):
            with open(f"/proc/sys/net/{family}/ip_nonlocal_bind", "w", encoding="ascii") as stream:
                stream.write("1")
    except OSError:
        for number, address in enumerate(addresses):
            add_address(address, number)


def add_address(address: str, number: int) -> None:
    """Give `lo` an address; one that it can't have shows when httpd binds it."""
    try:
        if ":" in address:
            packed = socket.inet_pton(socket.AF_INET6, address)
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as control:
                fcntl.ioctl(control, SIOCSIFADDR, struct.pack("16sIi", packed, 128, LOOPBACK_INDEX))
        else:
            packed = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
                fcntl.ioctl(
                    control, SIOCSIFADDR, struct.pack("16s16s", f"lo:{number}".encode(), packed)
                )
    except OSError as error:
        sys.stderr.write(f"lo takes no {address}: {error}\n")


def command(arguments: dict[str, Any], *options: str) -> list[str]:
    """Return the command that starts httpd as the distribution does, but in the foreground."""
    script = f"""
        envvars=$1; shift
        if [ -e "$envvars" ]; then . "$envvars"; fi
        {arguments["prologue"]}
        for directory in "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR"; do
            [ -z "$directory" ] || mkdir -p "$directory"
        done
        exec "$@" $APACHE_ARGUMENTS
    """
    return ["/bin/sh", "-c", script, "sh", arguments["envvars"], arguments["binary"], *options]


def run_httpd(arguments: dict[str, Any], option: str) -> subprocess.CompletedProcess[str]:
    """Run httpd to its end."""
    return subprocess.run(
        command(arguments, option), capture_output=True, text=True, timeout=60, check=False
    )


def start(arguments: dict[str, Any]) -> dict[str, Any]:
    """Start httpd, wait until it answers the release's digest, and stop it."""
    begun = time.monotonic()
    with subprocess.Popen(
        command(arguments, "-DFOREGROUND"),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        # A parent of mpm_prefork ends its whole group.
        start_new_session=True,
    ) as httpd:
        deadline = begun + arguments["patience"]
        while httpd.poll() is None and time.monotonic() < deadline:
            if answered(arguments["port"]) == arguments["expected"]:
                break
            time.sleep(0.02)
        seconds = time.monotonic() - begun
        alive = httpd.poll() is None
        answer = answered(arguments["port"]) if alive else ""
        child = child_memory(httpd.pid)
        httpd.send_signal(signal.SIGTERM)
        try:
            stderr = httpd.communicate(timeout=10)[1]
        except subprocess.TimeoutExpired:
            httpd.kill()
            stderr = httpd.communicate()[1]
    said = [*words(stderr), *words(serious(error_logs(arguments)))]
    if alive and answer == arguments["expected"]:
        return {
            "verdict": "started",
            "isolated": True,
            "seconds": round(seconds, 2),
            "words": said,
            "child": child,
        }
    reason = "httpd ended" if not alive else f"httpd runs but answers {answer!r} for the release"
    return {"verdict": "refused", "isolated": True, "reason": reason, "words": said}


def child_memory(parent: int) -> int:
    """Return the bytes that the heaviest child has for itself; 0 where nobody may look."""
    found = [0]
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            with open(path, encoding="utf-8", errors="replace") as stream:
                fields = stream.read().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                with open(f"{os.path.dirname(path)}/smaps_rollup", encoding="ascii") as stream:
                    sizes = re.findall(r"^Private_\w+:\s+([0-9]+) kB$", stream.read(), re.MULTILINE)
                found.append(1024 * sum(map(int, sizes)))
    return max(found)


def answered(port: int) -> str:
    """Return what the proof port answers; an empty text where it doesn't."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read(200).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


def error_logs(arguments: dict[str, Any]) -> str:
    """Return what the shadow logged; its log directories are its own."""
    texts = []
    own = [*arguments["log_directories"], *glob.glob(f"{arguments['layer']}/*/upper")]
    for directory in own:
        for name in sorted(os.listdir(directory)):
            path = os.path.join(directory, name)
            if os.path.isfile(path):
                with open(path, encoding="utf-8", errors="replace") as stream:
                    texts.append(stream.read(20_000))
    return "\n".join(texts)


def words(text: str) -> list[str]:
    """Return what httpd printed, each line once, without what it says on every start."""
    quiet = (
        "AH00558",
        "AH00489",
        "AH00094",
        "AH00491",
        "AH00163",
        "Syntax OK",
        "AH00014",
        "AH00015",
    )
    lines = (line.strip() for line in text.splitlines())
    chosen = (line for line in lines if line and not any(code in line for code in quiet))
    return list(dict.fromkeys(chosen))[:20]


def serious(log: str) -> str:
    """Return a log's lines that may explain a refusal; those of a start have no level: `(21)Is a directory: AH00091`."""
    pattern = r"^\(|:(?:emerg|alert|crit|error|warn)\]"
    return "\n".join(line for line in log.splitlines() if re.search(pattern, line))


if __name__ == "__main__":
    main()
