# SPDX-License-Identifier: LGPL-2.1-or-later
"""VMs made and changed by pyVmomi, as its samples do it, with the faults that a vCenter has."""

import pytest

from vms import (STORE, Machines, WaitForTask, change_device, disk_to_add, disks, fails_with, reconfigure, vim, vmodl,
                 wait_until)


@pytest.fixture(scope="module")
def machines(guest_host):
    return Machines(guest_host)


@pytest.fixture
def made(machines):
    """Makes VMs, which go at the end of the test."""
    vms = []

    def make(name, *args, **fields):
        vms.append(machines.create(name, *args, **fields))
        return vms[-1]

    def replace(old, new):
        vms[vms.index(old)] = new
    make.replace = replace
    yield make
    for vm in vms:
        if vm.runtime.powerState != "poweredOff":
            WaitForTask(vm.PowerOffVM_Task())
        WaitForTask(vm.Destroy_Task())


def test_create(machines, made):
    vm = made("one", disks=[16, 8], memoryMB=96, numCPUs=2, annotation="of a test", guestId="debian10_64Guest",
              extraConfig=[vim.option.OptionValue(key="guestinfo.role", value="web")])
    assert vm.name == "one" and vm.parent == machines.folder and vm.resourcePool == machines.pool
    assert vm.config.hardware.memoryMB == 96 and vm.config.hardware.numCPU == 2
    assert vm.config.annotation == "of a test" and vm.config.guestId == "debian10_64Guest"
    assert vm.config.files.vmPathName == f"[{STORE}] one/one.vmx" and (machines.home("one") / "one.vmx").exists()
    assert vm.summary.config.uuid == vm.config.uuid
    assert {option.key: option.value for option in vm.config.extraConfig}["guestinfo.role"] == "web"
    assert [(disk.key, disk.unitNumber, disk.capacityInKB) for disk in disks(vm)] == [(2000, 0, 16384), (2001, 1, 8192)]
    assert [d.name for d in vm.datastore] == [STORE] and vm in vm.datastore[0].vm
    assert vm in machines.folder.childEntity and vm in machines.pool.vm and vm in machines.compute.host[0].vm
    assert vm.runtime.powerState == "poweredOff" and vm.runtime.host == machines.compute.host[0]
    assert sum(usage.uncommitted for usage in vm.storage.perDatastoreUsage) > 20 << 20
    names = [file.name for file in vm.layoutEx.file]
    assert f"[{STORE}] one/one.qcow2" in names and f"[{STORE}] one/one.vmx" in names


def test_create_refused(machines, made):
    made("taken")
    cases = [(vim.fault.DuplicateName, machines.spec("taken")), (vim.fault.InvalidName, machines.spec("a/b")),
             (vmodl.fault.InvalidArgument, machines.spec("x", cpuAffinity=vim.vm.AffinityInfo(affinitySet=[0]))),
             (vmodl.fault.InvalidArgument, machines.spec("x", memoryHotAddEnabled=True)),
             (vim.fault.MemorySizeNotSupported, machines.spec("x", memoryMB=1)),
             (vim.fault.InvalidController, machines.spec("x"))]
    cases[-1][1].deviceChange.append(disk_to_add(8, controller=4711))
    nowhere = machines.spec("x")
    nowhere.files.vmPathName = "[none] x"
    for fault, spec in [*cases, (vim.fault.InvalidDatastore, nowhere)]:
        with fails_with(fault):
            WaitForTask(machines.folder.CreateVM_Task(config=spec, pool=machines.pool))
    assert machines.find("x") is None and not machines.home("x").exists()


def test_failure_leaves_nothing(machines):
    """Half-way: the second disk does not fit anywhere."""
    spec = machines.spec("half", disks=[8])
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(diskMode="persistent", thinProvisioned=False, fileName="")
    spec.deviceChange.append(vim.vm.device.VirtualDeviceSpec(
        operation="add", fileOperation="create",
        device=vim.vm.device.VirtualDisk(key=-9, backing=backing, controllerKey=-1, unitNumber=3,
                                         capacityInKB=1 << 40)))
    with pytest.raises(vmodl.MethodFault):
        WaitForTask(machines.folder.CreateVM_Task(config=spec, pool=machines.pool))
    assert machines.find("half") is None and not machines.home("half").exists()


