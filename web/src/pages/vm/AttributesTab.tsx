// SPDX-License-Identifier: LGPL-2.1-or-later
import { useEffect, useState } from 'preact/hooks';

import { call, service } from '../../api/client';
import type { Vm } from '../../api/types';
import { Button, Empty } from '../../ui/controls';
import { sayError } from '../../ui/Toast';
import { attributes, readAttributes } from '../../vm/attributes';
import { EditDialog } from './edit';

const NAME_MAX = 80;

async function setField(vm: Vm, key: number, name: string, value: string): Promise<void> {
  const content = await service();
  await call(
    content.customFieldsManager,
    'SetField',
    { entity: vm.ref, key, value },
    `Set ${name} of ${vm.name}`,
  );
}

async function define(name: string): Promise<void> {
  const content = await service();
  await call(
    content.customFieldsManager,
    'AddCustomFieldDef',
    { name, moType: 'VirtualMachine' },
    `Define ${name}`,
  );
  await readAttributes();
}

export function AttributesTab({ vm }: { vm: Vm }) {
  const [editing, setEditing] = useState(false);
  const [defining, setDefining] = useState(false);
  useEffect(() => void readAttributes().catch(sayError), []);
  const defined = attributes.value;
  const valueOf = (key: number) => vm.customValue?.find((each) => each.key === key)?.value ?? '';
  return (
    <section class="card stack" aria-label="Custom attributes">
      <div class="row spread">
        <h2>Custom attributes</h2>
        <div class="row">
          <Button icon="plus" onClick={() => setDefining(true)}>
            New attribute
          </Button>
          <Button
            icon="edit"
            because={defined.length === 0 ? 'Define an attribute first.' : undefined}
            onClick={() => setEditing(true)}
          >
            Edit
          </Button>
        </div>
      </div>
      {defined.length === 0 ? (
        <Empty title="No attributes are defined yet." />
      ) : (
        <dl class="facts">
          {defined.map(({ key, name }) => (
            <div key={key}>
              <dt>{name}</dt>
              <dd>{valueOf(key) || <span class="muted">not set</span>}</dd>
            </div>
          ))}
        </dl>
      )}
      {editing && (
        <EditDialog
          title={`Attributes of ${vm.name}`}
          fields={defined.map(({ key, name }) => ({ id: String(key), label: name, value: valueOf(key) }))}
          save={async (changed) => {
            for (const { key, name } of defined)
              if (String(key) in changed) await setField(vm, key, name, changed[key] ?? '');
          }}
          saved={`The attributes of ${vm.name} are saved.`}
          onClose={() => setEditing(false)}
        />
      )}
      {defining && (
        <EditDialog
          title="New attribute"
          action="Define"
          fields={[
            {
              id: 'name',
              label: 'Name',
              hint: 'Every VM then has it; empty until it is set.',
              value: '',
              check: (text) =>
                text.trim() === '' || text.length > NAME_MAX
                  ? `A name of 1 to ${NAME_MAX} letters.`
                  : defined.some((each) => each.name === text.trim())
                    ? 'There is an attribute of that name.'
                    : '',
            },
          ]}
          save={(_, all) => define((all.name ?? '').trim())}
          saved="The attribute is defined."
          onClose={() => setDefining(false)}
        />
      )}
    </section>
  );
}
