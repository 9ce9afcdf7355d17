# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clones of parents that were never booted get names, addresses, users and commands: by cloud-init, by the agent."""

import hashlib
import json
import xml.etree.ElementTree as ElementTree

import pytest
from fleet import Fleet, Refused, TaskFailed
from harness import Workspace, agent_image, cloud_image, wait_until

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample o'ps \"x\" $(reboot)"
HASH = "$6$salt$abcdefghijklmnopqrst"
# What is awkward in JSON, in YAML and in a shell.
COMMAND = "printf '%s\\n' \"it's: \\\\ # \u00fc {}\" >>/root/first\n[ -e /root/first ] &&\techo \"$0\" >>/root/shell"


def spec(by, network, **changes):
    return {"host_name": "{name}", "domain": "lab.example", "time_zone": "Europe/Berlin",
            "cards": [{"address": f"10.77.{network}.10-10.77.{network}.12/24", "gateway": f"10.77.{network}.1",
                       "dns": [f"10.77.{network}.2"]}],
            "users": [{"name": "ops", "password_hash": HASH, "ssh_keys": [KEY], "groups": ["adm", "labfolk"],
                       "sudo": True}],
            "commands": [COMMAND, "hostname >>/root/first"], "by": by, **changes}


class CustomizedFleet(Fleet):
    def create_parent(self, name, image, memory_mb):
        """A VM with one card and a disk of the image's, which nobody has ever booted, and its snapshot."""
        self.create_from(image, name, memory_mb)
        root = ElementTree.fromstring(self.libvirt.virsh("dumpxml", "--inactive", name).stdout)
        card = ElementTree.SubElement(root.find("devices"), "interface", type="user")
        ElementTree.SubElement(card, "model", type="virtio")
        path = self.workspace.path / "with-card.xml"
        path.write_bytes(ElementTree.tostring(root))
        self.libvirt.virsh("define", str(path))
        self.do("CreateSnapshot", vm=name, name="base")

    def put(self, name, content):
        self.do("CreateCustomizationSpec", name=name, text=json.dumps(content))

    def specification(self, name):
        return next(entry for entry in self.do("ListCustomizationSpecs") if entry["name"] == name)

    def customized(self, vm, count=1):
        """Whether the events say so, so many times."""
        events = [event for event in self.events() if event["vm"] == vm]
        failed = [event["message"] for event in events if event["type"] == "error"]
        assert not failed, failed
        return len([event for event in events if "by its guest's agent" in event["message"]]) >= count

    def wait_customized(self, vm, count=1):
        wait_until(lambda: self.customized(vm, count), what=f"{vm} to be customized", interval=0.1)

    def look(self, vm, **lines):
        """The output of several lines of shell by their names: one round trip, as those are slow."""
        mark = "--- mark ---"
        output = self.agent_shell(vm, f"\necho '{mark}'\n".join(lines.values()))
        return dict(zip(lines, output.split(f"{mark}\n"), strict=True))

    def has_all(self, vm, network, number):
        """Asserts that the guest is what the specification says, and that its commands have run once."""
        seen = self.look(
            vm, names="cat /etc/hostname; hostname; hostname -f", addresses="ip -o -4 address show", routes="ip route",
            zone="cat /etc/timezone; date -d 2026-01-01T00:00Z +%H", shadow="grep ^ops: /etc/shadow", groups="id -nG ops",
            keys="cat ~ops/.ssh/authorized_keys", modes="stat -c %U:%a ~ops/.ssh ~ops/.ssh/authorized_keys",
            sudo="cat /etc/sudoers.d/90-*", first="cat /root/first", shell="cat /root/shell")
        assert seen["names"].split() == [vm, vm, f"{vm}.lab.example"]
        assert f"10.77.{network}.{10 + number}/24" in seen["addresses"]
        assert f"default via 10.77.{network}.1 " in seen["routes"]
        assert seen["zone"].split() == ["Europe/Berlin", "01"]
        assert seen["shadow"].split(":")[1] == HASH
        assert {"adm", "labfolk"} <= set(seen["groups"].split())
        assert seen["keys"].splitlines()[-1] == KEY
        assert seen["modes"].split() == ["ops:700", "ops:600"]
        assert "ops ALL=(ALL) NOPASSWD:ALL" in seen["sudo"]
        assert seen["first"].splitlines() == ["it's: \\ # \u00fc {}", vm]
        assert len(seen["shell"].splitlines()) == 1


