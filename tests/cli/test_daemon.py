# SPDX-License-Identifier: LGPL-2.1-or-later
"""What holds for every command that asks aerostatd: where it is looked for, and answers of every kind."""

import json
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import time

import conftest
import pytest
from fake_daemon import MIB

ASKING = [["host", "show"], ["vm", "list"], ["vm", "show", "web01"], ["vm", "set", "web01", "--shares", "low"],
          ["pool", "list"], ["pool", "create", "/x"], ["pool", "set", "/x", "--shares", "low"],
          ["pool", "delete", "/x"], ["setting", "list"], ["setting", "get", "Mem.IdleTax"],
          ["setting", "set", "Mem.IdleTax=1"], ["event", "list"], ["advise"], ["top", "--batch"]]


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_no_daemon(run, host, words):
    process = run(*words, status=1)
    assert f"no daemon runs at {host.dir}/none: start it with aerostatd" in process.err and process.out == ""
    left = os.path.join(host.dir, "left")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(left)
    assert f"no daemon runs at {left}" in run(*words, "--host", left, status=1).err


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_silent_daemon(run, daemon, words):
    daemon.gate.clear()
    assert "did not answer within 0.2 s" in run(*words, "--timeout", "0.2", status=4).err


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
@pytest.mark.parametrize("fault, code", [("InvalidArgument", 1), ("NotFound", 3), ("ManagedObjectNotFound", 3),
                                         ("SystemError", 1), ("FromTheFuture", 1)])
def test_refusal(run, daemon, words, fault, code):
    daemon.refuse[""] = (fault, "the daemon is tired\033[2J; ask later")
    err = run(*words, status=code).err
    assert "the daemon is tired\\x1b[2J; ask later" in err and "\033" not in err


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
@pytest.mark.parametrize("answer", [
    b"", b"null", b"[", b"{}}", b"7", b'"text"', b"[1]", b"[[]]", b"{", b"\xff\xfe", b"[" * 100000, b'{"a":' * 5000,
    b"/* \" */" + b"[" * 100000, b"'\"'" + b"[" * 100000, b"\0\0", b"[{}]", b"nonsense",
    b'[{"name":5,"path":5,"id":"x","kind":[]}]', b"[" + b"0," * 5_000_000 + b"0]",
], ids=lambda answer: repr(answer[:12]))
def test_garbled_answer(run, daemon, words, answer):
    """No crash, no garbage, and what listens there is named."""
    daemon.add_vm("web01")
    daemon.mangle = lambda data: answer
    process = run(*words, status=1)
    assert "answer as aerostatd does" in process.err or "the daemon" in process.err
    assert process.out == "" and "CRITICAL" not in process.err and "WARNING" not in process.err


@pytest.mark.parametrize("raw", [
    b"", b"hello\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]", b"\0" * 1000,
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100000, b"HTTP/1.1 99999 X\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://localhost/elsewhere\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
], ids=lambda raw: repr(raw[:30]))
def test_not_http(run, daemon, raw):
    daemon.raw = raw
    process = run("vm", "list", status=1)
    assert daemon.path in process.err and "CRITICAL" not in process.err
    assert len({path for _, path, _ in daemon.requests}) == 1  # followed nowhere


def test_endless_answer(run, daemon):
    """It is not read to its end, neither by size nor by time."""
    daemon.raw = b"HTTP/1.1 200 OK\r\n\r\n[" + b" " * (65 << 20)
    assert "longer than 64 MiB" in run("vm", "list", status=1).err


def test_dripping_answer(run, host):
    """Each byte comes in time, but not all of them."""
    path = os.path.join(host.dir, "drip")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(4)

        def drip():
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                    while True:
                        connection.sendall(b" ")
                        time.sleep(0.02)
                except OSError:
                    pass  # the client has had enough

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        assert "did not answer within" in run("vm", "list", "--host", path, "--timeout", "0.5", status=4).err
        thread.join(10)
    os.unlink(path)


def test_large_fleet(run, daemon):
    for i in range(2000):
        daemon.add_vm(f"vm{i}")
    assert len(json.loads(run("vm", "list", "--format", "json").out)) == 2000


def test_socket_paths(run, daemon):
    assert "longer than 107 bytes" in run("vm", "list", "--host", "/x" * 60, status=2).err
    assert "--host" in run("vm", "list", "--host", "", status=2).err
    daemon.add_vm("web01")
    assert "web01" in run("vm", "list", "--host", daemon.path, env={"AEROSTAT_DAEMON": "/nonexistent"}).out


def test_no_right_to_ask(run, daemon):
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    os.chmod(daemon.dir, 0o755)
    os.chmod(daemon.path, 0o600)
    with tempfile.TemporaryDirectory() as folder:
        # The command may lie where only root can reach it.
        copied = pathlib.Path(folder) / "aerostat"
        copied.write_bytes(pathlib.Path(conftest.CLI).read_bytes())
        copied.chmod(0o755)
        os.chmod(folder, 0o755)
        done = subprocess.run([copied, "vm", "list"], user=65534, capture_output=True, text=True, check=False,
                              env={"AEROSTAT_DAEMON": daemon.path})
        assert done.returncode == 1 and "this user may not ask the daemon" in done.stderr


