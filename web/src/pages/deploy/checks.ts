// SPDX-License-Identifier: LGPL-2.1-or-later
/* What could be in the way, found before anything is made; and what to do about it. */
import { AEROSTAT, call } from '../../api/client';
import { datastores, vms } from '../../api/inventory';
import { followTask } from '../../api/tasks';
import type { Ref } from '../../api/types';
import { bytes, plural } from '../../ui/format';
import { folderPaths, poolPaths } from '../../vm/places';
import type { Draft } from './draft';
import type { Parent } from './parent';

export interface Check {
  id: 'server' | 'names' | 'room' | 'memory';
  state: 'good' | 'warning' | 'error';
  text: string;
}

/** Throws what the server would refuse. It makes nothing. */
export async function askServer(draft: Draft, parent: Parent, names: string[]): Promise<void> {
  const snapshot = parent.snapshots.find(({ id }) => id === draft.snapshot);
  const asked = {
    vm: vms.value.get(draft.from)?.name,
    names,
    linked: draft.linked,
    power_on: draft.on,
    customization: draft.spec,
    new: true,
    what_if: true,
    ...(snapshot && { snapshot: `#${snapshot.number}` }),
    ...(draft.folder && { folder: folderPaths.value.get(draft.folder) }),
    ...(draft.store && { datastore: datastores.value.get(draft.store)?.name }),
  };
  const what = 'Check';
  const words = { operation: 'CloneVM', arguments: JSON.stringify(asked) };
  const task = await call<Ref>(AEROSTAT, 'RunOperation_Task', words, what);
  await followTask(task, what);
}

export function namesCheck(names: string[], taken: ReadonlySet<string>): Check {
  const there = names.filter((name) => taken.has(name));
  if (there.length === 0) return { id: 'names', state: 'good', text: 'The names are free.' };
  const some = there.slice(0, 5).join(', ') + (there.length > 5 ? ` and ${there.length - 5} more` : '');
  const text = `${some}: taken. Count on from the highest number there is, or choose another name.`;
  return { id: 'names', state: 'error', text };
}

/** A linked clone keeps what it changes alone; nobody knows how much that will be. */
export function roomCheck(draft: Draft, parent: Parent, storeId: string, count: number): Check {
  const store = datastores.value.get(storeId);
  const free = store?.['summary.freeSpace'];
  if (!store || free === undefined)
    return {
      id: 'room',
      state: 'warning',
      text: 'Nobody knows how much room there is: the parent lies on no datastore.',
    };
  const left = `${bytes(free)} free on ${store.name}`;
  const most = parent.diskBytes * count;
  if (most <= free)
    return { id: 'room', state: 'good', text: `Room: ${left}, at most ${bytes(most)} needed.` };
  const advice = 'Make room, choose another datastore, or make fewer.';
  const text = draft.linked
    ? `${left}; if all rewrote their disks, ${bytes(most)} would be needed. ${advice}`
    : `${left}; full copies can need ${bytes(most)}. ${advice}`;
  return { id: 'room', state: 'warning', text };
}

/** What is promised to each when it is powered on: its reservation and its overhead. @param left  bytes */
export function memoryCheck(
  draft: Draft,
  parent: Parent,
  poolId: string,
  left: number | null,
  count: number,
): Check {
  const name = poolPaths.value.get(poolId) ?? '/';
  if (!draft.on) return { id: 'memory', state: 'good', text: 'They stay off: no memory is promised.' };
  const each = parent.reservationMb * 1024 * 1024 + parent.overheadBytes;
  if (left === null)
    return { id: 'memory', state: 'warning', text: `What pool ${name} can promise is not known.` };
  const need = `${bytes(each)} each to be promised, ${bytes(left)} left in pool ${name}`;
  if (each * count <= left) return { id: 'memory', state: 'good', text: `Memory: ${need}.` };
  const fit = Math.floor(left / each);
  const text = `${need}: ${plural(fit, 'VM')} of ${count} can power on. Lower reservations, choose another pool, or leave them off.`;
  return { id: 'memory', state: 'error', text };
}