def checksum(path):
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@pytest.fixture(name="fleet", scope="module")
def _fleet():
    with Workspace() as workspace:
        fleet = CustomizedFleet(workspace)
        fleet.create_parent("Agent Tmpl 1", agent_image(), 128)
        fleet.put("by-agent", spec("agent", 1))
        # It takes as long as all the others together, which go on meanwhile.
        fleet.create_parent("Cloud Tmpl 1", cloud_image(), 512)
        fleet.cloud = checksum(fleet.home("Cloud Tmpl 1") / "Cloud Tmpl 1.qcow2")
        fleet.put("by-cloud-init", spec("cloud-init", 4))
        fleet.do("CloneVM", vm="Cloud Tmpl 1", names=["cloud01"], customization="by-cloud-init", power_on=True)
        yield fleet


@pytest.fixture(autouse=True)
def _parents_are_unchanged(fleet):
    """And nobody has booted them."""
    path = fleet.home("Agent Tmpl 1") / "Agent Tmpl 1.qcow2"
    before = checksum(path)
    yield
    assert checksum(path) == before and fleet.power("Agent Tmpl 1") == "shut off"


def test_clones_by_the_agent(fleet):
    fleet.do("CloneVM", vm="Agent Tmpl 1", names=["web01", "web02"], customization="by-agent", power_on=True)
    for number, vm in enumerate(("web01", "web02")):
        fleet.wait_customized(vm)
        fleet.has_all(vm, 1, number)
        assert "nameserver 10.77.1.2" in fleet.agent_shell(vm, "cat /etc/resolv.conf")
        assert not fleet.home(vm).joinpath(f"{vm}-seed.iso").exists()
    # Again, as it runs: everything stays, and commands are not begun again.
    fleet.agent_shell("web02", "echo web02-own >/etc/hostname; echo keep >>/etc/hosts")
    outcome = fleet.do("CustomizeVM", vm="web02", spec="by-agent")
    assert outcome == {"vm": "web02", "specification": "by-agent", "by": "agent", "host_name": "web02",
                       "addresses": ["10.77.1.11/24"]}
    fleet.has_all("web02", 1, 1)
    assert "keep" in fleet.agent_shell("web02", "cat /etc/hosts")
    # It is not for this boot only.
    fleet.do("PowerOffVM", vm="web02", type="soft")
    fleet.do("PowerOnVM", vm="web02")
    fleet.has_all("web02", 1, 1)
    assert not fleet.customized("web02", 2)
    fleet.off("web01")
    fleet.off("web02")


def test_the_daemons_death(fleet):
    """What is pending is done when the daemon is there again, and what it was doing is not done twice."""
    fleet.put("slow", spec("agent", 2, commands=["echo begun >>/root/begun; until [ -e /root/go ]; do sleep 0.1; done",
                                                 *spec("agent", 2)["commands"]]))
    fleet.do("CloneVM", vm="Agent Tmpl 1", names=["db01"], customization="slow")
    fleet.daemon.kill()
    fleet.libvirt.virsh("start", "db01")
    wait_until(lambda: fleet.ask_agent("db01", "guest-ping") is not None, what="the agent of db01")
    fleet.daemon.start()
    wait_until(lambda: fleet.agent_shell("db01", "cat /root/begun 2>/dev/null || true"), what="the first command")
    fleet.daemon.kill()
    fleet.daemon.start()
    fleet.agent_shell("db01", "touch /root/go")
    fleet.wait_customized("db01")
    fleet.has_all("db01", 2, 0)
    assert fleet.agent_shell("db01", "cat /root/begun") == "begun\n"
    fleet.off("db01")


def test_a_guest_that_refuses(fleet):
    """It is told once, and not tried again and again."""
    fleet.put("wrong", {"time_zone": "Nowhere/Land", "by": "agent"})
    fleet.do("CloneVM", vm="Agent Tmpl 1", names=["app01"], customization="wrong", power_on=True)

    def errors():
        return [event["message"] for event in fleet.events() if event["vm"] == "app01" and event["type"] == "error"]
    wait_until(errors, what="the error")
    assert "the guest knows no time zone Nowhere/Land" in errors()[0]
    with pytest.raises(TaskFailed, match="app01 was not customized: its guest could not do the time zone"):
        fleet.do("CustomizeVM", vm="app01", spec="wrong")
    fleet.put("fails", {"commands": ["echo out; echo why >&2; exit 7"], "by": "agent"})
    with pytest.raises(TaskFailed, match="command 1: it ended with 7: out why"):
        fleet.do("CustomizeVM", vm="app01", spec="fails")
    fleet.off("app01")
    assert len(errors()) == 1


