# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat vm list, show and set."""

import csv
import io
import json

import pytest
from fake_daemon import GIB, MIB


def rows(table):
    return [line.split() for line in table.splitlines()]


def fleet(daemon):
    daemon.add_vm("web2", pool="/prod", memory_bytes=GIB, swapped_bytes=0)
    daemon.add_vm("web10", pool="/prod", memory_bytes=3 * GIB, swapped_bytes=MIB, limit_bytes=2 * GIB)
    daemon.add_vm("db", pool="/", memory_bytes=2 * GIB, swapped_bytes=5 * MIB, stopped=True)


def test_table(run, daemon):
    fleet(daemon)
    header, *lines = rows(run("vm", "list").out)
    assert header == ("NAME POWER FOLDER TEMPLATE POOL MEMSZ CNSM SZTGT TCHD MCTLSZ ZIPPED SWCUR SVD SHARES RESV LIMIT "
                      "STATUS").split()
    assert lines[0] == "db on / no / 2G 600M 512M 300M 64M 60M 5M 100M 10240 0 unlimited stopped".split()
    assert [line[0] for line in lines] == ["db", "web2", "web10"] and lines[2][15] == "2G"
    assert run("vm", "list", "--no-header").out.count("\n") == 3
    assert "2048.0M" in run("vm", "list", "--unit", "M").out


@pytest.mark.parametrize("power, problem, stopped, status", [
    ("on", "", False, "ok"), ("paused", "", False, "paused"), ("paused", "", True, "stopped"),
    ("on", "its pager does not answer", True, "problem")])
def test_status(run, daemon, power, problem, stopped, status):
    daemon.add_vm("web01", power=power, problem=problem, stopped=stopped)
    assert run("vm", "list", "--columns", "status", "--no-header").out == status + "\n"


