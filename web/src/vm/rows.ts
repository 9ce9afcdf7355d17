// SPDX-License-Identifier: LGPL-2.1-or-later
/* What tables of VMs have of each. */
import { computed } from '@preact/signals';

import { vms } from '../api/inventory';
import type { Vm, VmMemory } from '../api/types';
import { attributes, attributeText } from './attributes';
import { folderPaths, poolPaths } from './places';
import { type State, stateOf } from './state';

export interface VmRow {
  id: string;
  name: string;
  vm: Vm;
  /** The last round's figures; none of a VM that is off or new. */
  memory: VmMemory | undefined;
  state: State;
  folder: string;
  pool: string;
  attributes: string;
  more: VmMore | undefined;
}

/** What the inventory has besides, as `aerostat vm list`. */
export interface VmMore {
  uuid: string;
  datastore?: string;
  home?: string;
  parent?: string;
  linked?: boolean;
  snapshots?: number;
  disks?: number;
  adopted: boolean;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** By name, web2 before web10; sorted when they change, not with every round. */
const sortedVms = computed(() =>
  [...vms.value.values()].sort((a, b) => collator.compare(a.name ?? a.id, b.name ?? b.id)),
);

/* The same row as long as nothing of it changes: then its line is not drawn again. */
const made = new WeakMap<Vm, VmRow>();

function rowOf(parts: Omit<VmRow, 'id' | 'name' | 'state'>): VmRow {
  const { vm } = parts;
  const before = made.get(vm);
  if (before && (Object.keys(parts) as (keyof typeof parts)[]).every((key) => before[key] === parts[key]))
    return before;
  const row = { ...parts, id: vm.id, name: vm.name ?? vm.id, state: stateOf(vm, parts.memory) };
  made.set(vm, row);
  return row;
}

export function vmRows(memory: ReadonlyMap<string, VmMemory>, more: ReadonlyMap<string, VmMore>): VmRow[] {
  const folders = folderPaths.value;
  const pools = poolPaths.value;
  const defined = attributes.value;
  return sortedVms.value.map((vm) =>
    rowOf({
      vm,
      memory: memory.get(vm.id),
      folder: folders.get(vm.parent?.value ?? '') ?? '/',
      // A template is in none.
      pool: pools.get(vm.resourcePool?.value ?? '') ?? '',
      attributes: attributeText(vm.customValue, defined),
      more: more.get(vm['summary.config.instanceUuid'] ?? ''),
    }),
  );
}
