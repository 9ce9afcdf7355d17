// SPDX-License-Identifier: LGPL-2.1-or-later
/* Short news at the edge of the page. Errors stay until they are closed. */
import { signal } from '@preact/signals';

import { ErrorNotice, IconButton, type Kind } from './controls';

interface Toast {
  id: number;
  kind: Kind | undefined;
  text: string;
  error: unknown;
}

const SHOWN_MS = 6000;
/** For each character more. */
const READ_MS = 60;
const SHOWN_AT_ONCE = 4;
const toasts = signal<Toast[]>([]);
let last = 0;

function add(toast: Omit<Toast, 'id'>): number {
  const id = ++last;
  toasts.value = [...toasts.value.slice(1 - SHOWN_AT_ONCE), { ...toast, id }];
  return id;
}

function remove(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/* Not under the pointer, not where the keys are, and not while nobody can see it. */
function expire(id: number): void {
  if (document.hidden || document.querySelector('.toasts:is(:hover, :focus-within)'))
    setTimeout(() => expire(id), SHOWN_MS);
  else remove(id);
}

/** Says it for as long as it takes to read, and as long as it is pointed at. */
export function say(text: string, kind?: Kind): void {
  const id = add({ kind, text, error: null });
  setTimeout(() => expire(id), SHOWN_MS + READ_MS * text.length);
}

/** Shows an error until it is closed. */
export function sayError(error: unknown): void {
  add({ kind: 'error', text: '', error });
}

export function Toasts() {
  return (
    <div class="toasts" role="region" aria-label="News" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class="notice" data-kind={toast.kind}>
          {toast.error ? <ErrorNotice error={toast.error} /> : <span>{toast.text}</span>}
          <IconButton label="Close" icon="close" onClick={() => remove(toast.id)} />
        </div>
      ))}
    </div>
  );
}
