// SPDX-License-Identifier: LGPL-2.1-or-later
/* What this session does, recorded by the server as a script. */
import { effect, signal } from '@preact/signals';

import { ApiError, ask } from './client';
import { tasks } from './inventory';
import { session } from './session';

export type Form = 'shell' | 'python' | 'powercli';
export type RecorderState = 'off' | 'recording' | 'paused';

export const FORMS: { id: Form; label: string; file: string }[] = [
  { id: 'shell', label: 'Shell', file: 'recorded.sh' },
  { id: 'python', label: 'Python', file: 'recorded.py' },
  { id: 'powercli', label: 'PowerCLI', file: 'recorded.ps1' },
];

export const recorderState = signal<RecorderState>('off');
/** In the form that was last asked for; what was recorded stays readable here when recording has stopped. */
export const script = signal('');

const OWN = '/recorder/own';
/** What was recorded, in all forms, once the server has forgotten it. */
let kept: Partial<Record<Form, string>> = {};

/** Of the last question: answers to those before it are late, and may be in another form. */
let question = 0;

/** Reads the script in this form, and whether the server records. */
export async function readScript(form: Form): Promise<void> {
  const mine = ++question;
  try {
    const [answer, text] = await ask('Read the recording', `${OWN}?form=${form}`, { method: 'GET' });
    if (mine !== question) return;
    recorderState.value = answer.headers.get('Recorder-State') === 'paused' ? 'paused' : 'recording';
    script.value = text;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    if (mine !== question) return;
    recorderState.value = 'off';
    script.value = kept[form] ?? '';
  }
}

/** From now on; what was recorded before is forgotten. */
export async function startRecording(): Promise<void> {
  await ask('Start recording', OWN, { method: 'POST' });
  kept = {};
  recorderState.value = 'recording';
}

export async function pauseRecording(paused: boolean): Promise<void> {
  await ask(paused ? 'Pause recording' : 'Go on recording', `${OWN}?paused=${paused}`, { method: 'POST' });
  recorderState.value = paused ? 'paused' : 'recording';
}

export async function stopRecording(): Promise<void> {
  const texts = await Promise.all(
    FORMS.map(({ id }) => ask('Read the recording', `${OWN}?form=${id}`, { method: 'GET' })),
  );
  await ask('Stop recording', OWN, { method: 'DELETE' });
  kept = Object.fromEntries(FORMS.map(({ id }, i) => [id, texts[i]?.[1] ?? '']));
  recorderState.value = 'off';
}

/** Calls back when there may be more in the script: something was done. Returns what ends that. */
export function whenMore(callback: () => void): () => void {
  return effect(() => {
    if (tasks.value && recorderState.value === 'recording') callback();
  });
}

effect(() => {
  if (session.value) return;
  kept = {};
  script.value = '';
  recorderState.value = 'off';
});
