# SPDX-License-Identifier: LGPL-2.1-or-later
"""A memory cgroup for the guests of one run, by version 2 of the interface or by version 1.

Nothing is mounted: where a host has the memory controller, one of them is there already.
"""

import os
import re
import time
from pathlib import Path

from kernel_swap import Unavailable

PREFIX = "aerostat-bench-"


def _mounts():
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, path, kind, options, *_ = line.split()
        yield Path(path), kind, options.split(",")


def _own_path(controller):
    """This process's cgroup in the hierarchy of a version 1 controller."""
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return path.lstrip("/")
    return ""


class Cgroup:
    """Made by make_cgroup(); gone after close(), when the processes in it have ended."""

    def __init__(self, path, version):
        self.path = path
        self.version = version
        self.limit_name = "memory.max" if version == 2 else "memory.limit_in_bytes"
        self._usage = path / ("memory.current" if version == 2 else "memory.usage_in_bytes")

    def wrapper(self):
        """What to put before a command for it to start inside."""
        return ["sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', str(self.path)]

    def set_limit(self, limit_bytes):
        """False when the kernel could not bring the usage down to it now."""
        if self.version == 2:
            # Taken back first: memory.max kills where it cannot reclaim.
            excess = int(self._usage.read_text(encoding="ascii")) - limit_bytes
            try:
                if excess > 0:
                    (self.path / "memory.reclaim").write_text(str(excess), encoding="ascii")
            except OSError:
                return False
        try:
            (self.path / self.limit_name).write_text(str(limit_bytes), encoding="ascii")
        except OSError:
            return False
        return True

    def used_bytes(self):
        """All that is charged, kernel memory too, but for files' clean cache, which costs nobody."""
        usage = int(self._usage.read_text(encoding="ascii"))
        stat = (self.path / "memory.stat").read_text(encoding="ascii")
        files = sum(map(int, re.findall(r"^(?:in)?active_file (\d+)", stat, re.M)))
        return max(0, usage - files)

    def close(self):
        deadline = time.monotonic() + 10
        while self.path.exists():
            try:
                self.path.rmdir()
            except OSError:
                # The kernel takes a moment to let go of processes that have ended.
                if time.monotonic() > deadline:
                    return
                time.sleep(0.05)


def _remove_abandoned(parent):
    for path in parent.glob(f"{PREFIX}*"):
        if not Path(f"/proc/{path.name.removeprefix(PREFIX)}").exists():
            try:
                path.rmdir()
            except OSError:
                pass


def _parent():
    """Where this process may make one, and the version of the interface."""
    for path, kind, options in _mounts():
        if kind == "cgroup2" and "memory" in (path / "cgroup.controllers").read_text(encoding="ascii").split():
            # Below the top: a group with processes of its own may have no children with controllers.
            control = path / "cgroup.subtree_control"
            if "memory" not in control.read_text(encoding="ascii").split():
                raise Unavailable(f"the memory controller is off; echo +memory >{control}")
            return path, 2
        if kind == "cgroup" and "memory" in options:
            return path / _own_path("memory"), 1
    raise Unavailable("no cgroup hierarchy with a memory controller is mounted")


def cgroup_path():
    """Where make_cgroup() makes it."""
    return _parent()[0] / f"{PREFIX}{os.getpid()}"


def make_cgroup():
    """A new memory cgroup, by whichever version has the controller."""
    parent, version = _parent()
    _remove_abandoned(parent)
    path = cgroup_path()
    try:
        path.mkdir()
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}; only root can make one") from error
    return Cgroup(path, version)
