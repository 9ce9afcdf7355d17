# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which pages of stopped guests are equal, byte by byte, and which of them are one page of the host."""

import collections
import hashlib
import os
import struct

PAGE = 4096
CHUNK_PAGES = 256
PRESENT = 1 << 63
FRAME = (1 << 55) - 1
KPF_ZERO_PAGE = 1 << 24
OFTEN = 200  # mappings of one frame that make it worth asking whether it is the kernel's zero page


def _frames(pid, start, end):
    """The host's page frame behind each page of a range, 0 where there is none."""
    with open(f"/proc/{pid}/pagemap", "rb", buffering=0) as stream:
        length = (end - start) // PAGE
        data = os.pread(stream.fileno(), length * 8, start // PAGE * 8)
    return [entry & FRAME if entry & PRESENT else 0 for entry in struct.unpack(f"={len(data) // 8}Q", data)]


def _zero_frames(frames):
    """Those of the often mapped frames that are the kernel's page of zeros: memory that costs nothing."""
    with open("/proc/kpageflags", "rb", buffering=0) as stream:
        return {frame for frame, count in frames.items() if count >= OFTEN
                and struct.unpack("=Q", os.pread(stream.fileno(), 8, frame * 8))[0] & KPF_ZERO_PAGE}


def _contents(pid, start, frames, zero):
    """The digest of each page that has a frame, read in long pieces."""
    digest = hashlib.blake2b
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as stream:
        for first in range(0, len(frames), CHUNK_PAGES):
            part = frames[first:first + CHUNK_PAGES]
            wanted = [i for i, frame in enumerate(part) if frame and frame not in zero]
            if not wanted:
                continue
            # Absent pages beyond the first and last that are wanted must not be touched into being.
            runs, begin = [], wanted[0]
            for a, b in zip(wanted, wanted[1:] + [None]):
                if b != a + 1:
                    runs.append((begin, a + 1))
                    begin = b
            for begin, end in runs:
                data = memoryview(os.pread(stream.fileno(), (end - begin) * PAGE, start + (first + begin) * PAGE))
                if len(data) != (end - begin) * PAGE:
                    raise OSError("guest memory could not be read")
                for offset in range(0, len(data), PAGE):
                    yield digest(data[offset:offset + PAGE], digest_size=16).digest()


def compare_memory(guests):
    """Pages that could be saved if all equal ones were one, and that are saved, of stopped guests."""
    ranges = []
    counts = collections.Counter()
    # First and quickly: KSM goes on meanwhile.
    for guest in guests:
        for start, end, _ in guest.guest_ram_mappings():
            frames = _frames(guest.pid, start, end)
            counts.update(frames)
            ranges.append((guest.pid, start, frames))
    counts.pop(0, None)
    if not counts:
        raise OSError("the pagemap tells no frames; only root may see them")
    zero = _zero_frames(counts)
    for frame in zero:
        del counts[frame]
    present, saved = sum(counts.values()), sum(counts.values()) - len(counts)
    contents = set()
    for pid, start, frames in ranges:
        contents.update(_contents(pid, start, frames, zero))
    possible = present - len(contents)
    return {"present_bytes": present * PAGE, "possible_bytes": possible * PAGE, "saved_bytes": saved * PAGE,
            "found": saved / possible if possible else None}
