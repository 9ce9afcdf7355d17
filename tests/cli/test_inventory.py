# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat folder, attribute, task, vm adopt and vm move; and which VMs a verb is for."""

import json
import re
import signal
import time

import fake_daemon
import pytest

UUID = "00000000-0000-4000-8000-00000000000a"


def refuse(fault, sentence):
    """What a method that fails answers: errors of the fake daemon are exceptions."""
    def method(_):
        raise fake_daemon.Refused(fault, sentence)
    return method


def calls(daemon, method):
    """The arguments of all calls of the method."""
    return [body for verb, path, body in daemon.requests if (verb, path) == ("do", method)]


def uuid(daemon, name):
    return next(vm["uuid"] for vm in daemon.list_vms(None) if vm["name"] == name)


@pytest.fixture
def fleet(daemon):
    """Two that run, one that does not, a template, and one that was not adopted."""
    daemon.add_pool("/prod")
    daemon.add_vm("web10", pool="/prod")
    daemon.add_vm("web2")
    daemon.inventory = {
        "web10": {"folder": "/lab/old", "attributes": {"Owner": "Ada", "Ticket": "7"}},
        "web2": {"folder": "/lab"},
        "db": {"folder": "/", "attributes": {"Owner": "Bob"}, "power": "suspended"},
        "Tmpl": {"folder": "/laboratory", "template": True, "power": "off", "snapshots": 2},
        "new": {"adopted": False, "folder": None, "power": "off"},
    }
    daemon.methods |= {"MoveIntoFolder": None, "SetField": None, "AdoptVM": None}
    return daemon


def names(run, *words):
    return run("vm", "list", *words, "--columns", "name", "--no-header").out.split()


# --- vm list ---

def test_list_has_all(run, fleet):
    lines = [line.split() for line in run("vm", "list", "--no-header").out.splitlines()]
    assert [line[:4] for line in lines] == [
        ["Tmpl", "off", "/laboratory", "yes"], ["db", "suspended", "/", "no"], ["new", "off", "-", "no"],
        ["web2", "on", "/lab", "no"], ["web10", "on", "/lab/old", "no"]]
    assert lines[0][5:8] == ["-", "-", "-"] and lines[3][5] == "1G"
    found = {vm["name"]: vm for vm in json.loads(run("vm", "list", "--format", "json").out)}
    assert found["web10"]["attributes"] == {"Owner": "Ada", "Ticket": "7"} and found["web10"]["pid"] > 0
    assert "Owner=Ada, Ticket=7" in run("vm", "list", "--columns", "attributes", "--format", "csv").out


@pytest.mark.parametrize("condition, found", [
    ("folder=/lab", ["web2"]), ("folder=/lab*", ["Tmpl", "web2", "web10"]), ("power=on", ["web2", "web10"]),
    ("power!=on,template=no", ["db", "new"]), ("attribute:Owner=A*", ["web10"]), ("snaps>1", ["Tmpl"]),
    ("attribute:Owner!=Ada,adopted=yes", ["Tmpl", "db", "web2"]), ("attribute:None=", ["Tmpl", "db", "new", "web2", "web10"]),
    ("web*,attribute:Ticket=7", ["web10"]), ("adopted=no", ["new"])])
def test_filter(run, fleet, condition, found):
    assert names(run, "--filter", condition) == found


def test_attribute_is_a_word(run, fleet):
    assert "compare it with = or !=" in run("vm", "list", "--filter", "attribute:Owner>5", status=2).err


def test_disks_are_counted_when_asked_for(run, fleet):
    run("vm", "list")
    run("vm", "list", "--columns", "name,disks")
    run("vm", "list", "--filter", "disks>1")
    assert [body["disks"] for body in calls(fleet, "ListVMs")] == [False, True, True]


def test_show(run, fleet):
    out = run("vm", "show", "web10").out
    assert re.search(r"^  folder +/lab/old$", out, re.MULTILINE) and re.search(r"^  attribute Owner +Ada$", out, re.MULTILINE)
    assert "MEMSZ" in out and "not in it" not in out
    out = run("vm", "show", uuid(fleet, "db")).out
    assert out.startswith("db\n") and "suspended" in out and "MEMSZ" not in out
    assert "vm adopt" in run("vm", "show", "new").out
    assert json.loads(run("vm", "show", "Tmpl", "--format", "json").out)["snapshots"] == 2


