# SPDX-License-Identifier: LGPL-2.1-or-later
"""KSM turned on for a while and put back as it was whatever happens."""

import contextlib
import os
import re
import time
from pathlib import Path

from harness import KSM_LOCK, Undisturbed, ksm_turn
from kernel_swap import Unavailable

KSM = Path("/sys/kernel/mm/ksm")
PATIENCE_S = 60
SETTINGS = ("pages_to_scan", "sleep_millisecs")


@contextlib.contextmanager
def ksm_lock(patience_s=600):
    """Nobody else's test or benchmark uses KSM meanwhile: there is only one in a host."""
    with ksm_turn(patience_s) as ours:
        if not ours:
            raise Unavailable(f"another program holds {KSM_LOCK}")
        yield


def _read(name):
    return (KSM / name).read_text(encoding="ascii").strip()


def _write(name, value):
    (KSM / name).write_text(str(value), encoding="ascii")


def wait_ksm_free():
    """Somebody's test may be at work who does not know of the lock."""
    deadline = time.monotonic() + PATIENCE_S
    while _read("run") == "1" and time.monotonic() < deadline:
        time.sleep(0.2)
    if _read("run") == "1":
        raise Unavailable(f"KSM is on already; echo 0 >{KSM}/run, or stop what runs it")


@contextlib.contextmanager
def ksm_on(pages_to_scan, sleep_ms):
    """KSM at the pace given. What it has merged stays merged afterwards, as with any stop."""
    if os.geteuid() != 0:
        raise Unavailable("only root can turn KSM on")
    if not KSM.exists():
        raise Unavailable("this kernel has no KSM")
    with ksm_lock():
        wait_ksm_free()
        before = {name: _read(name) for name in SETTINGS}
        advisor = re.search(r"\[(.+)\]", _read("advisor_mode")) if (KSM / "advisor_mode").exists() else None
        try:
            if advisor:
                # It would choose pages_to_scan itself, and refuses to be told.
                _write("advisor_mode", "none")
            _write("pages_to_scan", pages_to_scan)
            _write("sleep_millisecs", sleep_ms)
            _write("run", 1)
            yield
        finally:
            with Undisturbed():
                # Stopped first. 2 would take apart what is merged, of other programs too.
                _write("run", 0)
                for name in SETTINGS:
                    _write(name, before[name])
                if advisor:
                    _write("advisor_mode", advisor[1])
