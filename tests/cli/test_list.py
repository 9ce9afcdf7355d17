# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat pager list and show: finding pagers, believing nothing they send, and printing it."""

import csv
import ctypes
import io
import json
import os
import pathlib
import pty
import signal
import socket
import subprocess
import sys
import tempfile
import time

import conftest
import fake_pager
import pytest
from fake_pager import MIB, Reply, Stats

QUICK = ("--timeout", "0.2")


def offset_of(name):
    if hasattr(Reply, name):
        return getattr(Reply, name).offset
    return Reply.stats.offset + getattr(Stats, name).offset


def put(name, value):
    """A mangle that overwrites a member of every reply."""
    return lambda data: data[:offset_of(name)] + value + data[offset_of(name) + len(value):]


def rows(table):
    return [line.split() for line in table.splitlines()]


def dead_pid():
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_nobody_there(run):
    process = run("pager", "list")
    assert len(process.out.splitlines()) == 1 and process.err == ""
    assert json.loads(run("pager", "list", "--format", "json").out) == []
    assert run("pager", "list", "--no-header").out == ""


def test_table(run, host):
    host.add("web02")
    host.add("web01").stats.limit_bytes = 512 * MIB
    header, first, second = rows(run("pager", "list").out)
    assert header == "NAME PID MEMSZ LIMIT CONSUMED ACTIVE RESIDENT PARKED ZIP CACHE SWAP STATUS".split()
    assert first == "web01 5000001 1G 512M 494M 300M 400M 24M 200M 70M 200M ok".split()
    assert second[0] == "web02" and second[3] == "unlimited"


@pytest.mark.parametrize("size, shown", [
    (0, "0"), (1, "1B"), (1023, "1023B"), (1536, "1.5K"), (4096, "4K"), (100 * MIB + 4096, "100M"),
    (1536 * MIB, "1.5G"), (3 << 40, "3T"), (2**63, "8388608T"),
])
def test_readable_sizes(run, host, size, shown):
    host.add().stats.consumed_bytes = size
    assert rows(run("pager", "list", "--no-header").out)[0][4] == shown


def test_units(run, host):
    host.add()
    assert rows(run("pager", "list", "--unit", "G", "--no-header").out)[0][2:4] == ["1.0G", "unlimited"]
    assert rows(run("pager", "list", "--unit=B", "--no-header").out)[0][2] == str(1024 * MIB)


def test_csv(run, host):
    host.add("with, comma")
    host.add('"quoted"').stats.limit_bytes = 256 * MIB
    found = list(csv.DictReader(io.StringIO(run("pager", "list", "--format", "csv").out)))
    assert [row["name"] for row in found] == ['"quoted"', "with, comma"]
    assert found[0]["limit_bytes"] == str(256 * MIB) and found[1]["limit_bytes"] == ""
    assert found[0]["memory_bytes"] == str(1024 * MIB) and found[0]["status"] == "ok"
    assert run("pager", "list", "--format", "csv", "--no-header").out.count("\n") == 2


def check_json(found, stats):
    """Every member is there, under its own name and with its own value."""
    for field, kind in Stats._fields_:
        value = getattr(stats, field)
        if field == "codec":
            assert found[field] == "lz4"
        elif field == "limit_bytes":
            assert found[field] == (None if value == fake_pager.UNLIMITED else value)
        elif field == "faults":
            assert found[field] == dict(zip(fake_pager.FAULTS, value))
        elif field == "latency":
            assert found[field] == {name: list(row) for name, row in zip(fake_pager.FAULTS, value)}
        else:
            assert found[field] == (value.decode() if isinstance(value, bytes) else value), field


def test_json_has_every_field(run, host):
    pager = host.add()
    raw = (ctypes.c_uint8 * ctypes.sizeof(Stats)).from_buffer(pager.stats)
    for i in range(Stats.pid.offset, len(raw)):
        raw[i] = i * 7 % 251 if i % 8 < 7 else 0  # all different, and no more than 63 bits
    pager.stats.codec = 1
    check_json(json.loads(run("pager", "show", "web01", "--format", "json").out), pager.stats)
    (found,) = json.loads(run("pager", "list", "--format=json").out)
    check_json(found, pager.stats)
    assert found["socket"] == pager.path and found["status"] == "ok" and found["problem"] is None


