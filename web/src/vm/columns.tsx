// SPDX-License-Identifier: LGPL-2.1-or-later
/* The columns of `aerostat top`, with its titles, and what the inventory has besides: src/cli/vm-fields.c. */
import type { VmMemory } from '../api/types';
import { mbCell } from '../ui/format';
import { Icon } from '../ui/Icon';
import type { Column, Value } from '../ui/table-model';
import type { VmMore, VmRow } from './rows';

export type Group = 'Overview' | 'Memory' | 'Reclaim' | 'Allocation' | 'Inventory';

export interface VmColumn extends Column<VmRow> {
  group: Group;
  about: string;
  /** Bytes, bytes a second, or a plain number: how the filter reads what it is compared with. */
  unit?: 'bytes' | 'count';
  /** Is had only when it is asked for. */
  more?: boolean;
}

type Numbers = { [K in keyof VmMemory]: VmMemory[K] extends number | undefined ? K : never }[keyof VmMemory];

const FIGURE_WIDTH = 78;

function figure(group: Group, title: string, field: NonNullable<Numbers>, about: string): VmColumn {
  return {
    group,
    id: title.toLowerCase(),
    title,
    about: `${about}, MB`,
    unit: 'bytes',
    align: 'right',
    width: Math.max(FIGURE_WIDTH, 24 + title.length * 9),
    hidden: true,
    value: (row) => row.memory?.[field],
    text: (row) => (row.memory ? mbCell(row.memory[field]) : '-'),
  };
}

function perSecond(title: string, field: NonNullable<Numbers>, about: string): VmColumn {
  return { ...figure('Reclaim', title, field, about), about: `${about}, MB a second` };
}

/* None is more than any. */
function bound(title: string, field: NonNullable<Numbers>, about: string): VmColumn {
  return {
    ...figure('Allocation', title, field, about),
    value: (row) => row.memory && (row.memory[field] ?? Infinity),
    text: (row) =>
      row.memory ? (row.memory[field] === undefined ? 'none' : mbCell(row.memory[field])) : '-',
  };
}

function word(
  group: Group,
  title: string,
  width: number,
  value: (row: VmRow) => Value,
  about: string,
): VmColumn {
  return { group, id: title.toLowerCase(), title, about, width, hidden: true, value };
}

function count(
  group: Group,
  title: string,
  value: (row: VmRow) => number | undefined,
  about: string,
): VmColumn {
  return { ...word(group, title, FIGURE_WIDTH, value, about), unit: 'count', align: 'right' };
}

function more(column: VmColumn): VmColumn {
  return { ...column, more: true };
}

const yes = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'yes' : 'no');
const of = (field: keyof VmMore) => (row: VmRow) => row.more?.[field] as Value;

/** `aerostat top`: how it is, the worst first. */
function status(memory: VmMemory | undefined): string | undefined {
  if (!memory) return undefined;
  if (memory.problem) return 'problem';
  if (memory.stopped) return 'stopped';
  return memory.power === 'on' ? 'ok' : memory.power;
}

function Name({ row }: { row: VmRow }) {
  return (
    <a class="vm-name" href={`#/vm/${row.id}`} tabIndex={-1}>
      <Icon name={row.state.word === 'template' ? 'template' : 'vm'} />
      <span>{row.name}</span>
    </a>
  );
}

function StateCell({ row }: { row: VmRow }) {
  return (
    <span class="vm-state" data-kind={row.state.kind} title={row.state.about || undefined}>
      {row.state.word}
    </span>
  );
}

const OVERVIEW: VmColumn[] = [
  {
    ...word('Overview', 'Name', 180, (row) => row.name, 'The name; a link to its page'),
    hidden: false,
    grow: 1,
    render: (row) => <Name row={row} />,
  },
  {
    ...word(
      'Overview',
      'State',
      104,
      (row) => row.state.word,
      'Power, or what is more urgent: question, stopped',
    ),
    hidden: false,
    render: (row) => <StateCell row={row} />,
  },
  word('Overview', 'Status', 84, (row) => status(row.memory), 'How it is, in a word, as aerostat top has it'),
  word('Overview', 'Problem', 260, (row) => row.memory?.problem, 'What is wrong'),
  word('Overview', 'Cause', 260, (row) => row.memory?.cause, 'Why it loses memory now'),
];

