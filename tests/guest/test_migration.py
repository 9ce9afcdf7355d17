# SPDX-License-Identifier: LGPL-2.1-or-later
"""Live migration of a guest under a limit to another QEMU under a limit."""

from checks import assert_right, let_run, limit_held, unsampled
from harness import MIB, Guest, wait_until

LIMIT = 128 * MIB


def test_migrate_under_limits(own_workspace):
    source = Guest(own_workspace, unsampled(), memory_mib=384)
    # Slow enough for the migration to catch up with its writes.
    check = source.start_pagecheck(180, arguments="--rate 4000")
    target = Guest(own_workspace, unsampled(limit_mib=LIMIT // MIB), memory_mib=384, incoming=True)
    path = f"unix:{own_workspace.path}/migration"
    with limit_held(source, LIMIT):
        target.qmp("migrate-incoming", uri=path)
        source.qmp("migrate-set-parameters", max_bandwidth=1 << 30, downtime_limit=3000)
        source.qmp("migrate", uri=path)

        def completed():
            status = source.qmp("query-migrate")
            assert status["status"] not in ("failed", "cancelled"), f"{status}\n{target.stderr()}"
            return status["status"] == "completed"

        wait_until(completed, what="the migration to complete")
    wait_until(lambda: target.qmp("query-status")["status"] != "inmigrate", what="the target to be ready")
    target.adopt_jobs(source)
    assert source.quit() == 0
    with limit_held(target, LIMIT):
        target.qmp("cont")
        let_run(target, 2)
        assert check.stop() == 0
    assert_right(check)
    assert target.pager.get_stats().memory_bytes >= 384 * MIB