def test_json_of_absurd_figures(run, host):
    pager = host.add()
    pager.stats.limit_bytes = 1 << 62
    pager.stats.consumed_bytes = pager.stats.parks = 2**64 - 1
    pager.stats.codec = 77
    found = json.loads(run("pager", "show", "web01", "--format", "json").out)
    assert found["limit_bytes"] == 1 << 62
    assert found["consumed_bytes"] == found["parks"] == 2**63 - 1
    assert found["codec"] == "unknown"


def test_show(run, host):
    pager = host.add()
    pager.stats.limit_bytes = 512 * MIB
    pager.stats.reason = b"1 range is not managed: huge pages"
    pager.stats.faults[3] = 1000
    pager.stats.latency[3][5], pager.stats.latency[3][8] = 985, 15
    pager.stats.faults[4] = 1
    pager.stats.latency[4][23] = 1
    out = run("pager", "show", "web01").out
    assert "web01 (PID 5000000)" in out
    assert "degraded" in out and "1 range is not managed: huge pages" in out
    assert "96 % of the limit" in out
    lines = {line.split()[0]: line for line in out.splitlines() if line}
    assert "< 8.19 us" in out and "< 65.5 us" in out and "> 1.07 s" in lines["swapped"] + out
    bar = next(line.strip()[1:-1] for line in out.splitlines() if line.startswith("  ["))
    assert len(bar) == 64 and set(bar) == set("#=z0s.") and bar.count("#") == 25


@pytest.mark.parametrize("stats", [
    Stats(name=b"web01"),
    Stats.from_buffer_copy(b"web01".ljust(256, b"\0") + b"\xff" * (ctypes.sizeof(Stats) - 256)),
])
def test_show_of_extremes(run, host, stats):
    host.add(stats=stats)
    out = run("pager", "show", "web01").out
    assert len(next(line for line in out.splitlines() if line.startswith("  ["))) == 68
    run("pager", "list")
    json.loads(run("pager", "show", "web01", "--format", "json").out)


def test_show_by_pid_and_socket(run, host, tmp_path):
    host.add("web01", pid=5000123)
    assert "web01" in run("pager", "show", "5000123").out
    assert "web01" in run("pager", "show", f"{host.dir}/5000123.sock").out
    elsewhere = host.add("own", path=f"{host.dir}/not-a-pid")
    assert "own" not in run("pager", "list").out
    assert "own (PID" in run("pager", "show", elsewhere.path).out


def test_names_not_there(run, host):
    host.add("web01")
    assert 'no VM "web"' in run("pager", "show", "web", status=3).err
    assert 'no VM "4"' in run("pager", "show", "4", status=3).err
    assert "nobody listens" in run("pager", "show", "/nowhere/1.sock", status=3).err
    assert "longer than" in run("pager", "show", "/" + "x" * 200, status=1).err


def test_ambiguous_name(run, host):
    paths = [host.add("twin").path, host.add("twin").path]
    for command in (["show", "twin"], ["set", "twin", "--limit", "64M"], ["watch", "twin", "--count", "1"],
                    ["set", "5000000", "twin", "--limit", "64M"]):
        err = run("pager", *command, status=3).err
        assert "5000000" in err and "5000001" in err and all(path in err for path in paths)
    assert not any(pager.sets for pager in host.pagers)
    assert "5000001" in run("pager", "show", "5000001").out


def test_a_name_that_is_anothers_pid(run, host):
    host.add("5000001")
    host.add("web02")
    assert "2 VMs" in run("pager", "show", "5000001", status=3).err


