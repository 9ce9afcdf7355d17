# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logging in and out, sessions and who may do what, as pyVmomi does it."""

import time

import pytest
from pyVim.connect import Disconnect
from pyVmomi import SoapStubAdapter, vim, vmodl

from conftest import PASSWORD, USER, Host, insecure, wait_until

VERSIONS = {"4.0": "version5", "5.0": "version7", "5.5": "version9", "6.0": "version10", "6.5": "version11",
            "6.7": "version12", "6.7.1": "version13"}


@pytest.fixture(scope="module")
def brief():
    """A host whose sessions end soon."""
    result = Host("SessionTimeout=2")
    try:
        result.start()
        result.add_account(USER, PASSWORD)
        yield result
        result.end()
    finally:
        result.close()


def manager_of(stub):
    return vim.SessionManager("SessionManager", stub)


def test_login_and_logout(host):
    service = host.connect()
    manager = service.content.sessionManager
    assert service.content.about.apiType == "VirtualCenter"
    assert manager.currentSession.userName == USER
    assert manager.currentSession.ipAddress == "127.0.0.1"
    assert "pyvmomi" in manager.currentSession.userAgent
    assert manager.currentSession.key in [session.key for session in manager.sessionList]
    manager.Logout()
    with pytest.raises(vim.fault.NotAuthenticated):
        manager.sessionList


@pytest.mark.parametrize("user, password", [(USER, "wrong"), ("nobody", PASSWORD), (USER, ""), ("", ""),
                                            (USER + "\n", PASSWORD), ("a" * 100, "b" * 10000)], ids=range(6))
def test_wrong_password(host, user, password):
    told = set()
    with pytest.raises(vim.fault.InvalidLogin) as caught:
        manager_of(host.stub()).Login(user, password, None)
    told.add(caught.value.msg)
    assert told == {"Cannot complete login due to an incorrect user name or password."}


def test_failed_logins_are_slowed():
    host = Host()
    try:
        host.start()
        host.add_account(USER, PASSWORD)
        manager = manager_of(host.stub())
        times = []
        for _ in range(7):
            started = time.monotonic()
            with pytest.raises(vim.fault.InvalidLogin):
                manager.Login(USER, "wrong", None)
            times.append(time.monotonic() - started)
        # 250 ms after the fourth, doubled with each.
        assert times[6] > 0.9 and times[5] > 0.4
        # The right one is let in all the same, and then nobody is slowed any more.
        manager.Login(USER, PASSWORD, None)
        started = time.monotonic()
        with pytest.raises(vim.fault.InvalidLogin):
            manager_of(host.stub()).Login(USER, "wrong", None)
        # An eighth in a row would take 2 s.
        assert time.monotonic() - started < 1.9
        assert f"login refused by user {USER} from 127.0.0.1" in host.said()
        assert PASSWORD not in host.said() and "wrong" not in host.said()
        host.end()
    finally:
        host.close()


def test_twice_in_a_session(host, si):
    with pytest.raises(vim.fault.InvalidState):
        si.content.sessionManager.Login(USER, PASSWORD, None)
    assert si.content.sessionManager.currentSession.userName == USER


@pytest.mark.parametrize("version", VERSIONS)
def test_versions(host, version):
    stub = SoapStubAdapter("127.0.0.1", host.port, version=f"vim.version.{VERSIONS[version]}", path="/sdk",
                           sslContext=insecure())
    service = vim.ServiceInstance("ServiceInstance", stub)
    assert service.RetrieveContent().rootFolder._GetMoId()
    session = manager_of(stub).Login(USER, PASSWORD, None)
    assert session.userName == USER
    # What is newer than the client is not sent.
    assert (not session.ipAddress) == (version in ("4.0", "5.0"))
    manager_of(stub).Logout()


def test_session_ends_when_nothing_is_done(brief):
    service = brief.connect()
    manager = service.content.sessionManager
    other = brief.connect()
    key = manager.currentSession.key
    listed = other.content.sessionManager

    def is_gone():
        return key not in [session.key for session in listed.sessionList]
    wait_until(is_gone, "the session to end")
    with pytest.raises(vim.fault.NotAuthenticated):
        manager.sessionList
    # It was asked all the time.
    assert listed.currentSession.userName == USER
    Disconnect(other)


def test_session_that_waits_does_not_end(brief):
    service = brief.connect()
    collector = service.content.propertyCollector
    spec = vim.PropertyCollector.FilterSpec(
        objectSet=[vim.PropertyCollector.ObjectSpec(obj=service.content.rootFolder)],
        propSet=[vim.PropertyCollector.PropertySpec(type=vim.Folder, pathSet=["name"])])
    collector.CreateFilter(spec, True)
    version = collector.WaitForUpdatesEx("", None).version
    started = time.monotonic()
    assert collector.WaitForUpdatesEx(version, vim.PropertyCollector.WaitOptions(maxWaitSeconds=5)) is None
    assert time.monotonic() - started > 4
    assert service.content.sessionManager.currentSession.userName == USER
    Disconnect(service)


