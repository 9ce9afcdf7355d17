# SPDX-License-Identifier: LGPL-2.1-or-later
"""What administrators' scripts rely on beside what is asked of each object elsewhere: files by the names that they
gave them, paths as they put them together, and figures that they divide by."""

import pytest
from vms import STORE, Machines, WaitForTask, change_device, disk_to_add, disks, fails_with, reconfigure, vim


@pytest.fixture(scope="module", name="machines")
def _machines(guest_host):
    return Machines(guest_host)


def named_disk(path, size_mb=16, unit=1, thin=True):
    change = disk_to_add(size_mb, unit=unit, thin=thin)
    change.device.backing.fileName = path
    return change


def attached(path, unit=1):
    change = named_disk(path, unit=unit)
    change.fileOperation = None
    return change


def test_disks_have_the_names_that_they_were_given(machines):
    vm = machines.create("named", disks=(16,))
    reconfigure(vm, deviceChange=[named_disk(f"[{STORE}] named/data.vmdk")])
    assert [disk.backing.fileName for disk in disks(vm)] == [f"[{STORE}] named/named.qcow2", f"[{STORE}] named/data.vmdk"]
    assert disks(vm)[1].capacityInKB == 16 << 10 and disks(vm)[1].backing.thinProvisioned

    # Taken off and put on again, by that name.
    reconfigure(vm, deviceChange=[change_device(disks(vm)[1], "remove")])
    assert (machines.home("named") / "data.vmdk").exists() and len(disks(vm)) == 1
    with fails_with(vim.fault.FileAlreadyExists):
        reconfigure(vm, deviceChange=[named_disk(f"[{STORE}] named/data.vmdk")])
    reconfigure(vm, deviceChange=[attached(f"[{STORE}] /named/./data.vmdk")])
    assert disks(vm)[1].backing.fileName == f"[{STORE}] named/data.vmdk"

    with fails_with(vim.fault.FileNotFound):
        reconfigure(vm, deviceChange=[named_disk(f"[{STORE}] nowhere/data.vmdk", unit=2)])
    reconfigure(vm, deviceChange=[change_device(disks(vm)[1], "remove", fileOperation="destroy")])
    assert not (machines.home("named") / "data.vmdk").exists()
    WaitForTask(vm.Destroy_Task())


def test_a_change_that_fails_leaves_no_disk(machines):
    vm = machines.create("undone", disks=(16,))
    with fails_with(vim.fault.FileNotFound):
        reconfigure(vm, deviceChange=[named_disk(f"[{STORE}] undone/one.vmdk"), attached(f"[{STORE}] undone/two.vmdk", 2)])
    assert len(disks(vm)) == 1 and not (machines.home("undone") / "one.vmdk").exists()
    WaitForTask(vm.Destroy_Task())


def test_a_new_vm_has_its_disk_by_name(machines):
    spec = machines.spec("whole")
    spec.deviceChange.append(named_disk(f"[{STORE}] whole/system.vmdk", unit=0, thin=False))
    spec.deviceChange[-1].device.controllerKey = -1
    task = machines.folder.CreateVM_Task(config=spec, pool=machines.pool)
    WaitForTask(task)
    assert (machines.home("whole") / "system.vmdk").stat().st_blocks * 512 >= 16 << 20
    WaitForTask(task.info.result.Destroy_Task())


def test_a_disk_made_without_a_vm_is_attached(machines):
    manager = machines.content.virtualDiskManager
    WaitForTask(manager.CreateVirtualDisk_Task(
        name=f"[{STORE}] free.vmdk", datacenter=machines.datacenter, spec=vim.VirtualDiskManager.FileBackedVirtualDiskSpec(
            diskType="thin", adapterType="lsiLogic", capacityKb=16 << 10)))
    vm = machines.create("taker", disks=(16,))
    reconfigure(vm, deviceChange=[attached(f"[{STORE}] free.vmdk")])
    assert disks(vm)[1].capacityInKB == 16 << 10
    # What others make under such a name is none of ours.
    (machines.store / "foreign.vmdk").write_bytes(b"\0" * 65536)
    with fails_with(vim.fault.InvalidDiskFormat):
        reconfigure(vm, deviceChange=[attached(f"[{STORE}] foreign.vmdk", unit=2)])
    WaitForTask(vm.Destroy_Task())


