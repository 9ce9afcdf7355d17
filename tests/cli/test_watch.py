# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat pager watch: rates, formats, and every way it can end."""

import csv
import io
import json
import os
import pty
import signal

import fake_pager
import pytest
from fake_pager import MIB, SUBSCRIBE, copy_stats

QUICK = ("--timeout", "0.2")


def ticks(stats, *changes):
    """One Stats after the other, each a second after the last unless it says otherwise."""
    result = []
    for change in changes:
        stats = copy_stats(stats, **{"uptime_ms": lambda value: value + 1000, **change})
        result.append(stats)
    return result


def add(host, name="web01", *changes, **behaviour):
    pager = host.add(name, **behaviour)
    pager.updates = ticks(pager.stats, *(changes or [{"parks": 100}]))
    return pager


def faults(*values):
    return (fake_pager.ctypes.c_uint64 * 7)(*values)


def test_rates(run, host):
    """By the pager's clock: the second figure is of half a second."""
    pager = add(host, "web01",
                {"parks": 100, "compressions": 40, "decompressions": 3, "swap_outs": 20, "swap_ins": 10,
                 "faults": faults(1, 2, 3, 4, 5, 6, 7), "consumed_bytes": 100 * MIB},
                {"parks": 200, "uptime_ms": lambda value: value + 500, "faults": faults(2, 2, 3, 4, 5, 6, 7)})
    out = run("pager", "watch", "web01", "--count", "2", "--format", "csv").out
    first, second = csv.DictReader(io.StringIO(out))
    assert first["name"] == "web01" and first["consumed_bytes"] == str(100 * MIB) and first["limit_bytes"] == ""
    assert float(first["parks_per_s"]) == 100 and float(second["parks_per_s"]) == 200
    assert [float(first[f"faults_{kind}_per_s"]) for kind in fake_pager.FAULTS] == [1, 2, 3, 4, 5, 6, 7]
    assert float(first["faults_per_s"]) == 28 and float(second["faults_per_s"]) == 2
    assert [float(first[f"{name}_per_s"]) for name in ("compressions", "decompressions", "swap_outs", "swap_ins")] == [
        40, 3, 20, 10]
    assert (SUBSCRIBE, 1000, 0) in pager.requests


def test_json(run, host):
    pager = add(host, "web01", {"parks": 100, "busy": 7}, {"parks": 150})
    lines = run("pager", "watch", "web01", "--count=2", "--format=json", "--interval", "0.1").out.splitlines()
    first, second = map(json.loads, lines)
    assert first["parks"] == 100 and first["per_second"]["parks"] == 100 and second["per_second"]["parks"] == 50
    assert first["per_second"]["busy"] == 7 and second["per_second"]["busy"] == 0
    assert {name for name, _ in fake_pager.Stats._fields_} <= set(first)
    assert (SUBSCRIBE, 100, 0) in pager.requests


def test_table(run, host):
    add(host, "web01", {"parks": 100, "swap_ins": 3})
    header, row = (line.split() for line in run("pager", "watch", "--count", "1").out.splitlines())
    found = dict(zip(header, row))
    assert found["NAME"] == "web01" and found["PARK/s"] == "100" and found["SWIN/s"] == "3.0"
    assert run("pager", "watch", "--count", "1", "--no-header").out.count("\n") == 1


def test_several(run, host):
    for name in ("a", "b", "c"):
        add(host, name, {"parks": 1}, {"parks": 2}, {"parks": 3})
    out = run("pager", "watch", "a", "c", "--count", "2", "--format", "csv", "--no-header").out
    assert sorted(line.split(",")[1] for line in out.splitlines()) == ["a", "a", "c", "c"]
    assert run("pager", "watch", "--count", "1", "--no-header").out.count("\n") == 3


def test_a_clock_that_stands_or_runs_back(run, host):
    """No division by zero, no rate from a counter that went down; a figure without time is none."""
    add(host, "web01", {"uptime_ms": lambda value: value, "parks": 50}, {"parks": 50},
        {"parks": 10}, {"uptime_ms": 5, "parks": 20}, {"uptime_ms": 1005, "parks": 30})
    out = run("pager", "watch", "--count", "4", "--format", "json").out
    assert [json.loads(line)["per_second"]["parks"] for line in out.splitlines()] == [50, 0, None, 10]


