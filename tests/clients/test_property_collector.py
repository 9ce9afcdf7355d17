# SPDX-License-Identifier: LGPL-2.1-or-later
"""The property collector, views and searches as pyVmomi uses them, over the wire."""

import http.client
import threading

import pytest
from pyVmomi import SoapStubAdapter, vim, vmodl

from conftest import insecure, wait_until

Collector = vmodl.query.PropertyCollector
PATIENCE = 60


def spec_of(kind, paths, start, *select, skip=True):
    """A FilterSpec of one type, from one object on."""
    return Collector.FilterSpec(propSet=[Collector.PropertySpec(type=kind, pathSet=paths, all=False)],
                                objectSet=[Collector.ObjectSpec(obj=start, skip=skip, selectSet=list(select))])


def of_view(view, kind, paths):
    return spec_of(kind, paths, view,
                   Collector.TraversalSpec(name="view", type=vim.view.ContainerView, path="view", skip=False))


def of_folders(start, kind, paths):
    """By recursion through folders, named by itself, as scripts did before there were views."""
    down = Collector.SelectionSpec(name="down")
    return spec_of(kind, paths, start,
                   Collector.TraversalSpec(name="down", type=vim.Folder, path="childEntity", skip=False,
                                           selectSet=[down, Collector.SelectionSpec(name="vms")]),
                   Collector.TraversalSpec(name="vms", type=vim.Datacenter, path="vmFolder", skip=False,
                                           selectSet=[down]))


@pytest.fixture
def view(si):
    """All folders."""
    made = si.content.viewManager.CreateContainerView(si.content.rootFolder, [vim.Folder], True)
    yield made
    made.Destroy()


@pytest.fixture
def vm_folder(si):
    return si.content.rootFolder.childEntity[0].vmFolder


class Folders:
    """Folders of a test's own, gone at its end."""

    def __init__(self, parent):
        self.parent, self.made = parent, []

    def add(self, name, parent=None):
        self.made.append((parent or self.parent).CreateFolder(name))
        return self.made[-1]

    def remove(self, folder):
        wait_until(lambda: folder.Destroy().info.state is not None, "the folder to go")
        self.made.remove(folder)

    def clear(self):
        for folder in reversed(self.made):
            folder.Destroy()


@pytest.fixture
def folders(vm_folder):
    made = Folders(vm_folder)
    yield made
    made.clear()


def changes_of(update_set):
    """(kind, object, {name: value}) of each ObjectUpdate."""
    return [(update.kind, update.obj, {change.name: change.val for change in update.changeSet})
            for of_filter in update_set.filterSet for update in of_filter.objectSet]


def collector_of(si):
    """Of its own, so that tests do not see each other's filters."""
    return si.content.propertyCollector.CreatePropertyCollector()


# --- reading ---

def test_properties(si, vm_folder):
    assert vm_folder.name == "vm"
    assert vm_folder.parent.vmFolder == vm_folder
    assert vm_folder.parent.parent == si.content.rootFolder


def test_traversal_finds_what_a_view_finds(si, view, folders):
    inner = folders.add("inner", folders.add("outer"))
    collector = si.content.propertyCollector
    by_hand = collector.RetrieveContents([of_folders(si.content.rootFolder, vim.Folder, ["name", "parent"])])
    names = {content.obj: content.propSet[0].val for content in by_hand}
    assert names[inner] == "inner"
    in_view = collector.RetrieveContents([of_view(view, vim.Folder, ["name"])])
    assert set(names) <= {content.obj for content in in_view}
    assert inner in view.view


def test_pages(si, view, folders):
    for number in range(5):
        folders.add(f"page {number}")
    collector = si.content.propertyCollector
    spec = of_view(view, vim.Folder, ["name"])
    everything = [content.obj for content in collector.RetrieveContents([spec])]
    result = collector.RetrievePropertiesEx([spec], Collector.RetrieveOptions(maxObjects=2))
    found = list(result.objects)
    while result.token:
        assert len(result.objects) == 2
        result = collector.ContinueRetrievePropertiesEx(result.token)
        found += result.objects
    assert [content.obj for content in found] == everything
    with pytest.raises(vmodl.fault.InvalidArgument):
        collector.ContinueRetrievePropertiesEx("no such token")


def test_wrong_questions(si, vm_folder):
    collector = si.content.propertyCollector
    with pytest.raises(vmodl.query.InvalidProperty) as raised:
        collector.RetrieveContents([spec_of(vim.Folder, ["name", "nothing.at.all"], vm_folder, skip=False)])
    assert raised.value.name == "nothing.at.all"
    gone = vim.Folder("group-v999999", si._stub)  # pylint: disable=protected-access
    with pytest.raises(vmodl.fault.ManagedObjectNotFound) as raised:
        collector.RetrieveContents([spec_of(vim.Folder, ["name"], gone, skip=False)])
    assert raised.value.obj == gone