def test_reader_that_leaves(start, daemon):
    for i in range(3000):
        daemon.add_vm(f"vm{i}", cause="x" * 100)
    process = start("vm", "list", "--format", "json")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=20) < 0 and process.stderr.read() == ""


def test_a_full_disk_is_a_failure(run, daemon):
    daemon.add_vm("web01")
    for words in (["vm", "list"], ["vm", "show", "web01"], ["host", "show"], ["event", "list"], ["top", "-bn1"]):
        with open("/dev/full", "w") as full:
            assert "cannot write" in run(*words, stdout=full, status=1).err


@pytest.mark.parametrize("words, expected", [
    (["vm", "show", "we"], ["web01", "web02"]),
    (["vm", "set", "--pool", "/p"], ["/prod", "/prod/web"]),
    (["vm", "set", "--shares", ""], ["low", "normal", "high"]),
    (["vm", "set", "--s"], ["--shares", "--sharing", "--salt", "--swap-dir"]),
    (["vm", "list", "--columns", "name,mctlt"], ["name,mctltgt"]),
    (["vm", "list", "--sort", "mems"], ["memsz"]),
    (["pool", "delete", "/prod/"], ["/prod/web"]),
    (["setting", "set", "mem.i"], ["Mem.IdleTax"]),
    (["event", "list", "--vm", "web"], ["web01", "web02"]),
    (["event", "list", "--type", "s"], ["state", "stop", "share", "setting"]),
    (["event", "list", "-n", ""], []),
    (["top", "--c"], ["--count", "--columns"]),
    (["top", "--sort", "mems"], ["memsz"]),
    (["advise", "--vm", "web"], ["web01", "web02"]),
    (["help", "t"], ["task", "top"]),
])
def test_completion(run, daemon, words, expected):
    for name in ("web01", "web02", "con\ntrol"):
        daemon.add_vm(name)
    daemon.add_pool("/prod")
    daemon.add_pool("/prod/web")
    assert run("__complete", *words).out.splitlines() == expected


def test_completion_has_an_end(run, daemon):
    daemon.gate.clear()
    for words in (["vm", "show", ""], ["vm", "set", "--pool", "/"], ["setting", "get", ""]):
        process = run("__complete", *words)
        assert process.out == process.err == ""


def test_completion_of_paths_in_bash(daemon, environment):
    """A pool's path is not a file's; where no pool has it, files are offered."""
    daemon.add_pool("/prod")
    script = ('source "$1"; shift; COMP_WORDS=(aerostat "$@"); COMP_CWORD=$#; _aerostat aerostat "${!#}"; '
              'for reply in "${COMPREPLY[@]}"; do printf "%s\\n" "$reply"; done')
    completion = conftest.ROOT / "docs" / "completion" / "aerostat"
    path = f"{pathlib.Path(conftest.CLI).resolve().parent}:{os.environ['PATH']}"
    for line, expected in ((["pool", "delete", "/pr"], "/prod"), (["vm", "list", "--host", "/dev/nul"], "/dev/null")):
        result = subprocess.run(["bash", "-c", script, "bash", completion, *line], env={**environment, "PATH": path},
                                capture_output=True, text=True, check=True)
        assert expected in result.stdout.splitlines(), result.stderr


@pytest.mark.parametrize("words, expected", [
    (["top", "--help"], "Usage: aerostat top [OPTION...]\n"),
    (["help", "top"], "Usage: aerostat top [OPTION...]\n"),
    (["help", "advise"], "Usage: aerostat advise [OPTION...]\n"),
    (["help", "vm", "set"], "Usage: aerostat vm set [OPTION...] [NAME|UUID...]\n"),
    (["top", "-h"], "-d, --delay SECONDS"),
])
def test_help(run, words, expected):
    out = run(*words).out
    assert expected in out and max(len(line) for line in out.splitlines()) < 90


@pytest.mark.parametrize("words, hint", [
    (["tpo"], "did you mean top?"), (["vms"], "did you mean vm?"), (["adivse"], "did you mean advise?"),
    (["top", "--bach"], "did you mean --batch?"), (["top", "x"], "one word too many"),
    (["help", "top", "x"], 'top has no verb "x"'), (["vm", "ls"], "vm has no verb"),
])
def test_near_misses(run, words, hint):
    assert hint in run(*words, status=2).err


def test_sizes_stay_exact(run, daemon):
    daemon.add_vm("web01", memory_bytes=2**53 + MIB)
    assert str(2**53 + MIB) in run("vm", "list", "--format", "csv").out
    assert json.loads(run("vm", "list", "--format", "json").out)[0]["memory_bytes"] == 2**53 + MIB
