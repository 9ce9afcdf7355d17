// SPDX-License-Identifier: LGPL-2.1-or-later
/* How far back a page looks; it is in the address. */
import { computed } from '@preact/signals';

import { type Period, PERIODS } from '../api/history';
import { query, setQuery } from '../router';
import { Button } from './controls';

export const period = computed<Period>(
  () => PERIODS.find((each) => each.id === query.value.get('period')) ?? PERIODS[0],
);

export function PeriodChoice() {
  return (
    <div class="period" role="group" aria-label="How far back">
      {PERIODS.map((each) => (
        <Button
          key={each.id}
          aria-pressed={each === period.value}
          onClick={() => setQuery('period', each === PERIODS[0] ? null : each.id)}
        >
          {each.label}
        </Button>
      ))}
    </div>
  );
}
