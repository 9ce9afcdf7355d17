# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hosts as far as networks go: network namespaces with an Open vSwitch of their own, joined by cables.

    with Workspace() as workspace:
        host = NetworkHost(workspace)
        libvirt = Libvirt(workspace, host)
        ...

All of it ends with the workspace; nothing is left on the machine, whose own Open vSwitch, if it has one,
is not touched.
"""

import os
import shutil
import subprocess
from pathlib import Path

from harness import HarnessError, wait_until

SCHEMA = Path("/usr/share/openvswitch/vswitch.ovsschema")


def missing():
    """What this machine lacks, for a skip; None: nothing."""
    if os.getuid() != 0:
        return "network namespaces and a private libvirtd need root"
    for program in ("ovsdb-server", "ovs-vswitchd", "ovs-vsctl", "nsenter", "ip", "libvirtd"):
        if not shutil.which(program):
            return f"{program} is missing; tools/install-packages check installs it"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    return None


class NetworkHost:
    """enter: what a command begins with that runs on this host; environment: where its Open vSwitch is."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.folder = workspace.folder("ovs")
        self.environment = {f"OVS_{name}DIR": str(self.folder) for name in ("RUN", "DB", "LOG", "SYSCONF")}
        # The namespace is there as long as something runs in it.
        anchor = workspace.spawn(["unshare", "-n", "sleep", "infinity"], self.folder / "anchor.out", last=True)
        self.pid = anchor.pid
        here = os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{self.pid}/ns/net") != here, 30, "a network namespace")
        self.enter = ["nsenter", f"--net=/proc/{self.pid}/ns/net"]
        self.run("ip", "link", "set", "lo", "up")
        self.database = self.switch = None
        self.run("ovsdb-tool", "create", str(self.folder / "conf.db"), str(SCHEMA))
        self.start_switching()

    def start_switching(self):
        folder = self.folder
        self.database = self._spawn("ovsdb-server", str(folder / "conf.db"), f"--remote=punix:{folder}/db.sock")
        wait_until((folder / "db.sock").exists, 30, "ovsdb-server")
        self.vsctl("--no-wait", "init")
        self.switch = self._spawn("ovs-vswitchd", f"unix:{folder}/db.sock")
        # Answers when ovs-vswitchd has taken over what the database says.
        self.vsctl("show")
        wait_until((folder / "ovs-vswitchd.ctl").exists, 30, "ovs-vswitchd")

    def stop_switching(self):
        """As when the host goes down; the database stays."""
        for process in (self.switch, self.database):
            process.kill()
            process.wait()
        for name in ("db.sock", "ovs-vswitchd.ctl", "ovsdb-server.ctl"):
            (self.folder / name).unlink(missing_ok=True)

    def _spawn(self, program, *arguments):
        return self.workspace.spawn(
            [*self.enter, program, *arguments, f"--unixctl={self.folder}/{program}.ctl", "-vconsole:warn"],
            self.folder / f"{program}.out", self.environment, last=True)

    def run(self, *command, check=True):
        done = subprocess.run([*self.enter, *command], env={**os.environ, **self.environment}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
        if check and done.returncode:
            raise HarnessError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done

    def vsctl(self, *words, check=True):
        return self.run("ovs-vsctl", "--timeout=20", *words, check=check).stdout.strip()

    def bridges(self):
        return sorted(self.vsctl("list-br").split())

    def port(self, bridge, name):
        """Whether the port is on the bridge, and its VLAN ("[]": none)."""
        return (name in self.vsctl("list-ports", bridge).split(),
                self.vsctl("get", "Port", name, "tag", check=False))


def cable(one, name, other, other_name):
    """A network cable between two hosts."""
    subprocess.run(["ip", "link", "add", name, "netns", str(one.pid), "type", "veth", "peer", "name", other_name,
                    "netns", str(other.pid)], check=True, stdin=subprocess.DEVNULL)
