// SPDX-License-Identifier: LGPL-2.1-or-later
/* The lines above the table of `aerostat top`, with words. */
import type { HostMemory } from '../../api/types';
import { bytes, rate } from '../../ui/format';

interface Figure {
  id: string;
  name: string;
  value: string;
  about: string;
}

function figures(memory: HostMemory): Figure[] {
  const { share } = memory;
  return [
    {
      id: 'saved',
      name: 'Sharing saves',
      value: bytes(share.savedBytes),
      about: `${bytes(share.sharedBytes)} shared in ${bytes(share.commonBytes)}; ${share.state}${share.reason && `, ${share.reason}`}`,
    },
    {
      id: 'zipped',
      name: 'Compressed',
      value: bytes(memory.zippedBytes),
      about: `in ${bytes(memory.cacheBytes)}, saves ${bytes(memory.zipSavedBytes)}; ${rate(memory.zipBytesPerSecond)} in, ${rate(memory.unzipBytesPerSecond)} out`,
    },
    {
      id: 'balloon',
      name: 'Ballooned',
      value: bytes(memory.balloonBytes),
      about: `of ${bytes(memory.balloonTargetBytes)} asked for, ${bytes(memory.balloonMaxBytes)} at most`,
    },
    {
      id: 'swapped',
      name: 'Swapped',
      value: bytes(memory.swappedBytes),
      about: `${bytes(memory.swapTargetBytes)} expected; ${rate(memory.swapReadBytesPerSecond)} read, ${rate(memory.swapWriteBytesPerSecond)} written`,
    },
    {
      id: 'overcommit',
      name: 'Overcommitment',
      value: memory.overcommit.map((each) => each.toFixed(2)).join(', '),
      about: 'over 1, 5 and 15 minutes; above 0, guests have more memory than there is',
    },
    {
      id: 'machine',
      name: 'Machine',
      value: bytes(memory.totalBytes),
      about: `${bytes(memory.otherBytes)} for what is not a VM`,
    },
  ];
}

export function Figures({ memory }: { memory: HostMemory }) {
  return (
    <dl class="parts">
      {figures(memory).map((figure) => (
        <div key={figure.id}>
          <dt>{figure.name}</dt>
          <dd data-figure={figure.id}>
            {figure.value}
            <small>{figure.about}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
