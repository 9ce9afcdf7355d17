// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Asks for a round's figures beside the page, which a thousand VMs' would hold up; says only what changed, numbers in
 * arrays that are handed over and not copied.
 */
import { AEROSTAT, ApiError, call } from './client';
import type { HostMemory, VmMemory } from './types';

/** What is asked of the VMs: all, or what changed since the last answer. The host's are always asked for. */
export interface Asked {
  all: boolean;
}

/** Ids, and what of a VM's figures is other than before; undefined, what is not there any more. */
export type Changes = [string, Partial<VmMemory>][];

/** Numbers of a field that changed, at places among the VMs in the order in which they were told. */
export interface Numbers {
  field: keyof VmMemory;
  at: Uint32Array<ArrayBuffer>;
  now: Float64Array<ArrayBuffer>;
}

/** `numbers` holds for the VMs that there are when what is gone went and what changed came. */
export interface VmChanges {
  /** Nothing of before holds: `changed` has all. */
  all: boolean;
  gone: string[];
  changed: Changes;
  numbers: Numbers[];
}

export interface Wrong {
  what: string;
  why: string;
  cure: string;
  fault: string;
  status: number;
}

/** What could be read, and what went wrong with the rest. */
export interface Answer {
  host?: HostMemory;
  vms?: VmChanges;
  wrong?: Wrong;
}

/** By id, what was said last, in the order in which the page has it. */
const said = new Map<string, VmMemory>();

type Row = VmMemory & { config?: unknown };

/* Puts numbers that are others into `numbers`; @returns what is no number before and after, null if that is as it was */
function compare(
  before: VmMemory,
  now: VmMemory,
  number: (field: keyof VmMemory, value: number) => void,
): Partial<VmMemory> | null {
  let words: Record<string, unknown> | null = null;
  for (const key of Object.keys(now) as (keyof VmMemory)[]) {
    const value = now[key];
    if (before[key] === value || key === 'vm') continue;
    if (typeof value === 'number' && typeof before[key] === 'number') number(key, value);
    else (words ??= {})[key] = value;
  }
  for (const key of Object.keys(before) as (keyof VmMemory)[])
    if (!(key in now) && before[key] !== undefined) (words ??= {})[key] = undefined;
  return words;
}

async function readVms(anew: boolean): Promise<VmChanges> {
  const rows = (await call<Row[] | undefined>(AEROSTAT, 'QueryVmMemory', {}, "Read the VMs' memory")) ?? [];
  const all = anew || said.size === 0;
  if (all) said.clear();
  const now = new Map(rows.map((row) => [row.vm?.value ?? row.uuid, row]));
  const gone = [...said.keys()].filter((id) => !now.has(id));
  for (const id of gone) said.delete(id);

  const changed: Changes = [];
  const lists = new Map<keyof VmMemory, { at: number[]; now: number[] }>();
  const places = new Map([...said.keys()].map((id, place) => [id, place]));
  // No page shows settings from here.
  for (const [id, { config, ...row }] of now) {
    const before = said.get(id);
    said.set(id, row);
    if (!before) {
      changed.push([id, row]);
      continue;
    }
    const place = places.get(id) ?? 0;
    const words = compare(before, row, (field, value) => {
      let list = lists.get(field);
      if (!list) lists.set(field, (list = { at: [], now: [] }));
      list.at.push(place);
      list.now.push(value);
    });
    if (words) changed.push([id, words]);
  }
  const numbers = [...lists].map(([field, list]) => ({
    field,
    at: Uint32Array.from(list.at),
    now: Float64Array.from(list.now),
  }));
  return { all, gone, changed, numbers };
}

function wrong(error: unknown): Wrong {
  if (!(error instanceof ApiError)) throw error;
  const { what, why, cure, fault, status } = error;
  return { what, why, cure, fault, status };
}

async function answer({ all }: Asked): Promise<Answer> {
  const answer: Answer = {};
  const parts = [
    call<HostMemory>(AEROSTAT, 'QueryHostMemory', {}, "Read the host's memory").then(
      (host) => (answer.host = host),
    ),
    readVms(all).then((vms) => (answer.vms = vms)),
  ];
  for (const part of await Promise.allSettled(parts))
    if (part.status === 'rejected') answer.wrong ??= wrong(part.reason);
  return answer;
}

self.onmessage = (event: MessageEvent<Asked>) =>
  void answer(event.data).then((done) =>
    self.postMessage(done, {
      transfer: (done.vms?.numbers ?? []).flatMap(({ at, now }) => [at.buffer, now.buffer]),
    }),
  );
