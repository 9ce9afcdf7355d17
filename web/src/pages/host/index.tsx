// SPDX-License-Identifier: LGPL-2.1-or-later
/* The host at a glance: where its memory is, how near the next state is, what was. */
import './host.css';

import { useEffect, useState } from 'preact/hooks';

import { host, loaded, machines } from '../../api/inventory';
import { hostMemory, memoryError } from '../../api/memory';
import type { HostMemory } from '../../api/types';
import { Badge, ErrorNotice, Notice } from '../../ui/controls';
import { ago, bytes, plural, time } from '../../ui/format';
import { stateKind } from '../../ui/state';
import { EmptyHost } from '../start/EmptyHost';
import { Figures } from './Figures';
import { FreeGauge, MemoryBar } from './MemoryBar';
import { MEANING } from './states';
import { Timeline } from './Timeline';

/** Ages go on without news. */
function useClock(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

function State({ memory }: { memory: HostMemory }) {
  const now = useClock(1000);
  return (
    <div class="stack">
      <div class="host-state">
        <Badge kind={stateKind(memory.state)}>
          <span data-figure="state">{memory.state}</span>
        </Badge>
        <span>
          since {time(memory.stateSince)} <span class="muted">({ago(memory.stateSince, now)})</span>
          {memory.stateCause && `: ${memory.stateCause}`}
        </span>
      </div>
      <p class="muted">{MEANING[memory.state]}</p>
    </div>
  );
}

function Memory({ memory }: { memory: HostMemory }) {
  return (
    <>
      <section class="card stack" aria-labelledby="managed">
        <div class="host-head">
          <h2 id="managed">
            <span data-figure="managed">{bytes(memory.managedBytes)}</span> managed memory
          </h2>
          <span class="muted">
            {plural(memory.vms, 'VM')} running, {bytes(memory.consumedBytes)} in guests
          </span>
        </div>
        <MemoryBar memory={memory} />
      </section>
      <section class="card stack" aria-labelledby="state">
        <h2 id="state">State</h2>
        <State memory={memory} />
        <FreeGauge memory={memory} />
      </section>
      <section class="card stack" aria-labelledby="beside">
        <h2 id="beside">How memory is saved</h2>
        <Figures memory={memory} />
      </section>
      <Timeline memory={memory} />
    </>
  );
}

export function HostPage() {
  const memory = hostMemory.value;
  return (
    <div class="stack">
      <h1>{host.value?.name ?? 'Host'}</h1>
      {memory && memory.connection !== 'ok' && (
        <Notice kind="warning" title="libvirt cannot be reached">
          {memory.connectionReason} VMs run on as they are; aerostatd tries again by itself. See that libvirtd
          runs.
        </Notice>
      )}
      <ErrorNotice error={memoryError.value} />
      {loaded.value && machines.value.length === 0 && (
        <div class="card">
          <EmptyHost />
        </div>
      )}
      {memory && <Memory memory={memory} />}
    </div>
  );
}
