// SPDX-License-Identifier: LGPL-2.1-or-later
/* The first VM as it is being typed: what is wrong with it, and the configuration that it becomes. */
import { signal } from '@preact/signals';

import type { Datastore } from '../../api/types';
import { bytes, MIB } from '../../ui/format';

export const STEPS = ['Datastore', 'Size', 'Disk', 'Network', 'Check'] as const;

export interface Draft {
  /** The datastore's id; "": none is chosen. */
  store: string;
  name: string;
  /** MB */
  memory: string;
  cpus: string;
  disk: 'new' | 'image' | 'none';
  /** GB, of a new disk. */
  size: string;
  /** A disk image's path, "[ds1] debian.qcow2". */
  image: string;
  /** Of what lies in the drive; "": nothing. */
  iso: string;
  /** A port group's name; "": no card. */
  network: string;
}

export type Wrong = Partial<Record<keyof Draft, string>>;

export interface Surroundings {
  stores: ReadonlyMap<string, Datastore>;
  /** Names of VMs and templates. */
  names: readonly string[];
}

const FRESH: Draft = {
  store: '',
  name: '',
  memory: '2048',
  cpus: '2',
  disk: 'new',
  size: '16',
  image: '',
  iso: '',
  network: '',
};

/** Kept while the page is left and come back to. */
export const draft = signal<Draft>(FRESH);

export function edit(fields: Partial<Draft>): void {
  draft.value = { ...draft.value, ...fields };
}

export function startAnew(): void {
  draft.value = FRESH;
}

const NAME_MAX_BYTES = 80;
const MEMORY_LEAST_MB = 4;
const MEMORY_MOST_MB = 1 << 24;
const CPUS_MOST = 256;

/** What cannot be the name of anything; undefined: it can. */
export function wrongName(name: string): string | undefined {
  if (name === '') return 'Type a name.';
  if (new TextEncoder().encode(name).length > NAME_MAX_BYTES)
    return `A name has at most ${NAME_MAX_BYTES} bytes.`;
  if (name === '.' || name === '..') return 'Folders have that name.';
  if (/[/\\]/.test(name)) return 'A name has no slash and no backslash.';
  if (name.trim() !== name) return 'A name has no blank at its ends.';
  if (/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name))
    return 'A name has no control characters.';
  return undefined;
}

function wrongNumber(text: string, least: number, most: number, unit: string): string | undefined {
  const right = /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
  return right ? undefined : `A whole number from ${least} to ${most}${unit}.`;
}

export function diskBytes({ size }: Draft): number {
  return /^\d+([.,]\d+)?$/.test(size.trim()) ? Math.floor(Number(size.replace(',', '.')) * 1024) * MIB : 0;
}

function wrongSize(now: Draft, store: Datastore | undefined): string | undefined {
  const wanted = diskBytes(now);
  if (wanted < MIB) return 'A size in GB, as 16 or 0.5.';
  const free = store?.['summary.freeSpace'];
  if (free !== undefined && wanted > free) {
    const room = `${store?.name} has room for ${bytes(free)}, which is less than ${bytes(wanted)}.`;
    return `${room} Type a smaller size, or go back and choose another datastore.`;
  }
  return undefined;
}

function wrongDisk(now: Draft, store: Datastore | undefined): Wrong {
  if (now.disk === 'new') return { size: wrongSize(now, store) };
  if (now.disk === 'image' && now.image === '') return { image: 'Choose an image.' };
  if (now.disk === 'none' && now.iso === '')
    return { iso: 'A VM starts from a disk or from an ISO image: choose one.' };
  return {};
}

/** By step, what is wrong in it. */
export function wrongIn(now: Draft, { stores, names }: Surroundings): Wrong[] {
  const store = stores.get(now.store);
  const taken = names.includes(now.name) ? `There is a VM named ${now.name}. Type another name.` : undefined;
  return [
    { store: store ? undefined : 'Choose a datastore, or add one.' },
    {
      name: wrongName(now.name) ?? taken,
      memory: wrongNumber(now.memory, MEMORY_LEAST_MB, MEMORY_MOST_MB, ' MB'),
      cpus: wrongNumber(now.cpus, 1, CPUS_MOST, ''),
    },
    wrongDisk(now, store),
    {},
    {},
  ];
}

export function isRight(wrong: Wrong | undefined): boolean {
  return Object.values(wrong ?? {}).every((words) => words === undefined);
}

export function diskWords(now: Draft): string {
  if (now.disk === 'none') return 'none';
  return now.disk === 'new' ? `new, ${bytes(Math.max(MIB, diskBytes(now)))}, thin` : now.image;
}

export function storeName(now: Draft, stores: Surroundings['stores']): string {
  return stores.get(now.store)?.name ?? '';
}

/* Keys below zero tie devices of one call to each other. */
const SCSI = -1;
const SECOND_IDE = 201;

function add(device: object, fileOperation?: 'create'): object {
  return {
    _typeName: 'VirtualDeviceConfigSpec',
    operation: 'add',
    ...(fileOperation && { fileOperation }),
    device,
  };
}

function diskDevices(now: Draft): object[] {
  if (now.disk === 'none') return [];
  const made = now.disk === 'new';
  const controller = {
    _typeName: 'ParaVirtualSCSIController',
    key: SCSI,
    busNumber: 0,
    sharedBus: 'noSharing',
  };
  const disk = {
    _typeName: 'VirtualDisk',
    key: -2,
    controllerKey: SCSI,
    unitNumber: 0,
    capacityInKB: made ? diskBytes(now) / 1024 : 0,
    backing: {
      _typeName: 'VirtualDiskFlatVer2BackingInfo',
      fileName: made ? '' : now.image,
      diskMode: 'persistent',
      ...(made && { thinProvisioned: true }),
    },
  };
  return [add(controller), add(disk, made ? 'create' : undefined)];
}

function drive(now: Draft): object[] {
  if (now.iso === '') return [];
  const backing = { _typeName: 'VirtualCdromIsoBackingInfo', fileName: now.iso };
  return [add({ _typeName: 'VirtualCdrom', key: -3, controllerKey: SECOND_IDE, unitNumber: 0, backing })];
}

function card(now: Draft): object[] {
  if (now.network === '') return [];
  const backing = { _typeName: 'VirtualEthernetCardNetworkBackingInfo', deviceName: now.network };
  return [add({ _typeName: 'VirtualVmxnet3', key: -4, backing })];
}

/** For CreateVM_Task. */
export function specOf(now: Draft, stores: Surroundings['stores']): object {
  return {
    _typeName: 'VirtualMachineConfigSpec',
    name: now.name,
    files: { _typeName: 'VirtualMachineFileInfo', vmPathName: `[${storeName(now, stores)}]` },
    memoryMB: Number(now.memory),
    numCPUs: Number(now.cpus),
    deviceChange: [...diskDevices(now), ...drive(now), ...card(now)],
  };
}
