# SPDX-License-Identifier: LGPL-2.1-or-later
"""The modes that are compared: what the kernel has, as well as it can be set up, and aerostat.

A mode is turned on once for all its runs (`host`), and then governs one set of guests at a time.
"""

import contextlib
import threading
import time
from pathlib import Path

from guests import WorkGuest
from harness import MIB, Undisturbed
from kernel_ksm import ksm_on
from kernel_swap import Unavailable, file_swap, swaps, zram_swap
from meter import ksm_record_bytes, zram_bytes
from mode_aerostat import Aerostat

SWAP_PATIENCE_S = 60
PAGE_CLUSTER = Path("/proc/sys/vm/page-cluster")
# What ksmtuned gives KSM when memory is short, twice a scan less often: 60,000 pages a second.
KSM_PAGES_TO_SCAN, KSM_SLEEP_MS = 1250, 20


class Mode:
    """No limit."""

    name = "free"
    uses_ksm = False
    note = ""

    @contextlib.contextmanager
    def host(self, workspace, guests_bytes):
        yield

    def start(self, workspace, cgroup, budget_bytes, expected_bytes):
        """Before the guests start. A budget of None: they may have all their memory.

        expected_bytes: what they take without a limit.
        """

    def new_guest(self, workspace, cgroup, image, name, memory_mib):
        return WorkGuest(workspace, image, cgroup, name, memory_mib)

    def guests_up(self, guests):
        """When they have booted, before they fill their memory."""

    def guests_filled(self, guests):
        """When their memory is full, before they are given roles."""

    def hold_still(self):
        """Moves no page from now on: their memory is about to be compared."""

    def end(self):
        """Before they end; also when they failed."""

    def extra_bytes(self):
        """Host memory used outside the guests' cgroup."""
        return 0

    def facts(self):
        """What it knows of its own work in this run, for the results."""
        return {}


class Swap(Mode):
    """Memory cgroup with the budget as its limit, swap file on disk."""

    name = "swap"

    @contextlib.contextmanager
    def host(self, workspace, guests_bytes):
        no_other_swap()
        with file_swap(workspace.path, 2 * guests_bytes):
            yield

    def start(self, workspace, cgroup, budget_bytes, expected_bytes):
        if budget_bytes is not None:
            cgroup.set_limit(budget_bytes)


class Zram(Mode):
    """Memory cgroup, swap on zram with lz4.

    zram's memory is not charged to the cgroup, but is part of the budget. No fixed limit would be
    right for every moment: the limit is what zram leaves of the budget, ten times a second, which
    is better than an administrator could do.
    """

    name = "zram"
    INTERVAL_S = 0.1
    RESERVE_PART = 0.015  # of the budget: what zram may grow by before the next look
    LEAST_PART = 0.35     # of the budget: with less, nothing would run
    KEPT_PART = 0.5       # of a byte that goes to zram; for the first limit only
    RISE_BYTES = 16 * MIB  # at most, in an interval

    def __init__(self):
        self._thread = None

    @contextlib.contextmanager
    def host(self, workspace, guests_bytes):
        no_other_swap()
        with zram_swap(2 * guests_bytes, "lz4"), _page_cluster(0):
            yield

    def start(self, workspace, cgroup, budget_bytes, expected_bytes):
        self._cgroup, self._budget_bytes = cgroup, budget_bytes
        if budget_bytes is not None:
            # Where it will have to be when they have filled their memory, all of which would
            # otherwise be reclaimed again at once: (limit) + kept * (expected - limit) = budget.
            left = budget_bytes * (1 - self.RESERVE_PART) - self.KEPT_PART * expected_bytes
            self._now = self._within(left / (1 - self.KEPT_PART), budget_bytes)
            cgroup.set_limit(self._now)

    def guests_filled(self, guests):
        if self._budget_bytes is None:
            return
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._steer, args=(self._cgroup, self._budget_bytes), daemon=True)
        self._thread.start()

    def _limit(self, budget_bytes):
        left = budget_bytes * (1 - self.RESERVE_PART) - zram_bytes() - self.other_bytes()
        return self._within(left, budget_bytes)

    def _within(self, limit, budget_bytes):
        return int(min(max(limit, budget_bytes * self.LEAST_PART), budget_bytes * (1 - self.RESERVE_PART)))

    def other_bytes(self):
        return 0

    def _steer(self, cgroup, budget_bytes):
        now = self._now
        while not self._ended.wait(self.INTERVAL_S):
            limit = min(self._limit(budget_bytes), now + self.RISE_BYTES)
            # Lowering it makes the kernel reclaim on the spot: not for every little.
            if abs(limit - now) >= 2 * MIB and cgroup.set_limit(limit):
                now = limit

    def end(self):
        if self._thread:
            self._ended.set()
            self._thread.join(30)
            self._thread = None

    def extra_bytes(self):
        return zram_bytes()


class KsmZram(Zram):
    """The same with KSM on, as fast as ksmtuned lets it run when memory is short."""

    name = "ksm+zram"
    uses_ksm = True

    def __init__(self):
        super().__init__()
        self._guests = []

    @contextlib.contextmanager
    def host(self, workspace, guests_bytes):
        with super().host(workspace, guests_bytes), ksm_on(KSM_PAGES_TO_SCAN, KSM_SLEEP_MS):
            yield

    def guests_up(self, guests):
        self._guests = [guest.pid for guest in guests]

    def other_bytes(self):
        return ksm_record_bytes(self._guests)

    def end(self):
        super().end()
        self._guests = []


def no_other_swap():
    """Waits a while for it: another benchmark may be at work."""
    deadline = time.monotonic() + SWAP_PATIENCE_S
    while swaps() and time.monotonic() < deadline:
        time.sleep(0.1)
    if swaps():
        raise Unavailable(f"swap is on already ({', '.join(swaps())}): what a mode does could not be told "
                          "from it; swapoff it first")


@contextlib.contextmanager
def _page_cluster(value):
    """Swap read-ahead, which does harm with zram."""
    before = PAGE_CLUSTER.read_text(encoding="ascii")
    try:
        PAGE_CLUSTER.write_text(str(value), encoding="ascii")
        yield
    finally:
        with Undisturbed():
            PAGE_CLUSTER.write_text(before, encoding="ascii")


MODES = {mode.name: mode for mode in (Mode, Swap, Zram, KsmZram, Aerostat)}
KERNEL_MODES = ("swap", "zram", "ksm+zram")
