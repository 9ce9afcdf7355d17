// SPDX-License-Identifier: LGPL-2.1-or-later
/* How a VM is, in a word. */
import type { Vm, VmMemory } from '../api/types';
import type { Kind } from '../ui/controls';

export interface State {
  word: string;
  kind: Kind | undefined;
  /** What that means, when the word does not say it. */
  about: string;
}

const POWER: Record<string, string> = { poweredOn: 'on', poweredOff: 'off', suspended: 'suspended' };

const ODD: Record<string, string> = {
  paused: 'Its processors stand still.',
  io_error: 'It waits because its storage gave an error.',
  standby: 'The guest sleeps; power on wakes it.',
  crashed: 'Its VMM ended without being asked to.',
  missing: 'libvirt does not know it any more.',
};

export function stateOf(vm: Vm, memory: VmMemory | undefined): State {
  const word = POWER[vm['runtime.powerState'] ?? ''] ?? 'off';
  if (vm['runtime.question'])
    return { word: 'question', kind: 'warning', about: vm['runtime.question'].text };
  if (vm['summary.config.template'])
    return { word: 'template', kind: undefined, about: 'VMs are cloned from it.' };
  if (word === 'on' && memory?.stopped)
    return {
      word: 'stopped',
      kind: 'error',
      about: 'The low memory state has stopped it until there is memory.',
    };
  const odd = memory && ODD[memory.power];
  if (word === 'on' && memory && odd) return { word: memory.power, kind: 'warning', about: odd };
  if (memory?.problem) return { word, kind: 'warning', about: memory.problem };
  return { word, kind: word === 'on' ? 'good' : undefined, about: '' };
}
