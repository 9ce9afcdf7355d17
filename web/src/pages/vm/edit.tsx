// SPDX-License-Identifier: LGPL-2.1-or-later
/* Dialogs that change a VM's configuration: what is typed is checked before the server is asked. */
import { useState } from 'preact/hooks';

import { runTask } from '../../api/tasks';
import type { Vm } from '../../api/types';
import { type Choice, Field, SelectField, TextField } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { say } from '../../ui/Toast';

export interface EditField {
  id: string;
  label: string;
  hint?: string;
  /** Chosen instead of typed. */
  choices?: Choice[];
  /** Several lines. */
  long?: boolean;
  value: string;
  /** What is wrong with it; "": nothing. */
  check?: (value: string) => string;
}

export type Values = Record<string, string>;

export function wholeNumber(least: number, most: number, unit = ''): (text: string) => string {
  return (text) => {
    const number = Number(text);
    const well = /^\d+$/.test(text.trim()) && number >= least && number <= most;
    return well ? '' : `A whole number from ${least} to ${most}${unit && ` ${unit}`}.`;
  };
}

/** Reconfigures; a change by somebody else since the dialog was opened is told, not overwritten. */
export async function reconfigure(
  vm: Vm,
  changeVersion: string | undefined,
  spec: Record<string, unknown>,
  what: string,
): Promise<void> {
  await runTask(
    vm.ref,
    'ReconfigVM_Task',
    { spec: { _typeName: 'VirtualMachineConfigSpec', ...(changeVersion && { changeVersion }), ...spec } },
    what,
  );
}

export function option(key: string, value: string): object {
  return { _typeName: 'OptionValue', key, value: { _typeName: 'string', _value: value } };
}

/** Only what was changed is given to `save`. */
export function EditDialog({
  title,
  fields,
  save,
  saved,
  action = 'Save',
  unchanged = false,
  onClose,
}: {
  title: string;
  fields: EditField[];
  save: (changed: Values, all: Values) => Promise<void>;
  /** Said when it is done. */
  saved: string;
  action?: string;
  /** Whether it can be saved as it was proposed. */
  unchanged?: boolean;
  onClose: () => void;
}) {
  // As it was when the dialog was opened: what has changed since is not to be overwritten.
  const [{ first, saveFirst }] = useState({ first: fields, saveFirst: save });
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(fields.map((each) => [each.id, each.value])),
  );
  const changed = Object.fromEntries(
    first.filter((each) => values[each.id] !== each.value).map((each) => [each.id, values[each.id] ?? '']),
  );
  const wrong = (each: EditField) => each.check?.(values[each.id] ?? '') || undefined;
  const anyWrong = first.some((each) => wrong(each) !== undefined);
  const because = anyWrong
    ? 'Correct what is marked first.'
    : Object.keys(changed).length === 0 && !unchanged
      ? 'Nothing is changed yet.'
      : undefined;
  return (
    <Dialog
      title={title}
      action={action}
      because={because}
      onAction={async () => {
        await saveFirst(changed, values);
        say(saved, 'good');
      }}
      onClose={onClose}
    >
      {first.map((each) => {
        const common = {
          label: each.label,
          hint: each.hint,
          // Nothing has been done wrong where nothing was typed yet.
          error: each.id in changed ? wrong(each) : undefined,
        };
        const set = (value: string) => setValues((now) => ({ ...now, [each.id]: value }));
        if (each.choices) {
          return (
            <SelectField
              key={each.id}
              {...common}
              value={values[each.id] ?? ''}
              onValue={set}
              choices={each.choices}
            />
          );
        }
        if (each.long) {
          return (
            <Field key={each.id} {...common}>
              {(tied) => (
                <textarea
                  {...tied}
                  class="input"
                  rows={5}
                  value={values[each.id]}
                  onInput={(event) => set(event.currentTarget.value)}
                />
              )}
            </Field>
          );
        }
        return <TextField key={each.id} {...common} value={values[each.id] ?? ''} onValue={set} />;
      })}
    </Dialog>
  );
}
