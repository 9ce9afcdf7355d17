# SPDX-License-Identifier: LGPL-2.1-or-later
"""Power, snapshots and clones of VMs by pyVmomi, with guests that run."""

import datetime

import pytest

from harness import agent_image
from vms import (STORE, Machines, WaitForTask, change_device, disk_to_add, disks, fails_with, reconfigure, vim, vmodl,
                 wait_until)


@pytest.fixture(scope="module")
def machines(guest_host):
    return Machines(guest_host)


@pytest.fixture(scope="module")
def guests(machines):
    return machines.guests()


@pytest.fixture(scope="module")
def parent(machines, guests):
    """A VM with a disk that says so, off, with a snapshot "base"."""
    guests.create("parent")
    guest = guests.on("parent")
    guest.write("from the parent", at=8)
    guests.off("parent")
    vm = wait_until(lambda: machines.find("parent"), "the parent")
    WaitForTask(vm.CreateSnapshot_Task(name="base", description="to clone from", memory=False, quiesce=False))
    return vm


def delete(vm):
    if vm.runtime.powerState != "poweredOff":
        WaitForTask(vm.PowerOffVM_Task())
    WaitForTask(vm.Destroy_Task())


def test_power(machines):
    vm = machines.create("powered", disks=[8])
    with fails_with(vim.fault.InvalidPowerState) as caught:
        WaitForTask(vm.PowerOffVM_Task())
    assert (caught.value.requestedState, caught.value.existingState) == ("poweredOn", "poweredOff")
    task = vm.PowerOnVM_Task()
    WaitForTask(task)
    assert vm.runtime.powerState == "poweredOn" and task.info.entity == vm and task.info.state == "success"
    wait_until(lambda: vm.runtime.bootTime, "the time of its start")
    assert abs(vm.runtime.bootTime - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(minutes=5)
    wait_until(lambda: vm.summary.quickStats.hostMemoryUsage > 0, "figures of its memory")
    for call, fault in [(vm.PowerOnVM_Task, vim.fault.InvalidPowerState), (vm.Destroy_Task, vim.fault.InvalidPowerState),
                        (lambda: vm.ReconfigVM_Task(vim.vm.ConfigSpec(memoryMB=100)), vim.fault.InvalidPowerState)]:
        with fails_with(fault):
            WaitForTask(call())
    for call, fault in [(vm.ShutdownGuest, vim.fault.ToolsUnavailable), (vm.RebootGuest, vim.fault.ToolsUnavailable),
                        (vm.MarkAsTemplate, vim.fault.InvalidPowerState), (vm.UnregisterVM, vim.fault.InvalidPowerState),
                        (vm.MountToolsInstaller, vmodl.fault.NotSupported),
                        (vm.QueryFaultToleranceCompatibility, vmodl.fault.NotImplemented)]:
        with fails_with(fault):
            call()
    WaitForTask(vm.ResetVM_Task())
    WaitForTask(vm.SuspendVM_Task())
    assert vm.runtime.powerState == "suspended" and vm.runtime.suspendTime and "PowerOnVM_Task" not in vm.disabledMethod
    WaitForTask(vm.PowerOnVM_Task())
    assert vm.runtime.powerState == "poweredOn" and vm.runtime.suspendTime is None
    # A disk comes and goes while it runs.
    reconfigure(vm, deviceChange=[disk_to_add(8, unit=1)])
    assert [d.key for d in disks(vm)] == [2000, 2001]
    WaitForTask(vm.PowerOffVM_Task())
    assert vm.runtime.powerState == "poweredOff" and vm.runtime.bootTime is None
    assert vm.summary.quickStats.hostMemoryUsage == 0
    delete(vm)


def test_registered_as_template(machines):
    vm = machines.create("mould", disks=[8])
    path = vm.config.files.vmPathName
    vm.UnregisterVM()
    task = machines.folder.RegisterVM_Task(path=path, asTemplate=True, host=machines.compute.host[0])
    WaitForTask(task)
    template = task.info.result
    assert template.config.template and template.summary.config.template
    with fails_with(vmodl.MethodFault):
        WaitForTask(template.PowerOnVM_Task())
    # Nor does it run on a host that it could be moved to.
    with fails_with(vmodl.fault.NotSupported):
        WaitForTask(template.MigrateVM_Task(pool=machines.pool, priority="defaultPriority"))
    template.MarkAsVirtualMachine(pool=machines.pool)
    assert not template.config.template
    delete(template)


def test_migrate(machines):
    """There is one host: it is the pool that may change, and the state is looked at."""
    vm, host = machines.create("mover"), machines.compute.host[0]
    pool = machines.pool.CreateResourcePool("elsewhere", vim.ResourceConfigSpec(
        cpuAllocation=vim.ResourceAllocationInfo(reservation=0, limit=-1, expandableReservation=True,
                                                 shares=vim.SharesInfo(level="normal", shares=4000)),
        memoryAllocation=vim.ResourceAllocationInfo(reservation=0, limit=-1, expandableReservation=True,
                                                    shares=vim.SharesInfo(level="normal", shares=1))))
    with fails_with(vim.fault.InvalidPowerState) as caught:
        WaitForTask(vm.MigrateVM_Task(pool=pool, priority="defaultPriority", state="poweredOn"))
    assert (caught.value.requestedState, caught.value.existingState) == ("poweredOn", "poweredOff")
    with fails_with(vmodl.fault.InvalidArgument):
        WaitForTask(vm.MigrateVM_Task(priority="defaultPriority"))
    assert vm.resourcePool == machines.pool
    WaitForTask(vm.MigrateVM_Task(pool=pool, host=host, priority="defaultPriority", state="poweredOff"))
    assert vm.resourcePool == pool and vm.runtime.host == host
    WaitForTask(vm.MigrateVM_Task(host=host, priority="highPriority"))
    assert vm.resourcePool == pool
    delete(vm)
    WaitForTask(pool.Destroy_Task())


def test_several_at_once(machines):
    vms = [machines.create(f"multi{number}") for number in range(2)]
    task = machines.datacenter.PowerOnMultiVM_Task(vm=vms)
    WaitForTask(task)
    assert {attempt.vm for attempt in task.info.result.attempted} == set(vms)
    for attempt in task.info.result.attempted:
        WaitForTask(attempt.task)
    for vm in vms:
        assert vm.runtime.powerState == "poweredOn"
        delete(vm)


def test_not_enough_memory_is_promised(machines):
    host_mb = machines.compute.host[0].hardware.memorySize >> 20
    vm = machines.create("greedy", memoryMB=host_mb * 2,
                         memoryAllocation=vim.ResourceAllocationInfo(reservation=host_mb * 2))
    with fails_with(vim.fault.InsufficientMemoryResourcesFault) as caught:
        WaitForTask(vm.PowerOnVM_Task())
    assert caught.value.requested >= host_mb * 2 << 20 > caught.value.unreserved
    delete(vm)


def test_snapshots(machines):
    vm = machines.create("shot", disks=[8])
    assert vm.snapshot is None and list(vm.rootSnapshot) == []
    for name in "first", "second":
        task = vm.CreateSnapshot_Task(name=name, description=f"the {name}", memory=False, quiesce=False)
        WaitForTask(task)
        assert task.info.result == vm.snapshot.currentSnapshot
        reconfigure(vm, annotation=f"after {name}")
    first = vm.snapshot.rootSnapshotList[0]
    second = first.childSnapshotList[0]
    assert (first.name, first.description, first.state) == ("first", "the first", "poweredOff")
    assert list(vm.rootSnapshot) == [first.snapshot] and list(first.snapshot.childSnapshot) == [second.snapshot]
    assert first.snapshot.config.hardware.memoryMB == 64 and first.snapshot.vm == vm
    # What the VM writes to stands on what the snapshots have.
    backing = disks(vm)[0].backing
    assert backing.parent.parent.fileName == f"[{STORE}] shot/shot.qcow2" and backing.parent.parent.parent is None
    with fails_with(vmodl.MethodFault):
        disk = disks(vm)[0]
        disk.capacityInKB, disk.capacityInBytes = 10240, 10 << 20
        reconfigure(vm, deviceChange=[change_device(disk)])
    first.snapshot.RenameSnapshot(name="renamed", description="otherwise")
    assert vm.snapshot.rootSnapshotList[0].name == "renamed"
    WaitForTask(first.snapshot.RevertToSnapshot_Task())
    assert vm.snapshot.currentSnapshot == first.snapshot
    WaitForTask(vm.RevertToCurrentSnapshot_Task())
    with fails_with(vim.fault.InvalidName):
        WaitForTask(vm.CreateSnapshot_Task(name="a/b", memory=False, quiesce=False))
    WaitForTask(second.snapshot.RemoveSnapshot_Task(removeChildren=False))
    with fails_with(vmodl.fault.ManagedObjectNotFound):
        second.snapshot.config
    WaitForTask(vm.RemoveAllSnapshots_Task())
    assert vm.snapshot is None and disks(vm)[0].backing.parent is None and not vm.runtime.consolidationNeeded
    with fails_with(vim.fault.NotFound):
        WaitForTask(vm.RevertToCurrentSnapshot_Task())
    delete(vm)


def test_memory_of_a_snapshot(machines, guests):
    guests.create("recalled")
    vm = wait_until(lambda: machines.find("recalled"), "the VM")
    guest = guests.on("recalled")
    guest.shell("echo then >/tmp/when")
    WaitForTask(vm.CreateSnapshot_Task(name="running", memory=True, quiesce=False))
    assert vm.snapshot.rootSnapshotList[0].state == "poweredOn"
    guests.guest("recalled", wait=False).shell("echo now >/tmp/when")
    # It runs again as it did, unless that is not wanted.
    WaitForTask(vm.RevertToCurrentSnapshot_Task())
    assert vm.runtime.powerState == "poweredOn"
    assert guests.guest("recalled", wait=False).shell("cat /tmp/when").strip() == "then"
    WaitForTask(vm.RevertToCurrentSnapshot_Task(suppressPowerOn=True))
    assert vm.runtime.powerState == "suspended"
    delete(vm)


def clone_spec(machines, parent=None, **fields):
    location = vim.vm.RelocateSpec(pool=machines.pool, datastore=machines.datastore)
    if parent is not None:
        location.diskMoveType = "createNewChildDiskBacking"
        fields["snapshot"] = parent.snapshot.currentSnapshot
    return vim.vm.CloneSpec(**{"location": location, "template": False, "powerOn": False, **fields})


def test_linked_clone(machines, guests, parent):
    folder = machines.folder.CreateFolder("clones")
    config = vim.vm.ConfigSpec(annotation="a clone", memoryMB=160,
                               memoryAllocation=vim.ResourceAllocationInfo(reservation=8), deviceChange=[disk_to_add(8, unit=1)])
    tasks = [parent.CloneVM_Task(folder=folder, name=f"linked{n}", spec=clone_spec(machines, parent, config=config))
             for n in range(2)]
    clones = []
    for number, task in enumerate(tasks):
        WaitForTask(task)
        clone = task.info.result
        clones.append(clone)
        assert clone.name == f"linked{number}" and clone.parent == folder and clone in folder.childEntity
        assert clone.config.annotation == "a clone" and clone.config.hardware.memoryMB == 160
        assert clone.config.memoryAllocation.reservation == 8
        first, second = disks(clone)
        assert first.backing.parent.fileName == f"[{STORE}] parent/parent.qcow2" and second.backing.parent is None
        assert clone.summary.storage.committed < 4 << 20
    guest = guests.on("linked0")
    assert guest.read(at=8) == "from the parent"
    guests.off("linked0")
    # The parent cannot go.
    for call in parent.Destroy_Task, parent.RemoveAllSnapshots_Task:
        with pytest.raises(vmodl.MethodFault):
            WaitForTask(call())
    for clone in clones:
        delete(clone)


def test_full_clone_and_template(machines, guests, parent):
    task = parent.CloneVM_Task(folder=machines.folder, name="mould", spec=clone_spec(machines, template=True))
    WaitForTask(task)
    mould = task.info.result
    assert mould.config.template and mould.resourcePool is None and disks(mould)[0].backing.parent is None
    task = mould.CloneVM_Task(folder=machines.folder, name="deployed", spec=clone_spec(machines, powerOn=True))
    WaitForTask(task)
    deployed = task.info.result
    assert deployed.runtime.powerState == "poweredOn" and not deployed.config.template
    assert guests.guest("deployed").read(at=8) == "from the parent"
    delete(deployed)
    delete(mould)


def test_clone_refused(machines, parent):
    bad_pool = clone_spec(machines)
    bad_pool.location.pool = vim.ResourcePool("resgroup-4711", machines.si._stub)
    for fault, name, spec in [
            (vim.fault.DuplicateName, "parent", clone_spec(machines, parent)),
            (vim.fault.InvalidName, "a/b", clone_spec(machines, parent)),
            (vmodl.fault.ManagedObjectNotFound, "x", bad_pool),
            (vmodl.fault.InvalidArgument, "x", clone_spec(machines, parent, config=vim.vm.ConfigSpec(nestedHVEnabled=True))),
            (vim.fault.DeviceNotFound, "x", clone_spec(machines, parent, config=vim.vm.ConfigSpec(deviceChange=[
                change_device(vim.vm.device.VirtualDisk(key=2013, capacityInKB=1), "remove")]))),
            (vim.fault.CustomizationFault, "x", clone_spec(machines, parent, customization=customization(
                vim.vm.customization.UnknownNameGenerator())))]:
        with fails_with(fault):
            WaitForTask(parent.CloneVM_Task(folder=machines.folder, name=name, spec=spec))
    assert machines.find("x") is None and not machines.home("x").exists()


def customization(name):
    return vim.vm.customization.Specification(
        identity=vim.vm.customization.LinuxPrep(hostName=name, domain="example.org"),
        globalIPSettings=vim.vm.customization.GlobalIPSettings(), options=vim.vm.customization.LinuxOptions())


def test_customized_clone(machines, parent):
    spec = clone_spec(machines, parent, customization=customization(vim.vm.customization.FixedName(name="chosen")))
    task = parent.CloneVM_Task(folder=machines.folder, name="custom", spec=spec)
    WaitForTask(task)
    seed = machines.home("custom") / "custom-seed.iso"
    assert b"chosen" in seed.read_bytes()
    clone = task.info.result
    clone.CheckCustomizationSpec(customization(vim.vm.customization.VirtualMachineNameGenerator()))
    WaitForTask(clone.CustomizeVM_Task(customization(vim.vm.customization.VirtualMachineNameGenerator())))
    assert b"chosen" not in seed.read_bytes() and b"custom" in seed.read_bytes()
    delete(clone)


def test_relocate(machines, parent):
    vm = machines.create("moved", disks=[8])
    other = machines.compute.host[0].configManager.datastoreSystem.CreateLocalDatastore(
        "other", str(machines.host.workspace.folder("other")))
    folder = machines.folder.CreateFolder("moved to")
    pool = machines.pool.CreateResourcePool("moved to", vim.ResourceConfigSpec(
        cpuAllocation=vim.ResourceAllocationInfo(reservation=0, limit=-1, expandableReservation=True,
                                                 shares=vim.SharesInfo(level="normal", shares=0)),
        memoryAllocation=vim.ResourceAllocationInfo(reservation=0, limit=-1, expandableReservation=True,
                                                    shares=vim.SharesInfo(level="normal", shares=0))))
    locator = vim.vm.RelocateSpec.DiskLocator(diskId=disks(vm)[0].key, datastore=other)
    WaitForTask(vm.RelocateVM_Task(vim.vm.RelocateSpec(datastore=other, folder=folder, pool=pool, disk=[locator])))
    assert list(vm.datastore) == [other] and vm.parent == folder and vm.resourcePool == pool
    assert vm in other.vm and vm not in machines.datastore.vm and vm not in machines.pool.vm
    assert vm.config.files.vmPathName == "[other] moved/moved.vmx"
    WaitForTask(vm.RelocateVM_Task(vim.vm.RelocateSpec(datastore=machines.datastore, transform="flat")))
    assert not disks(vm)[0].backing.thinProvisioned
    apart = vim.vm.RelocateSpec.DiskLocator(diskId=disks(vm)[0].key, datastore=machines.datastore)
    with fails_with(vmodl.fault.InvalidArgument):
        WaitForTask(vm.RelocateVM_Task(vim.vm.RelocateSpec(datastore=other, disk=[apart])))
    assert list(vm.datastore) == [machines.datastore]
    delete(vm)


def test_guest_information(machines, guests):
    """What the agent says, and what it does."""
    guests.create_from(agent_image(), "informed", 160)
    vm = wait_until(lambda: machines.find("informed"), "the VM")
    assert vm.guest.toolsStatus == "toolsNotInstalled" and vm.guest.guestState == "notRunning"
    WaitForTask(vm.PowerOnVM_Task())
    wait_until(lambda: vm.guest.toolsRunningStatus == "guestToolsRunning", "the agent", timeout=180)
    wait_until(lambda: vm.guest.hostName, "the guest's name")
    assert vm.summary.guest.hostName == vm.guest.hostName and vm.guest.guestFamily == "linuxGuest"
    assert vm.guestHeartbeatStatus == "green" and vm.guest.guestOperationsReady
    vm.ShutdownGuest()
    wait_until(lambda: vm.runtime.powerState == "poweredOff", "the guest to shut down")
    assert vm.guest.toolsRunningStatus == "guestToolsNotRunning" and vm.guest.hostName is None
    delete(vm)
