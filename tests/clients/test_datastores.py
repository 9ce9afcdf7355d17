# SPDX-License-Identifier: LGPL-2.1-or-later
"""Datastores, their files and disks of no VM, as pyVmomi's users work with them."""

import pytest
from pyVim.task import WaitForTask
from pyVmomi import vim


@pytest.fixture
def store(host, si, tmp_path):
    """A datastore of the test's own, by its object; .folder is where it lies."""
    system = si.content.rootFolder.childEntity[0].hostFolder.childEntity[0].host[0].configManager.datastoreSystem
    name = tmp_path.name
    made = system.CreateLocalDatastore(name=name, path=str(tmp_path))
    yield made
    if made in system.datastore:
        system.RemoveDatastore(made)


def datacenter(si):
    return si.content.rootFolder.childEntity[0]


def search(store, path, deep=True, **fields):
    spec = vim.host.DatastoreBrowser.SearchSpec(**fields)
    method = store.browser.SearchDatastoreSubFolders_Task if deep else store.browser.SearchDatastore_Task
    task = method(path, spec)
    WaitForTask(task)
    return task.info.result


def names(results):
    return sorted(result.folderPath + file.path for result in results for file in result.file)


def create_disk(si, path, size_kb=4096, kind="thin"):
    spec = vim.VirtualDiskManager.FileBackedVirtualDiskSpec(capacityKb=size_kb, diskType=kind, adapterType="lsiLogic")
    task = si.content.virtualDiskManager.CreateVirtualDisk_Task(name=path, datacenter=datacenter(si), spec=spec)
    WaitForTask(task)
    return task.info.result


def test_a_datastore_is_where_clients_look_for_it(si, store, tmp_path):
    host = datacenter(si).hostFolder.childEntity[0].host[0]
    assert store in datacenter(si).datastore
    assert store in datacenter(si).datastoreFolder.childEntity
    assert store in host.datastore
    assert store.parent == datacenter(si).datastoreFolder
    assert store.summary.accessible and store.summary.capacity > store.summary.freeSpace > 0
    assert store.summary.url == f"ds://{tmp_path}/"
    assert isinstance(store.info, vim.host.LocalDatastoreInfo) and store.info.path == str(tmp_path)
    assert store.host[0].key == host and store.host[0].mountInfo.accessMode == "readWrite"
    volumes = host.configManager.storageSystem.fileSystemVolumeInfo.mountInfo
    assert store.name in [entry.volume.name for entry in volumes]
    store.RefreshDatastore()


def test_rename_and_destroy(si, store):
    old = store.name
    WaitForTask(store.Rename_Task(old + "-renamed"))
    assert store.name == store.summary.name == store.info.name == old + "-renamed"
    other = old + "-renamed"
    with pytest.raises(vim.fault.DuplicateName):
        datacenter(si).hostFolder.childEntity[0].host[0].configManager.datastoreSystem.CreateLocalDatastore(
            name=other, path="/tmp")
    WaitForTask(store.Destroy_Task())
    assert other not in [entry.name for entry in datacenter(si).datastore]


def test_disks(si, store, tmp_path):
    manager, center, name = si.content.virtualDiskManager, datacenter(si), store.name
    assert create_disk(si, f"[{name}] a.vmdk") == f"[{name}] a.vmdk"
    with pytest.raises(vim.fault.FileAlreadyExists):
        create_disk(si, f"[{name}] a.vmdk")
    WaitForTask(manager.ExtendVirtualDisk_Task(f"[{name}] a.vmdk", center, 8192, False))
    WaitForTask(manager.CopyVirtualDisk_Task(sourceName=f"[{name}] a.vmdk", sourceDatacenter=center,
                                             destName=f"[{name}] b.vmdk", destDatacenter=center,
                                             destSpec=vim.VirtualDiskManager.VirtualDiskSpec(
                                                 diskType="eagerZeroedThick", adapterType="lsiLogic"), force=False))
    WaitForTask(manager.MoveVirtualDisk_Task(f"[{name}] b.vmdk", center, f"[{name}] c.vmdk", center, False, []))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.vmdk", "c.vmdk"]
    assert (tmp_path / "c.vmdk").stat().st_blocks * 512 >= 8 << 20
    assert len(manager.QueryVirtualDiskUuid(f"[{name}] c.vmdk", center)) == 47
    geometry = manager.QueryVirtualDiskGeometry(f"[{name}] c.vmdk", center)
    assert geometry.cylinder * geometry.head * geometry.sector * 512 == 8 << 20
    found = search(store, f"[{name}]", query=[vim.host.DatastoreBrowser.VmDiskQuery(
        details=vim.host.DatastoreBrowser.VmDiskQuery.Details(diskType=True, capacityKb=True, hardwareVersion=True,
                                                              thin=True))])
    disks = {file.path: file for file in found[0].file}
    assert disks["a.vmdk"].capacityKb == disks["c.vmdk"].capacityKb == 8192
    assert disks["a.vmdk"].thin and not disks["c.vmdk"].thin
    WaitForTask(manager.DeleteVirtualDisk_Task(f"[{name}] c.vmdk", center))
    with pytest.raises(vim.fault.FileNotFound):
        WaitForTask(manager.DeleteVirtualDisk_Task(f"[{name}] c.vmdk", center))


