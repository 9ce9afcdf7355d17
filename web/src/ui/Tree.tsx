// SPDX-License-Identifier: LGPL-2.1-or-later
/* A tree with the keys of one: arrows, Home, End, Enter, a letter. One item at a time is in the tab order. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { Icon, type IconName } from './Icon';

export interface TreeNode {
  id: string;
  label: string;
  icon?: IconName;
  /** Behind the label: a count. */
  note?: ComponentChildren;
  children?: TreeNode[];
}

interface Shown {
  node: TreeNode;
  level: number;
  parent: string | null;
}

function flatten(
  nodes: TreeNode[],
  open: ReadonlySet<string>,
  level = 1,
  parent: string | null = null,
): Shown[] {
  return nodes.flatMap((node) => [
    { node, level, parent },
    ...(node.children && open.has(node.id) ? flatten(node.children, open, level + 1, node.id) : []),
  ]);
}

export function Tree({
  label,
  nodes,
  selected,
  onSelect,
  initiallyOpen = [],
}: {
  label: string;
  nodes: TreeNode[];
  selected: string | null;
  onSelect: (id: string) => void;
  initiallyOpen?: string[];
}) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(initiallyOpen));
  const [cursor, setCursor] = useState<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const shown = flatten(nodes, open);
  const current =
    [cursor, selected].find((id) => shown.some((item) => item.node.id === id)) ?? shown[0]?.node.id;

  const toggle = (id: string, to = !open.has(id)) => {
    const next = new Set(open);
    if (to) next.add(id);
    else next.delete(id);
    setOpen(next);
  };
  const focus = (id: string | null | undefined) => {
    if (!id) return;
    setCursor(id);
    const index = shown.findIndex((item) => item.node.id === id);
    root.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[index]?.focus();
  };

  const key = (event: KeyboardEvent) => {
    const at = shown.findIndex((item) => item.node.id === current);
    const item = shown[at];
    if (!item) return;
    const { node, parent } = item;
    const folded = node.children?.length && !open.has(node.id);
    const actions: Record<string, () => void> = {
      ArrowDown: () => focus(shown[at + 1]?.node.id),
      ArrowUp: () => focus(shown[at - 1]?.node.id),
      Home: () => focus(shown[0]?.node.id),
      End: () => focus(shown[shown.length - 1]?.node.id),
      ArrowRight: () =>
        folded ? toggle(node.id, true) : node.children?.length && focus(node.children[0]?.id),
      ArrowLeft: () => (open.has(node.id) && node.children?.length ? toggle(node.id, false) : focus(parent)),
      Enter: () => onSelect(node.id),
      ' ': () => onSelect(node.id),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else if (/^\S$/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      const rest = [...shown.slice(at + 1), ...shown.slice(0, at)];
      focus(rest.find((each) => each.node.label.toLowerCase().startsWith(event.key.toLowerCase()))?.node.id);
    }
  };

  return (
    <div class="tree" role="tree" aria-label={label} ref={root} onKeyDown={key}>
      {shown.map(({ node, level }) => (
        <div
          key={node.id}
          role="treeitem"
          aria-level={level}
          aria-selected={node.id === selected}
          aria-expanded={node.children?.length ? open.has(node.id) : undefined}
          tabIndex={node.id === current ? 0 : -1}
          style={{ paddingLeft: `${(level - 1) * 16}px` }}
          onClick={() => {
            setCursor(node.id);
            onSelect(node.id);
          }}
          onDblClick={() => node.children?.length && toggle(node.id)}
        >
          <span
            class="twisty"
            aria-hidden="true"
            onClick={(event) => {
              if (!node.children?.length) return;
              event.stopPropagation();
              toggle(node.id);
            }}
          >
            {node.children?.length ? <Icon name={open.has(node.id) ? 'down' : 'right'} /> : null}
          </span>
          {node.icon && <Icon name={node.icon} />}
          <span class="label">{node.label}</span>
          {node.note !== undefined && <span class="muted small">{node.note}</span>}
        </div>
      ))}
    </div>
  );
}
