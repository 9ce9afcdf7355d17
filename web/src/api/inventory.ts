// SPDX-License-Identifier: LGPL-2.1-or-later
/* The live world: what the server last said of every object, by id. Each map is a new one after a change. */
import { batch, computed, signal, type Signal } from '@preact/signals';

import type {
  Datastore,
  Folder,
  Host,
  Live,
  Network,
  ObjectUpdate,
  Pool,
  PropertyChange,
  Task,
  UpdateSet,
  Vm,
} from './types';
import { plain } from './client';

type World<T> = ReadonlyMap<string, T>;

export const vms = signal<World<Vm>>(new Map());
export const folders = signal<World<Folder>>(new Map());
export const pools = signal<World<Pool>>(new Map());
export const networks = signal<World<Network>>(new Map());
export const datastores = signal<World<Datastore>>(new Map());
export const hosts = signal<World<Host>>(new Map());
export const tasks = signal<World<Task>>(new Map());

/** Of the memory scheduler; 0 before the first. */
export const round = signal(0);

/** Whether the first complete picture is there. */
export const loaded = signal(false);

/** There is one host. */
export const host = computed<Host | undefined>(() => hosts.value.values().next().value);

/** Templates are no VMs to most pages. */
export const machines = computed<Vm[]>(() =>
  [...vms.value.values()].filter((vm) => vm['summary.config.template'] !== true),
);

/** What is watched, by type: where it is kept and which properties. */
const KINDS: Record<string, { store: Signal<World<Live<object>>>; paths: string[] }> = {
  VirtualMachine: {
    store: vms as Signal<World<Live<object>>>,
    paths: [
      'name',
      'parent',
      'resourcePool',
      'runtime.powerState',
      'runtime.question',
      'runtime.bootTime',
      'summary.config.template',
      'summary.config.memorySizeMB',
      'summary.config.numCpu',
      'summary.config.instanceUuid',
      'guest.hostName',
      'guest.ipAddress',
      'overallStatus',
      'customValue',
    ],
  },
  Folder: { store: folders as Signal<World<Live<object>>>, paths: ['name', 'parent', 'childType'] },
  ResourcePool: {
    store: pools as Signal<World<Live<object>>>,
    paths: ['name', 'parent', 'config.memoryAllocation'],
  },
  Network: { store: networks as Signal<World<Live<object>>>, paths: ['name', 'parent'] },
  Datastore: {
    store: datastores as Signal<World<Live<object>>>,
    paths: ['name', 'summary.capacity', 'summary.freeSpace', 'summary.accessible'],
  },
  HostSystem: {
    store: hosts as Signal<World<Live<object>>>,
    paths: ['name', 'summary.hardware.memorySize', 'runtime.bootTime'],
  },
  Task: { store: tasks as Signal<World<Live<object>>>, paths: ['info'] },
};

/** Types whose objects a container view finds. */
export const VIEWED = Object.keys(KINDS).filter((type) => type !== 'Task');

export function pathsOf(type: string): string[] {
  return KINDS[type]?.paths ?? [];
}

function changed(before: Live<object>, changes: PropertyChange[]): Live<object> {
  const after: Record<string, unknown> = { ...before };
  for (const { name, op, val } of changes) {
    if (op === 'remove' || op === 'indirectRemove' || val === undefined) delete after[name];
    else after[name] = plain(val);
  }
  return after as unknown as Live<object>;
}

/** Objects of a type that extends a watched one (a port group is a Network) are kept with those. */
function kindOf(type: string) {
  return KINDS[type === 'DistributedVirtualPortgroup' || type === 'OpaqueNetwork' ? 'Network' : type];
}

function take(
  update: ObjectUpdate,
  drafts: Map<Signal<World<Live<object>>>, Map<string, Live<object>>>,
): void {
  if (update.obj.type === 'AerostatManager') {
    for (const { name, val } of update.changeSet ?? [])
      if (name === 'round') round.value = Number(plain(val));
    return;
  }
  const kind = kindOf(update.obj.type);
  if (!kind) return;
  let draft = drafts.get(kind.store);
  if (!draft) drafts.set(kind.store, (draft = new Map(kind.store.peek())));
  const id = update.obj.value;
  if (update.kind === 'leave') draft.delete(id);
  else draft.set(id, changed(draft.get(id) ?? { ref: update.obj, id }, update.changeSet ?? []));
}

/** Applies what changed; one repaint, however much it is. */
export function applyUpdates(set: UpdateSet): void {
  batch(() => {
    const drafts = new Map<Signal<World<Live<object>>>, Map<string, Live<object>>>();
    for (const filter of set.filterSet ?? [])
      for (const update of filter.objectSet ?? []) take(update, drafts);
    for (const [store, draft] of drafts) store.value = draft;
    if (!set.truncated) loaded.value = true;
  });
}

/** Forgets everything: of another session, or of a connection that was lost. */
export function clearInventory(): void {
  batch(() => {
    for (const { store } of Object.values(KINDS)) store.value = new Map();
    round.value = 0;
    loaded.value = false;
  });
}
