# SPDX-License-Identifier: LGPL-2.1-or-later
"""The inventory over real VMs: they are adopted as they run, sorted, changed together, and known after a kill."""

import json
import os
import subprocess
import time

import pytest

from harness import BUILD, Workspace
from managed import Daemon, Libvirt, ManagedGuest

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="a private libvirtd needs root")

AEROSTAT = os.environ.get("AEROSTAT", BUILD / "src/cli/aerostat")


class Host:
    def __init__(self, workspace):
        self.libvirt = Libvirt(workspace)
        self.daemon = Daemon(workspace, self.libvirt)
        self.guests = {name: ManagedGuest(workspace, self.libvirt, name, memory_mib=192, persistent=True, wait=False)
                       for name in ("web1", "web2")}
        for guest in self.guests.values():
            guest.wait_ready()
        xml = (workspace.path / "web1.xml").read_text(encoding="utf-8")
        off = workspace.path / "off.xml"
        off.write_text(xml.replace("<name>web1<", "<name>off<").replace(self.guests["web1"].uuid, "f" * 8 + self.guests[
            "web1"].uuid[8:]), encoding="utf-8")
        self.libvirt.virsh("define", str(off))
        self.daemon.wait_for(lambda: set(self.daemon.vms()) == set(self.guests))

    def run(self, *words, status=0):
        done = subprocess.run([str(AEROSTAT), *words, "--host", str(self.daemon.socket)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == status, f"{done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def listed(self, *words):
        return {vm["name"]: vm for vm in json.loads(self.run("vm", "list", "--format", "json", *words))}

    def restart(self):
        """As in a crash of the daemon."""
        self.daemon.kill()
        self.daemon.start()
        self.daemon.wait_for(lambda: set(self.daemon.vms()) == set(self.guests))


@pytest.fixture(scope="module", name="host")
def _host():
    with Workspace() as workspace:
        yield Host(workspace)


def boot_id(guest):
    return guest.run("cat /proc/sys/kernel/random/boot_id").output()


def test_adoption_leaves_a_vm_as_it_is(host):
    guest = host.guests["web1"]
    assert len(boot_id(guest)) == 36
    before = boot_id(guest), host.libvirt.virsh("dumpxml", "web1").stdout, guest.pid
    host.run("vm", "set", "web1", "--shares", "7000")
    found = host.listed()
    assert {name: (vm["power"], vm["adopted"]) for name, vm in found.items()} == {
        "web1": ("on", False), "web2": ("on", False), "off": ("off", False)}
    assert found["web1"]["memory_bytes"] == 192 << 20 and "memory_bytes" not in found["off"]

    assert "vm adopt" in host.run("attribute", "set", "Owner", "x", "web1", status=3)
    host.run("vm", "adopt", "web1", "off")
    assert "already" in host.run("vm", "adopt", "web1", status=3)
    assert {name: vm["adopted"] for name, vm in host.listed().items()} == {"web1": True, "web2": False, "off": True}
    assert (boot_id(guest), host.libvirt.virsh("dumpxml", "web1").stdout, guest.pid) == before
    assert host.daemon.vm("web1")["shares"] == 7000
    host.run("vm", "adopt", "--filter", "*")
    assert all(vm["adopted"] and vm["folder"] == "/" for vm in host.listed().values())


def test_transient_vm_is_refused(host):
    with Workspace() as workspace:
        guest = ManagedGuest(workspace, host.libvirt, "passing", memory_mib=64, wait=False)
        assert "virsh define" in host.run("vm", "adopt", "passing", status=1)
        assert guest.process.poll() is None
        guest.destroy()
    host.daemon.wait_for(lambda: "passing" not in host.daemon.vms())


def test_folders_attributes_and_a_kill(host):
    host.run("folder", "create", "/lab", "/lab/old", "/attic")
    host.run("vm", "move", "--folder", "/lab/old", "web1", "off")
    host.run("vm", "move", "--folder", "/lab", "web2")
    assert "not empty" in host.run("folder", "delete", "/lab", status=1)
    host.run("attribute", "define", "Owner", "--type", "vm")
    host.run("attribute", "define", "Rack", "--type", "host")
    host.run("attribute", "set", "Owner", "Ada", "--folder", "/lab", "--recursive")
    host.run("attribute", "set", "Owner", "it's \"Bob\", äöü", "web2")
    host.run("attribute", "set", "Rack", "7", "--of-host")
    host.run("vm", "set", "--shares", "high", "--folder", "/lab", "--recursive", "--filter", "power=on")

    def check(folder):
        found = host.listed()
        assert {name: vm["folder"] for name, vm in found.items()} == {
            "web1": f"{folder}/old", "off": f"{folder}/old", "web2": folder}
        assert {name: vm["attributes"]["Owner"] for name, vm in found.items()} == {
            "web1": "Ada", "off": "Ada", "web2": "it's \"Bob\", äöü"}
        assert [found[name]["shares_level"] for name in ("web1", "web2")] == ["high", "high"]
        assert set(host.listed("--filter", "attribute:Owner=A*")) == {"web1", "off"}
        assert "web1" in host.run("attribute", "find", "Owner", "Ada")
        assert "Rack,host,7" in host.run("attribute", "list", "--format", "csv")

    check("/lab")
    host.restart()
    check("/lab")
    host.run("folder", "move", "/lab", "/attic/lab")
    host.restart()
    check("/attic/lab")
    assert [line.split()[0] for line in host.run("folder", "list", "--no-header").splitlines()] == [
        "/", "/attic", "/attic/lab", "/attic/lab/old"]
    assert {name: guest.process.poll() for name, guest in host.guests.items()} == {"web1": None, "web2": None}


def test_a_pause_is_told_of_at_once(host):
    """Who shows figures asks for them when a round has been: a pause, and its end, do not wait for the next one."""
    daemon = host.daemon
    seen = [None, 0]

    def rounds():
        return daemon.api.read("AerostatManager", "AerostatManager", "round")

    def calm():
        if rounds() != seen[0]:
            seen[:] = rounds(), time.monotonic()
        return time.monotonic() - seen[1] > 3

    period = 120
    daemon.set(BalancePeriod=period)
    try:
        for verb, power in ("suspend", "paused"), ("resume", "on"):
            daemon.wait_for(calm, "no rounds")
            before = rounds()
            host.libvirt.virsh(verb, "web2")
            daemon.wait_for(lambda power=power, before=before: rounds() > before and daemon.vm("web2")["power"] == power,
                            f"a round after {verb}", timeout=period / 2)
    finally:
        daemon.set(BalancePeriod=15)


def test_power_is_what_libvirt_says(host):
    host.libvirt.virsh("suspend", "web2")
    assert set(host.listed("--filter", "power=paused")) == {"web2"}
    host.libvirt.virsh("resume", "web2")
    assert set(host.listed("--filter", "power=on")) == {"web1", "web2"}
    assert host.listed("--columns", "name,disks")["web1"]["disks"] == 0
    host.libvirt.virsh("undefine", "off")
    assert host.listed()["off"]["power"] == "missing"
