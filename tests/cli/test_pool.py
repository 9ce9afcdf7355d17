# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat pool, setting, host, event and advise."""

import csv
import io
import json
import signal

import pytest
from fake_daemon import GIB, MIB


def test_pools(run, daemon):
    daemon.add_pool("/prod/web", vms=2)
    daemon.add_pool("/prod", limit_bytes=GIB, expandable=False)
    header, *rows = (line.split() for line in run("pool", "list").out.splitlines())
    assert header == "PATH SHARES RESV RESVUSD RESVFREE EXPAND LIMIT SZTGT CNSM TCHD VMS POOLS".split()
    assert rows[1] == "/prod 4000 0 0 4G no 1G 1G 900M 500M 0 0".split()
    assert [row[0] for row in rows] == ["/", "/prod", "/prod/web"]
    assert run("pool", "list", "--sort", "vms", "--columns", "path", "--no-header").out.split()[0] == "/prod/web"
    assert len(json.loads(run("pool", "list", "--format", "json").out)) == 3
    assert run("pool", "list", "--format", "csv").out.startswith("path,shares,")


def allocation(spec):
    """What is said of memory; nothing is of processors."""
    assert set(spec["cpuAllocation"]) == {"_typeName"}
    memory = {name: value for name, value in spec["memoryAllocation"].items() if name != "_typeName"}
    if "shares" in memory:
        memory["shares"] = memory["shares"]["level"], memory["shares"]["shares"]
    return memory


def test_pool_create(run, daemon):
    assert run("pool", "create", "/prod", "--shares", "high", "--reservation", "1G", "--limit", "none",
               "--expandable", "yes").out == "/prod: made\n"
    kind, method, arguments = daemon.changes[0]
    assert (kind, method, arguments["name"]) == ("ResourcePool", "CreateResourcePool", "prod")
    assert allocation(arguments["spec"]) == {"reservation": 1024, "limit": -1, "expandableReservation": True,
                                             "shares": ("high", 0)}
    assert "is there already" in run("pool", "create", "/prod", status=1).err
    assert run("pool", "create", "/x", "--what-if").out == "What if: /x: made\n" and len(daemon.pools) == 2
    run("pool", "create", "/prod/web")
    assert daemon.pools[-1]["path"] == "/prod/web"
    assert 'no pool "/lab"' in run("pool", "create", "/lab/web", status=3).err


def test_pool_set(run, daemon):
    daemon.add_pool("/prod")
    out = run("pool", "set", "/prod", "--shares", "77", "--limit", "2G", "--expandable", "no").out
    assert out.splitlines() == ["/prod: shares: 4000 -> 77", "/prod: limit: none -> 2G", "/prod: expandable: yes -> no"]
    assert daemon.changes[0][:2] == ("ResourcePool", "UpdateConfig") and daemon.pools[1]["limit_bytes"] == 2 * GIB
    assert allocation(daemon.changes[0][2]["config"]) == {"shares": ("custom", 77), "limit": 2048,
                                                          "expandableReservation": False}
    assert run("pool", "set", "/prod", "--shares", "high", "--what-if").out == "What if: /prod: shares: 77 -> high\n"
    assert len(daemon.changes) == 1


def test_pool_rename(run, daemon):
    daemon.add_pool("/prod/web")
    assert run("pool", "rename", "/prod/web", "www", "--what-if").out == "What if: /prod/web: renamed to www\n"
    assert run("pool", "rename", "/prod/web", "www").out == "/prod/web: renamed to www\n"
    assert daemon.pools[-1]["path"] == "/prod/www"
    assert 'no pool "/prod/web"' in run("pool", "rename", "/prod/web", "x", status=3).err


def test_pool_delete(run, daemon):
    daemon.add_pool("/prod", vms=1)
    daemon.add_pool("/empty")
    process = run("pool", "delete", "/prod", "/empty", status=1)
    assert process.err == ('aerostat: /prod: not deleted: pool "/prod" has VMs in it; move them to another pool '
                           "first\n")
    assert process.out == "/empty: deleted\n" and [pool["path"] for pool in daemon.pools] == ["/", "/prod"]
    assert run("pool", "delete", "/prod", "--what-if").out == "What if: /prod: deleted\n"
    assert "did you mean /prod?" in run("pool", "delete", "/prob", status=3).err


