# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clones of real VMs: names, what they share with their parent, what they keep, and what a kill leaves."""

import hashlib
import json
import subprocess
import time

import pytest
from fleet import Fleet, Refused, TaskFailed
from harness import wait_until

PARENT = "Tmpl Capture 1.0"


@pytest.fixture(scope="module")
def small_store(workspace):
    """A file system without much room; mounted before libvirtd has a mount namespace of its own."""
    folder = workspace.folder("small")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "small", str(folder)], check=True)
    workspace.on_close(lambda: subprocess.run(["umount", "-l", str(folder)], check=True))
    return folder


@pytest.fixture(scope="module")
def fleet(workspace, small_store):
    fleet = Fleet(workspace)
    fleet.create(PARENT)
    guest = fleet.on(PARENT)
    guest.write("from the parent", at=8)
    fleet.off(PARENT)
    fleet.do("CreateSnapshot", vm=PARENT, name="base")
    for name in "Customization", "Owner", "Rack":
        fleet.do("AddCustomFieldDef", name=name, type="vm")
    fleet.do("SetField", vms=[PARENT], name="Owner", value="team 7")
    return fleet


def names(fleet):
    return {vm["name"] for vm in fleet.do("ListVMs")}


def made(report):
    return [clone["name"] for clone in report["clones"] if clone["state"] in ("made", "made before")]


def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


def backing(fleet, name):
    done = subprocess.run(["qemu-img", "info", "-U", "--output=json", fleet.disk(name)], check=True, capture_output=True)
    return json.loads(done.stdout).get("full-backing-filename")


def delete(fleet, *clones):
    for name in clones:
        fleet.do("DestroyVM", vm=name)


def test_names_count_on_and_attributes_are_copied(fleet):
    report = fleet.do("CloneVM", vm=PARENT, count=3, attributes=["Owner", "Rack"])
    assert made(report) == ["Capture01", "Capture02", "Capture03"] and report["linked"] and not report["goes_on"]
    assert made(fleet.do("CloneVM", vm=PARENT, count=2)) == ["Capture04", "Capture05"]
    listed = {vm["name"]: vm for vm in fleet.do("ListVMs")}
    assert listed["Capture01"]["attributes"] == {"Template": PARENT, "Owner": "team 7"}
    assert listed["Capture04"]["attributes"] == {"Template": PARENT}
    assert listed["Capture01"]["parent"] == PARENT
    assert len({vm["uuid"] for vm in listed.values()}) == len(listed)
    delete(fleet, *(f"Capture0{n}" for n in range(1, 6)))
    assert names(fleet) == {PARENT}


def test_guests_see_the_parents_data_and_keep_their_own(fleet):
    frozen = str(fleet.home(PARENT) / f"{PARENT}.qcow2")
    before = digest(frozen)
    fleet.do("CloneVM", vm=PARENT, names=["linked"])
    fleet.do("CloneVM", vm=PARENT, names=["full"], linked=False, snapshot="base")
    assert backing(fleet, "linked") == frozen and backing(fleet, "full") is None
    for name in "linked", "full":
        guest = fleet.on(name)
        assert guest.read(at=8) == "from the parent"
        guest.write(f"of {name}", at=8)
        fleet.off(name)
        assert fleet.on(name).read(at=8) == f"of {name}"
        fleet.off(name)
    assert fleet.on(PARENT).read(at=8) == "from the parent"
    fleet.off(PARENT)
    assert digest(frozen) == before
    fleet.check_disks()


def test_what_clones_stand_on_stays(fleet):
    for method, args in (("RemoveSnapshot", {"snapshot": "base"}), ("RemoveAllSnapshots", {}), ("DestroyVM", {})):
        with pytest.raises((TaskFailed, Refused), match="linked"):
            fleet.do(method, vm=PARENT, **args)
    assert fleet.on("linked").read(at=8) == "of linked"
    fleet.off("linked")
    delete(fleet, "linked", "full")


