// SPDX-License-Identifier: LGPL-2.1-or-later
/* Light or dark: as the system has it, until the user says otherwise. */
import { computed, effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const KEY = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(system.matches);
system.addEventListener('change', (event) => (systemDark.value = event.matches));

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}

const chosen = signal<Theme | null>(stored());

export const theme = computed<Theme>(() => chosen.value ?? (systemDark.value ? 'dark' : 'light'));

export function toggleTheme(): void {
  chosen.value = theme.value === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, chosen.value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
