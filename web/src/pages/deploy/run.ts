// SPDX-License-Identifier: LGPL-2.1-or-later
/* The deployment that is under way: it goes on while other pages are looked at. */
import { signal } from '@preact/signals';

import { call } from '../../api/client';
import { datastores, folders, networks, pools, vms } from '../../api/inventory';
import { cancelTask, followTask } from '../../api/tasks';
import type { Ref, Vm } from '../../api/types';
import { say, sayError } from '../../ui/Toast';
import type { Draft } from './draft';
import { type Parent, readSpec } from './parent';

export interface Machine {
  name: string;
  state: 'waits' | 'runs' | 'made' | 'before' | 'failed' | 'cancelled';
  task: Ref | null;
  /** The VM that was made. */
  vm: Ref | null;
  error: unknown;
  ms: number;
}

export interface Run {
  parent: string;
  linked: boolean;
  machines: Machine[];
  begunMs: number;
  /** 0: it is still under way. */
  endedMs: number;
  cancelled: boolean;
}

export const run = signal<Run | null>(null);

const AT_ONCE = 4;

function set(index: number, fields: Partial<Machine>): void {
  const now = run.peek();
  if (!now) return;
  run.value = {
    ...now,
    machines: now.machines.map((each, i) => (i === index ? { ...each, ...fields } : each)),
  };
}

function cardChange(parent: Parent, group: string): object[] {
  if (!parent.card) return [];
  const network = [...networks.value.values()].find(({ name }) => name === group);
  const backing = {
    _typeName: 'VirtualEthernetCardNetworkBackingInfo',
    deviceName: group,
    ...(network && { network: network.ref }),
  };
  const { _typeName, key } = parent.card;
  return [{ _typeName: 'VirtualDeviceConfigSpec', operation: 'edit', device: { _typeName, key, backing } }];
}

/** The folder that they go to, and what CloneVM_Task is told of all of them. */
async function specOf(
  draft: Draft,
  parent: Parent,
  vm: Vm,
): Promise<{ folder: Ref | undefined; spec: object }> {
  const snapshot = draft.snapshot || (draft.linked && parent.snapshots.find(({ current }) => current)?.id);
  const location = {
    _typeName: 'VirtualMachineRelocateSpec',
    pool: pools.value.get(draft.pool)?.ref ?? vm.resourcePool,
    ...(draft.linked && { diskMoveType: 'createNewChildDiskBacking' }),
    ...(draft.store && { datastore: datastores.value.get(draft.store)?.ref }),
  };
  const deviceChange = draft.group ? cardChange(parent, draft.group) : [];
  const spec = {
    _typeName: 'VirtualMachineCloneSpec',
    location,
    template: false,
    powerOn: draft.on,
    ...(snapshot && { snapshot: { type: 'VirtualMachineSnapshot', value: snapshot } }),
    ...(draft.spec && { customization: await readSpec(draft.spec) }),
    ...(deviceChange.length > 0 && { config: { _typeName: 'VirtualMachineConfigSpec', deviceChange } }),
  };
  return { folder: folders.value.get(draft.folder)?.ref ?? vm.parent, spec };
}

async function make(vm: Vm, index: number, name: string, args: object): Promise<void> {
  const begun = Date.now();
  const what = `Clone ${vm.name} to ${name}`;
  try {
    const task = await call<Ref>(vm.ref, 'CloneVM_Task', { ...args, name }, what);
    set(index, { state: 'runs', task });
    if (run.peek()?.cancelled) await cancelTask(task, name).catch(() => {});
    const made = await followTask<Ref>(task, what);
    set(index, { state: 'made', vm: made, ms: Date.now() - begun });
  } catch (error) {
    set(index, { state: run.peek()?.cancelled ? 'cancelled' : 'failed', error, ms: Date.now() - begun });
  }
}

function finish(): void {
  const now = run.peek();
  if (!now) return;
  const machines = now.machines.map((each) =>
    each.state === 'waits' ? { ...each, state: 'cancelled' as const } : each,
  );
  run.value = { ...now, machines, endedMs: Date.now() };
  const made = machines.filter(({ state }) => state === 'made' || state === 'before').length;
  say(
    `${made} of ${machines.length} clones of ${now.parent} are there.`,
    made === machines.length ? 'good' : 'warning',
  );
}

/** Starts it. @param before  those of the names that were made before, by an earlier start of the same */
export async function start(
  draft: Draft,
  parent: Parent,
  names: string[],
  before: ReadonlySet<string>,
): Promise<void> {
  const vm = vms.value.get(draft.from);
  if (!vm) throw new Error('The parent is not there any more.');
  const args = await specOf(draft, parent, vm);
  const machines = names.map((name): Machine => {
    const there = before.has(name);
    return { name, state: there ? 'before' : 'waits', task: null, vm: null, error: null, ms: 0 };
  });
  run.value = {
    parent: vm.name ?? draft.from,
    linked: draft.linked,
    machines,
    begunMs: Date.now(),
    endedMs: 0,
    cancelled: false,
  };
  let next = 0;
  const work = async () => {
    while (next < machines.length && !run.peek()?.cancelled) {
      const index = next++;
      const name = names[index];
      if (name !== undefined && machines[index]?.state === 'waits') await make(vm, index, name, args);
    }
  };
  void Promise.all(Array.from({ length: AT_ONCE }, work)).then(finish);
}

/** What runs is cancelled, what waits is not begun; what is made stays. */
export function cancel(): void {
  const now = run.peek();
  if (!now) return;
  run.value = { ...now, cancelled: true };
  for (const { state, task, name } of now.machines)
    if (state === 'runs' && task) cancelTask(task, name).catch(sayError);
}
