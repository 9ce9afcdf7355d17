# SPDX-License-Identifier: LGPL-2.1-or-later
"""VMs that aerostatd makes and runs, on a datastore of their own, with real guests in them.

    with Workspace() as workspace:
        fleet = Fleet(workspace)
        fleet.create("web01")
        guest = fleet.on("web01")
        guest.write("hello", at=0)
        fleet.do("PowerOffVM", vm="web01")

A guest runs what it is told over a second serial port, whose socket lies in its VM's folder: added to what
aerostatd made by way of libvirt, so that clones have one of their own as well.
"""

import base64
import collections
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import xml.etree.ElementTree as ElementTree

from harness import BUILD, KERNEL_ARGUMENTS, PAGER_LIBRARY, PATIENCE, Guest, accelerator, guest_image, wait_until
from managed import Daemon, Libvirt, Refused, _Process
from pager_client import PagerClient

AEROSTAT = os.environ.get("AEROSTAT", BUILD / "src/cli/aerostat")
SECTOR = 512
BLOCK = 4096
DISK_MB = 64


class TaskFailed(Exception):
    """A task's sentence; what it had done by then is in result."""

    def __init__(self, task):
        super().__init__(task["message"])
        self.task, self.text, self.result = task, task["message"], task.get("result")


class FleetDaemon(Daemon):
    """With what VMs are started with."""

    def __init__(self, workspace, libvirt, settings=None):
        self.libvirt = libvirt
        super().__init__(workspace, libvirt, settings)

    def start(self):
        kind = "qemu" if accelerator(guest_image()).name == "tcg" else "kvm"
        text = self.config.read_text(encoding="ascii")
        if "PagerLibrary" not in text:
            self.config.write_text(text.replace("[Memory]", f"PagerLibrary={PAGER_LIBRARY}\nDomainType={kind}\n[Memory]"),
                                   encoding="ascii")
        super().start()


class FleetGuest(Guest):
    """The guest of a VM that runs now; another one after the VM's next start."""

    def __init__(self, fleet, name, wait=True):
        self.name = name
        self.fleet = fleet
        self.workspace = fleet.workspace
        self.image = guest_image()
        root = ElementTree.fromstring(fleet.libvirt.virsh("dumpxml", name).stdout)
        self.console = root.find("./devices/serial/log").get("file")
        self._channel_path = root.findall("./devices/serial/source")[1].get("path")
        self.uuid = root.findtext("uuid")
        self.log = fleet.libvirt.base / "log" / "qemu" / f"{name}.log"
        self._changed = threading.Condition()
        self._closed = False
        self._partial = b""
        self._heard = collections.deque(maxlen=30)
        self._ready = False
        self._jobs = {}
        self._pager_client = None
        self.qmp = None
        self.process = _Process(int((fleet.libvirt.base / "run/qemu" / f"{name}.pid").read_text(encoding="ascii")))
        self._channel = socket.socket(socket.AF_UNIX)
        self._channel.connect(self._channel_path)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.workspace.on_close(self._close)
        if wait:
            self.wait_ready()

    def last_words(self):
        with open(self.console, encoding="utf-8", errors="replace") as console:
            return f"{super().stderr() if self.log.exists() else ''}\n{console.read()[-2000:]}\n" + "\n".join(self._heard)

    def _line(self, line):
        if line == "pong":
            self._ready = True
        super()._line(line)

    def wait_ready(self, timeout=PATIENCE):
        """Also a guest that was ready before somebody listened: it is asked, again and again."""
        deadline = time.monotonic() + timeout
        while not self._ready:
            # An empty line ends what may have come in half.
            self.send("\nping")
            with self._changed:
                self._changed.wait_for(lambda: self._ready or self._closed, min(2, timeout))
            if self._closed:
                raise self._died()
            if not self._ready and time.monotonic() > deadline:
                raise self._timed_out(timeout, "the guest to boot")

    def wait_again(self):
        """After a reset or a standby, in which what was sent is lost."""
        self._ready = False
        self.wait_ready()

    @property
    def pager(self):
        if self._pager_client is None:
            self._pager_client = PagerClient(self.fleet.daemon.pagers / f"{self.uuid}.sock")
        return self._pager_client

    def shell(self, command):
        """Runs a line of shell; its output, or an AssertionError."""
        job = self.run("sh -c '" + command.replace("'", "'\\''") + "'")
        assert job.status == 0, f"{command}: {job.status}\n{job.output()}"
        return job.output()

    def write(self, text, at=0, disk="vda"):
        """One line of text into a sector of a disk; it is there when this returns."""
        assert len(text) < SECTOR and "'" not in text and "\n" not in text
        self.shell(f'echo "{text}" | dd of=/dev/{disk} bs={SECTOR} seek={at} conv=sync,notrunc,fsync 2>/dev/null')

    def read(self, at=0, disk="vda"):
        """What write() has written; "" where nothing was, past the guest's page cache."""
        self.shell("echo 3 >/proc/sys/vm/drop_caches")
        return self.shell(f'dd if=/dev/{disk} bs={SECTOR} skip={at} count=1 2>/dev/null | tr -d "\\000"').strip()

    def take_jobs(self, before):
        """Those of the guest that this one goes on from."""
        with before._changed, self._changed:
            self._jobs = before._jobs
            for job in self._jobs.values():
                job.guest = self

    def wait_off(self):
        wait_until(lambda: self.process.poll() is not None, what=f"{self.name} to end")

    def hang_up(self):
        """A serial port's socket has one client at a time."""
        try:
            self._channel.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._channel.close()

    def _close(self):
        self.hang_up()
        self.process.close()


