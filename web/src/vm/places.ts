// SPDX-License-Identifier: LGPL-2.1-or-later
/* Folders and pools as paths: "/" is the uppermost of each kind. */
import { computed, type ReadonlySignal } from '@preact/signals';

import { folders, pools } from '../api/inventory';
import type { Ref } from '../api/types';

interface Placed {
  id: string;
  name?: string;
  parent?: Ref;
}

/* The same as long as names and places are: a pool's figures change with each round. */
function steady<T extends Placed>(
  world: () => ReadonlyMap<string, T>,
): ReadonlySignal<ReadonlyMap<string, T>> {
  let before: ReadonlyMap<string, T> = new Map();
  return computed(() => {
    const now = world();
    const same =
      now.size === before.size &&
      [...now].every(([id, { name, parent }]) => {
        const old = before.get(id);
        return old && old.name === name && old.parent?.value === parent?.value;
      });
    return same ? before : (before = now);
  });
}

/** What is not below another of its kind is the uppermost. */
function pathsOf(world: ReadonlyMap<string, Placed>): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const find = (place: Placed): string => {
    const known = paths.get(place.id);
    if (known !== undefined) return known;
    const parent = place.parent && world.get(place.parent.value);
    const above = parent ? find(parent) : null;
    const path = above === null ? '/' : `${above === '/' ? '' : above}/${place.name ?? place.id}`;
    paths.set(place.id, path);
    return path;
  };
  for (const place of world.values()) find(place);
  return paths;
}

/** Folders that VMs can be in; the datacenter's other folders hold other things. */
export const vmFolders = steady(
  () => new Map([...folders.value].filter(([, folder]) => folder.childType?.includes('VirtualMachine'))),
);
/** Pools as places: their figures are in `pools`. */
export const poolPlaces = steady(() => pools.value);

export const folderPaths = computed(() => pathsOf(vmFolders.value));
export const poolPaths = computed(() => pathsOf(poolPlaces.value));

/** Whether a place is another, or below it. */
export function isWithin(path: string, place: string): boolean {
  return place === '/' || path === place || path.startsWith(`${place}/`);
}

/** Where VMs are that are in no other pool. */
export function rootPool(): Ref | undefined {
  return [...pools.value.values()].find((pool) => poolPaths.value.get(pool.id) === '/')?.ref;
}