def test_files(si, store, tmp_path):
    files, center, name = si.content.fileManager, datacenter(si), store.name
    files.MakeDirectory(f"[{name}] a/b", center, True)
    with pytest.raises(vim.fault.FileAlreadyExists):
        files.MakeDirectory(f"[{name}] a", center, False)
    (tmp_path / "a/notes.txt").write_text("notes")
    (tmp_path / "a/b/x.ISO").write_text("iso")
    assert names(search(store, f"[{name}]", matchPattern=["*.iso", "n*"])) == [
        f"[{name}] a/b/x.ISO", f"[{name}] a/notes.txt"]
    flags = vim.host.DatastoreBrowser.FileInfo.Details(fileType=True, fileSize=True, modification=True, fileOwner=True)
    listed = {file.path: file for file in search(store, f"[{name}] a", deep=False, details=flags).file}
    assert isinstance(listed["b"], vim.host.DatastoreBrowser.FolderInfo)
    assert listed["notes.txt"].fileSize == 5 and listed["notes.txt"].owner == "root"
    WaitForTask(files.CopyDatastoreFile_Task(f"[{name}] a/notes.txt", center, f"[{name}] copy.txt", center, False))
    WaitForTask(files.MoveDatastoreFile_Task(f"[{name}] copy.txt", center, f"[{name}] a/moved.txt", center, False))
    assert (tmp_path / "a/moved.txt").read_text() == "notes"
    WaitForTask(files.DeleteDatastoreFile_Task(f"[{name}] a", center))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path, fault", [
    ("[{}] ../etc/passwd", vim.fault.InvalidDatastorePath),
    ("[{}] /etc/passwd", vim.fault.FileNotFound),
    ("/etc/passwd", vim.fault.InvalidDatastorePath),
    ("[none] x", vim.fault.InvalidDatastore),
    ("[{}] link/passwd", vim.fault.CannotAccessFile),
    ("[{}] none", vim.fault.FileNotFound),
])
def test_nothing_leads_out(si, store, tmp_path, path, fault):
    (tmp_path / "link").symlink_to("/etc")
    path = path.format(store.name)
    with pytest.raises(fault):
        WaitForTask(si.content.fileManager.CopyDatastoreFile_Task(path, datacenter(si), f"[{store.name}] copy",
                                                                  datacenter(si), False))
    with pytest.raises(fault):
        WaitForTask(si.content.fileManager.DeleteDatastoreFile_Task(path, datacenter(si)))
    assert not (tmp_path / "copy").exists()


def test_who_only_reads_changes_nothing(host, si, store):
    host.add_account("looker", "looker's word", "ReadOnly")
    content = host.connect("looker", "looker's word").content
    with pytest.raises(vim.fault.NoPermission):
        content.fileManager.MakeDirectory(f"[{store.name}] a", datacenter(si), False)
    with pytest.raises(vim.fault.NoPermission):
        content.virtualDiskManager.DeleteVirtualDisk_Task(f"[{store.name}] a", datacenter(si))


def test_storage_system(si):
    system = datacenter(si).hostFolder.childEntity[0].host[0].configManager.storageSystem
    system.RescanAllHba()
    system.RefreshStorageSystem()
    assert system.storageDeviceInfo.hostBusAdapter
    assert datacenter(si).hostFolder.childEntity[0].host[0].configManager.datastoreSystem.QueryAvailableDisksForVmfs() == []
