// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where a VM's memory is, was, and why. */
import { useMemo } from 'preact/hooks';

import { memoryOf } from '../../api/memory';
import type { Vm, VmMemory } from '../../api/types';
import { ButtonLink, Empty, ErrorNotice, Notice } from '../../ui/controls';
import { Chart, type Series } from '../../ui/Chart';
import { ago, bytes, limit, rate, time } from '../../ui/format';
import { MomentList } from '../../ui/Moments';
import { PeriodChoice, period } from '../../ui/Period';
import { EVENTS_STEP, useEvents } from './events';
import { privateBytes, type Sample, useHistory } from './history';

const PARTS = [
  { key: 'private', label: 'private', colour: '--mem-private', about: 'Pages of its own, in memory' },
  { key: 'shared', label: 'shared', colour: '--mem-shared', about: 'Pages that it shares' },
  {
    key: 'compressed',
    label: 'compressed',
    colour: '--mem-cache',
    about: 'In the compression cache, before compression',
  },
  {
    key: 'same',
    label: 'same value',
    colour: '--mem-overhead',
    about: 'Of one value throughout, without storage',
  },
  { key: 'swapped', label: 'swapped', colour: '--mem-swap', about: 'In the swap file' },
  {
    key: 'balloon',
    label: 'ballooned',
    colour: '--mem-balloon',
    about: 'Given back by the guest, to its balloon',
  },
  { key: 'absent', label: 'absent', colour: '--mem-free', about: 'Never touched, or given back' },
] as const;

type Key = Exclude<keyof Sample, 'time'>;

function column(samples: readonly Sample[], key: Key): (number | null)[] {
  return samples.map((sample) => sample[key]);
}

function level(samples: readonly Sample[], value: number): number[] {
  return samples.map(() => value);
}

function memorySeries(samples: readonly Sample[], memory: VmMemory | undefined): Series[] {
  const stacked = PARTS.filter(({ key }) => samples.some((sample) => (sample[key] ?? 0) > 0)).map((part) => ({
    label: part.label,
    colour: part.colour,
    values: column(samples, part.key),
    stacked: true,
  }));
  const lines: Series[] = [
    { label: 'target', colour: '--text', values: column(samples, 'target') },
    { label: 'active', colour: '--good', values: column(samples, 'active') },
  ];
  if (memory && memory.reservationBytes > 0)
    lines.push({
      label: 'reservation',
      colour: '--warn',
      dashed: true,
      values: level(samples, memory.reservationBytes),
    });
  if (memory?.limitBytes !== undefined)
    lines.push({ label: 'limit', colour: '--bad', dashed: true, values: level(samples, memory.limitBytes) });
  return [...stacked, ...lines];
}

function rateSeries(samples: readonly Sample[]): Series[] {
  return [
    { label: 'read from swap', colour: '--mem-swap', values: column(samples, 'swapRead') },
    { label: 'decompressed', colour: '--mem-cache', values: column(samples, 'unzip') },
    { label: 'written to swap', colour: '--mem-swap', dashed: true, values: column(samples, 'swapWrite') },
    { label: 'compressed', colour: '--mem-cache', dashed: true, values: column(samples, 'zip') },
  ];
}

function Figure({ name, about, value }: { name: string; about: string; value: string }) {
  return (
    <div title={about}>
      <dt>{name}</dt>
      <dd data-figure={name}>{value}</dd>
    </div>
  );
}

function Bar({ memory }: { memory: VmMemory }) {
  const absent = Math.max(0, memory.absentBytes - memory.balloonBytes);
  const values: Record<string, number> = {
    private: privateBytes(memory),
    shared: memory.sharedBytes,
    compressed: memory.compressedBytes,
    same: memory.sameBytes,
    swapped: memory.swappedBytes,
    balloon: memory.balloonBytes,
    absent:
      memory.managed === 'pager'
        ? absent
        : Math.max(0, memory.memoryBytes - memory.consumedBytes - memory.balloonBytes),
  };
  return (
    <>
      <div class="vm-memory-bar" aria-hidden="true">
        {PARTS.map(({ key, colour }) => (
          <span key={key} style={{ flexGrow: values[key], background: `var(${colour})` }} />
        ))}
      </div>
      <dl class="figures">
        {PARTS.map(({ key, label, about }) => (
          <Figure key={key} name={label} about={about} value={bytes(values[key])} />
        ))}
      </dl>
    </>
  );
}

