# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat top: on a terminal that is read and typed on, and in batch."""

import csv
import io
import os
import signal
import termios

import pytest
from fake_daemon import GIB, MIB
from terminal import Terminal

ESXTOP = ("NAME MEMSZ GRANT SZTGT TCHD MCTL? MCTLSZ MCTLTGT MCTLMAX SWCUR SWTGT SWR/s SWW/s CACHESZ CACHEUSD "
          "ZIP/s UNZIP/s").split()


@pytest.fixture
def top(start, daemon):
    terminals = []

    def top(*words, rows=24, columns=80, **environment):
        terminal = Terminal(rows, columns)
        terminals.append(terminal)
        terminal.process = start("top", *words, stdin=terminal.theirs, stdout=terminal.theirs, stderr=terminal.theirs,
                                 env={"TERM": "vt100", **environment})
        return terminal

    yield top
    for terminal in terminals:
        terminal.process.kill()
        terminal.process.wait()
        terminal.close()


def names(terminal):
    """The first words of the lines below the titles."""
    lines = terminal.lines
    titles = next(i for i, line in enumerate(lines) if line.startswith("NAME"))
    return [line.split()[0] for line in lines[titles + 1:] if line]


def test_screen(top, daemon):
    daemon.add_vm("web01")
    daemon.add_vm("web02", balloon_state="none", swap_reads_bytes_per_s=None)
    terminal = top(columns=200)
    terminal.wait(lambda _: len(terminal.lines[10].split()) == len(ESXTOP) and terminal.lines[10].endswith("0.50"))
    lines = terminal.lines
    assert "2 VMs; MEM overcommit avg: 0.75, 0.50, 0.25" in lines[0]
    assert lines[1].split() == "PMEM /MB: 16384 total: 14336 guests, 300 ovhd, 1024 other".split()
    assert lines[2].split() == ("VMKMEM/MB: 15360 managed: 921 minfree, 600 free, soft state: "
                                "free memory fell below 4 %").split()
    assert lines[3].split() == "PSHARE/MB: 2048 shared, 512 common: 1536 saving".split()
    assert lines[4].split() == "SWAP /MB: 96 curr, 144 rclmtgt: 4.50 r/s, 0.75 w/s".split()
    assert lines[5].split() == "ZIP /MB: 180 zipped, 110 saved: 6.00 zip/s, 1.50 unzip/s".split()
    assert lines[6].split() == "MEMCTL/MB: 256 curr, 512 target, 4096 max".split()
    assert lines[8].split() == ESXTOP
    assert lines[9].split() == ("web01 1024.00 700.00 512.00 300.00 Y 64.00 96.00 665.00 32.00 48.00 1.50 0.25 "
                                "30.00 24.00 2.00 0.50").split()
    assert lines[10].split()[5] == "N" and lines[10].split()[11] == "-"
    # Titles of numbers end where their numbers end.
    assert lines[8].index("MEMSZ") + 5 == lines[9].index("1024.00") + 7


@pytest.mark.parametrize("key", ["q", "\003"])
def test_quit(top, daemon, key):
    daemon.add_vm("web01")
    terminal = top()
    terminal.wait("web01")
    terminal.type(key)
    assert terminal.wait_for_end() == 0


def test_refresh(top, daemon):
    """Space asks at once; the delay is far off."""
    vm = daemon.add_vm("web01")
    terminal = top("-d", "3600")
    terminal.wait("1024.00")
    vm["memory_bytes"] = 2 * GIB
    terminal.type(" ")
    terminal.wait("2048.00")


def test_delay(top, daemon):
    vm = daemon.add_vm("web01")
    terminal = top("-d", "3600")
    terminal.wait("web01")
    terminal.type("s")
    terminal.wait("now 3600")
    terminal.type("9", "x", "\x7f", "0.1", "\n")
    vm["memory_bytes"] = 2 * GIB
    terminal.wait("2048.00")
    terminal.type("s", "9999", "\n")
    terminal.wait("the delay is seconds from 0.1 to 3600")


def test_count(top, daemon):
    daemon.add_vm("web01")
    terminal = top("-n", "3", "-d", "0.1")
    assert terminal.wait_for_end() == 0
    assert [request[1] for request in daemon.requests] == ["content"] + ["QueryHostMemory", "QueryVmMemory"] * 3


def test_sorting(top, daemon):
    daemon.add_vm("web2", memory_bytes=GIB, balloon_bytes=3 * MIB, granted_bytes=5 * MIB)
    daemon.add_vm("web10", memory_bytes=3 * GIB, balloon_bytes=MIB, granted_bytes=2 * MIB)
    daemon.add_vm("db", memory_bytes=2 * GIB, balloon_bytes=2 * MIB, granted_bytes=3 * MIB)
    terminal = top()
    terminal.wait(lambda _: "web10" in terminal.text and names(terminal) == ["db", "web2", "web10"])
    for key, order in [("M", ["web10", "db", "web2"]), ("B", ["web2", "db", "web10"]), ("R", ["web10", "db", "web2"]),
                       ("N", ["db", "web2", "web10"]), (">", ["web10", "db", "web2"]), (">", ["web2", "db", "web10"]),
                       ("<", ["web10", "db", "web2"])]:
        terminal.type(key)
        terminal.wait(lambda _, order=order: names(terminal) == order)


