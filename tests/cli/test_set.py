# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat pager set: what is accepted, what is sent and in which order, and how a refusal is told."""

import errno
import os
import pty

import fake_pager
import pytest
from fake_pager import (MIB, SET_CACHE_PCT, SET_CODEC, SET_LIMIT, SET_RESERVATION, SET_SAMPLING, UNLIMITED)

QUICK = ("--timeout", "0.2")


@pytest.mark.parametrize("size, expected", [
    ("256M", 256 * MIB), ("256m", 256 * MIB), ("256MB", 256 * MIB), ("256MiB", 256 * MIB), ("1.5G", 1536 * MIB),
    ("262144K", 256 * MIB), ("4194304", 4 * MIB), ("4194304B", 4 * MIB), ("2T", 2 << 40), ("4M", 4 * MIB),
    ("50%", 512 * MIB), ("12.5%", 128 * MIB), ("100%", 1024 * MIB), ("33.3%", 357556027 // 4096 * 4096),
    ("none", UNLIMITED), ("unlimited", UNLIMITED), ("9007199254740993", 9007199254740993),
])
def test_sizes(run, host, size, expected):
    pager = host.add()
    run("pager", "set", "web01", "--limit", size)
    assert pager.sets == [(SET_LIMIT, expected, 0)]


@pytest.mark.parametrize("size", [
    "", "M", "-1M", "+8M", " 8M", "8M ", "8 M", "8Q", "8MM", "8Mi", "8BB", "1e9", "0x800000", "1.5.5M", ".5G", "5.G",
    "101%", "-5%", "%", "50%%", "nan", "inf", "99999999999999999999", "99999999T", "9999999.5T", "None", "8M\x1b",
])
def test_bad_sizes(run, host, size):
    pager = host.add()
    err = run("pager", "set", "web01", f"--limit={size}", status=2).err
    assert "256M" in err and "none" in err and "\x1b" not in err
    assert "none" not in run("pager", "set", "web01", f"--reservation={size}", status=2).err.split(", not ")[0]
    assert pager.requests == []


@pytest.mark.parametrize("words, message", [
    (["--limit", "4194303"], "4M at least"),
    (["--limit", "0"], "4M at least"),
    (["--limit", "0.1%"], "4M at least"),
    (["--limit", "512"], "without a unit is bytes"),
    (["--reservation", "1025M"], "0 to 1G"),
    (["--cache-pct", "101"], "0 to 100"),
    (["--cache-pct", "ten"], "0 to 100"),
    (["--codec", "gzip"], "off, lz4, zstd"),
    (["--sample-period", "0.5"], "1 to 3600"),
    (["--sample-period", "3601"], "3600"),
    (["--sample-pages", "0"], "1 to 1024"),
    (["--sample-pages", "1025"], "1 to 1024"),
    (["--wait", "--cache-pct", "5", "--what-if"], "--what-if"),
    (["--wait=x", "--cache-pct", "5"], "--wait"),
    ([], "nothing to set"),
    (["--wait"], "nothing to set"),
    (["--all", "--cache-pct", "5"], "exclude"),
])
def test_bad_values_change_nothing(run, host, words, message):
    pager = host.add()
    # A good value beside the bad one is not sent either.
    good = ["--codec", "zstd"] if words and "--codec" not in words and words != ["--wait"] else []
    assert message in run("pager", "set", "web01", *good, *words, status=2).err
    assert pager.sets == []


def test_no_vm_named(run, host):
    host.add()
    assert "--all" in run("pager", "set", "--cache-pct", "5", status=2).err


def test_a_value_wrong_for_one_vm_changes_none(run, host):
    large, small = host.add("large"), host.add("small")
    small.stats.memory_bytes = 256 * MIB
    assert "small" in run("pager", "set", "large", "small", "--reservation", "512M", status=2).err
    assert "small" in run("pager", "set", "--all", "--limit", "1.2%", status=2).err
    assert "other" in run("pager", "set", "large", "other", "--limit", "64M", status=3).err
    assert large.sets == small.sets == []


def test_everything_in_order(run, host):
    """The limit last: what it evicts goes by the other settings."""
    pager = host.add()
    out = run("pager", "set", "--limit", "25%", "web01", "--reservation=128M", "--cache-pct", "20", "--codec", "zstd",
              "--sample-period", "2.5", "--sample-pages", "64").out
    assert pager.sets == [(SET_CODEC, 2, 0), (SET_CACHE_PCT, 20, 0), (SET_SAMPLING, 2500, 64),
                          (SET_RESERVATION, 128 * MIB, 0), (SET_LIMIT, 256 * MIB, 0)]
    assert out.splitlines() == [
        "web01: codec: lz4 -> zstd", "web01: cache: 10 % -> 20 %",
        "web01: sampling: 100 pages every 60 s -> 64 pages every 2.5 s", "web01: reservation: 0 -> 128M",
        "web01: limit: none -> 256M"]
    assert run("pager", "set", "web01", "--limit", "256M").out == "web01: limit: 256M, as before\n"


def test_half_of_the_sampling_keeps_the_other(run, host):
    pager = host.add()
    run("pager", "set", "web01", "--sample-pages", "7")
    run("pager", "set", "web01", "--sample-period", "0")
    assert pager.sets == [(SET_SAMPLING, 60000, 7), (SET_SAMPLING, 0, 7)]


def test_what_if(run, host):
    pagers = [host.add("a"), host.add("b")]
    pagers[1].stats.memory_bytes = 512 * MIB
    out = run("pager", "set", "--all", "--limit", "50%", "--what-if").out
    assert out.splitlines() == ["What if: a: limit: none -> 512M", "What if: b: limit: none -> 256M"]
    assert not any(pager.sets for pager in pagers)
    run("pager", "set", "a", "--reservation", "2G", "--what-if", status=2)


def test_all(run, host):
    pagers = [host.add(f"vm{i}") for i in range(30)]
    assert len(run("pager", "set", "--all", "--cache-pct", "15").out.splitlines()) == 30
    assert all(pager.sets == [(SET_CACHE_PCT, 15, 0)] for pager in pagers)


def test_all_of_none(run):
    assert "no VM" in run("pager", "set", "--all", "--cache-pct", "15").err


def test_all_but_a_silent_one(run, host):
    pager = host.add("web01")
    host.add("silent", mangle=lambda data: None)
    process = run("pager", "set", "--all", "--cache-pct", "15", *QUICK, status=4)
    assert process.out == "web01: cache: 10 % -> 15 %\n" and "no answer" in process.err
    assert pager.sets == [(SET_CACHE_PCT, 15, 0)]


def test_a_named_vm_given_twice(run, host):
    pager = host.add()
    run("pager", "set", "web01", "5000000", "web01", "--cache-pct", "15")
    run("pager", "set", pager.path, pager.path, "--cache-pct", "16")
    assert pager.sets == [(SET_CACHE_PCT, 15, 0), (SET_CACHE_PCT, 16, 0)]


def test_refusal(run, host):
    """The pager's own words are shown; that VM is asked no more, the others are."""
    full = host.add("full", refuse={SET_RESERVATION: (errno.ENOSPC, b"the swap file cannot grow by 512 MiB")})
    fine = host.add("fine")
    process = run("pager", "set", "full", "fine", "--reservation", "0", "--limit", "64M", status=1)
    assert "full: reservation not changed: the swap file cannot grow by 512 MiB" in process.err
    assert [r[0] for r in full.sets] == [SET_RESERVATION]
    assert [r[0] for r in fine.sets] == [SET_RESERVATION, SET_LIMIT]
    assert "fine: limit: none -> 64M" in process.out and "full" not in process.out


def test_refusal_without_words(run, host):
    host.add(refuse={SET_LIMIT: (errno.EBUSY, b"")})
    assert os.strerror(errno.EBUSY) in run("pager", "set", "web01", "--limit", "64M", status=1).err


def test_silence_in_the_midst(run, host):
    def fall_silent(pager, request):
        if request.type == SET_LIMIT:
            pager.mangle = lambda data: None
    host.add(hook=fall_silent)
    err = run("pager", "set", "web01", "--limit", "64M", *QUICK, status=4).err
    assert "when the pager goes on" in err


def test_limit_below_reservation_is_pointed_out(run, host):
    host.add().stats.reservation_bytes = 512 * MIB
    assert "below the reservation" in run("pager", "set", "web01", "--limit", "256M").err
    assert run("pager", "set", "web01", "--limit", "512M").err == ""
    assert run("pager", "set", "web01", "--cache-pct", "5").err == ""


def evict_on_ask(pager, request):
    """Eviction that makes progress whenever somebody looks."""
    if request.type == fake_pager.GET_STATS and pager.stats.limit_bytes != UNLIMITED:
        pager.stats.consumed_bytes = max(pager.stats.consumed_bytes - 200 * MIB, 50 * MIB)


def test_wait(run, host):
    pager = host.add(hook=evict_on_ask)
    done = host.add("small")
    done.stats.consumed_bytes = 8 * MIB
    process = run("pager", "set", "--all", "--limit", "64M", "--wait")
    assert process.err == "" and pager.stats.consumed_bytes <= 64 * MIB
    assert len(done.requests) == 2


def test_wait_runs_out(run, host):
    host.add()
    process = run("pager", "set", "web01", "--limit", "64M", "--wait=0.2", status=4)
    assert "still 430M above its limit" in process.err and "none -> 64M" in process.out


def test_wait_for_one_that_ends(run, host):
    def end(pager, request):
        if pager.sets:
            pager.rude = True
            raise ConnectionResetError(errno.ECONNRESET, "the VM ended")
    pager = host.add()
    pager.hook = lambda p, r: end(p, r) if p.requests[-1][0] == fake_pager.GET_STATS else None
    assert "closed" in run("pager", "set", "web01", "--limit", "64M", "--wait", status=1).err


def test_progress_on_a_terminal(run, host):
    host.add(hook=evict_on_ask)
    ours, theirs = pty.openpty()
    run("pager", "set", "web01", "--limit", "64M", "--wait", stderr=theirs)
    os.close(theirs)
    assert b"1 of 1 above their limits, 430M to go" in os.read(ours, 4096)
    os.close(ours)
