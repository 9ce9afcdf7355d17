# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks that read and write the guest's memory directly, evicted or not."""

import pytest

from checks import assert_right, let_run, limit_held, percent_of_use, unsampled
from harness import Guest, disk_arguments, make_disk


@pytest.mark.parametrize("aio", ["io_uring", "native"])
def test_direct_io_into_evicted_pages(own_workspace, aio):
    disks = [make_disk(own_workspace.path / f"disk{i}.qcow2", 96) for i in range(2)]
    guest = Guest(own_workspace, unsampled(), memory_mib=512, arguments=disk_arguments(disks, aio))
    jobs = [guest.start(f"pagecheck odirect --mib 80 --device {device} --seed {seed}")
            for seed, device in enumerate(("/dev/vda", "/dev/vdb"))]
    jobs.append(guest.start_pagecheck(100))
    for job in jobs:
        job.wait_line("filled=")
    with limit_held(guest, percent_of_use(guest, 33)):
        let_run(guest, 6)
        stats = guest.pager.get_stats()
        for job in jobs:
            job.signal()
        for job in jobs:
            job.wait()
    assert_right(*jobs)
    assert stats.swap_ins > 0
