# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat snapshot, disk, datastore, vm relocate: what they ask the daemon for, and what they show."""

import json

import pytest

SNAPSHOTS = {"vm": "web", "consolidation_needed": False, "snapshots": [
    {"id": 3, "parent": None, "name": "first", "description": "", "time_ms": 1_700_000_000_000, "memory": False,
     "current": False, "disks": {"vda": "/s/web.qcow2"}, "clones": "Web01, Web02"},
    {"id": 12, "parent": 3, "name": "evil\033[2J", "description": "d", "time_ms": 1_700_000_000_000, "memory": True,
     "current": True, "disks": {}, "clones": ""}]}
DISKS = [{"target": "vda", "bus": "virtio", "mode": "persistent", "path": "/s/web.qcow2",
          "provisioned_bytes": 1 << 30, "used_bytes": 1 << 20, "files": 2}]
FIGURES = {"provisioned_bytes": 3 << 30, "not_shared_bytes": 1 << 30, "used_bytes": 2 << 30}
REPORT = {"vms": [{"name": "web", "datastore": "store1", **FIGURES}],
          "datastores": [{"name": "store1", "capacity_bytes": 9 << 30, "free_bytes": 1 << 30, **FIGURES}],
          "fleet": {"name": "fleet", **FIGURES, "thick_bytes": 675 << 30, "thin_bytes": 238 << 30, "linked_bytes": 19 << 30},
          "problems": ["web: /s/x\033 is gone"]}


def success(result=None):
    return {"state": "success", "percent": 100, "message": "done", "result": result}


def asked(daemon):
    method, path, body = daemon.changes[-1]
    assert method == "do"
    return path, body


def test_snapshots_are_listed_in_their_order(run, daemon):
    daemon.methods["ListSnapshots"] = SNAPSHOTS
    lines = run("snapshot", "list", "web").out.splitlines()
    assert lines[0].split() == ["NAME", "NUMBER", "PARENT", "TIME", "MEMORY", "CURRENT", "CLONES", "DESCRIPTION"]
    assert lines[1].split()[:2] == ["first", "3"] and "Web01, Web02" in lines[1]
    assert lines[2].split()[:3] == ["evil\\x1b[2J", "12", "3"]
    assert json.loads(run("snapshot", "list", "web", "--format", "json").out)[1]["id"] == 12


@pytest.mark.parametrize("words, method, body", [
    (["create", "web", "s", "--memory", "--description", "d"], "CreateSnapshot",
     {"vm": "web", "name": "s", "description": "d", "memory": True, "quiesce": False}),
    (["revert", "web"], "RevertToCurrentSnapshot", {"vm": "web"}),
    (["revert", "web", "#3"], "RevertToSnapshot", {"vm": "web", "snapshot": "#3"}),
    (["remove", "web", "s", "--children"], "RemoveSnapshot", {"vm": "web", "snapshot": "s", "removeChildren": True}),
    (["remove", "web", "--all"], "RemoveAllSnapshots", {"vm": "web"}),
    (["consolidate", "web"], "ConsolidateVMDisks", {"vm": "web"}),
])
def test_what_is_done_with_snapshots(run, daemon, words, method, body):
    daemon.methods[method] = [success({"snapshot": 4})]
    assert run("snapshot", *words).out.startswith("web: ")
    assert asked(daemon) == (method, body)
    before = len(daemon.changes)
    assert run("snapshot", *words, "--what-if").out.startswith("What if: web: ")
    assert len(daemon.changes) == before


def test_a_snapshot_is_renamed(run, daemon):
    daemon.methods["RenameSnapshot"] = None
    run("snapshot", "rename", "web", "s", "--name", "t")
    assert asked(daemon) == ("RenameSnapshot", {"vm": "web", "snapshot": "s", "name": "t"})


@pytest.mark.parametrize("words, text", [
    (["snapshot", "remove", "web"], "--all"), (["snapshot", "remove", "web", "s", "--all"], "--all"),
    (["snapshot", "rename", "web", "s"], "--name"), (["disk", "add", "web"], "--size"),
    (["disk", "add", "web", "--size", "x"], "--size"), (["disk", "set", "web", "vda"], "--mode"),
    (["disk", "set", "web", "vda", "--mode", "no"], "mode"), (["vm", "relocate", "web"], "--datastore"),
    (["datastore", "space", "--by", "host"], "--by")])
