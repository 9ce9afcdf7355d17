# SPDX-License-Identifier: LGPL-2.1-or-later
"""VMs for the tests of them: what pyVmomi does to a daemon that has a datastore and, as root, real guests."""

import time

import pytest
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl

from conftest import wait_until
from harness import PATIENCE

STORE = "store"


# What a task or a call fails with, as pyVmomi raises it.
fails_with = pytest.raises


class Machines:
    """The VMs of a guest_host, by pyVmomi and by operations (do)."""

    def __init__(self, host):
        self.host = host
        self.store = host.workspace.folder(STORE)
        self.connect()
        self.datastore = self.compute.host[0].configManager.datastoreSystem.CreateLocalDatastore(STORE, str(self.store))

    def connect(self):
        self.si = self.host.connect_locally() if self.host.libvirt.network else self.host.connect()
        self.content = self.si.RetrieveContent()
        self.datacenter = self.content.rootFolder.childEntity[0]
        self.folder = self.datacenter.vmFolder
        self.compute = self.datacenter.hostFolder.childEntity[0]
        self.pool = self.compute.resourcePool

    def restart(self):
        """The daemon; what was had of it before is of no use any more."""
        self.host.daemon.stop()
        self.host.daemon.start()
        self.connect()

    def do(self, method, **args):
        number, result = self.host.manager.start(method, **args)
        if number is None:
            return result
        task = wait_until(lambda: (lambda t: t if t["state"] in ("success", "error") else None)(
            self.host.manager.task(number)), method)
        assert task["state"] == "success", task["message"]
        return task["result"]

    def find(self, name):
        view = self.content.viewManager.CreateContainerView(self.content.rootFolder, [vim.VirtualMachine], True)
        try:
            return next((vm for vm in view.view if vm.name == name), None)
        finally:
            view.Destroy()

    def spec(self, name, disks=(), **fields):
        """Of a new VM; disks: their sizes in MB."""
        changes = [vim.vm.device.VirtualDeviceSpec(
            operation="add", device=vim.vm.device.ParaVirtualSCSIController(key=-1, busNumber=0, sharedBus="noSharing"))]
        for number, size in enumerate(disks):
            changes.append(disk_to_add(size, unit=number, controller=-1))
        return vim.vm.ConfigSpec(name=name, files=vim.vm.FileInfo(vmPathName=f"[{STORE}]"), deviceChange=changes,
                                 **{"memoryMB": 64, "numCPUs": 1, **fields})

    def create(self, name, disks=(), folder=None, **fields):
        task = (folder or self.folder).CreateVM_Task(config=self.spec(name, disks, **fields), pool=self.pool)
        WaitForTask(task)
        return task.info.result

    def home(self, name):
        return self.store / name

    def guests(self):
        """The same as tests/guest has it: VMs with kernels that can be given jobs, and with agents."""
        from fleet import Fleet
        fleet = Fleet.__new__(Fleet)
        fleet.workspace, fleet.libvirt, fleet.daemon = self.host.workspace, self.host.libvirt, self.host.daemon
        fleet.store, fleet.datastore, fleet._guests = self.store, STORE, {}
        return fleet


class Watch:
    """Properties of an object as a property collector tells of them."""

    def __init__(self, si, thing, *paths):
        collector = vmodl.query.PropertyCollector
        self.collector = si.content.propertyCollector.CreatePropertyCollector()
        self.collector.CreateFilter(collector.FilterSpec(
            objectSet=[collector.ObjectSpec(obj=thing)],
            propSet=[collector.PropertySpec(type=type(thing), pathSet=list(paths))]), False)
        self.version, self.seen = "", dict.fromkeys(paths)

    def until(self, condition):
        """Waits for updates after which condition(seen) is true."""
        deadline = time.monotonic() + PATIENCE
        while not self.version or not condition(self.seen):
            assert time.monotonic() < deadline, f"waited in vain, and last saw {self.seen}"
            update = self.collector.WaitForUpdatesEx(self.version, vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=5))
            if update is None:
                continue
            self.version = update.version
            for changed in (change for filters in update.filterSet for thing in filters.objectSet for change in thing.changeSet):
                self.seen[changed.name] = changed.val

    def end(self):
        self.collector.Destroy()


def disk_to_add(size_mb, unit=0, controller=1000, thin=True, mode="persistent"):
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(diskMode=mode, thinProvisioned=thin, fileName="")
    return vim.vm.device.VirtualDeviceSpec(
        operation="add", fileOperation="create",
        device=vim.vm.device.VirtualDisk(key=-100 - unit, backing=backing, controllerKey=controller, unitNumber=unit,
                                         capacityInKB=size_mb * 1024))


def devices(vm, kind):
    return [device for device in vm.config.hardware.device if isinstance(device, kind)]


def disks(vm):
    return devices(vm, vim.vm.device.VirtualDisk)


def reconfigure(vm, **fields):
    WaitForTask(vm.ReconfigVM_Task(vim.vm.ConfigSpec(**fields)))


def change_device(device, operation="edit", **fields):
    return vim.vm.device.VirtualDeviceSpec(operation=operation, device=device, **fields)


__all__ = ["Machines", "STORE", "WaitForTask", "Watch", "change_device", "devices", "disk_to_add", "disks", "fails_with",
           "reconfigure", "vim", "vmodl", "wait_until"]
