# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat vm clone, and how tasks are waited for."""

import json
import signal

import pytest
from terminal import Terminal

CLONES = [{"name": "Capture01", "state": "made", "seconds": 0.25, "error": None},
          {"name": "Capture02", "state": "made before", "seconds": 0.0, "error": None}]
REPORT = {"parent": "Tmpl Capture 1.0", "linked": True, "what_if": False, "goes_on": False, "seconds": 1.25,
          "clones": CLONES}


def success(result=None):
    return {"state": "success", "percent": 100, "message": "done", "result": result}


def test_clones_are_listed_with_the_time_they_took(run, daemon):
    daemon.methods["CloneVM"] = [{"state": "queued"}, {"state": "running", "percent": 40}, success(REPORT)]
    lines = run("vm", "clone", "Tmpl Capture 1.0", "--count", "2", "--copy-attributes", "Owner,Rack", "--power-on",
                "--in-flight", "8").out.splitlines()
    assert lines[0].split() == ["NAME", "STATE", "SECONDS", "REASON"]
    assert lines[1].split() == ["Capture01", "made", "0.25"]
    assert lines[-1] == "2 of 2 linked clones of Tmpl Capture 1.0, in 1.2 s"
    assert daemon.changes == [("do", "CloneVM", {
        "vm": "Tmpl Capture 1.0", "count": 2, "in_flight": 8, "attributes": ["Owner", "Rack"], "linked": True,
        "power_on": True, "template": False, "what_if": False, "new": False})]


def test_names_full_copies_and_places(run, daemon):
    daemon.methods["CloneVM"] = [success({**REPORT, "linked": False, "goes_on": True})]
    out = run("vm", "clone", "p", "a", "b", "--full", "--folder", "/lab", "--datastore", "s", "--snapshot", "#3",
              "--customization", "none", "--new", "--template").out
    assert "went on with" in out and "full clones" in out
    assert daemon.changes[0][2] == {
        "vm": "p", "names": ["a", "b"], "folder": "/lab", "datastore": "s", "snapshot": "#3", "customization": "",
        "linked": False, "power_on": False, "template": True, "what_if": False, "new": True}


def test_what_if_and_formats(run, daemon):
    daemon.methods["CloneVM"] = [success({**REPORT, "what_if": True})]
    assert run("vm", "clone", "p", "-n", "2", "--what-if").out.endswith("Nothing was made: this is what would be.\n")
    assert json.loads(run("vm", "clone", "p", "-n", "2", "--format", "json").out)["clones"] == CLONES
    assert run("vm", "clone", "p", "-n", "2", "--format", "csv", "--no-header").out.splitlines() == [
        "Capture01,made,0.25,", "Capture02,made before,0.00,"]


def test_what_was_made_is_told_when_the_rest_fails(run, daemon):
    failed = {**CLONES[0], "state": "failed", "error": "no space\033[2J"}
    daemon.methods["CloneVM"] = [{"state": "error", "message": "1 of 2 clones are there",
                                  "result": {**REPORT, "clones": [CLONES[1], failed]}}]
    process = run("vm", "clone", "p", "--count", "2", status=1)
    assert "1 of 2 clones are there" in process.err
    assert "no space\\x1b[2J" in process.out and "1 of 2 linked clones" in process.out


def test_no_wait_prints_the_number(run, daemon):
    daemon.methods["CloneVM"] = [{"state": "running"}]
    assert run("vm", "clone", "p", "--count", "2", "--no-wait").out == "1\n"


def test_interrupt_cancels_the_task(start, daemon):
    daemon.methods["CloneVM"] = [{"state": "running", "percent": 10, "message": "1 of 9 are there"}]
    terminal = Terminal()
    try:
        terminal.process = start("vm", "clone", "p", "--count", "9", stderr=terminal.theirs)
        terminal.wait("10 % 1 of 9 are there")
        terminal.process.send_signal(signal.SIGINT)
        terminal.wait("Operation was cancelled")
        assert terminal.wait_for_end() == 1
    finally:
        terminal.close()
    assert daemon.changes[-1][:2] == ("Task", "CancelTask")


def test_reconcile(run, daemon):
    daemon.methods["ReconcileVMs"] = [success()]
    assert run("vm", "reconcile").out == "" and daemon.changes == [("do", "ReconcileVMs", {})]


@pytest.mark.parametrize("words, message", [
    (["p"], "how many"), (["p", "a", "--count", "2"], "how many"), (["p", "--count", "0"], "--count"),
    (["p", "--count", "2000"], "--count"), (["p", "--count", "2", "--copy-attributes", "a,,b"], "commas"),
    (["p", "--count", "2", "--in-flight", "99"], "--in-flight"), ([], "PARENT")])
def test_wrong_words(run, daemon, words, message):
    assert message in run("vm", "clone", *words, status=2).err and daemon.requests == []
