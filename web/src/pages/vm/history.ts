// SPDX-License-Identifier: LGPL-2.1-or-later
/* A VM's memory over time: a period's samples, every round since the page was opened, and what happened to it. */
import { useEffect, useState } from 'preact/hooks';

import { ApiError } from '../../api/client';
import { EVENTS_MOST, type Period, queryChanges, queryEvents, querySamples, since } from '../../api/history';
import { hostMemory, useVmHistory, vmHistory } from '../../api/memory';
import type { Vm, VimEvent, VmMemory } from '../../api/types';
import type { Kind } from '../../ui/controls';
import { MIB } from '../../ui/format';
import { changeMoments, type Moment } from '../../ui/Moments';

/** Bytes, and bytes a second; null: not known. */
export interface Sample {
  time: number;
  private: number | null;
  shared: number | null;
  compressed: number | null;
  same: number | null;
  swapped: number | null;
  balloon: number | null;
  absent: number | null;
  target: number | null;
  active: number | null;
  swapRead: number | null;
  swapWrite: number | null;
  zip: number | null;
  unzip: number | null;
}

const COUNTERS = {
  granted: 'mem.granted',
  active: 'mem.active',
  shared: 'mem.shared',
  same: 'mem.zero',
  swapped: 'mem.swapped',
  swapRead: 'mem.swapinRate',
  swapWrite: 'mem.swapoutRate',
  balloon: 'mem.vmmemctl',
  target: 'mem.entitlement',
  compressed: 'mem.compressed',
  zip: 'mem.compressionRate',
  unzip: 'mem.decompressionRate',
} as const;

function rest(whole: number, ...parts: (number | null)[]): number {
  return Math.max(
    0,
    parts.reduce<number>((left, part) => left - (part ?? 0), whole),
  );
}

/** What is neither in memory nor anywhere else: the balloon's, and what was never touched. */
function parts(memory: number, granted: number | null, balloon: number | null) {
  if (granted === null) return { balloon, absent: null };
  const absent = rest(memory, granted);
  const ballooned = Math.min(absent, balloon ?? 0);
  return { balloon: ballooned, absent: absent - ballooned };
}

async function readSamples(vm: Vm, period: Period): Promise<Sample[]> {
  const what = `Read the history of ${vm.name}`;
  const { times, values } = await querySamples(vm.ref, Object.values(COUNTERS), period, what);
  const memory = (vm['summary.config.memorySizeMB'] ?? 0) * MIB;
  return times.map((time, i) => {
    const at = (counter: keyof typeof COUNTERS) => values[COUNTERS[counter]]?.[i] ?? null;
    const [granted, shared, compressed] = [at('granted'), at('shared'), at('compressed')];
    const [same, swapped] = [at('same'), at('swapped')];
    return {
      time,
      private: granted === null ? null : rest(granted, shared, compressed, same, swapped),
      shared,
      compressed,
      same,
      swapped,
      ...parts(memory, granted, at('balloon')),
      target: at('target'),
      active: at('active'),
      swapRead: at('swapRead'),
      swapWrite: at('swapWrite'),
      zip: at('zip'),
      unzip: at('unzip'),
    };
  });
}

/** Of a VM without a pager, all that is consumed is its own. */
export function privateBytes(memory: VmMemory): number {
  return memory.managed === 'pager' ? memory.privateBytes : rest(memory.consumedBytes, memory.sharedBytes);
}

function sampleOf(memory: VmMemory, time: number): Sample {
  return {
    time,
    private: privateBytes(memory),
    shared: memory.sharedBytes,
    compressed: memory.compressedBytes,
    same: memory.sameBytes,
    swapped: memory.swappedBytes,
    ...parts(memory.memoryBytes, memory.grantedBytes, memory.balloonBytes),
    target: memory.targetBytes,
    active: memory.activeBytes,
    swapRead: memory.swapReadBytesPerSecond,
    swapWrite: memory.swapWriteBytesPerSecond,
    zip: memory.zipBytesPerSecond,
    unzip: memory.unzipBytesPerSecond,
  };
}

/* When each round was seen; the figures do not say. */
const seen = new WeakMap<VmMemory, number>();

/* What says why it has less memory, or more: a label and a colour of each. */
const EVENTS: Record<string, { label: string; colour: string; kind?: Kind }> = {
  'aerostat.memory.reclaim': { label: 'reclaim', colour: '--mem-swap' },
  'aerostat.memory.balloon': { label: 'balloon', colour: '--mem-balloon', kind: 'warning' },
  'aerostat.memory.stop': { label: 'stop', colour: '--bad', kind: 'error' },
  'aerostat.memory.resume': { label: 'resume', colour: '--good', kind: 'good' },
};

function momentOf(event: VimEvent): Moment | null {
  const about = EVENTS[event.eventTypeId ?? ''];
  const at = Date.parse(event.createdTime);
  return about
    ? { ...about, key: event.key, at, text: event.message ?? event.fullFormattedMessage ?? '' }
    : null;
}

/* While memory is taken, it is said why once a minute: the first time is what matters. */
const SAME_WITHIN_MS = 150_000;

function beginnings(moments: Moment[]): Moment[] {
  const cause = ({ text }: Moment) => text.split(':')[0];
  const reclaims = moments.filter(({ label }) => label === 'reclaim');
  const goesOn = new Set(
    reclaims.filter((each, i) => {
      const before = reclaims[i + 1];
      return before && cause(before) === cause(each) && each.at - before.at < SAME_WITHIN_MS;
    }),
  );
  return moments.filter((moment) => !goesOn.has(moment));
}

/** What happened to its memory and to its host's, the newest first. */
async function readMoments(vm: Vm, period: Period): Promise<Moment[]> {
  const entity = { _typeName: 'EventFilterSpecByEntity', entity: vm.ref, recursion: 'self' };
  const [events, changes] = await Promise.all([
    queryEvents({ eventTypeId: Object.keys(EVENTS), entity, time: since(period) }, EVENTS_MOST),
    queryChanges(period),
  ]);
  const own = beginnings(events.flatMap((event) => momentOf(event) ?? []));
  const ofHost = changeMoments(changes).map((moment) => ({ ...moment, label: `host ${moment.label}` }));
  return [...own, ...ofHost].sort((a, b) => b.key - a.key);
}

interface Past {
  period: Period;
  samples: Sample[];
  moments: Moment[];
}

/** Read anew with each sample, and when the host's state or what takes memory from it changes. */
export function useHistory(vm: Vm, period: Period): Past & { error: unknown } {
  useVmHistory(vm.id);
  const [past, setPast] = useState<Past>({ period, samples: [], moments: [] });
  const [error, setError] = useState<unknown>(null);
  const live = vmHistory.value.get(vm.id) ?? [];
  const state = hostMemory.value?.state;
  const cause = live[live.length - 1]?.cause;
  useEffect(() => {
    let current = true;
    const read = async () => {
      try {
        const [samples, moments] = await Promise.all([readSamples(vm, period), readMoments(vm, period)]);
        if (current) setPast({ period, samples, moments });
        if (current) setError(null);
      } catch (problem) {
        if (!(problem instanceof ApiError)) throw problem;
        if (current) setError(problem);
      }
    };
    void read();
    const timer = setInterval(() => void read(), period.intervalS * 1000);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [vm.id, period, state, cause]);
  const now = Date.now();
  for (const each of live) if (!seen.has(each)) seen.set(each, now);
  const rounds = live.map((each) => sampleOf(each, seen.get(each) ?? now));
  const first = rounds[0]?.time ?? Infinity;
  return { ...past, samples: [...past.samples.filter((sample) => sample.time < first), ...rounds], error };
}
