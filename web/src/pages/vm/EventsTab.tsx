// SPDX-License-Identifier: LGPL-2.1-or-later
import { useState } from 'preact/hooks';

import { round } from '../../api/inventory';
import type { VimEvent, Vm } from '../../api/types';
import { Button, Empty, ErrorNotice } from '../../ui/controls';
import { time } from '../../ui/format';
import { EVENTS_STEP, useEvents } from './events';

/* Rounds come about every two seconds: events that are nobody's task are seen soon, too. */
const ROUNDS = 5;

function text(event: VimEvent): string {
  return event.fullFormattedMessage ?? event.message ?? event.eventTypeId ?? event._typeName ?? '';
}

export function EventsTab({ vm }: { vm: Vm }) {
  const [count, setCount] = useState(EVENTS_STEP);
  const { events, error } = useEvents(vm.ref, count, Math.floor(round.value / ROUNDS));
  if (!events) return <ErrorNotice error={error} />;
  return (
    <section class="card stack" aria-label="Events">
      <ErrorNotice error={error} />
      {events.length === 0 && <Empty title="Nothing has happened to it yet." />}
      <ol class="events">
        {events.map((event) => (
          <li key={event.key}>
            <time class="muted" dateTime={event.createdTime}>
              {time(event.createdTime)}
            </time>
            <span>{text(event)}</span>
            <span class="muted small">{event.userName}</span>
          </li>
        ))}
      </ol>
      {events.length === count && (
        <div>
          <Button onClick={() => setCount(count + EVENTS_STEP)}>Show older ones</Button>
        </div>
      )}
    </section>
  );
}
