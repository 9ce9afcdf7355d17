// SPDX-License-Identifier: LGPL-2.1-or-later
/* A table that draws only the rows in sight: sort, filter, choice of columns, selection by mouse and keys. */
import './table.css';

import { effect, type ReadonlySignal } from '@preact/signals';
import { Component, type ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import {
  type Choices,
  type Column,
  filterRows,
  readChoices,
  sortRows,
  textOf,
  writeChoices,
} from './table-model';
import { Head, Tools } from './table-parts';

export type { Column } from './table-model';

const ROW = 32;
/** Rows that are drawn beyond those in sight. */
const OVERSCAN = 6;
/** Rows by which what is drawn moves: most scrolling draws nothing, and no frame draws many. */
const STEP = 4;
const PICK_WIDTH = 36;

interface TableProps<Row> {
  /** What the rows are, for readers and for what the user chose: "VMs". */
  name: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  /** Another whenever values change in rows that are the same; not those that a column renders. */
  changes?: ReadonlySignal<unknown>;
  rowId: (row: Row) => string;
  /** The row in a word, for readers. */
  rowLabel?: (row: Row) => string;
  /** With both, rows can be selected. */
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  /** Enter and a double click. */
  onOpen?: (row: Row) => void;
  /** Controls before the filter. */
  tools?: ComponentChildren;
  /** Without filter and choice of columns. */
  simple?: boolean;
  /** As high as its rows (up to this many); else as high as its place is. */
  fit?: number;
  empty?: ComponentChildren;
}

interface LineProps<Row> {
  row: Row;
  changes: ReadonlySignal<unknown> | undefined;
  index: number;
  id: string;
  columns: Column<Row>[];
  pickable: boolean;
  selected: boolean;
  active: boolean;
  label: string;
}

class Line<Row> extends Component<LineProps<Row>> {
  private element: HTMLElement | null = null;
  private stop = () => {};
  private keep = (element: HTMLElement | null) => {
    this.element = element;
  };

  /* What is only text is written into its cell: with each round that is less work than to draw the line. */
  private write(): void {
    const { row, columns, pickable } = this.props;
    let cell = this.element?.children[pickable ? 1 : 0];
    for (const column of columns) {
      if (!cell) return;
      if (!column.render) {
        const text = textOf(column, row);
        const node = cell.firstChild as Text | null;
        if (!node) cell.textContent = text;
        else if (node.data !== text) node.data = text;
      }
      cell = cell.nextElementSibling ?? undefined;
    }
  }

  override componentDidMount(): void {
    const { changes } = this.props;
    this.stop = effect(() => {
      void changes?.value;
      this.write();
    });
  }

  override componentDidUpdate(): void {
    this.write();
  }

  override componentWillUnmount(): void {
    this.stop();
  }

  override shouldComponentUpdate(next: LineProps<Row>): boolean {
    return (Object.keys(next) as (keyof LineProps<Row>)[]).some((key) => next[key] !== this.props[key]);
  }

  override render({ row, index, id, columns, pickable, selected, active, label }: LineProps<Row>) {
    return (
      <div
        ref={this.keep}
        class="line"
        role="row"
        id={id}
        aria-rowindex={index + 2}
        aria-selected={pickable ? selected : undefined}
        data-index={index}
        data-active={active ? '' : undefined}
        style={{ transform: `translateY(${index * ROW}px)` }}
      >
        {pickable && (
          <div class="pick" role="gridcell">
            <input
              type="checkbox"
              tabIndex={-1}
              checked={selected}
              aria-label={`Select ${label}`}
              data-pick=""
            />
          </div>
        )}
        {columns.map((column, at) => (
          <div
            key={column.id}
            class={at === 0 ? 'cell first' : 'cell'}
            role="gridcell"
            data-align={column.align}
            data-column={column.id}
          >
            {column.render?.(row)}
          </div>
        ))}
      </div>
    );
  }
}

export function Table<Row>(props: TableProps<Row>) {
  const { name, columns, rows, changes, rowId, rowLabel, selected, onSelect, onOpen } = props;
  const { tools, simple, fit, empty } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState('');
  const [choices, setChoices] = useState<Choices>(() => readChoices(name));
  const [view, setView] = useState({ first: 0, count: 40, shifted: false });
  const [active, setActive] = useState<string | null>(null);
  const anchor = useRef<string | null>(null);
  const pickable = selected !== undefined && onSelect !== undefined;

  const choose = (next: Choices) => {
    setChoices(next);
    writeChoices(name, next);
  };
  const shown = useMemo(() => {
    const wanted = choices.shown;
    return columns.filter((column, at) => at === 0 || (wanted ? wanted.includes(column.id) : !column.hidden));
  }, [columns, choices.shown]);
  const order = choices.order ?? null;
  const change = order || filter ? changes?.value : undefined;
  const lines = useMemo(
    () => sortRows(filterRows(rows, shown, filter), columns, order),
    [rows, shown, columns, filter, order, change],
  );
  const at = active === null ? -1 : lines.findIndex((row) => rowId(row) === active);

  const measure = () => {
    const element = frame.current;
    if (!element) return;
    const top = Math.max(0, Math.floor(element.scrollTop / ROW) - OVERSCAN);
    const first = top - (top % STEP);
    const count = Math.ceil(element.clientHeight / ROW) + 2 * OVERSCAN;
    const shifted = element.scrollLeft > 0;
    setView((now) =>
      now.first === first && now.count === count && now.shifted === shifted ? now : { first, count, shifted },
    );
  };
  useLayoutEffect(() => {
    measure();
    const watcher = new ResizeObserver(measure);
    if (frame.current) watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, []);

  const sortBy = (column: string) => {
    if (order?.column !== column) choose({ ...choices, order: { column, descending: false } });
    else choose({ ...choices, order: order.descending ? null : { column, descending: true } });
  };

  const reveal = (index: number) => {
    const element = frame.current;
    if (!element) return;
    const top = index * ROW;
    const room = element.clientHeight - 2 * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + room) element.scrollTop = top - room;
  };

  /* From the anchor to there. */
  const range = (to: number): Set<string> => {
    const from = Math.max(
      0,
      lines.findIndex((row) => rowId(row) === anchor.current),
    );
    return new Set(lines.slice(Math.min(from, to), Math.max(from, to) + 1).map(rowId));
  };
  const toggled = (which: string): Set<string> => {
    const next = new Set(selected);
    if (!next.delete(which)) next.add(which);
    return next;
  };
  const go = (index: number, extend: boolean) => {
    const to = Math.min(Math.max(index, 0), lines.length - 1);
    const row = lines[to];
    if (!row) return;
    setActive(rowId(row));
    reveal(to);
    if (extend && pickable) onSelect(range(to));
    else anchor.current = rowId(row);
  };

  const key = (event: KeyboardEvent) => {
    if (event.target !== frame.current) return;
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / ROW) - 2);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: lines.length - 1,
    }[event.key];
    const row = lines[at];
    if (to !== undefined) go(to, event.shiftKey);
    else if (event.key === ' ' && row && pickable) {
      anchor.current = rowId(row);
      onSelect(toggled(rowId(row)));
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && pickable)
      onSelect(new Set(lines.map(rowId)));
    else if (event.key === 'Escape' && pickable && selected.size > 0) onSelect(new Set());
    else if (event.key === 'Enter' && row && onOpen) onOpen(row);
    else return;
    event.preventDefault();
  };

  const rowAt = (event: MouseEvent): number => {
    const line = (event.target as Element).closest<HTMLElement>('[data-index]');
    return line ? Number(line.dataset.index) : -1;
  };
  const click = (event: MouseEvent) => {
    const index = rowAt(event);
    const row = lines[index];
    if (!row || (event.target as Element).closest('a, button')) return;
    const which = rowId(row);
    setActive(which);
    if (!pickable) return;
    const box = (event.target as Element).closest('[data-pick]');
    if (event.shiftKey) onSelect(range(index));
    else {
      anchor.current = which;
      onSelect(box || event.ctrlKey || event.metaKey ? toggled(which) : new Set([which]));
    }
    // A box shows what is selected, which is decided above.
    if (box instanceof HTMLInputElement)
      queueMicrotask(() => (box.checked = box.closest('[aria-selected=true]') !== null));
  };

  const widths = shown.map(
    (column) => `minmax(${column.width}px, ${column.grow ? `${column.grow}fr` : `${column.width}px`})`,
  );
  const least = shown.reduce((sum, column) => sum + column.width, pickable ? PICK_WIDTH : 0);
  const style = {
    '--columns': `${pickable ? `${PICK_WIDTH}px ` : ''}${widths.join(' ')}`,
    '--least': `${least}px`,
    ...(fit && { height: `${(Math.min(Math.max(lines.length, 2), fit) + 1) * ROW + 18}px` }),
  };
  const visible = lines.slice(view.first, view.first + view.count);
  const all = lines.length > 0 && lines.every((row) => selected?.has(rowId(row)));

  return (
    <div class="table-frame">
      <Tools
        name={name}
        tools={tools}
        simple={simple}
        filter={filter}
        onFilter={setFilter}
        total={rows.length}
        left={lines.length}
        picked={selected?.size ?? 0}
        columns={columns}
        shown={shown}
        onShown={(ids) => choose({ ...choices, shown: ids })}
      />
      <div
        class="table"
        ref={frame}
        role="grid"
        aria-label={name}
        aria-rowcount={lines.length + 1}
        aria-multiselectable={pickable || undefined}
        aria-activedescendant={
          at >= view.first && at < view.first + view.count ? `${id}-${active}` : undefined
        }
        tabIndex={0}
        data-fit={fit ? '' : undefined}
        data-shifted={view.shifted ? '' : undefined}
        style={style}
        onScroll={measure}
        onKeyDown={key}
        onFocus={(event) =>
          event.target === frame.current && at < 0 && lines[0] && setActive(rowId(lines[0]))
        }
        onClick={click}
        onDblClick={(event) => {
          const row = lines[rowAt(event)];
          if (row && onOpen && !(event.target as Element).closest('a, button, input')) onOpen(row);
        }}
      >
        <Head
          name={name}
          shown={shown}
          order={order}
          onSort={sortBy}
          all={pickable ? all : undefined}
          onAll={() => onSelect?.(all ? new Set() : new Set(lines.map(rowId)))}
        />
        {lines.length > 0 && (
          <div class="body" role="rowgroup" style={{ height: `${lines.length * ROW}px` }}>
            {visible.map((row, offset) => {
              const which = rowId(row);
              return (
                <Line
                  key={which}
                  row={row}
                  changes={changes}
                  index={view.first + offset}
                  id={`${id}-${which}`}
                  columns={shown as Column<unknown>[]}
                  pickable={pickable}
                  selected={selected?.has(which) ?? false}
                  active={which === active}
                  label={rowLabel?.(row) ?? (shown[0] ? textOf(shown[0], row) : which)}
                />
              );
            })}
          </div>
        )}
        {lines.length === 0 && (
          <div role="rowgroup">
            <div role="row">
              <div role="gridcell" class="none">
                {rows.length > 0 ? `Nothing matches "${filter}".` : (empty ?? `There are no ${name}.`)}
              </div>
            </div>
          </div>
        )}
      </div>
    </div>
  );
}