def test_refused_before_anything_is_made(fleet):
    fleet.put("two-cards", {"cards": 2 * [{"address": "dhcp"}]})
    fleet.put("one-address", {"cards": [{"address": "10.77.3.10/24"}]})
    for name, message in (("none", "there is no customization specification"), ("two-cards", "has 1 network card"),
                          ("one-address", "has addresses for 1 VMs, of which 1 are left, and 2 are asked for")):
        with pytest.raises(TaskFailed, match=message):
            fleet.do("CloneVM", vm="Agent Tmpl 1", names=["x1", "x2"], customization=name)
    assert not fleet.home("x1").exists()
    with pytest.raises(Refused, match="by is"):
        fleet.put("bad", {"by": "magic"})
    with pytest.raises(Refused, match="already"):
        fleet.put("two-cards", {})
    listed = {entry["name"]: entry for entry in fleet.do("ListCustomizationSpecs")}
    assert listed["one-address"]["addresses_left"] == 1 and "bad" not in listed
    # Numbers go back with their VMs.
    fleet.do("CloneVM", vm="Agent Tmpl 1", names=["x1"], customization="one-address")
    with pytest.raises(TaskFailed, match="of which 0 are left"):
        fleet.do("CloneVM", vm="Agent Tmpl 1", names=["x2"], customization="one-address")
    assert (fleet.home("x1") / "x1-seed.iso").stat().st_mode & 0o777 == 0o600
    # One that is there already: looked at, customized anew, and again under another name, with one CD-ROM.
    outcome = fleet.do("CustomizeVM", vm="x1", spec="by-cloud-init", what_if=True)
    assert outcome["addresses"] == ["10.77.4.11/24"] and outcome["by"] == "cloud-init"
    assert fleet.specification("by-cloud-init")["vms"] == 1 and fleet.specification("one-address")["vms"] == 1
    seed = fleet.home("x1") / "x1-seed.iso"
    before = checksum(seed)
    fleet.do("RenameVM", vm="x1", name="y1")
    assert fleet.do("CustomizeVM", vm="y1", spec="by-cloud-init")["host_name"] == "y1"
    fleet.do("RenameVM", vm="y1", name="x1")
    assert [path.name for path in fleet.home("x1").glob("*seed*")] == ["x1-seed.iso"] and checksum(seed) != before
    assert fleet.libvirt.virsh("dumpxml", "x1").stdout.count("device='cdrom'") == 1
    assert fleet.specification("by-cloud-init")["vms"] == 2 and fleet.specification("one-address")["vms"] == 0
    fleet.do("CustomizeVM", vm="x1", spec="one-address")
    # A clone of a clone does not get the other's CD-ROM, and has no number.
    fleet.do("CreateSnapshot", vm="x1", name="base")
    fleet.do("CloneVM", vm="x1", names=["x3"], customization="")
    assert "seed" not in fleet.libvirt.virsh("dumpxml", "x3").stdout
    fleet.do("DestroyVM", vm="x3")
    fleet.do("DestroyVM", vm="x1")
    assert not fleet.home("x1").exists()
    fleet.do("CloneVM", vm="Agent Tmpl 1", names=["x2"], customization="one-address")


def test_by_cloud_init(fleet):
    """And then the same guest, with systemd, by its agent."""
    assert fleet.agent_shell("cloud01", "cloud-init status --wait; true").strip().endswith("status: done")
    fleet.has_all("cloud01", 4, 0)
    with pytest.raises(TaskFailed, match="cloud01 is powered on"):
        fleet.do("CustomizeVM", vm="cloud01", spec="by-cloud-init")
    fleet.put("networkd", spec("agent", 5, host_name="other-{number}", users=[], commands=[]))
    fleet.do("CustomizeVM", vm="cloud01", spec="networkd")
    assert fleet.agent_shell("cloud01", "hostname; hostname -f").split() == ["other-1", "other-1.lab.example"]
    wait_until(lambda: "10.77.5.10/24" in fleet.agent_shell("cloud01", "ip -o -4 address show"), what="the address")
    assert "10.77.4.10/24" not in fleet.agent_shell("cloud01", "ip -o -4 address show")
    assert checksum(fleet.home("Cloud Tmpl 1") / "Cloud Tmpl 1.qcow2") == fleet.cloud
    assert fleet.power("Cloud Tmpl 1") == "shut off"
    fleet.off("cloud01")
