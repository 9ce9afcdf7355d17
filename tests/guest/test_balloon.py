# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory that the guest gives back, by its balloon and by free page reporting, under a limit."""

import pytest

from checks import assert_right, let_run, limit_held, percent_of_use, unsampled
from harness import MIB, Guest, wait_until

MEMORY_MIB = 512


@pytest.fixture
def guest(own_workspace, request):
    options = getattr(request, "param", "")
    return Guest(own_workspace, unsampled(), memory_mib=MEMORY_MIB,
                 balloon=f"virtio-balloon-pci,id=balloon0{options}")


def inflate_to(guest, mib):
    guest.balloon(mib)
    wait_until(lambda: guest.balloon_actual_mib() == mib, what=f"the balloon to leave {mib} MiB")


def test_balloon_moves_under_a_limit(guest):
    check = guest.start_pagecheck(160)
    with limit_held(guest, percent_of_use(guest, 50)):
        for mib in (320, MEMORY_MIB, 288, 400, MEMORY_MIB):
            before = guest.pager.get_stats()
            deflated = guest.balloon_actual_mib()
            inflate_to(guest, mib)
            after = guest.pager.get_stats()
            if mib < deflated:
                assert after.discards > before.discards
            let_run(guest, 0.5)
        check.stop()
    assert_right(check)


def test_balloon_frees_what_was_evicted(guest):
    """Pages that lie in the cache or the swap file when they are given back are freed there too."""
    check = guest.start_pagecheck(200, seconds=1)
    with limit_held(guest, percent_of_use(guest, 33)):
        check.wait()
        out = guest.pager.get_stats()
        assert out.swapped_bytes > 20 * MIB
        # pagecheck is gone: its pages are free memory of the guest, which the balloon takes.
        inflate_to(guest, 160)
        back = guest.pager.get_stats()
        assert back.absent_bytes >= (MEMORY_MIB - 160) * MIB
        assert back.swapped_bytes < out.swapped_bytes
        assert back.swap_used_bytes < out.swap_used_bytes
        inflate_to(guest, MEMORY_MIB)
        again = guest.run("pagecheck memory --mib 200 --seconds 2 --seed 2")
    assert_right(check, again)


@pytest.mark.parametrize("guest", [",free-page-reporting=on"], indirect=True)
def test_free_page_reporting(guest):
    with limit_held(guest, 128 * MIB):
        for seed in range(3):
            before = guest.pager.get_stats()
            check = guest.run(f"pagecheck memory --mib 220 --seconds 1 --seed {seed}")
            assert_right(check)
            # What pagecheck had is reported as free within seconds, wherever it was.
            wait_until(lambda: guest.pager.get_stats().discards - before.discards > 100 * MIB // 4096,
                       what="the guest to report its free pages")
        wait_until(lambda: guest.pager.get_stats().absent_bytes > 200 * MIB, what="all of them to be reported")