def test_reconfigure(made):
    vm = made("changed", disks=[8])
    reconfigure(vm, memoryMB=80, numCPUs=3, annotation="other",
                memoryAllocation=vim.ResourceAllocationInfo(
                    reservation=16, limit=72, shares=vim.SharesInfo(level="custom", shares=1234)),
                powerOpInfo=vim.vm.DefaultPowerOpInfo(standbyAction="powerOnSuspend", powerOffType="hard"),
                extraConfig=[vim.option.OptionValue(key="sched.mem.maxmemctl", value="40")],
                deviceChange=[disk_to_add(12, unit=1, mode="independent_persistent")])
    config = vm.config
    assert (config.hardware.memoryMB, config.hardware.numCPU, config.annotation) == (80, 3, "other")
    allocation = config.memoryAllocation
    assert (allocation.reservation, allocation.limit) == (16, 72)
    assert (allocation.shares.level, allocation.shares.shares) == ("custom", 1234)
    assert vm.resourceConfig.memoryAllocation.reservation == 16 and vm.summary.config.memoryReservation == 16
    assert (config.defaultPowerOps.standbyAction, config.defaultPowerOps.powerOffType) == ("powerOnSuspend", "hard")
    assert {o.key: o.value for o in config.extraConfig}["sched.mem.maxmemctl"] == "40"
    assert [(d.key, d.backing.diskMode) for d in disks(vm)] == [(2000, "persistent"), (2001, "independent_persistent")]

    first, second = disks(vm)
    first.capacityInKB = 10 * 1024
    first.capacityInBytes = 10 << 20
    second.backing.diskMode = "independent_nonpersistent"
    reconfigure(vm, deviceChange=[change_device(first), change_device(second)])
    assert [(d.capacityInKB, d.backing.diskMode) for d in disks(vm)] == \
        [(10 * 1024, "persistent"), (12 * 1024, "independent_nonpersistent")]
    reconfigure(vm, deviceChange=[change_device(disks(vm)[0], "remove", fileOperation="destroy")])
    # The other keeps its key.
    assert [d.key for d in disks(vm)] == [2001]


def test_reconfigure_is_all_or_nothing(machines, made):
    vm = made("whole", disks=[8])
    before, files = vm.config.changeVersion, sorted(p.name for p in machines.home("whole").iterdir())
    small = disks(vm)[0]
    small.capacityInKB, small.capacityInBytes = 1024, 1 << 20
    huge = disk_to_add(1 << 30, unit=5, thin=False)
    for fault, fields in [
            (vim.fault.InvalidDeviceSpec, {"memoryMB": 100, "deviceChange": [change_device(small)]}),
            (vmodl.fault.InvalidArgument, {"annotation": "x", "cpuAllocation": vim.ResourceAllocationInfo(limit=-5)}),
            (vmodl.fault.InvalidArgument, {"annotation": "x", "memoryAllocation": vim.ResourceAllocationInfo(reservation=999)}),
            (vmodl.fault.InvalidArgument, {"annotation": "x", "flags": vim.vm.FlagInfo(diskUuidEnabled=True)}),
            (vim.fault.DeviceNotFound, {"annotation": "x", "deviceChange": [change_device(
                vim.vm.device.VirtualDisk(key=2013, capacityInKB=1), "remove")]}),
            (vim.fault.ConcurrentAccess, {"annotation": "x", "changeVersion": "of yesterday"}),
            # Found out on the way: what was done before is taken back.
            (vmodl.MethodFault, {"memoryMB": 100, "annotation": "x", "memoryAllocation": vim.ResourceAllocationInfo(limit=70),
                                 "deviceChange": [disk_to_add(8, unit=1), huge]})]:
        with fails_with(fault):
            reconfigure(vm, **fields)
        assert vm.config.changeVersion == before, fields
        assert sorted(p.name for p in machines.home("whole").iterdir()) == files
    reconfigure(vm, changeVersion=before, annotation="now")
    assert vm.config.annotation == "now"