function Figures({ memory }: { memory: VmMemory }) {
  return (
    <div class="figure-groups">
      <section class="card stack" aria-label="What it has">
        <h2>Where its {bytes(memory.memoryBytes)} are</h2>
        <Bar memory={memory} />
      </section>
      <section class="card stack" aria-label="What it may have">
        <h2>What it may have</h2>
        <dl class="figures">
          <Figure
            name="consumed"
            about="CNSM: host memory that guest memory takes"
            value={bytes(memory.consumedBytes)}
          />
          <Figure
            name="target"
            about="SZTGT: host memory it should have now"
            value={bytes(memory.targetBytes)}
          />
          <Figure
            name="active"
            about="TCHD: an estimate of what it touched lately"
            value={bytes(memory.activeBytes)}
          />
          <Figure
            name="overhead"
            about="OVHD: host memory beyond guest memory"
            value={bytes(memory.overheadBytes)}
          />
          <Figure name="reservation" about="RESV: it is never below" value={bytes(memory.reservationBytes)} />
          <Figure name="limit" about="LIMIT: it is never above" value={limit(memory.limitBytes)} />
          <Figure name="shares" about="SHARES" value={`${memory.shares} (${memory.sharesLevel})`} />
        </dl>
        <div>
          <ButtonLink href={`#/allocation/vm/${memory.vm?.value ?? ''}`} icon="memory">
            Edit allocation
          </ButtonLink>
        </div>
      </section>
      <section class="card stack" aria-label="How it is reclaimed">
        <h2>How it is reclaimed</h2>
        <dl class="figures">
          <Figure name="balloon" about="MCTLSZ" value={bytes(memory.balloonBytes)} />
          <Figure name="balloon asked" about="MCTLTGT" value={bytes(memory.balloonTargetBytes)} />
          <Figure name="balloon at most" about="MCTLMAX" value={bytes(memory.balloonMaxBytes)} />
          <Figure name="balloon driver" about="MCTLST" value={memory.balloonState} />
          <Figure name="in swap file" about="SWCUR" value={bytes(memory.swappedBytes)} />
          <Figure name="expected there" about="SWTGT" value={bytes(memory.swapTargetBytes)} />
          <Figure name="cache" about="CACHESZ" value={bytes(memory.cacheBytes)} />
          <Figure name="cache used" about="CACHEUSD" value={bytes(memory.cacheUsedBytes)} />
          <Figure name="saved by sharing" about="SVD" value={bytes(memory.savedBytes)} />
        </dl>
      </section>
      <section class="card stack" aria-label="Faults">
        <h2>Faults</h2>
        <dl class="figures">
          <Figure
            name="all faults"
            about="Accesses to pages out of the guest's reach that its pager served"
            value={`${memory.faultsPerSecond.toFixed(1)}/s`}
          />
          <Figure
            name="from swap file"
            about="SWR/s: the guest waited for the disk"
            value={rate(memory.swapReadBytesPerSecond)}
          />
          <Figure name="from cache" about="UNZIP/s: decompressed" value={rate(memory.unzipBytesPerSecond)} />
          <Figure name="to swap file" about="SWW/s" value={rate(memory.swapWriteBytesPerSecond)} />
          <Figure name="to cache" about="ZIP/s" value={rate(memory.zipBytesPerSecond)} />
        </dl>
      </section>
    </div>
  );
}

/** Why it loses memory, or lost it last. */
function Cause({ vm, memory }: { vm: Vm; memory: VmMemory | undefined }) {
  const { events } = useEvents(vm.ref, EVENTS_STEP, memory?.cause);
  const last = events?.find((event) => event.eventTypeId === 'aerostat.memory.reclaim');
  if (!memory?.cause && !last) return null;
  return (
    <Notice title={memory?.cause ? `It loses memory now: ${memory.cause}` : 'Memory was taken from it last'}>
      {last && (
        <span title={time(last.createdTime)}>
          {ago(last.createdTime)}: {last.fullFormattedMessage ?? last.message}
        </span>
      )}
    </Notice>
  );
}

export function MemoryTab({ vm }: { vm: Vm }) {
  const { samples, moments, period: shown, error } = useHistory(vm, period.value);
  const memory = memoryOf(vm.id);
  const times = useMemo(() => samples.map((sample) => sample.time), [samples]);
  const memories = useMemo(() => memorySeries(samples, memory), [samples, memory]);
  const rates = useMemo(() => rateSeries(samples), [samples]);
  if (!memory && samples.length === 0) {
    return (
      <>
        <ErrorNotice error={error} />
        <Empty
          title={
            vm['runtime.powerState'] === 'poweredOn'
              ? 'Its first figures come with the next round.'
              : 'It is off: it has no memory.'
          }
        >
          <p class="muted">Nothing was measured of it in the last {shown.label}.</p>
          <PeriodChoice />
        </Empty>
      </>
    );
  }
  return (
    <>
      <ErrorNotice error={error} />
      {memory?.problem && (
        <Notice kind="warning" title="Its memory is not wholly managed">
          {memory.problem}
        </Notice>
      )}
      <Cause vm={vm} memory={memory} />
      <section class="card stack" aria-label="History">
        <div class="period-head">
          <h2>Where its memory was</h2>
          <PeriodChoice />
        </div>
        <Chart
          label={`Where its memory was in the last ${shown.label}`}
          times={times}
          series={memories}
          marks={moments}
          format={bytes}
          binary
          least={memory?.memoryBytes ?? 0}
          height={260}
        />
        <h3>What happened to its memory in the last {shown.label}</h3>
        <MomentList moments={moments}>
          Nothing: no memory was taken from it, and the host's state was the same all the time.
        </MomentList>
      </section>
      {memory && <Figures memory={memory} />}
      <section class="card stack" aria-label="Rates">
        <h2>What went in and out, a second</h2>
        <Chart
          label={`Rates of the last ${shown.label}`}
          times={times}
          series={rates}
          format={bytes}
          binary
          height={160}
        />
      </section>
    </>
  );
}
