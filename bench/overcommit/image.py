# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest of this benchmark: that of the tests, less what it does not need, and workload in it.

QEMU keeps the initramfs in its own memory for as long as the guest runs. That would be a tenth of
the host's memory here, and none of it the guest's.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from harness import ROOT, HarnessError, cache_root, guest_image

HERE = Path(__file__).resolve().parent / "guest"
CONTENT = ROOT / "tests/guest/image"
SOURCES = [*sorted(HERE.glob("*.c")), CONTENT / "content.c"]
HEADERS = [HERE / "workload.h", CONTENT / "pagecheck.h"]
UNNEEDED = ("bin/stress-ng", "bin/pagecheck", "lib/", "lib64/")
TRAILER = "TRAILER!!!"


def _compile(output):
    done = subprocess.run(
        ["gcc", "-static", "-O2", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-Wshadow",
         "-Wmissing-prototypes", f"-I{CONTENT}", "-o", output, *SOURCES],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise HarnessError(f"workload does not compile:\n{done.stdout}")


def _entries(data):
    """(name, whole entry) of each file in a cpio archive in the kernel's form."""
    def aligned(position):
        return (position + 3) & ~3

    position = 0
    while data[position:position + 6] == b"070701":
        fields = [int(data[position + 6 + 8 * i:position + 14 + 8 * i], 16) for i in range(13)]
        size, name_size = fields[6], fields[11]
        name = data[position + 110:position + 110 + name_size - 1].decode()
        end = aligned(aligned(position + 110 + name_size) + size)
        yield name, data[position:end]
        position = end


def _entry(name, mode, content=b""):
    raw = name.encode() + b"\0"
    # The number is beyond those of the archive that this is added to.
    fields = [1 << 20, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(raw), 0]
    header = b"070701" + b"".join(b"%08X" % field for field in fields) + raw
    return b"".join(part + bytes(-len(part) % 4) for part in (header, content))


def _write_initrd(source, program, output):
    parts = [entry for name, entry in _entries(source.read_bytes())
             if name != TRAILER and not name.startswith(UNNEEDED)]
    parts += [_entry("bin/workload", 0o100755, program.read_bytes()), _entry(TRAILER, 0)]
    output.write_bytes(b"".join(parts))


def workload_image():
    """The directory with the benchmark's vmlinuz and initrd, made now if it is not there yet."""
    base = guest_image()
    digest = hashlib.sha256(base.name.encode())
    for path in [Path(__file__), *SOURCES, *HEADERS]:
        digest.update(path.read_bytes())
    target = cache_root() / f"overcommit-{digest.hexdigest()[:16]}"
    if target.exists():
        return target
    with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as name:
        image = Path(name) / "image"
        image.mkdir()
        _compile(Path(name) / "workload")
        _write_initrd(base / "initrd", Path(name) / "workload", image / "initrd")
        shutil.copyfile(base / "vmlinuz", image / "vmlinuz")
        try:
            image.rename(target)
        except OSError:
            if not os.path.isdir(target):  # else another run was quicker
                raise
    return target
