// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What is typed above a table of VMs. Words match names; all that is said must hold:
 *
 *     web -test pool:/gold state:on swcur>0 memsz>=1g attributes:owner=me
 */
import { vmColumns, type VmColumn } from './columns';
import { isWithin } from './places';
import type { VmRow } from './rows';

export type Test = (row: VmRow) => boolean;

export interface Filter {
  test: Test;
  /** What is wrong with the text; the rest of it holds. */
  wrong: string;
  /** Whether it is about a column that is had only when it is asked for. */
  more: boolean;
  /** Whether it is about numbers, which change without the rows. */
  numbers: boolean;
}

const UNITS: Record<string, number> = {
  '': 1024 ** 2,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** "512" is MB, as in the table; "1.5g" and "64k" say it themselves. */
function sizeOf(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?|\.\d+)([bkmgt]?)(?:i?b)?$/.exec(text);
  return found ? Number(found[1]) * (UNITS[found[2] ?? ''] ?? 1) : null;
}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** Columns that have one of a few words. */
const FEW = new Set(
  'state status mctl? mctlst level power template linked adopted managed stopped'.split(' '),
);

function columnOf(name: string): VmColumn | undefined {
  return vmColumns.find((column) => column.id.replace(' ', '') === name);
}

/* "we*1": whole; "web": anywhere in it. */
function wordTest(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text.toLowerCase().includes(pattern);
  const escaped = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${escaped.join('.*')}$`);
  return (text) => whole.test(text.toLowerCase());
}

function textTest(column: VmColumn, pattern: string): Test {
  if ((column.id === 'pool' || column.id === 'folder') && pattern.startsWith('/')) {
    const place = pattern === '/' ? '/' : pattern.replace(/\/$/, '');
    return (row) => isWithin(String(column.value(row) ?? '').toLowerCase(), place);
  }
  // "on" is not meant to find "question".
  if (FEW.has(column.id))
    return (row) =>
      String(column.value(row) ?? '')
        .toLowerCase()
        .startsWith(pattern);
  const matches = wordTest(pattern);
  return (row) => matches(String(column.value(row) ?? ''));
}

function compareTest(column: VmColumn, sign: string, text: string): Test | string {
  if (!column.unit) {
    if (sign !== '=' && sign !== '!=') return `${column.title} is a word: use ${column.id}:${text}`;
    const same: Test = (row) => String(column.value(row) ?? '').toLowerCase() === text;
    return sign === '=' ? same : (row) => !same(row);
  }
  const amount = text === 'none' ? Infinity : column.unit === 'bytes' ? sizeOf(text) : Number(text || NaN);
  if (amount === null || Number.isNaN(amount)) return `"${text}" is no size: 512 (MB), 1.5g, 64k`;
  return (row) => {
    const value = column.value(row);
    return typeof value === 'number' && COMPARE[sign]!(value, amount);
  };
}

function termTest(term: string): Test | string {
  if (term.startsWith('-') && term.length > 1) {
    const test = termTest(term.slice(1));
    return typeof test === 'string' ? test : (row) => !test(row);
  }
  const found = /^([a-z][a-z/?]*)(:|>=|<=|!=|>|<|=)(.*)$/.exec(term);
  if (!found) {
    const matches = wordTest(term);
    return (row) => matches(row.name);
  }
  const [, name = '', sign = '', text = ''] = found;
  const column = columnOf(name);
  if (!column) return `There is no column "${name}"`;
  if (text === '') return () => true;
  return sign === ':' ? textTest(column, text) : compareTest(column, sign, text);
}

/** Blanks divide; "..." keeps them. */
function termsOf(text: string): string[] {
  return (text.toLowerCase().match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []).map((term) => term.replaceAll('"', ''));
}

export function parseFilter(text: string): Filter {
  const tests: Test[] = [];
  let wrong = '';
  let more = false;
  let numbers = false;
  for (const term of termsOf(text)) {
    const test = termTest(term);
    const column = columnOf(/^-?([a-z/?]+)[:<>!=]/.exec(term)?.[1] ?? '');
    more ||= column?.more === true;
    numbers ||= column?.unit !== undefined;
    if (typeof test === 'string') wrong ||= test;
    else tests.push(test);
  }
  return { test: (row) => tests.every((each) => each(row)), wrong, more, numbers };
}
