// SPDX-License-Identifier: LGPL-2.1-or-later
/* Switches, and the table of VLANs: edited as a table, applied as a whole. */
import './network.css';

import { effect } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { host, networks } from '../../api/inventory';
import { applyGroups, type NetworkInfo, readNetwork } from '../../api/network';
import { Button, Empty, ErrorNotice } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { plural } from '../../ui/format';
import { say } from '../../ui/Toast';
import { changesOf, isRight, type Line, lineOf, linesOf, newLine } from './draft';
import { GroupTable } from './GroupTable';
import { Switches } from './Switches';

function linesFrom(info: NetworkInfo): Line[] {
  return (info.portgroup ?? [])
    .map(({ spec }) => lineOf(spec))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function inUse(info: NetworkInfo): Map<string, number> {
  return new Map((info.portgroup ?? []).map(({ spec, port }) => [spec.name, port?.length ?? 0]));
}

export function NetworkPage() {
  const [info, setInfo] = useState<NetworkInfo | null>(null);
  const [lines, setLines] = useState<Line[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const changes = useMemo(() => changesOf(lines), [lines]);
  const edited = useRef(false);
  edited.current = changes.length > 0;

  const read = async (keep: boolean) => {
    try {
      const next = await readNetwork();
      setInfo(next);
      setError(null);
      // What somebody types here is not taken from under their hands.
      if (!keep || !edited.current) setLines(linesFrom(next));
    } catch (problem) {
      setError(problem);
    }
  };
  useEffect(
    () =>
      effect(() => {
        if (host.value && networks.value) void read(true);
      }),
    [],
  );

  if (!info) return error ? <ErrorNotice error={error} /> : null;
  const switches = (info.vswitch ?? []).map(({ name }) => name);
  const first = switches[0] ?? '';
  const change = (line: Line, fields: Partial<Line>) =>
    setLines(lines.map((each) => (each === line ? { ...line, ...fields } : each)));

  return (
    <div class="stack">
      <h1>Networks</h1>
      <ErrorNotice error={error} />
      <Switches info={info} onChange={() => void read(true)} />
      <section class="card stack" aria-label="Port groups">
        <div class="row spread">
          <h2>Port groups</h2>
          <div class="row">
            <Button
              icon="plus"
              because={first === '' ? 'Add a switch first.' : undefined}
              onClick={() => setLines([...lines, newLine(first)])}
            >
              Add port group
            </Button>
            <Button
              because={changes.length === 0 ? 'Nothing is changed.' : undefined}
              onClick={() => setLines(linesFrom(info))}
            >
              Discard
            </Button>
            <Button
              kind="primary"
              because={
                changes.length === 0
                  ? 'Nothing is changed.'
                  : isRight(lines)
                    ? undefined
                    : 'Put right first what is marked.'
              }
              onClick={() => setAsking(true)}
            >
              {changes.length > 0 ? `Apply ${plural(changes.length, 'change')}` : 'Apply'}
            </Button>
          </div>
        </div>
        <p class="muted small">
          A table copied from a spreadsheet (name, VLAN, switch) can be pasted into any field.
        </p>
        {lines.length === 0 ? (
          <Empty title="There are no port groups.">
            VMs' cards are plugged into port groups; each has a VLAN on a switch.
          </Empty>
        ) : (
          <GroupTable
            lines={lines}
            switches={switches}
            used={inUse(info)}
            onChange={change}
            onRemove={(line) =>
              line.was
                ? change(line, { removed: !line.removed })
                : setLines(lines.filter((each) => each !== line))
            }
            onPaste={(text, at) => {
              const pasted = linesOf(text, first);
              if (!pasted) return false;
              const fresh = at.was === null && at.name === '';
              setLines([...lines.filter((each) => !fresh || each !== at), ...pasted]);
              return true;
            }}
          />
        )}
      </section>
      {asking && (
        <Dialog
          title={`Apply ${plural(changes.length, 'change')}`}
          action="Apply"
          onClose={() => setAsking(false)}
          onAction={async () => {
            await applyGroups(changes);
            edited.current = false;
            await read(false);
            say(`${plural(changes.length, 'change')} applied.`, 'good');
          }}
        >
          <ul class="group-changes">
            {changes.map(({ name, words }) => (
              <li key={name}>{words}</li>
            ))}
          </ul>
          <p class="muted small">
            VMs that run keep their cards; cards follow their port group's VLAN at once.
          </p>
        </Dialog>
      )}
    </div>
  );
}
