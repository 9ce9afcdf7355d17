# SPDX-License-Identifier: LGPL-2.1-or-later
"""AerostatManager over the wire: JSON by the Unix socket and by TLS, SOAP as any toolkit would say it."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from conftest import PASSWORD, answer_of, wait_until
from manager import Refused

MANAGER = "/sdk/vim25/7.0.0.0/AerostatManager/AerostatManager"
LOGIN = "/sdk/vim25/7.0.0.0/SessionManager/SessionManager/Login"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
VIM = "{urn:vim25}"
UNKNOWN = "11111111-2222-3333-4444-555555555555"


@pytest.fixture(name="manager")
def _manager(host):
    wait_until(host.manager.vms, "the VM")
    return host.manager


class Client:
    """Logged in, by TLS."""

    def __init__(self, host, user):
        self.connection = host.https()
        body = {"userName": user, "password": PASSWORD}
        _, headers, _ = answer_of(self.connection, "POST", LOGIN, body)
        self.headers = {"vmware-api-session-id": headers["vmware-api-session-id"]}

    def call(self, method, **arguments):
        """Status and what the answer says."""
        status, _, body = answer_of(self.connection, "POST", f"{MANAGER}/{method}", arguments, self.headers)
        return status, body


@pytest.fixture(name="reader", scope="module")
def _reader(host):
    host.add_account("rita", PASSWORD, "ReadOnly")
    return Client(host, "rita")


def soap(host, inside):
    """The answer's body's child; the session is the connection's own."""
    text = ('<?xml version="1.0" encoding="UTF-8"?>'
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
            f'{inside}</soapenv:Body></soapenv:Envelope>')
    status, answer = host.call("POST", "/sdk", text.encode())
    return status, ElementTree.fromstring(answer).find(f"{SOAP}Body")[0]


def test_figures(manager):
    # The scheduler's first round has to have been.
    wait_until(lambda: manager.host()["vms"] == 1, "the VM to have figures")
    host = manager.host()
    assert 0 < host["managed_bytes"] <= host["total_bytes"] and host["connection"] == "ok"
    assert host["low_bytes"] < host["hard_bytes"] < host["soft_bytes"] < host["high_bytes"]
    vm, = manager.vms()
    assert (vm["name"], vm["pool"], vm["power"]) == ("test", "/", "on")
    assert [pool["path"] for pool in manager.pools()] == ["/"]
    assert {"sharing-off"} <= {advice["kind"] for advice in manager.advice()}


def test_figures_by_soap(host, manager):
    vm = manager.vms()[0]["vm"]["value"]
    status, answer = soap(host, '<QueryVmMemory xmlns="urn:vim25"><_this type="AerostatManager">AerostatManager</_this>'
                                f'<vm type="VirtualMachine">{vm}</vm></QueryVmMemory>')
    assert (status, answer.tag) == (200, f"{VIM}QueryVmMemoryResponse")
    assert answer.find(f"{VIM}returnval/{VIM}name").text == "test"
    status, answer = soap(host, '<PreviewAllocation xmlns="urn:vim25">'
                                '<_this type="AerostatManager">AerostatManager</_this>'
                                f'<change><entity type="VirtualMachine">{vm}</entity><memoryAllocation>'
                                '<shares><shares>0</shares><level>high</level></shares>'
                                '</memoryAllocation></change></PreviewAllocation>')
    assert status == 200, ElementTree.tostring(answer)
    assert {entity.get("type") for entity in answer.iter(f"{VIM}entity")} == {"VirtualMachine", "ResourcePool"}


def test_types_are_in_the_wsdl(host):
    connection = host.https()
    names = ""
    for path in "/sdk/vimService.wsdl", "/sdk/vim-types.xsd", "/sdk/vim.wsdl":
        connection.request("GET", path)
        names += connection.getresponse().read().decode()
    for name in "AerostatVmMemory", "QueryHostMemory", "RunOperation_Task":
        assert name in names


def test_round_is_told(host, manager):
    """To who waits for updates, as for any property."""
    session = type(manager)(host.local, kept=True)
    try:
        collector = session.content()["propertyCollector"]["value"]
        session.call("PropertyCollector", collector, "CreateFilter", partialUpdates=False, spec={
            "_typeName": "PropertyFilterSpec",
            "objectSet": [{"_typeName": "ObjectSpec", "obj": {
                "_typeName": "ManagedObjectReference", "type": "AerostatManager", "value": "AerostatManager"}}],
            "propSet": [{"_typeName": "PropertySpec", "type": "AerostatManager", "pathSet": ["round"]}]})

        def update(version):
            found = session.call("PropertyCollector", collector, "WaitForUpdatesEx", version=version)
            change, = found["filterSet"][0]["objectSet"][0]["changeSet"]
            return found["version"], change["val"]["_value"]

        version, before = update("")
        manager.set(**{"Mem.IdleTax": 50})  # which is a round
        assert update(version)[1] > before
    finally:
        session.close()


