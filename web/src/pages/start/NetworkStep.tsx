// SPDX-License-Identifier: LGPL-2.1-or-later
import { networks } from '../../api/inventory';
import { SelectField } from '../../ui/controls';
import { draft, edit } from './draft';

export function NetworkStep() {
  const names = [...networks.value.values()].map(({ name }) => name ?? '').sort();
  return (
    <SelectField
      label="Port group"
      hint={
        names.length > 0
          ? 'A network card is put on it; more can be added later.'
          : 'There is none yet. Without a card the VM runs as well; one can be added later.'
      }
      value={draft.value.network}
      onValue={(network) => edit({ network })}
      choices={[{ value: '', label: 'None' }, ...names.map((name) => ({ value: name, label: name }))]}
    />
  );
}
