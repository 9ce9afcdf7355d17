// SPDX-License-Identifier: LGPL-2.1-or-later
/* What was: samples by PerformanceManager, events by EventManager. */
import { call, get, service } from './client';
import type { Ref, VimEvent } from './types';

/** How far one looks back, and at which samples: there are those of 20 s for an hour, of 5 min for a day. */
export interface Period {
  id: string;
  /** "6 hours" */
  label: string;
  hours: number;
  intervalS: number;
}

export const PERIODS: readonly [Period, ...Period[]] = [
  { id: 'hour', label: 'hour', hours: 1, intervalS: 20 },
  { id: '6h', label: '6 hours', hours: 6, intervalS: 300 },
  { id: 'day', label: 'day', hours: 24, intervalS: 300 },
];

interface CounterInfo {
  key: number;
  groupInfo: { key: string };
  nameInfo: { key: string };
  unitInfo: { key: string };
}

/** Samples of an object: values by the counter's name, "mem.consumed"; bytes where the counter has KB or MB. */
export interface Samples {
  /** ms */
  times: number[];
  values: Record<string, (number | null)[]>;
}

const UNITS: Record<string, number> = {
  kiloBytes: 1024,
  megaBytes: 1024 * 1024,
  kiloBytesPerSecond: 1024,
  percent: 0.01,
};

let counters: Promise<Map<string, CounterInfo>> | null = null;

function allCounters(): Promise<Map<string, CounterInfo>> {
  counters ??= service()
    .then((content) => get<CounterInfo[]>(content.perfManager, 'perfCounter', 'Read the counters'))
    .then((list) => new Map(list.map((info) => [`${info.groupInfo.key}.${info.nameInfo.key}`, info])))
    .catch((error: unknown) => {
      counters = null;
      throw error;
    });
  return counters;
}

interface EntityMetric {
  sampleInfo?: { timestamp: string }[];
  value?: { id: { counterId: number }; value?: number[] }[];
}

/* Where samples are missing, as no daemon ran, a moment of which nothing is known: no line leads across it. */
function withGaps({ times, values }: Samples, intervalMs: number): Samples {
  const places = times.flatMap((at, i) => (i > 0 && at - times[i - 1]! > 1.5 * intervalMs ? [i] : []));
  const open = <T>(list: readonly T[], filler: (next: number) => T): T[] =>
    list.flatMap((each, i) => (places.includes(i) ? [filler(i), each] : [each]));
  return {
    times: open(times, (next) => times[next]! - intervalMs),
    values: Object.fromEntries(
      Object.entries(values).map(([name, list]) => [name, open<number | null>(list, () => null)]),
    ),
  };
}

/** @param names  of counters, "mem.consumed"; one that does not exist is left out */
export async function querySamples(
  entity: Ref,
  names: readonly string[],
  period: Period,
  what = 'Read the history',
): Promise<Samples> {
  const [content, known] = await Promise.all([service(), allCounters()]);
  const wanted = names.flatMap((name) => known.get(name) ?? []);
  const spec = {
    _typeName: 'PerfQuerySpec',
    entity,
    intervalId: period.intervalS,
    startTime: new Date(Date.now() - period.hours * 3_600_000).toISOString(),
    metricId: wanted.map((info) => ({ _typeName: 'PerfMetricId', counterId: info.key, instance: '' })),
  };
  const answers = await call<EntityMetric[] | undefined>(
    content.perfManager,
    'QueryPerf',
    { querySpec: [spec] },
    what,
  );
  const [answer] = answers ?? [];
  const series = new Map((answer?.value ?? []).map((each) => [each.id.counterId, each.value ?? []]));
  const values: Samples['values'] = {};
  for (const name of names) {
    const info = known.get(name);
    const factor = (info && UNITS[info.unitInfo.key]) ?? 1;
    // -1: there is no sample.
    values[name] = (series.get(info?.key ?? 0) ?? []).map((value) => (value < 0 ? null : value * factor));
  }
  const times = (answer?.sampleInfo ?? []).map((info) => Date.parse(info.timestamp));
  return withGaps({ times, values }, period.intervalS * 1000);
}

/** The latest events that fit, the newest first. `filter`: fields of EventFilterSpec. */
export async function queryEvents(filter: Record<string, unknown>, most = 100): Promise<VimEvent[]> {
  const { eventManager } = await service();
  const spec = { _typeName: 'EventFilterSpec', maxCount: most, ...filter };
  const events = await call<VimEvent[] | undefined>(
    eventManager,
    'QueryEvents',
    { filter: spec },
    'Read the events',
  );
  return (events ?? []).sort((a, b) => b.key - a.key);
}

/** For EventFilterSpec.time. */
export function since(period: Period): object {
  return {
    _typeName: 'EventFilterSpecByTime',
    beginTime: new Date(Date.now() - period.hours * 3_600_000).toISOString(),
  };
}

/** A change of the state of the host's memory. */
export interface Change {
  key: number;
  /** ms */
  at: number;
  state: string;
  before: string;
  cause: string;
}

/* "memory is soft, was high: free memory is 3.9%" */
function changeOf(event: VimEvent): Change | null {
  const text = event.message ?? event.fullFormattedMessage ?? '';
  const found = /memory is (\w+), was (\w+)(?:: (.*))?/s.exec(text);
  if (!found) return null;
  const [, state = '', before = '', cause = ''] = found;
  return { key: event.key, at: Date.parse(event.createdTime), state, before, cause };
}

/** As many events as the API gives at once. */
export const EVENTS_MOST = 1000;

/** The newest first. */
export async function queryChanges(period: Period): Promise<Change[]> {
  const filter = { eventTypeId: ['aerostat.memory.state'], time: since(period) };
  const events = await queryEvents(filter, EVENTS_MOST);
  return events.flatMap((event) => changeOf(event) ?? []);
}
