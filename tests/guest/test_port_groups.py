# SPDX-License-Identifier: LGPL-2.1-or-later
"""Port groups with a real Open vSwitch: who reaches whom."""

import contextlib
import os
import sqlite3
import subprocess

import pytest

import network
from harness import BUILD, Workspace, wait_until
from managed import Daemon, Libvirt, ManagedGuest, Refused
from network import NetworkHost, cable

CLI = os.environ.get("AEROSTAT_CLI", str(BUILD / "src/cli/aerostat"))

pytestmark = pytest.mark.skipif(network.missing() is not None, reason=str(network.missing()))


class Host:
    """A host of its own with libvirt, aerostatd and an Open vSwitch."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.network = NetworkHost(workspace)
        self.libvirt = Libvirt(workspace, self.network)
        self.daemon = Daemon(workspace, self.libvirt)

    def do(self, method, **arguments):
        """The result; of a task when it has ended."""
        number, result = self.daemon.api.start(method, **arguments)
        if number is None:
            return result
        task = wait_until(lambda: self._ended(number), what=method)
        if task["state"] == "error":
            raise Refused(0, "", task["message"])
        return task["result"]

    def _ended(self, number):
        task = self.daemon.api.task(number)
        return task if task["state"] in ("success", "error") else None

    def start(self, *names):
        """Guests without cards, known to the daemon."""
        guests = [ManagedGuest(self.workspace, self.libvirt, name, memory_mib=192, pager=False, persistent=True,
                               wait=False) for name in names]
        for guest in guests:
            guest.wait_ready()
            self.do("AdoptVM", vm=guest.name)
            guest.host = self
        return guests

    def events(self):
        return [event["message"] for event in self.daemon.events()]


def add_card(guest, group, address, **more):
    """Plugs a card in while the guest runs; its address in the network is 10.9.0.ADDRESS."""
    mac = guest.host.do("AddCard", vm=guest.name, port_group=group, **more)["mac"]
    run(guest, "until [ -d /sys/class/net/eth0 ]; do usleep 50000; done; "
               f"ip addr add 10.9.0.{address}/24 dev eth0; ip link set eth0 up")
    return mac


def run(guest, command, check=True):
    job = guest.start(f"sh -c '{command}'")
    status = job.wait()
    assert not check or status == 0, job.output()
    return job if check else status


def reaches(guest, address, network_part="10.9.0", patience_s=10):
    return run(guest, f"ping -c 1 -W {patience_s} {network_part}.{address}", check=False) == 0


def wait_reaches(guest, address):
    """After what may lose packets that are under way."""
    wait_until(lambda: reaches(guest, address, patience_s=1), what=f"{guest.name} to reach .{address}")


def is_cut_off(guest, address, network_part="10.9.0"):
    """What arrived would arrive at once: who is asked here reaches others in well below a second."""
    return run(guest, f"ping -c 3 -i 0.2 -W 1 {network_part}.{address}", check=False) != 0


@pytest.fixture(scope="module", name="host")
def _host():
    with Workspace() as workspace:
        yield Host(workspace)


@pytest.fixture(scope="module", name="other")
def _other(host):
    """A second host, at the other end of a cable: u0 here, u1 there."""
    with Workspace() as workspace:
        result = Host(workspace)
        cable(host.network, "u0", result.network, "u1")
        yield result


@pytest.fixture(scope="module", name="guests")
def _guests(host):
    host.do("AddVirtualSwitch", name="vSwitch0")
    host.do("ApplyPortGroups", table="10,lab 10\n20,lab 20\n0,plain\n4095,all\n")
    one, two = host.start("one", "two")
    one.mac, two.mac = add_card(one, "lab 10", 1), add_card(two, "lab 10", 2)
    return one, two


def test_one_vlan(guests):
    one, two = guests
    assert reaches(one, 2)
    assert reaches(two, 1)


def test_other_vlan_until_moved(guests):
    """A card goes to another port group while it runs."""
    one, two = guests
    two.host.do("SetCard", vm="two", mac=two.mac, port_group="lab 20")
    assert is_cut_off(one, 2)
    two.host.do("SetCard", vm="two", mac=two.mac.upper(), port_group="lab 10")
    assert reaches(one, 2)


def test_whole_packets(guests):
    """TCP arrives, though nobody behind the card makes its checksums; and it is not cut into large ones."""
    one, two = guests
    listening = two.start("nc -l -p 7000 -e md5sum")
    sent = run(one, "dd if=/dev/urandom of=/tmp/sent bs=64k count=16 2>/dev/null; md5sum </tmp/sent; "
                    "until nc -w 5 10.9.0.2 7000 </tmp/sent >/tmp/got 2>/dev/null; do usleep 100000; done; cat /tmp/got")
    listening.wait()
    assert len(sent.lines) == 2 and sent.lines[0] == sent.lines[1]


def test_vlan_of_the_port_group_changes(guests):
    """Its running cards come along, and what is written down for the next start says so, too."""
    one, two = guests
    host = one.host
    two.host.do("SetCard", vm="two", mac=two.mac, port_group="lab 20")
    assert is_cut_off(one, 2)
    host.do("UpdatePortGroup", name="lab 20", vlan=10)
    assert reaches(one, 2)
    assert "<tag id='10'/>" in host.libvirt.virsh("dumpxml", "--inactive", "two").stdout
    done = host.do("ApplyPortGroups", table="20,lab 20\n10,lab 10\n", what_if=True)
    assert [step["action"] for step in done["steps"]] == ["change", "keep"]
    assert reaches(one, 2)
    host.do("ApplyPortGroups", table="20,lab 20\n10,lab 10\n")
    assert is_cut_off(one, 2)
    assert "<tag id='20'/>" in host.libvirt.virsh("dumpxml", "--inactive", "two").stdout
    two.host.do("SetCard", vm="two", mac=two.mac, port_group="lab 10")
    assert reaches(one, 2)


def test_untagged_and_all(guests):
    """In a port group without a VLAN no guest gets into one by tagging; in one with VLAN 4095 it does."""
    one, two = guests
    run(two, "ip link add link eth0 name tagged type vlan id 10; ip addr add 10.9.1.2/24 dev tagged; "
             "ip link set tagged up")
    run(one, "ip addr add 10.9.1.1/24 dev eth0")
    for group, arrives in (("plain", False), ("lab 20", False), ("all", True), ("plain", False)):
        two.host.do("SetCard", vm="two", mac=two.mac, port_group=group)
        # Asking starts anew: what was found out before is no answer.
        run(two, "ip neigh flush dev tagged; ip neigh flush dev eth0")
        assert (reaches if arrives else is_cut_off)(two, 1, "10.9.1"), group
    # Untagged, they are in no VLAN together.
    one.host.do("SetCard", vm="one", mac=one.mac, port_group="plain")
    assert reaches(one, 2)
    run(two, "ip link del tagged")
    run(one, "ip addr del 10.9.1.1/24 dev eth0")
    for guest in guests:
        guest.host.do("SetCard", vm=guest.name, mac=guest.mac, port_group="lab 10")


def test_cable_pulled(guests):
    one, two = guests
    two.host.do("SetCard", vm="two", mac=two.mac, connected=False)
    assert run(two, "cat /sys/class/net/eth0/carrier").lines == ["0"]
    assert is_cut_off(one, 2)
    assert [card["connected"] for card in two.host.do("ListCards", vm="two")] == [False]
    two.host.do("SetCard", vm="two", mac=two.mac, connected=True)
    assert reaches(one, 2)


def test_other_switch(guests):
    """From bridge to bridge, which libvirt cannot, and back."""
    one, two = guests
    host = one.host
    odd = "-another \"switch\", with é = {x} 'y'; $(z)"
    host.do("AddVirtualSwitch", name=odd)
    host.do("AddPortGroup", name="elsewhere", switch=odd, vlan=10)
    [bridge] = [item["bridge"] for item in host.do("ListVirtualSwitches") if item["name"] != "vSwitch0"]
    two.host.do("SetCard", vm="two", mac=two.mac, port_group="elsewhere")
    [card] = host.do("ListCards", vm="two")
    assert (card["port_group"], card["bridge"], card["vlan"]) == ("elsewhere", bridge, 10)
    assert host.network.port(bridge, card["device"]) == (True, "10")
    assert is_cut_off(one, 2)
    one.host.do("SetCard", vm="one", mac=one.mac, port_group="elsewhere")
    assert reaches(one, 2)

    for method, name in (("RemovePortGroup", "elsewhere"), ("RemoveVirtualSwitch", "vSwitch0")):
        with pytest.raises(Refused) as refused:
            host.do(method, name=name)
        assert refused.value.fault == "ResourceInUse"
        assert ("one, two" if method == "RemovePortGroup" else "lab 10") in refused.value.text
    for guest in guests:
        guest.host.do("SetCard", vm=guest.name, mac=guest.mac, port_group="lab 10")
    assert reaches(one, 2)
    host.do("RemovePortGroup", name="elsewhere")
    host.do("RemoveVirtualSwitch", name=odd)
    assert host.network.bridges() == ["vSwitch0"]


def test_another_switch_takes_over(guests):
    """Running cards come along with their port groups, in the same moment; or nothing has happened."""
    one, two = guests
    host = one.host
    names = [group["name"] for group in host.do("ListPortGroups")]

    def take_over(leaving, taking, *uplinks):
        host.do("UpdateNetworkConfig", switches=[{"name": leaving, "change": "remove"},
                                                 {"name": taking, "change": "add", "uplinks": list(uplinks)}],
                port_groups=[{"name": name, "change": "edit", "switch": taking} for name in names])
    before = (host.do("ListVirtualSwitches"), host.do("ListPortGroups"), host.network.vsctl("show"))
    with pytest.raises(Refused, match='virtual switch "other": this host has no network interface none0'):
        take_over("vSwitch0", "other", "none0")
    assert (host.do("ListVirtualSwitches"), host.do("ListPortGroups"), host.network.vsctl("show")) == before
    take_over("vSwitch0", "other")
    assert host.network.bridges() == ["other"]
    assert reaches(one, 2)
    for guest in guests:
        assert "<source bridge='other'/>" in host.libvirt.virsh("dumpxml", "--inactive", guest.name).stdout
    take_over("other", "vSwitch0")
    assert host.network.bridges() == ["vSwitch0"]
    assert reaches(two, 1)


def test_refused(guests):
    """What cannot be is refused with its reason, and nothing is changed."""
    host = guests[0].host
    host.network.run("ip", "link", "add", "busy0", "type", "veth", "peer", "name", "busy1")
    host.network.run("ip", "addr", "add", "10.8.0.1/24", "dev", "busy0")
    before = (host.do("ListVirtualSwitches"), host.do("ListPortGroups"), host.network.vsctl("show"))
    for method, arguments, words in (
            ("AddVirtualSwitch", {"name": "x", "uplinks": ["busy0"]}, "busy0 has the address 10.8.0.1"),
            ("AddVirtualSwitch", {"name": "x", "uplinks": ["none0"]}, "no network interface none0"),
            ("AddVirtualSwitch", {"name": "busy0"}, "a network interface busy0 already"),
            ("AddVirtualSwitch", {"name": "vSwitch0"}, "a virtual switch \"vSwitch0\" already"),
            ("AddVirtualSwitch", {"name": "a/b"}, "cannot be the name of a virtual switch"),
            ("AddVirtualSwitch", {"name": "x" * 300}, "longer than 80 characters"),
            ("UpdateVirtualSwitch", {"name": "vSwitch0", "uplinks": ["busy0"]}, "busy0 has the address"),
            ("RemoveVirtualSwitch", {"name": "x\n"}, "there is no virtual switch"),
            ("AddPortGroup", {"name": "lab 10", "vlan": 1}, "a port group \"lab 10\" already"),
            ("AddPortGroup", {"name": "x", "vlan": 4096}, "from 0 to 4095"),
            ("AddPortGroup", {"name": "x", "switch": "none"}, "there is no virtual switch \"none\""),
            ("UpdatePortGroup", {"name": "none", "vlan": 1}, "there is no port group \"none\""),
            ("ApplyPortGroups", {"table": "1,x\n5000,y\n2,x\n"}, "line 2: .*; line 3: "),
            ("ApplyPortGroups", {"table": "1,x\n2,y,none\n"}, "line 2: there is no virtual switch \"none\""),
            ("ApplyPortGroups", {"table": "1,x\n", "remove_others": True}, "\"lab 10\": one, two"),
            ("AddCard", {"vm": "one", "port_group": "none"}, "there is no port group \"none\""),
            ("AddCard", {"vm": "one", "port_group": "plain", "mac": "53:54:00:00:00:01"}, "even second digit"),
            ("AddCard", {"vm": "one", "port_group": "plain", "model": "ne2k"}, "model is one of"),
            ("SetCard", {"vm": "one", "mac": "52:54:00:00:00:99", "port_group": "plain"}, "has no card 52:54:00:00:00:99"),
            ("SetCard", {"vm": "one", "port_group": "none"}, "there is no port group \"none\""),
            ("RemoveCard", {"vm": "none"}, "none")):
        with pytest.raises(Refused, match=words):
            host.do(method, **arguments)
    assert (host.do("ListVirtualSwitches"), host.do("ListPortGroups"), host.network.vsctl("show")) == before
    assert [len(host.do("ListCards", vm=name)) for name in ("one", "two")] == [1, 1]


def test_card_unplugged(guests):
    one, _ = guests
    mac = one.host.do("AddCard", vm="one", port_group="lab 20", mac="52:54:00:AA:00:01", model="e1000")["mac"]
    assert mac == "52:54:00:aa:00:01"
    with pytest.raises(Refused, match="VM \"one\" has a card with the address 52:54:00:aa:00:01 already"):
        one.host.do("AddCard", vm="two", port_group="lab 20", mac=mac)
    assert len(one.host.do("ListCards", vm="one")) == 2
    one.host.do("RemoveCard", vm="one", mac=mac)
    assert [card["mac"] for card in one.host.do("ListCards", vm="one")] == [one.mac]
    assert mac not in one.host.libvirt.virsh("dumpxml", "one").stdout
    assert {group["name"]: group["vms"] for group in one.host.do("ListPortGroups")} == {
        "lab 10": 2, "lab 20": 0, "plain": 0, "all": 0}


def test_cards_of_made_vms(guests):
    """Of a VM from its making on, when it was suspended while its port group changed, and of its clone."""
    host = guests[0].host
    host.do("AddDatastore", name="store", path=str(host.workspace.folder("store")))
    host.do("ApplyPortGroups", table="30,lab 30")
    host.do("CreateVM", name="made", datastore="store", memory_mb=64, pager=False,
            cards=[{"port_group": "lab 30"}, {"port_group": "all", "model": "e1000"}])
    host.do("PowerOnVM", vm="made")
    first, second = host.do("ListCards", vm="made")
    assert [(card["port_group"], card["vlan"]) for card in (first, second)] == [("lab 30", 30), ("all", 4095)]
    assert [host.network.port("vSwitch0", card["device"]) for card in (first, second)] == [(True, "30"), (True, "[]")]

    host.do("SuspendVM", vm="made")
    host.do("UpdatePortGroup", name="lab 30", vlan=31)
    host.do("SetCard", vm="made", mac=second["mac"], port_group="lab 20")
    with pytest.raises(Refused, match="is suspended"):
        host.do("AddCard", vm="made", port_group="lab 20")
    host.do("PowerOnVM", vm="made")
    assert [host.network.port("vSwitch0", card["device"]) for card in host.do("ListCards", vm="made")] == [
        (True, "31"), (True, "20")]

    host.do("PowerOffVM", vm="made")
    host.do("CloneVM", vm="made", names=["cloned"], linked=False)
    cloned = host.do("ListCards", vm="cloned")
    assert [(card["port_group"], card["vlan"], card["model"]) for card in cloned] == [
        ("lab 30", 31, "virtio"), ("lab 20", 20, "e1000")]
    assert not {card["mac"] for card in cloned} & {first["mac"], second["mac"]}

    # From a bridge of somebody else's, which this host does not even have.
    host.do("CreateVM", name="elsewhere", datastore="store", memory_mb=64, pager=False, cards=[{"bridge": "br9"}])
    assert [(card["port_group"], card["bridge"]) for card in host.do("ListCards", vm="elsewhere")] == [(None, "br9")]
    host.do("SetCard", vm="elsewhere", port_group="lab 20")
    host.do("PowerOnVM", vm="elsewhere")
    [card] = host.do("ListCards", vm="elsewhere")
    assert host.network.port("vSwitch0", card["device"]) == (True, "20")
    host.do("PowerOffVM", vm="elsewhere")
    for name in ("made", "cloned", "elsewhere"):
        host.do("DestroyVM", vm=name)
    host.do("RemovePortGroup", name="lab 30")


def test_across_hosts(guests, other):
    """Two hosts and a cable between: the same VLAN is one network, others are not."""
    one, _ = guests
    one.host.do("UpdateVirtualSwitch", name="vSwitch0", uplinks=["u0"])
    other.do("AddVirtualSwitch", name="vSwitch0", uplinks=["u1"])
    other.do("ApplyPortGroups", table="10,lab 10\n20,lab 20\n")
    [far] = other.start("far")
    far.mac = add_card(far, "lab 10", 3)
    assert reaches(one, 3)
    other.do("SetCard", vm="far", mac=far.mac, port_group="lab 20")
    assert is_cut_off(one, 3)
    one.host.do("SetCard", vm="one", mac=one.mac, port_group="lab 20")
    assert reaches(one, 3)
    # A second cable is one more way, and no loop.
    cable(one.host.network, "u2", other.network, "u3")
    one.host.do("UpdateVirtualSwitch", name="vSwitch0", uplinks=["u0", "u2"])
    other.do("UpdateVirtualSwitch", name="vSwitch0", uplinks=["u1", "u3"])
    assert set(one.host.network.vsctl("list-ifaces", "vSwitch0").split()) >= {"u0", "u2"}
    wait_reaches(one, 3)
    one.host.network.run("ip", "link", "set", "u0", "down")
    wait_reaches(one, 3)
    one.host.do("UpdateVirtualSwitch", name="vSwitch0", uplinks=[])
    assert is_cut_off(one, 3)
    one.host.do("SetCard", vm="one", mac=one.mac, port_group="lab 10")


def test_one_table_for_every_host(host, guests, other):
    """By the command line, as a shell would go round the hosts; what one host has, another takes."""
    del guests

    def portgroup(at, *words, table=""):
        return subprocess.run([CLI, "portgroup", *words, "--host", at.daemon.socket], input=table, text=True,
                              capture_output=True, check=True, timeout=60).stdout
    table = portgroup(host, "list", "--format", "csv")
    assert table.splitlines() == ["vlan,name,switch", "0,plain,vSwitch0", "10,lab 10,vSwitch0", "20,lab 20,vSwitch0",
                                  "4095,all,vSwitch0"]
    assert portgroup(host, "apply", "-", table=table) == "0 made, 0 changed, 0 deleted, 4 as before\n"
    expected = ["plain: made, VLAN 0 on vSwitch0", "all: made, VLAN 4095 on vSwitch0",
                "2 made, 0 changed, 0 deleted, 2 as before"]
    assert portgroup(other, "apply", "-", "--what-if", table=table).splitlines() == [
        f"What if: {line}" for line in expected]
    assert portgroup(other, "apply", "-", table=table).splitlines() == expected
    assert portgroup(other, "list", "--format", "csv") == table


def test_put_right_at_start(guests):
    """What was lost while the daemon was away is made again, running cards and all; others' bridges stay."""
    one, two = guests
    host = one.host
    host.daemon.kill()
    host.network.vsctl("add-br", "mine", "--", "set", "Bridge", "mine", "datapath_type=netdev")
    host.network.vsctl("del-br", "vSwitch0")
    host.daemon.start()
    wait_reaches(one, 2)
    assert any("bridge vSwitch0 was missing and has been made again" in event for event in host.events())
    assert host.network.bridges() == ["mine", "vSwitch0"]
    with pytest.raises(Refused, match="a bridge mine already"):
        host.do("AddVirtualSwitch", name="mine")
    host.network.vsctl("del-br", "mine")

    # Killed when it had written what is wanted, and no more: a port group's VLAN, a card that is to come.
    cards = [host.do("ListCards", vm=guest.name)[0] for guest in guests]
    host.daemon.kill()
    with contextlib.closing(sqlite3.connect(host.daemon.folder / "state/inventory.sqlite")) as inventory, inventory:
        inventory.execute("UPDATE port_group SET vlan = 12 WHERE name = 'lab 10'")
        inventory.execute("INSERT INTO vm_card VALUES (?, '52:54:00:00:00:77', 'lab 20')", (one.uuid,))
    # What somebody else has done to a port is put right as well.
    host.network.vsctl("set", "Port", cards[0]["device"], "tag=99")
    host.daemon.start()
    wait_until(lambda: all(host.network.port("vSwitch0", card["device"]) == (True, "12") for card in cards),
               what="the cards to follow")
    wait_reaches(one, 2)
    assert all("<tag id='12'/>" in host.libvirt.virsh("dumpxml", "--inactive", guest.name).stdout for guest in guests)
    wait_until(lambda: [group["vms"] for group in host.do("ListPortGroups") if group["name"] == "lab 20"] == [0],
               what="the card that never came to be forgotten")
    host.do("UpdatePortGroup", name="lab 10", vlan=10)


def test_not_running(guests):
    one, _ = guests
    host = one.host
    host.network.stop_switching()
    try:
        with pytest.raises(Refused) as refused:
            host.do("AddVirtualSwitch", name="vSwitch1")
        assert refused.value.fault == "InvalidState"
        assert "Open vSwitch is not running" in refused.value.text
        assert "systemctl start openvswitch-switch" in refused.value.text
        [switch] = host.do("ListVirtualSwitches")
        assert "not running" in switch["problem"]
        assert len(host.do("ListPortGroups")) == 4
    finally:
        host.network.start_switching()
    assert [switch["problem"] for switch in host.do("ListVirtualSwitches")] == [None]
    wait_reaches(one, 2)
