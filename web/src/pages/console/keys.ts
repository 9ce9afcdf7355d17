// SPDX-License-Identifier: LGPL-2.1-or-later
/* Text as the keys that type it on a US keyboard, which is what a VM's keyboard is. Pure. */

export interface Key {
  /** X11's number of what it types. */
  keysym: number;
  /** Which key it is, as browsers call it: "KeyA". */
  code: string;
  shift: boolean;
}

const RETURN = 0xff0d;
const TAB = 0xff09;

/* Code, what it types, what it types with shift. */
const SIGNS: [string, string, string][] = [
  ['Backquote', '`', '~'],
  ['Minus', '-', '_'],
  ['Equal', '=', '+'],
  ['BracketLeft', '[', '{'],
  ['BracketRight', ']', '}'],
  ['Backslash', '\\', '|'],
  ['Semicolon', ';', ':'],
  ['Quote', "'", '"'],
  ['Comma', ',', '<'],
  ['Period', '.', '>'],
  ['Slash', '/', '?'],
  ['Space', ' ', ' '],
];
const ABOVE_DIGITS = ')!@#$%^&*(';

function layout(): Map<string, Key> {
  const keys = new Map<string, Key>();
  const add = (code: string, text: string, shift: boolean) => {
    if (!keys.has(text)) keys.set(text, { keysym: text.charCodeAt(0), code, shift });
  };
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    add(`Key${letter.toUpperCase()}`, letter, false);
    add(`Key${letter.toUpperCase()}`, letter.toUpperCase(), true);
  }
  for (const [digit, above] of [...ABOVE_DIGITS].entries()) {
    add(`Digit${digit}`, String(digit), false);
    add(`Digit${digit}`, above, true);
  }
  for (const [code, plain, shifted] of SIGNS) {
    add(code, plain, false);
    add(code, shifted, true);
  }
  keys.set('\n', { keysym: RETURN, code: 'Enter', shift: false });
  keys.set('\t', { keysym: TAB, code: 'Tab', shift: false });
  return keys;
}

const KEYS = layout();

/** Lines end as a keyboard ends them, wherever they were copied. */
export function unified(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Characters that no key types. */
export function untypable(text: string): string[] {
  return [...new Set(unified(text))].filter((each) => !KEYS.has(each));
}

export function keysOf(text: string): Key[] {
  return [...unified(text)].flatMap((each) => KEYS.get(each) ?? []);
}