def test_a_new_disk_has_no_parent(machines):
    vm = machines.create("orphan", disks=(16,))
    change = named_disk(f"[{STORE}] orphan/child.vmdk")
    change.device.backing.parent = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
        fileName=disks(vm)[0].backing.fileName, diskMode="persistent")
    with fails_with(vim.fault.InvalidDeviceBacking):
        reconfigure(vm, deviceChange=[change])
    assert len(disks(vm)) == 1
    WaitForTask(vm.Destroy_Task())


def test_paths_as_scripts_join_them(machines):
    (machines.store / "media").mkdir()
    (machines.store / "media/boot.iso").write_bytes(b"\0" * 2048)
    browser = machines.datastore.browser
    spec = vim.host.DatastoreBrowser.SearchSpec(matchPattern=["*.iso"])
    for path in ("media", "./media", "/media", "media/.", "media//"):
        task = browser.SearchDatastore_Task(datastorePath=f"[{STORE}] {path}", searchSpec=spec)
        WaitForTask(task)
        assert [file.path for file in task.info.result.file] == ["boot.iso"], path
    with fails_with(vim.fault.InvalidDatastorePath):
        WaitForTask(browser.SearchDatastore_Task(datastorePath=f"[{STORE}] media/..", searchSpec=spec))


def test_controllers_list_what_is_on_them(machines):
    vm = machines.create("tree", disks=(16, 16))
    devices = {device.key: device for device in vm.config.hardware.device}
    for device in devices.values():
        listed = {key for other in devices.values() for key in getattr(other, "device", None) or []
                  if other.key == device.controllerKey}
        assert device.controllerKey is None or device.key in listed, device.deviceInfo.label
    WaitForTask(vm.Destroy_Task())


def test_figures_to_divide_by(machines):
    vm = machines.create("divided", numCPUs=2)
    mhz = machines.compute.host[0].hardware.cpuInfo.hz // 1000000
    assert vm.runtime.maxCpuUsage == vm.summary.runtime.maxCpuUsage == 2 * mhz > 0
    assert vm.runtime.maxMemoryUsage == 64
    reconfigure(vm, cpuAllocation=vim.ResourceAllocationInfo(limit=100))
    assert vm.runtime.maxCpuUsage == 100
    assert not vm.config.cpuAllocation.expandableReservation
    WaitForTask(vm.Destroy_Task())


def test_a_task_that_has_ended_is_seen_in_what_it_changed(machines):
    vm = machines.create("moving")
    plain = vim.ResourceConfigSpec(cpuAllocation=vim.ResourceAllocationInfo(), memoryAllocation=vim.ResourceAllocationInfo())
    pool = machines.pool.CreateResourcePool("there", plain)
    for there in (pool, machines.pool) * 10:
        task = vm.RelocateVM_Task(vim.vm.RelocateSpec(pool=there))
        # Not by WaitForTask(), which takes some time to tell.
        while task.info.state not in ("success", "error"):
            pass
        assert (task.info.state, vm.resourcePool) == ("success", there)
    WaitForTask(vm.Destroy_Task())
    WaitForTask(pool.Destroy_Task())


def test_guests_have_names(machines):
    vm = machines.create("called", guestId="debian12_64Guest")
    assert vm.config.guestFullName == vm.summary.config.guestFullName == "Debian GNU/Linux 12 (64-bit)"
    option = machines.compute.environmentBrowser.QueryConfigOption(None, None)
    assert vm.config.guestId in [guest.id for guest in option.guestOSDescriptor]
    WaitForTask(vm.Destroy_Task())
