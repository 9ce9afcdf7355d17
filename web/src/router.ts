// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which page the address names: #/vm/vm-12?tab=disks */
import { computed, signal } from '@preact/signals';

const hash = signal(location.hash);
addEventListener('hashchange', () => (hash.value = location.hash));

const split = computed(() => {
  const [path = '', query = ''] = hash.value.replace(/^#/, '').split('?', 2);
  return { path: path || '/', query: new URLSearchParams(query) };
});

export const path = computed(() => split.value.path);
export const query = computed(() => split.value.query);

/** Goes to "/vm/vm-12". */
export function go(to: string): void {
  location.hash = to;
  // The event comes later; what is drawn until then must not take the old address for the present one.
  hash.value = location.hash;
}

/** Changes one of the query's values in place: the way back does not stop at it. */
export function setQuery(name: string, value: string | null): void {
  const next = new URLSearchParams(query.value);
  if (value === null) next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  history.replaceState(null, '', `#${path.value}${text && `?${text}`}`);
  hash.value = location.hash;
}

/** What the parts of a pattern that begin with a colon stand for in a path; null if they do not go together. */
export function match(pattern: string, actual: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = actual.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const word = given[i] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(word);
    else if (part !== word) return null;
  }
  return params;
}
