// SPDX-License-Identifier: LGPL-2.1-or-later
/* A menu where the pointer is, or where the keys are: arrow keys, Home, End, a letter, Escape. */
import './vm.css';

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { Icon } from '../ui/Icon';
import type { MenuItem } from '../ui/Menu';

const EDGE = 8;

export function ContextMenu({
  label,
  x,
  y,
  items,
  onClose,
}: {
  label: string;
  /** Of the window, in pixels. */
  x: number;
  y: number;
  items: MenuItem[];
  onClose: () => void;
}) {
  const root = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: x, top: y });

  useLayoutEffect(() => {
    const element = root.current;
    if (!element) return;
    setPlace({
      left: Math.max(EDGE, Math.min(x, innerWidth - element.offsetWidth - EDGE)),
      top: Math.max(EDGE, Math.min(y, innerHeight - element.offsetHeight - EDGE)),
    });
  }, [x, y]);

  const entries = () => [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  useEffect(() => {
    const opener = document.activeElement;
    entries()[0]?.focus();
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) onClose();
    };
    document.addEventListener('pointerdown', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      const lost = document.activeElement === document.body || root.current?.contains(document.activeElement);
      if (lost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  const key = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (to !== undefined) all[(to + all.length) % all.length]?.focus();
    else if (/^\S$/.test(event.key)) {
      const rest = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      rest
        .find((entry) => entry.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))
        ?.focus();
      return;
    } else return;
    event.preventDefault();
  };

  return (
    <div class="menu context-menu" ref={root} style={{ left: `${place.left}px`, top: `${place.top}px` }}>
      <div role="menu" aria-label={label} onKeyDown={key}>
        {items.map((item, index) =>
          item === 'line' ? (
            <hr key={index} />
          ) : (
            <button
              key={index}
              type="button"
              role="menuitem"
              aria-disabled={item.because !== undefined}
              title={item.because}
              tabIndex={-1}
              onClick={() => {
                if (item.because !== undefined) return;
                onClose();
                item.onSelect();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              {item.label}
            </button>
          ),
        )}
      </div>
    </div>
  );
}
