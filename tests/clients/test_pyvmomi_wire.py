# SPDX-License-Identifier: LGPL-2.1-or-later
"""What pyVmomi writes we read, and what we write it reads."""

import json
import subprocess
from xml.etree import ElementTree

import pytest
from vim_tool import TOOL
from pyVim import connect
from pyVmomi import SoapAdapter, VmomiSupport, vim, vmodl
from pyvmomi_values import ANY, VERSION, Maker, from_soap, sorted_types, to_soap

MAKER = Maker(1)


class Stub(SoapAdapter.SoapStubAdapterBase):
    """Writes requests as it would to a vCenter."""

    def __init__(self):
        super().__init__(version=VERSION)
        self.requestContext = {"operationID": "op-1"}

    def request(self, target, method, *args):
        return self.SerializeRequest(target, getattr(type(target), method).info, args)


def test_all_types_come_back(vim_tool):
    values = [MAKER.object(kind) for kind in sorted_types() for _ in range(2)]
    assert len(values) > 4000
    sent = [to_soap(value) for value in values]
    for text, answer in zip(sent, vim_tool(["read"], sent)):
        assert to_soap(from_soap(answer)) == text


def test_anything_comes_back(vim_tool):
    sent = [to_soap(MAKER.any(0)) for _ in range(1000)]
    for text, answer in zip(sent, vim_tool(["read"], sent)):
        assert to_soap(from_soap(answer)) == text


def called(vim_tool, target, method, *args):
    (answer,) = vim_tool(["call"], [Stub().request(target, method, *args)])
    return json.loads(answer)


def test_request(vim_tool):
    spec = vim.vm.ConfigSpec(memoryMB=2048, memoryAllocation=vim.ResourceAllocationInfo(
        reservation=512, shares=vim.SharesInfo(level="high", shares=20480)))
    call = called(vim_tool, vim.VirtualMachine("vm-7"), "Reconfigure", spec)
    assert (call["method"], call["type"], call["id"]) == ("ReconfigVM_Task", "VirtualMachine", "vm-7")
    assert call["operation"] == "op-1"
    assert call["args"]["spec"] == {
        "_typeName": "VirtualMachineConfigSpec", "memoryMB": 2048, "memoryAllocation": {
            "_typeName": "ResourceAllocationInfo", "reservation": 512,
            "shares": {"_typeName": "SharesInfo", "shares": 20480, "level": "high"}}}


def test_request_with_lists_and_types(vim_tool):
    pc = vmodl.query.PropertyCollector
    spec = pc.FilterSpec(objectSet=[pc.ObjectSpec(obj=vim.Folder("group-v3"))],
                         propSet=[pc.PropertySpec(type=vim.VirtualMachine, pathSet=["name", "config.hardware"])])
    call = called(vim_tool, pc("propertyCollector"), "RetrievePropertiesEx", [spec], pc.RetrieveOptions(maxObjects=1))
    (sent,) = call["args"]["specSet"]["_value"]
    assert sent["propSet"][0]["type"] == "VirtualMachine"
    assert sent["propSet"][0]["pathSet"] == ["name", "config.hardware"]
    assert sent["objectSet"][0]["obj"] == {"_typeName": "ManagedObjectReference", "type": "Folder",
                                           "value": "group-v3"}
    assert call["args"]["options"]["maxObjects"] == 1


def answered(vim_tool, method, value, result):
    (answer,) = vim_tool(["result", method], [to_soap(value)])
    return SoapAdapter.SoapResponseDeserializer(None).Deserialize(answer, result)


def test_answer(vim_tool):
    task = answered(vim_tool, "VirtualMachine.PowerOnVM_Task", vim.Task("task-1"), vim.Task)
    assert isinstance(task, vim.Task) and task._moId == "task-1"


def test_answer_of_a_list(vim_tool):
    content = vmodl.query.PropertyCollector.ObjectContent
    value = content.Array([content(obj=vim.VirtualMachine(f"vm-{n}"), propSet=[
        vmodl.DynamicProperty(name="network", val=vim.Network.Array([vim.dvs.DistributedVirtualPortgroup("dvs-1"),
                                                                     vim.Network("network-2")])),
        vmodl.DynamicProperty(name="name", val=f"<{n}>")]) for n in range(2)])
    objects = answered(vim_tool, "PropertyCollector.RetrieveProperties", value, content.Array)
    assert [one.obj._moId for one in objects] == ["vm-0", "vm-1"]
    assert [type(network) for network in objects[0].propSet[0].val] == [vim.dvs.DistributedVirtualPortgroup, vim.Network]
    assert objects[1].propSet[1].val == "<1>"


@pytest.mark.parametrize("value", ["text", 5, [1, 2]])
def test_fetch(vim_tool, value):
    if isinstance(value, list):
        value = VmomiSupport.GetVmodlType("int[]")(value)
    assert answered(vim_tool, "Folder.Fetch", value, object) == value


def test_answer_without_a_value(vim_tool):
    (text,) = vim_tool(["result", "SessionManager.Logout"], [to_soap("")])
    assert b"<LogoutResponse xmlns=\"urn:vim25\">" in text


def test_fault(vim_tool):
    fault = vim.fault.InvalidPowerState(requestedState="poweredOn", existingState="poweredOff",
                                        msg="The VM is <off> & stays so")
    (answer,) = vim_tool(["fault"], [to_soap(fault, ANY)])
    got = SoapAdapter.SoapResponseDeserializer(None).Deserialize(answer, None)
    assert isinstance(got, vim.fault.InvalidPowerState)
    assert (got.requestedState, got.existingState, got.msg) == ("poweredOn", "poweredOff", fault.msg)


def test_versions(tmp_path):
    subprocess.run([TOOL, "wsdl", tmp_path], check=True)
    root = ElementTree.parse(tmp_path / "vimServiceVersions.xml").getroot()
    supports = getattr(connect, "__VersionIsSupported")
    for name in ("2.0", "2.5", "2.5u2", "4.0", "4.1", "5.0", "5.1", "5.5", "6.0", "6.5", "6.7", "6.7.1"):
        version = VmomiSupport.versionMap[("vim2/" if name == "2.0" else "vim25/") + name]
        assert supports(version, root), name
