# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who gets how much: activity, limits, states, idle tax, shares, reservations and pools, all live."""

import pytest

from harness import MIB
from scheduler import MEMORY_MIB, Host, out_of_reach

NAMES = ("busy", "idle1", "idle2")


@pytest.fixture(scope="module")
def host(workspace):
    host = Host(workspace)
    host.boot(**{name: {} for name in NAMES})
    yield host
    host.end()


def targets(host):
    return [host.mib(name, "target") for name in NAMES]


def near(values, expected):
    return all(abs(value - wanted) <= max(6, wanted / 10) for value, wanted in zip(values, expected))


def test_active_memory_follows_use(host):
    for number, name in enumerate(NAMES[1:]):
        host.pagecheck(name, 120, "--rate 20", seed=number)
    host.wait_for(lambda: host.mib("busy", "active") < 40, "the estimate to fall in a guest at rest")
    # Far more touches than pages in every period.
    host.pagecheck("busy", 120, "--rate 40000 --hot-pages 100 --writes 10", seed=3)
    host.wait_for(lambda: host.mib("busy", "active") > 60, "the estimate to rise with the guest's activity")
    host.wait_for(lambda: all(host.mib(name, "active") < 40 for name in NAMES[1:]),
                  "the estimate to fall in guests that have done their work")
    assert host.mib("busy", "active") > max(host.mib(name, "active") for name in NAMES[1:])


def test_own_limit_is_enforced_in_state_high(host):
    assert host.daemon.host()["state"] == "high" and host.mib("idle2", "consumed") > 150
    after = host.last_event()
    host.set_vm("idle2", max=150)
    host.wait_for(lambda: host.mib("idle2", "consumed") <= 150 and host.mib("idle2", "target") <= 150,
                  "the VM to come down to its own limit")
    host.event(after, "setting", "sched.mem.max = 150", vm="idle2")
    host.event(after, "reclaim", "above its own limit", vm="idle2")
    assert host.daemon.host()["state"] == "high"
    assert [host.mib(name, "pager_limit") for name in NAMES] == [None, None, 150]
    host.set_vm("idle2", max=-1)
    host.wait_for(lambda: host.mib("idle2", "pager_limit") is None, "the limit to be lifted")


def test_states_and_their_causes(host):
    """Down and up again, one event with its cause for each."""
    daemon = host.daemon
    # Wide states: nothing else that happens meanwhile leads past one.
    daemon.set(MinFreePct=20)
    for free_percent, state in ((10, "soft"), (5, "hard"), (-20, "low")):
        host.plenty()
        after = host.last_event()
        host.press(free_percent)
        event = host.event(after, "state", f"memory is {state}, was high")
        assert f"of {daemon.host()['managed_bytes'] // MIB} MB are free, below the threshold" in event["message"]
        if state == "low":
            stop = host.wait_for(lambda: next((e for e in daemon.events(after) if e["type"] == "stop"), None),
                                 "a VM above its target to be stopped")
            assert "host memory is low" in stop["message"]
            host.event(stop["id"], "resume", "goes on", vm=stop["vm"])
        # By what is reclaimed alone the host comes up to soft at least, where balloons may rest.
        host.wait_for(lambda: daemon.host()["state"] in ("high", "soft"), "the host to have reclaimed enough")
        host.wait_for(lambda: all(vm["power"] == "on" and not vm["stopped"]
                                  for vm in daemon.vms().values()), "all VMs to go on")
        host.fits()
        host.plenty()
        steps = [event["message"] for event in daemon.events(after) if event["type"] == "state"]
        assert all("well above the threshold" in step for step in steps if is_better(step)), steps
        assert " is high, was soft" in steps[-1], steps
    daemon.set(MinFreePct=6)


def is_better(step):
    order = ["high", "soft", "hard", "low"]
    words = step.replace(",", "").replace(":", "").split()
    return order.index(words[2]) < order.index(words[4])


def test_idle_memory_is_taxed(host):
    host.daemon.set(IdleTax=75)
    host.share_out(330)
    host.wait_for(lambda: host.mib("busy", "target") > 1.25 * max(targets(host)[1:]),
                  "the busy guest to get more than the idle ones")
    host.daemon.set(IdleTax=0)
    host.wait_for(lambda: near(targets(host), [sum(targets(host)) / 3] * 3), "equal shares to count alone")
    host.fits()