class Machine:
    """A VM of the fleet, on or off, with its guest while it is on. Text goes into its disks by blocks of 4 KiB."""

    def __init__(self, fleet, name):
        self.fleet, self.name, self.home, self.guest = fleet, name, fleet.home(name), None

    def do(self, method, **args):
        return self.fleet.do(method, vm=self.name, **args)

    def on(self):
        """Boots."""
        self.guest = self.fleet.on(self.name)

    def connect(self):
        """To the guest that goes on from saved memory: what runs in it is what was begun before."""
        before, self.guest = self.guest, self.fleet.guest(self.name, wait=False)
        if before is not None:
            self.guest.take_jobs(before)
        self.guest.wait_ready()

    def off(self):
        self.do("PowerOffVM")

    def run(self, command):
        return self.guest.run(command)

    def start(self, command):
        return self.guest.start(command)

    def sh(self, script):
        return self.guest.shell(script).strip()

    def write(self, block, text, disk="vda"):
        self.guest.write(text, at=block * BLOCK // SECTOR, disk=disk)

    def read(self, block, disk="vda"):
        return self.guest.read(at=block * BLOCK // SECTOR, disk=disk)

    def snapshot(self, name, **args):
        return self.do("CreateSnapshot", name=name, **args)["snapshot"]

    def snapshots(self):
        return self.do("ListSnapshots")

    def names(self):
        return [snapshot["name"] for snapshot in self.snapshots()["snapshots"]]

    def files(self):
        return sorted(path.name for path in self.home.iterdir() if path.suffix == ".qcow2")

    def leaves(self):
        """The files that it writes to, by the names of the disks."""
        root = ElementTree.fromstring(self.fleet.libvirt.virsh("dumpxml", self.name).stdout)
        return {disk.find("target").get("dev"): disk.find("source").get("file")
                for disk in root.findall("./devices/disk[@device='disk']")}

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


class Fleet:
    """libvirt, aerostatd and a datastore, named ds1 unless told otherwise."""

    def __init__(self, workspace, settings=None, libvirt=None, datastore="ds1", daemon=FleetDaemon):
        self.workspace = workspace
        self.libvirt = libvirt or Libvirt(workspace)
        self.daemon = daemon(workspace, self.libvirt, {"Mem.ShareScanGHz": 0, **(settings or {})})
        self.daemon.pagers = workspace.folder("pagers")
        self.store = workspace.folder(datastore)
        self.do("AddDatastore", name=datastore, path=str(self.store))
        self.datastore = datastore
        self._guests = {}

    def start(self, method, **args):
        """Calls a method; the number of its task, or (no task) None and its result."""
        return self.daemon.api.start(method, **args)

    def task(self, number):
        return self.daemon.api.task(number)

    def wait(self, number, timeout=PATIENCE):
        """Waits for a task's end; its result, or TaskFailed."""
        task = wait_until(lambda: (lambda t: t if t["state"] in ("success", "error") else None)(self.task(number)),
                          timeout, f"task {number}", interval=0.05)
        if task["state"] == "error":
            raise TaskFailed(task)
        return task.get("result")

    def do(self, method, **args):
        """Calls a method and waits for its end; Refused or TaskFailed when it cannot be done."""
        number, result = self.start(method, **args)
        return result if number is None else self.wait(number)

    def cli(self, *words, check=True):
        """aerostat WORDS..."""
        done = subprocess.run([str(AEROSTAT), *words, "--host", str(self.daemon.socket)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert not check or done.returncode == 0, f"aerostat {' '.join(words)}: {done.returncode}\n{done.stderr}"
        return done

    def create(self, name, memory_mb=128, disks=({"size_mb": 64},), **args):
        """A VM that boots the harness's kernel and can be given jobs."""
        image = guest_image()
        made = self.do("CreateVM", **{"name": name, "memory_mb": memory_mb, "disks": list(disks),
                                      "kernel": str(image / "vmlinuz"), "initrd": str(image / "initrd"),
                                      "cmdline": KERNEL_ARGUMENTS, "datastore": self.datastore, **args})
        self._add_channel(name, made["home"])
        return made

    def machine(self, name, disks=1):
        """A VM without a pager, for what is done to its disks."""
        self.create(name, disks=[{"size_mb": DISK_MB}] * disks, pager=False)
        return Machine(self, name)

    def create_from(self, image, name, memory_mb, **args):
        """A VM that boots a disk of the image's, with the guest's agent in it (agent_image(), cloud_image())."""
        made = self.do("CreateVM", **{"name": name, "memory_mb": memory_mb, "disks": [{"size_mb": 1}],
                                      "kernel": str(image / "vmlinuz"), "initrd": str(image / "initrd"),
                                      "cmdline": KERNEL_ARGUMENTS, "datastore": self.datastore, **args})
        # With all bytes: it is the VM's own.
        shutil.copyfile(image / "disk.qcow2", self.disk(name))
        return made

    def ask_agent(self, name, command, **arguments):
        """A command to the guest's agent; None while it does not answer."""
        done = self.libvirt.virsh("qemu-agent-command", name, json.dumps({"execute": command, "arguments": arguments}),
                                  "--timeout", "5", check=False)
        return json.loads(done.stdout)["return"] if done.returncode == 0 else None

    def agent_shell(self, name, line):
        """Runs a line of shell in the guest by its agent, as soon as that answers; its output."""
        started = wait_until(lambda: self.ask_agent(name, "guest-exec", path="/bin/sh", arg=["-c", line],
                                                    **{"capture-output": True}), what=f"the agent of {name}")
        status = wait_until(lambda: (lambda s: s if s and s["exited"] else None)(
            self.ask_agent(name, "guest-exec-status", pid=started["pid"])), what=f"{line} in {name}")
        output = base64.b64decode(status.get("out-data", "")).decode()
        assert status["exitcode"] == 0, f"{line}: {output}{base64.b64decode(status.get('err-data', '')).decode()}"
        return output

    def boot_in_store(self):
        """Kernel and initrd on the datastore, for VMs that are registered: create(..., **fleet.boot_in_store())."""
        boot = self.store / "boot"
        boot.mkdir(exist_ok=True)
        for name in "vmlinuz", "initrd":
            if not (boot / name).exists():
                shutil.copy(guest_image() / name, boot)
        return {"kernel": f"[{self.datastore}] boot/vmlinuz", "initrd": f"[{self.datastore}] boot/initrd"}

    def _add_channel(self, name, home):
        root = ElementTree.fromstring(self.libvirt.virsh("dumpxml", "--inactive", name).stdout)
        channel = ElementTree.SubElement(root.find("devices"), "serial", type="unix")
        ElementTree.SubElement(channel, "source", mode="bind", path=f"{home}/{name}.jobs")
        path = self.workspace.path / "with-channel.xml"
        path.write_bytes(ElementTree.tostring(root))
        self.libvirt.virsh("define", str(path))

    def guest(self, name, wait=True):
        """The guest of a VM that is powered on; the one that was had before is of no use any more."""
        if name in self._guests:
            self._guests.pop(name).hang_up()
        self._guests[name] = FleetGuest(self, name, wait)
        return self._guests[name]

    def on(self, name, wait=True):
        self.do("PowerOnVM", vm=name)
        return self.guest(name, wait)

    def off(self, name):
        self.do("PowerOffVM", vm=name)

    def power(self, name):
        return self.libvirt.virsh("domstate", name).stdout.strip()

    def disk(self, name, target="vda"):
        """The file of a disk, as the VM starts with it next."""
        root = ElementTree.fromstring(self.libvirt.virsh("dumpxml", "--inactive", name).stdout)
        for disk in root.findall("./devices/disk"):
            if disk.find("target").get("dev") == target:
                return disk.find("source").get("file")
        raise KeyError(target)

    def home(self, name):
        return self.store / name

    def check_disks(self, name=None):
        """qemu-img finds nothing wrong with any disk of the datastore (of a VM that is off)."""
        for path in sorted((self.home(name) if name else self.store).rglob("*.qcow2")):
            done = subprocess.run(["qemu-img", "check", "-q", str(path)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{path}: {done.stdout}{done.stderr}"

    def events(self):
        return self.daemon.events()


__all__ = ["DISK_MB", "Fleet", "FleetDaemon", "FleetGuest", "Machine", "Refused", "TaskFailed"]
