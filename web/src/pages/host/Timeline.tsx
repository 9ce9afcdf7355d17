// SPDX-License-Identifier: LGPL-2.1-or-later
/* What memory went through, and why. */
import { useEffect, useMemo, useState } from 'preact/hooks';

import { host } from '../../api/inventory';
import type { HostMemory } from '../../api/types';
import { connection } from '../../api/updates';
import { Chart } from '../../ui/Chart';
import { ErrorNotice } from '../../ui/controls';
import { bytes, time } from '../../ui/format';
import { changeMoments, MomentList } from '../../ui/Moments';
import { PeriodChoice, period } from '../../ui/Period';
import { stateColour } from '../../ui/state';
import { readTimeline, spans, type Timeline as Data } from './timeline-data';

/** Read anew with each sample, and when the state changes. */
function useTimeline(state: string) {
  const [data, setData] = useState<Data | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ref = host.value?.ref;
  const live = connection.value.state === 'live';
  const wanted = period.value;
  useEffect(() => {
    if (!ref || !live) return;
    let current = true;
    const read = () =>
      readTimeline(ref, wanted).then(
        (found) => {
          if (!current) return;
          setData(found);
          setError(null);
        },
        (problem: unknown) => current && setError(problem),
      );
    void read();
    const timer = setInterval(() => void read(), wanted.intervalS * 1000);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [ref?.value, live, state, wanted]);
  return { data, error };
}

/** The samples, and this moment after them. */
function seriesOf(data: Data, memory: HostMemory) {
  const { times, values } = data.samples;
  const andNow = (name: string, now: number) => [...(values[name] ?? []), now];
  return {
    times: [...times, Date.parse(memory.time)],
    series: [
      {
        label: 'Guests',
        colour: '--mem-private',
        values: andNow('mem.consumed', memory.consumedBytes),
        stacked: true,
      },
      {
        label: 'Overhead',
        colour: '--mem-overhead',
        values: andNow('mem.overhead', memory.overheadBytes),
        stacked: true,
      },
      {
        label: 'Managed',
        colour: '--text-2',
        values: andNow('mem.totalCapacity', memory.managedBytes),
        dashed: true,
      },
      { label: 'Ballooned', colour: '--mem-balloon', values: andNow('mem.vmmemctl', memory.balloonBytes) },
      { label: 'Compressed', colour: '--mem-cache', values: andNow('mem.compressed', memory.zippedBytes) },
      { label: 'Swapped', colour: '--mem-swap', values: andNow('mem.swapused', memory.swappedBytes) },
    ],
  };
}

function Strip({ data, memory, from, to }: { data: Data; memory: HostMemory; from: number; to: number }) {
  const parts = spans(data.changes, memory.state, from, to);
  const words = parts.map((part) => `${part.state} from ${time(part.from)}`).join(', ');
  return (
    <div class="state-strip" role="img" aria-label={`State: ${words}`}>
      {parts.map((part) => (
        <span
          key={part.from}
          title={`${part.state} from ${time(part.from)}`}
          style={{
            width: `${((part.to - part.from) * 100) / (to - from)}%`,
            '--colour': stateColour(part.state),
          }}
        />
      ))}
    </div>
  );
}

function Shown({ data, memory }: { data: Data; memory: HostMemory }) {
  const drawn = useMemo(() => seriesOf(data, memory), [data, memory]);
  const moments = useMemo(() => changeMoments(data.changes), [data]);
  const [from = 0] = drawn.times;
  const to = drawn.times[drawn.times.length - 1] ?? from;
  const { label } = data.period;
  return (
    <>
      <Chart
        label={`Memory in the last ${label}`}
        times={drawn.times}
        series={drawn.series}
        marks={moments}
        format={bytes}
        least={memory.managedBytes}
        binary
      />
      {to > from && <Strip data={data} memory={memory} from={from} to={to} />}
      <h3>Changes of state in the last {label}</h3>
      <MomentList moments={moments}>
        None: memory has been {memory.state} since {time(memory.stateSince)}.
      </MomentList>
    </>
  );
}

export function Timeline({ memory }: { memory: HostMemory }) {
  const { data, error } = useTimeline(memory.state);
  return (
    <section class="card stack" aria-labelledby="timeline">
      <div class="period-head">
        <h2 id="timeline">Timeline</h2>
        <PeriodChoice />
      </div>
      <ErrorNotice error={error} />
      {data && <Shown data={data} memory={memory} />}
      {!data && !error && <div class="chart-place" />}
    </section>
  );
}
