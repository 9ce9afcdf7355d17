// SPDX-License-Identifier: LGPL-2.1-or-later
import { useState } from 'preact/hooks';

import { host } from '../../api/inventory';
import { useLoad } from '../../api/load';
import { Badge, Button, ErrorNotice, TextField } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { say } from '../../ui/Toast';
import { checkOption, type Option, readOptions, setOption } from './options-data';

function Edit({
  option,
  onDone,
  onClose,
}: {
  option: Option;
  onDone: () => Promise<void>;
  onClose: () => void;
}) {
  const [text, setText] = useState(String(option.value));
  const wrong = checkOption(option, text);
  const same = Number(text) === option.value;
  return (
    <Dialog
      title={`Set ${option.key}`}
      action="Save"
      because={wrong ?? (same ? 'It has this value already.' : undefined)}
      onAction={async () => {
        await setOption(option.key, Number(text));
        await onDone();
        say(`${option.key} is ${Number(text)} now.`, 'good');
      }}
      onClose={onClose}
    >
      <p>{option.summary}</p>
      <TextField
        label="Value"
        inputMode="numeric"
        autofocus
        hint={`From ${option.min} to ${option.max}; it is ${option.value}.`}
        error={wrong}
        value={text}
        onValue={setText}
      />
      <div class="row">
        <Button
          because={Number(text) === option.fallback ? 'That is the default.' : undefined}
          onClick={() => setText(String(option.fallback))}
        >
          Default: {option.fallback}
        </Button>
      </div>
    </Dialog>
  );
}

function matches(option: Option, search: string): boolean {
  const text = `${option.key} ${option.summary}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function Options() {
  const { data, error, reload } = useLoad(readOptions, 0, [host.value?.id]);
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<string | null>(null);
  const shown = (data ?? []).filter((option) => matches(option, search));
  const edited = data?.find((option) => option.key === editing);
  return (
    <section class="card stack" aria-label="Host options">
      <ErrorNotice error={error} />
      <div class="row spread">
        <input
          class="input settings-search"
          type="search"
          placeholder="Search by name or what it does"
          aria-label="Search options"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <span class="muted small" role="status">
          {data && `${shown.length} of ${data.length}`}
        </span>
      </div>
      <ul class="options">
        {shown.map((option) => (
          <li key={option.key}>
            <div>
              <div class="name">{option.key}</div>
              <div class="muted">{option.summary}</div>
            </div>
            <div class="row">
              <span class="value">{option.value}</span>
              {option.value !== option.fallback && <Badge>changed</Badge>}
            </div>
            <div class="muted small bounds">
              default {option.fallback}
              <br />
              {option.min} to {option.max}
            </div>
            <Button icon="edit" aria-label={`Set ${option.key}`} onClick={() => setEditing(option.key)}>
              Set
            </Button>
          </li>
        ))}
      </ul>
      {data && shown.length === 0 && <p class="muted">No option matches "{search}".</p>}
      {edited && <Edit option={edited} onDone={reload} onClose={() => setEditing(null)} />}
    </section>
  );
}
