// SPDX-License-Identifier: LGPL-2.1-or-later
/* What only the inventory knows of VMs, asked for while somebody wants to see it. */
import { useEffect, useState } from 'preact/hooks';

import { AEROSTAT, call } from '../../api/client';
import { vms } from '../../api/inventory';
import { sayError } from '../../ui/Toast';
import type { VmMore } from '../../vm/rows';

/** After a change: several come together often. */
const WAIT_MS = 300;

const nothing: ReadonlyMap<string, VmMore> = new Map();

async function read(): Promise<ReadonlyMap<string, VmMore>> {
  const text = await call<string>(
    AEROSTAT,
    'RunOperation',
    { operation: 'ListVMs', arguments: '{"disks":true}' },
    'Read what the inventory has of VMs',
  );
  return new Map((JSON.parse(text) as VmMore[]).map((each) => [each.uuid, each]));
}

/** By UUID. */
export function useMore(wanted: boolean): ReadonlyMap<string, VmMore> {
  const [more, setMore] = useState(nothing);
  const world = vms.value;
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => void read().then(setMore).catch(sayError), WAIT_MS);
    return () => clearTimeout(timer);
  }, [wanted, world]);
  return more;
}
