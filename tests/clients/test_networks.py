# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual switches, port groups with VLANs and whole tables of them, with a real Open vSwitch in a network
namespace of its own. By the JSON form over the Unix socket: TCP does not lead into that."""

import pytest

import network
from conftest import PASSWORD, USER, Api, free_ports

pytestmark = pytest.mark.skipif(network.missing() is not None, reason=str(network.missing()))


@pytest.fixture(scope="module")
def host():
    from harness import Workspace
    from managed import Daemon, Libvirt
    # The daemon runs where its switches are, and is asked by its Unix socket and by a port in there.
    port, plain_port = free_ports(2)
    with Workspace() as workspace:
        switches = network.NetworkHost(workspace)
        libvirt = Libvirt(workspace, switches)
        daemon = Daemon(workspace, libvirt, api=[f"ApiPort={port}", "ApiAddresses=127.0.0.1",
                                                 f"ApiPlainPort={plain_port}"])
        result = Api(daemon.socket, port, plain_port)
        result.network = switches
        result.add_account(USER, PASSWORD)
        yield result


def fetch(host, kind, id, name):
    status, body = host.call("GET", f"/sdk/vim25/7.0.0.0/{kind}/{id}/{name}")
    assert status == 200, body
    return body


def call(host, id, method, **arguments):
    """Status and body of a method of the HostNetworkSystem."""
    return host.call("POST", f"/sdk/vim25/7.0.0.0/HostNetworkSystem/{id}/{method}", arguments)


@pytest.fixture(scope="module")
def system(host):
    """The HostNetworkSystem's id."""
    root = host.root_folder()["value"]
    center = fetch(host, "Folder", root, "childEntity")[0]["value"]
    folder = fetch(host, "Datacenter", center, "hostFolder")["value"]
    compute = fetch(host, "Folder", folder, "childEntity")[0]["value"]
    machine = fetch(host, "ComputeResource", compute, "host")[0]["value"]
    return fetch(host, "HostSystem", machine, "configManager")["networkSystem"]["value"]


def info(host, system):
    return fetch(host, "HostNetworkSystem", system, "networkInfo")


def groups(host, system):
    return {group["spec"]["name"]: (group["spec"]["vlanId"], group["spec"]["vswitchName"])
            for group in info(host, system).get("portgroup", [])}


def spec(name, vlan, vswitch):
    return {"_typeName": "HostPortGroupSpec", "name": name, "vlanId": vlan, "vswitchName": vswitch,
            "policy": {"_typeName": "HostNetworkPolicy"}}


def fault(answer):
    status, body = answer
    assert status >= 400, body
    return (body.get("fault") or body)["_typeName"]


def test_a_switch_and_its_port_groups(host, system):
    host.network.run("ip", "link", "add", "uplink0", "type", "veth", "peer", "name", "far0")
    assert call(host, system, "AddVirtualSwitch", vswitchName="vSwitch1", spec={
        "_typeName": "HostVirtualSwitchSpec", "numPorts": 128,
        "bridge": {"_typeName": "HostVirtualSwitchBondBridge", "nicDevice": ["uplink0"]}})[0] in (200, 204)
    made = [one for one in info(host, system)["vswitch"] if one["name"] == "vSwitch1"][0]
    assert made["spec"]["bridge"]["nicDevice"] == ["uplink0"]
    assert "uplink0" in host.network.vsctl("list-ports", "vSwitch1")
    assert made["pnic"] == [nic["key"] for nic in info(host, system)["pnic"] if nic["device"] == "uplink0"]
    assert fault(call(host, system, "AddVirtualSwitch", vswitchName="vSwitch1")) == "AlreadyExists"

    assert call(host, system, "AddPortGroup", portgrp=spec("lab 7", 7, "vSwitch1"))[0] in (200, 204)
    assert groups(host, system) == {"lab 7": (7, "vSwitch1")}
    made = [one for one in info(host, system)["vswitch"] if one["name"] == "vSwitch1"][0]
    assert made["portgroup"] == [info(host, system)["portgroup"][0]["key"]]
    assert fault(call(host, system, "AddPortGroup", portgrp=spec("lab 7", 8, "vSwitch1"))) == "AlreadyExists"
    assert fault(call(host, system, "AddPortGroup", portgrp=spec("x", 8, "none"))) == "NotFound"
    assert call(host, system, "UpdatePortGroup", pgName="lab 7", portgrp=spec("lab 7", 70, "vSwitch1"))[0] in (200, 204)
    assert groups(host, system) == {"lab 7": (70, "vSwitch1")}
    assert fault(call(host, system, "RemoveVirtualSwitch", vswitchName="vSwitch1")) == "ResourceInUse"


def test_a_table(host, system):
    entries = [{"_typeName": "HostPortGroupConfig", "changeOperation": "add", "spec": spec(f"v{vlan}", vlan, "vSwitch1")}
               for vlan in range(100, 140)]
    config = {"_typeName": "HostNetworkConfig", "portgroup": entries}
    assert call(host, system, "UpdateNetworkConfig", config=config, changeMode="modify")[0] == 200
    assert len(groups(host, system)) == 41
    # What is there is said so that it can be given back.
    kept = fetch(host, "HostNetworkSystem", system, "networkConfig")
    kept["portgroup"] = [one for one in kept["portgroup"] if one["spec"]["name"] in ("v100", "v101")]
    assert call(host, system, "UpdateNetworkConfig", config=kept, changeMode="replace")[0] == 200
    assert groups(host, system) == {"v100": (100, "vSwitch1"), "v101": (101, "vSwitch1")}
    for name in "v100", "v101":
        assert call(host, system, "RemovePortGroup", pgName=name)[0] in (200, 204)
    assert call(host, system, "RemoveVirtualSwitch", vswitchName="vSwitch1")[0] in (200, 204)
    assert groups(host, system) == {} and "vSwitch1" not in host.network.vsctl("list-br")


