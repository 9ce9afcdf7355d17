// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a table shows: columns, filter, order. Pure. */
import type { ComponentChildren } from 'preact';

export type Value = string | number | boolean | undefined;

export interface Column<Row> {
  id: string;
  /** In the head. */
  title: string;
  /** What it is, in a sentence; the head's tooltip and the column choice have it. */
  about?: string;
  /** What is sorted by, and shown if there is no `text`. Undefined is last in either order. */
  value: (row: Row) => Value;
  /** As shown, and as the filter looks at it. */
  text?: (row: Row) => string;
  /** Instead of the text. */
  render?: (row: Row) => ComponentChildren;
  align?: 'left' | 'right';
  /** Pixels at least; what is left over is shared out by `grow` (default 0). */
  width: number;
  grow?: number;
  /** Not shown until it is chosen. */
  hidden?: boolean;
}

export interface Order {
  column: string;
  descending: boolean;
}

export function textOf<Row>(column: Column<Row>, row: Row): string {
  if (column.text) return column.text(row);
  const value = column.value(row);
  return value === undefined ? '' : String(value);
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** Rows with every word of the filter in one of their columns. */
export function filterRows<Row>(
  rows: readonly Row[],
  columns: Column<Row>[],
  filter: string,
): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = columns.map((column) => textOf(column, row).toLowerCase()).join('\n');
    return words.every((word) => text.includes(word));
  });
}

/** A sorted copy; equals stay as they were. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: Column<Row>[],
  order: Order | null,
): readonly Row[] {
  const column = order && columns.find((each) => each.id === order.column);
  if (!column) return rows;
  const sign = order.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, value: column.value(row) }));
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined)
      return Number(a.value === undefined) - Number(b.value === undefined);
    return sign * compare(a.value, b.value);
  });
  return keyed.map((each) => each.row);
}

/** What a user chose of a table, kept by its name; nothing but how things are shown. */
export interface Choices {
  shown?: string[];
  order?: Order | null;
}

export function readChoices(name: string): Choices {
  try {
    return JSON.parse(localStorage.getItem(`table:${name}`) ?? '{}') as Choices;
  } catch {
    return {};
  }
}

export function writeChoices(name: string, choices: Choices): void {
  try {
    localStorage.setItem(`table:${name}`, JSON.stringify(choices));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
