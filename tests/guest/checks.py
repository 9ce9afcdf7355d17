# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests with real guests assert: limits held, and every byte right."""

import contextlib
import threading
import time

from harness import MIB, PATIENCE, Pager, wait_until
from pager_client import PagerClient


def unsampled(**settings):
    """A pager that moves pages for the limit's sake alone."""
    return Pager(sample_period_s=0, **settings)


def assert_right(*jobs):
    """The guest's programs ended well and found every byte right."""
    for job in jobs:
        assert job.status == 0, f"{job} ended with {job.status}:\n{job.output()}"
        if job.command.startswith("pagecheck"):
            values = job.values()
            assert values["checked"] > 0 and values["mismatches"] == 0, job.output()
        else:
            assert "fail" not in job.output(), job.output()


def assert_states_add_up(stats):
    states = ("absent", "resident", "parked", "same", "compressed", "writing", "swapped", "reading")
    assert sum(getattr(stats, f"{state}_bytes") for state in states) == stats.memory_bytes


# What eviction may take for a while of what the limit allows (RECLAIM_OWN_PAGES in src/pager/pager.h).
RECLAIM_OWN = 3 * MIB // 2


class LimitHeld:
    """Looks at consumed_bytes all the time, from a connection of its own."""

    INTERVAL_S = 0.05

    def __init__(self, guest, limit_bytes):
        self.limit_bytes = limit_bytes
        self.over = 0
        self.saved = 0
        self.looks = 0
        self._client = PagerClient(guest.settings.socket)
        self._ended = threading.Event()
        self._failure = None
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self):
        try:
            while not self._ended.wait(self.INTERVAL_S):
                stats = self._client.get_stats()
                # A write to a page that KSM shares takes memory without anybody being asked; it
                # cannot take more than sharing had saved.
                self.saved = max(self.saved, stats.shared_saved_bytes)
                self.over = max(self.over, stats.consumed_bytes - self.limit_bytes - self.saved)
                self.looks += 1
        except Exception as error:
            self._failure = error

    def end(self):
        self._ended.set()
        self._thread.join()
        self._client.close()

    def check(self):
        assert self._failure is None, f"the pager stopped answering: {self._failure}"
        assert self.looks > 0
        assert self.over <= 0, (f"consumed {self.over / MIB:.2f} MiB more than the limit, "
                                f"{self.limit_bytes / MIB:.2f} MiB; {self.saved / MIB:.2f} were saved")


def set_limit_and_reach_it(guest, limit_bytes, timeout=PATIENCE):
    """The limit is touched and left again on the way down, by what eviction itself takes."""
    guest.pager.set_limit(limit_bytes)
    wait_until(lambda: guest.pager.get_stats().consumed_bytes <= limit_bytes - RECLAIM_OWN, timeout,
               f"{guest.name} to come down to {limit_bytes / MIB:.0f} MiB", interval=0.02)


@contextlib.contextmanager
def limit_held(guest, limit_bytes):
    """Within, the guest is under the limit, and never above it once it has come down to it."""
    set_limit_and_reach_it(guest, limit_bytes)
    held = LimitHeld(guest, limit_bytes)
    try:
        yield held
    finally:
        held.end()
    held.check()


def let_run(guest, seconds):
    """Time for the guest to use its memory; notices at once when it dies."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(TimeoutError):
        guest.wait(lambda: time.monotonic() >= deadline, seconds, "time to pass")


def percent_of_use(guest, percent):
    """That part of what the guest takes without a limit, by the kernel's count, in whole MiB."""
    used = sum(fields["Rss"] for _, _, fields in guest.guest_ram_mappings())
    return used * percent // 100 // MIB * MIB
