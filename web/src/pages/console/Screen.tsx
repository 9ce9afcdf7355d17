// SPDX-License-Identifier: LGPL-2.1-or-later
/* A console and its buttons. */
import { useRef, useState } from 'preact/hooks';

import type { Vm } from '../../api/types';
import { Button, ErrorNotice } from '../../ui/controls';
import { sayError } from '../../ui/Toast';
import type { Port } from './channel';
import { Paste } from './Paste';
import { useConsole } from './useConsole';

const WORDS = { opening: 'Connecting', open: 'Connected', over: 'Not connected' } as const;

export function Screen({ vm, port }: { vm: Vm; port: Port }) {
  const { state, place, reconnect } = useConsole(vm, port);
  const frame = useRef<HTMLDivElement>(null);
  const first = useRef<HTMLDivElement>(null);
  const [pasting, setPasting] = useState(false);
  const session = state.is === 'open' ? state.session : null;
  const because = session ? undefined : `${WORDS[state.is]}.`;

  /* All other keys are the guest's. */
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'F6' || !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    session?.release?.();
    first.current?.querySelector<HTMLElement>('button:enabled')?.focus();
  };
  const fill = () => {
    frame.current?.requestFullscreen().then(() => session?.focus(), sayError);
  };

  return (
    <>
      <div class="row console-tools" ref={first}>
        {port === 'display' && (
          <Button because={because} onClick={() => session?.ctrlAltDel?.()}>
            Ctrl-Alt-Del
          </Button>
        )}
        <Button icon="copy" because={because} onClick={() => setPasting(true)}>
          Paste text
        </Button>
        <Button
          because={document.fullscreenEnabled ? because : 'This browser shows nothing in full screen.'}
          onClick={fill}
        >
          Full screen
        </Button>
        <Button icon="refresh" onClick={reconnect}>
          Reconnect
        </Button>
        <span class="muted small" role="status">
          {WORDS[state.is]}
        </span>
        <span class="muted small">Shift+F6 leaves the console.</span>
      </div>
      {state.is === 'over' && <ErrorNotice error={state.error} />}
      <div class="console-frame" data-port={port} data-state={state.is} ref={frame} onKeyDownCapture={leave}>
        <div class="console-place" ref={place} />
      </div>
      {pasting && session && <Paste port={port} session={session} onClose={() => setPasting(false)} />}
    </>
  );
}