# --- which VMs ---

@pytest.mark.parametrize("words, found", [
    (["web2"], ["web2"]), (["web10", "web2", "web10"], ["web10", "web2"]), (["--folder", "/lab"], ["web2"]),
    (["--folder", "/lab", "--recursive"], ["web2", "web10"]), (["--folder", "/"], ["db"]),
    (["--folder", "/", "--recursive"], ["Tmpl", "db", "web2", "web10"]), (["--filter", "web*"], ["web2", "web10"]),
    (["--folder", "/lab", "--recursive", "--filter", "attribute:Owner=Ada"], ["web10"]),
    (["db", "--folder", "/lab"], ["db", "web2"]), (["db", "web2", "--filter", "power=on"], ["web2"]),
    (["--filter", "*"], ["Tmpl", "db", "web2", "web10"])])
def test_selection(run, fleet, words, found):
    """By attribute set, which takes all there is to select by."""
    run("attribute", "set", "Owner", "Eve", *words)
    assert calls(fleet, "SetField") == [{"name": "Owner", "value": "Eve", "vms": [uuid(fleet, name) for name in found]}]


def test_selection_by_uuid(run, fleet):
    run("attribute", "set", "Owner", "Eve", uuid(fleet, "db"))
    assert calls(fleet, "SetField")[0]["vms"] == [uuid(fleet, "db")]


@pytest.mark.parametrize("words, status, said", [
    ([], 2, "say which VMs"), (["nobody"], 3, 'no VM "nobody"'), (["db", "nobody"], 3, "nobody"), (["new"], 3, "vm adopt"),
    (["--folder", "lab"], 2, 'begins with "/"'), (["--recursive", "db"], 2, "goes with --folder"),
    (["--folder", "/none"], 3, "no such VM"), (["db", "--filter", "power=on"], 3, "no such VM"),
    (["--filter", "nonsense=1"], 2, "nonsense")])
def test_selection_of_nothing(run, fleet, words, status, said):
    assert said in run("attribute", "set", "Owner", "Eve", *words, status=status).err
    assert calls(fleet, "SetField") == []


def test_vm_set_of_a_selection(run, fleet):
    out = run("vm", "set", "--shares", "high", "--folder", "/lab", "--recursive").out
    assert re.findall(r"^web\d+", out, re.MULTILINE) == ["web2", "web10"]
    assert [vm["config"]["sched.mem.shares"] for vm in fleet.vms] == ["high", "high"]
    assert "say which VMs" in run("vm", "set", "--shares", "high", status=2).err


# --- vm adopt, vm move ---

def test_adopt(run, fleet):
    assert "What if: new" in run("vm", "adopt", "new", "--what-if").out and calls(fleet, "AdoptVM") == []
    assert run("vm", "adopt", "--filter", "*", "--folder", "/lab").out == "new: taken into the inventory\n"
    assert calls(fleet, "AdoptVM") == [{"vm": uuid(fleet, "new"), "folder": "/lab"}]
    assert "already" in run("vm", "adopt", "db", status=3).err
    assert "no such VM" in run("vm", "adopt", "--filter", "web*", status=3).err


def test_adopt_goes_on(run, fleet):
    fleet.inventory["newer"] = {"adopted": False}
    refused = uuid(fleet, "new")

    def adopt(body):
        return refuse("InvalidState", "it is transient")(body) if body["vm"] == refused else None
    fleet.methods["AdoptVM"] = adopt
    process = run("vm", "adopt", "new", "newer", status=1)
    assert process.out == "newer: taken into the inventory\n" and process.err == "aerostat: new: it is transient\n"


def test_move(run, fleet):
    out = run("vm", "move", "--folder", "/x", "--filter", "folder=/lab*", "--what-if").out
    assert out.count("What if") == 3 and calls(fleet, "MoveIntoFolder") == []
    out = run("vm", "move", "--folder", "/x", "web2", "db").out
    assert calls(fleet, "MoveIntoFolder") == [{"vms": [uuid(fleet, "web2"), uuid(fleet, "db")], "folder": "/x"}]
    assert out.splitlines()[0].startswith("web2") and "/lab" in out.splitlines()[0] and "/x" in out
    for words in (["db"], ["db", "--folder", "x"]):
        assert "say where to" in run("vm", "move", *words, status=2).err
    fleet.methods["MoveIntoFolder"] = refuse("NotFound", "there is no folder /y")
    process = run("vm", "move", "--folder", "/y", "db", status=3)
    assert "no folder /y" in process.err and process.out == ""