def test_without_login(host, si, vm_folder):
    stub = host.stub()
    content = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
    assert content.rootFolder == si.content.rootFolder
    with pytest.raises(vim.fault.NotAuthenticated):
        _ = vim.Folder(vm_folder._GetMoId(), stub).name  # pylint: disable=protected-access
    with pytest.raises(vim.fault.NotAuthenticated):
        content.propertyCollector.RetrieveContents([of_folders(content.rootFolder, vim.Folder, ["name"])])
    with pytest.raises(vim.fault.NotAuthenticated):
        content.viewManager.CreateContainerView(content.rootFolder, [], True)


def fetch(host, folder, prop, version):
    """The method that no library offers by itself."""
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
<Fetch xmlns="urn:vim25"><_this type="Folder">{folder._GetMoId()}</_this><prop>{prop}</prop></Fetch>
</soapenv:Body></soapenv:Envelope>"""
    connection = http.client.HTTPSConnection("127.0.0.1", host.port, context=insecure(), timeout=PATIENCE)
    try:
        connection.request("POST", "/sdk", body.encode(), {"Content-Type": "text/xml", "Cookie": folder._stub.cookie,
                                                           "SOAPAction": f"urn:vim25/{version}"})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_fetch(host, vm_folder):
    assert ">vm</returnval>" in fetch(host, vm_folder, "name", "6.7")
    assert "ArrayOfManagedObjectReference" in fetch(host, vm_folder, "childEntity", "5.5")
    assert "InvalidProperty" in fetch(host, vm_folder, "nothing", "6.7")


# --- updates ---

def test_updates_follow_the_inventory(si, view, folders):
    collector = collector_of(si)
    collector.CreateFilter(of_view(view, vim.Folder, ["name"]), False)
    update = collector.WaitForUpdatesEx("", Collector.WaitOptions(maxWaitSeconds=0))
    assert {kind for kind, _, _ in changes_of(update)} == {"enter"}
    assert collector.CheckForUpdates(update.version) is None
    made = folders.add("entered")
    update = collector.WaitForUpdates(update.version)
    assert changes_of(update) == [("enter", made, {"name": "entered"})]
    made.Rename("renamed")
    update = collector.WaitForUpdates(update.version)
    assert changes_of(update) == [("modify", made, {"name": "renamed"})]
    folders.remove(made)
    update = collector.WaitForUpdates(update.version)
    assert [(kind, obj) for kind, obj, _ in changes_of(update)] == [("leave", made)]
    collector.Destroy()


def test_versions(si, view, folders):
    collector = collector_of(si)
    collector.CreateFilter(of_view(view, vim.Folder, ["name"]), False)
    first = collector.CheckForUpdates("")
    made = folders.add("told twice")
    second = collector.WaitForUpdates(first.version)
    again = collector.WaitForUpdates(first.version)
    assert again.version == second.version
    assert changes_of(again) == changes_of(second) == [("enter", made, {"name": "told twice"})]
    assert collector.CheckForUpdates(second.version) is None
    for version in (first.version, "1", "nonsense", second.version + "0"):
        with pytest.raises(vmodl.query.InvalidCollectorVersion):
            collector.CheckForUpdates(version)
    collector.Destroy()


def test_partial_updates(si, vm_folder, folders):
    collector = collector_of(si)
    collector.CreateFilter(spec_of(vim.Folder, ["childEntity"], vm_folder, skip=False), True)
    update = collector.CheckForUpdates("")
    made = folders.add("a child")
    update = collector.WaitForUpdates(update.version)
    name = f'childEntity["{made._GetMoId()}"]'  # pylint: disable=protected-access
    assert [(c.name, c.op, c.val) for c in update.filterSet[0].objectSet[0].changeSet] == [(name, "add", made)]
    folders.remove(made)
    update = collector.WaitForUpdates(update.version)
    assert [(c.name, c.op, c.val) for c in update.filterSet[0].objectSet[0].changeSet] == [(name, "remove", None)]
    collector.Destroy()


class Waiter(threading.Thread):
    """Waits for updates over a connection of its own, in the session of another."""

    def __init__(self, host, si, collector, version):
        super().__init__(daemon=True)
        self.stub = SoapStubAdapter("127.0.0.1", host.port, version="vim.version.version11", path="/sdk",
                                    sslContext=insecure())
        self.stub.cookie = si._stub.cookie  # pylint: disable=protected-access
        self.collector = Collector(collector._GetMoId(), self.stub)  # pylint: disable=protected-access
        self.version = version
        self.result = self.error = None
        self.start()

    def run(self):
        try:
            self.result = self.collector.WaitForUpdatesEx(self.version)
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def end(self):
        self.join(PATIENCE)
        assert not self.is_alive()


def test_waiting(host, si, view, folders):
    collector = collector_of(si)
    collector.CreateFilter(of_view(view, vim.Folder, ["name"]), False)
    version = collector.CheckForUpdates("").version
    waiter = Waiter(host, si, collector, version)
    made = folders.add("awaited")
    waiter.end()
    assert changes_of(waiter.result) == [("enter", made, {"name": "awaited"})]
    # Whether it came before or after this one waits, it is told to go.
    waiter = Waiter(host, si, collector, waiter.result.version)

    def cancelled():
        collector.CancelWaitForUpdates()
        return not waiter.is_alive()
    wait_until(cancelled, "the call to be cancelled")
    assert isinstance(waiter.error, vmodl.fault.RequestCanceled)
    collector.Destroy()


def test_waiting_ends_with_the_session(host):
    from pyVim.connect import Disconnect
    si = host.connect()
    collector = si.content.propertyCollector
    collector.CreateFilter(spec_of(vim.Folder, ["name"], si.content.rootFolder, skip=False), False)
    waiter = Waiter(host, si, collector, collector.CheckForUpdates("").version)
    wait_until(lambda: waiter.is_alive() or waiter.error, "the call")
    Disconnect(si)
    waiter.end()
    assert isinstance(waiter.error, (vmodl.fault.RequestCanceled, vim.fault.NotAuthenticated))


def test_timeout(si):
    collector = collector_of(si)
    assert collector.WaitForUpdatesEx("", Collector.WaitOptions(maxWaitSeconds=1)) is None
    collector.Destroy()


def test_truncated(si, view, folders):
    for number in range(4):
        folders.add(f"part {number}")
    collector = collector_of(si)
    collector.CreateFilter(of_view(view, vim.Folder, ["name"]), False)
    options = Collector.WaitOptions(maxWaitSeconds=0, maxObjectUpdates=2)
    update = collector.WaitForUpdatesEx("", options)
    found = []
    while update:
        assert len(changes_of(update)) <= 2
        found += [obj for _, obj, _ in changes_of(update)]
        if update.truncated:
            with pytest.raises(vmodl.query.InvalidCollectorVersion):
                collector.CheckForUpdates(update.version)
        update = collector.WaitForUpdatesEx(update.version, options)
    assert sorted(map(str, found)) == sorted(map(str, view.view))
    collector.Destroy()


def test_task(si, folders):
    """As pyVim.task.WaitForTask does."""
    from pyVim.task import WaitForTask
    assert WaitForTask(folders.add("task").Rename("done"), si=si) == "success"


def test_filters_are_the_sessions(host, si, vm_folder):
    from pyVim.connect import Disconnect
    made = si.content.propertyCollector.CreateFilter(spec_of(vim.Folder, ["name"], vm_folder, skip=False), False)
    other = host.connect()
    assert made in si.content.propertyCollector.filter
    assert not other.content.propertyCollector.filter
    theirs = Collector.Filter(made._GetMoId(), other._stub)  # pylint: disable=protected-access
    with pytest.raises(vmodl.fault.ManagedObjectNotFound):
        theirs.Destroy()
    made.Destroy()
    assert made not in si.content.propertyCollector.filter
    Disconnect(other)


# --- views and searches ---

def test_list_view(si, vm_folder):
    manager = si.content.viewManager
    view = manager.CreateListView([vm_folder, si.content.rootFolder])
    assert list(view.view) == [vm_folder, si.content.rootFolder]
    assert view in manager.viewList
    view.Modify(add=[], remove=[vm_folder])
    assert list(view.view) == [si.content.rootFolder]
    copy = manager.CreateListViewFromView(view)
    assert list(copy.view) == [si.content.rootFolder]
    view.Destroy()
    copy.Destroy()
    assert view not in manager.viewList


def test_inventory_view(si, vm_folder):
    view = si.content.viewManager.CreateInventoryView()
    assert list(view.view) == [si.content.rootFolder]
    view.OpenFolder([si.content.rootFolder])
    assert vm_folder in view.view
    view.Destroy()


def test_search(si, vm_folder, folders):
    index = si.content.searchIndex
    made = folders.add("found")
    datacenter = vm_folder.parent
    assert index.FindByInventoryPath(f"{datacenter.name}/vm/found") == made
    assert index.FindByInventoryPath(f"/{datacenter.name}/vm/") == vm_folder
    assert index.FindByInventoryPath("no/such/thing") is None
    assert index.FindChild(vm_folder, "found") == made
    assert index.FindByUuid(None, "no such uuid", True) is None
    assert list(index.FindAllByIp(None, "192.0.2.200", True)) == []
    with pytest.raises(vim.fault.InvalidDatastore):
        index.FindByDatastorePath(datacenter, "[nowhere] a/b.vmx")
