# SPDX-License-Identifier: LGPL-2.1-or-later
"""Page sharing between VMs, who takes part in it, and KSM as it was found."""

import os

import pytest

from harness import MIB
from managed import Daemon
from scheduler import Host
from test_ksm import KSM, ksm, ksm_lock, merged_pages  # noqa: F401

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
    for vm in host.daemon.vms().values():
        assert vm["consumed_bytes"] < vm["resident_bytes"] + vm["cache_bytes"], vm

    host.set_vm("two", **{"pshare.enable": "FALSE"})
    host.wait_for(lambda: shares_nothing(host, "two"), "a VM to be taken out of sharing")
    advice = [item for item in host.daemon.call("GET", "/advice") if item["kind"] == "sharing-off"]
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


def settings_of_ksm():
    figures = ("full_scans", "general_profit", "pages_", "stable_node_", "ksm_zero_pages")
    return {path.name: path.read_text(encoding="ascii") for path in KSM.iterdir()
            if path.name == "pages_to_scan" or not path.name.startswith(figures)}


def test_ksm_is_left_as_it_was_found(host):
    if not os.access(KSM / "run", os.W_OK):
        pytest.skip("KSM cannot be turned on here")
    with ksm_lock():
        before = settings_of_ksm()
        if before["run"].strip() == "1":
            pytest.skip("somebody has turned KSM on")
        host.watch.end()
        assert host.daemon.stop() == 0
        host.daemon = Daemon(host.workspace, host.libvirt, {"Mem.ShareForceSalting": 0, "Mem.ShareScanTime": 10,
                                                            "Mem.ShareScanGHz": 4})
        host.wait_for(lambda: host.daemon.host()["share"]["state"] == "scanning", "the daemon to scan")
        assert settings_of_ksm()["run"].strip() == "1"
        host.wait_for(lambda: host.daemon.host()["share"]["pages_per_s"] > 0, "pages to be scanned")
        host.daemon.set(ShareScanGHz=0)
        host.wait_for(lambda: host.daemon.host()["share"]["state"] == "off", "sharing to be turned off live")
        host.daemon.set(ShareScanGHz=4)
        host.wait_for(lambda: host.daemon.host()["share"]["state"] == "scanning", "the daemon to scan again")
        assert host.daemon.stop() == 0
        assert settings_of_ksm() == before
        host.daemon.start()
        host.daemon.set(ShareScanGHz=0)
