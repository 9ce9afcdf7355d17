# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat switch, portgroup, card."""

import csv
import io
import json

import fake_daemon
import pytest

SWITCHES = [{"name": "vSwitch0", "bridge": "vSwitch0", "uplinks": ["eth1", "eth2"], "port_groups": 2,
             "datapath": "kernel", "problem": None},
            {"name": "a\033b", "bridge": "vs12", "uplinks": [], "port_groups": 0, "datapath": None,
             "problem": "bridge vs12 is missing"}]
GROUPS = [{"vlan": 10, "name": "lab, old", "switch": "vSwitch0", "vms": 3},
          {"vlan": 4095, "name": "all", "switch": "vSwitch0", "vms": 0}]
CARD = {"mac": "52:54:00:00:00:01", "model": "virtio", "port_group": "all", "switch": "vSwitch0",
        "bridge": "vSwitch0", "vlan": 4095, "connected": True, "device": "vnet3"}
STEPS = [{"action": "make", "name": "new", "switch": "vSwitch0", "vlan": 5},
         {"action": "keep", "name": "all", "switch": "vSwitch0", "vlan": 4095},
         {"action": "change", "name": "lab\n1", "switch": "vSwitch0", "vlan": 11, "vlan_before": 10,
          "switch_before": "old"},
         {"action": "remove", "name": "gone", "switch": "vSwitch0", "vlan": 7}]


def success(result=None):
    return {"state": "success", "percent": 100, "message": "done", "result": result}


@pytest.fixture(name="vms")
def _vms(daemon):
    """Two VMs of the inventory."""
    return [daemon.add_vm(name)["uuid"] for name in ("one", "two")]


def test_switches_are_listed(run, daemon):
    daemon.methods["ListVirtualSwitches"] = lambda _: tuple(SWITCHES)
    lines = run("switch", "list").out.splitlines()
    assert lines[0].split() == ["NAME", "BRIDGE", "UPLINKS", "PORTGROUPS", "DATAPATH", "PROBLEM"]
    assert lines[1].startswith("a\\x1bb ") and lines[1].endswith("bridge vs12 is missing")
    assert lines[2].split()[:5] == ["vSwitch0", "vSwitch0", "eth1,eth2", "2", "kernel"]
    assert json.loads(run("switch", "list", "--format", "json").out)[1] == SWITCHES[0]


def test_switches_are_changed(run, daemon):
    for method in ("AddVirtualSwitch", "UpdateVirtualSwitch", "RemoveVirtualSwitch"):
        daemon.methods[method] = lambda _: {}
    assert run("switch", "create", "vSwitch 1", "--uplinks", "eth1,eth2").out == "vSwitch 1: made\n"
    assert run("switch", "set", "vSwitch 1").out == "vSwitch 1: changed\n"
    run("switch", "set", "vSwitch 1", "--uplinks", "none")
    assert run("switch", "delete", "a", "b").out == "a: deleted\nb: deleted\n"
    assert [(path, body) for _, path, body in daemon.changes] == [
        ("AddVirtualSwitch", {"name": "vSwitch 1", "uplinks": ["eth1", "eth2"]}),
        ("UpdateVirtualSwitch", {"name": "vSwitch 1"}),
        ("UpdateVirtualSwitch", {"name": "vSwitch 1", "uplinks": []}),
        ("RemoveVirtualSwitch", {"name": "a"}), ("RemoveVirtualSwitch", {"name": "b"})]
    assert "interfaces with commas" in run("switch", "create", "x", "--uplinks", "a,,b", status=2).err
    assert run("switch", "delete", "a", "--what-if").out == "What if: a: deleted\n"
    assert len(daemon.changes) == 5


def test_refusals_are_told_and_the_others_go_on(run, daemon):
    def remove(body):
        if body["name"] == "a":
            raise fake_daemon.Refused("InvalidState", "VMs have cards on port group \"a\": one, two; put these on another port group")
    daemon.methods["RemovePortGroup"] = remove
    process = run("portgroup", "delete", "a", "b", status=1)
    assert process.out == "b: deleted\n"
    assert "aerostat: a: VMs have cards on port group \"a\": one, two" in process.err


def test_port_groups_are_listed_as_apply_reads_them(run, daemon):
    asked = []
    daemon.methods["ListPortGroups"] = lambda body: asked.append(body) or tuple(GROUPS)
    lines = run("portgroup", "list").out.splitlines()
    assert lines[0].split() == ["NAME", "VLAN", "SWITCH", "VMS"]
    assert lines[1].split() == ["lab,", "old", "10", "vSwitch0", "3"]
    table = list(csv.reader(io.StringIO(run("portgroup", "list", "--format", "csv", "--switch", "s").out)))
    assert table == [["vlan", "name", "switch"], ["10", "lab, old", "vSwitch0"], ["4095", "all", "vSwitch0"]]
    assert asked == [{}, {"switch": "s"}]
    assert run("portgroup", "list", "--columns", "name", "--format", "csv", "--no-header").out == '"lab, old"\nall\n'


def test_port_groups_are_changed(run, daemon):
    daemon.methods["AddPortGroup"] = lambda _: {}
    daemon.methods["UpdatePortGroup"] = [success()]
    assert run("portgroup", "create", "a", "b", "--vlan", "10", "--switch", "s").out == "a: made\nb: made\n"
    assert run("portgroup", "set", "a", "--vlan", "0").out == "a: changed\n"
    assert [(path, body) for _, path, body in daemon.changes] == [
        ("AddPortGroup", {"name": "a", "vlan": 10, "switch": "s"}),
        ("AddPortGroup", {"name": "b", "vlan": 10, "switch": "s"}), ("UpdatePortGroup", {"name": "a", "vlan": 0})]
    assert "--vlan is missing" in run("portgroup", "create", "a", status=2).err
    assert "from 0 to 4095" in run("portgroup", "create", "a", "--vlan", "4096", status=2).err
    assert "nothing to set" in run("portgroup", "set", "a", status=2).err


