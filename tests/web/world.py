#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A world for the web client's tests: a daemon with something in it.

    tests/web/world.py quick [N]  aerostatd over libvirt's test driver: N (12) VMs, some in folders and a pool
    tests/web/world.py networks   as root: the same with two VMs and an Open vSwitch of its own
    tests/web/world.py guests     as root: two real guests, "web1" and "web2", with pagers and balloons
    tests/web/world.py fleet      as root: a VM of aerostatd's own, "db1", off, with two disks on datastore "ds1"
    tests/web/world.py cards      as root: the fleet with an Open vSwitch of its own
    tests/web/world.py empty      as root: the fleet's without a VM and without a datastore; "folder" for one is there

The first line that it prints is JSON: {"url", "user", "password", "vms": [NAME ...], ...}. Then it reads
commands, one a line, in JSON, and answers each with a line: {"ok": RESULT} or {"error": TEXT}.

    {"run": ["aerostat", "top", ...]}       the command line against this daemon: {"status", "out", "err"}
    {"call": [TYPE, ID, METHOD, {...}]}     a method as the administrator; what it returns
    {"do": [OPERATION, {...}]}              an operation, and its task's end if it has one
    {"stop": true}, {"start": true}         the daemon, in order
    {"past": []}                            the daemon again, over a day of samples and changes of state: see past()
    {"account": [NAME, PASSWORD, ROLE]}     ROLE: Admin, ReadOnly, VirtualMachineUser, NoAccess
    {"guest": [NAME, METHOD, ARGUMENT ...]} a method of tests/guest's guest, in the worlds of guests and of the fleet
    {"boot": [NAME]}                        in the fleet: a VM that boots a kernel, and runs
    {"image": [NAME]}                       in the empty world: a disk image, or NAME.iso, in its folder
    {"typewriter": [NAME]}, {"said": [NAME]} in the fleet: a VM, off, whose serial port says ">" and what is typed; that
    {"room": [NAME]}                        in the fleet: a folder for another datastore
    {"ask": [NAME]}, {"make_room": true}    in the fleet: a VM that asks, as its datastore is full; it is not any more

