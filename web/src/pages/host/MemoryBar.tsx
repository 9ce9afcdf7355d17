// SPDX-License-Identifier: LGPL-2.1-or-later
/* All managed memory as one bar, and the free part of it against the thresholds of the states. */
import type { HostMemory } from '../../api/types';
import { bytes, percent } from '../../ui/format';
import { stateColour } from '../../ui/state';
import { STATES, threshold } from './states';

export interface Part {
  name: string;
  about: string;
  bytes: number;
  colour: string;
}

/** What managed memory consists of; it adds up to it. */
export function partsOf(memory: HostMemory): Part[] {
  const { commonBytes } = memory.share;
  const own = Math.max(0, memory.consumedBytes - commonBytes - memory.cacheBytes);
  return [
    { name: 'Private', about: "guests' pages of their own", bytes: own, colour: '--mem-private' },
    { name: 'Shared', about: 'one copy for many guests', bytes: commonBytes, colour: '--mem-shared' },
    {
      name: 'Compressed',
      about: 'the cache of compressed pages',
      bytes: memory.cacheBytes,
      colour: '--mem-cache',
    },
    {
      name: 'Overhead',
      about: 'QEMU beyond guest memory',
      bytes: memory.overheadBytes,
      colour: '--mem-overhead',
    },
    { name: 'Free', about: 'of managed memory', bytes: memory.freeBytes, colour: '--mem-free' },
  ];
}

function share(part: number, whole: number): string {
  return `${whole > 0 ? Math.min(100, (part * 100) / whole) : 0}%`;
}

export function MemoryBar({ memory }: { memory: HostMemory }) {
  const parts = partsOf(memory);
  const words = parts.map((part) => `${part.name} ${bytes(part.bytes)}`).join(', ');
  return (
    <>
      <div class="memory-bar" role="img" aria-label={`${bytes(memory.managedBytes)} managed: ${words}`}>
        {parts.slice(0, -1).map((part) => (
          <div
            key={part.name}
            class="part"
            title={`${part.name}: ${bytes(part.bytes)}`}
            style={{ width: share(part.bytes, memory.managedBytes), '--colour': `var(${part.colour})` }}
          />
        ))}
        {STATES.map((state) => (
          <div
            key={state}
            class="threshold"
            style={{
              right: share(threshold(memory, state), memory.managedBytes),
              '--colour': stateColour(state),
            }}
          />
        ))}
      </div>
      <p class="muted small">
        Lines: where free memory, when it falls below, makes the next state; see State.
      </p>
      <dl class="parts">
        {parts.map((part) => (
          <div key={part.name}>
            <dt>
              <span class="swatch" style={{ '--colour': `var(${part.colour})` }} />
              {part.name}
            </dt>
            <dd data-figure={part.name.toLowerCase()}>
              {bytes(part.bytes)}
              <small>
                {percent(part.bytes, memory.managedBytes)}, {part.about}
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** As far as one and a half of the highest threshold; where free memory is more, it is full. */
export function FreeGauge({ memory }: { memory: HostMemory }) {
  const end = memory.highBytes * 1.5;
  const words = STATES.map((state) => `${state} ${bytes(threshold(memory, state))}`).join(', ');
  return (
    <div>
      <div
        class="free-gauge"
        role="img"
        aria-label={`${bytes(memory.freeBytes)} free; thresholds: ${words}`}
        style={{ '--colour': stateColour(memory.state) }}
      >
        <div class="filled" style={{ width: share(memory.freeBytes, end) }} />
        {STATES.map((state) => (
          <div
            key={state}
            class="threshold"
            style={{ left: share(threshold(memory, state), end), '--colour': 'var(--text)' }}
          />
        ))}
      </div>
      <div class="gauge-scale" aria-hidden="true">
        {STATES.map((state) => (
          <span key={state} style={{ left: share(threshold(memory, state), end) }}>
            {state}
            <br />
            {bytes(threshold(memory, state))}
          </span>
        ))}
      </div>
    </div>
  );
}
