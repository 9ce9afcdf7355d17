# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network cards of a guest that runs, by pyVmomi, on port groups of a real Open vSwitch: who reaches it, and what a
property collector tells meanwhile."""

import os

import pytest

import network
from conftest import new_guest_host
from harness import agent_image
from managed import Libvirt
from network import NetworkHost, cable
from vms import Machines, Watch, WaitForTask, change_device, devices, fails_with, reconfigure, vim, vmodl, wait_until

pytestmark = pytest.mark.skipif(network.missing() is not None, reason=str(network.missing()))

ADDRESS = "10.9.0.1"
MAC = "00:50:56:aa:00:01"


class Peer:
    """What is at another port of the switch, in one VLAN: a network namespace, at 10.9.0.VLAN."""

    def __init__(self, switches, vlan):
        anchor = switches.workspace.spawn(["unshare", "-n", "sleep", "infinity"], switches.folder / f"peer{vlan}.out", last=True)
        here = os.readlink("/proc/self/ns/net")
        self.pid, self.switches = anchor.pid, switches
        wait_until(lambda: os.readlink(f"/proc/{self.pid}/ns/net") != here, "a network namespace")
        cable(switches, f"peer{vlan}", self, "eth0")
        switches.run("ip", "link", "set", f"peer{vlan}", "up")
        switches.vsctl("add-port", "vSwitch0", f"peer{vlan}", f"tag={vlan}")
        self.run("ip", "addr", "add", f"10.9.0.{vlan}/24", "dev", "eth0")
        self.run("ip", "link", "set", "eth0", "up")

    def run(self, *command):
        self.switches.run("nsenter", f"--net=/proc/{self.pid}/ns/net", *command)


@pytest.fixture(scope="module")
def machines():
    with new_guest_host(lambda workspace: Libvirt(workspace, NetworkHost(workspace))) as host:
        result = Machines(host)
        result.system = result.compute.host[0].configManager.networkSystem
        result.system.AddVirtualSwitch("vSwitch0", vim.host.VirtualSwitch.Specification(numPorts=128))
        for vlan in 10, 20:
            result.system.AddPortGroup(group(f"lab {vlan}", vlan))
        for vlan in 10, 20:
            Peer(host.libvirt.network, vlan)
        yield result


@pytest.fixture(scope="module")
def guests(machines):
    return machines.guests()


@pytest.fixture(scope="module")
def vm(machines, guests):
    """Its guest has an agent."""
    guests.create_from(agent_image(), "one", 128, pager=False)
    result = wait_until(lambda: machines.find("one"), "the VM")
    WaitForTask(result.PowerOnVM_Task())
    guests.agent_shell("one", "true")
    return result


def ping(guests, vlan, arguments):
    # Asking starts anew: what was found out before is no answer.
    return int(guests.agent_shell("one", f"ip neigh flush dev eth0; busybox ping {arguments} 10.9.0.{vlan} >/dev/null; echo $?"))


def reaches(guests, vlan):
    """The peer in the VLAN."""
    return ping(guests, vlan, "-c 1 -W 10") == 0


def is_cut_off(guests, vlan):
    """What arrived would arrive at once."""
    return ping(guests, vlan, "-c 3 -i 0.2 -W 1") != 0


@pytest.fixture
def watch(machines, vm):
    result = Watch(machines.si, vm, "network", "guest.net", "config.hardware.device")
    result.until(lambda seen: seen["config.hardware.device"])
    yield result
    result.end()


def group(name, vlan):
    return vim.host.PortGroup.Specification(name=name, vlanId=vlan, vswitchName="vSwitch0", policy=vim.host.NetworkPolicy())


def network_named(machines, name):
    return next(item for item in machines.datacenter.network if item.name == name)


def backing(machines, name):
    return vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName=name, network=network_named(machines, name))


def card_to_add(machines, name, kind=vim.vm.device.VirtualVmxnet3, **fields):
    return change_device(kind(key=-1, backing=backing(machines, name), connectable=vim.vm.device.VirtualDevice.ConnectInfo(
        startConnected=True, connected=True, allowGuestControl=True), **fields), "add")


def cards(vm):
    return devices(vm, vim.vm.device.VirtualEthernetCard)


def seen_cards(watch):
    """Of what the property collector has told: by key, (port group, connected)."""
    return {device.key: (device.backing.deviceName, device.connectable.connected)
            for device in watch.seen["config.hardware.device"] if isinstance(device, vim.vm.device.VirtualEthernetCard)}


def seen_nics(watch):
    """The same of what the guest says."""
    return {nic.deviceConfigId: (nic.network, nic.connected) for nic in watch.seen["guest.net"]}


def test_added(machines, guests, vm, watch):
    reconfigure(vm, deviceChange=[card_to_add(machines, "lab 10")])
    [card] = cards(vm)
    assert isinstance(card, vim.vm.device.VirtualVmxnet3) and (card.key, card.unitNumber) == (4000, 7)
    assert card.backing.network == network_named(machines, "lab 10") and card.deviceInfo.summary == "lab 10"
    assert card.connectable.connected and card.connectable.startConnected
    assert list(vm.network) == [card.backing.network] and vm in card.backing.network.vm
    guests.agent_shell("one", f"until [ -d /sys/class/net/eth0 ]; do sleep 0.1; done; ip addr add {ADDRESS}/24 dev eth0; "
                              "ip link set eth0 up")
    assert reaches(guests, 10) and is_cut_off(guests, 20)
    watch.until(lambda seen: seen_cards(watch) == {4000: ("lab 10", True)} and list(seen["network"]) == list(vm.network))
    watch.until(lambda seen: seen_nics(watch) == {4000: ("lab 10", True)} and ADDRESS in seen["guest.net"][0].ipAddress)
    assert watch.seen["guest.net"][0].macAddress == card.macAddress


def test_other_port_group(machines, guests, vm, watch):
    """It goes there while it runs, and its traffic with it; and back."""
    for name, there, away in (("lab 20", 20, 10), ("lab 10", 10, 20)):
        [card] = cards(vm)
        card.backing = backing(machines, name)
        reconfigure(vm, deviceChange=[change_device(card)])
        assert cards(vm)[0].backing.deviceName == name and cards(vm)[0].macAddress == card.macAddress
        assert list(vm.network) == [network_named(machines, name)] and vm in vm.network[0].vm
        assert [len(network_named(machines, f"lab {vlan}").vm) for vlan in (there, away)] == [1, 0]
        assert reaches(guests, there) and is_cut_off(guests, away)
        watch.until(lambda seen, name=name: seen_cards(watch) == {4000: (name, True)} and
                    list(seen["network"]) == list(vm.network) and seen_nics(watch) == {4000: (name, True)})


def test_cable_pulled(guests, vm, watch):
    """It is in again at the next start, which is another setting."""
    for connected in False, True:
        [card] = cards(vm)
        card.connectable.connected = connected
        reconfigure(vm, deviceChange=[change_device(card)])
        [card] = cards(vm)
        assert (card.connectable.connected, card.connectable.startConnected) == (connected, True)
        assert guests.agent_shell("one", "cat /sys/class/net/eth0/carrier").strip() == str(int(connected))
        assert reaches(guests, 10) if connected else is_cut_off(guests, 10)
        watch.until(lambda seen, connected=connected: seen_cards(watch) == {4000: ("lab 10", connected)} and
                    seen_nics(watch) == {4000: ("lab 10", connected)})
    for start_connected in False, True:
        [card] = cards(vm)
        card.connectable.startConnected = start_connected
        reconfigure(vm, deviceChange=[change_device(card)])
        [card] = cards(vm)
        assert (card.connectable.connected, card.connectable.startConnected) == (True, start_connected)
        assert reaches(guests, 10)


def test_vlan_of_the_port_group(machines, guests, vm, watch):
    """A running guest's card goes along, and nothing of the VM is another."""
    [card] = cards(vm)
    for vlan, away in ((20, 10), (10, 20)):
        machines.system.UpdatePortGroup("lab 10", group("lab 10", vlan))
        assert reaches(guests, vlan) and is_cut_off(guests, away)
        assert [(item.spec.name, item.spec.vlanId) for item in machines.system.networkInfo.portgroup] == [
            ("lab 10", vlan), ("lab 20", 20)]
    assert seen_cards(watch) == {4000: ("lab 10", True)} and cards(vm)[0].macAddress == card.macAddress