def test_who_works_gets_what_others_hold_idle(host):
    """Also where limits keep free so much that the state does not worsen."""
    host.daemon.set(IdleTax=75, MinFreePct=1)
    host.share_out(330)
    # In place of its job that touches little.
    assert host.jobs.pop(0).stop() == 0
    host.pagecheck("idle1", 120, "--rate 40000 --writes 10", seed=9)
    host.jobs.insert(0, host.jobs.pop())
    host.wait_for(lambda: host.mib("idle1", "target") > 1.2 * host.mib("idle2", "target"),
                  "the guest that works now to be entitled to more than one that does not")
    host.wait_for(lambda: host.mib("idle1", "consumed") > 0.9 * host.mib("idle1", "target") and
                  host.mib("idle2", "consumed") < 1.1 * host.mib("idle2", "target"), "it to have it")
    host.daemon.set(IdleTax=0, MinFreePct=6)


def test_shares_are_proportions(host):
    for name, level in zip(NAMES, ("high", "normal", "low")):
        host.set_vm(name, shares=level)
    host.share_out(280)
    host.wait_for(lambda: near(targets(host), [160, 80, 40]), "targets as 20 to 10 to 5")
    host.fits()
    # A VM keeps what nobody else is entitled to and asks for, so let one ask: what all have follows the shares,
    # not to the MB.
    assert host.jobs.pop(0).stop() == 0
    host.pagecheck("idle1", 120, "--rate 20")
    host.wait_for(lambda: host.mib("busy", "consumed") > host.mib("idle1", "consumed")
                  > host.mib("idle2", "consumed"), "what the VMs have to follow their shares")
    assert out_of_reach(host.vm("idle2")) > out_of_reach(host.vm("busy"))


def test_reservation_is_honoured_under_pressure(host):
    # Lowest shares, and yet it gets more than the one with normal shares.
    host.set_vm("idle2", min=110)
    for mib in (280, 200):
        host.share_out(mib)
        rest = mib - 110
        host.wait_for(lambda: near(targets(host), [rest * 2 / 3, rest / 3, 110]), "the reservation to be honoured")
        host.fits()
        assert host.mib("idle2", "target") >= 110 and host.mib("idle2", "pager_limit") >= 110
    host.set_vm("idle2", min=0)


def test_what_a_preview_says_comes(host):
    for name in NAMES:
        host.set_vm(name, shares=1000)
    host.share_out(300)
    host.wait_for(lambda: near(targets(host), [100] * 3), "equal parts")
    said = host.daemon.api.preview(busy={"shares": 2000}, idle1={"limit": 60})
    said = [said[name] / MIB for name in NAMES]
    assert near(said, [160, 60, 80]) and near(targets(host), [100] * 3)
    host.set_vm("busy", shares=2000)
    host.set_vm("idle1", max=60)
    host.wait_for(lambda: near(targets(host), said), "what was said")
    host.set_vm("idle1", max=-1)


def test_pools_share_and_limit(host):
    for path, shares in (("/a", 1000), ("/a/b", 3000)):
        host.daemon.api.set_pool(path, shares=shares)
    host.set_vm("busy", shares=1000)
    host.set_vm("idle1", shares=1000, pool="/a")
    host.set_vm("idle2", shares=1, pool="/a/b")
    host.share_out(280)
    # Half of it for the pool, and a quarter of that for the one beside the inner pool.
    host.wait_for(lambda: near(targets(host), [140, 35, 105]), "shares to count in each level by themselves")
    host.fits()

    # The pool's limit, too, holds in every state.
    host.plenty()
    host.wait_for(lambda: all(vm["pager_limit_bytes"] is None for vm in host.daemon.vms().values()),
                  "all limits to be lifted")
    host.daemon.api.set_pool("/a", limit_mb=80)
    host.wait_for(lambda: near(targets(host)[1:], [20, 60]), "the pool's limit to be obeyed")
    pool = host.daemon.api.pool("/a")
    assert pool["target_bytes"] <= 80 * MIB and pool["vms"] == 2, pool
    host.wait_for(lambda: host.mib("idle1", "consumed") + host.mib("idle2", "consumed") <= 80,
                  "what is in the pool to come down")
    assert host.daemon.host()["state"] == "high"
    assert host.mib("busy", "target") == MEMORY_MIB and host.mib("busy", "pager_limit") is None