@pytest.mark.parametrize("args, words", [
    ({"names": ["x"], "snapshot": "none such"}, "none such"),
    ({"names": ["x"], "customization": "none such"}, "none such"),
    ({"names": ["x"], "folder": "/none"}, "/none"),
    ({"names": ["x"], "datastore": "none such"}, "none such"),
    ({"names": ["x"], "attributes": ["Owner", "Ownr"]}, "Ownr"),
    ({"names": ["good", "a/b"]}, "virtual machine"), ({"names": ["good", "a\nb"]}, "virtual machine"),
    ({"names": ["good", "x" * 300]}, "virtual machine"), ({"names": ["good", ""]}, "virtual machine"),
    ({"names": ["good", ".."]}, "virtual machine"), ({"names": ["good", "good"]}, "twice"),
    ({"names": []}, "how many"), ({"count": 0}, "count"), ({"count": 1001}, "count"),
    ({"names": ["x"], "count": 2}, "how many"), ({"names": ["x"], "nonsense": 1}, "nonsense")])
def test_refused_before_anything_is_made(fleet, args, words):
    with pytest.raises((TaskFailed, Refused), match=words):
        fleet.do("CloneVM", vm=PARENT, **args)
    assert names(fleet) == {PARENT} and [path.name for path in fleet.store.iterdir()] == [PARENT]


def test_parents_that_cannot_be_cloned(fleet):
    fleet.create("bare")
    with pytest.raises(TaskFailed, match="no snapshot"):
        fleet.do("CloneVM", vm="bare", names=["x"])
    fleet.do("SetDiskMode", vm="bare", target="vda", mode="independent_nonpersistent")
    with pytest.raises(TaskFailed, match="independent_nonpersistent"):
        fleet.do("CloneVM", vm="bare", names=["x"], linked=False)
    fleet.do("SetField", vms=[PARENT], name="Customization", value="gone")
    with pytest.raises(TaskFailed, match="Customization says \"gone\""):
        fleet.do("CloneVM", vm=PARENT, count=2)
    fleet.do("SetField", vms=[PARENT], name="Customization", value="")
    assert names(fleet) == {PARENT, "bare"}
    delete(fleet, "bare")


def test_a_quoted_name_is_a_name(fleet):
    odd = "it's \"25\" %s; <&> ä"
    assert made(fleet.do("CloneVM", vm=PARENT, names=[odd])) == [odd]
    fleet.do("PowerOnVM", vm=odd)
    assert fleet.power(odd) == "running"
    fleet.off(odd)
    delete(fleet, odd)


def test_a_name_that_is_taken_is_reported_and_the_rest_made(fleet):
    fleet.do("CloneVM", vm=PARENT, names=["b"])
    with pytest.raises(TaskFailed, match="2 of 3 clones are there; b: ") as failed:
        fleet.do("CloneVM", vm=PARENT, names=["a", "b", "c"])
    assert {clone["name"]: clone["state"] for clone in failed.value.result["clones"]} == {
        "a": "made", "b": "exists", "c": "made"}
    delete(fleet, "a", "b", "c")


def test_two_of_one_name_at_once(fleet):
    tasks = [fleet.start("CloneVM", vm=PARENT, names=["twin"], new=True)[0] for _ in range(4)]
    results = []
    for task in tasks:
        try:
            results.append(bool(made(fleet.wait(task))))
        except TaskFailed as failed:
            assert "twin" in failed.text
            results.append(False)
    assert results.count(True) == 1
    assert [path.name for path in fleet.store.iterdir()].count("twin") == 1
    delete(fleet, "twin")


def test_what_if_makes_nothing(fleet):
    report = fleet.do("CloneVM", vm=PARENT, count=2, what_if=True)
    assert [clone["name"] for clone in report["clones"]] == ["Capture01", "Capture02"] and not made(report)
    assert names(fleet) == {PARENT}
    # And it is not gone on with.
    report = fleet.do("CloneVM", vm=PARENT, count=2)
    assert not report["goes_on"]
    delete(fleet, *made(report))


