// SPDX-License-Identifier: LGPL-2.1-or-later
/* Makes the VM and powers it on. Made once, it is only powered on at the next try. */
import { signal } from '@preact/signals';

import { call, ref } from '../../api/client';
import { datastores, pools, vms } from '../../api/inventory';
import { followTask } from '../../api/tasks';
import type { Ref } from '../../api/types';
import { folderPaths, poolPaths, vmFolders } from '../../vm/places';
import { draft, specOf } from './draft';

export interface Step {
  words: string;
  state: 'waits' | 'runs' | 'done' | 'failed';
  /** While it runs. */
  task?: Ref;
}

export interface Making {
  steps: [Step, Step];
  vm: Ref | null;
  error: unknown;
}

/** null: nothing is being made. */
export const making = signal<Making | null>(null);

export function isBusy(): boolean {
  return making.value?.steps.some(({ state }) => state === 'runs') ?? false;
}

/** What was made, but could not be powered on; null: nothing, or it is gone. */
export function madeVm(): Ref | null {
  const vm = making.value?.vm ?? null;
  return vm && vms.value.has(vm.value) ? vm : null;
}

function change(at: 0 | 1, fields: Partial<Step>, more: Partial<Making> = {}): void {
  const now = making.value;
  if (!now) return;
  const steps: Making['steps'] = [...now.steps];
  steps[at] = { ...steps[at], ...fields };
  making.value = { ...now, ...more, steps };
}

/** The uppermost of its kind. */
function top<T extends { ref: Ref }>(world: ReadonlyMap<string, T>, paths: ReadonlyMap<string, string>): Ref {
  const id = [...paths].find(([, path]) => path === '/')?.[0] ?? '';
  const found = world.get(id);
  if (!found) throw new Error('You may not see where VMs are made. Ask an administrator for a role there.');
  return ref(found.ref.type, found.ref.value);
}

async function run(at: 0 | 1, object: Ref, method: string, args: Record<string, unknown>): Promise<unknown> {
  const words = making.value?.steps[at].words ?? method;
  change(at, { state: 'runs' });
  try {
    const task = await call<Ref>(object, method, args, words);
    change(at, { task });
    const result = await followTask(task, words);
    change(at, { state: 'done' });
    return result;
  } catch (error) {
    change(at, { state: 'failed' }, { error });
    return null;
  }
}

/** @returns the VM that runs now; null: making.value.error says why there is none */
export async function make(): Promise<Ref | null> {
  const now = draft.peek();
  const made = madeVm();
  making.value = {
    steps: [
      { words: `Create ${now.name}`, state: made ? 'done' : 'waits' },
      { words: `Power on ${now.name}`, state: 'waits' },
    ],
    vm: made,
    error: null,
  };
  let vm = made;
  if (!vm) {
    const config = specOf(now, datastores.peek());
    const pool = top(pools.peek(), poolPaths.peek());
    vm = (await run(0, top(vmFolders.peek(), folderPaths.peek()), 'CreateVM_Task', { config, pool })) as Ref;
    if (!vm) return null;
    change(0, {}, { vm });
  }
  await run(1, ref('VirtualMachine', vm.value), 'PowerOnVM_Task', {});
  return making.value.error === null ? vm : null;
}