def test_processors(machines, made):
    """Shares, reservation and limit are kept and shown, also of a VM that is registered again."""
    vm = made("processors", numCPUs=2)

    def allocation():
        now = vm.config.cpuAllocation
        assert vm.resourceConfig.cpuAllocation.limit == now.limit
        return now.shares.level, now.shares.shares, now.reservation, now.limit
    assert allocation() == ("normal", 2000, 0, -1)
    reconfigure(vm, cpuAllocation=vim.ResourceAllocationInfo(
        shares=vim.SharesInfo(level="high", shares=0), reservation=300, limit=1500))
    assert allocation() == ("high", 4000, 300, 1500)
    reconfigure(vm, cpuAllocation=vim.ResourceAllocationInfo(shares=vim.SharesInfo(level="custom", shares=777)))
    assert allocation() == ("custom", 777, 300, 1500)
    assert not [option for option in vm.config.extraConfig if "cpu" in option.key]
    path = vm.config.files.vmPathName
    vm.UnregisterVM()
    task = machines.folder.RegisterVM_Task(path=path, asTemplate=False, pool=machines.pool)
    WaitForTask(task)
    again, vm = vm, task.info.result
    made.replace(again, vm)
    assert allocation() == ("custom", 777, 300, 1500)
    reconfigure(vm, cpuAllocation=vim.ResourceAllocationInfo(shares=vim.SharesInfo(level="normal", shares=0), limit=-1))
    assert allocation() == ("normal", 2000, 300, -1)


def attached(path, unit, controller=1000, mode="persistent"):
    """A disk that is there already."""
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(diskMode=mode, fileName=path)
    return vim.vm.device.VirtualDeviceSpec(operation="add", device=vim.vm.device.VirtualDisk(
        key=-50 - unit, backing=backing, controllerKey=controller, unitNumber=unit, capacityInKB=0))


def test_existing_disk(machines, made):
    """It is attached as it is, refused while it is another's, and kept when it is taken out."""
    WaitForTask(machines.content.virtualDiskManager.CreateVirtualDisk_Task(
        f"[{STORE}] shelf.qcow2", machines.datacenter,
        vim.VirtualDiskManager.FileBackedVirtualDiskSpec(diskType="thin", adapterType="lsiLogic", capacityKb=8192)))
    (machines.store / "note.txt").write_text("no disk")
    one, other = made("shelf1", disks=[8]), made("shelf2")
    reconfigure(one, deviceChange=[attached(f"[{STORE}] shelf.qcow2", unit=4)])
    disk = disks(one)[1]
    assert (disk.key, disk.unitNumber, disk.backing.fileName, disk.capacityInKB) == (2004, 4, f"[{STORE}] shelf.qcow2", 8192)
    before = other.config.changeVersion
    for path, unit, fault in [("shelf.qcow2", 1, vim.fault.FileLocked), ("shelf1/shelf1.qcow2", 1, vim.fault.FileLocked),
                              ("note.txt", 1, vim.fault.InvalidDiskFormat), ("none.qcow2", 1, vim.fault.FileNotFound),
                              ("shelf.qcow2", 7, vim.fault.InvalidDeviceSpec), ("shelf.qcow2", 16, vim.fault.InvalidDeviceSpec)]:
        with fails_with(fault):
            reconfigure(other, annotation="x", deviceChange=[attached(f"[{STORE}] {path}", unit)])
        assert other.config.changeVersion == before, path
    with fails_with(vim.fault.InvalidDeviceSpec):
        reconfigure(one, deviceChange=[disk_to_add(8, unit=4)])
    reconfigure(one, deviceChange=[change_device(disk, "remove")])
    assert len(disks(one)) == 1 and (machines.store / "shelf.qcow2").exists()
    # A new VM with it.
    spec = machines.spec("shelf3")
    spec.deviceChange.append(attached(f"[{STORE}] shelf.qcow2", unit=2, controller=-1))
    WaitForTask(machines.folder.CreateVM_Task(config=spec, pool=machines.pool))
    new = machines.find("shelf3")
    assert [(d.key, d.unitNumber) for d in disks(new)] == [(2002, 2)]
    WaitForTask(new.Destroy_Task())
    assert (machines.store / "shelf.qcow2").exists()


