// SPDX-License-Identifier: LGPL-2.1-or-later
/* A period in samples and in changes of state. */
import { type Change, type Period, queryChanges, querySamples, type Samples } from '../../api/history';
import type { Ref } from '../../api/types';

export const COUNTERS = [
  'mem.consumed',
  'mem.overhead',
  'mem.totalCapacity',
  'mem.swapused',
  'mem.vmmemctl',
  'mem.compressed',
];

export interface Timeline {
  period: Period;
  samples: Samples;
  /** The newest first. */
  changes: Change[];
}

export async function readTimeline(host: Ref, period: Period): Promise<Timeline> {
  const [samples, changes] = await Promise.all([querySamples(host, COUNTERS, period), queryChanges(period)]);
  return { period, samples, changes };
}

export interface Span {
  state: string;
  from: number;
  to: number;
}

/** In which state memory was when, from the first moment to the last. */
export function spans(changes: Change[], now: string, from: number, to: number): Span[] {
  const inside = changes.filter((change) => change.at > from && change.at < to).sort((a, b) => a.at - b.at);
  const points = [from, ...inside.map((change) => change.at), to];
  const earlier = changes.find((change) => change.at <= from)?.state;
  const states = [inside[0]?.before ?? earlier ?? now, ...inside.map((change) => change.state)];
  return states.map((state, i) => ({ state, from: points[i] ?? from, to: points[i + 1] ?? to }));
}
