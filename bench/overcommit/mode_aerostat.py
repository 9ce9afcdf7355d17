# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the guests are governed by aerostat in this benchmark. Everything that is its own is here.

A libvirtd of the benchmark's own starts the guests with the pager, and aerostatd governs them with
the budget as the host's memory. The memory cgroup has no limit and only counts, aerostatd's own
memory beside it; libvirtd's is not counted, for it belongs to no mode.
"""

import collections
import contextlib
import re
import threading
import time
from pathlib import Path

from cgroup import cgroup_path
from guests import ManagedWorkGuest
from harness import MIB, QEMU, Workspace, wait_until
from kernel_ksm import ksm_lock, wait_ksm_free
from managed import Daemon, Libvirt
from meter import ksm_record_bytes

NOTE = "aerostatd with Mem.HostMemoryMB = budget, balloons, KSM steered by it; its own memory counts"
SETTINGS = {
    "Mem.ShareScanGHz": 4,       # the default; the harness has it off
    "Mem.ShareForceSalting": 0,  # the guests are one tenant's
    "Mem.SamplePeriod": 1,       # roles of 10 s would not be seen in a minute
    "Mem.SamplePages": 400,      # of 131,072: a hundred say too little of so short a time
    "Mem.ShareScanTime": 10,     # minutes; 240 times faster where there is new memory
    "Mem.ShareRateMax": 65536,   # of each VM, so that it may
    "Mem.IdleTax": 95,           # 75, the default, leaves idle guests more than any other mode does
    "Mem.MinFreePct": 2,         # no other mode is made to keep memory free
}
OWN_MIB = 14  # of the budget: aerostatd's own memory, and the kernel's for the guests' processes
LOOK_EVERY_S = 0.5

# libvirt starts the guests, and a new process is in the cgroup of the one that made it.
EMULATOR = """\
#!/bin/sh
if [ -d '{cgroup}' ]; then
        echo $$ >'{cgroup}/cgroup.procs'
fi
exec {qemu} "$@"
"""


def _status_bytes(pid, names):
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return sum(int(value) * 1024 for value in re.findall(rf"^(?:{'|'.join(names)}):\s+(\d+) kB", text, re.M))


class Aerostat:
    """libvirtd for all runs, aerostatd anew for each."""

    name = "aerostat"
    uses_ksm = True
    note = NOTE

    def __init__(self):
        self._daemon = None

    @contextlib.contextmanager
    def host(self, workspace, guests_bytes):
        with ksm_lock(), Workspace() as own:
            wait_ksm_free()
            self._emulator = own.path / "emulator"
            self._emulator.write_text(EMULATOR.format(cgroup=cgroup_path(), qemu=QEMU), encoding="utf-8")
            self._emulator.chmod(0o755)
            self._libvirt = Libvirt(own)
            yield

    def start(self, workspace, cgroup, budget_bytes, expected_bytes):
        self._cgroup = cgroup
        self._guests = []
        self._looks = []
        self._filled = None
        self._ended = threading.Event()
        managed_mib = (budget_bytes or 2 * expected_bytes) // MIB - OWN_MIB
        self._daemon = Daemon(workspace, self._libvirt, {"Mem.HostMemoryMB": managed_mib, **SETTINGS})
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def new_guest(self, workspace, cgroup, image, name, memory_mib):
        guest = ManagedWorkGuest(workspace, self._libvirt, image, self._emulator, name, memory_mib)
        self._guests.append(guest)
        return guest

    def guests_up(self, guests):
        pass

    def guests_filled(self, guests):
        self._filled = time.monotonic()

    def hold_still(self):
        self._daemon.set(SamplePeriod=0)
        for guest in self._guests:
            wait_until(lambda guest=guest: guest.pager.get_stats().sample_period_ms == 0, 30, "sampling to end")

    def extra_bytes(self):
        return _status_bytes(self._daemon.process.pid, ("RssAnon", "VmPTE")) if self._daemon else 0

    def _look(self):
        """What aerostatd says, beside what the kernel counts."""
        while not self._ended.wait(LOOK_EVERY_S):
            try:
                host = self._daemon.host()
            except OSError:
                continue
            self._looks.append((time.monotonic(), host, self._cgroup.used_bytes(),
                                ksm_record_bytes([guest.pid for guest in list(self._guests)])))

    def facts(self):
        states = collections.Counter(host["state"] for _, host, _, _ in self._looks)
        # While memory is filled, the two looks are not of one moment.
        errors = [(host["consumed_bytes"] + host["overhead_bytes"]) / (charged + records) - 1
                  for when, host, charged, records in self._looks if self._filled and when > self._filled and charged]
        return {
            "states": states,
            "accounting": {"mean": sum(errors) / len(errors), "worst": max(errors, key=abs)} if errors else None,
            "events": self._daemon.events(), "vms": self._daemon.vms(),
            "looks": [[when, host["consumed_bytes"], host["overhead_bytes"], charged, records, host["state"]]
                      for when, host, charged, records in self._looks]}

    def end(self):
        if self._daemon is None:
            return
        self._ended.set()
        self._thread.join(30)
        # In order: it puts KSM back.
        daemon, self._daemon = self._daemon, None
        daemon.stop()