# --- folder ---

def test_folders(run, daemon):
    daemon.methods |= {"ListFolders": ({"path": "/lab", "vms": 3, "folders": 1}, {"path": "/", "vms": 0, "folders": 1}),
                       "CreateFolder": None, "MoveFolder": None, "DestroyFolder": None}
    assert [line.split() for line in run("folder", "list").out.splitlines()] == [
        ["PATH", "VMS", "FOLDERS"], ["/", "0", "1"], ["/lab", "3", "1"]]
    assert run("folder", "list", "--format", "csv", "--no-header").out == "/,0,1\n/lab,3,1\n"
    assert run("folder", "create", "/lab", "/lab/a b").out == "/lab: made\n/lab/a b: made\n"
    assert calls(daemon, "CreateFolder") == [{"path": "/lab"}, {"path": "/lab/a b"}]
    assert run("folder", "move", "/lab", "/x").out == "/lab: moved to /x\n"
    assert calls(daemon, "MoveFolder") == [{"path": "/lab", "to": "/x"}]
    assert run("folder", "delete", "/x", "--what-if").out == "What if: /x: deleted\n"
    assert calls(daemon, "DestroyFolder") == []
    assert "begins with" in run("folder", "create", "/a", "b", status=2).err and len(calls(daemon, "CreateFolder")) == 2
    daemon.methods["DestroyFolder"] = refuse("InvalidState", "the folder is not empty")
    process = run("folder", "delete", "/x", "/y", status=1)
    assert process.err.count("not empty") == 2 and process.out == ""
    assert run("__complete", "folder", "delete", "/l").out == "/lab\n"


# --- attribute ---

def test_attributes(run, daemon):
    daemon.methods |= {"ListCustomFields": ({"name": "Owner", "type": "any", "host": None},
                                            {"name": "Rack", "type": "host", "host": "7"}),
                       "AddCustomFieldDef": None, "RenameCustomFieldDef": None, "RemoveCustomFieldDef": None,
                       "FindByField": ({"name": "web10", "uuid": UUID}, {"name": "web2", "uuid": UUID})}
    assert [line.split() for line in run("attribute", "list").out.splitlines()] == [
        ["NAME", "TYPE", "HOST"], ["Owner", "any", "-"], ["Rack", "host", "7"]]
    run("attribute", "define", "A", "B", "--type", "vm")
    run("attribute", "define", "C")
    assert calls(daemon, "AddCustomFieldDef") == [
        {"name": "A", "type": "vm"}, {"name": "B", "type": "vm"}, {"name": "C", "type": "any"}]
    assert "any" in run("attribute", "define", "D", "--type", "pool", status=2).err
    assert run("attribute", "rename", "A", "Z").out == "A: renamed to Z\n"
    assert calls(daemon, "RenameCustomFieldDef") == [{"name": "A", "to": "Z"}]
    run("attribute", "delete", "Z", "--what-if")
    assert calls(daemon, "RemoveCustomFieldDef") == []
    run("attribute", "delete", "Z")
    assert calls(daemon, "RemoveCustomFieldDef") == [{"name": "Z"}]
    assert [line.split()[0] for line in run("attribute", "find", "Owner", "Ada").out.splitlines()] == ["NAME", "web2", "web10"]
    run("attribute", "find", "Owner")
    assert calls(daemon, "FindByField") == [{"name": "Owner", "value": "Ada"}, {"name": "Owner"}]
    assert "UTF-8" in run("attribute", "find", b"\xff", status=2).err
    assert run("__complete", "attribute", "delete", "R").out == "Rack\n"


