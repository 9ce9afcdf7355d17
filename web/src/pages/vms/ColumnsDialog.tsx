// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which columns are shown, and what they mean. */
import { type Group, presets, vmColumns } from '../../vm/columns';
import { Button } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { choice, choose } from './choice';

const GROUPS: readonly Group[] = ['Overview', 'Memory', 'Reclaim', 'Allocation', 'Inventory'];

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id) => b.includes(id));

export function ColumnsDialog({ onClose }: { onClose: () => void }) {
  const { columns } = choice.value;
  const toggle = (id: string) =>
    choose({ columns: columns.includes(id) ? columns.filter((each) => each !== id) : [...columns, id] });
  return (
    <Dialog title="Columns" wide onClose={onClose}>
      <div class="row" role="group" aria-label="Choices that many make">
        {presets.map((preset) => (
          <Button
            key={preset.name}
            title={preset.about}
            aria-pressed={same(preset.columns, columns)}
            onClick={() => choose({ columns: preset.columns })}
          >
            {preset.name}
          </Button>
        ))}
        <Button
          aria-pressed={columns.length === vmColumns.length}
          onClick={() => choose({ columns: vmColumns.map((column) => column.id) })}
        >
          All
        </Button>
      </div>
      <div class="column-choice">
        {GROUPS.map((group) => (
          <fieldset key={group}>
            <legend>{group}</legend>
            {vmColumns
              .filter((column) => column.group === group && column.id !== 'name')
              .map((column) => (
                <label key={column.id}>
                  <input
                    type="checkbox"
                    checked={columns.includes(column.id)}
                    onChange={() => toggle(column.id)}
                  />
                  <span>
                    <strong>{column.title}</strong> <span class="muted small">{column.about}</span>
                  </span>
                </label>
              ))}
          </fieldset>
        ))}
      </div>
    </Dialog>
  );
}
