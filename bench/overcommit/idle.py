# SPDX-License-Identifier: LGPL-2.1-or-later
"""What aerostatd takes of a processor while many VMs are at rest: real ones, whose guests have halted."""

import concurrent.futures
import time
import uuid

from harness import PAGER_LIBRARY, Workspace, accelerator, guest_image
from managed import Daemon, Libvirt, pager_folder

VMS = 50
VM_MIB = 16
SETTINGS = {"Mem.HostMemoryMB": 8192, "Mem.ShareScanGHz": 4}
SETTLE_S = 15  # longer than the daemon takes to call a host calm
MEASURE_S = 30
STARTERS = 4

# cli; hlt; jmp to the hlt
HALT = bytes([0xFA, 0xF4, 0xEB, 0xFD]).ljust(510, b"\0") + b"\x55\xaa"

DOMAIN = """\
<domain type='{type}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>{mib}</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
  {features}
  <devices>
    <controller type='usb' model='none'/>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/><source file='{disk}'/><target dev='vda' bus='virtio'/><readonly/>
    </disk>
    <memballoon model='virtio' autodeflate='on'/>
  </devices>
  <qemu:commandline>
    <qemu:env name='LD_PRELOAD' value='{library}'/>
    <qemu:env name='AEROSTAT_SWAP_DIR' value='{swap}'/>
    <qemu:env name='AEROSTAT_SOCKET' value='{socket}'/>
  </qemu:commandline>
</domain>
"""


def _start(workspace, libvirt, disk, number):
    name = f"idle{number}"
    xml = workspace.path / f"{name}.xml"
    tcg = accelerator(guest_image()).name == "tcg"
    xml.write_text(DOMAIN.format(
        type="qemu" if tcg else "kvm", name=name, uuid=uuid.uuid4(), mib=VM_MIB, disk=disk, library=PAGER_LIBRARY,
        features="<features><tcg><tb-cache unit='MiB'>2</tb-cache></tcg></features>" if tcg else "",
        swap=workspace.folder("swap"), socket=pager_folder(workspace) / f"{name}.sock"), encoding="utf-8")
    libvirt.virsh("create", str(xml))


def cpu_seconds(pid):
    """Of the whole process, threads that have ended included."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def run_idle(settings):
    """Processor time of aerostatd at rest, as a part of one core."""
    with Workspace() as workspace:
        libvirt = Libvirt(workspace)
        disk = workspace.path / "halt.img"
        disk.write_bytes(HALT.ljust(1 << 20, b"\0"))
        with concurrent.futures.ThreadPoolExecutor(STARTERS) as starters:
            list(starters.map(lambda number: _start(workspace, libvirt, disk, number), range(VMS)))
        daemon = Daemon(workspace, libvirt, SETTINGS)
        daemon.wait_for(lambda: sum(vm["managed"] == "pager" for vm in daemon.vms().values()) == VMS,
                        f"{VMS} VMs with pagers")
        time.sleep(SETTLE_S)
        begin, used = time.monotonic(), cpu_seconds(daemon.process.pid)
        time.sleep(MEASURE_S)
        used, elapsed = cpu_seconds(daemon.process.pid) - used, time.monotonic() - begin
        result = {"vms": VMS, "cpu": used / elapsed, "seconds": elapsed, "state": daemon.host()["state"]}
        daemon.stop()
        return result