def test_sort_option(top, daemon):
    daemon.add_vm("a", memory_bytes=GIB)
    daemon.add_vm("b", memory_bytes=2 * GIB)
    terminal = top("--sort", "memsz")
    terminal.wait(lambda text: "NAME" in text and names(terminal) == ["b", "a"])


def test_500_vms_scroll(top, daemon):
    for i in range(500):
        daemon.add_vm(f"vm{i:03}")
    terminal = top()
    terminal.wait("vm014")
    assert names(terminal) == [f"vm{i:03}" for i in range(15)]
    terminal.type("down", "down", "up")
    terminal.wait(lambda _: names(terminal)[0] == "vm001")
    terminal.type("\006")
    terminal.wait(lambda _: names(terminal)[0] == "vm015")
    terminal.type("\002", "up", "up", "up")
    terminal.wait(lambda _: names(terminal)[0] == "vm000")
    for _ in range(40):
        terminal.type("\006")
    terminal.wait(lambda _: names(terminal) == ["vm499"])
    with daemon.lock:
        del daemon.vms[3:]
    terminal.type(" ")
    terminal.wait(lambda _: names(terminal) == ["vm002"])


def test_number_of_rows(top, daemon):
    for i in range(50):
        daemon.add_vm(f"vm{i:02}")
    terminal = top()
    terminal.wait("vm14")
    terminal.type("#")
    terminal.wait("Number of rows")
    terminal.type("3\n")
    terminal.wait(lambda _: names(terminal) == ["vm00", "vm01", "vm02"])
    terminal.type("V", "0\n")
    terminal.wait("vm14")


def test_choosing_columns(top, daemon):
    daemon.add_vm("web01", pool="/prod")
    terminal = top("--columns", "name,memsz,pool")
    terminal.wait("/prod")
    assert terminal.lines[8].split() == ["NAME", "MEMSZ", "POOL"]
    terminal.type("f")
    terminal.wait("Configured memory")
    terminal.type("down", " ")
    terminal.wait(lambda text: "* MEMSZ" not in text and "* POOL" in text)
    terminal.type("\n")
    terminal.wait(lambda text: "NAME" in text and terminal.lines[8].split() == ["NAME", "POOL"])
    # The name cannot be switched off.
    terminal.type("f", " ", "\n")
    terminal.wait(lambda _: terminal.lines[8].split() == ["NAME", "POOL"])


def test_ordering_columns(top, daemon):
    daemon.add_vm("web01", pool="/prod")
    terminal = top("--columns", "memsz,grant,pool")
    terminal.wait("/prod")
    terminal.type("o")
    terminal.wait("< and > move")
    terminal.type("down", "down", "down", "<", "left", "<", "\n")
    terminal.wait(lambda text: "web01" in text and terminal.lines[8].split() == ["NAME", "POOL", "MEMSZ", "GRANT"])


def test_help(top, daemon):
    daemon.add_vm("web01")
    terminal = top()
    terminal.wait("web01")
    for key in "h?":
        terminal.type(key)
        terminal.wait("sort by MCTLSZ")
        terminal.type("x")
        terminal.wait("web01")


def test_narrow_terminal(top, daemon):
    """The name stays; columns that find no room are reached with the arrows. Nothing is cut in two."""
    daemon.add_vm("web01")
    terminal = top(columns=30)
    terminal.wait(lambda _: terminal.lines[8].split() == ["NAME", "MEMSZ", "GRANT"] and
                  terminal.lines[9].split() == ["web01", "1024.00", "700.00"])
    terminal.type("right", "right")
    terminal.wait(lambda _: terminal.lines[8].split()[:2] == ["NAME", "SZTGT"])
    terminal.type("left")
    terminal.wait(lambda _: terminal.lines[8].split()[:2] == ["NAME", "GRANT"])


@pytest.mark.parametrize("rows, columns", [(1, 1), (2, 3), (4, 20), (8, 10), (200, 300)])
def test_odd_sizes(top, daemon, rows, columns):
    daemon.add_vm("web01")
    terminal = top(rows=rows, columns=columns)
    for key in ("h", "x", "f", "down", "up", "\n", "o", "\n", "s", "\n", "right", "down", " "):
        terminal.type(key)
    terminal.type("q")
    assert terminal.wait_for_end() == 0


def test_resize(top, daemon):
    for i in range(40):
        daemon.add_vm(f"vm{i:02}")
    terminal = top()
    terminal.wait("vm14")
    terminal.resize(40, 120)
    terminal.wait("vm30")
    terminal.resize(12, 40)
    terminal.wait(lambda text: "NAME" in text and "vm05" in text and "vm30" not in text)


HOSTILE = ["\033[2Jevil", "a\x07b", "\u202egnirts", "x" * 500, "tab\there", "\x9b31mred", "new\nline", "ü"]


