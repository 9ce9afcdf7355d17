# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests under a real libvirt, and aerostatd over them.

    with Workspace() as workspace:
        libvirt = Libvirt(workspace)
        daemon = Daemon(workspace, libvirt, settings={"Mem.HostMemoryMB": 1024})
        guest = ManagedGuest(workspace, libvirt, "web1", memory_mib=512)
        daemon.wait_for(lambda: daemon.vm("web1")["managed"] == "pager")

libvirt's daemon has /etc/libvirt, /run/libvirt and so on of its own, in a mount namespace that ends
with it: the machine's own libvirt, if there is one, is not touched.
"""

import collections
import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import threading
import time
import uuid
from pathlib import Path

from harness import (BUILD, HarnessError, KERNEL_ARGUMENTS, PAGER_LIBRARY, PATIENCE, QEMU, Guest,
                     accelerator, guest_image, put_ksm, wait_until)
from manager import Manager, Refused
from pager_client import PagerClient

AEROSTATD = Path(os.environ.get("AEROSTATD", BUILD / "src/daemon/aerostatd"))

QEMU_CONF = """\
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
cgroup_controllers = [{controllers}]
namespaces = []
stdio_handler = "file"
"""

# What libvirtd sees in place of the machine's folders: its own, in the workspace.
FOLDERS = {"etc": "/etc/libvirt", "lib": "/var/lib/libvirt", "run": "/run/libvirt",
           "cache": "/var/cache/libvirt", "log": "/var/log/libvirt"}

START = """\
set -e
base=$1
cpu=$2
shift 2
if [ "$cpu" ]; then
        mkdir -p "$base/cpu"
        mount --bind "$cpu" "$base/cpu"
        umount -l -R /sys/fs/cgroup
        mount -t tmpfs tmpfs /sys/fs/cgroup
        mkdir /sys/fs/cgroup/cpu
        mount --move "$base/cpu" /sys/fs/cgroup/cpu
