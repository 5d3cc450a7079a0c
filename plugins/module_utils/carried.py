# Copyright: (c) 2026, The Gatehouse engineers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs what a module asks of the core, which the controller has carried to the host.

It lies in root's own directory, on no disk, and by the digest of its files, so Python compiles it once. See
`plugin_utils/core_carrier.py`.
"""

from __future__ import annotations

import contextlib
import gc
import glob
import hashlib
import importlib
import os
import shutil
import stat
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ._host.machine.file_kinds import is_directory, regular
from ._host.machine.files import private_directory, set_obstacle_aside
from ._host.machine.privileges import missing_root

RUNTIME = "/run/gatehouse"
PACKAGE = "gatehouse_core"
OPTIONS: dict[str, dict[str, Any]] = {"core": {"type": "str"}, "core_src": {"type": "path"}}
_DRAFT = ".core-"
KEPT = 2  # cores: two versions of Gatehouse may take turns
AGE = 3600  # seconds: what hasn't changed for so long, no run is unpacking or using any more


def run_carried(module: AnsibleModule, request: str, *, task: str) -> None:
    """Have the core answer a module's request (`_host/requests`), and end; `task` names it to whoever isn't root."""
    # The process ends in seconds; walking a thousand virtual hosts for cycles would be a tenth of them.
    gc.disable()
    missing = missing_root(task)
    if missing:
        module.fail_json(msg=missing)
    digest = module.params["core"]
    if not digest:
        module.fail_json(msg="only the action plugin of the same name can run this module")
    source = module.params["core_src"]
    in_the_way = ""
    try:
        # What this run says before it has a core, nobody hears.
        in_the_way = set_obstacle_aside(RUNTIME) if source else ""
        found = carried(digest, source) if source or is_directory(RUNTIME) else ""
    except OSError as error:
        module.fail_json(msg=f"the core can't be kept in {RUNTIME}: {error}")
    if in_the_way:
        module.warn(in_the_way)
    if not found:
        module.exit_json(changed=False, needs_core=True)
    asked = {**module.params, "check_mode": module.check_mode, "with_diff": module._diff}
    answer = _answer_of(found, request)(asked)
    for warning in answer.pop("warnings", ()):
        module.warn(warning)
    if answer.get("failed"):
        module.fail_json(**answer)
    if module.params["state"] == "absent" and not module.check_mode:
        _put_away(found)
    module.exit_json(**answer)


def _answer_of(directory: str, request: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what answers a request; bytecode that a full disk cut off is compiled anew."""
    sys.path.insert(0, directory)
    name = f"{PACKAGE}._host.requests.{request}"
    try:
        found = importlib.import_module(name)
    # What Python says of damaged bytecode depends on where it is damaged.
    except Exception:
        for path in glob.glob(f"{glob.escape(directory)}/**/__pycache__", recursive=True):
            shutil.rmtree(path, ignore_errors=True)
        for loaded in [one for one in sys.modules if one.partition(".")[0] == PACKAGE]:
            del sys.modules[loaded]
        importlib.invalidate_caches()
        sys.dont_write_bytecode = True
        found = importlib.import_module(name)
    answer: Callable[[dict[str, Any]], dict[str, Any]] = found.answer
    return answer


def carried(digest: str, source: str | None, *, runtime: str = RUNTIME) -> str:
    """Return the directory where the core of a digest lies, unpacked from a zip if there is one; empty where it lies nowhere.

    Raises OSError, also where the zip isn't of that digest.
    """
    directory = os.path.join(private_directory(runtime), f"core-{os.path.basename(digest)}")
    if source and not _is_whole(directory, digest):
        _unpack(source, directory, digest)
        _sweep(runtime, directory)
    return directory if _is_whole(directory, digest) else ""


def _is_whole(directory: str, digest: str) -> bool:
    """Tell whether a core is there, nobody else's, and says what it said when it came."""
    package = os.path.join(directory, PACKAGE)
    try:
        found = os.lstat(directory)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return False
        files = {}
        for path in glob.glob(f"{glob.escape(package)}/*/**/*.py", recursive=True):
            with open(path, "rb", opener=regular) as stream:
                files[os.path.relpath(path, package)] = stream.read()
    except OSError:
        return False
    return digest_of(files) == digest


def _unpack(source: str, directory: str, digest: str) -> None:
    """Unpack under a name of its own, and rename: whoever finds a core finds it whole."""
    new = tempfile.mkdtemp(prefix=_DRAFT, dir=os.path.dirname(directory))
    try:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(os.path.join(new, PACKAGE))
        with open(os.path.join(new, PACKAGE, "__init__.py"), "w", encoding="utf-8"):
            pass
        if not _is_whole(new, digest):
            raise OSError(f"{source} isn't what the controller sent")
        # Another run may have been faster; whatever else is in the way is no core.
        if not _is_whole(directory, digest):
            _put_away(directory)
            os.rename(new, directory)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def digest_of(files: dict[str, bytes]) -> str:
    """Return the digest of files by name."""
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name} {len(content)}\n".encode() + content)
    return whole.hexdigest()[:32]


def _put_away(path: str) -> None:
    """Remove what lies at a path, which nobody finds half removed."""
    if not os.path.lexists(path):
        return
    aside = tempfile.mkdtemp(prefix=_DRAFT, dir=os.path.dirname(path))
    os.rename(path, os.path.join(aside, "core"))
    shutil.rmtree(aside, ignore_errors=True)


def _sweep(runtime: str, kept: str) -> None:
    """Remove the cores that were brought before the last few, and what a killed run left."""
    paths = [os.path.join(runtime, name) for name in os.listdir(runtime)]
    others = [path for path in paths if path != kept and path.startswith(f"{runtime}/core-")]
    drafts = [path for path in paths if path.startswith(f"{runtime}/{_DRAFT}")]
    others.sort(key=_time, reverse=True)
    for path in (*others[KEPT - 1 :], *drafts):
        with contextlib.suppress(OSError):
            if time.time() - _time(path) > AGE:
                _put_away(path)


def _time(path: str) -> float:
    """Return when a path was changed, a link itself; 0 where it is gone by now."""
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return 0
