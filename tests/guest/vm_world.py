# SPDX-License-Identifier: LGPL-2.1-or-later
"""VMs that the daemon makes, with guests that are talked to, for the tests of snapshots and disks."""

import collections
import json
import re
import socket
import subprocess
import threading

from harness import KERNEL_ARGUMENTS, Guest, accelerator, guest_image, wait_until
from managed import Daemon, Libvirt, _Process

DISK_MB = 64
CHANNEL = "<serial type='unix'><source mode='bind' path='{path}'/><target port='1'/></serial>"


class Failed(Exception):
    """A task's error."""


class World:
    """A libvirt, a daemon, a datastore, and VMs made by the daemon."""

    def __init__(self, workspace, daemon=Daemon):
        self.workspace = workspace
        self.libvirt = Libvirt(workspace)
        self.daemon = daemon(workspace, self.libvirt)
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
        self.sh(f"printf %-40s {text} | dd of=/dev/{disk} bs=4096 seek={block} conv=notrunc,fsync 2>/dev/null")

    def read(self, block, disk="vda"):
        return self.sh(f"echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/{disk} bs=4096 skip={block} count=1 "
                       "2>/dev/null | head -c 40 | tr -d \\\\000")

    def files(self):
        return sorted(path.name for path in self.home.iterdir() if path.suffix == ".qcow2")

    def leaves(self):
        """The files that it writes to, by the names of the disks."""
        xml = self.world.libvirt.virsh("dumpxml", self.name).stdout
        return dict(re.findall(r"<disk type='file' device='disk'>.*?<source file='([^']*)'.*?<target dev='(\w+)'", xml,
                               re.S)[i][::-1] for i in range(xml.count("device='disk'")))

    def check(self):
        """Every disk file is clean, and each is one that a disk or a snapshot needs."""
        needed = set()
        roots = [*self.leaves().values()]
        for snapshot in self.snapshots()["snapshots"]:
            roots += snapshot["disks"].values()
        for path in roots:
            text = subprocess.run(["qemu-img", "info", "-U", "--backing-chain", "--output=json", path], check=True,
                                  capture_output=True, text=True).stdout
            needed |= {entry["filename"] for entry in json.loads(text)}
        for path in self.home.glob("*.qcow2"):
            subprocess.run(["qemu-img", "check", "-q", "-U", str(path)], check=True)
        assert {str(path) for path in self.home.glob("*.qcow2")} == {path for path in needed if str(self.home) in path}