def test_many_at_once(run, host):
    """Asked one after the other, those that say nothing would take their time-outs one after the other."""
    for i in range(120):
        host.add(f"vm{i:03}", **({"mangle": lambda data: None} if i % 4 == 0 else {}))
    began = time.monotonic()
    found = rows(run("pager", "list", "--no-header", "--timeout", "0.5").out)
    # Not 15 s.
    assert time.monotonic() - began < 10
    assert [row[0] for row in found[:90]] == [f"vm{i:03}" for i in range(120) if i % 4]
    assert all(row[0] == "-" and row[-2:] == ["not", "answering"] for row in found[90:]) and len(found) == 120


def test_stopped_process(run, host):
    """A VMM in SIGSTOP: its kernel accepts the connection, and then nothing."""
    host.add("web01")
    program = ("import os, socket, signal, sys\n"
               "s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
               "s.bind(f'{sys.argv[1]}/{os.getpid()}.sock'); s.listen()\n"
               "os.kill(os.getpid(), signal.SIGSTOP)\n")
    process = subprocess.Popen([sys.executable, "-S", "-c", program, host.dir])
    try:
        assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1])
        first, second = rows(run("pager", "list", "--no-header", *QUICK).out)
        assert first[0] == "web01" and first[-1] == "ok"
        assert second[1] == str(process.pid) and second[-2:] == ["not", "answering"]
        assert "no answer within 0.2 s" in run("pager", "show", str(process.pid), *QUICK, status=4).err
        assert f"PID {process.pid}" in run("pager", "show", "other", *QUICK, status=3).err
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [row[0] for row in rows(run("pager", "list", "--no-header").out)] == ["web01"]
    assert os.listdir(host.dir) == ["5000000.sock"]