@pytest.mark.parametrize("words, message", [
    (["create", "prod"], "begins with a slash"), (["create", "/x", "--limit", "5%"], "percentage"),
    (["set", "/x"], "nothing to set"), (["set", "/x", "--expandable", "1"], "no, yes"),
    (["create", "/x", "--reservation", "1"], "megabytes"), (["create", "/x", "--shares", "x"], "--shares"),
    (["delete", "\033[2J"], "slash")])
def test_pool_wrong_words(run, daemon, words, message):
    process = run("pool", *words, status=2)
    assert message in process.err and "\033" not in process.err and daemon.requests == []


def test_settings(run, daemon):
    lines = run("setting", "list").out.splitlines()
    assert lines[0].split() == "NAME VALUE DEFAULT MIN MAX UNIT HELP".split()
    assert lines[2].split() == "Mem.IdleTax 75 75 0 99 % Idle memory tax".split()
    assert run("setting", "get", "mem.idletax", "Mem.MinFreePct").out == "75\n5\n"
    assert run("setting", "set", "MEM.IDLETAX", "20").out == "Mem.IdleTax: value: 75 -> 20\n"
    assert run("setting", "set", "Mem.IdleTax=0", "mem.minfreepct=default").out.splitlines() == [
        "Mem.IdleTax: value: 20 -> 0", "Mem.MinFreePct: value: 5 -> 6"]
    changes = [{value["key"]: value["value"] for value in change[2]["changedValue"]} for change in daemon.changes]
    assert changes[0] == {"Mem.IdleTax": {"_typeName": "long", "_value": 20}}
    assert {key: value["_value"] for key, value in changes[1].items()} == {"Mem.IdleTax": 0, "Mem.MinFreePct": 6}
    assert "75 -> 1" not in run("setting", "set", "Mem.IdleTax=1", "--what-if").out and len(daemon.changes) == 2


@pytest.mark.parametrize("words, status, message", [
    (["get", "IdleTax"], 3, "did you mean Mem.IdleTax?"), (["set", "Mem.IdelTax=5"], 3, "did you mean Mem.IdleTax?"),
    (["get", "Net.Fast"], 3, "setting list"), (["set", "Mem.IdleTax=100"], 2, "0 to 99 %"),
    (["set", "Mem.IdleTax=-1"], 2, "0 to 99 %"), (["set", "Mem.IdleTax", ""], 2, "0 to 99 %"),
    (["set", "Mem.IdleTax"], 2, "NAME=VALUE"), (["set", "=5"], 2, "NAME=VALUE"),
    (["set", "Mem.IdleTax=1", "mem.idletax=2"], 2, "twice"), (["set", "Mem.MinFreePct=1", "Mem.IdleTax=x"], 2, "99"),
    (["set", "\033[2J=5"], 3, "\\x1b[2J")])
def test_settings_refused(run, daemon, words, status, message):
    process = run("setting", *words, status=status)
    assert message in process.err and process.out == "" and daemon.changes == []


def test_host(run, daemon):
    out = run("host", "show").out
    for text in ("aerostatd 0.2.0", "soft for ", "free memory fell below 4 %", "16G, of which 15G managed, 600M free",
                 "high 921M, soft 614M, hard 307M, low 153M", "0.75, 0.50, 0.25", "2G shared as 512M common, saves 1.5G",
                 "scanning", "3.1 % of a core", "256M, target 512M, at most 4G", "6M/s in", "4.5M/s read"):
        assert text in out, text
    assert json.loads(run("host", "show", "--format", "json").out) == daemon.host
    daemon.host = {"state": "high"}
    assert "high" in run("host", "show").out
    daemon.host = {"state": "high", "overcommit": [None, "x", {}], "thresholds": [], "share": 5, "swap": None}
    assert "high" in run("host", "show").out
    daemon.host = {}
    assert "another version" in run("host", "show", status=1).err