def test_csv_and_json(run, daemon):
    fleet(daemon)
    table = list(csv.DictReader(io.StringIO(run("vm", "list", "--format", "csv").out)))
    assert [row["name"] for row in table] == ["db", "web2", "web10"]
    assert table[0]["memory_bytes"] == str(2 * GIB) and table[0]["limit_bytes"] == "" and table[0]["stopped"] == "yes"
    assert table[0]["swap_reads_bytes_per_s"] == str(3 * MIB // 2)
    found = json.loads(run("vm", "list", "--format", "json").out)
    merged = [{**vm, **listed} for vm, listed in zip(daemon.vms, daemon.list_vms(None))]
    assert found == sorted(merged, key=lambda vm: (len(vm["name"]), vm["name"]))


@pytest.mark.parametrize("sort, order", [
    ("memsz", ["web10", "db", "web2"]), ("memory_bytes:reverse", ["web2", "db", "web10"]),
    ("pool", ["db", "web2", "web10"]), ("Limit", ["db", "web2", "web10"]), ("name:reverse", ["web10", "web2", "db"])])
def test_sort(run, daemon, sort, order):
    fleet(daemon)
    assert run("vm", "list", "--sort", sort, "--columns", "name", "--no-header").out.split() == order


@pytest.mark.parametrize("condition, found", [
    ("web*", ["web2", "web10"]), ("web?", ["web2"]), ("name!=web*", ["db"]), ("pool=/prod,memsz>1G", ["web10"]),
    ("swcur>0", ["db", "web10"]), ("swcur>=5M", ["db"]), ("memsz<2G", ["web2"]), ("memsz<=2G", ["db", "web2"]),
    ("memsz=1G", ["web2"]), ("limit=none", ["db", "web2"]), ("limit!=none", ["web10"]), ("status=stopped", ["db"]),
    ("stopped=yes", ["db"]), ("mctl?=Y", ["db", "web2", "web10"]), ("memsz!=1G", ["db", "web10"]), ("x", [])])
def test_filter(run, daemon, condition, found):
    fleet(daemon)
    assert run("vm", "list", "--filter", condition, "--columns", "name", "--no-header").out.split() == found


@pytest.mark.parametrize("words, message", [
    (["--columns", "memzs"], "did you mean MEMSZ?"), (["--columns", ""], "column"), (["--sort", "x"], "--sort"),
    (["--sort", "memsz:up"], "COLUMN:reverse"), (["--filter", "memsz>lots"], "MEMSZ is a size"),
    (["--filter", "memsz>5%"], "percentage"), (["--filter", "name>a"], "is a word"), (["--filter", "a!b"], "sign"),
    (["--filter", ",".join(["a"] * 40)], "more than 32"), (["--columns", "\033[2J"], "column")])
def test_wrong_words(run, daemon, words, message):
    process = run("vm", "list", *words, status=2)
    assert message in process.err and "\033" not in process.err and daemon.requests == []


def test_hostile_names(run, daemon):
    for name in ("\033[2J", "a,b", 'a"b', "\u202ex", "nül", "=1+1"):
        daemon.add_vm(name, cause=name, problem=name, pool=name)
    for words in (["vm", "list", "--columns", "all"], ["vm", "list", "--format", "csv"],
                  ["vm", "list", "--format", "json"], ["vm", "show", "\033[2J"], ["vm", "show", "\u202ex"]):
        out = run(*words).out
        assert "\033" not in out and "\u202e" not in out
    found = csv.DictReader(io.StringIO(run("vm", "list", "--format", "csv").out))
    assert {"a,b", 'a"b', "nül"} <= {row["name"] for row in found}


@pytest.mark.parametrize("name", ["web01", "a/b", "per%cent", "what?", "#", "nül", "a b", "..."])
def test_names_in_paths(run, daemon, name):
    daemon.add_vm(name)
    assert run("vm", "show", name).out.startswith(f"{name} (PID ")
    run("vm", "set", name, "--shares", "high")
    assert daemon.vms[0]["config"]["sched.mem.shares"] == "high"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_names_that_no_path_can_say(run, daemon, name):
    daemon.add_vm("web01")
    assert f'there is no VM "{name}"' in run("vm", "show", name, status=3).err
    assert f'there is no VM "{name}"' in run("vm", "set", name, "--shares", "low", status=3).err
    assert daemon.changes == []


def test_show(run, daemon):
    vm = daemon.add_vm("web01", cause="host memory is soft: ballooned", stopped=True, problem="no driver")
    out = run("vm", "show", vm["uuid"]).out
    for text in ("web01 (PID", "MEMSZ", "host memory is soft: ballooned", "no driver", "sched.mem.pshare.enable",
                 "host memory is low", "unlimited"):
        assert text in out
    bar = next(line for line in out.splitlines() if line.startswith("  [")).strip()
    assert len(bar) == 66 and [bar.count(mark) for mark in "#+bz0s"] == [31, 8, 4, 4, 1, 2]
    assert json.loads(run("vm", "show", "web01", "--format", "json").out) == {**vm, **daemon.list_vms(None)[0]}
    assert 'no VM "nobody"' in run("vm", "show", "nobody", status=3).err


def test_show_with_little(run, daemon):
    """A daemon that knows less, and figures that do not add up, are no reason to fail."""
    daemon.add_vm("web01")
    daemon.vms[0] = {"name": "web01", "memory_bytes": None}
    assert "MEMSZ" in run("vm", "show", "web01").out
    assert run("vm", "list", "--columns", "name,memsz,swr/s", "--no-header").out.split() == ["web01", "-", "-"]
    daemon.vms[0] = {"name": "web01", "memory_bytes": MIB, "private_bytes": 2**60, "config": None}
    bar = next(line for line in run("vm", "show", "web01").out.splitlines() if line.startswith("  ["))
    assert bar.strip() == "[" + "#" * 64 + "]"


@pytest.mark.parametrize("field, value", [
    ("memory_bytes", -1), ("memory_bytes", "much"), ("memory_bytes", 1e300), ("swap_reads_bytes_per_s", []),
    ("pool", 5), ("stopped", "yes"), ("name", None), ("limit_bytes", {})])
def test_nonsense(run, daemon, field, value):
    daemon.add_vm("web01")[field] = value
    err = run("vm", "list", status=1).err
    assert field in err and "another version" in err


def test_set(run, daemon):
    daemon.add_pool("/prod")
    daemon.add_vm("web01")
    out = run("vm", "set", "web01", "--shares", "high", "--reservation", "256M", "--limit", "0.75G", "--max-balloon",
              "128M", "--sharing", "off", "--salt", "blue", "--swap-dir", "/fast", "--pool", "/prod").out
    vm, settings = daemon.changes[0][2].values()
    assert daemon.changes[0][:2] == ("do", "ConfigureVM") and vm == daemon.vms[0]["uuid"]
    assert settings == {
        "sched.mem.shares": "high", "sched.mem.min": "256", "sched.mem.max": "768", "sched.mem.maxmemctl": "128",
        "sched.mem.pshare.enable": "FALSE", "sched.mem.pshare.salt": "blue", "sched.swap.dir": "/fast",
        "pool": "/prod"}
    assert out.splitlines() == [
        "web01: shares: normal -> high", "web01: reservation: 0 -> 256M", "web01: limit: none -> 768M",
        "web01: max-balloon: default -> 128M", "web01: sharing: on -> off", "web01: salt: none -> blue",
        "web01: swap-dir: default -> /fast", "web01: pool: / -> /prod"]
    out = run("vm", "set", "web01", "--shares", "123", "--reservation", "0", "--limit", "none", "--max-balloon",
              "default", "--sharing", "on", "--salt", "", "--swap-dir", "default", "--pool", "/prod").out
    assert daemon.changes[1][2]["settings"] == {
        "sched.mem.shares": "123", "sched.mem.min": "0", "sched.mem.max": "-1", "sched.mem.maxmemctl": "-1",
        "sched.mem.pshare.enable": "TRUE", "sched.mem.pshare.salt": "", "sched.swap.dir": "", "pool": "/prod"}
    assert "web01: pool: /prod, as before" in out and "web01: salt: blue -> none" in out


def test_set_percentages_are_of_each_vm(run, daemon):
    daemon.add_vm("small", memory_bytes=GIB)
    daemon.add_vm("large", memory_bytes=4 * GIB)
    run("vm", "set", "small", "large", "--limit", "50%")
    assert [change[2]["settings"] for change in daemon.changes] == [{"sched.mem.max": "512"}, {"sched.mem.max": "2048"}]


def test_what_if(run, daemon):
    daemon.add_vm("web01")
    assert run("vm", "set", "web01", "--limit", "512M", "--what-if").out == "What if: web01: limit: none -> 512M\n"
    assert daemon.changes == []


@pytest.mark.parametrize("words, message", [
    ([], "nothing to set"), (["--what-if"], "nothing to set"), (["--shares", "0"], "--shares is"),
    (["--shares", "1000001"], "--shares is"), (["--shares", "some"], "--shares is"),
    (["--limit", "512"], "a number without a unit is bytes"), (["--limit", "1.5K"], "whole number of megabytes"),
    (["--limit", "-5M"], "--limit"), (["--reservation", "none"], "--reservation"), (["--sharing", "maybe"], "on, off"),
    (["--swap-dir", "here"], "slash"), (["--pool", "prod"], "slash"), (["--max-balloon", "none"], "--max-balloon"),
    (["--limit", "101%"], "--limit")])
def test_set_wrong_words(run, daemon, words, message):
    """Found before anybody is asked."""
    daemon.add_vm("web01")
    assert message in run("vm", "set", "web01", *words, status=2).err
    assert daemon.requests == []


@pytest.mark.parametrize("config, words, message", [
    ({}, ["--reservation", "2G"], "more than its memory, 1G"),
    ({"sched.mem.max": "256"}, ["--reservation", "512M"], "more than its limit, 256M"),
    ({"sched.mem.min": "512"}, ["--limit", "256M"], "a reservation of 512M is more than its limit"),
    ({}, ["--reservation", "512M", "--limit", "256M"], "more than its limit")])
def test_set_checks_every_vm_before_the_first_change(run, daemon, config, words, message):
    daemon.add_vm("fine", memory_bytes=64 * GIB)
    daemon.add_vm("odd")["config"].update(config)
    err = run("vm", "set", "fine", "odd", *words, status=2).err
    assert message in err and daemon.changes == []
    assert "nobody" in run("vm", "set", "fine", "nobody", "--shares", "low", status=3).err
    assert daemon.changes == []


def test_set_goes_on_after_a_refusal(run, daemon):
    """It says which VM was not changed, and the exit status tells."""
    for name in ("a", "b", "c"):
        daemon.add_vm(name)
    daemon.stuck["b"] = ("TaskInProgress", "b is migrating; try again when it is done")
    process = run("vm", "set", "a", "b", "c", "--shares", "low", status=1)
    assert process.out.splitlines() == ["a: shares: normal -> low", "c: shares: normal -> low"]
    assert process.err == "aerostat: b: not changed: b is migrating; try again when it is done\n"
