// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, test, type World } from '../world';

test.use({ kind: 'guests' });

interface Figures {
  vm: { value: string };
  name: string;
  targetBytes: number;
  limitBytes?: number;
  reservationBytes: number;
  shares: number;
  pool: string;
}

async function figures(world: World, name: string): Promise<Figures> {
  const all = await world.tell<Figures[]>({
    call: ['AerostatManager', 'AerostatManager', 'QueryVmMemory', {}],
  });
  return all.find((each) => each.name === name)!;
}

const configure = (world: World, settings: Record<string, string>) =>
  world.tell({ do: ['ConfigureVM', { vm: 'web1', settings }] });

/** Not expandable: only what is reserved there can be promised there. */
async function makePool(world: World, name: string): Promise<{ value: string }> {
  const pools = await world.tell<{ path: string; pool: { value: string } }[]>({
    call: ['AerostatManager', 'AerostatManager', 'QueryPoolMemory', {}],
  });
  const root = pools.find(({ path }) => path === '/')!.pool.value;
  const shares = { _typeName: 'SharesInfo', level: 'normal', shares: 0 };
  const allocation = { reservation: 0, limit: -1, expandableReservation: false, shares };
  const spec = {
    _typeName: 'ResourceConfigSpec',
    cpuAllocation: { ...allocation, expandableReservation: true },
    memoryAllocation: allocation,
  };
  return world.tell({ call: ['ResourcePool', root, 'CreateResourcePool', { name, spec }] });
}

const mbCell = (bytes: number) => (bytes / 1048576).toFixed(2);

test.afterEach(async ({ world }) => {
  await configure(world, {
    'sched.mem.shares': 'normal',
    'sched.mem.min': '0',
    'sched.mem.max': '-1',
    pool: '/',
  });
});

test('previews what the targets are after saving, and saves nothing before', async ({
  page,
  world,
  signedIn,
  check,
  news,
}) => {
  const { vm } = await figures(world, 'web1');
  await page.goto(`#/allocation/vm/${vm.value}`);
  await expect(page.getByRole('heading', { name: 'Allocation of web1' })).toBeVisible();
  await expect(page.getByText('Change something to see')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await check();

  await page.getByLabel('Limit (MB)').fill('128');
  const row = page.getByRole('row', { name: /web1/ });
  await expect(row.getByRole('cell').nth(1)).toHaveText('128.00');
  // Of the same round: what it has now, and what it would lose.
  await expect(async () => {
    const now = (await figures(world, 'web1')).targetBytes;
    await expect(row.getByRole('cell').nth(0)).toHaveText(mbCell(now), { timeout: 2000 });
    await expect(row.getByRole('cell').nth(2)).toHaveText(`−${mbCell(now - (128 << 20))}`, { timeout: 2000 });
  }).toPass();
  await expect(page.getByText('1 VM would lose')).toBeVisible();
  await check();
  await picture(page, 'allocation');
  const before = await figures(world, 'web1');
  expect(before.targetBytes).toBeGreaterThan(128 << 20);
  expect(before.limitBytes).toBeUndefined();

  await page.getByRole('button', { name: 'Save' }).click();
  await news('The allocation of web1 is saved.');
  await expect.poll(async () => (await figures(world, 'web1')).targetBytes).toBe(128 << 20);
  expect((await figures(world, 'web1')).limitBytes).toBe(128 << 20);
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
});

test('checks what is typed, and says in words what is not admitted', async ({
  page,
  world,
  signedIn,
  check,
  news,
}) => {
  const { vm } = await figures(world, 'web1');
  await page.goto(`#/allocation/vm/${vm.value}`);
  await page.getByLabel('Reservation (MB)').fill('193');
  await expect(page.getByText("At most the VM's memory, 192 MB.")).toBeVisible();
  await page.getByLabel('Reservation (MB)').fill('100');
  await page.getByLabel('Limit (MB)').fill('99');
  await expect(page.getByText('Not below the reservation, 100 MB')).toBeVisible();
  await page.getByLabel('Limit (MB)').fill('much');
  await expect(page.getByText('A whole number of MB; empty for none.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await page.getByLabel('Limit (MB)').fill('');
  await page.getByLabel('Shares').selectOption('custom');
  await page.getByLabel('Number of shares').fill('0');
  await expect(page.getByText('A whole number from 1 to 1000000.')).toBeVisible();
  await check();

  // Nothing can be reserved in that pool.
  const pool = await makePool(world, 'tight');
  await page.getByLabel('Number of shares').fill('4000');
  await page.getByLabel('Resource pool').selectOption('/tight');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'that did not work' })).toContainText(/reserv/);
  expect(await figures(world, 'web1')).toMatchObject({ pool: '/', reservationBytes: 0, shares: 1920 });
  await check();

  // The pool's own page.
  await page.goto(`#/allocation/pool/${pool.value}`);
  await expect(page.getByRole('heading', { name: 'Allocation of /tight' })).toBeVisible();
  await page.getByLabel('Expandable').check();
  await page.getByLabel('Shares').selectOption('high');
  await page.getByRole('button', { name: 'Save' }).click();
  await news('The allocation of /tight is saved.');
  await check();

  // With that the VM is admitted.
  await page.goto(`#/allocation/vm/${vm.value}`);
  await page.getByLabel('Reservation (MB)').fill('100');
  await page.getByLabel('Resource pool').selectOption('/tight');
  await page.getByRole('button', { name: 'Save' }).click();
  await news('The allocation of web1 is saved.');
  expect(await figures(world, 'web1')).toMatchObject({ pool: '/tight', reservationBytes: 100 << 20 });
});
