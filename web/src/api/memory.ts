// SPDX-License-Identifier: LGPL-2.1-or-later
/* The memory scheduler's figures, asked for once a round, and the last minutes of them. */
import { batch, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { AEROSTAT, ApiError, call } from './client';
import { askFigures, takeChanges } from './figures';
import type { Answer, Wrong } from './figures-worker';
import { round } from './inventory';
import { forgetSession, session } from './session';
import type { HostMemory, PoolMemory, VmMemory } from './types';

/** Rounds that are kept. */
const KEPT = 600;

export const hostMemory = signal<HostMemory | null>(null);
/** The last minutes, the oldest first; a new array with each round. */
export const hostHistory = signal<readonly HostMemory[]>([]);
/**
 * By the VM's id; empty while no page wants them, see useVmMemory. A new map, with new rows, when VMs come and go and
 * when their words change; numbers change in their rows, see numbersRound.
 */
export const vmMemory = signal<ReadonlyMap<string, VmMemory>>(new Map());
/** Another with each round that changes numbers in vmMemory. */
export const numbersRound = signal(0);
export const poolMemory = signal<ReadonlyMap<string, PoolMemory>>(new Map());
/** Of VMs that a page follows, see useVmHistory. */
export const vmHistory = signal<ReadonlyMap<string, readonly VmMemory[]>>(new Map());
/** Why there are no figures, if there are none. */
export const memoryError = signal<ApiError | null>(null);

let vmReaders = 0;
let poolReaders = 0;
const followed = new Map<string, number>();
let busy = false;
let again = false;

function append<T>(list: readonly T[], item: T): T[] {
  return [...list.slice(-(KEPT - 1)), item];
}

function takeHost(memory: HostMemory): void {
  if (hostMemory.value?.time !== memory.time) hostHistory.value = append(hostHistory.value, memory);
  hostMemory.value = memory;
}

function keepFollowed(): void {
  if (followed.size === 0) return;
  const histories = new Map<string, readonly VmMemory[]>();
  for (const id of followed.keys()) {
    const row = vmMemory.value.get(id);
    const before = vmHistory.value.get(id) ?? [];
    histories.set(id, row ? append(before, { ...row }) : before);
  }
  vmHistory.value = histories;
}

function take({ host, vms }: Answer): void {
  if (host) takeHost(host);
  if (!vms) return;
  vmMemory.value = takeChanges(vmMemory.peek(), vms);
  if (vms.numbers.length > 0) numbersRound.value++;
  keepFollowed();
}

function errorOf({ what, why, cure, fault, status }: Wrong): ApiError {
  const error = new ApiError(what, why, cure, fault, status);
  if (error.signedOut) forgetSession();
  return error;
}

/* The host's figures come with the VMs', off the page's thread, where those are wanted. */
async function readFigures(): Promise<Answer> {
  if (vmReaders > 0) return askFigures({ all: vmMemory.peek().size === 0 });
  return { host: await call<HostMemory>(AEROSTAT, 'QueryHostMemory', {}, "Read the host's memory") };
}

async function readPools(): Promise<ReadonlyMap<string, PoolMemory>> {
  const rows = (await call<PoolMemory[]>(AEROSTAT, 'QueryPoolMemory', {}, "Read the pools' memory")) ?? [];
  return new Map(rows.map((row) => [row.pool.value, row]));
}

async function read(): Promise<void> {
  const asker = session.peek();
  const [figures, pools] = await Promise.allSettled([readFigures(), poolReaders > 0 ? readPools() : null]);
  if (session.peek() !== asker) return;
  // All at once: the page is drawn once a round.
  batch(() => {
    if (figures.status === 'fulfilled') take(figures.value);
    if (pools.status === 'fulfilled' && pools.value) poolMemory.value = pools.value;
  });
  for (const part of [figures, pools]) if (part.status === 'rejected') throw part.reason;
  if (figures.status === 'fulfilled' && figures.value.wrong) throw errorOf(figures.value.wrong);
}

/** A VM's figures of the last round, as they will stay. */
export function memoryOf(id: string): VmMemory | undefined {
  const row = numbersRound.value >= 0 ? vmMemory.value.get(id) : undefined;
  return row && { ...row };
}

/** One question at a time; what comes meanwhile is asked when the answer is there. */
export async function readMemory(): Promise<void> {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      await read();
    } while (again);
    memoryError.value = null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // That nobody answers, or that the session is over, is said elsewhere.
    if (!error.unreachable && !error.signedOut) memoryError.value = error;
  } finally {
    busy = false;
  }
}

effect(() => {
  if (round.value > 0 && session.peek()) void readMemory();
});

effect(() => {
  if (session.value) return;
  hostMemory.value = null;
  hostHistory.value = [];
  vmMemory.value = new Map();
  poolMemory.value = new Map();
  vmHistory.value = new Map();
});

/** A component that shows vmMemory calls this; the figures are read while there is one. */
export function useVmMemory(): void {
  useEffect(() => {
    if (vmReaders++ === 0) void readMemory();
    return () => void vmReaders--;
  }, []);
}

/** The same for poolMemory. */
export function usePoolMemory(): void {
  useEffect(() => {
    if (poolReaders++ === 0) void readMemory();
    return () => void poolReaders--;
  }, []);
}

/** Keeps the last minutes of a VM in vmHistory while the component is there. */
export function useVmHistory(id: string): void {
  useVmMemory();
  useEffect(() => {
    followed.set(id, (followed.get(id) ?? 0) + 1);
    return () => {
      const count = (followed.get(id) ?? 1) - 1;
      if (count > 0) followed.set(id, count);
      else followed.delete(id);
    };
  }, [id]);
}
