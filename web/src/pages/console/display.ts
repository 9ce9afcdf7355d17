// SPDX-License-Identifier: LGPL-2.1-or-later
/* A display: noVNC, scaled to its place. */
import RFB from '@novnc/novnc';

import type { Session } from './channel';
import { keysOf } from './keys';

const SHIFT = 0xffe1;
/* A keyboard's buffer in a VM is short, and a guest empties it as fast as it can. */
const KEY_MS = 20;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param name  of the VM
 * @param onReady  the guest's screen is there
 */
export function openDisplay(
  place: HTMLElement,
  socket: WebSocket,
  name: string,
  onReady: () => void,
): Session {
  const rfb = new RFB(place, socket, { shared: true });
  let open = true;
  rfb.scaleViewport = true;
  rfb.showDotCursor = true;
  rfb.background = 'transparent';
  const canvas = place.querySelector('canvas');
  canvas?.setAttribute('tabindex', '0');
  canvas?.setAttribute('role', 'application');
  canvas?.setAttribute('aria-label', `Display of ${name}`);
  rfb.addEventListener('connect', onReady);
  rfb.addEventListener('disconnect', () => (open = false));

  const press = (key: { keysym: number; code: string; shift: boolean }) => {
    if (key.shift) rfb.sendKey(SHIFT, 'ShiftLeft', true);
    rfb.sendKey(key.keysym, key.code);
    if (key.shift) rfb.sendKey(SHIFT, 'ShiftLeft', false);
  };
  return {
    type: async (text) => {
      for (const key of keysOf(text)) {
        if (!open) return;
        press(key);
        await wait(KEY_MS);
      }
    },
    focus: () => rfb.focus(),
    ctrlAltDel: () => rfb.sendCtrlAltDel(),
    release: () => rfb.sendKey(SHIFT, 'ShiftLeft', false),
    close: () => {
      if (open) rfb.disconnect();
      open = false;
    },
  };
}
