# SPDX-License-Identifier: LGPL-2.1-or-later
"""ReconfigVM_Task of a VM whose guest runs, by pyVmomi: what takes effect at once, and what has to wait."""

import pytest

from vms import (STORE, Machines, Watch, WaitForTask, change_device, disk_to_add, disks, fails_with, reconfigure, vim, vmodl,
                 wait_until)

MEMORY_MB = 128
MIB = 1 << 20


@pytest.fixture(scope="module")
def machines(guest_host):
    return Machines(guest_host)


@pytest.fixture(scope="module")
def guest(machines):
    """Of a VM with a pager and one disk."""
    guests = machines.guests()
    guests.daemon.pagers = machines.host.workspace.folder("pagers")
    guests.create("hot", memory_mb=MEMORY_MB)
    return guests.on("hot")


@pytest.fixture(scope="module")
def vm(machines, guest):
    del guest
    return wait_until(lambda: machines.find("hot"), "the VM")


def figures(machines):
    return machines.host.daemon.vm("hot")


def memory(vm):
    allocation = vm.config.memoryAllocation
    return allocation.shares.level, allocation.shares.shares, allocation.reservation, allocation.limit


def extra(vm):
    return {option.key: option.value for option in vm.config.extraConfig}


def options(**settings):
    return [vim.option.OptionValue(key=f"sched.mem.{key}", value=str(value)) for key, value in settings.items()]


def test_memory(machines, vm):
    """The memory scheduler has it at once, and the limit is the pager's."""
    wait_until(lambda: figures(machines)["managed"] == "pager", "the pager")
    watch = Watch(machines.si, vm, "config.memoryAllocation", "resourceConfig", "summary.config.memoryReservation",
                  "config.changeVersion")
    watch.until(lambda seen: seen["config.changeVersion"])
    before = watch.seen["config.changeVersion"]
    reconfigure(vm, memoryAllocation=vim.ResourceAllocationInfo(
        reservation=16, limit=96, shares=vim.SharesInfo(level="custom", shares=1234)))
    assert memory(vm) == ("custom", 1234, 16, 96) and vm.config.changeVersion != before
    watch.until(lambda seen: seen["config.memoryAllocation"].limit == 96 and seen["resourceConfig"].memoryAllocation.limit == 96
                and seen["summary.config.memoryReservation"] == 16)
    wait_until(lambda: (figures(machines)["pager_limit_bytes"] or MEMORY_MB * MIB) <= 96 * MIB, "the pager's limit")
    wait_until(lambda: figures(machines)["consumed_bytes"] <= 96 * MIB, "the VM to be within it")
    reconfigure(vm, memoryAllocation=vim.ResourceAllocationInfo(limit=-1, shares=vim.SharesInfo(level="low", shares=0)))
    # What was not said stays.
    assert memory(vm) == ("low", 5 * MEMORY_MB, 16, -1)
    entity = vim.event.EventFilterSpec.ByEntity(entity=vm, recursion="self")
    assert machines.content.eventManager.QueryEvents(
        vim.event.EventFilterSpec(entity=entity, eventTypeId=["VmResourceReallocatedEvent"]))
    watch.end()


def test_seen_at_once(vm):
    """Who has waited for the task finds what it did, each time."""
    for limit in range(60, 90):
        reconfigure(vm, memoryAllocation=vim.ResourceAllocationInfo(limit=limit))
        assert memory(vm)[3] == limit
    reconfigure(vm, memoryAllocation=vim.ResourceAllocationInfo(limit=-1))