def test_wrong_command_lines(run, daemon, words, text):
    assert text in run(*words, status=2).err
    assert daemon.changes == []


def test_disks(run, daemon):
    daemon.methods["ListDisks"] = tuple(DISKS)
    daemon.methods["AddDisk"] = [success({"target": "vdb"})]
    daemon.methods["RemoveDisk"] = daemon.methods["ExtendDisk"] = [success()]
    daemon.methods["SetDiskMode"] = None
    lines = run("disk", "list", "web", "--unit", "M").out.splitlines()
    assert lines[1].split() == ["vda", "virtio", "persistent", "1024.0M", "1.0M", "2", "/s/web.qcow2"]
    run("disk", "add", "web", "--size", "2G", "--thick", "--mode", "independent_persistent", "--bus", "scsi")
    assert asked(daemon) == ("AddDisk", {"vm": "web", "size_mb": 2048, "provisioning": "thick", "bus": "scsi",
                                         "mode": "independent_persistent"})
    run("disk", "extend", "web", "vda", "--size", "3G")
    assert asked(daemon) == ("ExtendDisk", {"vm": "web", "target": "vda", "size_mb": 3072})
    run("disk", "remove", "web", "vda", "--delete-files")
    assert asked(daemon) == ("RemoveDisk", {"vm": "web", "target": "vda", "delete": True})
    run("disk", "set", "web", "vda", "--mode", "persistent")
    assert asked(daemon) == ("SetDiskMode", {"vm": "web", "target": "vda", "mode": "persistent"})


@pytest.mark.parametrize("words, method, body, said", [
    (["add", "web"], "AddDrive", {"vm": "web"}, "web: drive added"),
    (["add", "web", "--file", "[s] a.iso", "--bus", "sata", "--target", "sdb"], "AddDrive",
     {"vm": "web", "bus": "sata", "target": "sdb", "file": "[s] a.iso"}, "web: drive added"),
    (["set", "web", "hda", "--file", "[s] a.iso"], "SetDrive", {"vm": "web", "target": "hda", "file": "[s] a.iso"},
     "web: drive hda has [s] a.iso"),
    (["set", "web", "hda", "--file", "none"], "SetDrive", {"vm": "web", "target": "hda", "file": ""},
     "web: drive hda has nothing in it"),
    (["remove", "web", "hda"], "RemoveDrive", {"vm": "web", "target": "hda"}, "web: drive hda removed")])
def test_drives(run, daemon, words, method, body, said):
    daemon.methods[method] = [success()]
    assert run("drive", *words).out == f"{said}\n"
    assert asked(daemon) == (method, body)
    assert "--file" in run("drive", "set", "web", "hda", status=2).err
    assert "--bus" in run("drive", "add", "web", "--bus", "virtio", status=2).err


def test_datastores(run, daemon):
    daemon.methods["ListDatastores"] = ({"name": "store1", "path": "/s", "vms": 2, "accessible": True,
                                         "capacity_bytes": 9 << 30, "free_bytes": 1 << 30},)
    for method in ("AddDatastore", "RenameDatastore", "RemoveDatastore"):
        daemon.methods[method] = None
    assert run("datastore", "list", "--no-header", "--unit", "G").out.split() == [
        "store1", "9.0G", "1.0G", "2", "yes", "/s"]
    run("datastore", "add", "s", "/srv//vm/")
    assert asked(daemon) == ("AddDatastore", {"name": "s", "path": "/srv/vm"})
    run("datastore", "rename", "s", "t")
    assert asked(daemon) == ("RenameDatastore", {"name": "s", "to": "t"})
    run("datastore", "remove", "t")
    assert asked(daemon) == ("RemoveDatastore", {"name": "t"})


def test_space(run, daemon):
    daemon.methods["GetSpaceReport"] = REPORT
    shown = run("datastore", "space", "--unit", "G", "--no-header")
    assert shown.out.split() == ["fleet", "3.0G", "1.0G", "2.0G", "675.0G", "238.0G", "19.0G"]
    assert "web: /s/x\\x1b is gone" in shown.err
    assert run("datastore", "space", "--by", "vm", "--format", "csv").out.splitlines()[1].startswith("web,store1,")
    assert json.loads(run("datastore", "space", "--by", "datastore", "--format", "json").out)[0]["name"] == "store1"
