// SPDX-License-Identifier: LGPL-2.1-or-later
/* The four states of the host's memory. */
import type { HostMemory } from '../../api/types';

export const STATES = ['high', 'soft', 'hard', 'low'] as const;
export type State = (typeof STATES)[number];

/** What is done in a state, in a sentence. */
export const MEANING: Record<string, string> = {
  high: 'There is enough: VMs keep what they have, within their limits.',
  soft: 'Balloons take from VMs what they need least.',
  hard: 'The pager compresses and swaps what balloons do not give.',
  low: 'VMs that are above their targets are stopped until there is memory.',
};

/** Free memory below which the next state is near. */
export function threshold(memory: HostMemory, state: State): number {
  return { high: memory.highBytes, soft: memory.softBytes, hard: memory.hardBytes, low: memory.lowBytes }[
    state
  ];
}
