# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the guests are governed by aerostat in this benchmark. Everything that is its own is here.

For now by the pager alone, without aerostatd: the budget is split equally, whoever is busy, there
is no balloon, and KSM runs at one fixed pace. `NOTE` says so in the results.
"""

import contextlib

from harness import MIB, Pager
from kernel_ksm import ksm_on
from meter import KSM_ITEM_BYTES
from pager_client import PagerClient

NOTE = "pager alone, equal split of the budget by its control sockets; no aerostatd, no balloon"
QEMU_MIB = 48        # of each VMM, until it is known
RESERVE_PART = 0.02  # of the budget: limits may be exceeded by some MiB for a moment
KSM_PAGES_TO_SCAN, KSM_SLEEP_MS = 1250, 20


class Aerostat:
    """The pager in each QEMU; the cgroup has no limit and only counts."""

    name = "aerostat"
    uses_ksm = True
    note = NOTE

    def __init__(self):
        self._cgroup = None
        self._budget_bytes = None

    @contextlib.contextmanager
    def host(self, workspace, guests_bytes):
        with ksm_on(KSM_PAGES_TO_SCAN, KSM_SLEEP_MS):
            yield

    def start(self, cgroup, budget_bytes, expected_bytes):
        self._cgroup = cgroup
        self._budget_bytes = budget_bytes

    def pager_for(self, count):
        """Settings of the pager of one of so many guests."""
        if self._budget_bytes is None:
            return Pager(sample_period_s=60)
        share_mib = self._budget_bytes // MIB // count - QEMU_MIB
        return Pager(limit_mib=max(32, int(share_mib * (1 - RESERVE_PART))), sample_period_s=60)

    def guests_up(self, guests):
        if self._budget_bytes is None:
            return
        clients = [PagerClient(guest.settings.socket) for guest in guests]
        consumed = sum(client.get_stats().consumed_bytes for client in clients)
        # What the VMMs themselves take is not the pagers' to give.
        others = max(0, self._cgroup.used_bytes() - consumed)
        records = sum(guest.memory_mib * MIB for guest in guests) // 4096 * KSM_ITEM_BYTES
        left = self._budget_bytes * (1 - RESERVE_PART) - others - records
        for client in clients:
            client.set_limit(max(32 * MIB, int(left / len(guests))))
            client.close()

    def guests_filled(self, guests):
        pass

    def end(self):
        pass

    def extra_bytes(self):
        return 0
