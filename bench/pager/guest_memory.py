# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a real guest gives the benchmark: its memory as page content, and the time its work takes."""

import hashlib
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from harness import MIB, Guest, HarnessError, Pager, cache_root, guest_image

PAGE = 4096
MEMORY_MIB = 512

# A guest that has worked: files read and copied, text sorted, programs' heaps, memory in use and let
# go of. The first ones run to their end; the others still run when the memory is taken.
FINISHED = [
    "sh -c 'find / -xdev -type f -exec sha256sum {} + | sort -k 2 >/tmp/sums'",
    "sh -c 'mkdir /tmp/copy && cp -r /bin /lib /lib64 /modules /tmp/copy; true'",
    "sh -c 'strings /bin/stress-ng /lib/*.so* | sort | uniq -c | sort -rn >/tmp/strings'",
    "stress-ng --matrix 1 --qsort 1 --timeout 2 --temp-path /tmp",
    "stress-ng --vm 1 --vm-bytes 16M --timeout 2 --temp-path /tmp",
]
RUNNING = [
    "awk 'BEGIN { for (i = 0; i < 150000; i++) a[i \"-key\"] = \"value of \" i; system(\"sleep 1000\") }'",
    "sh -c 'vi /tmp/strings </dev/ttyS0'",
]
CHECKED_MIB = 64

# The work of which the time is taken, by the guest's own clock: fills memory, then computes with it.
JOB = "pagecheck memory --mib 128 --accesses 60000"
JOB_PATIENCE_S = 120
JOBS_PER_PAIR = 4


def _take_memory(workspace, target):
    """Boots a guest with its memory in a file, has it work, and copies what it has touched."""
    ram = workspace.path / "ram"
    guest = Guest(workspace, memory_mib=MEMORY_MIB, balloon=None, arguments=[
        "-object", f"memory-backend-file,id=ram,size={MEMORY_MIB}M,mem-path={ram},share=on",
        "-machine", "memory-backend=ram"])
    for command in FINISHED:
        guest.run(command)
    for command in RUNNING:
        guest.start(command)
    guest.start_pagecheck(CHECKED_MIB)
    time.sleep(3)
    guest.qmp("stop")
    guest.kill()
    # Through the cache of the disk: what the guest never touched is a hole.
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as output:
        try:
            with open(ram, "rb") as stream:
                _copy_data(stream, output)
        except BaseException:
            os.unlink(output.name)
            raise
    os.replace(output.name, target)


def _copy_data(stream, output):
    """Copies what is no hole, one piece after the other."""
    size = os.fstat(stream.fileno()).st_size
    end = 0
    while True:
        try:
            start = os.lseek(stream.fileno(), end, os.SEEK_DATA)
        except OSError:
            return
        end = os.lseek(stream.fileno(), start, os.SEEK_HOLE)
        start, end = start // PAGE * PAGE, min(-(-end // PAGE) * PAGE, size)
        stream.seek(start)
        while start < end:
            data = stream.read(min(MIB, end - start))
            output.write(data)
            start += len(data)


def guest_memory(workspace):
    """The file with the content, made now if it is not there yet for this image."""
    image = guest_image()
    work = hashlib.sha256("\n".join([*FINISHED, *RUNNING, str(MEMORY_MIB), str(CHECKED_MIB)]).encode())
    target = cache_root() / f"memory-{image.name}-{work.hexdigest()[:8]}"
    if not target.exists():
        for old in cache_root().glob("memory-guest-*"):
            old.unlink()
        _take_memory(workspace, target)
    return target


def cpu_seconds(guest):
    """Processor time of the guest's QEMU, all of its threads."""
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0])
               for task in Path(f"/proc/{guest.pid}/task").iterdir()) / 1e9


def _time_job(guest):
    """(seconds, CPU seconds) of the job; the guest runs only meanwhile."""
    guest.qmp("cont")
    cpu = cpu_seconds(guest)
    job = guest.run(JOB, timeout=JOB_PATIENCE_S)
    cpu = cpu_seconds(guest) - cpu
    guest.qmp("stop")
    times = [float(value) for value in re.findall(r"(?<= seconds=)[\d.]+", job.output())]
    if job.status != 0 or len(times) != 2:
        raise HarnessError(f"{job} failed: {job.output()}")
    return sum(times), cpu


def _medians(times):
    return [statistics.median(column) for column in zip(*times)]


def idle_pairs(workspace, pairs):
    """Times the job in a guest with the library and no limit, and in one without it.

    Each pair is two new guests, whose jobs run in turn: what a process happens to get, of memory and
    caches, is not taken for the library's doing. Yields the times of the first job, for which the
    host has to provide memory, and the medians of the later ones; each as ((seconds, CPU seconds)
    with, the same without).
    """
    for pair in range(pairs):
        guests = [Guest(workspace, pager=pager, memory_mib=MEMORY_MIB) for pager in (Pager(), None)]
        try:
            for guest in guests:
                guest.qmp("stop")
            times = {guest: [] for guest in guests}
            for turn in range(1 + JOBS_PER_PAIR):
                for guest in guests if (pair + turn) % 2 == 0 else guests[::-1]:
                    times[guest].append(_time_job(guest))
            yield ([times[guest][0] for guest in guests],
                   [_medians(times[guest][1:]) for guest in guests])
        finally:
            for guest in guests:
                guest.kill()


def free_memory_mib():
    with open("/proc/meminfo", encoding="ascii") as stream:
        for line in stream:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) // 1024
    return 0


def disk_free_mib(path):
    return shutil.disk_usage(path).free // MIB
