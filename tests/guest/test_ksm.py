# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pages that KSM shares, within a guest and between two, are evicted and written like any other."""

import contextlib
import os
import re
from pathlib import Path

import pytest

from checks import assert_right, let_run, limit_held, unsampled
from harness import KSM, KSM_LOCK, MIB, Guest, ksm_turn, put_ksm, read_ksm, wait_until


@contextlib.contextmanager
def ksm_lock():
    """There is one KSM in a host. Whoever has it for minutes, a benchmark, is not waited for."""
    with ksm_turn(600) as ours:
        if not ours:
            pytest.skip(f"another program that uses KSM holds {KSM_LOCK}")
        yield


@pytest.fixture
def ksm():
    """KSM at full pace; afterwards everything is as it was."""
    if os.getuid() != 0:
        pytest.skip("only root may turn on KSM")
    if not (KSM / "run").exists():
        pytest.skip("this kernel has no KSM")
    with ksm_lock():
        before = read_ksm()
        try:
            # Where the advisor is on, it chooses pages_to_scan itself, and refuses to be told.
            put_ksm({"advisor_mode": "none"})
            put_ksm({"sleep_millisecs": "1", "pages_to_scan": "5000"})
            put_ksm({"run": "1"})
            yield
        finally:
            put_ksm(before)


def merged_pages(guest):
    text = Path(f"/proc/{guest.pid}/ksm_stat").read_text(encoding="ascii")
    return int(re.search(r"^ksm_merging_pages (\d+)$", text, re.M)[1])


def test_shared_pages_under_a_limit(own_workspace, ksm):
    guests = [Guest(own_workspace, unsampled(), memory_mib=384) for _ in range(2)]
    # Few writes, or pages would not hold still for long enough to be merged.
    jobs = [guest.start_pagecheck(150, seed=seed, arguments="--rate 3000 --writes 5")
            for seed, guest in enumerate(guests)]
    for guest in guests:
        # The kernel's own count first, so that a failure tells whose it is.
        wait_until(lambda: merged_pages(guest) > 2048, what=f"KSM to merge pages of {guest.name}")
        stats = wait_until(lambda: (now := guest.pager.get_stats()).shared_saved_bytes > 8 * MIB and now,
                           what=f"the pager of {guest.name} to notice what KSM merged")
        assert stats.shared_bytes >= stats.shared_saved_bytes
        assert stats.consumed_bytes < stats.resident_bytes + stats.cache_bytes
    with limit_held(guests[0], 100 * MIB), limit_held(guests[1], 100 * MIB):
        let_run(guests[0], 5)
        for job in jobs:
            job.signal()
        for job in jobs:
            job.wait()
    assert_right(*jobs)