It ends, and everything with it, when there are no more.
"""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests/clients"), str(ROOT / "tests/guest")]

import conftest  # noqa: E402
import past as past_of  # noqa: E402
from conftest import AEROSTAT, PASSWORD, USER, Api, Host, free_ports, wait_until  # noqa: E402

WEB_DIR = Path(os.environ.get("AEROSTAT_WEB", ROOT / "build/web"))
GUEST_MIB = 192
SMALL_MIB, LEFT_MIB = 20, 3
# A boot sector: out 0x3f8, '>'; then without end: a key from the BIOS, its character to 0x3f8.
TYPEWRITER = bytes.fromhex("baf803 b03e ee b400 cd16 baf803 ee ebf6").ljust(510, b"\0") + b"\x55\xaa"
# Hours ago, and said with [past] at the end, so that they are told from what happens now.
PAST_EVENTS = [
    (20, "state", None, "memory is low, was high: 2 of 512 MB are free, below the threshold of 5 MB; web2 has taken 90 MB"),
    (20, "stop", "web1", "stopped until it holds no more than 100 MB (now 150): host memory is low"),
    (19.5, "resume", "web1", "goes on with 100 MB"),
    (19, "state", None, "memory is high, was low: 90 of 512 MB are free, well above the threshold of 32 MB"),
    (3, "state", None, "memory is soft, was high: 20 of 512 MB are free, below the threshold of 32 MB"),
    *((3 - minute / 60, "reclaim", "web1", f"host memory is soft: target 120 MB, consumed {150 - minute}") for minute in range(5)),
    (2.5, "state", None, "memory is high, was soft: 60 of 512 MB are free, well above the threshold of 32 MB"),
]
DOMAIN = """<domain type='test'><name>{name}</name><uuid>{uuid}</uuid><memory>524288</memory><vcpu>1</vcpu>
<os><type>hvm</type></os></domain>
"""


def plain(result):
    """What JSON has a form for; None for anything else."""
    return result if isinstance(result, (str, int, float, bool, list, dict, type(None))) else None


class World:
    """What both have. api: the daemon's; start(), stop(): of the daemon."""

    def __init__(self, api, vms):
        self.api, self.vms = api, vms
        api.add_account(USER, PASSWORD)

    def describe(self):
        return {"url": f"https://127.0.0.1:{self.api.port}", "user": USER, "password": PASSWORD, "vms": self.vms}

    def run(self, *words):
        done = subprocess.run([AEROSTAT, *words[1:]], env={**os.environ, "AEROSTAT_DAEMON": self.api.local, "LC_ALL": "C.UTF-8"},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return {"status": done.returncode, "out": done.stdout, "err": done.stderr}

    def call(self, kind, id, method, arguments=None):
        status, body = self.api.call("POST", f"/sdk/vim25/7.0.0.0/{kind}/{id}/{method}", arguments or {})
        assert status in (200, 204), body
        return body or None

    def do(self, operation, arguments=None):
        number, result = self.api.manager.start(operation, **(arguments or {}))
        if number is None:
            return result
        task = wait_until(lambda: self._ended(number), operation)
        assert task["state"] == "success", task["message"]
        return task["result"]

    def _ended(self, number):
        task = self.api.manager.task(number)
        return task if task["state"] in ("success", "error") else None

    def account(self, name, password, role):
        self.api.add_account(name, password, role)

    def past(self):
        """As if the daemon had run for the last 23 hours, but for two of them; nothing is of the last hour."""
        self.stop()
        last = int(time.time() * 1000) // past_of.INTERVAL_MS * past_of.INTERVAL_MS
        times = [last - i * past_of.INTERVAL_MS for i in range(13, 23 * 12) if not 120 <= i < 144]
        objects = past_of.objects(self.state_dir)
        host = {98: 300 << 10, 102: 20 << 10, 113: 512, 49: 0, 90: 0, 116: 30 << 10, 111: 0}
        vm = {28: 150 << 10, 33: 40 << 10, 37: 0, 41: 0, 70: 25 << 10, 85: 0, 86: 0, 90: 0, 115: 120 << 10, 116: 0, 117: 0, 118: 0}
        past_of.write(self.state_dir, [(at, thing, host if thing.startswith("host-") else vm) for at in times for thing in objects], [
            (last - int(hours * 3_600_000), type, name, f"{message} [past]")
            for hours, type, name, message in PAST_EVENTS])
        self.start()

    def guest(self, *words):
        raise AssertionError("there are no guests in this world")


class QuickWorld(World):
    def __init__(self, count=12, environment=None):
        self.host = Host()
        self.host.environment.update(environment or {})
        try:
            (self.host.folder / "web").symlink_to(WEB_DIR)
            self.vms = [f"vm{number:04d}" for number in range(1, count + 1)]
            node = self.host.folder / "node.xml"
            domains = "".join(DOMAIN.format(name=name, uuid=uuid.uuid4()) for name in self.vms)
            node.write_text(f"<node>{domains}</node>", encoding="ascii")
            conftest.CONFIG = conftest.CONFIG.replace("test:///default", f"test://{node}")
            self.host.start()
            super().__init__(self.host, self.vms)
            wait_until(lambda: len(self.host.manager.vms()) == count, "the VMs to be found")
            self.fill()
        except BaseException:
            self.close()
            raise

    def fill(self):
        """As a small laboratory has it."""
        for folder in ("/lab", "/lab/old"):
            self.do("CreateFolder", {"path": folder})

    @property
    def state_dir(self):
        return self.host.folder / "state"

    def stop(self):
        self.host.process.terminate()
        self.host.process.wait()

    def start(self):
        self.host.start()

    def close(self):
        self.host.close()


class NetworksWorld(QuickWorld):
    """Its Open vSwitch switches in a network namespace; to set it up, its database's socket is enough."""

    def __init__(self):
        from harness import Workspace
        from network import NetworkHost
        self.workspace = Workspace()
        self.workspace.__enter__()
        try:
            super().__init__(2, NetworkHost(self.workspace).environment)
        except BaseException:
            self.workspace.__exit__(None, None, None)
            raise

    def close(self):
        super().close()
        self.workspace.__exit__(None, None, None)


class GuestsWorld(World):
    def __init__(self):
        from harness import PAGER_LIBRARY, Workspace
        from managed import Daemon, Libvirt, ManagedGuest
        port, plain_port = free_ports(2)
        self.workspace = Workspace()
        self.workspace.__enter__()
        try:
            libvirt = Libvirt(self.workspace)
            self.daemon = Daemon(self.workspace, libvirt, settings={"Mem.HostMemoryMB": 512},
                                 api=[f"ApiPort={port}", "ApiAddresses=127.0.0.1", f"ApiPlainPort={plain_port}",
                                      f"PagerLibrary={PAGER_LIBRARY}", f"WebDir={WEB_DIR}"])
            super().__init__(Api(self.daemon.socket, port, plain_port), ["web1", "web2"])
            self.guests = {name: ManagedGuest(self.workspace, libvirt, name, memory_mib=GUEST_MIB) for name in self.vms}
            for name in self.vms:
                self.daemon.wait_for(lambda name=name: self.daemon.vm(name)["managed"] == "pager", name)
        except BaseException:
            self.close()
            raise

    def guest(self, name, method, *arguments):
        return plain(getattr(self.guests[name], method)(*arguments))

    @property
    def state_dir(self):
        return self.daemon.folder / "state"

    def stop(self):
        self.daemon.stop()

    def start(self):
        self.daemon.start()

    def close(self):
        self.workspace.__exit__(None, None, None)


def makes_vms(port, plain_port):
    """Settings of a daemon that serves the web client and makes VMs."""
    from harness import PAGER_LIBRARY, accelerator, guest_image
    kind = "qemu" if accelerator(guest_image()).name == "tcg" else "kvm"
    return [f"ApiPort={port}", "ApiAddresses=127.0.0.1", f"ApiPlainPort={plain_port}", f"WebDir={WEB_DIR}",
            f"PagerLibrary={PAGER_LIBRARY}", f"DomainType={kind}"]


class EmptyWorld(World):
    """A host that nobody has used yet."""

    def __init__(self):
        from harness import Workspace
        from managed import Daemon, Libvirt
        port, plain_port = free_ports(2)
        self.workspace = Workspace()
        self.workspace.__enter__()
        try:
            self.folder = self.workspace.folder("vms")
            self.libvirt = Libvirt(self.workspace)
            self.daemon = Daemon(self.workspace, self.libvirt, api=makes_vms(port, plain_port))
            super().__init__(Api(self.daemon.socket, port, plain_port), [])
        except BaseException:
            self.close()
            raise

    def describe(self):
        return {**super().describe(), "folder": str(self.folder)}

    def image(self, name):
        """An empty disk, or an ISO image, in the folder."""
        if name.endswith(".iso"):
            (self.folder / name).write_bytes(bytes(1 << 20))
        else:
            subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", self.folder / name, "32M"], check=True)

    def close(self):
        self.workspace.__exit__(None, None, None)


class FleetWorld(World):
    """VMs in the inventory, on a datastore; another datastore, "small", can be full."""

    def libvirt(self):
        from managed import Libvirt
        return Libvirt(self.workspace)

    def __init__(self):
        from fleet import Fleet
        from harness import Workspace
        from managed import Daemon
        port, plain_port = free_ports(2)
        lines = makes_vms(port, plain_port)
        self.workspace = Workspace()
        self.workspace.__enter__()
        try:
            # Before libvirtd, which sees what was mounted when it started.
            self.small = self.workspace.folder("small")
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_MIB}m", "tmpfs", str(self.small)], check=True)
            self.workspace.on_close(lambda: subprocess.run(["umount", "-l", str(self.small)], check=False))
            self.booted = {}
            self.fleet = Fleet(self.workspace, libvirt=self.libvirt(), daemon=lambda *words: Daemon(*words, api=lines))
            super().__init__(Api(self.fleet.daemon.socket, port, plain_port), ["db1"])
            self.fleet.do("AddDatastore", name="small", path=str(self.small))
            self.fleet.create("db1", disks=({"size_mb": 64}, {"size_mb": 32, "mode": "independent_persistent"}))
        except BaseException:
            self.close()
            raise

    def boot(self, name):
        self.fleet.create(name, disks=[], pager=False)
        self.booted[name] = self.fleet.on(name)

    def guest(self, name, method, *arguments):
        return plain(getattr(self.booted[name], method)(*arguments))

    def ask(self, name):
        self.fleet.create(name, datastore="small", memory_mb=160, disks=[{"size_mb": 32}], pager=False)
        guest = self.fleet.on(name)
        space = os.statvfs(self.small)
        (self.small / "filler").write_bytes(bytes(max(0, space.f_bavail * space.f_frsize - (LEFT_MIB << 20))))
        guest.shell("dd if=/dev/urandom of=/tmp/data bs=1M count=8 2>/dev/null")
        guest.start("dd if=/tmp/data of=/dev/vda bs=1M oflag=direct")

    def typewriter(self, name):
        self.fleet.create(name, disks=[{"size_mb": 1}], pager=False, kernel=None, initrd=None, cmdline=None)
        disk, = self.do("ListDisks", {"vm": name})
        sector = self.workspace.folder("typewriter") / name
        sector.write_bytes(TYPEWRITER.ljust(1 << 20, b"\0"))
        subprocess.run(["qemu-img", "convert", "-O", "qcow2", sector, disk["path"]], check=True)

    def said(self, name):
        return (self.fleet.store / name / f"{name}.console").read_text(encoding="latin-1")

    def room(self, name):
        return str(self.workspace.folder(name))

    def make_room(self):
        (self.small / "filler").unlink()

    def close(self):
        self.workspace.__exit__(None, None, None)