def vswitch(name, *uplinks, change=None):
    result = {"_typeName": "HostVirtualSwitchConfig", "name": name, "spec": {
        "_typeName": "HostVirtualSwitchSpec", "numPorts": 128,
        "bridge": {"_typeName": "HostVirtualSwitchBondBridge", "nicDevice": list(uplinks)}}}
    return {**result, "changeOperation": change} if change else result


def portgroup(*words, change=None):
    result = {"_typeName": "HostPortGroupConfig", "spec": spec(*words)}
    return {**result, "changeOperation": change} if change else result


def update(host, system, mode, vswitches=(), portgroups=()):
    config = {"_typeName": "HostNetworkConfig", "vswitch": list(vswitches), "portgroup": list(portgroups)}
    return call(host, system, "UpdateNetworkConfig", config=config, changeMode=mode)


def uplinks(host, bridge):
    return set(host.network.vsctl("list-ifaces", bridge).split())


def state(host, system):
    """All of it, as the inventory and as Open vSwitch have it."""
    return fetch(host, "HostNetworkSystem", system, "networkConfig"), host.network.vsctl("show")


def test_several_at_once(host, system):
    """Each change makes the next possible: names, uplinks and switches change hands."""
    for name in "one", "two":
        host.network.run("ip", "link", "add", name, "type", "veth", "peer", "name", f"far-{name}")
    assert update(host, system, "modify", [vswitch("A", "one", change="add"), vswitch("B", "two", change="add")],
                  [portgroup("g", 1, "A", change="add"), portgroup("h", 2, "B", change="add")])[0] == 200
    assert (uplinks(host, "A"), uplinks(host, "B")) == ({"one"}, {"two"})

    assert update(host, system, "modify", [vswitch("A", "two", change="edit"),
                                           vswitch("B", "one", change="edit")])[0] == 200
    assert (uplinks(host, "A"), uplinks(host, "B")) == ({"two"}, {"one"})

    # C takes over from A, its uplink and its port group.
    assert update(host, system, "modify", [vswitch("A", change="remove"), vswitch("C", "two", "one", change="add"),
                                           vswitch("B", change="edit")],
                  [portgroup("g", 1, "C", change="edit"), portgroup("h", 2, "B", change="remove")])[0] == 200
    assert set(host.network.bridges()) == {"B", "C"}
    assert (uplinks(host, "B"), uplinks(host, "C")) == (set(), {"one", "two"})
    assert groups(host, system) == {"g": (1, "C")}


@pytest.mark.parametrize("wrong, kind, says", [
    (vswitch("new", "busy", change="add"), "ResourceInUse", "virtual switch \"new\": busy has the address"),
    (vswitch("busy", change="add"), "AlreadyExists", "virtual switch \"busy\": this host has a network interface busy"),
    (vswitch("new", "one", change="add"), "ResourceInUse", "virtual switch \"new\": one is on bridge C"),
    (vswitch("new", "none", change="add"), "NotFound", "virtual switch \"new\": this host has no network interface"),
    (vswitch("none", change="edit"), "NotFound", "virtual switch \"none\""),
    (vswitch("C", change="remove"), "ResourceInUse", "port group \"g\""),
    (vswitch("C", change="add"), "AlreadyExists", "virtual switch \"C\""),
    ({**vswitch("new", change="add"), "spec": None}, "InvalidArgument", "virtual switch \"new\""),
    (portgroup("g", 9, "C", change="add"), "AlreadyExists", "port group \"g\""),
    (portgroup("x", 4096, "C", change="add"), "InvalidArgument", "port group \"x\": a VLAN is 0 to 4095"),
    (portgroup("x", 9, "none", change="add"), "NotFound", "port group \"x\": there is no virtual switch \"none\""),
])
def test_none_of_several(host, system, wrong, kind, says):
    """The last of four changes cannot be: nothing of the others is seen, neither here nor there."""
    if not host.network.run("ip", "link", "show", "busy", check=False).stdout:
        host.network.run("ip", "link", "add", "busy", "type", "veth", "peer", "name", "far-busy")
        host.network.run("ip", "addr", "add", "10.77.0.1/24", "dev", "busy")
    before = state(host, system)
    of_switch = wrong["_typeName"] == "HostVirtualSwitchConfig"
    answer = update(host, system, "modify",
                    [vswitch("made", change="add"), vswitch("B", change="edit")] + [wrong] * of_switch,
                    [portgroup("made", 5, "made", change="add")] + [wrong] * (not of_switch))
    assert fault(answer) == kind, answer
    assert says in str(answer[1]).replace("\\", ""), answer
    assert state(host, system) == before


def test_replace_is_the_whole(host, system):
    before = state(host, system)
    # The port group's switch is not among what is to be there.
    answer = update(host, system, "replace", [vswitch("B")], [portgroup("g", 1, "C")])
    assert fault(answer) == "ResourceInUse" and "virtual switch \"C\"" in str(answer[1]).replace("\\", "")
    assert state(host, system) == before
    assert update(host, system, "replace", [vswitch("B", "one"), vswitch("D")], [portgroup("i", 3, "D")])[0] == 200
    assert groups(host, system) == {"i": (3, "D")}
    assert host.network.bridges() == ["B", "D"] and uplinks(host, "B") == {"one"}
    assert update(host, system, "replace")[0] == 200
    assert groups(host, system) == {} and host.network.bridges() == []