const MEMORY: VmColumn[] = [
  figure('Memory', 'MEMSZ', 'memoryBytes', 'Configured memory'),
  figure('Memory', 'GRANT', 'grantedBytes', 'Guest memory that is backed, shared pages included'),
  figure('Memory', 'CNSM', 'consumedBytes', 'Host memory that guest memory takes'),
  figure(
    'Memory',
    'SZTGT',
    'targetBytes',
    'Host memory it should have now, by shares, reservation and limit',
  ),
  figure('Memory', 'TCHD', 'activeBytes', 'Active memory: an estimate of what it touched lately'),
  figure('Memory', 'IDLE', 'idleBytes', 'Consumed and not active'),
  figure('Memory', 'OVHD', 'overheadBytes', 'Host memory beyond guest memory'),
  figure('Memory', 'PRIV', 'privateBytes', 'Pages of its own'),
  figure('Memory', 'SHRD', 'sharedBytes', 'Pages it shares'),
  figure('Memory', 'SVD', 'savedBytes', 'Saved by sharing'),
  figure('Memory', 'RESIDENT', 'residentBytes', "In the guest's reach"),
  figure(
    'Memory',
    'PARKED',
    'parkedBytes',
    'Out of its reach, still whole: a touch brings it back without a read',
  ),
  figure('Memory', 'ABSENT', 'absentBytes', 'Never touched, or given back'),
];

const RECLAIM: VmColumn[] = [
  word(
    'Reclaim',
    'MCTL?',
    72,
    (row) => row.memory && (row.memory.balloonState !== 'none' ? 'Y' : 'N'),
    'Whether the guest has a balloon driver',
  ),
  figure('Reclaim', 'MCTLSZ', 'balloonBytes', 'Balloon: what the guest gave back of its own choice'),
  figure('Reclaim', 'MCTLTGT', 'balloonTargetBytes', 'Balloon, as asked'),
  figure('Reclaim', 'MCTLMAX', 'balloonMaxBytes', 'Balloon, at most'),
  word(
    'Reclaim',
    'MCTLST',
    112,
    (row) => row.memory?.balloonState,
    'Balloon: none, ok, inactive, uncooperative',
  ),
  figure('Reclaim', 'SWCUR', 'swappedBytes', 'In the swap file'),
  figure('Reclaim', 'SWTGT', 'swapTargetBytes', 'In the swap file, as expected'),
  perSecond('SWR/s', 'swapReadBytesPerSecond', 'Read from the swap file: the guest waits for these'),
  perSecond('SWW/s', 'swapWriteBytesPerSecond', 'Written to the swap file'),
  figure('Reclaim', 'CACHESZ', 'cacheBytes', 'Compression cache'),
  figure('Reclaim', 'CACHEUSD', 'cacheUsedBytes', 'Compression cache, used'),
  figure('Reclaim', 'ZIPPED', 'compressedBytes', 'In the cache, before compression'),
  figure('Reclaim', 'SAME', 'sameBytes', 'Of one value throughout, without storage'),
  perSecond('ZIP/s', 'zipBytesPerSecond', 'Compressed'),
  perSecond('UNZIP/s', 'unzipBytesPerSecond', 'Decompressed: the guest waits a little for these'),
  {
    ...count(
      'Reclaim',
      'FAULTS/s',
      (row) => row.memory?.faultsPerSecond,
      'Faults that its pager served, a second',
    ),
    text: (row) => row.memory?.faultsPerSecond.toFixed(1) ?? '-',
  },
];

