// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, test, type World } from '../world';

test.use({ kind: 'fleet' });

const PARENT = 'Tmpl Capture 1.0';

async function names(world: World): Promise<string[]> {
  const { out } = await world.tell<{ out: string }>({ run: ['aerostat', 'vm', 'list', '--format', 'csv'] });
  return out
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0]!)
    .filter(Boolean);
}

async function makeParent(world: World): Promise<void> {
  if ((await names(world)).includes(PARENT)) return;
  const disks = [{ size_mb: 16 }];
  await world.tell({ do: ['CreateVM', { name: PARENT, memory_mb: 64, disks, datastore: 'ds1' }] });
}

test('deploys linked clones, after what was in the way is put right', async ({
  page,
  world,
  signedIn,
  check,
}) => {
  await makeParent(world);
  await page.goto('#/deploy');
  await expect(page.getByRole('heading', { name: 'Deploy' })).toBeVisible();
  await check();
  await page.getByLabel('Parent').selectOption(PARENT);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Capture##');
  await page.getByLabel('Count').fill('3');
  await expect(page.getByRole('list', { name: 'Names' })).toHaveText('Capture01Capture02Capture03');

  // No snapshot to stand on.
  const found = page.locator('[data-check=server]');
  await expect(found).toContainText('has no snapshot for linked clones to stand on');
  await expect(page.getByRole('button', { name: 'Deploy 3 VMs' })).toBeDisabled();
  await check();
  expect(await names(world)).not.toContain('Capture01');
  await page.getByRole('button', { name: 'Take one' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('base');
  await dialog.getByRole('button', { name: 'Take snapshot' }).click();
  await expect(found).toContainText('can be cloned');

  // What is typed.
  await page.getByLabel('Count').fill('none');
  await expect(page.getByText('A whole number from 1 to 1000.')).toBeVisible();
  await page.getByLabel('Count').fill('3');
  await page.getByLabel('Name', { exact: true }).fill('Capture');
  await expect(page.getByText('Several need a number in their names')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Capture##');
  await expect(page.getByRole('button', { name: 'Deploy 3 VMs' })).toBeEnabled();
  await check();
  await picture(page, 'deploy');

  await page.getByRole('button', { name: 'Deploy 3 VMs' }).click();
  await expect(page.getByRole('heading', { name: 'Report' })).toBeVisible();
  await expect(page.getByText(`3 of 3 linked clones of ${PARENT}`)).toBeVisible();
  const rows = page.getByRole('region', { name: 'Clones' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  for (const name of ['Capture01', 'Capture02', 'Capture03'])
    await expect(rows.filter({ hasText: name })).toContainText('made');
  await check();
  await picture(page, 'deploy-report');
  expect(await names(world)).toEqual(expect.arrayContaining(['Capture01', 'Capture02', 'Capture03']));
  // Its own changes, over the parent's disk.
  const disks = await world.tell<unknown>({ do: ['ListDisks', { vm: 'Capture03' }] });
  expect(disks).toMatchObject([{ files: 2 }]);
});

test('says which names are taken, and goes on with the rest', async ({ page, world, signedIn, check }) => {
  await makeParent(world);
  const before = await names(world);
  if (!before.includes('Capture01')) {
    await world.tell({ do: ['CreateSnapshot', { vm: PARENT, name: 'base' }] });
    await world.tell({ do: ['CloneVM', { vm: PARENT, names: ['Capture01', 'Capture02', 'Capture03'] }] });
  }
  await page.goto('#/deploy');
  await page.getByLabel('Parent').selectOption(PARENT);
  // They count on.
  await expect(page.getByRole('list', { name: 'Names' })).toHaveText('Capture04');
  await page.getByLabel('Count').fill('2');
  await page.getByLabel('First number').fill('3');
  await expect(page.locator('[data-check=names]')).toContainText('Capture03: taken.');
  await expect(page.getByRole('button', { name: 'Deploy 2 VMs' })).toBeDisabled();
  await check();
  await page.getByRole('button', { name: 'Count on' }).click();
  await expect(page.getByRole('list', { name: 'Names' })).toHaveText('Capture04Capture05');

  // The address of one that was begun: those that it made are left as they are.
  const parent = await page.getByLabel('Parent').inputValue();
  const query = new URLSearchParams({
    from: parent,
    pattern: 'Capture##',
    first: '3',
    count: '2',
    begun: 'true',
  });
  await page.goto('#/vms');
  await page.goto(`#/deploy?${query}`);
  await expect(page.getByText('1 of 2 were made before')).toBeVisible();
  await page.getByRole('button', { name: 'Deploy 1 VM' }).click();
  await expect(page.getByText(`2 of 2 linked clones of ${PARENT}`)).toBeVisible();
  await expect(page.getByRole('row', { name: /Capture03/ })).toContainText('made before');
  expect(await names(world)).toContain('Capture04');
  expect(await names(world)).not.toContain('Capture05');
  await world.tell({ do: ['DestroyVM', { vm: 'Capture04' }] });
});

test('says what the parent has that no linked clone can have', async ({ page, world, signedIn, check }) => {
  await page.goto('#/deploy');
  await page.getByLabel('Parent').selectOption('db1');
  await expect(page.locator('[data-check=server]')).toContainText('make it persistent first');
  await page.getByLabel('Power on when they are made').check();
  const memory = page.locator('[data-check=memory]');
  await expect(memory).toContainText('Memory: 64M each to be promised');
  await page.getByLabel('Count').fill('1000');
  await expect(memory).toContainText('of 1000 can power on. Lower reservations');
  await check();
  expect(await names(world)).not.toContain('db101');
});

test('can be cancelled, and goes on with what was not made', async ({ page, world, signedIn, check }) => {
  await makeParent(world);
  const snapshots = await world.tell<unknown>({ do: ['ListSnapshots', { vm: PARENT }] });
  if (!JSON.stringify(snapshots).includes('base'))
    await world.tell({ do: ['CreateSnapshot', { vm: PARENT, name: 'base' }] });
  // The server hears of them when they have been cancelled.
  let release = () => {};
  const cancelled = new Promise<void>((resolve) => (release = resolve));
  let asked = 0;
  await page.route('**/CloneVM_Task', async (route) => {
    asked++;
    await cancelled;
    await route.continue();
  });
  await page.goto('#/deploy');
  await page.getByLabel('Parent').selectOption(PARENT);
  await page.getByLabel('Name', { exact: true }).fill('Stop##');
  await page.getByLabel('Count').fill('6');
  await expect(page.locator('[data-check=room]')).toContainText('free on ds1');
  await page.getByRole('button', { name: 'Deploy 6 VMs' }).click();
  await expect(page.getByText('0 of 6 are there.')).toBeVisible();
  await expect.poll(() => asked).toBe(4);
  await check();
  await page.getByRole('button', { name: 'Cancel' }).click();
  release();
  await expect(page.getByRole('heading', { name: 'Report' })).toBeVisible();
  expect(asked).toBe(4);
  for (const name of ['Stop05', 'Stop06'])
    await expect(page.getByRole('row', { name })).toContainText('not made');
  expect(await names(world)).not.toContain('Stop05');

  await page.getByRole('button', { name: 'Go on with the rest' }).click();
  await page.getByRole('button', { name: /^Deploy [2-6] VMs$/ }).click();
  await expect(page.getByText(`6 of 6 linked clones of ${PARENT}`)).toBeVisible();
  expect(await names(world)).toEqual(expect.arrayContaining(['Stop01', 'Stop04', 'Stop06']));
  await page.getByRole('button', { name: 'Deploy more' }).click();
  await page.getByLabel('Count').fill('1');
  await expect(page.getByRole('list', { name: 'Names' })).toHaveText('Stop07');
});
