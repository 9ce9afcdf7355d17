# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events and tasks, as pyVmomi sees them."""

import datetime

import pytest
from pyVim.connect import Disconnect
from pyVmomi import vim, vmodl

from conftest import PASSWORD, USER, wait_until


def the_vm(si):
    """libvirt's test driver has one; it is there once it was found."""
    view = si.content.viewManager.CreateContainerView(si.content.rootFolder, [vim.VirtualMachine], True)
    try:
        return wait_until(lambda: list(view.view), "the VM")[0]
    finally:
        view.DestroyView()


def the_host(si):
    view = si.content.viewManager.CreateContainerView(si.content.rootFolder, [vim.HostSystem], True)
    try:
        return view.view[0]
    finally:
        view.DestroyView()


# --- events ---

def test_latest_event(si):
    manager = si.content.eventManager
    assert manager.latestEvent.key > 0
    assert manager.maxCollector > 0
    host = the_host(si)
    manager.LogUserEvent(host, "all is well")
    latest = manager.latestEvent
    assert isinstance(latest, vim.event.GeneralUserEvent)
    assert latest.userName == USER
    assert latest.message.startswith("all is well")
    assert latest.host.host == host
    assert latest.computeResource is not None and latest.datacenter is not None
    age = datetime.datetime.now(datetime.timezone.utc) - latest.createdTime
    assert abs(age) < datetime.timedelta(minutes=5)


def test_events_describe_themselves(si):
    description = si.content.eventManager.description
    assert {"info", "warning", "error", "user"} <= {category.key for category in description.category}
    # The names of types that pyVmomi has are its own.
    keys = {getattr(info.key, "__name__", info.key) for info in description.eventInfo}
    assert any("VmPoweredOnEvent" in key for key in keys)
    assert any("EventEx" in key for key in keys)


def test_query_by_type_and_id(si):
    manager = si.content.eventManager
    everything = manager.QueryEvents(vim.event.EventFilterSpec())
    assert [event.key for event in everything] == sorted(event.key for event in everything)
    spec = vim.event.EventFilterSpec(eventTypeId=["aerostat.daemon"])
    found = manager.QueryEvents(spec)
    assert found and all(isinstance(event, vim.event.EventEx) for event in found)
    assert found[0].eventTypeId == "aerostat.daemon"
    assert "has started" in found[0].message
    spec = vim.event.EventFilterSpec(eventTypeId=["vim.event.UserLoginSessionEvent"])
    assert all(isinstance(event, vim.event.UserLoginSessionEvent) for event in manager.QueryEvents(spec))
    with pytest.raises(vmodl.fault.InvalidArgument):
        manager.QueryEvents(vim.event.EventFilterSpec(maxCount=0))


def test_sessions_leave_events(host, si):
    manager = si.content.eventManager
    own = si.content.sessionManager.currentSession
    spec = vim.event.EventFilterSpec(eventTypeId=["vim.event.SessionEvent"])
    logins = [event for event in manager.QueryEvents(spec) if isinstance(event, vim.event.UserLoginSessionEvent)]
    assert any(event.sessionId == own.key and event.userName == USER and event.ipAddress == "127.0.0.1"
               for event in logins)
    with pytest.raises(vim.fault.InvalidLogin):
        host.connect(USER, "wrong " + PASSWORD)
    refused = manager.latestEvent
    assert isinstance(refused, vim.event.BadUsernameSessionEvent)
    assert refused.ipAddress == "127.0.0.1" and refused.userName == USER
    other = host.connect()
    key = other.content.sessionManager.currentSession.key
    Disconnect(other)
    wait_until(lambda: any(isinstance(event, vim.event.UserLogoutSessionEvent) and event.sessionId == key
                           for event in manager.QueryEvents(spec)), "the event of logging out")


