// SPDX-License-Identifier: LGPL-2.1-or-later
/* All VMs: where they are at the left, what `aerostat top` says of them at the right. */
import '../../vm/vm.css';
import './vms.css';

import { useEffect, useMemo, useState } from 'preact/hooks';

import { loaded, vms } from '../../api/inventory';
import { memoryError, numbersRound, useVmMemory, vmMemory } from '../../api/memory';
import { go, query, setQuery } from '../../router';
import { Button, ButtonLink, ErrorNotice, IconButton } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { Table } from '../../ui/Table';
import { attributes, readAttributes } from '../../vm/attributes';
import { columnsOf } from '../../vm/columns';
import { ContextMenu } from '../../vm/ContextMenu';
import { ActionDialog, type Asking } from '../../vm/dialogs';
import { parseFilter } from '../../vm/filter';
import { manageItems, powerItems } from '../../vm/menu';
import { folderPaths, poolPaths } from '../../vm/places';
import { type VmRow, vmRows } from '../../vm/rows';
import { sayError } from '../../ui/Toast';
import { EmptyHost } from '../start/EmptyHost';
import { Actions } from './Actions';
import { choice, choose } from './choice';
import { ColumnsDialog } from './ColumnsDialog';
import { useMore } from './more';
import { placeName, Places, placeTest } from './Places';
import { Totals } from './Totals';

const HELP =
  'Words match names. pool:/lab, folder:/lab, state:on, attributes:owner=me; swcur>0, memsz>=1g (MB without a unit); ' +
  'a minus in front: all others.';

const rowId = (row: VmRow) => row.id;
const nameOf = (row: VmRow) => row.name;
const open = (row: VmRow) => go(`/vm/${row.id}`);

/* What does not change between rounds is made once; numbers change in the rows. */
function useRows(filterText: string, place: string | null) {
  const columns = useMemo(() => columnsOf(choice.value.columns), [choice.value.columns]);
  const filter = useMemo(() => parseFilter(filterText), [filterText]);
  const more = useMore(filter.more || columns.some((column) => column.more));
  const all = useMemo(
    () => vmRows(vmMemory.value, more),
    [vms.value, vmMemory.value, folderPaths.value, poolPaths.value, attributes.value, more],
  );
  const numbers = filter.numbers ? numbersRound.value : undefined;
  const rows = useMemo(() => {
    const within = placeTest(place);
    return all.filter((row) => within(row) && filter.test(row));
  }, [all, filter, place, numbers]);
  return { columns, filter, rows };
}

interface Pointed {
  x: number;
  y: number;
}

/* Where a menu about a row goes: to the pointer, or to the row that the keys are at. */
function pointedAt(event: MouseEvent): { line: Element; at: Pointed } | null {
  const target = event.target as Element;
  const grid = target.closest('[role=grid]');
  const byKeys = target === grid && grid?.getAttribute('aria-activedescendant');
  const line = byKeys ? document.getElementById(byKeys) : target.closest('.line');
  if (!line) return null;
  const box = line.getBoundingClientRect();
  return { line, at: byKeys ? { x: box.left + 48, y: box.bottom } : { x: event.clientX, y: event.clientY } };
}

export function VmsPage() {
  useVmMemory();
  useEffect(() => void readAttributes().catch(sayError), []);
  const filterText = query.value.get('filter') ?? '';
  const place = query.value.get('in');
  const { columns, filter, rows } = useRows(filterText, place);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking | null>(null);
  const [showing, setShowing] = useState<'columns' | 'places' | null>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  // What a filter hides is not acted on.
  const chosen = useMemo(() => rows.filter((row) => selected.has(row.id)), [rows, selected]);

  const context = (event: MouseEvent) => {
    const found = pointedAt(event);
    const row = found && rows.find((each) => found.line.id.endsWith(`-${each.id}`));
    if (!row) return;
    event.preventDefault();
    if (!selected.has(row.id)) setSelected(new Set([row.id]));
    setPointed(found.at);
  };
  const places = (
    <Places
      selected={place}
      onSelect={(id) => {
        setQuery('in', id === place ? null : id);
        setShowing(null);
      }}
    />
  );

  if (loaded.value && vms.value.size === 0) {
    return (
      <>
        <h1 class="visually-hidden">VMs</h1>
        <EmptyHost />
      </>
    );
  }
  return (
    <div class="fill vms-page" data-tree={choice.value.tree ? '' : undefined}>
      <h1 class="visually-hidden">VMs</h1>
      {choice.value.tree && (
        <aside class="places wide-only" aria-label="Folders and pools">
          {places}
        </aside>
      )}
      <section class="vms-list" aria-label={placeName(place)}>
        <div class="row">
          <span class="wide-only">
            <IconButton
              label={choice.value.tree ? 'Hide folders and pools' : 'Show folders and pools'}
              icon="menu"
              aria-expanded={choice.value.tree}
              onClick={() => choose({ tree: !choice.value.tree })}
            />
          </span>
          <Button
            class="narrow-only"
            icon="folder"
            aria-haspopup="dialog"
            onClick={() => setShowing('places')}
          >
            {placeName(place)}
          </Button>
          <div class="vms-filter">
            <input
              class="input"
              type="search"
              placeholder="Filter: web state:on swcur>0"
              aria-label="Filter VMs"
              aria-describedby="vms-filter-help"
              aria-invalid={filter.wrong ? true : undefined}
              title={HELP}
              value={filterText}
              onInput={(event) => setQuery('filter', event.currentTarget.value || null)}
            />
            <span id="vms-filter-help" class={filter.wrong ? 'wrong small' : 'visually-hidden'} role="status">
              {filter.wrong || HELP}
            </span>
          </div>
          <IconButton label="Choose columns" icon="columns" onClick={() => setShowing('columns')} />
        </div>
        <div class="row spread">
          <Actions targets={chosen} ask={setAsking} />
          <div class="row">
            {place !== null && poolPaths.value.has(place) && (
              <ButtonLink href={`#/allocation/pool/${place}`} icon="memory">
                Allocation of the pool
              </ButtonLink>
            )}
            <ButtonLink href="#/deploy" icon="plus">
              New VM
            </ButtonLink>
          </div>
        </div>
        <ErrorNotice error={memoryError.value} />
        <div
          class="vms-table"
          onContextMenu={context}
          onKeyDown={(event) => {
            if (event.key === 'Delete' && chosen.length > 0) setAsking({ what: 'delete', targets: chosen });
          }}
        >
          <Table
            name="VMs"
            simple
            columns={columns}
            rows={rows}
            changes={numbersRound}
            rowId={rowId}
            rowLabel={nameOf}
            selected={selected}
            onSelect={setSelected}
            onOpen={open}
            empty={filterText || place ? 'No VM is like that.' : 'There are no VMs.'}
          />
        </div>
        <Totals rows={chosen.length > 0 ? chosen : rows} selected={chosen.length} />
      </section>
      {showing === 'columns' && <ColumnsDialog onClose={() => setShowing(null)} />}
      {showing === 'places' && (
        <Dialog title="Folders and pools" onClose={() => setShowing(null)}>
          <div>{places}</div>
        </Dialog>
      )}
      {pointed && (
        <ContextMenu
          label={`Actions on ${chosen.length === 1 ? chosen[0]?.name : `${chosen.length} VMs`}`}
          x={pointed.x}
          y={pointed.y}
          items={[...powerItems(chosen, setAsking), 'line', ...manageItems(chosen, setAsking)]}
          onClose={() => setPointed(null)}
        />
      )}
      <ActionDialog asking={asking} onClose={() => setAsking(null)} />
    </div>
  );
}