def test_set(run, fleet):
    out = run("attribute", "set", "Owner", "Eve", "web10", "web2").out
    assert "Ada" in out.splitlines()[0] and "none" in out.splitlines()[1] and out.count("Eve") == 2
    run("attribute", "set", "Owner", "", "web10", "--what-if")
    assert len(calls(fleet, "SetField")) == 1
    run("attribute", "set", "Rack", "7", "--of-host")
    assert calls(fleet, "SetField")[1] == {"name": "Rack", "value": "7", "host": True}
    assert "not both" in run("attribute", "set", "Rack", "7", "db", "--of-host", status=2).err
    fleet.methods["SetField"] = refuse("NotFound", "there is no custom attribute")
    process = run("attribute", "set", "Owner", "Eve", "db", status=3)
    assert process.out == "" and "no custom attribute" in process.err


# --- task ---

@pytest.fixture
def tasks(daemon):
    usual = {"method": "CloneVM", "object": "a\nb", "queued_ms": 1_700_000_000_000, "started_ms": 0, "ended_ms": 0}
    for number, (state, message) in enumerate((("success", "done"), ("running", "copies"), ("error", "no room")), 1):
        daemon.tasks[number] = [{**usual, "id": number, "percent": 10 * number, "state": state, "message": message}]
    return daemon


def test_task_list(run, tasks):
    lines = [line.split() for line in run("task", "list").out.splitlines()]
    assert lines[0][:5] == ["TASK", "METHOD", "OBJECT", "STATE", "%"] and [line[0] for line in lines[1:]] == ["3", "2", "1"]
    assert lines[1][1:5] == ["CloneVM", "a\\x0ab", "error", "-"] and lines[1][-2:] == ["no", "room"]
    assert "2023-11-14" in lines[1]
    assert run("task", "list", "--running", "--no-header").out.split()[0] == "2"
    assert [task["id"] for task in json.loads(run("task", "list", "--format", "json").out)] == [3, 2, 1]
    assert run("task", "list", "-n", "2", "--no-header").out.count("\n") == 2
    assert run("__complete", "task", "show", "2").out == "2\n"


def test_task_show(run, tasks):
    out = run("task", "show", "2").out
    assert re.search(r"^STATE +running$", out, re.MULTILINE) and re.search(r"^ENDED +-$", out, re.MULTILINE)
    assert json.loads(run("task", "show", "2", "--format", "json").out)["object"] == "a\nb"
    assert "no task 9" in run("task", "show", "9", status=3).err
    for word in ("web", "-1", "0", "9" * 30):
        assert "by its number" in run("task", "show", "--", word, status=2).err


def test_task_wait(run, tasks):
    tasks.tasks[2] = [tasks.tasks[2][0], {**tasks.tasks[2][0], "state": "success"}]
    assert run("task", "wait", "1", "2").out == "task 1: done\ntask 2: done\n"
    process = run("task", "wait", "3", "1", status=1)
    assert process.err == "aerostat: task 3: no room\n" and process.out == "task 1: done\n"
    tasks.tasks[3][0]["errorKind"] = "no_space"
    run("task", "wait", "3", status=1)
    tasks.tasks[3][0]["errorKind"] = "not_found"
    run("task", "wait", "3", status=3)


def test_task_cancel(run, tasks):
    assert run("task", "cancel", "2").out == "task 2: told to end\n"
    assert [change[:2] for change in tasks.changes] == [("Task", "CancelTask")]
    assert "Operation was cancelled" in run("task", "wait", "2", status=1).err


def test_interrupt_cancels_what_is_waited_for(start, tasks):
    """And nothing is waited for after that."""
    process = start("task", "wait", "2", "1")
    while not any(kind == "Task" for kind, *_ in tasks.requests):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 1
    assert [change[:2] for change in tasks.changes] == [("Task", "CancelTask")]
    assert len(tasks.tasks[1]) == 1 and tasks.asked == {"task-2"}


def test_interrupt_ends_the_whole(start, fleet):
    """Of several VMs, too: what was begun is cancelled, and the others are left alone."""
    fleet.methods["CustomizeVM"] = [{"state": "running"}]
    process = start("vm", "customize", "--customization", "x", "--folder", "/", "--recursive")
    while not any(kind == "Task" for kind, *_ in fleet.requests):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 1
    assert [body["vm"] for body in calls(fleet, "CustomizeVM")] == ["Tmpl"]
    assert fleet.changes[-1][:2] == ("Task", "CancelTask")
