// SPDX-License-Identifier: LGPL-2.1-or-later
/* A console in its place on the page, from its ticket to its end. */
import { type RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Vm } from '../../api/types';
import { endingError, endingOf, openChannel, type Port, type Session } from './channel';

export type State = { is: 'opening' } | { is: 'open'; session: Session } | { is: 'over'; error: unknown };

/* What shows it is a chunk of its own, as few need either. */
const PORTS = {
  display: () => import('./display').then((module) => module.openDisplay),
  serial: () => import('./serial').then((module) => module.openSerial),
};

interface Console {
  state: State;
  place: RefObject<HTMLDivElement>;
  reconnect: () => void;
}

export function useConsole(vm: Vm, port: Port): Console {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>({ is: 'opening' });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let wanted = true;
    let session: Session | null = null;
    const open = async () => {
      const show = await PORTS[port]();
      const socket = await openChannel(vm, port);
      if (!wanted || !place.current) {
        socket.close();
        return;
      }
      let opened = false;
      socket.addEventListener('open', () => (opened = true));
      socket.addEventListener('close', (event) => {
        if (wanted) setState({ is: 'over', error: endingError(vm, endingOf(event, opened)) });
      });
      const made = show(place.current, socket, vm.name ?? vm.id, () => {
        if (!wanted) return;
        setState({ is: 'open', session: made });
        made.focus();
      });
      session = made;
    };
    setState({ is: 'opening' });
    open().catch((error: unknown) => wanted && setState({ is: 'over', error }));
    return () => {
      wanted = false;
      session?.close();
    };
  }, [vm.id, port, attempt]);

  return { state, place, reconnect: () => setAttempt(attempt + 1) };
}
