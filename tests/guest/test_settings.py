# SPDX-License-Identifier: LGPL-2.1-or-later
"""Settings of a running VM, changed through the daemon."""

import pytest
from managed import Daemon, Libvirt, ManagedGuest, Refused


def test_settings_leave_the_rest_alone(workspace):
    """What a change does not mention stays as it was, the pool included, and what is refused changes nothing."""
    libvirt = Libvirt(workspace)
    daemon = Daemon(workspace, libvirt, {"Mem.HostMemoryMB": 700, "Mem.ShareScanGHz": 0})
    ManagedGuest(workspace, libvirt, "web1", memory_mib=256)
    daemon.wait_for(lambda: daemon.vm("web1")["managed"] == "pager")

    daemon.set_vm("web1", shares="high")
    assert daemon.vm("web1")["pool"] == "/"
    daemon.api.set_pool("/prod")
    daemon.set_vm("web1", pool="/prod", min=64)
    assert daemon.vm("web1")["pool"] == "/prod"
    daemon.set_vm("web1", min=96)
    changed = daemon.vm("web1")
    assert changed["pool"] == "/prod"
    assert changed["shares_level"] == "high"
    assert changed["reservation_bytes"] == 96 << 20
    with pytest.raises(Refused):
        daemon.set_vm("web1", pool="/nowhere", min=0)
    assert {key: value for key, value in daemon.vm("web1")["config"].items()} == changed["config"]
    assert daemon.vm("web1")["pool"] == "/prod"
