// SPDX-License-Identifier: LGPL-2.1-or-later
/* The recorder: what is done here, as a script that does it again. */
import './recorder.css';

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import {
  type Form,
  FORMS,
  pauseRecording,
  readScript,
  recorderState,
  script,
  startRecording,
  stopRecording,
  whenMore,
} from '../../api/recorder';
import { Badge, Button, Empty, Notice } from '../../ui/controls';
import { plural } from '../../ui/format';
import { Tabs } from '../../ui/Tabs';
import { say, sayError } from '../../ui/Toast';

/** Calls that no task shows are seen after so long. */
const LOOK_MS = 2000;

const form = signal<Form>('shell');

function tell(action: Promise<void>): void {
  action.then(() => readScript(form.value)).catch(sayError);
}

async function copy(): Promise<void> {
  await navigator.clipboard.writeText(script.value);
  say('The script is on the clipboard.', 'good');
}

function download(): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([script.value], { type: 'text/plain' }));
  link.download = FORMS.find(({ id }) => id === form.value)?.file ?? 'recorded.txt';
  link.click();
  URL.revokeObjectURL(link.href);
}

function Controls() {
  const state = recorderState.value;
  if (state === 'off') {
    return (
      <Button kind="primary" icon="record" onClick={() => tell(startRecording())}>
        {script.value ? 'Record anew' : 'Start recording'}
      </Button>
    );
  }
  return (
    <>
      {state === 'recording' ? (
        <Button icon="pause" onClick={() => tell(pauseRecording(true))}>
          Pause
        </Button>
      ) : (
        <Button kind="primary" icon="play" onClick={() => tell(pauseRecording(false))}>
          Go on
        </Button>
      )}
      <Button icon="stop" onClick={() => tell(stopRecording())}>
        Stop
      </Button>
    </>
  );
}

function State() {
  const state = recorderState.value;
  if (state === 'recording') return <Badge kind="error">recording</Badge>;
  return <Badge kind={state === 'paused' ? 'warning' : undefined}>{state}</Badge>;
}

function Script() {
  const text = script.value;
  if (text === '') {
    return (
      <Empty title="Nothing is recorded.">
        Start recording, then work as usual: power, clones, snapshots, settings, port groups. What changes
        something appears here, ready to be run again.
      </Empty>
    );
  }
  const lines = text.replace(/\n$/, '').split('\n').length;
  return (
    <section class="card stack" aria-label="Script">
      <div class="row spread">
        <span class="muted small" role="status">
          {plural(lines, 'line')}
        </span>
        <div class="row">
          <Button icon="copy" onClick={() => void copy().catch(sayError)}>
            Copy
          </Button>
          <Button icon="download" onClick={download}>
            Download
          </Button>
        </div>
      </div>
      <pre class="script" tabIndex={0} aria-label="Recorded script">
        {text}
      </pre>
    </section>
  );
}

export function RecorderPage() {
  useEffect(() => {
    const look = () => void readScript(form.value).catch(sayError);
    const stop = whenMore(look);
    const timer = setInterval(() => {
      if (recorderState.value === 'recording' && !document.hidden) look();
    }, LOOK_MS);
    look();
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);

  return (
    <div class="stack">
      <div class="row spread">
        <div class="row">
          <h1>Recorder</h1>
          <State />
        </div>
        <div class="row">
          <Controls />
        </div>
      </div>
      <p class="muted">
        What you do in this session, as a script that does it again: only what changed something and
        succeeded, names in place of ids, without secrets.
      </p>
      {recorderState.value === 'paused' && (
        <Notice kind="warning">Paused: what you do now is left out.</Notice>
      )}
      <Tabs
        label="Language"
        current={form.value}
        onChange={(id) => {
          form.value = id as Form;
          readScript(form.value).catch(sayError);
        }}
        tabs={FORMS.map(({ id, label }) => ({ id, label, content: () => <Script /> }))}
      />
    </div>
  );
}
