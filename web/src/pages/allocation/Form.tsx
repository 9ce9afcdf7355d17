// SPDX-License-Identifier: LGPL-2.1-or-later
/* Shares, reservation, limit and pool, to be edited. */
import { useUnreserved } from '../../api/unreserved';
import { Check, type Choice, SelectField, TextField } from '../../ui/controls';
import { mb } from '../../ui/format';
import { isWithin, poolPaths } from '../../vm/places';
import type { Subject } from './data';
import type { Draft, Errors, Level } from './draft';

const LEVELS: Choice[] = [
  { value: 'low', label: 'Low: half of normal' },
  { value: 'normal', label: 'Normal' },
  { value: 'high', label: 'High: twice normal' },
  { value: 'custom', label: 'Custom' },
];

/** A pool cannot be in itself. */
function poolChoices(subject: Subject): Choice[] {
  const own = subject.kind === 'pool' ? poolPaths.value.get(subject.entity.id) : undefined;
  return [...poolPaths.value]
    .filter(([, path]) => own === undefined || !isWithin(path, own))
    .sort(([, a], [, b]) => a.localeCompare(b))
    .map(([value, label]) => ({ value, label }));
}

/** What can still be reserved there, so that nobody has to find out by being refused. */
function free(draft: Draft, was: Draft, unreserved: number | null): string {
  if (unreserved === null) return 'MB that it has whatever others need; 0 for none.';
  const own = draft.pool === was.pool ? Number(was.reservation) : 0;
  const left = `${mb(unreserved)} MB of ${poolPaths.value.get(draft.pool)} can be promised`;
  return `MB that it has whatever others need. ${left}${own > 0 ? `, besides its ${own}` : ''}.`;
}

interface FormProps {
  subject: Subject;
  draft: Draft;
  was: Draft;
  errors: Errors;
  onChange: (fields: Partial<Draft>) => void;
}

export function Form({ subject, draft, was, errors, onChange }: FormProps) {
  const unreserved = useUnreserved(draft.pool);
  return (
    <div class="stack">
      <div class="allocation-pair">
        <SelectField
          label="Shares"
          hint="What it weighs against its siblings when memory is short."
          value={draft.level}
          onValue={(level) => onChange({ level: level as Level })}
          choices={LEVELS}
        />
        {draft.level === 'custom' && (
          <TextField
            label="Number of shares"
            value={draft.shares}
            onValue={(shares) => onChange({ shares })}
            error={errors.shares}
            inputMode="numeric"
          />
        )}
      </div>
      <TextField
        label="Reservation (MB)"
        hint={free(draft, was, unreserved)}
        value={draft.reservation}
        onValue={(reservation) => onChange({ reservation })}
        error={errors.reservation}
        inputMode="numeric"
      />
      <TextField
        label="Limit (MB)"
        hint="It never has more, even when memory is free. Empty: no limit."
        value={draft.limit}
        onValue={(limit) => onChange({ limit })}
        error={errors.limit}
        placeholder="none"
        inputMode="numeric"
      />
      {subject.kind === 'pool' && (
        <Check
          label="Expandable: when its reservation is used up, it takes from the pool above"
          checked={draft.expandable}
          onValue={(expandable) => onChange({ expandable })}
        />
      )}
      <SelectField
        label={subject.kind === 'pool' ? 'Within the pool' : 'Resource pool'}
        value={draft.pool}
        onValue={(pool) => onChange({ pool })}
        choices={poolChoices(subject)}
      />
    </div>
  );
}
