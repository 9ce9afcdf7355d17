// SPDX-License-Identifier: LGPL-2.1-or-later
/* The WebSocket to a VM's display or serial port, and how it ended, in words. */
import { ApiError, call } from '../../api/client';
import type { Vm } from '../../api/types';

export type Port = 'display' | 'serial';

/** What a console is to the page, whichever it is. */
export interface Session {
  /** As if typed; resolves when all of it was. */
  type: (text: string) => Promise<void>;
  focus: () => void;
  close: () => void;
  ctrlAltDel?: () => void;
  /** Lets go of keys that are held while another part of the page takes the keyboard. */
  release?: () => void;
}

export interface Ending {
  why: string;
  cure: string;
}

const TICKETS = { display: 'webmks', serial: 'serial' } as const;
const NORMAL = 1000;
const REFUSED = 1008;

/** A ticket is good for a few seconds, and once: what shows the console is to be there before. */
export async function openChannel(vm: Vm, port: Port): Promise<WebSocket> {
  const what = `Open the ${port === 'serial' ? 'serial console' : 'display'} of ${vm.name}`;
  const ticketType = TICKETS[port];
  const { ticket } = await call<{ ticket: string }>(vm.ref, 'AcquireTicket', { ticketType }, what);
  const socket = new WebSocket(`wss://${location.host}/ticket/${encodeURIComponent(ticket)}`, 'binary');
  socket.binaryType = 'arraybuffer';
  return socket;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** @param opened  whether it ever was */
export function endingOf(event: CloseEvent, opened: boolean): Ending {
  const why = event.reason && sentence(event.reason);
  if (event.code === NORMAL) return { why: why || 'It was closed.', cure: 'Connect again to go on here.' };
  if (event.code === REFUSED) return { why: why || 'It is not permitted any more.', cure: 'Connect again.' };
  if (!opened && !why) {
    return {
      why: 'The server did not open it.',
      cure: 'See that no more than 16 consoles are open, and connect again.',
    };
  }
  return { why: why || 'The connection broke off.', cure: 'Connect again when the server can be reached.' };
}

/** An error whose words are the ending's. */
export function endingError(vm: Vm, ending: Ending): ApiError {
  return new ApiError(`The console of ${vm.name}`, ending.why, ending.cure, '', 0);
}
