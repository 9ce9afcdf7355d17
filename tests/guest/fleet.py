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

import collections
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
        sources = [node.get("path") for node in root.findall("./devices/serial/source")]
        self.console, self._channel_path = sources[0], sources[1]
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
        """Also a guest that was ready before somebody listened: it is asked."""
        deadline = time.monotonic() + timeout
        while not self._ready:
            try:
                # An empty line ends what may have come in half.
                self.send("\nping")
                self.wait(lambda: self._ready, min(2, timeout), "the guest to boot")
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise

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


class Fleet:
    """libvirt, aerostatd and a datastore, named ds1 unless told otherwise."""

    def __init__(self, workspace, settings=None, libvirt=None, datastore="ds1"):
        self.workspace = workspace
        self.libvirt = libvirt or Libvirt(workspace)
        self.daemon = FleetDaemon(workspace, self.libvirt, {"Mem.ShareScanGHz": 0, **(settings or {})})
        self.daemon.pagers = workspace.folder("pagers")
        self.store = workspace.folder(datastore)
        self.do("AddDatastore", name=datastore, path=str(self.store))
        self.datastore = datastore
        self._guests = {}

    def start(self, method, **args):
        """Calls a method; the number of its task, or (no task) None and its result."""
        answer = self.daemon.call("POST", f"/do/{method}", args)
        if isinstance(answer, dict) and set(answer) == {"task"}:
            return answer["task"], None
        return None, answer

    def task(self, number):
        return self.daemon.call("GET", f"/tasks/{number}")

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
        done = subprocess.run([str(AEROSTAT), *words, "--socket", str(self.daemon.socket)], stdin=subprocess.DEVNULL,
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


__all__ = ["Fleet", "FleetGuest", "Refused", "TaskFailed"]
