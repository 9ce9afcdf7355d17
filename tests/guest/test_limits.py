# SPDX-License-Identifier: LGPL-2.1-or-later
"""A busy guest under limits far below what it uses, and limits that jump."""

import random

import pytest

from checks import (assert_right, assert_states_add_up, let_run, limit_held, percent_of_use,
                    set_limit_and_reach_it, unsampled)
from harness import MIB, Guest, Pager


@pytest.fixture(scope="module")
def guest(workspace):
    # Sampling is on, more often than by default, so that it meets eviction in these tests.
    return Guest(workspace, Pager(sample_period_s=2, sample_pages=100), memory_mib=640)


@pytest.fixture
def load(guest):
    """pagecheck and stress-ng side by side; unlimited while they start, and when the test is over."""
    check = guest.start_pagecheck(240)
    stress = guest.start_stress(100, seconds=8)
    let_run(guest, 1)
    yield check, stress
    guest.pager.set_limit(None)
    for job in check, stress:
        if job.status is None:
            job.stop()


@pytest.mark.parametrize("percent", [50, 33, 25])
def test_limit_far_below_use(guest, load, percent):
    before = guest.status_bytes("RssAnon")
    used = percent_of_use(guest, 100)
    limit = percent_of_use(guest, percent)
    with limit_held(guest, limit):
        load[1].wait()
        load[0].stop()
        after = guest.status_bytes("RssAnon")
        stats = guest.pager.get_stats()
    assert_right(*load)
    assert stats.reason == ""
    assert stats.swapped_bytes + stats.compressed_bytes + stats.same_bytes > 0
    # The kernel agrees that the memory is gone, but for what QEMU itself grew by meanwhile.
    assert before - after >= used - limit - 128 * MIB


def test_limit_jumps(guest, load):
    draw = random.Random(1)
    most = percent_of_use(guest, 110)
    while load[1].status is None:
        guest.pager.set_limit(draw.randrange(most // 5, most))
        let_run(guest, draw.uniform(0.05, 0.5))
    with limit_held(guest, most // 4):
        load[0].stop()
    assert_right(*load)


def test_codecs_and_cache_change_while_running(guest, load):
    limit = percent_of_use(guest, 33)
    with limit_held(guest, limit):
        for codec, cache_pct in (("zstd", 10), ("off", 10), ("lz4", 0), ("zstd", 30), ("lz4", 10)):
            guest.pager.set_codec(codec)
            stats = guest.pager.set_cache_pct(cache_pct)
            assert stats.cache_pct == cache_pct
            let_run(guest, 1)
        load[1].wait()
        load[0].stop()
    assert_right(*load)


def test_states_add_up_at_rest(guest):
    """With the guest stopped nothing moves, and every page is in exactly one state."""
    guest.run("pagecheck memory --mib 200 --seconds 1")
    set_limit_and_reach_it(guest, percent_of_use(guest, 50))
    guest.qmp("stop")
    stats = guest.pager.get_stats()
    # The firmware is guest memory as well.
    assert 640 * MIB <= stats.memory_bytes < 656 * MIB
    assert_states_add_up(stats)
    guest.qmp("cont")
    guest.pager.set_limit(None)


def test_no_swap_file(own_workspace):
    """Without swap the compression cache and same-value pages do what they can; nothing is lost."""
    guest = Guest(own_workspace, unsampled(swap_dir="", cache_pct=100), memory_mib=384)
    check = guest.start_pagecheck(120)
    guest.pager.set_limit(percent_of_use(guest, 60))
    let_run(guest, 3)
    stats = guest.pager.get_stats()
    assert stats.swap_outs == 0 and stats.swapped_bytes == 0
    assert stats.compressions > 0
    check.stop()
    assert_right(check)
