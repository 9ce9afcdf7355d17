// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which columns and panes the user wants to see: how things are shown, kept in the browser. */
import { signal } from '@preact/signals';

import { presets, vmColumns } from '../../vm/columns';

const KEY = 'vms';

interface Choice {
  columns: readonly string[];
  /** Whether the tree is shown beside the table. */
  tree: boolean;
}

const first: Choice = { columns: presets[0]?.columns ?? [], tree: true };

function stored(): Choice {
  try {
    const { columns, tree } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Choice>;
    const known = columns?.filter((id) => vmColumns.some((column) => column.id === id));
    return { columns: known?.length ? known : first.columns, tree: tree ?? first.tree };
  } catch {
    return first;
  }
}

export const choice = signal<Choice>(stored());

export function choose(change: Partial<Choice>): void {
  choice.value = { ...choice.peek(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(choice.value));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
