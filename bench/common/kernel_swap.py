# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel's own swap, turned on for a while and off again whatever happens."""

import contextlib
import os
import subprocess
from pathlib import Path

from harness import Undisturbed

ZRAM = "zram0"


class Unavailable(Exception):
    """This machine cannot show that part; the message says why."""


def swaps():
    lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split()[0] for line in lines]


def _run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(map(str, command))}: {done.stdout.strip()}")


def _need_root():
    if os.geteuid() != 0:
        raise Unavailable("only root can turn swap on")


def _off(path):
    if str(path) in swaps():
        subprocess.run(["swapoff", path], stdin=subprocess.DEVNULL, check=False)


@contextlib.contextmanager
def zram_swap(size_bytes, algorithm="lz4"):
    """Swap on zram0; yields the device's name."""
    _need_root()
    folder = Path("/sys/block") / ZRAM
    if not folder.exists():
        raise Unavailable(f"there is no {ZRAM}; modprobe zram")
    if (folder / "disksize").read_text(encoding="ascii").strip() != "0":
        raise Unavailable(f"{ZRAM} is in use; zramctl --reset /dev/{ZRAM} frees it")
    choice = (folder / "comp_algorithm").read_text(encoding="ascii")
    if algorithm not in choice.replace("[", "").replace("]", "").split():
        raise Unavailable(f"this kernel's zram has no {algorithm}")
    before = choice[choice.index("[") + 1:choice.index("]")]
    try:
        (folder / "comp_algorithm").write_text(algorithm, encoding="ascii")
        (folder / "disksize").write_text(str(size_bytes), encoding="ascii")
        _run("mkswap", f"/dev/{ZRAM}")
        _run("swapon", f"/dev/{ZRAM}")
        yield ZRAM
    finally:
        with Undisturbed():
            _off(f"/dev/{ZRAM}")
            (folder / "reset").write_text("1", encoding="ascii")
            (folder / "comp_algorithm").write_text(before, encoding="ascii")


@contextlib.contextmanager
def file_swap(folder, size_bytes):
    """A swap file in the folder."""
    _need_root()
    path = folder / "kernel.swap"
    try:
        with open(path, "wb") as stream:
            os.chmod(path, 0o600)
            os.posix_fallocate(stream.fileno(), 0, size_bytes)
        _run("mkswap", path)
        _run("swapon", path)
        yield
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from error
    finally:
        with Undisturbed():
            _off(path)
            path.unlink(missing_ok=True)
