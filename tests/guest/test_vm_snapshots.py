# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots with real guests: what the guest wrote is there, or gone, as the operation says."""

import collections
import json
import re
import socket
import subprocess
import threading
import time

import pytest

from harness import KERNEL_ARGUMENTS, Guest, HarnessError, Workspace, accelerator, guest_image, wait_until
from managed import Daemon, Libvirt, Refused, _Process

DISK_MB = 64
CHANNEL = "<serial type='unix'><source mode='bind' path='{path}'/><target port='1'/></serial>"


class Failed(Exception):
    """A task's error."""


class World:
    """A libvirt, a daemon, a datastore, and VMs made by the daemon."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.libvirt = Libvirt(workspace)
        self.daemon = Daemon(workspace, self.libvirt)
        self.store = workspace.folder("store")
        self.do("AddDatastore", name="store", path=str(self.store))

    def begin(self, method, **args):
        return self.daemon.call("POST", f"/do/{method}", args)

    def do(self, method, **args):
        answer = self.begin(method, **args)
        if not (isinstance(answer, dict) and set(answer) == {"task"}):
            return answer
        return self.wait(answer["task"])

    def wait(self, number):
        def ended():
            task = self.daemon.call("GET", f"/tasks/{number}")
            return task if task["state"] in ("success", "error") else None
        task = wait_until(ended, what=f"task {number}", interval=0.02)
        if task["state"] == "error":
            raise Failed(task["message"])
        return task.get("result")

    def make(self, name, disks=1):
        image = guest_image()
        self.do("CreateVM", name=name, datastore="store", memory_mb=128, kernel=str(image / "vmlinuz"),
                initrd=str(image / "initrd"), cmdline=KERNEL_ARGUMENTS, pager=False,
                disks=[{"size_mb": DISK_MB}] * disks)
        return Machine(self, name)

    def events(self):
        return [event["message"] for event in self.daemon.events()]


class Machine(Guest):
    """A VM of the daemon's, whose guest is talked to over its second serial port."""

    def __init__(self, world, name):
        self.world, self.name, self.workspace = world, name, world.workspace
        self.home = world.store / name
        self.console = self.home / f"{name}.console"
        self.log = world.libvirt.base / "log" / "qemu" / f"{name}.log"
        self.path = world.workspace.folder("v") / f"{name}.channel"
        self._changed = threading.Condition()
        self._channel = self.process = None
        self._forget()
        xml = world.libvirt.virsh("dumpxml", "--inactive", "--security-info", name).stdout
        xml = xml.replace("</devices>", CHANNEL.format(path=self.path) + "</devices>")
        if accelerator(guest_image()).name == "tcg":
            xml = re.sub(r"<cpu .*?/>|<cpu .*?</cpu>", "", xml, flags=re.S).replace("type='kvm'", "type='qemu'", 1)
            xml = xml.replace("<features>", "<features><tcg><tb-cache unit='MiB'>32</tb-cache></tcg>")
        file = world.workspace.path / f"{name}.xml"
        file.write_text(xml, encoding="utf-8")
        world.libvirt.virsh("define", str(file))

    def _forget(self):
        self._closed, self._partial, self._ready, self._jobs = False, b"", False, {}
        self._heard = collections.deque(maxlen=30)

    def stderr(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def connect(self):
        if self._channel is not None:
            self._channel.close()
        self._channel = socket.socket(socket.AF_UNIX)
        self._channel.connect(str(self.path))
        self.process = _Process(int((self.world.libvirt.base / "run/qemu" / f"{self.name}.pid").read_text("ascii")))
        self._closed = False
        threading.Thread(target=self._read, daemon=True).start()

    def on(self):
        """Boots."""
        self.do("PowerOnVM")
        self._forget()
        self.connect()
        self.wait_ready()

    def off(self):
        self.do("PowerOffVM")

    def do(self, method, **args):
        return self.world.do(method, vm=self.name, **args)

    def snapshot(self, name, **args):
        return self.do("CreateSnapshot", name=name, **args)["snapshot"]

    def snapshots(self):
        return self.do("ListSnapshots")

    def names(self):
        return [snapshot["name"] for snapshot in self.snapshots()["snapshots"]]

    def sh(self, script):
        job = self.run(f"sh -c '{script}'")
        assert job.status == 0, job.output()
        return job.output().strip()

    # What is in block n of a disk: written past the guest's cache, so that it is on the disk.
    def write(self, block, text, disk="vda"):
        self.sh(f"echo {text} | dd of=/dev/{disk} bs=4096 seek={block} conv=notrunc,fsync 2>/dev/null")

    def read(self, block, disk="vda"):
        return self.sh(f"echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/{disk} bs=4096 skip={block} count=1 "
                       "2>/dev/null | head -c 40 | tr -d \\\\000")

    def files(self):
        return sorted(path.name for path in self.home.iterdir() if path.suffix == ".qcow2")

    def check(self):
        """Every disk file is clean, and none is one that nothing needs."""
        chain = set()
        xml = self.world.libvirt.virsh("dumpxml", "--inactive", self.name).stdout
        roots = re.findall(rf"<source file='([^']*\.qcow2)'", xml)
        for path in roots:
            text = subprocess.run(["qemu-img", "info", "-U", "--backing-chain", "--output=json", path], check=True,
                                  capture_output=True, text=True).stdout
            chain |= {entry["filename"] for entry in json.loads(text)}
        for path in self.home.glob("*.qcow2"):
            subprocess.run(["qemu-img", "check", "-q", "-U", str(path)], check=True)
        return chain


@pytest.fixture(scope="module")
def world():
    with Workspace() as workspace:
        try:
            yield World(workspace)
        except HarnessError as error:
            pytest.skip(str(error))


def test_off(world):
    """Of a VM that is off: back to the snapshot, and the snapshot away."""
    vm = world.make("off")
    vm.on()
    vm.write(1, "before")
    vm.off()
    vm.snapshot("first")
    assert vm.files() == ["off-000001.qcow2", "off.qcow2"]
    vm.on()
    vm.write(1, "after")
    vm.write(2, "after")
    vm.off()
    vm.do("RevertToCurrentSnapshot")
    assert vm.files() == ["off-000002.qcow2", "off.qcow2"]
    vm.on()
    assert vm.read(1) == "before"
    assert vm.read(2) == ""
    vm.write(2, "kept")
    vm.off()
    vm.do("RemoveSnapshot", snapshot="first")
    assert vm.files() == ["off.qcow2"]
    vm.check()
    vm.on()
    assert (vm.read(1), vm.read(2)) == ("before", "kept")
    vm.off()


def test_running(world):
    """Of a VM that runs, with memory: a program goes on where it was."""
    vm = world.make("run")
    vm.on()
    vm.write(1, "one")
    vm.sh("echo state >/tmp/state")
    vm.snapshot("disk only")
    vm.write(1, "two")
    counter = vm.start("sh -c 'i=0; while :; do i=$((i+1)); echo n=$i; sleep 0.2; done'")
    counter.wait_line("n=3")
    identity = vm.snapshot("with memory", memory=True)
    assert [s["memory"] for s in vm.snapshots()["snapshots"]] == [False, True]
    vm.write(1, "three")
    vm.sh("echo changed >/tmp/state")
    said = len(counter.lines)
    vm.do("RevertToSnapshot", snapshot=f"#{identity}")
    vm.connect()
    counter.wait_line("n=", after=len(counter.lines))
    assert len(counter.lines) > 0 and said > 0
    assert vm.sh("cat /tmp/state") == "state"
    assert vm.read(1) == "two"
    # Twice from the same memory.
    vm.write(1, "four")
    vm.do("RevertToSnapshot", snapshot="with memory")
    vm.connect()
    assert vm.sh("cat /tmp/state") == "state"
    assert vm.read(1) == "two"
    # Merged below a running guest, which sees nothing of it.
    vm.do("RemoveSnapshot", snapshot="disk only")
    assert vm.read(1) == "two"
    assert vm.names() == ["with memory"]
    vm.do("RevertToSnapshot", snapshot="with memory")
    vm.connect()
    assert vm.read(1) == "two"
    vm.do("RemoveAllSnapshots")
    assert vm.files() == ["run.qcow2"]
    assert not list(vm.home.glob("*.vmsn"))
    assert vm.read(1) == "two"
    vm.off()
    vm.check()
    vm.on()
    assert vm.read(1) == "two"
    vm.off()
