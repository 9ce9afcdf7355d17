// SPDX-License-Identifier: LGPL-2.1-or-later
/* Live properties of one object, beside what the whole page follows: a collector of their own. */
import { useEffect, useState } from 'preact/hooks';

import { API, ApiError, call, plain, ref, service } from '../api/client';
import type { Ref, UpdateSet } from '../api/types';
import { connection } from '../api/updates';

async function makeCollector(object: Ref, paths: string[]): Promise<Ref> {
  const content = await service();
  const collector = await call<Ref>(content.propertyCollector, 'CreatePropertyCollector');
  await call(collector, 'CreateFilter', {
    partialUpdates: false,
    spec: {
      _typeName: 'PropertyFilterSpec',
      propSet: [{ _typeName: 'PropertySpec', type: object.type, pathSet: paths }],
      objectSet: [{ _typeName: 'ObjectSpec', obj: object }],
    },
  });
  return ref('PropertyCollector', collector.value);
}

function follow(object: Ref, paths: string[], onChange: (name: string, value: unknown) => void): () => void {
  let source: EventSource | null = null;
  let collector: Ref | null = null;
  let wanted = true;

  const begin = async () => {
    const made = await makeCollector(object, paths);
    collector = made;
    if (!wanted) return end();
    source = new EventSource(`${API}/PropertyCollector/${encodeURIComponent(made.value)}/updates`);
    source.onmessage = (event: MessageEvent<string>) => {
      const set = JSON.parse(event.data) as UpdateSet;
      for (const filter of set.filterSet ?? [])
        for (const update of filter.objectSet ?? [])
          for (const { name, val } of update.changeSet ?? []) onChange(name, plain(val));
    };
  };
  const end = () => {
    source?.close();
    // With a session that has ended it is gone already.
    if (collector) call(collector, 'DestroyPropertyCollector').catch(() => {});
  };
  begin().catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });
  return () => {
    wanted = false;
    end();
  };
}

/**
 * What the server says of an object, as it changes; null until it has said anything.
 * @param paths  the same in every call
 */
export function useProperties<T extends object>(object: Ref, paths: string[]): Partial<T> | null {
  const [values, setValues] = useState<Partial<T> | null>(null);
  const live = connection.value.state === 'live';
  const key = `${object.type} ${object.value}`;
  useEffect(() => {
    if (!live) return;
    return follow(object, paths, (name, value) =>
      setValues((now) => ({ ...now, [name]: value }) as Partial<T>),
    );
  }, [key, live]);
  return values;
}
