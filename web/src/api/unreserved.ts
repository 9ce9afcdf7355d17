// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a resource pool can still promise. */
import { get } from './client';
import { pools } from './inventory';
import { useLoad } from './load';

const LOOK_MS = 5000;

/** Bytes that can still be promised to VMs of the pool; null: not known (yet). */
export function useUnreserved(poolId: string): number | null {
  const pool = pools.value.get(poolId);
  const read = async () => {
    if (!pool) return null;
    const what = `Read the pool ${pool.name}`;
    const { memory } = await get<{ memory: { unreservedForVm: number } }>(pool.ref, 'runtime', what);
    return memory.unreservedForVm;
  };
  return useLoad(read, LOOK_MS, [poolId, pool === undefined]).data;
}