def test_full_backlog(run, host):
    """connect() itself gets nowhere here."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(f"{host.dir}/1.sock")
    listener.listen(0)
    waiting = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK) for _ in range(4)]
    for client in waiting:
        client.connect_ex(f"{host.dir}/1.sock")
    assert rows(run("pager", "list", "--no-header", *QUICK).out)[0][-2:] == ["not", "answering"]
    for s in (listener, *waiting):
        s.close()


def leave_socket(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        s.bind(path)


def test_stale_sockets(run, host):
    """Removed only when its name is a process id, nobody listens, and the process is gone."""
    stale = f"{host.dir}/{dead_pid()}.sock"
    kept = [f"{host.dir}/{os.getpid()}.sock", f"{host.dir}/name.sock", f"{host.dir}/0.sock"]
    for path in (stale, *kept):
        leave_socket(path)
    plain = f"{host.dir}/{dead_pid()}0.sock"
    open(plain, "w").close()
    link = f"{host.dir}/{dead_pid()}1.sock"
    os.symlink(kept[0], link)
    out = run("pager", "list", "--no-header").out
    assert out.count("no listener") == len(kept)
    assert sorted(os.listdir(host.dir)) == sorted(os.path.basename(path) for path in (*kept, plain, link))
    # One that is named outright is not removed either.
    leave_socket(stale)
    run("pager", "show", stale, status=3)
    assert os.path.exists(stale)


def test_run_directories(run, host, tmp_path):
    user = tmp_path / "aerostat" / "pager"
    user.mkdir(parents=True)
    host.add("mine", path=str(user / "1.sock"))
    environment = {"AEROSTAT_RUN_DIR": "", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert "mine" in run("pager", "list", env=environment).out
    (user / "1.sock").unlink()
    assert "mine" not in run("pager", "list", env=environment).out
    assert run("pager", "list", env={"AEROSTAT_RUN_DIR": "/nowhere"}).err == ""
    assert "cannot look" in run("pager", "list", env={"AEROSTAT_RUN_DIR": "/dev/null"}).err


BAD = {
    "short": (lambda data: data[:-1], "2271 bytes"),
    "long": (lambda data: data + b"\0", "bytes instead of"),
    "tiny": (lambda data: data[:5], "not a pager"),
    "magic": (put("magic", b"XXXX"), "not a pager"),
    "version": (put("version", b"\2\0"), "version 2"),
    "newer and longer": (lambda data: put("version", b"\2\0")(data) + bytes(100), "version 2"),
    "serial": (put("serial", b"\x99" * 8), "not asked"),
    "type": (put("type", b"\7\0"), "not asked"),
    "positive error": (put("error", b"\1\0\0\0"), "error number"),
    "absurd error": (put("error", b"\0\0\0\x80"), "error number"),
    "endless message": (put("message", b"m" * 192), "without an end"),
    "endless name": (put("name", b"n" * 64), "without an end"),
    "endless reason": (put("reason", b"r" * 192), "without an end"),
}


@pytest.mark.parametrize("mangle, message", BAD.values(), ids=BAD.keys())
def test_malformed_replies(run, host, mangle, message):
    pager = host.add("bad", mangle=mangle)
    host.add("good")
    good, bad = rows(run("pager", "list", "--no-header").out)
    assert good[0] == "good" and bad[-2:] == ["bad", "reply"]
    err = run("pager", "show", pager.path, status=1).err
    assert message.replace("2271", str(ctypes.sizeof(Reply) - 1)) in err
    assert "bad reply" in run("pager", "list", "--format", "json").out


def test_refused(run, host):
    host.add("web01", rude=True)
    assert rows(run("pager", "list", "--no-header").out)[0][-1] == "refused"
    assert "own user" in run("pager", "show", "5000000", status=1).err


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second user")
def test_sockets_of_another_user(run, host):
    os.chmod(host.add().path, 0o600)
    os.chmod(host.dir, 0o755)
    try:
        process = run("pager", "list", "--no-header", user=65534, group=65534, extra_groups=[])
    except PermissionError:
        pytest.skip("the command is where that user cannot reach it")
    assert rows(process.out)[0][-2:] == ["no", "access"]


@pytest.fixture
def users():
    """What /run/user is to be in a mount namespace of its own: users 4242 to 4245."""
    with tempfile.TemporaryDirectory(prefix="aerostat-") as base:
        os.chmod(base, 0o755)
        for uid, owner in ((4242, 4242), (4244, 4245), (4245, 4245)):
            for directory in (f"{base}/{uid}", f"{base}/{uid}/aerostat", f"{base}/{uid}/aerostat/pager"):
                os.mkdir(directory)
                os.chown(directory, owner, owner)
        yield base


def in_namespace(base, command, **options):
    script = (f"mount -t tmpfs tmpfs /run && mkdir /run/user && mount --bind {base} /run/user && "
              f"exec {command}")
    return subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=60,
                          check=False, **options)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs users, and a mount namespace")
def test_root_finds_the_pagers_of_users(host, users, environment):
    def add_as(uid, name, path):
        os.seteuid(uid)
        try:
            pager = host.add(name, path=path)
        finally:
            os.seteuid(0)
        return pager

    sockets = f"{users}/4242/aerostat/pager"
    add_as(4242, "of-a-user", f"{sockets}/42.sock")
    # None of these is what it looks like, or is the user's.
    hidden = host.add("hidden", path=f"{users}/4245/hidden.sock")
    os.symlink("../../../4245/hidden.sock", f"{sockets}/43.sock")
    host.add("of-root", path=f"{sockets}/44.sock")
    pathlib.Path(f"{sockets}/45.sock").touch()
    os.symlink("4242", f"{users}/4243")
    os.symlink("4242", f"{users}/name")
    add_as(4245, "of-another", f"{users}/4244/aerostat/pager/46.sock")
    os.rmdir(f"{users}/4245/aerostat/pager")
    os.symlink("../../4242/aerostat/pager", f"{users}/4245/aerostat/pager")
    # A stale one is the user's to remove.
    stale = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    os.seteuid(4242)
    stale.bind(f"{sockets}/4190000.sock")
    os.seteuid(0)
    stale.close()
    # And one whose listener is not who owns the file.
    host.add("posing", path=f"{sockets}/47.sock")
    os.chown(f"{sockets}/47.sock", 4242, 4242)

    environment.pop("AEROSTAT_RUN_DIR")
    done = in_namespace(users, f"{conftest.CLI} pager list --no-header", env=environment)
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert sorted(row[0] for row in found) == ["-", "of-a-user"]
    assert "47" in [row for row in found if row[0] == "-"][0]
    assert not hidden.requests
    assert os.path.exists(f"{sockets}/4190000.sock")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs users, and a mount namespace")
def test_default_socket_of_a_user(users, environment):
    library = conftest.ROOT / "build" / "src" / "pager" / "libaerostat-pager.so.0"
    if not library.exists():
        pytest.skip(f"{library} is not there")
    program = ("import ctypes, mmap, os; m = mmap.mmap(-1, 4 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS); "
               "m.madvise(mmap.MADV_MERGEABLE); "
               "print(os.listdir(f'/run/user/{os.getuid()}/aerostat/pager') == [f'{os.getpid()}.sock'])")
    user = "setpriv --reuid {} --clear-groups --inh-caps +sys_ptrace --ambient-caps +sys_ptrace"
    command = f"env LD_PRELOAD={library} AEROSTAT_SWAP_DIR= /usr/bin/python3 -c \"$PROGRAM\""
    kept = {k: v for k, v in environment.items() if k != "XDG_RUNTIME_DIR"}
    done = in_namespace(users, f"{user.format(4242)} {command}", env={**kept, "PROGRAM": program})
    assert (done.stdout, done.stderr) == ("True\n", "")
    # Not in a directory that is somebody else's.
    done = in_namespace(users, f"{user.format(4244)} {command}", env={**kept, "PROGRAM": "import os\n" + program})
    assert "True" not in done.stdout
    assert not os.listdir(f"{users}/4244/aerostat/pager")


def test_not_seqpacket(run, host):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.bind(f"{host.dir}/1.sock")
        s.listen()
        assert "bad reply" in run("pager", "list").out


NASTY = {
    "escape": (b"\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
    "newline": (b"a\nb", "a\\x0ab"),
    "C1 in UTF-8": ("\u009b2J".encode(), "\\xc2\\x9b2J"),
    "not UTF-8": (b"\xff\xfe", "\\xff\\xfe"),
    "reversal": ("\u202eabc".encode(), "\\xe2\\x80\\xaeabc"),
    "backslash": (b"a\\x1bc", "a\\x5cx1bc"),
    "letters": ("büro-機".encode(), "büro-機"),
}


@pytest.mark.parametrize("name, shown", NASTY.values(), ids=NASTY.keys())
def test_nothing_reaches_the_terminal_raw(run, host, name, shown):
    stats = fake_pager.plausible_stats(name, 1)
    stats.reason = name
    later = fake_pager.copy_stats(stats, uptime_ms=lambda value: value + 1000)
    host.add(stats=stats, updates=[later], refuse={fake_pager.SET_LIMIT: (22, name)})
    for command, status in ((["list"], 0), (["list", "--format", "csv"], 0), (["list", "--format", "json"], 0),
                            (["show", "1"], 0), (["show", "1", "--format", "json"], 0),
                            (["set", "1", "--limit", "64M"], 1), (["set", "1", "--limit", "64M", "--what-if"], 0),
                            (["watch", "1", "--count", "1"], 0), (["watch", "--format=json", "--count", "1"], 0)):
        process = run("pager", *command, status=status)
        text = process.out + process.err
        assert all(c.isprintable() or c == "\n" for c in text), command
        if "--format" in command and "json" in command:
            found = json.loads(process.out)
            found = found[0] if isinstance(found, list) else found
            assert found["name"] == found["reason"] == name.decode(errors="replace")
        elif "--format=json" not in command:
            assert shown in text, command


def test_wide_names_stay_aligned(run, host):
    host.add("機械")
    host.add("ab")
    lines = run("pager", "list", "--no-header").out.splitlines()
    assert lines[0] == "ab    " + lines[0][6:] and lines[1].startswith("機械  5")


@pytest.mark.parametrize("no_color, bold", [("", True), ("1", False)])
def test_bold_on_a_terminal_only(run, host, no_color, bold):
    host.add()
    ours, theirs = pty.openpty()
    run("pager", "list", stdout=theirs, env={"NO_COLOR": no_color})
    os.close(theirs)
    assert (b"\033[1m" in os.read(ours, 4096)) == bold
    os.close(ours)
    assert "\033" not in run("pager", "list").out
