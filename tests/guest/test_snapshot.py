# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots with memory of a guest under a limit: taken, and reverted to while it runs."""

from checks import assert_right, let_run, limit_held, percent_of_use, unsampled
from harness import Guest, disk_arguments, make_disk


def test_snapshot_and_revert(own_workspace):
    disk = make_disk(own_workspace.path / "disk.qcow2", 64)
    guest = Guest(own_workspace, unsampled(), memory_mib=512, arguments=disk_arguments([disk]))
    memory = guest.start_pagecheck(200)
    direct = guest.start("pagecheck odirect --mib 32 --device /dev/vda")
    direct.wait_line("filled=")
    with limit_held(guest, percent_of_use(guest, 40)):
        let_run(guest, 1)
        guest.qmp("stop")
        said = guest.channel_state()
        assert guest.qmp.hmp("savevm first", timeout=180) == ""
        guest.qmp("cont")

        # What is written from here on, in memory and on disk, is to be forgotten.
        let_run(guest, 1.5)
        accesses = memory.values()["accesses"]
        for _ in range(2):
            guest.qmp("stop")
            assert guest.qmp.hmp("loadvm first", timeout=180) == ""
            guest.restore_channel(said)
            guest.qmp("cont")
            reports = len(memory.lines)
            memory.wait_line("accesses=", after=reports)
        assert memory.values()["accesses"] < accesses * 2
        memory.stop()
        direct.stop()
    assert_right(memory, direct)
