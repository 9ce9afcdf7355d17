// SPDX-License-Identifier: LGPL-2.1-or-later
/* A serial port: xterm. What is on its other end takes it for 80 columns and 24 lines, or does not care. */
import '@xterm/xterm/css/xterm.css';

import { Terminal } from '@xterm/xterm';

import type { Session } from './channel';
import { unified } from './keys';
import { documentForTerminal } from './sheets';

const COLUMNS = 80;
const LEAST_LINES = 24;
const SCROLLBACK = 5000;
/* The server takes messages of any size, and a port as much as its guest reads. */
const MESSAGE_BYTES = 4096;
const FONT_MIN = 9;
const FONT_MAX = 15;
const CHAR_ASPECT = 0.61;

function fontFor(place: HTMLElement): number {
  const fitting = Math.floor(place.clientWidth / COLUMNS / CHAR_ASPECT);
  return Math.min(Math.max(fitting, FONT_MIN), FONT_MAX);
}

/* As many lines as there is room for. */
function fit(terminal: Terminal, place: HTMLElement): void {
  terminal.options.fontSize = fontFor(place);
  const screen = place.querySelector('.xterm-screen');
  const line = screen ? screen.clientHeight / terminal.rows : 0;
  if (line > 0) terminal.resize(COLUMNS, Math.max(LEAST_LINES, Math.floor(place.clientHeight / line)));
}

export function openSerial(
  place: HTMLElement,
  socket: WebSocket,
  name: string,
  onReady: () => void,
): Session {
  const own = documentForTerminal();
  const terminal = new Terminal({
    cols: COLUMNS,
    rows: LEAST_LINES,
    documentOverride: own.document,
    fontFamily: getComputedStyle(place).fontFamily,
    fontSize: fontFor(place),
    scrollback: SCROLLBACK,
    minimumContrastRatio: 4.5,
    theme: { background: '#000000', foreground: '#e6e6e6' },
  });
  terminal.open(place);
  terminal.textarea?.setAttribute('aria-label', `Serial console of ${name}`);
  const scrolled = place.querySelector('.xterm-viewport');
  scrolled?.setAttribute('tabindex', '0');
  scrolled?.setAttribute('role', 'group');
  scrolled?.setAttribute('aria-label', 'What the serial port said');
  fit(terminal, place);
  const watcher = new ResizeObserver(() => fit(terminal, place));
  watcher.observe(place);

  const send = (bytes: Uint8Array) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) socket.send(bytes.slice(at, at + MESSAGE_BYTES));
  };
  const encoder = new TextEncoder();
  terminal.onData((text) => send(encoder.encode(text)));
  terminal.onBinary((text) => send(Uint8Array.from(text, (each) => each.charCodeAt(0))));
  socket.addEventListener('message', (event: MessageEvent<ArrayBuffer>) =>
    terminal.write(new Uint8Array(event.data)),
  );
  socket.addEventListener('open', onReady);

  return {
    type: (text) => {
      send(encoder.encode(unified(text).replaceAll('\n', '\r')));
      return Promise.resolve();
    },
    focus: () => terminal.focus(),
    close: () => {
      watcher.disconnect();
      socket.close();
      terminal.dispose();
      own.free();
    },
  };
}
