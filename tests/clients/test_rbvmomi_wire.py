# SPDX-License-Identifier: LGPL-2.1-or-later
"""What rbvmomi writes we read, and what we write it reads."""

import datetime
import json
import pathlib
import subprocess

from pyVmomi import VmomiSupport, vim, vmodl
from pyvmomi_values import to_soap

SCRIPT = pathlib.Path(__file__).with_name("rbvmomi_wire.rb")


def ruby(what, text=b""):
    done = subprocess.run(["ruby", SCRIPT, what], input=text, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_request(vim_tool):
    (answer,) = vim_tool(["call"], [ruby("request")])
    call = json.loads(answer)
    assert (call["method"], call["type"], call["id"]) == ("ReconfigVM_Task", "VirtualMachine", "vm-1")
    spec = call["args"]["spec"]
    assert spec["memoryMB"] == 512
    (change,) = spec["deviceChange"]
    assert change["operation"] == "add"
    assert change["device"]["_typeName"] == "VirtualDisk"
    assert change["device"]["backing"] == {
        "_typeName": "VirtualDiskFlatVer2BackingInfo", "fileName": "[a] <b>", "diskMode": "persistent",
        "datastore": {"_typeName": "ManagedObjectReference", "type": "Datastore", "value": "datastore-1"}}
    assert [one["value"] for one in spec["extraConfig"]] == [
        {"_typeName": "string", "_value": "a & b"}, {"_typeName": "long", "_value": 5},
        {"_typeName": "boolean", "_value": True}, {"_typeName": "dateTime", "_value": "2020-02-29T00:00:00Z"}]


def test_answer(vim_tool):
    content = vmodl.query.PropertyCollector.ObjectContent
    values = {"name": "a<b>", "parent": vim.Folder("group-v3"), "state": vim.VirtualMachine.PowerState.poweredOn,
              "network": vim.Network.Array([vim.Network("network-1"), vim.dvs.DistributedVirtualPortgroup("dvp-1")]),
              "time": datetime.datetime(2020, 2, 29, 1, 2, 3, 678000, tzinfo=datetime.timezone.utc),
              "numbers": VmomiSupport.GetVmodlType("int[]")([1, 2]), "truth": True,
              "texts": VmomiSupport.GetVmodlType("string[]")(["x"]),
              "device": vim.vm.device.VirtualDevice.Array([vim.vm.device.VirtualDisk(key=2000, capacityInKB=5)])}
    value = content.Array([content(obj=vim.VirtualMachine("vm-1"), propSet=[
        vmodl.DynamicProperty(name=name, val=val) for name, val in values.items()])])
    (text,) = vim_tool(["result", "PropertyCollector.RetrieveProperties"], [to_soap(value)])
    (got,) = json.loads(ruby("answer", text))
    assert got["obj"] == "VirtualMachine:vm-1"
    assert {prop["name"]: prop["val"] for prop in got["propSet"]} == {
        "name": "a<b>", "parent": "Folder:group-v3", "state": "poweredOn",
        "network": ["Network:network-1", "DistributedVirtualPortgroup:dvp-1"], "time": "2020-02-29T01:02:03.678Z",
        "numbers": [1, 2], "truth": True, "texts": ["x"],
        "device": [{"type": "VirtualDisk", "key": 2000, "capacityInKB": 5}]}
