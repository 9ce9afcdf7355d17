# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests that run workload: roles go in over a virtio port, and what it did comes out with times."""

import bisect
import collections
import re
import socket
import threading
import time

from harness import SANDBOX, Guest, HarnessError, wait_until
from managed import ManagedGuest

TB_SIZE_MIB = 16  # the guest runs little code; a larger cache is only memory that no mode can save
PORT_PATTERN = "/dev/vport*p1"


class WrongBytes(Exception):
    """A guest found memory that is not what it had written."""


class Histogram:
    """Latencies as histogram.c counts them."""

    def __init__(self):
        self.counts = collections.Counter()
        self.worst_ns = 0

    def add(self, other):
        self.counts.update(other.counts)
        self.worst_ns = max(self.worst_ns, other.worst_ns)

    @staticmethod
    def bound_ns(bucket):
        """Where the bucket ends."""
        bucket += 1
        return bucket if bucket < 32 else (16 + bucket % 16) << (bucket // 16 - 1)

    def total(self):
        return sum(self.counts.values())

    def quantile_us(self, part):
        """No more than this part of the accesses took longer; None without accesses."""
        left = part * self.total()
        for bucket in sorted(self.counts):
            left -= self.counts[bucket]
            if left <= 0:
                return min(self.bound_ns(bucket), self.worst_ns or self.bound_ns(bucket)) / 1e3
        return None


class Role:
    """A role that a guest was given, and what it has reported about it."""

    def __init__(self, kind, sent):
        self.kind = kind
        self.sent = sent
        self.times, self.counts = [sent], [0]  # of the reports
        self.histogram = Histogram()
        self.accesses = self.reads = self.writes = self.missed = 0
        self.over = False

    def accesses_at(self, when):
        """How many accesses it had made by then; between two reports as if evenly."""
        i = bisect.bisect_right(self.times, when)
        if i == 0:
            return 0
        if i == len(self.times):
            return self.counts[-1]
        part = (when - self.times[i - 1]) / (self.times[i] - self.times[i - 1])
        return self.counts[i - 1] + part * (self.counts[i] - self.counts[i - 1])

    def rate(self, start, end):
        """Accesses a second between two times counted from when the role was given."""
        return (self.accesses_at(self.sent + end) - self.accesses_at(self.sent + start)) / (end - start)


class _Work:
    """A guest that boots while others do, not ready before start_work(), and then works."""

    def _open_port(self, workspace, name):
        """Before QEMU starts: connected from the start, for workload's first line may be the first there is."""
        self._booting = True
        self.roles = {}
        self.mismatches = 0
        self.complaints = []
        self.filled = False
        self.ended = None
        self._port_closed = False
        path = workspace.path / f"{name}.work"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(1)
        listener.settimeout(30)
        return path, listener

    def _take_port(self, workspace, listener):
        self._port, _ = listener.accept()
        self._booting = False
        workspace.on_close(self._port.close)
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_ready(self, timeout=120):
        if not self._booting:
            super().wait_ready(timeout)

    def start_work(self, mib, seed):
        self.wait_ready()
        self.work = self.start(f"sh -c 'exec workload {PORT_PATTERN} {mib} {seed}'")

    def wait_filled(self, timeout):
        self._wait_port(lambda: self.filled, timeout, "its memory to be filled")

    def give(self, kind, *values):
        """Another role from now on."""
        number = len(self.roles) + 1
        role = self.roles[number] = Role(kind, time.monotonic())
        self._port.sendall(" ".join(["role", str(number), kind, *map(str, values)]).encode() + b"\n")
        return role

    def end_work(self, seconds):
        """Has workload end after a last check of as much as seconds allow; see wait_ended()."""
        self._port.sendall(f"end {seconds}\n".encode())

    def wait_ended(self, timeout):
        self._wait_port(lambda: self.ended, timeout, "the last check")
        self.check()

    def check(self):
        if self.mismatches:
            raise WrongBytes(f"{self.name}: {self.mismatches} wrong pages\n" + "\n".join(self.complaints[:10]))
        if self.complaints:
            raise WrongBytes(f"{self.name}: " + "\n".join(self.complaints[:10]))

    def _wait_port(self, condition, timeout, what):
        def reached():
            if condition():
                return True
            if self._port_closed or self.process.poll() is not None:
                raise self._died()
            # One that ended well has said so; that comes another way and may come later.
            if self.work.status:
                self.check()
                raise HarnessError(f"{self.name}: workload ended with status {self.work.status}: "
                                   f"{self.work.output().strip() or 'without a word'}")
            return False
        wait_until(reached, timeout, f"{what} in {self.name}", interval=0.02)

    def _listen(self):
        partial = b""
        while True:
            try:
                data = self._port.recv(65536)
            except OSError:
                data = b""
            if not data:
                self._port_closed = True
                return
            now = time.monotonic()
            *lines, partial = (partial + data).split(b"\n")
            for line in lines:
                self._take(line.decode(errors="replace"), now)

    def _take(self, line, now):
        words = line.split()
        role = self.roles.get(int(words[1])) if len(words) > 1 and words[1].isdigit() else None
        match words[:1]:
            case ["filled"]:
                self.filled = True
            case ["role"] if role:
                role.times.append(now)
                role.counts.append(0)
            case ["progress"] if role:
                role.times.append(now)
                role.counts.append(int(words[2]))
                self.mismatches = int(words[3])
            case ["histogram"] if role:
                role.histogram.counts.update({int(a): int(b) for a, b in re.findall(r"(\d+):(\d+)", line)})
            case ["worst"] if role:
                role.histogram.worst_ns = int(words[2])
            case ["over"] if role:
                role.accesses, role.reads, role.writes, role.missed = map(int, words[2:6])
                role.times.append(now)
                role.counts.append(role.accesses)
                role.over = True
            case ["end"]:
                self.mismatches = int(words[3])
                self.ended = {"checked": int(words[1]), "accesses": int(words[2])}
            case _ if words:
                self.complaints.append(line)


class WorkGuest(_Work, Guest):
    """Started by the benchmark itself, with the system call filter that libvirt's have, which costs a part."""

    def __init__(self, workspace, image, cgroup, name, memory_mib):
        path, listener = self._open_port(workspace, name)
        with listener:
            super().__init__(
                workspace, memory_mib=memory_mib, cpus=1, image=image, tb_size_mib=TB_SIZE_MIB, name=name,
                wrapper=cgroup.wrapper(), arguments=[
                    *SANDBOX, "-device", "virtio-serial-pci", "-chardev", f"socket,id=work,path={path}",
                    "-device", "virtserialport,chardev=work,name=workload"])
            self._take_port(workspace, listener)

    def stop(self):
        self.qmp("stop")

    def go_on(self):
        self.qmp("cont")


PORT_DEVICE = """\
<channel type='unix'><source mode='connect' path='{path}'/><target type='virtio' name='workload'/></channel>
"""


class ManagedWorkGuest(_Work, ManagedGuest):
    """Started by libvirt, with the pager."""

    def __init__(self, workspace, libvirt, image, emulator, name, memory_mib, environment=None):
        path, listener = self._open_port(workspace, name)
        with listener:
            super().__init__(
                workspace, libvirt, name, memory_mib=memory_mib, image=image, emulator=emulator,
                translation_cache_mib=TB_SIZE_MIB, environment=environment, devices=PORT_DEVICE.format(path=path))
            self._take_port(workspace, listener)

    def stop(self):
        self.libvirt.virsh("suspend", self.name)

    def go_on(self):
        self.libvirt.virsh("resume", self.name)