def test_journal(manager):
    events = manager.events()
    assert events[0]["type"] == "daemon" and "has started" in events[0]["message"]
    assert any(event["vm"] == "test" for event in events)
    assert manager.events(after=events[-2]["id"], limit=1) == [events[-1]]
    for limit in 0, 1001, -1:
        with pytest.raises(Refused) as refused:
            manager.events(limit=limit)
        assert refused.value.fault == "InvalidArgument"


def test_admission(manager):
    manager.query("AdmitVm", uuid=UNKNOWN, name="new", memoryBytes=1 << 30)
    for wrong in {"uuid": "new"}, {"memoryBytes": -1}:
        with pytest.raises(Refused) as refused:
            manager.query("AdmitVm", **{"uuid": UNKNOWN, "name": "new", "memoryBytes": 1, **wrong})
        assert refused.value.fault == "InvalidArgument"


def test_operations(manager):
    offered = {found["name"]: found for found in manager.query("QueryOperations")}
    assert offered["CloneVM"] == {"_typeName": "AerostatOperation", "name": "CloneVM", "task": True,
                                  "privilege": "VirtualMachine.Provisioning.Clone"}
    assert "DescribeVMs" not in offered
    assert {folder["path"] for folder in manager.run("ListFolders")} == {"/"}
    number, _ = manager.start("PowerOnVM", vm="no such VM")
    wait_until(lambda: manager.task(number)["state"] == "error", "the task")
    assert "no such VM" in manager.task(number)["message"]


@pytest.mark.parametrize("operation, arguments", [
    ("Nope", None), ("", None), ("PowerOnVM", "{}"), ("ListFolders", ""), ("ListFolders", "[]"),
    ("ListFolders", "null"),
    ("ListFolders", "{'a': 1}"), ("ListFolders", '{"nonsense": 1}'), ("ListFolders", "[" * 100000),
    ("ListFolders", '{"a":' * 100000), ("CreateFolder", '{"path": 5}'), ("\n\x1b[2J", None)])
def test_what_is_no_operation(manager, operation, arguments):
    more = {} if arguments is None else {"arguments": arguments}
    with pytest.raises(Refused) as refused:
        manager.query("RunOperation", operation=operation, **more)
    assert refused.value.status == 400 and "\x1b" not in refused.value.text and len(refused.value.text) > 10


def test_roles(host, manager, reader):
    """Each operation takes what vim25's method of its kind takes."""
    assert reader.call("QueryHostMemory")[0] == 200
    assert json.loads(reader.call("RunOperation", operation="ListFolders")[1])
    status, fault = reader.call("RunOperation", operation="CreateFolder", arguments='{"path": "/no"}')
    assert (status, fault["_typeName"], fault["privilegeId"]) == (403, "NoPermission", "Folder.Create")
    status, fault = reader.call("RunOperation_Task", operation="DestroyVM", arguments='{"vm": "test"}')
    assert (status, fault["privilegeId"]) == (403, "VirtualMachine.Inventory.Delete")
    assert reader.call("AdmitVm", uuid=UNKNOWN, name="new", memoryBytes=1)[0] == 403
    assert len(manager.run("ListFolders")) == 1
    connection = host.https()
    for method in "QueryHostMemory", "QueryVmMemory", "QueryJournal", "QueryOperations":
        assert answer_of(connection, "POST", f"{MANAGER}/{method}", {})[0] == 401


@pytest.mark.usefixtures("reader")
@pytest.mark.filterwarnings("ignore")
def test_zeep(host, manager):
    """As docs/guide/api.md shows it."""
    import requests
    import zeep
    session = requests.Session()
    session.verify, session.trust_env = False, False
    url = f"https://127.0.0.1:{host.port}/sdk"
    client = zeep.Client(f"{url}/vimService.wsdl", transport=zeep.Transport(session=session))
    service = client.service
    service._binding_options["address"] = url
    reference = client.get_type("{urn:vim25}ManagedObjectReference")
    service.Login(reference("SessionManager", type="SessionManager"), "rita", PASSWORD)
    found, = service.QueryVmMemory(reference("AerostatManager", type="AerostatManager"))
    assert (found.name, found.power) == ("test", "on") and found.vm._value_1 == manager.vms()[0]["vm"]["value"]