fi
while [ $# -gt 0 ]; do
        mkdir -p "$2"
        mount --bind "$base/$1" "$2"
        shift 2
done
exec libvirtd --config /etc/libvirt/libvirtd.conf --pid-file "$base/libvirtd.pid"
"""


def new_cpu_cgroup(workspace):
    """A cgroup for processors, of the workspace's own; None: this machine has none of the first version for them."""
    path = Path("/sys/fs/cgroup/cpu") / workspace.path.name
    if not (path.parent / "cpu.shares").exists():
        return None
    path.mkdir()

    def remove():
        for folder in [*sorted((item for item in path.rglob("*") if item.is_dir()), reverse=True), path]:
            folder.rmdir()
    workspace.on_close(remove)
    return path


class Libvirt:
    """A libvirtd of the workspace's own; its VMs outlive it, but not the workspace.

    network: the host that it runs on as far as networks go (network.py's NetworkHost); None: this one.
    cpu_cgroup: under which it makes its VMs' cgroups for processors; None: it has no cgroups.
    """

    def __init__(self, workspace, network=None, cpu_cgroup=None):
        if os.getuid() != 0:
            raise HarnessError("libvirt's private daemon needs root")
        if not shutil.which("libvirtd"):
            raise HarnessError("libvirtd is missing; tools/install-packages check installs it")
        self.workspace = workspace
        self.network = network
        self.cpu_cgroup = cpu_cgroup
        self.enter = network.enter if network else []
        self.environment = network.environment if network else {}
        self.base = workspace.folder("libvirt")
        for name in FOLDERS:
            workspace.folder(f"libvirt/{name}")
        # A short path: sockets have 107 bytes for theirs.
        self.socket = workspace.folder("v") / "libvirt-sock"
        (self.base / "etc/qemu.conf").write_text(QEMU_CONF.format(controllers='"cpu"' if cpu_cgroup else ""),
                                                encoding="ascii")
        (self.base / "etc/libvirtd.conf").write_text(
            f'unix_sock_dir = "{self.socket.parent}"\nauth_unix_rw = "none"\nauth_unix_ro = "none"\n',
            encoding="ascii")
        self.uri = f"qemu+unix:///system?socket={self.socket}"
        self.process = None
        # Started before the VMs, so closed after them.
        workspace.on_close(self._destroy_all)
        self.start()

    def start(self):
        pairs = [word for pair in FOLDERS.items() for word in pair]
        self.process = self.workspace.spawn(
            [*self.enter, "unshare", "-m", "--propagation", "private", "sh", "-c", START, "sh", str(self.base),
             str(self.cpu_cgroup or ""), *pairs], self.base / "libvirtd.out", self.environment, last=True)
        wait_until(self._answers, what="libvirtd to answer", timeout=60)

    def _answers(self):
        if self.process.poll() is not None:
            raise HarnessError(f"libvirtd ended:\n{(self.base / 'libvirtd.out').read_text()[-3000:]}")
        return self.socket.exists() and self.virsh("list", check=False).returncode == 0

    def kill(self):
        """As in a crash; the VMs run on."""
        self.process.kill()
        self.process.wait()

    def virsh(self, *words, check=True):
        # A session of its own: Ctrl-C at the terminal is not for virsh.
        done = subprocess.run(["virsh", "-q", "-c", self.uri, *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=60, start_new_session=True)
        if check and done.returncode:
            raise HarnessError(f"virsh {' '.join(words)}: {done.stderr.strip()}")
        return done

    def _destroy_all(self):
        if self.process.poll() is not None:
            self.start()
        # Not by their names: these may have blanks in them.
        for uuid_text in self.virsh("list", "--uuid", check=False).stdout.split():
            self.virsh("destroy", uuid_text, check=False)
        # The workspace ends its processes before this, so it may have been started anew.
        self.kill()


DOMAIN = """\
<domain type='{type}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>{memory_mib}</memory>
  <vcpu>{cpus}</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <kernel>{image}/vmlinuz</kernel>
    <initrd>{image}/initrd</initrd>
    <cmdline>{arguments}</cmdline>
  </os>
  {accelerator}
  <on_reboot>restart</on_reboot>
  <devices>
    <emulator>{qemu}</emulator>
    <controller type='usb' model='none'/>
    <serial type='file'><source path='{console}'/></serial>
    <serial type='unix'><source mode='bind' path='{channel}'/></serial>
    <memballoon {balloon}</memballoon>
    {devices}
  </devices>
  <qemu:commandline>
    {environment}
  </qemu:commandline>
</domain>
"""


class _Process:
    """A QEMU that is not our child, as far as a guest's methods look at theirs."""

    def __init__(self, pid):
        self.pid = pid
        self._fd = os.pidfd_open(pid)

    def poll(self):
        return 0 if select.select([self._fd], [], [], 0)[0] else None

    def close(self):
        os.close(self._fd)


class ManagedGuest(Guest):
    """A guest that libvirt started."""

    def __init__(self, workspace, libvirt, name, memory_mib=512, cpus=1, pager=True, balloon=True, autodeflate="on",
                 environment=None, translation_cache_mib=32, devices="", arguments="", image=None, emulator=None,
                 persistent=False, wait=True):
        self.name = name
        self.libvirt = libvirt
        self.workspace = workspace
        self.memory_mib = memory_mib
        self.uuid = str(uuid.uuid4())
        self.image = image or guest_image()
        self.console = workspace.path / f"{name}.console"
        self.console.touch()
        self.log = libvirt.base / "log" / "qemu" / f"{name}.log"
        self._changed = threading.Condition()
        self._closed = False
        self._partial = b""
        self._heard = collections.deque(maxlen=30)
        self._ready = False
        self._jobs = {}
        self._pager_client = None
        self.qmp = None
        self._channel_path = workspace.folder("v") / f"{name[:20]}-{self.uuid[:8]}"

        variables = dict(environment or {})
        if pager:
            variables = {"LD_PRELOAD": PAGER_LIBRARY, "AEROSTAT_SWAP_DIR": workspace.folder("swap"),
                         "AEROSTAT_SOCKET": pager_folder(workspace) / f"{self.uuid[:8]}.sock", **variables}
        tcg = accelerator(self.image).name == "tcg"
        xml = workspace.path / f"{name}.xml"
        xml.write_text(DOMAIN.format(
            type="qemu" if tcg else "kvm", name=name, uuid=self.uuid, memory_mib=memory_mib, cpus=cpus,
            image=self.image, arguments=f"{KERNEL_ARGUMENTS} {arguments}", qemu=emulator or shutil.which(QEMU) or QEMU,
            console=self.console, channel=self._channel_path,
            balloon=(f"model='virtio' autodeflate='{autodeflate}'><stats period='1'/>" if balloon
                     else "model='none'>"),
            accelerator=f"<features><acpi/><tcg><tb-cache unit='MiB'>{translation_cache_mib}</tb-cache></tcg>"
                        "</features>" if tcg else "<features><acpi/></features><cpu mode='host-passthrough'/>",
            devices=devices,
            environment="\n    ".join(f"<qemu:env name='{key}' value='{value}'/>"
                                      for key, value in variables.items())), encoding="utf-8")
        self.socket = Path(variables["AEROSTAT_SOCKET"]) if pager else None
        if persistent:
            libvirt.virsh("define", str(xml))
            libvirt.virsh("start", name)
        else:
            libvirt.virsh("create", str(xml))
        self.process = _Process(int((libvirt.base / "run/qemu" / f"{name}.pid").read_text(encoding="ascii")))
        self._channel = socket.socket(socket.AF_UNIX)
        self._channel.connect(str(self._channel_path))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        workspace.on_close(self._close)
        if wait:
            self.wait_ready()

    @property
    def pager(self):
        if self._pager_client is None:
            self._pager_client = PagerClient(self.socket)
        return self._pager_client

    def _died(self):
        return AssertionError(f"{self.name}: QEMU ended\n{self.last_words()}")

    def stderr(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def destroy(self):
        self.libvirt.virsh("destroy", self.name)

    def _close(self):
        self.libvirt.virsh("destroy", self.name, check=False)
        self._channel.close()
        self.process.close()


def pager_folder(workspace):
    return workspace.folder("pagers")


class Daemon:
    """aerostatd, with settings by their ESX names.

    It leaves KSM, which is the whole machine's, alone unless settings say otherwise.
    """

    def __init__(self, workspace, libvirt, settings=None, api=None):
        self.workspace = workspace
        self.libvirt = libvirt
        self.folder = workspace.folder("daemon")
        self.socket = workspace.folder("v") / "aerostatd.sock"
        self.config = self.folder / "aerostatd.conf"
        self.log = self.folder / "log"
        settings = {"Mem.ShareScanGHz": 0, **(settings or {})}
        lines = [f"{name}={value}" for name, value in settings.items()]
        # A /dev/kvm that boots no guest looks to libvirt like one that does.
        tcg = accelerator(guest_image()).name == "tcg"
        self.config.write_text("\n".join(["[aerostatd]", f"Connection={libvirt.uri}",
                                          f"DomainType={'qemu' if tcg else 'kvm'}",
                                          f"PagerDirectories={pager_folder(workspace)}", *(api or ["ApiPort=0"]), "[Memory]",
                                          *lines, ""]),
                               encoding="ascii")
        self.process = None
        self.api = Manager(self.socket)
        workspace.on_close(self._give_back_ksm)
        self.start()

    def command(self):
        return [str(AEROSTATD), "--config", str(self.config), "--state-dir", str(self.folder / "state"),
                "--socket", str(self.socket)]

    def start(self):
        if not AEROSTATD.exists():
            raise HarnessError(f"{AEROSTATD} is missing; run make")
        self.process = self.workspace.spawn([*self.libvirt.enter, *self.command()], self.log,
                                            self.libvirt.environment)
        wait_until(self._answers, what="aerostatd to answer", timeout=60)

    def _answers(self):
        if self.process.poll() is not None:
            raise HarnessError(f"aerostatd ended:\n{self.log.read_text()[-3000:]}")
        try:
            return self.host()["connection"] == "ok"
        except OSError:
            return False

    def _give_back_ksm(self):
        """As its successor would, if it was killed: by its record."""
        with contextlib.suppress(FileNotFoundError):
            lines = (self.folder / "state/ksm-settings").read_text(encoding="ascii").splitlines()
            settings = [line.split() for line in lines if line.count(" ") == 3]
            put_ksm({name: found for name, found, _, ours in settings if ours != "-"})

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, timeout=PATIENCE):
        """In order; returns the exit status."""
        self.process.terminate()
        return self.process.wait(timeout)

    def host(self):
        return self.api.host()

    def vms(self):
        return {vm["name"]: vm for vm in self.api.vms()}

    def vm(self, name):
        return self.api.vm(name)

    def set_vm(self, name, **keys):
        """set_vm("web1", shares="high", min=512): keys of sched.mem., and pool."""
        self.api.set_vm(name, **{key if key == "pool" else f"sched.mem.{key}": value for key, value in keys.items()})

    def set(self, **settings):
        """set(IdleTax=0): Mem.IdleTax."""
        self.api.set(**{f"Mem.{name}": value for name, value in settings.items()})

    def events(self, after=0):
        return self.api.events(after)

    def wait_for(self, condition, what="the daemon", timeout=PATIENCE):
        """Waits for the condition; what it says of the VMs is in the error otherwise."""
        def holds():
            try:
                return condition()
            except (Refused, OSError, KeyError):
                return None
        try:
            return wait_until(holds, timeout, what, interval=0.2)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{json.dumps(self.host(), indent=1)}\n"
                               f"{json.dumps(self.vms(), indent=1)}\n{self.log.read_text()[-3000:]}") from error
