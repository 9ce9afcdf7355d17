# SPDX-License-Identifier: LGPL-2.1-or-later
"""Host memory of everything that a mode uses, looked at all the time."""

import threading
import time
from pathlib import Path

INTERVAL_S = 0.05
KSM_ITEM_BYTES = 64  # the kernel's record of a page that KSM has looked at; charged to nobody


def zram_bytes(device="zram0"):
    """What zram holds, its own records included."""
    return int(Path(f"/sys/block/{device}/mm_stat").read_text(encoding="ascii").split()[2])


def ksm_record_bytes(pids):
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/ksm_stat").read_text(encoding="ascii")
        except OSError:
            continue
        fields = dict(line.split()[:2] for line in text.splitlines() if line)
        total += int(fields.get("ksm_rmap_items", 0)) * KSM_ITEM_BYTES
    return total


class Meter:
    """Samples the sum of some sources from its beginning to end(), in a thread of its own."""

    def __init__(self, sources, slow_sources=()):
        self.samples = []  # (monotonic seconds, bytes)
        self.peak = 0
        self._sources = list(sources)
        self._slow_sources = list(slow_sources)  # these cost more and change slowly
        self._ended = threading.Event()
        self._failure = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        slow, slow_due = 0, 0.0
        try:
            while True:
                now = time.monotonic()
                if now >= slow_due:
                    slow, slow_due = sum(source() for source in self._slow_sources), now + 0.5
                used = slow + sum(source() for source in self._sources)
                self.samples.append((now, used))
                self.peak = max(self.peak, used)
                if self._ended.wait(INTERVAL_S):
                    return
        except Exception as error:  # told by end(): a thread has nobody to tell
            self._failure = error

    def longest_gap_s(self):
        """The longest time for which nobody looked."""
        times = [when for when, _ in self.samples]
        return max((b - a for a, b in zip(times, times[1:])), default=0.0)

    def mean_between(self, start, end):
        inside = [used for when, used in self.samples if start <= when <= end]
        return sum(inside) / len(inside) if inside else None

    def end(self):
        self._ended.set()
        self._thread.join(30)

    def check(self):
        if self._failure is not None:
            raise RuntimeError(f"host memory could not be read: {self._failure}")


def ksmd_cpu_seconds():
    """Processor time of the kernel's thread that looks for equal pages; None where there is none."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            if path.read_text(encoding="utf-8", errors="replace").strip() == "ksmd":
                fields = (path.parent / "schedstat").read_text(encoding="ascii").split()
                return int(fields[0]) / 1e9
        except OSError:
            continue
    return None