def test_places_of_devices(machines):
    """Controllers, units and drives are as they were asked for, also after the daemon's next start."""
    vm = machines.create("places", disks=[8])
    scsi = vim.vm.device.VirtualLsiLogicSASController(key=-7, busNumber=2, sharedBus="noSharing")
    sata = vim.vm.device.VirtualAHCIController(key=-8, busNumber=0)
    drives = [vim.vm.device.VirtualCdrom(key=-9 - unit, controllerKey=controller, unitNumber=unit,
                                         backing=vim.vm.device.VirtualCdrom.IsoBackingInfo(fileName=f"[{STORE}] {name}"))
              for controller, unit, name in ((201, 1, "a.iso"), (-8, 5, "b.iso"))]
    for name in "a.iso", "b.iso":
        (machines.store / name).write_bytes(bytes(4096))
    reconfigure(vm, deviceChange=[change_device(device, "add") for device in (scsi, sata)])
    kinds = {d.key: type(d).__name__.split(".")[-1] for d in vm.config.hardware.device}
    assert kinds[1002].endswith("LsiLogicSASController") and kinds[15000].endswith("AHCIController")
    second = disk_to_add(8, unit=9, controller=1002)
    drives[1].controllerKey = 15000
    reconfigure(vm, deviceChange=[second, disk_to_add(8, unit=-1, controller=1002),
                                  *[change_device(drive, "add") for drive in drives]])

    def places():
        return sorted((d.key, d.controllerKey, d.unitNumber, type(d).__name__) for d in vm.config.hardware.device
                      if isinstance(d, (vim.vm.device.VirtualDisk, vim.vm.device.VirtualCdrom)))
    before = places()
    assert [(key, unit) for key, _, unit, _ in before] == [(2000, 0), (2032, 0), (2041, 9), (3003, 1), (16005, 5)]
    assert sorted(d.controllerKey for d in disks(vm)) == [1000, 1002, 1002]
    with fails_with(vim.fault.InvalidDeviceOperation):
        reconfigure(vm, deviceChange=[change_device(next(d for d in vm.config.hardware.device if d.key == 1002), "remove")])
    drive = next(d for d in vm.config.hardware.device if d.key == 3003)
    drive.backing.fileName = f"[{STORE}] b.iso"
    reconfigure(vm, deviceChange=[change_device(drive)])
    drive = next(d for d in vm.config.hardware.device if d.key == 3003)
    assert drive.backing.fileName == f"[{STORE}] b.iso"
    # All or nothing: the drive that went comes back.
    with fails_with(vmodl.MethodFault):
        reconfigure(vm, deviceChange=[change_device(drive, "remove"), attached(f"[{STORE}] a.iso", unit=3)])
    assert places() == before
    machines.restart()
    vm = machines.find("places")
    assert places() == before
    reconfigure(vm, deviceChange=[change_device(d, "remove") for d in vm.config.hardware.device
                                  if isinstance(d, vim.vm.device.VirtualCdrom)])
    assert [key for key, *_ in places()] == [2000, 2032, 2041]
    WaitForTask(vm.Destroy_Task())


def test_keys_of_cards(machines):
    """The second card is the second, also when the first is gone and the daemon was started anew."""
    vm = machines.create("cards")
    files = []
    for number in 1, 2:
        files.append(machines.host.workspace.path / f"card{number}.xml")
        files[-1].write_text(f"<interface type='user'><mac address='52:54:00:00:00:0{number}'/></interface>")
        machines.host.libvirt.virsh("attach-device", "cards", str(files[-1]), "--config")

    def keys():
        return {d.macAddress: d.key for d in vm.config.hardware.device if isinstance(d, vim.vm.device.VirtualEthernetCard)}
    reconfigure(vm, annotation="looked at")
    assert keys() == {"52:54:00:00:00:01": 4000, "52:54:00:00:00:02": 4001}
    machines.host.libvirt.virsh("detach-device", "cards", str(files[0]), "--config")
    reconfigure(vm, annotation="looked at again")
    assert keys() == {"52:54:00:00:00:02": 4001}
    machines.restart()
    vm = machines.find("cards")
    assert keys() == {"52:54:00:00:00:02": 4001}
    WaitForTask(vm.Destroy_Task())