def test_cancelled_it_goes_on_later(fleet):
    task, _ = fleet.start("CloneVM", vm=PARENT, count=150, in_flight=1)
    wait_until(lambda: "Capture02" in names(fleet), what="the first clones")
    fleet.daemon.api.cancel(task)
    with pytest.raises(TaskFailed, match="of 150 clones were made, then it was cancelled"):
        fleet.wait(task)
    there = names(fleet) - {PARENT}
    assert 2 <= len(there) < 150
    report = fleet.do("CloneVM", vm=PARENT, count=150, in_flight=4)
    assert report["goes_on"] and len(made(report)) == 150 == len(set(made(report)))
    states = {clone["name"]: clone["state"] for clone in report["clones"]}
    assert {name for name, state in states.items() if state == "made before"} == there
    delete(fleet, *made(report))


@pytest.mark.parametrize("kills", [5])
def test_killed_at_any_moment_a_second_call_goes_on(fleet, kills):
    """kill -9 again and again, sooner or later in the making of a clone; 12 are there in the end, each once."""
    for number in range(kills):
        before = names(fleet)
        fleet.start("CloneVM", vm=PARENT, count=12, in_flight=3)
        wait_until(lambda before=before: len(list(fleet.store.iterdir())) > len(before), what="a new folder",
                   interval=0.001)
        # Steps of a few milliseconds: somewhere in a clone's making, each time elsewhere.
        time.sleep(0.013 * number)
        fleet.daemon.kill()
        fleet.daemon.start()
        wait_until(lambda: fleet.do("ListVMs") is not None and all(
            "state" not in vm or vm["state"] == "ready" for vm in fleet.do("ListVMs")), what="it to be put right")
        fleet.do("ReconcileVMs")
        homes = {path.name for path in fleet.store.iterdir()}
        assert homes == names(fleet), "a folder without a VM, or a VM without"
        assert {line for line in fleet.libvirt.virsh("list", "--all", "--name").stdout.split("\n") if line} == homes
        fleet.check_disks()
        if not fleet.do("CloneVM", vm=PARENT, count=12, what_if=True)["goes_on"]:
            # All were there before the kill: the next call would make another 12.
            delete(fleet, *(names(fleet) - {PARENT}))
    report = fleet.do("CloneVM", vm=PARENT, count=12)
    assert len(made(report)) == 12 == len(set(made(report)))
    assert names(fleet) == {PARENT, *made(report)}
    for name in made(report)[:2]:
        assert fleet.on(name).read(at=8) == "from the parent"
        fleet.off(name)
    delete(fleet, *made(report))


def test_full_datastore(fleet, small_store):
    """Full copies until there is no room: those that were made stay, of the last nothing is left."""
    fleet.do("AddDatastore", name="small", path=str(small_store))
    guest = fleet.on(PARENT)
    guest.shell("dd if=/dev/urandom of=/dev/vda bs=1M seek=1 count=12 conv=fsync 2>/dev/null")
    fleet.off(PARENT)
    fleet.do("CreateSnapshot", vm=PARENT, name="filled")
    before = names(fleet)
    with pytest.raises(TaskFailed, match="clones are there; Capture") as failed:
        fleet.do("CloneVM", vm=PARENT, count=9, linked=False, snapshot="filled", datastore="small", in_flight=1)
    there = made(failed.value.result)
    assert 1 <= len(there) < 9 and names(fleet) == before | set(there)
    assert {path.name for path in small_store.iterdir()} == set(there)
    fleet.check_disks()
    delete(fleet, *there)


def test_many_at_a_time_while_the_parent_runs(fleet):
    guest = fleet.on(PARENT)
    task, _ = fleet.start("CloneVM", vm=PARENT, count=25, snapshot="base", in_flight=16)
    guest.write("meanwhile", at=100)
    assert len(made(fleet.wait(task))) == 25
    assert guest.read(at=100) == "meanwhile"
    fleet.off(PARENT)