def test_extra_config(machines, vm):
    """The same settings by ESX's other names for them."""
    reconfigure(vm, extraConfig=options(min=24, max=100, shares="high", maxmemctl=30))
    assert memory(vm) == ("high", 20 * MEMORY_MB, 24, 100)
    assert figures(machines)["config"]["sched.mem.maxmemctl"] == "30" and extra(vm)["sched.mem.maxmemctl"] == "30"
    wait_until(lambda: (figures(machines)["pager_limit_bytes"] or MEMORY_MB * MIB) <= 100 * MIB, "the pager's limit")
    before = vm.config.changeVersion
    for wrong in [options(min=101), options(min=-1), options(max="many"), options(shares="most"), options(shares=0),
                  options(none=1), options(min=MEMORY_MB + 1), options(max=50, min=60)]:
        with fails_with(vmodl.fault.InvalidArgument):
            reconfigure(vm, annotation="x", extraConfig=wrong)
        assert vm.config.changeVersion == before and memory(vm) == ("high", 20 * MEMORY_MB, 24, 100)
    reconfigure(vm, extraConfig=options(min=0, max=-1, shares="normal", maxmemctl=-1))
    assert memory(vm) == ("normal", 10 * MEMORY_MB, 0, -1)


def test_disk_comes_and_goes(machines, vm, guest):
    watch = Watch(machines.si, vm, "config.hardware.device", "layoutEx.file")
    reconfigure(vm, deviceChange=[disk_to_add(16, unit=1, mode="independent_persistent")])
    first, second = disks(vm)
    assert (second.key, second.unitNumber, second.capacityInKB) == (2001, 1, 16 * 1024)
    assert second.backing.diskMode == "independent_persistent" and first.backing.diskMode == "persistent"
    guest.shell("until [ -e /sys/block/vdb ]; do usleep 50000; done; mdev -s 2>/dev/null; [ $(cat /sys/block/vdb/size) = 32768 ]")
    guest.write("on the new disk", disk="vdb")
    watch.until(lambda seen: second.key in [device.key for device in seen["config.hardware.device"]] and
                second.backing.fileName in [file.name for file in seen["layoutEx.file"]])

    second.capacityInKB, second.capacityInBytes = 24 * 1024, 24 * MIB
    reconfigure(vm, deviceChange=[change_device(second)])
    assert disks(vm)[1].capacityInKB == 24 * 1024
    guest.shell("until [ $(cat /sys/block/vdb/size) = 49152 ]; do usleep 50000; done")
    assert guest.read(disk="vdb") == "on the new disk"

    # Out with its file kept, in again, and out for good.
    file = machines.store / second.backing.fileName.split("] ")[1]
    reconfigure(vm, deviceChange=[change_device(disks(vm)[1], "remove")])
    assert [disk.key for disk in disks(vm)] == [2000] and file.exists()
    guest.shell("until [ ! -e /sys/block/vdb ]; do usleep 50000; done")
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(diskMode="persistent", fileName=second.backing.fileName)
    reconfigure(vm, deviceChange=[change_device(vim.vm.device.VirtualDisk(
        key=-1, backing=backing, controllerKey=1000, unitNumber=1, capacityInKB=0), "add")])
    guest.shell("until [ -e /sys/block/vdb ]; do usleep 50000; done; mdev -s 2>/dev/null; true")
    assert guest.read(disk="vdb") == "on the new disk"
    reconfigure(vm, deviceChange=[change_device(disks(vm)[1], "remove", fileOperation="destroy")])
    assert [disk.key for disk in disks(vm)] == [2000] and not file.exists()
    watch.until(lambda seen: second.key not in [device.key for device in seen["config.hardware.device"]] and
                second.backing.fileName not in [file.name for file in seen["layoutEx.file"]])
    watch.end()


