# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat customization, and aerostat vm customize."""

import json
import re

import conftest
import pytest
from fake_daemon import Refused

SPEC = {"host_name": "{name}", "cards": [{"address": "dhcp"}], "users": [{"name": "ops", "sudo": False}],
        "commands": ["true", "false"], "by": "agent"}
LISTED = [{"name": "lab", "vms": 3, "addresses_left": 38, "spec": SPEC},
          {"name": "old\033[2J", "vms": 0, "wrong": "it has a member that is not known"}]


@pytest.fixture(name="file")
def _file(tmp_path):
    path = tmp_path / "lab.json"
    path.write_text(json.dumps(SPEC), encoding="utf-8")
    return str(path)


def refuse(fault, sentence):
    def answer(_):
        raise Refused(fault, sentence)
    return answer


def test_list(run, daemon):
    daemon.methods["ListCustomizationSpecs"] = lambda _: tuple(LISTED)
    lines = run("customization", "list").out.splitlines()
    assert lines[0].split() == ["NAME", "BY", "HOST", "NAME", "CARDS", "USERS", "COMMANDS", "VMS", "ADDRESSES", "LEFT"]
    assert lines[1].split() == ["lab", "agent", "{name}", "1", "1", "2", "3", "38"]
    assert lines[2].startswith("old\\x1b[2J")
    assert run("customization", "list", "--format", "csv", "--no-header").out.splitlines()[0] == (
        "lab,agent,{name},1,1,2,3,38")
    assert json.loads(run("customization", "list", "--format", "json").out) == LISTED


@pytest.mark.parametrize("answer", [{}, "x", None, [1, None, {"name": 5, "spec": {"cards": 1, "by": []}}]])
def test_a_list_that_is_none(run, daemon, answer):
    daemon.methods["ListCustomizationSpecs"] = lambda _: tuple(answer) if isinstance(answer, list) else answer
    run("customization", "list", status=0 if isinstance(answer, list) else 1)


def test_show_prints_what_set_takes(run, daemon, tmp_path):
    daemon.methods["GetCustomizationSpec"] = lambda _: LISTED[0]
    daemon.methods["OverwriteCustomizationSpec"] = lambda _: None
    shown = run("customization", "show", "lab").out
    assert json.loads(shown) == SPEC
    (tmp_path / "again").write_text(shown, encoding="utf-8")
    assert run("customization", "set", "lab", str(tmp_path / "again")).out == "lab: changed\n"
    name, sent = daemon.changes[-1][1:]
    assert name == "OverwriteCustomizationSpec" and json.loads(sent.pop("text")) == SPEC and sent == {"name": "lab"}


def test_show_of_nonsense(run, daemon):
    daemon.methods["GetCustomizationSpec"] = lambda _: (1,)
    assert "no specification" in run("customization", "show", "lab", status=1).err
    daemon.methods["GetCustomizationSpec"] = refuse("NotFound", "there is no customization specification \"lab\"")
    assert "there is no" in run("customization", "show", "lab", status=3).err


def test_create_and_check(run, daemon, file):
    daemon.methods["CreateCustomizationSpec"] = lambda _: None
    daemon.methods["CheckCustomizationSpec"] = lambda _: {"spec": SPEC}
    assert run("customization", "create", "lab", file).out == "lab: made\n"
    assert run("customization", "create", "lab", file, "--what-if").out == "What if: lab: made\n"
    assert run("customization", "check", file).out == ""
    assert [path for _, path, _ in daemon.changes] == ["CreateCustomizationSpec"] + 2 * ["CheckCustomizationSpec"]
    assert daemon.changes[1][2] == {"text": json.dumps(SPEC)}
    daemon.methods["CheckCustomizationSpec"] = refuse("InvalidArgument", "by is \"cloud-init\" or \"agent\"")
    assert "by is" in run("customization", "check", file, status=1).err


