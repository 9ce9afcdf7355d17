// SPDX-License-Identifier: LGPL-2.1-or-later
/* The sums of what is selected, or of all that is shown. */
import { bytes, plural } from '../../ui/format';
import { numbersRound } from '../../api/memory';
import type { VmMemory } from '../../api/types';
import type { VmRow } from '../../vm/rows';

const SUMS: readonly { label: string; about: string; of: (memory: VmMemory) => number; always?: boolean }[] =
  [
    {
      label: 'configured',
      about: 'MEMSZ of those that run',
      of: (memory) => memory.memoryBytes,
      always: true,
    },
    { label: 'consumed', about: 'CNSM', of: (memory) => memory.consumedBytes, always: true },
    { label: 'active', about: 'TCHD', of: (memory) => memory.activeBytes, always: true },
    { label: 'saved by sharing', about: 'SVD', of: (memory) => memory.savedBytes },
    { label: 'ballooned', about: 'MCTLSZ', of: (memory) => memory.balloonBytes },
    { label: 'compressed', about: 'ZIPPED', of: (memory) => memory.compressedBytes },
    { label: 'swapped', about: 'SWCUR', of: (memory) => memory.swappedBytes },
  ];

export function Totals({ rows, selected }: { rows: readonly VmRow[]; selected: number }) {
  // Numbers change in the rows.
  void numbersRound.value;
  const memories = rows.flatMap((row) => row.memory ?? []);
  const on = rows.filter((row) => row.vm['runtime.powerState'] === 'poweredOn').length;
  return (
    <dl class="totals small" aria-label={selected > 0 ? 'Sums of the selection' : 'Sums of all shown'}>
      <div>
        <dt class="visually-hidden">VMs</dt>
        <dd>
          {selected > 0 ? `${plural(selected, 'VM')} selected` : plural(rows.length, 'VM')}, {on} on
        </dd>
      </div>
      {SUMS.map(({ label, about, of, always }) => {
        const sum = memories.reduce((total, memory) => total + of(memory), 0);
        if (sum === 0 && !always) return null;
        return (
          <div key={label} title={about}>
            <dt>{label}</dt>
            <dd>{bytes(sum)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
