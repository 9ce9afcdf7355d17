// SPDX-License-Identifier: LGPL-2.1-or-later
/* Figures as the command line prints them; apart from the page's own, so that one checks the other. */

/** As `aerostat vm list` has them. */
export function bytes(value: number): string {
  if (value === 0) return '0';
  const units: [string, number][] = [
    ['T', 2 ** 40],
    ['G', 2 ** 30],
    ['M', 2 ** 20],
    ['K', 2 ** 10],
  ];
  for (const [letter, size] of units) {
    if (value < size) continue;
    const whole = value % size === 0 || value / size >= 99.95;
    return `${(value / size).toFixed(whole ? 0 : 1)}${letter}`;
  }
  return `${value}B`;
}
