// SPDX-License-Identifier: LGPL-2.1-or-later
/* How bad a memory state is, in words and colours. */
import type { Kind } from './controls';

const KINDS: Record<string, Kind> = { high: 'good', soft: 'warning', hard: 'error', low: 'error' };

export function stateKind(state: string): Kind | undefined {
  return KINDS[state];
}

const COLOURS: Record<string, string> = {
  high: '--good',
  soft: '--warn',
  hard: '--mem-balloon',
  low: '--bad',
};

export function stateColour(state: string): string {
  return `var(${COLOURS[state] ?? '--mem-other'})`;
}

export function stateToken(state: string): string {
  return COLOURS[state] ?? '--mem-other';
}
