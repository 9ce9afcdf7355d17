# SPDX-License-Identifier: LGPL-2.1-or-later
"""cpuAllocation of VMs that run, by pyVmomi: what becomes of it where libvirt has cgroups, and where it has none."""

import xml.etree.ElementTree as ElementTree

import pytest

from conftest import new_guest_host
from managed import Libvirt, new_cpu_cgroup
from vms import Machines, WaitForTask, fails_with, reconfigure, vim, vmodl, wait_until

PERIOD_US = 100000


def allocation(level, shares=0, **fields):
    return vim.ResourceAllocationInfo(shares=vim.SharesInfo(level=level, shares=shares), **fields)


@pytest.fixture(scope="module")
def machines():
    def new_libvirt(workspace):
        cgroup = new_cpu_cgroup(workspace)
        if cgroup is None:
            pytest.skip("there is no cgroup of the first version for processors, at /sys/fs/cgroup/cpu")
        return Libvirt(workspace, cpu_cgroup=cgroup)
    with new_guest_host(new_libvirt) as host:
        yield Machines(host)


def in_force(machines, name):
    """Shares and quota, as the kernel has them, which are what libvirt says."""
    [cgroup] = (machines.host.libvirt.cpu_cgroup / "machine").glob(f"qemu-*-{name}.libvirt-qemu")
    shares, period, quota = [int((cgroup / file).read_text()) for file in ("cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us")]
    tune = ElementTree.fromstring(machines.host.libvirt.virsh("dumpxml", name).stdout).find("cputune")
    if tune is not None:
        assert [int(tune.findtext(tag)) for tag in ("shares", "global_period", "global_quota")] == [shares, period, quota]
    assert period == PERIOD_US
    return shares, quota


def test_in_force(machines):
    mhz = machines.compute.host[0].summary.hardware.cpuMhz
    vm = machines.create("tuned", disks=[8], numCPUs=2)
    WaitForTask(vm.PowerOnVM_Task())
    assert in_force(machines, "tuned") == (1024, -1)
    for asked, shares, quota in [(allocation("high", limit=mhz // 2), 2048, mhz // 2 * PERIOD_US // mhz),
                                 (allocation("low", limit=-1), 512, -1),
                                 (allocation("custom", 777, limit=mhz), 1024 * 777 // 2000, PERIOD_US),
                                 (allocation("normal", limit=-1), 1024, -1),
                                 (allocation("custom", 500, limit=2 * mhz), 256, 2 * PERIOD_US)]:
        reconfigure(vm, cpuAllocation=asked)
        assert in_force(machines, "tuned") == (shares, quota), asked
        assert (vm.config.cpuAllocation.shares.level, vm.config.cpuAllocation.limit) == (asked.shares.level, asked.limit)

    # It is kept over what ends QEMU, and what is changed meanwhile holds from then on.
    WaitForTask(vm.SuspendVM_Task())
    WaitForTask(vm.PowerOnVM_Task())
    assert in_force(machines, "tuned") == (256, 2 * PERIOD_US)
    WaitForTask(vm.SuspendVM_Task())
    reconfigure(vm, cpuAllocation=allocation("normal", limit=-1))
    WaitForTask(vm.PowerOnVM_Task())
    assert in_force(machines, "tuned") == (1024, -1)
    reconfigure(vm, cpuAllocation=allocation("high"))
    WaitForTask(vm.PowerOffVM_Task())
    WaitForTask(vm.PowerOnVM_Task())
    assert in_force(machines, "tuned") == (2048, -1)
    # Nothing of it is in what another host would start.
    assert "<cputune>" not in machines.host.libvirt.virsh("dumpxml", "--inactive", "tuned").stdout
    WaitForTask(vm.PowerOffVM_Task())
    WaitForTask(vm.Destroy_Task())


def test_a_limit_holds(machines):
    """A guest that would take a whole processor is stopped in each period."""
    guests = machines.guests()
    guests.create("limited", memory_mb=128, pager=False)
    guest = guests.on("limited")
    vm = wait_until(lambda: machines.find("limited"), "the VM")
    reconfigure(vm, cpuAllocation=vim.ResourceAllocationInfo(limit=machines.compute.host[0].summary.hardware.cpuMhz // 4))
    [cgroup] = (machines.host.libvirt.cpu_cgroup / "machine").glob("qemu-*-limited.libvirt-qemu")

    def throttled():
        return int(dict(line.split() for line in (cgroup / "cpu.stat").read_text().splitlines())["nr_throttled"])
    before = throttled()
    guest.start("sh -c 'while :; do :; done'")
    wait_until(lambda: throttled() > before + 3, "the guest to be held up")
    WaitForTask(vm.PowerOffVM_Task())
    WaitForTask(vm.Destroy_Task())


def test_without_cgroups(guest_host):
    """What is asked for is kept and shown, and an event says that it is not in force, and why."""
    machines = Machines(guest_host)
    vm = machines.create("untuned", disks=[8])

    def told():
        entity = vim.event.EventFilterSpec.ByEntity(entity=vm, recursion="self")
        found = machines.content.eventManager.QueryEvents(
            vim.event.EventFilterSpec(entity=entity, eventTypeId=["aerostat.error"]))
        return [event.message for event in found if "its processors are kept, but not in force: " in event.message]
    WaitForTask(vm.PowerOnVM_Task())
    assert not told()
    reconfigure(vm, annotation="x", cpuAllocation=allocation("high", limit=700, reservation=0))
    assert (vm.config.cpuAllocation.shares.level, vm.config.cpuAllocation.limit, vm.config.annotation) == ("high", 700, "x")
    assert len(told()) == 1 and "cgroup" in told()[0]
    # Whoever sets the shares of a pool's VMs gives back what he was told of processors.
    now = vm.resourceConfig
    now.memoryAllocation.reservation = 8
    machines.pool.UpdateChildResourceConfiguration([now])
    assert vm.config.memoryAllocation.reservation == 8 and vm.config.cpuAllocation.limit == 700
    for other in allocation("normal"), allocation("high", limit=701), allocation("high", reservation=1):
        with fails_with(vmodl.fault.NotSupported):
            machines.pool.UpdateChildResourceConfiguration([vim.ResourceConfigSpec(
                entity=vm, cpuAllocation=other, memoryAllocation=vim.ResourceAllocationInfo(reservation=9))])
        assert vm.config.memoryAllocation.reservation == 8
    assert "<cputune>" not in guest_host.libvirt.virsh("dumpxml", "untuned").stdout
    WaitForTask(vm.PowerOffVM_Task())
    WaitForTask(vm.PowerOnVM_Task())
    assert len(told()) == 2 and vm.config.cpuAllocation.limit == 700
    WaitForTask(vm.PowerOffVM_Task())
    WaitForTask(vm.Destroy_Task())
