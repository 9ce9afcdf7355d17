// SPDX-License-Identifier: LGPL-2.1-or-later
/* Figures as `aerostat` prints them: src/cli/size.c, src/cli/top-header.c, src/cli/text.c. */

export const MIB = 1024 * 1024;
const LETTERS = ['B', 'K', 'M', 'G', 'T'];

/** "0", "512B", "1.5G", "256M": three digits tell enough. */
export function bytes(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  let unit = 0;
  while (unit < 4 && Math.abs(value) >= 1024 ** (unit + 1)) unit++;
  if (unit === 0) return `${Math.round(value)}${value !== 0 ? 'B' : ''}`;
  const scaled = value / 1024 ** unit;
  const digits = Math.abs(scaled) >= 99.95 || value % 1024 ** unit === 0 ? 0 : 1;
  return scaled.toFixed(digits) + LETTERS[unit];
}

/** A limit: none where there is none. */
export function limit(value: number | undefined): string {
  return value === undefined || value < 0 ? 'none' : bytes(value);
}

/** Whole MB, as the lines above the table of `aerostat top` have them. */
export function mb(value: number | undefined): string {
  return value === undefined ? '-' : (value / MIB).toFixed(0);
}

/** MB with two digits, as the cells of `aerostat top` have them. */
export function mbCell(value: number | undefined): string {
  return value === undefined ? '-' : (value / MIB).toFixed(2);
}

/** Bytes a second as MB a second. */
export function rate(value: number | undefined): string {
  return value === undefined ? '-' : `${(value / MIB).toFixed(2)} MB/s`;
}

export function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part * 100) / whole)}%` : '-';
}

/** "1.5 s", "3 min 20 s", "2 h 5 min", "4 d 3 h" */
export function duration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s >= 86400) return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
  if (s >= 3600) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  if (s >= 60) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The time of day if it is today's, else with its date. */
export function time(value: string | number | undefined): string {
  if (value === undefined || value === '') return '-';
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return '-';
  return date.toDateString() === new Date().toDateString() ? CLOCK.format(date) : DAY.format(date);
}

/** "3 min 20 s ago" */
export function ago(value: string | number | undefined, now = Date.now()): string {
  if (value === undefined) return '-';
  const seconds = Math.floor(Math.max(0, now - new Date(value).getTime()) / 1000);
  return seconds < 60 ? `${seconds} s ago` : `${duration(seconds * 1000)} ago`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
