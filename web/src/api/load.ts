// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a page asks for once, or every so often, and again when it has changed something. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { connection } from './updates';

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  /** Resolves when the new answer is on the page. */
  reload: () => Promise<void>;
}

/**
 * @param everyMs  asks again by itself; 0: never
 * @param keys  asks again when one of them changes
 */
export function useLoad<T>(read: () => Promise<T>, everyMs = 0, keys: readonly unknown[] = []): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(0);
  const live = connection.value.state === 'live';

  const reload = useCallback(async () => {
    const mine = ++latest.current;
    try {
      const found = await read();
      if (mine !== latest.current) return;
      setData(found);
      setError(null);
    } catch (problem) {
      if (mine === latest.current) setError(problem);
    }
  }, keys);

  useEffect(() => {
    if (!live) return;
    void reload();
    const timer = everyMs > 0 ? setInterval(() => void reload(), everyMs) : undefined;
    return () => {
      clearInterval(timer);
      latest.current++;
    };
  }, [reload, live, everyMs]);
  return { data, error, reload };
}