def test_hostile_names(top, daemon):
    """The terminal of these tests takes no byte that is not plain ASCII; the locale is C."""
    for name in HOSTILE:
        daemon.add_vm(name, pool=name, cause=name, power=name)
    daemon.host["state_cause"] = daemon.host["state"] = "\033[31mcause"
    terminal = top("--columns", "name,pool,cause,power", columns=200)
    for shown in ("\\x1b[2Jevil", "\\x1b[31mcause state", "a\\x07b", "new\\x0aline", "\\xc3\\xbc"):
        terminal.wait(shown)
    assert "x" * 25 not in terminal.lines[-1]


def test_utf8_names(top, daemon):
    """In a locale of UTF-8 letters are themselves."""
    daemon.add_vm("bücher")
    terminal = top(LC_ALL="C.UTF-8")
    seen = b""
    while "bücher".encode() not in seen:
        seen += os.read(terminal.ours, 65536)


def test_daemon_goes_and_comes_back(top, daemon):
    daemon.add_vm("web01")
    terminal = top("-d", "0.1")
    terminal.wait("web01")
    daemon.refuse["QueryHostMemory"] = ("SystemError", "the daemon is not well\033[2J")
    terminal.wait("the daemon is not well\\x1b[2J")
    assert "web01" in terminal.text
    del daemon.refuse["QueryHostMemory"]
    daemon.vms[0]["memory_bytes"] = 2 * GIB
    terminal.wait("2048.00")


def test_keys_while_the_daemon_is_slow(top, daemon):
    daemon.add_vm("web01")
    terminal = top("--timeout", "3600")
    terminal.wait("web01")
    asked = len(daemon.requests)
    daemon.gate.clear()
    terminal.type(" ")
    terminal.wait(lambda _: len(daemon.requests) > asked)
    terminal.type("h")
    terminal.wait("sort by MCTLSZ")
    terminal.type("x", "q")
    assert terminal.wait_for_end() == 0


def test_the_terminal_goes(top, daemon):
    daemon.add_vm("web01")
    terminal = top("-d", "3600")
    terminal.wait("web01")
    terminal.close()
    assert terminal.process.wait(timeout=20) == 0


def test_killed(top, daemon):
    """The terminal is as it was."""
    daemon.add_vm("web01")
    terminal = top("-d", "3600")
    terminal.wait("web01")
    assert not termios.tcgetattr(terminal.theirs)[3] & termios.ECHO
    terminal.process.send_signal(signal.SIGTERM)
    terminal.wait_for_end()
    assert termios.tcgetattr(terminal.theirs)[3] & termios.ECHO


def test_no_terminal(run, daemon):
    assert "--batch" in run("top", status=2).err


def test_unknown_terminal(top, daemon):
    terminal = top(TERM="nonsense")
    terminal.wait('"nonsense": set TERM')
    assert terminal.wait_for_end() == 1


def test_batch(run, daemon):
    for name in ("web01", *HOSTILE):
        daemon.add_vm(name, cause=name, limit_bytes=5 * MIB)
    out = run("top", "-b", "-n", "2", "-d", "0.1", env={"TERM": ""}).out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 2 * (1 + len(HOSTILE)) and out.count("host_state") == 1
    web01 = next(row for row in rows if row["name"] == "web01")
    vm = daemon.vms[0]
    for field, value in vm.items():
        if field in ("config", "faults_per_s"):  # no columns
            continue
        assert field in web01, field
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert float(web01[field]) == value, field
    assert web01["pager_limit_bytes"] == "" and web01["stopped"] == "no" and web01["host_state"] == "soft"
    assert out.isprintable() or not set(out) & {"\033", "\x07", "\x9b", "\u202e", "\t"}


def test_batch_letters(run, daemon):
    daemon.add_vm("web01")
    assert run("top", "-bn2", "-d0.1").out.count("web01") == 2
    assert "needs a value" in run("top", "-bn", status=2).err
    assert "unknown option -bx" in run("top", "-bx", status=2).err
    assert "--count" in run("top", "-bn0", status=2).err
    assert "twice" in run("top", "-bb", status=2).err


def test_batch_goes_on_after_a_gap(start, daemon):
    daemon.add_vm("web01")
    process = start("top", "-b", "-n", "1000", "-d", "0.1")
    assert process.stdout.readline().startswith("time,") and "web01" in process.stdout.readline()
    daemon.refuse["QueryVmMemory"] = ("SystemError", "starting")
    assert process.stderr.readline() == "aerostat: starting\n"
    with daemon.lock:
        daemon.refuse.clear()
        daemon.vms[0]["name"] = "later"
    while "later" not in process.stdout.readline():
        assert process.poll() is None


def test_batch_without_daemon(run):
    assert "no daemon runs at" in run("top", "-b", status=1).err


def test_reader_that_leaves(start, daemon):
    daemon.add_vm("web01")
    process = start("top", "-b", "-d", "0.1")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=20) == -signal.SIGPIPE