def test_collector_scrolls_and_follows(si):
    manager, host = si.content.eventManager, the_host(si)
    for number in range(15):
        manager.LogUserEvent(host, f"event {number}.")
    collector = manager.CreateCollectorForEvents(vim.event.EventFilterSpec(category=["user"]))
    collector.SetCollectorPageSize(5)
    assert [event.message.split(".")[0] for event in collector.latestPage] == [f"event {n}" for n in range(14, 9, -1)]
    collector.ResetCollector()
    assert [event.message.split(".")[0] for event in collector.ReadPreviousEvents(3)] == ["event 9", "event 8", "event 7"]
    collector.RewindCollector()
    first = collector.ReadNextEvents(1)[0]
    assert all(first.key <= event.key for event in collector.latestPage)
    everything = 1
    while page := collector.ReadNextEvents(4):
        assert len(page) <= 4
        everything += len(page)
    assert everything >= 15
    manager.LogUserEvent(host, "one more.")
    assert collector.ReadNextEvents(10)[0].message.startswith("one more")
    assert collector.latestPage[0].message.startswith("one more")
    collector.DestroyCollector()
    with pytest.raises(vmodl.fault.ManagedObjectNotFound):
        collector.ReadNextEvents(1)


def test_collector_tells_of_its_page(si):
    """WaitForUpdates over latestPage, as event watchers do it."""
    manager, host = si.content.eventManager, the_host(si)
    collector = manager.CreateCollectorForEvents(vim.event.EventFilterSpec(category=["user"]))
    properties = si.content.propertyCollector
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=collector)],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=vim.event.EventHistoryCollector,
                                                            pathSet=["latestPage"])])
    watched = properties.CreateFilter(spec, True)
    try:
        version = properties.WaitForUpdatesEx("").version
        manager.LogUserEvent(host, "watched.")
        update = properties.WaitForUpdatesEx(version, vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=30))
        assert update is not None
        change = update.filterSet[0].objectSet[0].changeSet[0]
        assert change.name.startswith("latestPage")
    finally:
        watched.DestroyPropertyFilter()


def test_collectors_are_their_sessions(host, si):
    collector = si.content.eventManager.CreateCollectorForEvents(vim.event.EventFilterSpec())
    other = host.connect()
    try:
        stolen = vim.event.EventHistoryCollector(collector._moId, other._stub)
        with pytest.raises(vmodl.fault.ManagedObjectNotFound):
            stolen.ReadNextEvents(1)
        with pytest.raises(vmodl.fault.ManagedObjectNotFound):
            stolen.latestPage
    finally:
        Disconnect(other)


def test_nobody_posts_events(si):
    event = vim.event.EventEx(eventTypeId="a.b", severity="info", message="c", key=1, chainId=1, userName="",
                              createdTime=datetime.datetime.now(datetime.timezone.utc))
    with pytest.raises(vmodl.fault.NotSupported):
        si.content.eventManager.PostEvent(event)


# --- tasks ---

def test_tasks_describe_themselves(si):
    description = si.content.taskManager.description
    assert {"queued", "running", "success", "error"} == {state.key for state in description.state}
    assert "VirtualMachine.powerOn" in {info.key for info in description.methodInfo}


def test_nobody_makes_tasks(si):
    with pytest.raises(vmodl.fault.NotSupported):
        si.content.taskManager.CreateTask(the_host(si), "com.example.task", None, False)


def test_history_of_tasks(host, si):
    host.adopt("test")
    manager, vm = si.content.taskManager, the_vm(si)
    task = vm.PowerOff()
    assert task in list(manager.recentTask)
    wait_until(lambda: task.info.completeTime, "the task")
    assert task.info.descriptionId == "VirtualMachine.powerOff"
    assert task.info.state == "success", task.info.error
    # What came of it is an event of the VM, of the one who asked for it, in the task's chain.
    events = si.content.eventManager.QueryEvents(vim.event.EventFilterSpec(eventChainId=task.info.eventChainId))
    event, = [event for event in events if isinstance(event, vim.event.VmPoweredOffEvent)]
    assert event.vm.vm == vm and event.vm.name == "test" and event.userName == USER
    assert task in list(manager.recentTask)
    assert task in list(vm.recentTask)
    by_entity = vim.TaskFilterSpec.ByEntity(entity=vm, recursion="self")
    collector = manager.CreateCollectorForTasks(vim.TaskFilterSpec(entity=by_entity))
    found = collector.ReadNextTasks(100)
    assert [info for info in found if info.key == task.info.key]
    assert all(info.entity == vm for info in found)
    assert found[-1].reason.userName == USER
    assert collector.ReadNextTasks(100) == []
    assert task.info.key in [info.key for info in collector.latestPage]
    running = manager.CreateCollectorForTasks(vim.TaskFilterSpec(entity=by_entity, state=["running", "queued"]))
    assert running.ReadNextTasks(100) == []
    collector.DestroyCollector()
    running.DestroyCollector()
