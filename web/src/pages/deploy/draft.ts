// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is to be deployed. It is kept in the page's address, so that a page that was left goes on from there. */
import { query } from '../../router';

export interface Draft {
  /** Ids; "": the current snapshot, the parent's own place, none. */
  from: string;
  snapshot: string;
  count: string;
  /** With a run of #, which stands for the number. */
  pattern: string;
  /** The first number. */
  first: string;
  linked: boolean;
  folder: string;
  pool: string;
  store: string;
  /** A customization specification's name. */
  spec: string;
  /** A port group's name. */
  group: string;
  on: boolean;
}

const COUNT_MAX = 1000;
const NUMBER_MAX = 99_999;

export const EMPTY: Draft = {
  from: '',
  snapshot: '',
  count: '1',
  pattern: '',
  first: '',
  linked: true,
  folder: '',
  pool: '',
  store: '',
  spec: '',
  group: '',
  on: false,
};

export function draftFromAddress(): Draft {
  const text = (name: keyof Draft) => query.value.get(name) ?? String(EMPTY[name]);
  return {
    ...(Object.fromEntries(
      Object.keys(EMPTY).map((name) => [name, text(name as keyof Draft)]),
    ) as unknown as Draft),
    linked: text('linked') === 'true',
    on: text('on') === 'true',
  };
}

/** The address at which the page is as now. @param begun  it was started */
export function addressOf(draft: Draft, begun: boolean): string {
  const said = Object.entries(draft).filter(([name, value]) => value !== EMPTY[name as keyof Draft]);
  const words = new URLSearchParams(said.map(([name, value]) => [name, String(value)]));
  if (begun) words.set('begun', 'true');
  return `#/deploy?${words.toString()}`;
}

/** "Tmpl Capture 1.0" -> "Capture##", as `aerostat vm clone` counts. */
export function patternFor(parent: string): string {
  const words = parent.trim().split(/\s+/);
  return `${words[1] ?? words[0] ?? ''}##`;
}

/** "Capture##" -> "Capture", 2, "". */
function parts(pattern: string): { before: string; digits: number; after: string } | null {
  const found = /^([^#]*)(#+)([^#]*)$/.exec(pattern);
  return found && { before: found[1] ?? '', digits: found[2]?.length ?? 0, after: found[3] ?? '' };
}

/** One more than the highest number there is. */
export function nextNumber(pattern: string, taken: ReadonlySet<string>): number {
  const wanted = parts(pattern);
  if (!wanted) return 1;
  let highest = 0;
  for (const name of taken) {
    if (!name.startsWith(wanted.before) || !name.endsWith(wanted.after)) continue;
    const number = name.slice(wanted.before.length, name.length - wanted.after.length);
    if (/^\d{1,5}$/.test(number)) highest = Math.max(highest, Number(number));
  }
  return highest + 1;
}

export function countOf(draft: Draft): number {
  const count = /^\d+$/.test(draft.count) ? Number(draft.count) : 0;
  return count >= 1 && count <= COUNT_MAX ? count : 0;
}

export type Errors = Partial<Record<'from' | 'count' | 'pattern' | 'first', string>>;

export function check(draft: Draft): Errors {
  const errors: Errors = {};
  const count = countOf(draft);
  if (count === 0) errors.count = `A whole number from 1 to ${COUNT_MAX}.`;
  if (draft.pattern.trim() === '') errors.pattern = 'Give them a name.';
  else if (/[/\\%]/.test(draft.pattern)) errors.pattern = 'Names have no /, \\ or %.';
  else if (draft.pattern.includes('#') && !parts(draft.pattern))
    errors.pattern = 'One run of # stands for the number.';
  else if (count > 1 && !draft.pattern.includes('#'))
    errors.pattern = 'Several need a number in their names: put ## where it goes.';
  if (draft.first !== '' && !(/^\d{1,5}$/.test(draft.first) && Number(draft.first) + count <= NUMBER_MAX))
    errors.first = `A whole number; numbers end at ${NUMBER_MAX}.`;
  return errors;
}

/** The names that they get. @param next  the first number if none is given */
export function namesOf(draft: Draft, next: number): string[] {
  const wanted = parts(draft.pattern);
  if (!wanted) return [draft.pattern.trim()];
  const first = draft.first === '' ? next : Number(draft.first);
  return Array.from({ length: countOf(draft) }, (_, i) =>
    `${wanted.before}${String(first + i).padStart(wanted.digits, '0')}${wanted.after}`.trim(),
  );
}
