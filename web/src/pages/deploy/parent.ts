// SPDX-License-Identifier: LGPL-2.1-or-later
/* What there is to choose from: of the parent and of the host. */
import { call, get, ref, service } from '../../api/client';
import { host } from '../../api/inventory';
import type { AllocationInfo, Ref, Vm } from '../../api/types';
import type { Device, SnapshotTree } from '../vm/types';

export interface Parent {
  snapshots: { id: string; number: number; label: string; current: boolean }[];
  memoryMb: number;
  reservationMb: number;
  /** What a VM of that size takes beside its memory. */
  overheadBytes: number;
  /** Of all its disks. */
  diskBytes: number;
  /** The datastore that it lies on; "": none. */
  storeId: string;
  /** Its first network card. */
  card: Device | undefined;
}

function flatten(trees: SnapshotTree[], current: string | undefined, depth = 0): Parent['snapshots'] {
  return trees.flatMap((tree) => {
    const own = {
      id: tree.snapshot.value,
      number: tree.id,
      label: `${'– '.repeat(depth)}${tree.name}`,
      current: tree.snapshot.value === current,
    };
    return [own, ...flatten(tree.childSnapshotList ?? [], current, depth + 1)];
  });
}

interface Config {
  hardware: { memoryMB: number; numCPU: number; device?: Device[] };
  memoryAllocation?: AllocationInfo;
}

export async function readParent(vm: Vm): Promise<Parent> {
  const what = `Read ${vm.name}`;
  const [config, snapshot, stores] = await Promise.all([
    get<Config>(vm.ref, 'config', what),
    get<{ currentSnapshot?: Ref; rootSnapshotList: SnapshotTree[] } | undefined>(vm.ref, 'snapshot', what),
    get<Ref[] | undefined>(vm.ref, 'datastore', what),
  ]);
  const { memoryMB: memoryMb, numCPU: numVcpus, device = [] } = config.hardware;
  const size = { memorySize: memoryMb * 1024 * 1024, numVcpus };
  const overheadBytes = host.value
    ? await call<number>(host.value.ref, 'QueryMemoryOverhead', size, what)
    : 0;
  return {
    snapshots: flatten(snapshot?.rootSnapshotList ?? [], snapshot?.currentSnapshot?.value),
    memoryMb,
    reservationMb: config.memoryAllocation?.reservation ?? 0,
    overheadBytes: Number(overheadBytes),
    diskBytes: device.reduce((sum, each) => sum + (each.capacityInKB ?? 0) * 1024, 0),
    storeId: stores?.[0]?.value ?? '',
    card: device.find((each) => each.macAddress !== undefined),
  };
}

async function specManager(): Promise<Ref> {
  const { customizationSpecManager: found } = await service();
  return ref(found.type, found.value);
}

/** Names of customization specifications. */
export async function readSpecs(): Promise<string[]> {
  const info = await get<{ name: string }[] | undefined>(
    await specManager(),
    'info',
    'Read the specifications',
  );
  return (info ?? []).map(({ name }) => name).sort();
}

export async function readSpec(name: string): Promise<object> {
  const what = `Read the specification ${name}`;
  return (await call<{ spec: object }>(await specManager(), 'GetCustomizationSpec', { name }, what)).spec;
}
