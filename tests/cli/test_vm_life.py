# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat vm: making, changing, powering, asking. What the daemon is asked to do, and what is told of it."""

import json
import os
import subprocess

import pytest

DONE = [{"state": "success", "percent": 100, "message": "done", "result": None}]
SETTINGS = ("--standby-action", "powerOnSuspend", "--power-off-type", "hard", "--suspend-type", "soft", "--reset-type",
            "hard", "--memory", "1G", "--cpus", "2", "--cdrom", "none", "--pager", "off")


@pytest.fixture(autouse=True)
def _vms(daemon):
    for name in "web1", "web2", "db":
        daemon.add_vm(name)


def asked(daemon):
    return [(path, body) for method, path, body in daemon.changes if method == "do"]


def test_create(run, daemon):
    daemon.methods["CreateVM"] = DONE
    out = run("vm", "create", "new", "--datastore", "ds1", "--memory", "2G", "--cpus", "2", "--cpus-max", "4", "--disk",
              "20G,1G:thick,512M:thin:independent_nonpersistent", "--port-group", "Lab,Prod", "--bridge", "br0", "--cdrom",
              "[ds1] a.iso", "--firmware", "efi", "--folder", "/lab", "--no-pager").out
    assert out == "new: created\n"
    assert asked(daemon) == [("CreateVM", {
        "name": "new", "datastore": "ds1", "memory_mb": 2048, "cpus": 2, "cpus_max": 4, "folder": "/lab", "firmware": "efi",
        "cdrom": "[ds1] a.iso", "pager": False,
        "disks": [{"size_mb": 20480}, {"size_mb": 1024, "provisioning": "thick"},
                  {"size_mb": 512, "provisioning": "thin", "mode": "independent_nonpersistent"}],
        "cards": [{"port_group": "Lab"}, {"port_group": "Prod"}, {"bridge": "br0"}]})]


@pytest.mark.parametrize("words", [
    ("create", "new"), ("create", "new", "--datastore", "ds1"), ("create", "new", "--datastore", "d", "--memory", "much"),
    ("create", "new", "--datastore", "d", "--memory", "1G", "--disk", "1G,,2G"),
    ("create", "new", "--datastore", "d", "--memory", "1G", "--cpus", "0"), ("off", "web1", "--hard", "--soft"),
    ("off", "web1", "--within", "soon"), ("reconfigure", "web1"), ("template", "marked", "web1"), ("question", "ask"),
    ("question", "list", "web1"), ("question", "answer"), ("question", "answer", "web1", "retry"), ("rename", "web1"),
    ("register",),
])
def test_wrong_lines_do_nothing(run, daemon, words):
    assert run("vm", *words, status=2).err.startswith("aerostat vm ")
    assert not asked(daemon)


@pytest.mark.parametrize("words, method, body", [
    (("on",), "PowerOnVM", {}), (("off",), "PowerOffVM", {"type": "preset"}), (("off", "--hard"), "PowerOffVM", {"type": "hard"}),
    (("off", "--soft", "--within", "7"), "PowerOffVM", {"type": "soft", "timeout_s": 7}),
    (("reset",), "ResetVM", {"type": "preset"}), (("reset", "--soft"), "ResetVM", {"type": "soft"}),
    (("suspend", "--hard"), "SuspendVM", {"type": "hard"}), (("shutdown", "--within", "9"), "ShutdownGuest", {"timeout_s": 9}),
    (("reboot",), "RebootGuest", {}), (("standby",), "StandbyGuest", {}), (("delete",), "DestroyVM", {}),
    (("unregister",), "UnregisterVM", {}), (("template", "mark"), "MarkAsTemplate", {}),
    (("template", "unmark"), "MarkAsVirtualMachine", {}), (("question", "answer", "cancel"), "AnswerVM", {"answer": "cancel"}),
    (("reconfigure", *SETTINGS), "ReconfigVM",
     {"standbyAction": "powerOnSuspend", "powerOffType": "hard", "suspendType": "soft", "resetType": "hard",
      "memory_mb": 1024, "cpus": 2, "cdrom": "", "pager": False}),
])
def test_each_of_many(run, daemon, words, method, body):
    daemon.methods[method] = DONE
    verb = [word for word in words if not word.startswith("-")]
    out = run("vm", *words, "--filter", "web*").out
    assert out.count("\n") == 2 and out.startswith("web1: "), verb
    uuids = {vm["name"]: vm["uuid"] for vm in daemon.vms}
    assert asked(daemon) == [(method, {"vm": uuids[name], **body}) for name in ("web1", "web2")]
    out = run("vm", *words, "--filter", "web*", "--what-if").out
    assert "web2" in out and len(asked(daemon)) == 2