def test_second_card(machines, vm, watch):
    reconfigure(vm, deviceChange=[card_to_add(machines, "lab 20", vim.vm.device.VirtualE1000, addressType="manual",
                                              macAddress=MAC.upper())])
    second = cards(vm)[1]
    assert isinstance(second, vim.vm.device.VirtualE1000) and second.key == 4001 and second.macAddress == MAC
    watch.until(lambda seen: seen_cards(watch) == {4000: ("lab 10", True), 4001: ("lab 20", True)} and
                sorted(item.name for item in seen["network"]) == ["lab 10", "lab 20"])
    reconfigure(vm, deviceChange=[change_device(second, "remove")])
    assert [card.key for card in cards(vm)] == [4000] and [item.name for item in vm.network] == ["lab 10"]
    watch.until(lambda seen: seen_cards(watch) == {4000: ("lab 10", True)} and len(seen["network"]) == 1)


def test_refused(machines, vm):
    """Nothing is changed by what cannot be."""
    before, [card] = vm.config.changeVersion, cards(vm)
    away = cards(vm)[0]
    away.key = 4007
    other = cards(vm)[0]
    other.macAddress = MAC
    nowhere = card_to_add(machines, "lab 10")
    nowhere.device.backing = vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName="none")
    distributed = card_to_add(machines, "lab 10")
    distributed.device.backing = vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo(
        port=vim.dvs.PortConnection(switchUuid="none", portgroupKey="none"))
    for fault, changes in [(vim.fault.InvalidDeviceBacking, [nowhere]), (vim.fault.InvalidDeviceBacking, [distributed]),
                           (vim.fault.DeviceNotFound, [change_device(away)]),
                           (vim.fault.DeviceNotFound, [change_device(away, "remove")]),
                           (vim.fault.InvalidDeviceSpec, [change_device(other)]),
                           # The first is taken back.
                           (vmodl.MethodFault, [card_to_add(machines, "lab 20"),
                                                card_to_add(machines, "lab 20", macAddress=card.macAddress)])]:
        with fails_with(fault):
            reconfigure(vm, annotation="x", deviceChange=changes)
        assert vm.config.changeVersion == before and [c.key for c in cards(vm)] == [4000]
    with fails_with(vim.fault.ResourceInUse):
        machines.system.RemovePortGroup("lab 10")


def test_removed(machines, guests, vm, watch):
    reconfigure(vm, deviceChange=[change_device(cards(vm)[0], "remove")])
    assert not cards(vm) and not vm.network and not network_named(machines, "lab 10").vm
    guests.agent_shell("one", "[ ! -e /sys/class/net/eth0 ]")
    watch.until(lambda seen: not seen_cards(watch) and not seen["network"] and not seen["guest.net"])
    machines.system.RemovePortGroup("lab 10")
    assert [item.name for item in machines.datacenter.network] == ["lab 20"]