def test_end_of_the_vm(run, host):
    add(host, "web01", {"parks": 1}, {"parks": 2}, after="end")
    process = run("pager", "watch", "web01", "--format", "csv", "--no-header")
    assert process.out.count("\n") == 2 and process.err == "aerostat: web01 (PID 5000000) has ended\n"


def test_end_of_one_of_two(run, host):
    add(host, "short", {"parks": 1}, after="end")
    add(host, "long", {"parks": 1}, {"parks": 2})
    process = run("pager", "watch", "--count", "2", "--no-header")
    assert "short (PID 5000000) has ended" in process.err and process.out.count("long") == 2


def test_nobody_to_watch(run):
    assert "no VM" in run("pager", "watch", status=3).err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt(start, host, number):
    add(host)
    process = start("pager", "watch", "web01", "--format", "csv")
    assert process.stdout.readline().startswith("time,")
    assert ",web01," in process.stdout.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")


def test_reader_that_leaves(start, host):
    """As with head: no message, no endless loop."""
    pager = add(host, "web01", *[{"parks": i} for i in range(200)])
    process = start("pager", "watch", "web01")
    process.stdout.close()
    assert process.wait(timeout=60) == -signal.SIGPIPE
    assert process.stderr.read() == ""
    assert pager.requests


def test_silence(run, host):
    """Told once; with --count it is no reason to wait forever."""
    add(host, "stopped", {"parks": 1})
    add(host, "web01", {"parks": 1}, {"parks": 2})
    process = run("pager", "watch", "--count", "2", "--interval", "0.1", *QUICK, "--no-header", status=4)
    assert process.err.count("sends nothing any more") == 1 and process.out.count("web01") == 2


def test_refused_subscription(run, host):
    host.add(refuse={SUBSCRIBE: (22, b"not now")})
    assert "web01: not now" in run("pager", "watch", "web01", status=1).err


def test_silent_from_the_start(run, host):
    add(host, "web01")
    host.add("silent", mangle=lambda data: None)
    process = run("pager", "watch", "--count", "1", *QUICK, "--no-header")
    assert "no answer" in process.err and process.out.count("\n") == 1


def test_garbage_in_the_midst(run, host):
    pager = host.add()
    pager.updates = ticks(pager.stats, {"parks": 1}, {"parks": 2})
    pager.mangle = lambda data: data[:-1] if fake_pager.Reply.from_buffer_copy(data).stats.parks == 2 else data
    process = run("pager", "watch", "web01", "--no-header", status=1)
    assert process.out.count("\n") == 1 and "bytes instead of" in process.err


def test_connection_lost_but_vm_alive(run, host):
    """A pager closes who does not read; the watch goes on over a new connection, with rates that are right."""
    def serve(pager, request):
        if request.type == SUBSCRIBE:
            n = sum(r[0] == SUBSCRIBE for r in pager.requests)
            pager.stats.parks, pager.stats.uptime_ms = 100 * n, 1000 * n
            pager.updates = ticks(pager.stats, {"parks": 100 * n + 50, "uptime_ms": 1000 * n + 500})
            pager.after = "keep"
            if n == 1:
                # Closed later than an interval after it was opened.
                fake_pager.threading.Timer(0.25, pager.cut).start()
    pager = host.add(hook=serve)
    pager.cut = lambda: host.cut(pager)
    out = run("pager", "watch", "web01", "--count", "2", "--interval", "0.1", "--format", "json").out
    assert [json.loads(line)["per_second"]["parks"] for line in out.splitlines()] == [100, 100]
    assert sum(r[0] == SUBSCRIBE for r in pager.requests) == 2


def test_redraw_on_a_terminal(run, host):
    for i in range(30):
        add(host, f"vm{i:02}", {"parks": 1}, {"parks": 2})
    ours, theirs = pty.openpty()
    fake_pager.termios_size(theirs, rows=10, columns=60)
    run("pager", "watch", "--count", "2", stdout=theirs)
    os.close(theirs)
    text = b""
    try:
        while chunk := os.read(ours, 65536):
            text += chunk
    except OSError:
        pass  # the end of a terminal whose other side is closed
    os.close(ours)
    last = text.decode().split("\033[J")[-1].splitlines()
    assert "TIME" in last[0] and last[-1] == "and 23 more" and len(last) == 9
    assert all(len(line.replace("\033[1m", "").replace("\033[0m", "")) <= 60 for line in last)