def test_the_fault_names_the_field(made):
    vm = made("named")
    with fails_with(vmodl.fault.InvalidArgument) as caught:
        reconfigure(vm, memoryAllocation=vim.ResourceAllocationInfo(limit=-7))
    assert caught.value.invalidProperty == "configSpec.memoryAllocation"
    with fails_with(vmodl.fault.InvalidArgument) as caught:
        reconfigure(vm, nestedHVEnabled=True)
    assert caught.value.invalidProperty == "configSpec.nestedHVEnabled"


def test_a_whole_folder(machines, made):
    """Shares, reservation, limit and standbyAction of every VM in a folder."""
    folder = machines.folder.CreateFolder("team")
    for number in range(3):
        made(f"team{number}", folder=folder)
    spec = vim.vm.ConfigSpec(
        memoryAllocation=vim.ResourceAllocationInfo(reservation=8, limit=60, shares=vim.SharesInfo(level="low", shares=0)),
        powerOpInfo=vim.vm.DefaultPowerOpInfo(standbyAction="powerOnSuspend"))
    for task in [vm.ReconfigVM_Task(spec) for vm in folder.childEntity]:
        WaitForTask(task)
    for vm in folder.childEntity:
        allocation = vm.config.memoryAllocation
        assert (allocation.shares.level, allocation.reservation, allocation.limit) == ("low", 8, 60)
        assert vm.config.defaultPowerOps.standbyAction == "powerOnSuspend"


def test_rename_template_destroy(machines):
    vm = machines.create("first", disks=[8])
    WaitForTask(vm.Rename_Task("second"))
    assert vm.name == vm.config.name == "second" and vm.config.files.vmPathName.endswith("second.vmx")
    vm.MarkAsTemplate()
    assert vm.config.template and vm.summary.config.template and vm.resourcePool is None
    assert vm not in machines.pool.vm
    with fails_with(vmodl.fault.NotSupported):
        WaitForTask(vm.PowerOnVM_Task())
    vm.MarkAsVirtualMachine(pool=machines.pool)
    assert not vm.config.template and vm.resourcePool == machines.pool
    path = vm.config.files.vmPathName
    vm.UnregisterVM()
    assert machines.find("second") is None
    task = machines.folder.RegisterVM_Task(path=path, name="third", asTemplate=False, pool=machines.pool)
    WaitForTask(task)
    again = task.info.result
    assert again.name == "third" and len(disks(again)) == 1
    WaitForTask(again.Destroy_Task())
    assert machines.find("third") is None and again not in machines.folder.childEntity
    with fails_with(vmodl.fault.ManagedObjectNotFound):
        again.name


def test_changes_by_others_are_seen(machines, made):
    vm = made("followed")
    machines.do("CreateFolder", path="/elsewhere")
    machines.do("MoveIntoFolder", vms=["followed"], folder="/elsewhere")
    wait_until(lambda: vm.parent.name == "elsewhere", "the VM in its new folder")
    assert vm not in machines.folder.childEntity
    machines.host.daemon.set_vm(vm.config.uuid, min="24")
    wait_until(lambda: vm.config.memoryAllocation.reservation == 24, "its reservation")
    machines.host.libvirt.virsh("start", "followed")
    wait_until(lambda: vm.runtime.powerState == "poweredOn", "the VM to run")
    machines.host.libvirt.virsh("destroy", "followed")
    wait_until(lambda: vm.runtime.powerState == "poweredOff", "the VM to be off")
    xml = machines.host.libvirt.virsh("dumpxml", "followed").stdout
    file = machines.host.workspace.path / "other.xml"
    file.write_text(xml.replace("<name>followed<", "<name>stranger<").replace(vm.config.uuid, "4dea22b3-1d52-d8f3-2516-782e98ab3fa0")
                    .replace("followed", "stranger"), encoding="utf-8")
    machines.host.libvirt.virsh("define", str(file))
    stranger = wait_until(lambda: machines.find("stranger"), "a VM that only libvirt has")
    assert stranger.config.uuid == "4dea22b3-1d52-d8f3-2516-782e98ab3fa0"
    machines.host.libvirt.virsh("undefine", "stranger")
    wait_until(lambda: machines.find("stranger") is None, "it to be gone")
