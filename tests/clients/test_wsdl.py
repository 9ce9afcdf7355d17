# SPDX-License-Identifier: LGPL-2.1-or-later
"""A SOAP toolkit that knows nothing but the WSDL binds to it, calls and understands answers."""

import json
import subprocess

import pytest
from vim_tool import TOOL
from lxml import etree
from pyVmomi import vim, vmodl
from pyvmomi_values import to_soap
from zeep import Client, Settings

VIM = "{urn:vim25}"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wsdl")
    subprocess.run([TOOL, "wsdl", folder], check=True)
    return Client(str(folder / "vimService.wsdl"), settings=Settings(strict=True))


@pytest.fixture(scope="module")
def reference(client):
    kind = client.get_type(VIM + "ManagedObjectReference")
    return lambda name, key: kind(key, type=name)


def called(client, vim_tool, method, **arguments):
    envelope = client.create_message(client.service, method, **arguments)
    (answer,) = vim_tool(["call"], [etree.tostring(envelope)])
    return json.loads(answer)


def answered(client, vim_tool, owner, method, value):
    (answer,) = vim_tool(["result", f"{owner}.{method}"], [to_soap(value)])
    operation = client.service._binding.get(method)
    return operation.process_reply(etree.fromstring(answer))


def test_service(client):
    assert {"RetrieveServiceContent", "Login", "WaitForUpdatesEx", "CloneVM_Task"} <= set(dir(client.service))
    assert client.service._binding_options["address"].endswith("/sdk/vimService")


def test_call(client, vim_tool, reference):
    spec = client.get_type(VIM + "VirtualMachineConfigSpec")
    disk = client.get_type(VIM + "VirtualDisk")
    change = client.get_type(VIM + "VirtualDeviceConfigSpec")
    call = called(client, vim_tool, "ReconfigVM_Task", _this=reference("VirtualMachine", "vm-1"), spec=spec(
        memoryMB=512, deviceChange=[change(operation="add", device=disk(key=-1, capacityInKB=1024))]))
    assert call["id"] == "vm-1"
    (sent,) = call["args"]["spec"]["deviceChange"]
    assert sent["device"]["_typeName"] == "VirtualDisk"
    assert sent["device"]["capacityInKB"] == 1024


def test_answer(client, vim_tool):
    content = vmodl.query.PropertyCollector.ObjectContent
    objects = answered(client, vim_tool, "PropertyCollector", "RetrieveProperties", content.Array([
        content(obj=vim.VirtualMachine("vm-1"), propSet=[
            vmodl.DynamicProperty(name="name", val="a"),
            vmodl.DynamicProperty(name="network", val=vim.Network.Array([vim.Network("network-1")])),
            vmodl.DynamicProperty(name="config.hardware.device", val=vim.vm.device.VirtualDevice.Array(
                [vim.vm.device.VirtualDisk(key=2000, capacityInKB=5)]))])]))
    assert objects[0].obj.type == "VirtualMachine"
    name, network, devices = [prop.val for prop in objects[0].propSet]
    assert name == "a"
    assert network.ManagedObjectReference[0]._value_1 == "network-1"
    assert devices.VirtualDevice[0].capacityInKB == 5
