// SPDX-License-Identifier: LGPL-2.1-or-later
/* Each round's figures by way of a worker, which says what changed: figures-worker.ts. */
import { ApiError } from './client';
import type { Answer, Asked, VmChanges } from './figures-worker';
import type { VmMemory } from './types';

type Figures = ReadonlyMap<string, VmMemory>;

let worker: Worker | null = null;

function make(): Worker {
  return new Worker(new URL('./figures-worker.ts', import.meta.url), { type: 'module' });
}

/** One question at a time. */
export function askFigures(asked: Asked): Promise<Answer> {
  const asks = (worker ??= make());
  return new Promise((resolve, reject) => {
    asks.onmessage = (event: MessageEvent<Answer>) => resolve(event.data);
    asks.onerror = () => {
      asks.terminate();
      worker = null;
      reject(
        new ApiError(
          "Read the VMs' memory",
          'A part of this page could not be loaded.',
          'Reload the page.',
          '',
          500,
        ),
      );
    };
    asks.postMessage(asked);
  });
}

/**
 * Takes over what changed. Numbers are written into the VMs that are there: a thousand new ones each round cost more
 * than all else.
 * @returns the same map unless VMs come or go, or something but a number changes
 */
export function takeChanges(before: Figures, { all, gone, changed, numbers }: VmChanges): Figures {
  let now = before;
  if (all || gone.length > 0 || changed.length > 0) {
    const next = new Map(all ? [] : before);
    for (const id of gone) next.delete(id);
    for (const [id, changes] of changed) next.set(id, { ...next.get(id), ...changes } as VmMemory);
    now = next;
  }
  const rows = [...now.values()] as Partial<Record<keyof VmMemory, unknown>>[];
  for (const { field, at, now: values } of numbers)
    for (let i = 0; i < at.length; i++) {
      const row = rows[at[i]!];
      if (row) row[field] = values[i];
    }
  return now;
}