def test_table_is_applied(run, daemon, tmp_path):
    daemon.methods["ApplyPortGroups"] = [success({"what_if": False, "steps": STEPS})]
    file = tmp_path / "vlans.csv"
    file.write_text("5,new\n", encoding="ascii")
    assert run("portgroup", "apply", str(file), "--remove-others", "--switch", "s").out.splitlines() == [
        "new: made, VLAN 5 on vSwitch0", "lab\\x0a1: VLAN 10 on old -> VLAN 11 on vSwitch0",
        "gone: deleted, was VLAN 7 on vSwitch0", "1 made, 1 changed, 1 deleted, 1 as before"]
    assert daemon.changes[0][2] == {"table": "5,new\n", "switch": "s", "what_if": False, "remove_others": True}
    with open(file, encoding="ascii") as table:
        out = run("portgroup", "apply", "-", "--what-if", stdin=table).out
    assert all(line.startswith("What if: ") for line in out.splitlines())
    assert daemon.changes[1][2] == {"table": "5,new\n", "what_if": True, "remove_others": False}
    assert json.loads(run("portgroup", "apply", str(file), "--format", "json").out)["steps"] == STEPS


def test_table_that_cannot_be_read(run, daemon, tmp_path):
    assert "No such file" in run("portgroup", "apply", str(tmp_path / "none"), status=2).err
    file = tmp_path / "file"
    for content, words in ((b"1,\xff\n", "UTF-8"), (b"1,a\0b\n", "UTF-8"), (b"#" * (1 << 20) + b"##", "larger than")):
        file.write_bytes(content)
        assert words in run("portgroup", "apply", str(file), status=2).err
    daemon.methods["ApplyPortGroups"] = [{"state": "error", "message": "line 3: a VLAN is a number"}]
    file.write_text("x\n", encoding="ascii")
    process = run("portgroup", "apply", str(file), status=1)
    assert (process.out, "line 3: a VLAN is a number" in process.err) == ("", True)
    assert not [change for change in daemon.changes if change[1] != "ApplyPortGroups"]


def test_cards_are_listed(run, daemon, vms):
    daemon.methods["ListCards"] = lambda body: (CARD,) if body["vm"] == vms[0] else ()
    lines = run("card", "list", "one", "two").out.splitlines()
    assert lines[0].split()[:4] == ["VM", "MAC", "MODEL", "PORTGROUP"]
    assert lines[1].split()[:4] == ["one", "52:54:00:00:00:01", "virtio", "all"]
    assert len(lines) == 2
    assert json.loads(run("card", "list", "one", "--format", "json").out) == [{**CARD, "vm": "one"}]


def test_cards_are_changed(run, daemon, vms):
    daemon.methods["AddCard"] = lambda _: {"mac": CARD["mac"]}
    daemon.methods["SetCard"] = lambda _: {}
    daemon.methods["RemoveCard"] = [success()]
    assert run("card", "add", "one", "two", "--portgroup", "all", "--model", "e1000").out == (
        "one: card added\ntwo: card added\n")
    run("card", "add", "one", "--portgroup", "all", "--mac", CARD["mac"], "--connected", "no")
    assert run("card", "set", "one", "two", "--portgroup", "lab").out == "one: card changed\ntwo: card changed\n"
    run("card", "set", "two", "--mac", CARD["mac"], "--connected", "yes")
    run("card", "set", "two", "--connected", "no", "--start-connected", "yes")
    assert run("card", "remove", "two").out == "two: card removed\n"
    changes = [(path, body) for _, path, body in daemon.changes]
    assert changes == [
        ("AddCard", {"port_group": "all", "model": "e1000", "vm": vms[0]}),
        ("AddCard", {"port_group": "all", "model": "e1000", "vm": vms[1]}),
        ("AddCard", {"port_group": "all", "mac": CARD["mac"], "connected": False, "vm": vms[0]}),
        ("SetCard", {"port_group": "lab", "vm": vms[0]}), ("SetCard", {"port_group": "lab", "vm": vms[1]}),
        ("SetCard", {"connected": True, "mac": CARD["mac"], "vm": vms[1]}),
        ("SetCard", {"connected": False, "start_connected": True, "vm": vms[1]}), ("RemoveCard", {"vm": vms[1]})]

    assert "--portgroup is missing" in run("card", "add", "one", status=2).err
    assert "nothing to set" in run("card", "set", "one", "--mac", "x", status=2).err
    assert "one VM's card, and these are 2" in run("card", "remove", "one", "two", "--mac", "x", status=2).err
    assert "--model is one of" in run("card", "add", "one", "--portgroup", "a", "--model", "ne2k", status=2).err
    assert run("card", "set", "one", "--connected", "no", "--what-if").out == "What if: one: card changed\n"


@pytest.mark.parametrize("words", [("switch", "delete"), ("switch", "set"), ("portgroup", "create", "x", "--switch"),
                                   ("portgroup", "list", "--switch")])
def test_switches_are_completed(run, daemon, words):
    daemon.methods["ListVirtualSwitches"] = lambda _: tuple(SWITCHES)
    assert run("__complete", *words, "v").out == "vSwitch0\n"


@pytest.mark.parametrize("words", [("portgroup", "delete"), ("card", "add", "x", "--portgroup")])
def test_port_groups_are_completed(run, daemon, words):
    daemon.methods["ListPortGroups"] = lambda _: tuple(GROUPS)
    assert run("__complete", *words, "").out == "lab, old\nall\n"
