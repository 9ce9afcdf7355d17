// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds VMs, networks and pages by a part of their names; "/" goes there from anywhere. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { networks, vms } from '../api/inventory';
import { go } from '../router';
import { routes } from '../routes';
import { Icon, type IconName } from '../ui/Icon';

interface Hit {
  icon: IconName;
  text: string;
  to: string;
}

const MOST = 12;

function* everything(): Generator<Hit> {
  for (const vm of vms.value.values())
    yield {
      icon: vm['summary.config.template'] ? 'template' : 'vm',
      text: vm.name ?? vm.id,
      to: `/vm/${vm.id}`,
    };
  for (const network of networks.value.values())
    yield { icon: 'network', text: network.name ?? network.id, to: '/networks' };
  for (const route of routes) if (route.icon) yield { icon: route.icon, text: route.title, to: route.path };
}

function hits(text: string): Hit[] {
  const wanted = text.trim().toLowerCase();
  const found: Hit[] = [];
  if (wanted === '') return found;
  for (const hit of everything()) {
    if (!hit.text.toLowerCase().includes(wanted)) continue;
    found.push(hit);
    if (found.length === MOST) break;
  }
  return found;
}

export function Search() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const found = open ? hits(text) : [];

  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.key !== '/' ||
        /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
        document.querySelector('dialog[open]')
      )
        return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', slash);
    return () => document.removeEventListener('keydown', slash);
  }, []);

  const take = (hit: Hit | undefined) => {
    if (!hit) return;
    setText('');
    setOpen(false);
    go(hit.to);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter') take(found[at]);
    else if (event.key === 'Escape') setOpen(false);
    else return;
    event.preventDefault();
  };

  return (
    <div class="find" role="search">
      <input
        ref={input}
        class="input"
        type="search"
        role="combobox"
        placeholder="Search ( / )"
        aria-label="Search VMs, networks and pages"
        aria-expanded={found.length > 0}
        aria-controls={found.length > 0 ? id : undefined}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={key}
        onBlur={() => setOpen(false)}
      />
      {found.length > 0 && (
        <ul id={id} role="listbox" aria-label="Found">
          {found.map((hit, index) => (
            <li
              key={hit.to + hit.text}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              onPointerDown={(event) => {
                event.preventDefault();
                take(hit);
              }}
            >
              <Icon name={hit.icon} />
              {hit.text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
