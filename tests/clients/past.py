# SPDX-License-Identifier: LGPL-2.1-or-later
"""A past for a daemon that is not running: what it would have measured and told before it ended.

    past.write(folder / "state", [(time_ms, "host-3", {98: 4096})], [(time_ms, "state", None, "memory is soft, was high: ...")])
"""

import sqlite3
import struct

INTERVAL_MS = 300_000


def packed(counters):
    """{key: value}, as src/api/manager/perf-store.c keeps them."""
    return b"".join(struct.pack("<HI", key, value) for key, value in counters.items())


def objects(state_dir):
    """The ids of the host and of its VMs."""
    database = sqlite3.connect(state_dir / "inventory.sqlite")
    found = database.execute("SELECT kind || '-' || id FROM object_id WHERE kind IN ('vm', 'host') AND gone IS NULL").fetchall()
    database.close()
    return [name for name, in found]


def write(state_dir, samples, events=()):
    """In place of what it has. samples: (time_ms, object's id, {counter's key: value}); events: (time_ms, type, VM's name or
    None, message), the oldest first."""
    database = sqlite3.connect(state_dir / "inventory.sqlite")
    with database:
        database.execute("DELETE FROM sample")
        database.executemany("INSERT INTO sample VALUES (?, ?, ?)",
                             [(time_ms, thing, packed(counters)) for time_ms, thing, counters in samples])
        database.execute("DELETE FROM event")
        database.executemany("INSERT INTO event (time_ms, type, vm, message) VALUES (?, ?, ?, ?)", events)
    database.close()
