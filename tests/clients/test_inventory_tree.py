# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tree of the inventory by pyVmomi: what is in it, and what can be done to its folders."""

import pytest
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl
from pyVmomi.VmomiSupport import ManagedObject

from conftest import wait_until


@pytest.fixture(name="datacenter")
def _datacenter(si):
    (found,) = si.content.rootFolder.childEntity
    return found


@pytest.fixture(name="lab")
def _lab(datacenter):
    folder = datacenter.vmFolder.CreateFolder("lab")
    yield folder
    WaitForTask(folder.Destroy_Task())


def find(si, path):
    return si.content.searchIndex.FindByInventoryPath(path)


def test_about(si):
    about = si.content.about
    assert (about.apiType, about.productLineId, about.name) == ("VirtualCenter", "vpx", "aerostat")
    assert "aerostat" in about.fullName and about.apiVersion.startswith("7.0")
    assert about.build.isdigit()


def test_trunk(si, datacenter):
    root = si.content.rootFolder
    assert isinstance(datacenter, vim.Datacenter) and datacenter.parent == root
    assert "Datacenter" in root.childType
    assert "VirtualMachine" in datacenter.vmFolder.childType
    names = {folder.name for folder in (datacenter.vmFolder, datacenter.hostFolder, datacenter.datastoreFolder,
                                        datacenter.networkFolder)}
    assert names == {"vm", "host", "datastore", "network"}
    (compute,) = datacenter.hostFolder.childEntity
    (machine,) = compute.host
    assert isinstance(compute, vim.ComputeResource) and machine.parent == compute
    assert compute.resourcePool.owner == compute and compute.resourcePool.parent == compute
    assert find(si, f"{datacenter.name}/host/{compute.name}/Resources") == compute.resourcePool
    assert "test" in [vm.name for vm in datacenter.vmFolder.childEntity]


def test_every_manager_answers(si):
    """What is named in content has all that it has to say."""
    spec = vmodl.query.PropertyCollector
    named = [getattr(si.content, info.name) for info in si.content._GetPropertyList()]
    managers = [manager for manager in named if isinstance(manager, ManagedObject)]
    assert len(managers) > 10
    for manager in managers:
        (found,) = si.content.propertyCollector.RetrieveContents([spec.FilterSpec(
            objectSet=[spec.ObjectSpec(obj=manager)], propSet=[spec.PropertySpec(type=type(manager), all=True)])])
        assert found.obj == manager and not found.missingSet


def test_host(datacenter):
    machine = datacenter.hostFolder.childEntity[0].host[0]
    assert machine.runtime.connectionState == "connected" and not machine.runtime.inMaintenanceMode
    assert machine.summary.hardware.numCpuThreads == len(
        [number for package in machine.hardware.cpuPkg for number in package.threadId])
    assert machine.hardware.memorySize == machine.summary.hardware.memorySize > 1 << 28
    assert 0 < machine.summary.quickStats.overallMemoryUsage <= machine.hardware.memorySize >> 20
    assert machine.config.product.productLineId == "embeddedEsx"
    assert machine.configManager.advancedOption and machine.configManager.memoryManager
    assert machine.QueryMemoryOverhead(1 << 30, None, 1) > 0
    with pytest.raises(vmodl.fault.NotSupported):
        machine.EnterMaintenanceMode_Task(0)
    with pytest.raises(vmodl.fault.NotSupported):
        machine.RebootHost_Task(True)