def test_rename_and_register(run, daemon):
    daemon.methods["RenameVM"] = daemon.methods["RegisterVM"] = DONE
    run("vm", "rename", "web1", "web9")
    assert run("vm", "register", "[ds1] web1/web1.vmx", "--folder", "/lab", "--name", "x").out.endswith(": registered\n")
    assert asked(daemon) == [("RenameVM", {"vm": "web1", "name": "web9"}),
                             ("RegisterVM", {"path": "[ds1] web1/web1.vmx", "folder": "/lab", "name": "x"})]


def test_questions(run, daemon):
    text = 'VM "web1" is stopped\033[2J'
    daemon.methods["ListQuestions"] = ({"vm": "web1", "id": 3, "text": text, "datastore": "ds1"},)
    assert run("vm", "question", "list").out == 'web1: VM "web1" is stopped\\x1b[2J\n'
    assert json.loads(run("vm", "question", "list", "--format", "json").out)[0]["id"] == 3
    daemon.methods["ListQuestions"] = ()
    assert run("vm", "question", "list").out == ""


def test_one_fails_the_others_are_done(run, daemon):
    daemon.methods["PowerOnVM"] = [{"state": "error", "message": "it is a template"}]
    process = run("vm", "on", "web1", "web2", status=1)
    assert process.err.count("it is a template") == 2 and len(asked(daemon)) == 2
    assert run("vm", "on", "none", status=3).err


@pytest.mark.parametrize("words, spec", [
    (("--annotation", "it's a note"), {"annotation": "it's a note"}),
    (("--guest-id", "debian11_64Guest"), {"guestId": "debian11_64Guest"}),
    (("--option", "guestinfo.a=b=c"), {"extraConfig": [
        {"_typeName": "OptionValue", "key": "guestinfo.a", "value": {"_typeName": "string", "_value": "b=c"}}]}),
    (("--option", "guestinfo.a="), {"extraConfig": [
        {"_typeName": "OptionValue", "key": "guestinfo.a", "value": {"_typeName": "string", "_value": ""}}]}),
    (("--cpu-shares", "high", "--cpu-reservation", "100", "--cpu-limit", "none"), {"cpuAllocation": {
        "_typeName": "ResourceAllocationInfo", "shares": {"_typeName": "SharesInfo", "level": "high", "shares": 0},
        "reservation": 100, "limit": -1}}),
])
def test_what_vim25_changes(run, daemon, words, spec):
    assert run("vm", "reconfigure", *words, "web1", "--what-if").out == "What if: web1: reconfigured\n"
    assert not daemon.changes
    assert run("vm", "reconfigure", *words, "web1", "db").out == "web1: reconfigured\ndb: reconfigured\n"
    assert [body["spec"] for _, _, body in daemon.changes] == 2 * [{"_typeName": "VirtualMachineConfigSpec", **spec}]


def test_option_that_nobody_sees(run, daemon):
    end, other_end = os.pipe()
    os.write(other_end, b"Kxq7\n")
    os.close(other_end)
    out = run("vm", "reconfigure", "--option", "guestinfo.password", "web1", stdin=end).out
    os.close(end)
    assert out == "web1: reconfigured\n"
    assert daemon.changes[0][2]["spec"]["extraConfig"][0]["value"]["_value"] == "Kxq7"
    daemon.stuck["web1"] = ("InvalidArgument", "there is no such setting")
    assert "web1: there is no such setting" in run("vm", "reconfigure", "--option", "sched.x=1", "web1", status=1).err


@pytest.mark.parametrize("words", [
    ("--annotation", "a", "--memory", "1G"), ("--cpu-limit", "much"), ("--cpu-shares", "few"), ("--option", "guestinfo.a"),
])
def test_what_cannot_be_said(run, daemon, words):
    assert run("vm", "reconfigure", *words, "web1", status=2, stdin=subprocess.DEVNULL).err.startswith("aerostat vm reconfigure: ")
    assert not daemon.changes
