// SPDX-License-Identifier: LGPL-2.1-or-later
/* The folders and the pools as trees, with how many VMs are in each. */
import { useMemo } from 'preact/hooks';

import { vms } from '../../api/inventory';
import type { Ref, Vm } from '../../api/types';
import { Tree, type TreeNode } from '../../ui/Tree';
import { folderPaths, isWithin, poolPaths, poolPlaces, vmFolders } from '../../vm/places';
import type { VmRow } from '../../vm/rows';
import type { IconName } from '../../ui/Icon';

interface Placed {
  id: string;
  name?: string;
  parent?: Ref;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/* Each VM counts for its place and for all above it. */
function countBy(
  machines: ReadonlyMap<string, Vm>,
  place: (vm: Vm) => Ref | undefined,
  world: ReadonlyMap<string, Placed>,
) {
  const counts = new Map<string, number>();
  for (const vm of machines.values()) {
    for (let at = world.get(place(vm)?.value ?? ''); at; at = world.get(at.parent?.value ?? ''))
      counts.set(at.id, (counts.get(at.id) ?? 0) + 1);
  }
  return counts;
}

function treeOf(
  world: ReadonlyMap<string, Placed>,
  rootLabel: string,
  icon: IconName,
  counts: ReadonlyMap<string, number>,
): TreeNode[] {
  const below = new Map<string, Placed[]>();
  for (const place of world.values()) {
    const parent = world.has(place.parent?.value ?? '') ? place.parent!.value : '';
    below.set(parent, [...(below.get(parent) ?? []), place]);
  }
  const node = (place: Placed, top: boolean): TreeNode => {
    const children = (below.get(place.id) ?? []).sort((a, b) => collator.compare(a.name ?? '', b.name ?? ''));
    return {
      id: place.id,
      label: top ? rootLabel : (place.name ?? place.id),
      icon,
      note: counts.get(place.id) ?? 0,
      ...(children.length > 0 && { children: children.map((child) => node(child, false)) }),
    };
  };
  return (below.get('') ?? []).map((place) => node(place, true));
}

/** Whether a VM is in the folder or pool of that id, or below it; in any if there is no such place. */
export function placeTest(id: string | null): (row: VmRow) => boolean {
  const folder = id === null ? undefined : folderPaths.value.get(id);
  const pool = id === null ? undefined : poolPaths.value.get(id);
  if (folder !== undefined) return (row) => isWithin(row.folder, folder);
  if (pool !== undefined) return (row) => isWithin(row.pool, pool);
  return () => true;
}

/** "Folder /lab"; "All VMs" of the uppermost. */
export function placeName(id: string | null): string {
  const folder = id === null ? undefined : folderPaths.value.get(id);
  const pool = id === null ? undefined : poolPaths.value.get(id);
  if (folder !== undefined && folder !== '/') return `Folder ${folder}`;
  return pool !== undefined && pool !== '/' ? `Pool ${pool}` : 'All VMs';
}

export function Places({ selected, onSelect }: { selected: string | null; onSelect: (id: string) => void }) {
  const machines = vms.value;
  const folders = vmFolders.value;
  const world = poolPlaces.value;
  const folderTree = useMemo(
    () =>
      treeOf(
        folders,
        'All folders',
        'folder',
        countBy(machines, (vm) => vm.parent, folders),
      ),
    [machines, folders],
  );
  const poolTree = useMemo(
    () =>
      treeOf(
        world,
        'All pools',
        'pool',
        countBy(machines, (vm) => vm.resourcePool, world),
      ),
    [machines, world],
  );
  const opened = [...folderTree, ...poolTree].map((node) => node.id);
  // A tree opens what it is told when it is made.
  if (opened.length < 2) return null;
  return (
    <>
      <h2 class="small muted">Folders</h2>
      <Tree
        label="Folders"
        nodes={folderTree}
        selected={selected}
        onSelect={onSelect}
        initiallyOpen={opened}
      />
      <h2 class="small muted">Resource pools</h2>
      <Tree
        label="Resource pools"
        nodes={poolTree}
        selected={selected}
        onSelect={onSelect}
        initiallyOpen={opened}
      />
    </>
  );
}
