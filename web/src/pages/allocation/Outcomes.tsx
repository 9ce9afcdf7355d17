// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who would gain and who would lose, as a table with bars. */
import { pools, vms } from '../../api/inventory';
import { Badge, Empty, ErrorNotice } from '../../ui/controls';
import { mbCell, MIB, plural } from '../../ui/format';
import { poolPaths } from '../../vm/places';
import type { Outcome, Preview } from './data';

const SHOWN = 50;
/** What the cells show as nothing. */
const NOTHING = MIB / 200;

const difference = (each: Outcome) => each.newTargetBytes - each.targetBytes;
const isPool = (each: Outcome) => each.entity.type === 'ResourcePool';

function nameOf({ entity }: Outcome): string {
  const id = entity.value;
  return entity.type === 'ResourcePool'
    ? (poolPaths.value.get(id) ?? pools.value.get(id)?.name ?? id)
    : (vms.value.get(id)?.name ?? id);
}

/** Those that would have another target and the one that is edited; VMs first, the most first. */
function affected(outcomes: readonly Outcome[], own: string): Outcome[] {
  return outcomes
    .filter((each) => Math.abs(difference(each)) >= NOTHING || each.entity.value === own)
    .sort(
      (a, b) =>
        Number(isPool(a)) - Number(isPool(b)) ||
        Math.abs(difference(b)) - Math.abs(difference(a)) ||
        nameOf(a).localeCompare(nameOf(b), undefined, { numeric: true }),
    );
}

function signed(bytes: number): string {
  if (Math.abs(bytes) < NOTHING) return '0.00';
  return bytes > 0 ? `+${mbCell(bytes)}` : `−${mbCell(-bytes)}`;
}

function Bar({ outcome, most }: { outcome: Outcome; most: number }) {
  const width = (bytes: number) => `${most > 0 ? (bytes * 100) / most : 0}%`;
  const { targetBytes, newTargetBytes } = outcome;
  return (
    <div class="outcome-bar" aria-hidden="true">
      <div style={{ width: width(Math.min(targetBytes, newTargetBytes)) }} />
      <div
        data-change={difference(outcome) > 0 ? 'gain' : 'loss'}
        style={{ width: width(Math.abs(difference(outcome))) }}
      />
    </div>
  );
}

function Row({ outcome, own, most }: { outcome: Outcome; own: string; most: number }) {
  const bytes = difference(outcome);
  const kind = Math.abs(bytes) < NOTHING ? undefined : bytes > 0 ? 'good' : 'error';
  return (
    <tr>
      <th scope="row">
        <span class="outcome-name">{nameOf(outcome)}</span>
        {isPool(outcome) && <span class="muted small"> pool</span>}
        {outcome.entity.value === own && <span class="muted small"> (edited)</span>}
        <Bar outcome={outcome} most={most} />
      </th>
      <td>{mbCell(outcome.targetBytes)}</td>
      <td>{mbCell(outcome.newTargetBytes)}</td>
      <td>
        <Badge kind={kind}>{signed(bytes)}</Badge>
      </td>
    </tr>
  );
}

function Summary({ rows }: { rows: Outcome[] }) {
  const changed = rows.filter((each) => !isPool(each) && Math.abs(difference(each)) >= NOTHING);
  const gains = changed.filter((each) => difference(each) > 0).length;
  const losses = changed.length - gains;
  if (changed.length === 0) return <p role="status">No VM would gain or lose anything now.</p>;
  const parts = [
    gains > 0 && `${plural(gains, 'VM')} would gain`,
    losses > 0 && `${plural(losses, 'VM')} would lose`,
  ];
  return <p role="status">{parts.filter(Boolean).join(', ')}.</p>;
}

/** @param own  id of what is edited */
export function Outcomes({
  preview,
  own,
  idle,
}: {
  preview: Preview;
  own: string;
  idle: string | undefined;
}) {
  if (idle) return <Empty>{idle}</Empty>;
  if (preview.error) return <ErrorNotice error={preview.error} />;
  if (!preview.outcomes) return null;
  const rows = affected(preview.outcomes, own);
  const most = Math.max(0, ...rows.map((each) => Math.max(each.targetBytes, each.newTargetBytes)));
  return (
    <>
      <Summary rows={rows} />
      <div class="outcomes" role="region" aria-label="Targets" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">VM or pool</th>
              <th scope="col">Target, MB</th>
              <th scope="col">New, MB</th>
              <th scope="col">Difference</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((each) => (
              <Row key={each.entity.value} outcome={each} own={own} most={most} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN && <p class="muted small">and {rows.length - SHOWN} more, by less</p>}
    </>
  );
}