def test_what_vms_can_be(datacenter):
    browser = datacenter.hostFolder.childEntity[0].environmentBrowser
    (descriptor,) = [one for one in browser.QueryConfigOptionDescriptor() if one.defaultConfigOption]
    option = browser.QueryConfigOption(descriptor.key, None)
    assert option.version == descriptor.key and option.hardwareOptions.memoryMB.max > 1 << 16
    assert "debian10_64Guest" in [guest.id for guest in option.guestOSDescriptor]
    spec = vim.EnvironmentBrowser.ConfigOptionQuerySpec(guestId=["rhel8_64Guest"], key="")
    (guest,) = browser.QueryConfigOptionEx(spec).guestOSDescriptor
    assert guest.id == "rhel8_64Guest" and guest.recommendedDiskController in guest.supportedDiskControllerList
    assert browser.QueryConfigTarget(None).numCpus > 0
    with pytest.raises(vmodl.fault.InvalidArgument):
        browser.QueryConfigOption("vmx-99", None)


def test_folders(si, datacenter, lab):
    inner = lab.CreateFolder("inner")
    assert inner.parent == lab and list(lab.childEntity) == [inner]
    WaitForTask(inner.Rename_Task("other"))
    assert inner.name == "other" and find(si, f"{datacenter.name}/vm/lab/other") == inner
    WaitForTask(datacenter.vmFolder.MoveIntoFolder_Task([inner]))
    assert inner.parent == datacenter.vmFolder and not lab.childEntity
    with pytest.raises(vim.fault.DuplicateName) as caught:
        datacenter.vmFolder.CreateFolder("other")
    assert caught.value.name == "other"
    with pytest.raises(vim.fault.InvalidName):
        datacenter.vmFolder.CreateFolder("")
    WaitForTask(inner.Destroy_Task())
    with pytest.raises(vmodl.fault.ManagedObjectNotFound):
        inner.name  # pylint: disable=pointless-statement


def test_only_folders_of_vms(datacenter):
    for folder in (datacenter.hostFolder, datacenter.networkFolder):
        with pytest.raises(vmodl.fault.NotSupported):
            folder.CreateFolder("more")
    with pytest.raises(vmodl.fault.NotSupported):
        datacenter.parent.CreateDatacenter("more")


def test_datacenter_is_renamed(datacenter):
    name = datacenter.name
    WaitForTask(datacenter.Rename_Task("Graz"))
    assert datacenter.name == "Graz"
    WaitForTask(datacenter.Rename_Task(name))


def test_changes_are_told(si, datacenter):
    """Who waits for updates of a folder hears of what comes and goes, and of nothing else."""
    collector = si.content.propertyCollector.CreatePropertyCollector()
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=datacenter.vmFolder)],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=vim.Folder, pathSet=["childEntity", "name"])])
    collector.CreateFilter(spec, True)
    version = collector.WaitForUpdatesEx("", None).version
    made = datacenter.vmFolder.CreateFolder("told")
    update = collector.WaitForUpdatesEx(version, vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=60))
    (changed,) = update.filterSet[0].objectSet
    assert {change.name.split("[")[0] for change in changed.changeSet} == {"childEntity"}
    assert made in datacenter.vmFolder.childEntity
    WaitForTask(made.Destroy_Task())
    collector.DestroyPropertyCollector()


def test_who_may_only_look(host, lab):
    host.add_account("reader", "secret word", "ReadOnly")
    service = host.connect("reader", "secret word")
    folder = service.content.rootFolder.childEntity[0].vmFolder
    assert lab._moId in [child._moId for child in folder.childEntity]
    for change in (lambda: folder.CreateFolder("x"), lambda: folder.childEntity[0].Rename_Task("x"),
                   lambda: folder.childEntity[0].Destroy_Task()):
        with pytest.raises(vim.fault.NoPermission):
            change()


def test_what_the_command_line_adds_is_there(host, si, tmp_path):
    """Nothing of a VM has changed by it."""
    datacenter = si.content.rootFolder.childEntity[0]
    host.manager.run("AddDatastore", name="elsewhere", path=str(tmp_path))
    wait_until(lambda: "elsewhere" in [store.name for store in datacenter.datastore], "the datastore")
    host.manager.run("RemoveDatastore", name="elsewhere")
    wait_until(lambda: "elsewhere" not in [store.name for store in datacenter.datastore], "the datastore to be gone")
