# SPDX-License-Identifier: LGPL-2.1-or-later
"""Page sharing between VMs, who takes part in it, and KSM as it was found."""

import os

import pytest

from harness import KSM, MIB, read_ksm
from managed import Daemon
from scheduler import Host
from test_ksm import ksm, ksm_lock, merged_pages  # noqa: F401

# Merged pages of a guest that shares with the other one; pages of zeros of its own are far fewer than that.
MANY = 10000


@pytest.fixture(scope="module")
def host(workspace):
    host = Host(workspace, {"Mem.ShareForceSalting": 0})
    host.boot(shares_pages=True, one={}, two={})
    yield host
    host.end()


def merged(host, name):
    return merged_pages(host.guests[name])


def shares(host, name):
    return merged(host, name) > MANY and host.mib(name, "saved") > 20


def shares_nothing(host, name):
    return merged(host, name) == 0 and host.mib(name, "shared") == host.mib(name, "saved") == 0


def test_who_shares_with_whom(host, ksm):  # noqa: F811
    """With a scanner in a hurry, which is not the daemon's: VMs are kept apart under any."""
    for name in "one", "two":
        host.pagecheck(name, 100, "--rate 20 --writes 0", seed=7)
    host.wait_for(lambda: shares(host, "one") and shares(host, "two"), "equal guests to share")
    host.wait_for(lambda: host.daemon.host()["share"]["saved_bytes"] > 40 * MIB, "what they have in common to be merged")
    share = host.daemon.host()["share"]
    assert share["shared_bytes"] > share["saved_bytes"], share
    assert share["state"] == "foreign" and "KSM" in share["reason"], share
    host.wait_for(lambda: all(vm["consumed_bytes"] < vm["resident_bytes"] + vm["cache_bytes"]
                              for vm in host.daemon.vms().values()), "what is shared not to be counted for each")

    host.set_vm("two", **{"pshare.enable": "FALSE"})
    host.wait_for(lambda: shares_nothing(host, "two"), "a VM to be taken out of sharing")
    advice = [item for item in host.daemon.api.advice() if item["kind"] == "sharing-off"]
    assert [item["vm"] for item in advice] == ["two"] and "sched.mem.pshare.enable" in advice[0]["message"], advice
    host.set_vm("two", **{"pshare.enable": "TRUE"})
    host.wait_for(lambda: shares(host, "two"), "it to take part again")

    # One group shares at a time; of equal ones the first.
    for name, salt in (("one", "red"), ("two", "blue")):
        host.set_vm(name, **{"pshare.salt": salt})
    host.daemon.set(ShareForceSalting=1)
    host.wait_for(lambda: shares_nothing(host, "two"), "different salts to be kept apart")
    host.set_vm("two", **{"pshare.salt": "red"})
    host.wait_for(lambda: shares(host, "one") and shares(host, "two"), "equal salts to share")
    host.daemon.set(ShareForceSalting=2)
    for name in "one", "two":
        host.set_vm(name, **{"pshare.salt": ""})
    host.wait_for(lambda: shares_nothing(host, "two"), "VMs without a salt to be kept apart")


def test_ksm_is_left_as_it_was_found(host):
    if not os.access(KSM / "run", os.W_OK):
        pytest.skip("KSM cannot be turned on here")
    with ksm_lock():
        before = read_ksm()
        if before["run"] == "1":
            pytest.skip("somebody has turned KSM on")
        host.watch.end()
        assert host.daemon.stop() == 0
        host.daemon = Daemon(host.workspace, host.libvirt, {"Mem.ShareForceSalting": 0, "Mem.ShareScanTime": 10,
                                                            "Mem.ShareScanGHz": 4})
        host.wait_for(lambda: host.daemon.host()["share"]["state"] == "scanning", "the daemon to scan")
        assert read_ksm()["run"] == "1"
        host.wait_for(lambda: host.daemon.host()["share"]["pages_per_s"] > 0, "pages to be scanned")
        host.daemon.set(ShareScanGHz=0)
        host.wait_for(lambda: host.daemon.host()["share"]["state"] == "off", "sharing to be turned off live")
        host.daemon.set(ShareScanGHz=4)
        host.wait_for(lambda: host.daemon.host()["share"]["state"] == "scanning", "the daemon to scan again")
        assert host.daemon.stop() == 0
        assert read_ksm() == before
        host.daemon.start()
        host.daemon.set(ShareScanGHz=0)
