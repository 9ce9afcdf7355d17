// SPDX-License-Identifier: LGPL-2.1-or-later
/* Port groups, each field typed in its place. */
import { IconButton } from '../../ui/controls';
import { plural } from '../../ui/format';
import { type Line, wrongIn } from './draft';

interface GroupTableProps {
  lines: Line[];
  switches: string[];
  /** Cards on each port group. */
  used: Map<string, number>;
  onChange: (line: Line, fields: Partial<Line>) => void;
  onRemove: (line: Line) => void;
  /** Whether it was a table, which is taken then. */
  onPaste: (text: string, line: Line) => boolean;
}

/** Up and down go to the same field of the next line. */
function move(event: KeyboardEvent): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const field = event.currentTarget as HTMLElement;
  if (!step || field.tagName === 'SELECT') return;
  const name = field.dataset.field;
  const all = [...document.querySelectorAll<HTMLElement>(`.groups [data-field="${name}"]`)];
  const next = all[all.indexOf(field) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Row({ line, props }: { line: Line; props: GroupTableProps }) {
  const wrong = wrongIn(line, props.lines);
  const called = line.name || 'new port group';
  const count = line.was ? (props.used.get(line.was.name) ?? 0) : 0;
  const fixed = (name: string) => name === 'name' && line.was !== null;
  const field = (name: 'name' | 'vlan', label: string) => (
    <>
      <input
        class="input"
        data-field={name}
        aria-label={`${label} of ${called}`}
        aria-invalid={wrong[name] !== undefined}
        title={wrong[name] ?? (fixed(name) ? 'Port groups keep their names; make another one.' : undefined)}
        readOnly={fixed(name)}
        value={line[name]}
        disabled={line.removed}
        inputMode={name === 'vlan' ? 'numeric' : 'text'}
        autocomplete="off"
        spellcheck={false}
        onKeyDown={move}
        onInput={(event) => props.onChange(line, { [name]: event.currentTarget.value })}
        onPaste={(event) => {
          const text = event.clipboardData?.getData('text') ?? '';
          if (/[\n\t]/.test(text) && props.onPaste(text, line)) event.preventDefault();
        }}
      />
      {wrong[name] && <div class="wrong small">{wrong[name]}</div>}
    </>
  );
  return (
    <tr data-state={line.removed ? 'removed' : line.was ? undefined : 'new'}>
      <td>{field('name', 'Name')}</td>
      <td class="vlan">{field('vlan', 'VLAN')}</td>
      <td>
        <select
          class="select"
          data-field="switch"
          aria-label={`Switch of ${called}`}
          value={line.vswitch}
          disabled={line.removed}
          onChange={(event) => props.onChange(line, { vswitch: event.currentTarget.value })}
        >
          {[...new Set([...props.switches, line.vswitch])].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        {wrong.vswitch && <div class="wrong small">{wrong.vswitch}</div>}
      </td>
      <td class="muted small">{count > 0 ? plural(count, 'card') : '-'}</td>
      <td>
        <IconButton
          label={line.removed ? `Keep ${called}` : `Remove ${called}`}
          icon={line.removed ? 'refresh' : 'trash'}
          onClick={() => props.onRemove(line)}
        />
      </td>
    </tr>
  );
}

export function GroupTable(props: GroupTableProps) {
  return (
    <div class="groups">
      <table aria-label="Port groups">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="vlan">
              VLAN
            </th>
            <th scope="col">Switch</th>
            <th scope="col">In use</th>
            <th scope="col">
              <span class="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.lines.map((line) => (
            <Row key={line.id} line={line} props={props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