class CardsWorld(FleetWorld):
    """VMs and the Open vSwitch are in a network namespace, the daemon is where the browser is."""

    def libvirt(self):
        from managed import Libvirt
        from network import NetworkHost
        libvirt = Libvirt(self.workspace, NetworkHost(self.workspace))
        libvirt.enter = []
        return libvirt


def obey(world, command):
    (verb, argument), = command.items()
    if verb not in ("run", "call", "do", "stop", "start", "past", "account", "guest", "boot", "ask", "make_room", "image",
                    "typewriter", "said", "room"):
        raise ValueError(f"there is no command {verb}")
    method = getattr(world, verb)
    return method(*argument) if isinstance(argument, list) else method()


def main():
    kinds = {"quick": QuickWorld, "networks": NetworksWorld, "guests": GuestsWorld, "fleet": FleetWorld,
             "cards": CardsWorld, "empty": EmptyWorld}
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    # Whoever ends this ends the world with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    world = kinds[sys.argv[1]](*map(int, sys.argv[2:]))
    try:
        print(json.dumps(world.describe()), file=answers)
        for line in sys.stdin:
            try:
                answer = json.dumps({"ok": obey(world, json.loads(line))})
            except Exception as error:  # whatever it is, the test that asked is told
                answer = json.dumps({"error": f"{type(error).__name__}: {error}"})
            print(answer, file=answers)
    finally:
        world.close()


if __name__ == "__main__":
    main()
