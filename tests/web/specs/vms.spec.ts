// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, test } from '../world';

test.use({ kind: 'guests' });

/* Columns of the table, and what `aerostat top --batch` calls them. */
const BYTES: Record<string, string> = {
  memsz: 'memory_bytes',
  grant: 'granted_bytes',
  cnsm: 'consumed_bytes',
  sztgt: 'target_bytes',
  tchd: 'active_bytes',
  idle: 'idle_bytes',
  ovhd: 'overhead_bytes',
  priv: 'private_bytes',
  shrd: 'shared_bytes',
  svd: 'saved_bytes',
  resident: 'resident_bytes',
  parked: 'parked_bytes',
  absent: 'absent_bytes',
  mctlsz: 'balloon_bytes',
  mctltgt: 'balloon_target_bytes',
  mctlmax: 'balloon_max_bytes',
  swcur: 'swapped_bytes',
  swtgt: 'swap_target_bytes',
  'swr/s': 'swap_reads_bytes_per_s',
  'sww/s': 'swap_writes_bytes_per_s',
  cachesz: 'cache_bytes',
  cacheusd: 'cache_used_bytes',
  zipped: 'compressed_bytes',
  same: 'same_bytes',
  'zip/s': 'zip_bytes_per_s',
  'unzip/s': 'unzip_bytes_per_s',
  resv: 'reservation_bytes',
  limit: 'limit_bytes',
  pglim: 'pager_limit_bytes',
};
const WORDS: Record<string, string> = {
  'mctl?': 'has_balloon',
  mctlst: 'balloon_state',
  shares: 'shares',
  level: 'shares_level',
  pool: 'pool',
  power: 'power',
  managed: 'managed',
  pid: 'pid',
  uuid: 'uuid',
  status: 'status',
};

const mb = (text: string) => (text === '' ? 'none' : (Number(text) / 2 ** 20).toFixed(2));

test('every figure is that of aerostat top at that moment', async ({ page, world, signedIn, check }) => {
  await page.goto('#/vms');
  await page.getByRole('button', { name: 'Choose columns' }).click();
  await page
    .getByRole('dialog', { name: 'Columns' })
    .getByRole('button', { name: 'All', exact: true })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  const shown = () =>
    page.evaluate(
      (columns) =>
        Object.fromEntries(
          [...document.querySelectorAll('.table .line')].map((line) => [
            line.querySelector('.vm-name')?.textContent,
            Object.fromEntries(
              columns.map((column) => [column, line.querySelector(`[data-column="${column}"]`)?.textContent]),
            ),
          ]),
        ),
      [...Object.keys(BYTES), ...Object.keys(WORDS)],
    );
  const said = async () => {
    const [head = '', ...lines] = (await world.run('top', '--batch', '--count', '1')).trim().split('\n');
    const names = head.split(',');
    return Object.fromEntries(
      lines.map((line) => {
        const values = line.split(',');
        const of = (member: string) => values[names.indexOf(member)] ?? '';
        return [
          of('name'),
          Object.fromEntries([
            ...Object.entries(BYTES).map(([column, member]) => [column, mb(of(member))]),
            ...Object.entries(WORDS).map(([column, member]) => [column, of(member)]),
          ]),
        ];
      }),
    );
  };
  await expect(page.getByRole('row', { name: /web2/ })).toBeVisible();
  // Rounds go on: what is on the page and what top says are of one round sooner or later.
  await expect(async () => {
    const [before, top, after] = [await shown(), await said(), await shown()];
    expect(before).toEqual(top);
    expect(after).toEqual(top);
  }).toPass();
  expect(Object.keys(await shown())).toEqual(['web1', 'web2']);
  await check();
});

test('the sums are those of the selection', async ({ page, world, signedIn, check }) => {
  await page.goto('#/vms');
  const sums = page.locator('.totals');
  await expect(sums).toContainText('2 VMs, 2 on');
  await expect(sums).toContainText('configured384M');
  await page.getByRole('checkbox', { name: 'Select web2' }).click();
  await expect(sums).toContainText('1 VM selected, 1 on');
  await expect(sums).toContainText('configured192M');
  await check();
  await picture(page, 'vms');
});

test('power by the menu of a row, with the state as it is after each step', async ({
  page,
  world,
  signedIn,
}) => {
  await page.goto('#/vms');
  const row = page.getByRole('row', { name: /web1/ });
  await expect(row).toContainText('on');
  await row.click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'Actions on web1' });
  await expect(menu.getByRole('menuitem', { name: 'Power on' })).toHaveAttribute('aria-disabled', 'true');
  // This guest has no agent, and is not aerostatd's own: what is said is why, and what to do.
  await menu.getByRole('menuitem', { name: 'Shut down guest' }).click();
  await expect(page.getByRole('alert')).toContainText(/agent|inventory/);
});