def test_files_that_are_none(run, daemon, tmp_path):
    for name, content in (("large", b" " * (256 * 1024 + 1)), ("nul", b"{\0}"), ("bytes", b"\xff")):
        path = tmp_path / name
        path.write_bytes(content)
        assert "is no specification" in run("customization", "create", "lab", str(path), status=1).err
    assert "No such file" in run("customization", "check", str(tmp_path / "none"), status=1).err
    assert "directory" in run("customization", "check", str(tmp_path), status=1).err
    assert daemon.requests == []


def test_rename(run, daemon):
    daemon.methods["RenameCustomizationSpec"] = None
    assert run("customization", "rename", "a", "b").out == "a: renamed to b\n"
    assert daemon.changes[-1][2] == {"name": "a", "to": "b"}


def test_delete_tries_every_one(run, daemon):
    def delete(body):
        if body["name"] == "b":
            raise Refused("NotFound", "there is no customization specification \"b\"")
    daemon.methods["DeleteCustomizationSpec"] = daemon.methods["GetCustomizationSpec"] = delete
    process = run("customization", "delete", "a", "b", "c", status=3)
    assert process.out == "a: deleted\nc: deleted\n" and "no customization specification \"b\"" in process.err
    assert run("customization", "delete", "a", "--what-if").out == "What if: a: deleted\n"
    assert daemon.changes[-1][1] == "GetCustomizationSpec"


def test_completion(run, daemon):
    daemon.methods["ListCustomizationSpecs"] = lambda _: (*LISTED, {"name": "lax"})
    assert run("__complete", "customization", "show", "la").out.split() == ["lab", "lax"]
    assert run("__complete", "vm", "customize", "--customization", "").out.split() == ["lab", "lax"]
    assert "--what-if" in run("__complete", "customization", "delete", "--").out


def test_customize(run, daemon):
    daemon.inventory = {"web01": {}, "web02": {}}
    outcome = {"vm": "web01", "specification": "lab", "by": "agent", "host_name": "web01\033",
               "addresses": ["10.0.0.10/24", "dhcp", 5]}
    daemon.methods["CustomizeVM"] = [{"state": "success", "percent": 100, "message": "done", "result": outcome}]
    assert run("vm", "customize", "web01", "--customization", "lab").out == (
        "web01: host name web01\\x1b, 10.0.0.10/24, dhcp, ; by agent\n")
    assert daemon.changes == [("do", "CustomizeVM", {"vm": "web01", "spec": "lab", "what_if": False})]
    assert run("vm", "customize", "web01", "--customization", "lab", "--what-if").out.startswith("What if: web01: ")
    assert daemon.changes[-1][2]["what_if"] is True
    assert run("vm", "customize", "web01", "web02", "--customization", "lab", "--no-wait").out == "3\n4\n"
    assert run("vm", "customize", "--filter", "web*", "--customization", "lab", "--no-wait").out == "5\n6\n"
    assert "--customization NAME" in run("vm", "customize", "web01", status=2).err


def test_customize_goes_on_after_a_failure(run, daemon):
    daemon.inventory = {"web01": {}, "web02": {}}
    daemon.methods["CustomizeVM"] = [{"state": "error", "message": "web01 is suspended"}]
    process = run("vm", "customize", "web01", "web02", "--customization", "lab", status=1)
    assert process.err.count("not customized: web01 is suspended") == 2


def test_the_manuals_example_is_a_specification():
    """Of the names that there are: whether it is taken is the daemon's tests' matter."""
    page = (conftest.ROOT / "docs/man/aerostat-customization.1.scd").read_text(encoding="utf-8")
    example = json.loads(re.search(r"^\$ cat lab.json\n(.*?)^# ", page, re.MULTILINE | re.DOTALL)[1])
    described = set(re.findall(r"^\*([a-z_]+)\*$", page, re.MULTILINE))
    assert set(example) < described
    assert described == {"description", "host_name", "domain", "time_zone", "cards", "users", "commands", "by"}