def test_sessions_of_others(host, si):
    other = host.connect()
    manager = si.content.sessionManager
    key = other.content.sessionManager.currentSession.key
    assert manager.SessionIsActive(key, USER)
    assert not manager.SessionIsActive(key, "somebody")
    with pytest.raises(vim.fault.NotFound):
        manager.TerminateSession(["no such"])
    with pytest.raises(vmodl.fault.InvalidArgument):
        manager.TerminateSession([manager.currentSession.key])
    manager.TerminateSession([key])
    assert not manager.SessionIsActive(key, USER)
    with pytest.raises(vim.fault.NotAuthenticated):
        other.content.sessionManager.sessionList


def test_clone_of_a_session(host, si):
    ticket = si.content.sessionManager.AcquireCloneTicket()
    manager = manager_of(host.stub())
    session = manager.CloneSession(ticket)
    assert session.userName == USER and session.key != si.content.sessionManager.currentSession.key
    assert len(manager.sessionList) >= 2
    with pytest.raises(vim.fault.InvalidLogin):  # it is good once
        manager_of(host.stub()).CloneSession(ticket)
    manager.Logout()


def test_accounts(host, si):
    accounts, rights = si.content.accountManager, si.content.authorizationManager
    if accounts is None:
        accounts = vim.host.LocalAccountManager("HostLocalAccountManager", si._stub)
    spec = vim.host.LocalAccountManager.AccountSpecification(id="olga", password="old", description="Olga")
    accounts.CreateUser(spec)
    with pytest.raises(vim.fault.AlreadyExists):
        accounts.CreateUser(spec)
    found = si.content.userDirectory.RetrieveUserGroups(None, "OLG", None, None, False, True, False)
    assert [(user.principal, user.fullName, user.group) for user in found] == [("olga", "Olga", False)]
    with pytest.raises(vim.fault.NoPermission):  # no role yet
        manager_of(host.stub()).Login("olga", "old", None)
    root = si.content.rootFolder
    role = {role.name: role.roleId for role in rights.roleList}["ReadOnly"]
    rights.SetEntityPermissions(root, [vim.AuthorizationManager.Permission(principal="olga", group=False, roleId=role,
                                                                           propagate=True)])
    assert ("olga", role) in [(p.principal, p.roleId) for p in rights.RetrieveAllPermissions()]
    assert [p.principal for p in rights.RetrieveRolePermissions(role)] == ["olga"]
    olga = manager_of(host.stub())
    olga.Login("olga", "old", None)
    accounts.UpdateUser(vim.host.LocalAccountManager.AccountSpecification(id="olga", password="new"))
    with pytest.raises(vim.fault.InvalidLogin):
        manager_of(host.stub()).Login("olga", "old", None)
    accounts.RemoveUser("olga")
    with pytest.raises(vim.fault.NotAuthenticated):  # her session went with her
        olga.sessionList
    with pytest.raises(vim.fault.UserNotFound):
        accounts.RemoveUser("olga")


@pytest.mark.parametrize("name", ["", "a b", "-x", "a/b", "é", "x" * 65])
def test_names_that_no_account_can_have(si, name):
    accounts = vim.host.LocalAccountManager("HostLocalAccountManager", si._stub)
    with pytest.raises(vmodl.fault.InvalidArgument):
        accounts.CreateUser(vim.host.LocalAccountManager.AccountSpecification(id=name, password="x"))


def test_permissions_are_on_the_root_folder(si):
    rights = si.content.authorizationManager
    permission = vim.AuthorizationManager.Permission(principal=USER, group=False, roleId=-2, propagate=True)
    with pytest.raises(vim.fault.AuthMinimumAdminPermission):
        rights.SetEntityPermissions(si.content.rootFolder, [permission])
    with pytest.raises(vim.fault.UserNotFound):
        rights.RemoveEntityPermission(si.content.rootFolder, "nobody", False)
    datacenter = si.content.rootFolder.childEntity[0]
    with pytest.raises(vmodl.fault.NotSupported) as caught:
        rights.SetEntityPermissions(datacenter, [permission])
    assert "root folder" in caught.value.msg
    assert [p.principal for p in rights.RetrieveEntityPermissions(si.content.rootFolder, False)] == [USER]
    assert rights.RetrieveEntityPermissions(datacenter, False) == []


def test_privileges_can_be_asked_for(si):
    rights = si.content.authorizationManager
    root = si.content.rootFolder
    key = si.content.sessionManager.currentSession.key
    assert list(rights.HasPrivilegeOnEntity(root, key, ["System.View", "VirtualMachine.Interact.PowerOn"])) == [True, True]
    found = rights.HasPrivilegeOnEntities([root], key, ["Datastore.Browse"])
    assert found[0].privAvailability[0].isGranted
    assert "Datastore.Browse" in [privilege.privId for privilege in rights.privilegeList]


def test_loss_of_the_role_reaches_open_sessions(host):
    host.add_account("peter", "x", "VirtualMachineUser")
    session = host.connect("peter", "x")
    assert session.content.sessionManager.currentSession.userName == "peter"
    host.set_role("peter", "NoAccess")
    with pytest.raises(vim.fault.NotAuthenticated):
        session.content.authorizationManager.roleList
