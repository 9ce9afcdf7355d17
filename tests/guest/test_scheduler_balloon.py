# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests under pressure: balloon first, and the pager where there is none or where it does not answer."""

import pytest

from harness import MIB
from scheduler import MEMORY_MIB, PLENTY_MB, Host, out_of_reach


@pytest.fixture(scope="module")
def host(workspace):
    """Wide states: what is read of them a moment later is still so."""
    host = Host(workspace, {"Mem.MinFreePct": 20})
    host.boot(idle={}, plain={"balloon": False}, mute={})
    for name in "idle", "mute":
        host.touch_and_leave(name, 120)
        host.pagecheck(name, 30, "--rate 50")
    host.pagecheck("plain", 120, "--rate 50")
    # Its own account of what it can spare comes from the driver, too.
    host.wait_for(lambda: host.mib("mute", "balloon_max") > 60, "the guest to say what it can spare")
    removed = host.guests["mute"].run("rmmod virtio_balloon")
    assert removed.status == 0, removed.output()
    host.be_filled()
    yield host
    host.end()


def test_without_pressure_nothing_is_taken(host):
    assert host.daemon.host()["state"] == "high"
    for vm in host.daemon.vms().values():
        assert vm["balloon_bytes"] == vm["balloon_target_bytes"] == out_of_reach(vm) == 0, vm
        assert vm["pager_limit_bytes"] is None and vm["cause"] == "", vm


def test_balloon_comes_before_swap(host):
    """And a guest without a balloon is governed by its pager."""
    after = host.last_event()
    host.press(10)
    host.event(after, "state", "memory is soft, was high")
    host.wait_for(lambda: host.mib("idle", "balloon") > 20, "the balloon to inflate")
    idle = host.vm("idle")
    assert out_of_reach(idle) == 0 and idle["balloon_state"] == "ok", idle
    assert "balloon" in host.event(after, "reclaim", "soft", vm="idle")["message"]

    host.wait_for(lambda: (plain := host.vm("plain"))["pager_limit_bytes"] is not None and
                  plain["consumed_bytes"] <= plain["pager_limit_bytes"] and out_of_reach(plain) > 0,
                  "the pager to bring the guest without a balloon down")
    plain = host.vm("plain")
    assert plain["balloon_state"] == "none" and plain["balloon_bytes"] == plain["balloon_target_bytes"] == 0, plain


def test_balloon_stays_within_its_bounds(host):
    def at_most(mib):
        vm = host.vm("idle")
        return 0 < vm["balloon_bytes"] <= mib * MIB and vm["balloon_max_bytes"] <= mib * MIB

    host.set_vm("idle", maxmemctl=16)
    host.wait_for(lambda: at_most(16), "sched.mem.maxmemctl to be obeyed")
    host.set_vm("idle", maxmemctl=-1)
    host.daemon.set(CtlMaxPercent=8)
    host.wait_for(lambda: at_most(MEMORY_MIB * 8 / 100), "Mem.CtlMaxPercent to be obeyed")
    host.daemon.set(CtlMaxPercent=65)
    host.wait_for(lambda: host.mib("idle", "balloon_max") > MEMORY_MIB * 8 / 100, "the balloon to be free again")


def test_balloon_that_does_not_answer(host):
    """It is found out and reported, and the pager takes over."""
    host.event(0, "balloon", "inactive", vm="mute")
    host.event(0, "balloon", "uncooperative", vm="mute")
    host.wait_for(lambda: (mute := host.vm("mute"))["balloon_state"] == "uncooperative" and
                  mute["pager_limit_bytes"] is not None and out_of_reach(mute) > 0 and
                  mute["consumed_bytes"] <= mute["pager_limit_bytes"], "the pager to take over")
    assert host.vm("mute")["balloon_bytes"] == 0


def test_balloon_deflates_when_pressure_ends(host):
    host.fits()
    assert host.mib("idle", "balloon") > 0
    host.manage(PLENTY_MB)
    host.wait_for(lambda: host.mib("idle", "balloon") == 0, "the balloon to deflate")
    host.wait_for(lambda: all(vm["pager_limit_bytes"] is None for vm in host.daemon.vms().values()),
                  "all limits to be lifted")
    assert host.daemon.host()["state"] == "high"
