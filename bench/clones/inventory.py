#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long it takes to list 1,000 VMs and to find some by a custom attribute, over the daemon's interface.

The VMs are defined in a real libvirt, adopted, in folders, and have five custom attributes each. Prints the figures;
measure() returns them. Needs root.
"""

import os
import statistics
import subprocess
import sys
import time
import uuid
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "tests/guest")]

from harness import Workspace, end_on_signals  # noqa: E402
from managed import Daemon, Libvirt  # noqa: E402

VMS = 1000
ATTRIBUTES = ["Owner", "Team", "Ticket", "Template", "Ends"]
TEAMS = 20
ROUNDS = 15
DOMAIN = """\
<domain type='qemu'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>64</memory>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/nonexistent/{name}.qcow2'/>
<target dev='vda' bus='virtio'/></disk></devices></domain>
"""


def define(workspace, libvirt):
    """By one virsh: a process for each would take most of the time."""
    commands = []
    for number in range(VMS):
        path = workspace.folder("xml") / f"{number}.xml"
        path.write_text(DOMAIN.format(name=f"web{number:04}", uuid=uuid.uuid4()), encoding="ascii")
        commands.append(f"define {path}\n")
    subprocess.run(["virsh", "-q", "-c", libvirt.uri], input="".join(commands), stdout=subprocess.DEVNULL, text=True,
                   check=True)


def fill(do):
    vms = do("ListVMs")
    assert len(vms) == VMS, len(vms)
    do("CreateFolder", path="/lab")
    for number, vm in enumerate(vms):
        do("AdoptVM", vm=vm["uuid"], folder="/lab" if number % 2 else "/")
    for attribute in ATTRIBUTES:
        do("AddCustomFieldDef", name=attribute, type="vm")
        for team in range(TEAMS):
            do("SetField", vms=[vm["uuid"] for vm in vms[team::TEAMS]], name=attribute, value=f"{attribute}{team}")


def median_ms(function, *args, **named):
    times = []
    for _ in range(ROUNDS):
        begun = time.monotonic()
        function(*args, **named)
        times.append(1000 * (time.monotonic() - begun))
    return statistics.median(times)


def measure():
    """{"vms": N, "list_ms": N, "find_ms": N}"""
    with Workspace() as workspace:
        libvirt = Libvirt(workspace)
        define(workspace, libvirt)
        daemon = Daemon(workspace, libvirt)

        def do(method, **arguments):
            return daemon.api.run(method, **arguments)

        fill(do)
        listed, found = do("ListVMs"), do("FindByField", name="Team", value="Team7")
        assert all(len(vm["attributes"]) == len(ATTRIBUTES) for vm in listed) and len(found) == VMS / TEAMS
        return {"vms": len(listed), "list_ms": median_ms(do, "ListVMs"),
                "find_ms": median_ms(do, "FindByField", name="Team", value="Team7")}


def main():
    if os.getuid() != 0:
        sys.exit("inventory.py: needs root, for a libvirt daemon of its own")
    end_on_signals()
    for name, value in measure().items():
        print(f"{name:10}{value:10.4g}")


if __name__ == "__main__":
    main()
