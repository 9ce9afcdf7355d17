// SPDX-License-Identifier: LGPL-2.1-or-later
/* A button that opens a menu: arrow keys, Home, End, a letter, Escape. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { Button } from './controls';
import { Icon, type IconName } from './Icon';

export type MenuItem =
  | 'line'
  | {
      label: string;
      icon?: IconName;
      /** Why it cannot be chosen now. */
      because?: string | undefined;
      /** Of an item that is switched: it stays open then. */
      checked?: boolean;
      onSelect: () => void;
    };

export function Menu({
  label,
  icon,
  text,
  items,
  side = 'left',
  because,
}: {
  label: string;
  icon?: IconName;
  /** On the button; without it, only the icon is. */
  text?: ComponentChildren;
  items: MenuItem[];
  side?: 'left' | 'right';
  because?: string | undefined;
}) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();

  const entries = () => [...(root.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) root.current?.querySelector('button')?.focus();
  };

  useEffect(() => {
    if (!open) return;
    entries()[0]?.focus();
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) close(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);

  const key = (event: KeyboardEvent) => {
    if (!open) return;
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close(event.key === 'Escape');
    } else if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (/^\S$/.test(event.key)) {
      const letter = event.key.toLowerCase();
      const rest = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      rest.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
    }
  };

  return (
    <div class="menu" ref={root} onKeyDown={key}>
      <Button
        kind={text ? undefined : 'quiet'}
        class={text ? '' : 'icon-only'}
        icon={icon}
        because={because}
        aria-label={text ? undefined : label}
        title={text ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {text}
        {text && <Icon name="down" />}
      </Button>
      {open && (
        <div role="menu" id={id} aria-label={label} data-side={side}>
          {items.map((item, index) =>
            item === 'line' ? (
              <hr key={index} />
            ) : (
              <button
                key={index}
                type="button"
                role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
                aria-checked={item.checked}
                aria-disabled={item.because !== undefined}
                title={item.because}
                tabIndex={-1}
                onClick={() => {
                  if (item.because !== undefined) return;
                  if (item.checked === undefined) close(true);
                  item.onSelect();
                }}
              >
                {item.checked !== undefined && (item.checked ? <Icon name="check" /> : <span class="icon" />)}
                {item.icon && <Icon name={item.icon} />}
                {item.label}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}
