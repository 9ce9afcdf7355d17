// SPDX-License-Identifier: LGPL-2.1-or-later
/* What happened to a VM, the newest first. */
import { useEffect, useState } from 'preact/hooks';

import { ApiError, call, service } from '../../api/client';
import { tasks } from '../../api/inventory';
import type { Ref, VimEvent } from '../../api/types';

const WAIT_MS = 300;

export const EVENTS_STEP = 100;

async function read(vm: Ref, count: number): Promise<VimEvent[]> {
  const content = await service();
  const events = await call<VimEvent[] | undefined>(
    content.eventManager,
    'QueryEvents',
    {
      filter: {
        _typeName: 'EventFilterSpec',
        entity: { _typeName: 'EventFilterSpecByEntity', entity: vm, recursion: 'self' },
        maxCount: count,
      },
    },
    'Read the events',
  );
  return (events ?? []).sort((a, b) => b.key - a.key);
}

/**
 * @param changed  whatever tells that there may be more
 * @returns null until they are there
 */
export function useEvents(
  vm: Ref,
  count: number,
  changed: unknown,
): { events: VimEvent[] | null; error: unknown } {
  const [events, setEvents] = useState<VimEvent[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ended = [...tasks.value.values()].filter(
    ({ info }) => info?.entity?.value === vm.value && info.completeTime !== undefined,
  ).length;
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      try {
        const found = await read(vm, count);
        if (wanted) setEvents(found);
        if (wanted) setError(null);
      } catch (problem) {
        if (!(problem instanceof ApiError)) throw problem;
        if (wanted) setError(problem);
      }
    };
    const timer = setTimeout(() => void ask(), events ? WAIT_MS : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [vm.value, count, changed, ended]);
  return { events, error };
}
