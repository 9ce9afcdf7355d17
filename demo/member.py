# SPDX-License-Identifier: LGPL-2.1-or-later
"""One of the six guests: what runs in it, where its memory is, and what it has cost so far."""

import re
import time

from harness import GuestDied
from pager_client import FAULT_KINDS


REMIND_S = 5


def waited_s(stats):
    """How long the guest waited for its pages, from a histogram whose buckets double."""
    return sum(count * 1.5 * 2 ** (i + 7) for kind in stats.latency for i, count in enumerate(kind)) / 1e9


class Member:
    def __init__(self, guest, number):
        self.guest = guest
        self.name = guest.name
        self.number = number
        self.stats = None
        self.vm = None
        self.rate = 0.0
        self.busy_s = self.busy_accesses = 0
        self.stopped_s = 0.0
        self.peaks = dict.fromkeys(("balloon", "compressed", "swapped"), 0)
        self._looked = None
        self._held = None
        self._working = []  # the programs of the time in which it is busy
        self._jobs = []
        self._reminded = 0

    # --- what runs in it ---

    def hold(self, mib, rate):
        self._held = self._start(f"--mib {mib} --rate {rate}")

    def _start(self, arguments):
        job = self.guest.start(f"pagecheck memory {arguments} --seed {10 * self.number + len(self._jobs)}")
        self._jobs.append(job)
        return job

    def holds(self):
        self._check()
        return self._held and any("filled=" in line for line in self._held.lines)

    def work(self, mib):
        """One more program that is busy with so much."""
        self._working.append(self._start(f"--mib {mib}"))

    def rest(self):
        """The busy programs compare all their pages and end."""
        for job in self._working:
            job.signal()
        self._working = []

    def busy(self):
        return bool(self._working)

    def end(self):
        self.rest()
        self._held.signal()
        self._reminded = time.monotonic()

    def over(self):
        self._check()
        running = [job for job in self._jobs if job.status is None]
        # A program that was just being started has not heard it.
        if running and time.monotonic() > self._reminded + REMIND_S:
            self._reminded = time.monotonic()
            for job in running:
                job.signal()
        return not running

    def _check(self):
        if self.guest.ended():
            raise GuestDied(f"{self.name}: QEMU ended\n{self.guest.last_words()}")

    # --- what is seen of it ---

    def look(self, vm):
        now = time.monotonic()
        self.vm = vm
        self.stats = self.guest.pager.get_stats()
        if self._looked and vm["stopped"]:
            self.stopped_s += now - self._looked
        self._looked = now
        for name, size in self.places().items():
            if name in self.peaks:
                self.peaks[name] = max(self.peaks[name], size)
        self._measure_rate()

    def _measure_rate(self):
        self.rate = self.busy_s = self.busy_accesses = 0
        for job in self._jobs:
            if job is self._held:
                continue
            reports = [re.search(r" t=([\d.]+) accesses=(\d+)", line) for line in job.lines]
            reports = [(float(match[1]), int(match[2])) for match in reports if match]
            if not reports:
                continue
            # The guest reports once a second, at its own beat; what it does now is in the last two.
            (then, before), (now, accesses) = (reports[-2] if len(reports) > 1 else (0.0, 0)), reports[-1]
            if job in self._working and now > then:
                self.rate += (accesses - before) / (now - then)
            # They start one after the other and end together.
            self.busy_s = max(self.busy_s, now)
            self.busy_accesses += accesses

    def places(self):
        """The guest's memory by where it is; in bytes, all of it."""
        stats = self.stats
        held = stats.resident_bytes + stats.parked_bytes
        shared = min(stats.shared_bytes, held)
        balloon = min(self.vm["balloon_bytes"], stats.absent_bytes)
        return {"private": held - shared, "shared": shared, "balloon": balloon,
                "compressed": stats.compressed_bytes + stats.same_bytes,
                "swapped": stats.swapped_bytes + stats.writing_bytes + stats.reading_bytes,
                "absent": stats.absent_bytes - balloon}

    def faults(self):
        return dict(zip(FAULT_KINDS, self.stats.faults, strict=True))

    def waited_s(self):
        return waited_s(self.stats)

    def checked(self):
        """(bytes compared, pages that were wrong, whether all its programs ended well)"""
        values = [job.values() for job in self._jobs]
        mismatches = sum(each.get("mismatches", 0) for each in values)
        checked = sum(each.get("checked", 0) for each in values) * 4096
        well = all(job.status == 0 for job in self._jobs) and all(each.get("checked", 0) for each in values)
        return checked, mismatches, well

    def complaints(self):
        console = self.guest.console.read_text(errors="replace")
        told = [line for job in self._jobs for line in job.lines if " mismatch " in line]
        told += [f"'{job.command}' ended with {job.status}" for job in self._jobs if job.status]
        told += [line.strip() for line in console.splitlines() if "Out of memory" in line]
        return [f"{self.name}: {line}" for line in told]

    def kernel_bytes(self):
        """What the kernel says of this QEMU: anonymous memory, by share where it is shared."""
        with open(f"/proc/{self.guest.pid}/smaps_rollup", encoding="ascii") as rollup:
            return int(re.search(r"^Pss_Anon:\s+(\d+) kB", rollup.read(), re.M)[1]) * 1024
