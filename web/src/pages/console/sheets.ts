// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * xterm writes <style> elements and style="..." attributes of spans, which the server's policy forbids. What it
 * makes of this document instead are style sheets that scripts adopt, and styles that they set, which the policy
 * lets be.
 */

/* It makes its spans without asking the document that it is given. For others this does what it always did. */
HTMLSpanElement.prototype.setAttribute = function (this: HTMLSpanElement, name: string, value: string) {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
};

function sheetElement(sheets: CSSStyleSheet[]): HTMLElement {
  const sheet = new CSSStyleSheet();
  sheets.push(sheet);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const element = document.createElement('template');
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  return element;
}

/** This document for xterm; free() when it is disposed of. */
export function documentForTerminal(): { document: Document; free: () => void } {
  const sheets: CSSStyleSheet[] = [];
  const create = (tag: string) => (tag === 'style' ? sheetElement(sheets) : document.createElement(tag));
  const free = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
  };
  return {
    document: new Proxy(document, {
      get: (target, key) => {
        if (key === 'createElement') return create;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    free,
  };
}