def test_events(run, daemon):
    for i in range(150):
        daemon.add_event(f"message {i}", "state" if i % 2 else "reclaim", vm="web01" if i % 3 else None)
    lines = run("event", "list").out.splitlines()
    assert lines[0].split() == ["TIME", "TYPE", "VM", "MESSAGE"] and len(lines) == 101
    assert lines[-1] == "2023-11-14 22:15:49  state    web01         message 149"
    table = list(csv.DictReader(io.StringIO(run("event", "list", "--limit", "2", "--format", "csv").out)))
    assert [row["id"] for row in table] == ["149", "150"] and table[0]["time"] == "2023-11-14T22:15:48.123Z"
    assert json.loads(run("event", "list", "-n1", "--format", "json").out) == [daemon.events[-1]]
    assert run("event", "list", "-n1", "--no-header").out.count("\n") == 1


def test_events_selected(run, daemon):
    """The last ones that are wanted, however far back they lie."""
    daemon.add_event("the one", "error", vm="web01")
    for i in range(2500):
        daemon.add_event(f"message {i}")
    assert "the one" in run("event", "list", "--vm", "web01").out
    assert "the one" in run("event", "list", "--type", "error").out
    assert "the one" not in run("event", "list", "--type", "error", "--vm", "web02").out
    assert run("event", "list", "--limit", "2501", "--no-header").out.count("\n") == 2501
    assert run("event", "list", "--type", "reclaim", "--limit", "3", "--no-header").out.split()[-1] == "2499"
    assert "--type is one of" in run("event", "list", "--type", "errors", status=2).err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_follow(start, daemon, number):
    daemon.add_event("first")
    process = start("event", "list", "--follow", "--vm", "web01", "--format", "csv")
    assert process.stdout.readline().startswith("id,")
    daemon.add_event("not wanted", vm="web02")
    daemon.add_event("with\033[2J, a comma", vm="web01")
    assert process.stdout.readline().endswith(',"with\\x1b[2J, a comma"\n')
    daemon.add_event("another", vm="web01")
    assert process.stdout.readline().endswith("another\n")
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_follow_as_json_and_table(start, daemon):
    event = daemon.add_event("first")
    process = start("event", "list", "-f", "--format", "json")
    assert json.loads(process.stdout.readline()) == event
    process = start("event", "list", "-f")
    assert process.stdout.readline().startswith("TIME") and "first" in process.stdout.readline()


@pytest.mark.parametrize("ids", [[1, 1], [2, 1], [0], [-1], [None]])
def test_events_out_of_order(run, daemon, ids):
    """A daemon that repeats itself is not asked forever."""
    daemon.events = [{"id": i, "time_ms": 0, "type": "vm", "vm": None, "message": "x"} for i in ids]
    assert "out of order" in run("event", "list", status=1).err


def test_event_times(run, daemon):
    for ms in (0, 2**62, "late", None):
        daemon.add_event("x")["time_ms"] = ms
    assert run("event", "list", "--no-header").out.count("\n") == 4
    assert run("event", "list", "--format", "csv").out.count("\n") == 5


def test_advice(run, daemon):
    assert run("advise").out == "Nothing to advise.\n"
    assert json.loads(run("advise", "--format", "json").out) == []
    daemon.advice = [
        {"vm": "web01", "kind": "oversized", "message": "it needs less\033[2J", "memory_bytes": GIB,
         "suggested_bytes": 512 * MIB},
        {"vm": None, "kind": "overcommit", "message": "2.1 times is possible", "memory_bytes": None,
         "suggested_bytes": None}]
    lines = run("advise").out.splitlines()
    assert lines[0].split() == ["VM", "KIND", "MEMSZ", "SUGGESTED", "ADVICE"]
    assert lines[1].split(None, 4) == ["web01", "oversized", "1G", "512M", "it needs less\\x1b[2J"]
    assert lines[2].split(None, 4) == ["(host)", "overcommit", "-", "-", "2.1 times is possible"]
    assert run("advise", "--vm", "web01", "--format", "csv").out.count("\n") == 2
    assert json.loads(run("advise", "--format", "json").out) == daemon.advice
