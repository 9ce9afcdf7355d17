# SPDX-License-Identifier: LGPL-2.1-or-later
"""Port groups with a real Open vSwitch: who reaches whom."""

import pytest

import network
from harness import Workspace, wait_until
from managed import Daemon, Libvirt, ManagedGuest, Refused
from network import NetworkHost, cable

pytestmark = pytest.mark.skipif(network.missing() is not None, reason=str(network.missing()))


class Host:
    """A host of its own with libvirt, aerostatd and an Open vSwitch."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.network = NetworkHost(workspace)
        self.libvirt = Libvirt(workspace, self.network)
        self.daemon = Daemon(workspace, self.libvirt)

    def do(self, method, **arguments):
        """The result; of a task when it has ended."""
        answer = self.daemon.call("POST", f"/do/{method}", arguments)
        if not isinstance(answer, dict) or set(answer) != {"task"}:
            return answer
        task = wait_until(lambda: self._ended(answer["task"]), what=method)
        if task["state"] == "error":
            raise Refused(0, task["message"])
        return task.get("result")

    def _ended(self, number):
        task = self.daemon.call("GET", f"/tasks/{number}")
        return task if task["state"] in ("success", "error") else None

    def start(self, name):
        """A guest without cards, known to the daemon."""
        guest = ManagedGuest(self.workspace, self.libvirt, name, memory_mib=192, pager=False, persistent=True)
        adopt(self, guest)
        guest.host = self
        return guest

    def events(self):
        return [event["message"] for event in self.daemon.events()]


def adopt(host, guest):
    import sqlite3
    path = next(p for p in (host.daemon.folder / "state").iterdir() if p.suffix in (".db", ".sqlite"))
    db = sqlite3.connect(path)
    db.execute("INSERT INTO vm (uuid,name,pool,stopped,folder,made_ms,state) VALUES (?,?,'/',0,'/',0,0) "
               "ON CONFLICT (uuid) DO UPDATE SET folder='/'", (guest.uuid, guest.name))
    db.commit()
    db.close()


def add_card(guest, group, address, **more):
    """Plugs a card in while the guest runs; its address in the network is 10.9.0.ADDRESS."""
    mac = guest.host.do("AddCard", vm=guest.name, port_group=group, **more)["mac"]
    run(guest, "until [ -d /sys/class/net/eth0 ]; do usleep 50000; done; "
               f"ip addr add 10.9.0.{address}/24 dev eth0; ip link set eth0 up")
    return mac


def run(guest, command, check=True):
    job = guest.start(f"sh -c '{command}'")
    status = job.wait()
    assert not check or status == 0, job.output()
    return job if check else status


def reaches(guest, address, network_part="10.9.0"):
    return run(guest, f"ping -c 1 -W 10 {network_part}.{address}", check=False) == 0


def is_cut_off(guest, address, network_part="10.9.0"):
    """What arrived would arrive at once: who is asked here reaches others in well below a second."""
    return run(guest, f"ping -c 3 -i 0.2 -W 1 {network_part}.{address}", check=False) != 0


@pytest.fixture(scope="module", name="host")
def _host():
    with Workspace() as workspace:
        yield Host(workspace)


@pytest.fixture(scope="module", name="other")
def _other(host):
    """A second host, at the other end of a cable: u0 here, u1 there."""
    with Workspace() as workspace:
        result = Host(workspace)
        cable(host.network, "u0", result.network, "u1")
        yield result


@pytest.fixture(scope="module", name="guests")
def _guests(host):
    host.do("AddVirtualSwitch", name="vSwitch0")
    host.do("ApplyPortGroups", table="10,lab 10\n20,lab 20\n0,plain\n4095,all\n")
    one, two = host.start("one"), host.start("two")
    one.mac, two.mac = add_card(one, "lab 10", 1), add_card(two, "lab 10", 2)
    return one, two


def test_one_vlan(guests):
    one, two = guests
    assert reaches(one, 2)
    assert reaches(two, 1)
