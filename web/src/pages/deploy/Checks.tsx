// SPDX-License-Identifier: LGPL-2.1-or-later
/* What was found before the start, and what to do about it. */
import { ApiError } from '../../api/client';
import { Badge, Button } from '../../ui/controls';
import { Icon } from '../../ui/Icon';
import type { Check } from './checks';

const WORDS = { good: 'ok', warning: 'look', error: 'in the way' } as const;

/** What the server's check found, as one of the checks. */
export function serverCheck(error: unknown): Check {
  if (error === null)
    return { id: 'server', state: 'good', text: 'The parent, its snapshot and its disks can be cloned.' };
  const text =
    error instanceof ApiError
      ? `${error.why} ${error.cure}`.trim()
      : error instanceof Error
        ? error.message
        : '';
  return { id: 'server', state: 'error', text };
}

export function Checks({
  checks,
  onCountOn,
}: {
  checks: Check[] | null;
  onCountOn: (() => void) | undefined;
}) {
  return (
    <section class="card stack" aria-labelledby="deploy-checks">
      <h2 id="deploy-checks">Checks</h2>
      {!checks && (
        <p class="muted">Choose the parent and names; then it is checked here what is in the way.</p>
      )}
      {checks && (
        <ul class="deploy-checks" aria-live="polite">
          {checks.map((each) => (
            <li key={each.id} data-check={each.id}>
              <Badge kind={each.state}>
                <Icon name={each.state === 'good' ? 'check' : 'warning'} /> {WORDS[each.state]}
              </Badge>
              <span>{each.text}</span>
              {each.id === 'names' && each.state === 'error' && onCountOn && (
                <Button onClick={onCountOn}>Count on</Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