def test_waits_for_power_off(machines, vm, guest):
    """What a running machine cannot have is InvalidPowerState, and nothing of the rest is done."""
    [disk] = disks(vm)
    modes = []
    for mode in "independent_persistent", "independent_nonpersistent":
        [other] = disks(vm)
        other.backing.diskMode = mode
        modes.append(change_device(other))
    before, files = vm.config.changeVersion, sorted(path.name for path in machines.home("hot").iterdir())
    for fields in [{"memoryMB": 160}, {"memoryMB": 96}, {"numCPUs": 2}, {"name": "other"},
                   *({"deviceChange": [change]} for change in modes),
                   {"deviceChange": [disk_to_add(8, unit=1, mode="independent_nonpersistent")]},
                   {"deviceChange": [change_device(vim.vm.device.VirtualCdrom(
                       key=-1, controllerKey=200, unitNumber=0,
                       backing=vim.vm.device.VirtualCdrom.RemotePassthroughBackingInfo(deviceName="")), "add")]}]:
        with fails_with(vim.fault.InvalidPowerState) as caught:
            reconfigure(vm, annotation="x", memoryAllocation=vim.ResourceAllocationInfo(limit=90), **fields)
        assert (caught.value.requestedState, caught.value.existingState) == ("poweredOff", "poweredOn"), fields
        assert vm.config.changeVersion == before and memory(vm)[3] == -1
    # As it is already, it may be said.
    reconfigure(vm, memoryMB=MEMORY_MB, numCPUs=1, name="hot", deviceChange=[change_device(disk)])
    smaller = disks(vm)[0]
    smaller.capacityInKB, smaller.capacityInBytes = 1024, MIB
    for fault, change in [(vim.fault.InvalidDeviceSpec, change_device(smaller)),
                          (vim.fault.InvalidDeviceBacking, disk_to_add(8, unit=1, mode="undoable")),
                          (vim.fault.InvalidDeviceSpec, disk_to_add(8, unit=0))]:
        with fails_with(fault):
            reconfigure(vm, annotation="x", deviceChange=[change])
    assert sorted(path.name for path in machines.home("hot").iterdir()) == files
    assert guest.shell("echo alive").strip() == "alive"


def test_taken_back(machines, vm, guest):
    """Found out on the way: the disk that was added goes, and the limit that was in force is lifted."""
    before = vm.config.changeVersion
    with fails_with(vmodl.MethodFault):
        reconfigure(vm, annotation="x", memoryAllocation=vim.ResourceAllocationInfo(limit=90), deviceChange=[
            disk_to_add(8, unit=1), disk_to_add(1 << 30, unit=2, thin=False)])
    assert vm.config.changeVersion == before and memory(vm)[3] == -1 and vm.config.annotation != "x"
    assert [disk.key for disk in disks(vm)] == [2000] and figures(machines)["config"]["sched.mem.max"] == "-1"
    guest.shell("until [ ! -e /sys/block/vdb ]; do usleep 50000; done")


def test_power_operations(machines, vm):
    watch = Watch(machines.si, vm, "config.defaultPowerOps")
    for action in "powerOnSuspend", "checkpoint":
        reconfigure(vm, powerOpInfo=vim.vm.DefaultPowerOpInfo(standbyAction=action, powerOffType="hard"))
        assert (vm.config.defaultPowerOps.standbyAction, vm.config.defaultPowerOps.powerOffType) == (action, "hard")
        watch.until(lambda seen, action=action: seen["config.defaultPowerOps"].standbyAction == action)
    for wrong in [{"standbyAction": "sleep"}, {"powerOffType": "gentle"}, {"resetType": "x"}]:
        with fails_with(vmodl.fault.InvalidArgument) as caught:
            reconfigure(vm, powerOpInfo=vim.vm.DefaultPowerOpInfo(**wrong))
        assert caught.value.invalidProperty == f"configSpec.powerOpInfo.{[*wrong][0]}"
    reconfigure(vm, powerOpInfo=vim.vm.DefaultPowerOpInfo(powerOffType="preset"))
    watch.until(lambda seen: seen["config.defaultPowerOps"].powerOffType != "hard")
    watch.end()


def test_end(machines, vm):
    """All of it is off and gone without a trace."""
    WaitForTask(vm.PowerOffVM_Task())
    assert f"[{STORE}] hot/hot.vmx" == vm.config.files.vmPathName
    WaitForTask(vm.Destroy_Task())
    assert not machines.home("hot").exists()