const ALLOCATION: VmColumn[] = [
  { ...word('Allocation', 'Pool', 140, (row) => row.pool, 'Resource pool'), hidden: false },
  count(
    'Allocation',
    'SHARES',
    (row) => row.memory?.shares,
    'Shares: who gets how much when memory is short',
  ),
  word('Allocation', 'LEVEL', 84, (row) => row.memory?.sharesLevel, 'Shares: low, normal, high, custom'),
  figure('Allocation', 'RESV', 'reservationBytes', 'Reservation: what it is never below'),
  bound('LIMIT', 'limitBytes', 'Limit: what it is never above'),
  bound('PGLIM', 'pagerLimitBytes', 'Limit that its pager enforces now'),
];

const INVENTORY: VmColumn[] = [
  word('Inventory', 'Folder', 140, (row) => row.folder, 'Folder'),
  word('Inventory', 'Attributes', 200, (row) => row.attributes, 'Custom attributes'),
  word('Inventory', 'Host name', 140, (row) => row.vm['guest.hostName'], 'As the guest says it'),
  word('Inventory', 'IP address', 130, (row) => row.vm['guest.ipAddress'], 'As the guest says it'),
  word(
    'Inventory',
    'POWER',
    92,
    (row) => row.memory?.power,
    'on, off, suspended, paused, io_error, standby, crashed, missing',
  ),
  word(
    'Inventory',
    'TEMPLATE',
    96,
    (row) => yes(row.vm['summary.config.template']),
    'Whether it is a template',
  ),
  more(word('Inventory', 'DATASTORE', 120, of('datastore'), 'Datastore of its home')),
  more(word('Inventory', 'HOME', 180, of('home'), 'Folder with its files')),
  more(word('Inventory', 'PARENT', 140, of('parent'), 'VM that it is a clone of')),
  more(
    word(
      'Inventory',
      'LINKED',
      84,
      (row) => yes(row.more?.linked),
      "Whether it stands on its parent's disks",
    ),
  ),
  more(count('Inventory', 'SNAPS', (row) => row.more?.snapshots, 'Snapshots')),
  more(count('Inventory', 'DISKS', (row) => row.more?.disks, 'Disks')),
  more(word('Inventory', 'ADOPTED', 92, (row) => yes(row.more?.adopted), 'Whether it is in the inventory')),
  word('Inventory', 'MANAGED', 92, (row) => row.memory?.managed, 'Means there are: pager, balloon, none'),
  word('Inventory', 'STOPPED', 92, (row) => yes(row.memory?.stopped), 'Stopped by the low state'),
  count('Inventory', 'PID', (row) => row.memory?.processId || undefined, 'Process id of its VMM'),
  word('Inventory', 'UUID', 290, (row) => row.vm['summary.config.instanceUuid'], 'UUID'),
];

/** All there are, in the order in which they stand. */
export const vmColumns: readonly VmColumn[] = [
  ...OVERVIEW,
  ...MEMORY,
  ...RECLAIM,
  ...ALLOCATION,
  ...INVENTORY,
];

const ids = (text: string) => ['name', 'state', ...text.split(' ')];

/** Choices that many make. esxtop's are those of `aerostat top`. */
export const presets: readonly { name: string; about: string; columns: readonly string[] }[] = [
  {
    name: 'esxtop',
    about: 'as esxtop and aerostat top begin',
    columns: ids(
      'memsz grant sztgt tchd mctl? mctlsz mctltgt mctlmax swcur swtgt swr/s sww/s cachesz cacheusd zip/s unzip/s',
    ),
  },
  {
    name: 'Overview',
    about: 'what most want to know',
    columns: ids('memsz cnsm tchd sztgt mctlsz swcur zipped svd pool folder attributes'),
  },
  {
    name: 'Allocation',
    about: 'who is entitled to what',
    columns: ids('memsz cnsm sztgt shares level resv limit pglim pool'),
  },
  {
    name: 'Inventory',
    about: 'where things are',
    columns: ids('folder pool datastore home disks snaps parent linked attributes').concat(
      'host name',
      'ip address',
    ),
  },
];

export function columnsOf(chosen: readonly string[]): VmColumn[] {
  return vmColumns
    .filter((column) => chosen.includes(column.id))
    .map((column) => ({ ...column, hidden: false }));
}
