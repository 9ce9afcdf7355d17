// SPDX-License-Identifier: LGPL-2.1-or-later
import { host } from '../../api/inventory';
import { TextField } from '../../ui/controls';
import { bytes } from '../../ui/format';
import { draft, edit, type Wrong } from './draft';

export function SizeStep({ wrong }: { wrong: Wrong }) {
  const now = draft.value;
  const memory = host.value?.['summary.hardware.memorySize'];
  return (
    <>
      <TextField
        label="Name"
        hint="As web1."
        value={now.name}
        onValue={(name) => edit({ name })}
        // Nothing has been done wrong where nothing was typed yet.
        error={now.name === '' ? undefined : wrong.name}
      />
      <TextField
        label="Memory in MB"
        hint={memory && `The host has ${bytes(memory)}. All VMs together may have more.`}
        inputMode="numeric"
        value={now.memory}
        onValue={(text) => edit({ memory: text })}
        error={wrong.memory}
      />
      <TextField
        label="Processors"
        inputMode="numeric"
        value={now.cpus}
        onValue={(cpus) => edit({ cpus })}
        error={wrong.cpus}
      />
    </>
  );
}
