// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is above a table's rows: its tools, and its head. */
import type { ComponentChildren } from 'preact';

import { plural } from './format';
import { Icon } from './Icon';
import { Menu } from './Menu';
import type { Column, Order } from './table-model';

interface ToolsProps<Row> {
  name: string;
  tools: ComponentChildren;
  simple: boolean | undefined;
  filter: string;
  onFilter: (filter: string) => void;
  /** Rows, those that the filter leaves, those that are selected. */
  total: number;
  left: number;
  picked: number;
  columns: Column<Row>[];
  shown: Column<Row>[];
  onShown: (ids: string[]) => void;
}

function toggled(now: string[], id: string): string[] {
  return now.includes(id) ? now.filter((each) => each !== id) : [...now, id];
}

export function Tools<Row>(props: ToolsProps<Row>) {
  const { name, tools, simple, filter, onFilter, total, left, picked, columns, shown, onShown } = props;
  if (simple && !tools) return null;
  return (
    <div class="table-tools">
      {tools}
      {!simple && (
        <>
          <input
            class="input filter"
            type="search"
            placeholder="Filter"
            aria-label={`Filter ${name}`}
            value={filter}
            onInput={(event) => onFilter(event.currentTarget.value)}
          />
          <span class="count muted small" role="status">
            {left === total ? total : `${left} of ${total}`}
            {picked > 0 && `, ${plural(picked, 'selected', 'selected')}`}
          </span>
          <Menu
            label={`Columns of ${name}`}
            icon="columns"
            side="right"
            items={columns.slice(1).map((column) => ({
              label: column.about ? `${column.title}: ${column.about}` : column.title,
              checked: shown.includes(column),
              onSelect: () =>
                onShown(
                  toggled(
                    shown.map((each) => each.id),
                    column.id,
                  ),
                ),
            }))}
          />
        </>
      )}
    </div>
  );
}

interface HeadProps<Row> {
  name: string;
  shown: Column<Row>[];
  order: Order | null;
  onSort: (column: string) => void;
  /** Whether all rows are selected; undefined: none can be. */
  all: boolean | undefined;
  onAll: () => void;
}

export function Head<Row>({ name, shown, order, onSort, all, onAll }: HeadProps<Row>) {
  const sorted = (id: string) =>
    order?.column !== id ? undefined : order.descending ? 'descending' : 'ascending';
  return (
    <div role="rowgroup" class="head-group">
      <div class="head" role="row" aria-rowindex={1}>
        {all !== undefined && (
          <div class="pick" role="columnheader">
            <input type="checkbox" aria-label={`Select all ${name}`} checked={all} onChange={onAll} />
          </div>
        )}
        {shown.map((column, index) => (
          <div
            key={column.id}
            role="columnheader"
            class={index === 0 ? 'first' : ''}
            data-align={column.align}
            aria-sort={sorted(column.id)}
          >
            <button type="button" class="sort" title={column.about} onClick={() => onSort(column.id)}>
              {column.title}
              {order?.column === column.id && <Icon name={order.descending ? 'down' : 'up'} />}
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}
