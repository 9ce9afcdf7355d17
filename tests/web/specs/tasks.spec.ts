// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, test, type World } from '../world';

test.use({ kind: 'fleet' });

async function begin(world: World, operation: string, args: object): Promise<void> {
  const words = { operation, arguments: JSON.stringify(args) };
  await world.tell({ call: ['AerostatManager', 'AerostatManager', 'RunOperation_Task', words] });
}

async function create(world: World, name: string): Promise<void> {
  const spec = { name, memory_mb: 16, disks: [{ size_mb: 1 }], datastore: 'ds1', pager: false };
  await world.tell({ do: ['CreateVM', spec] });
}

/* Many clones one after the other: a task that is not done before it is cancelled. */
async function cloneMany(world: World, parent: string): Promise<void> {
  await create(world, parent);
  await world.tell({ do: ['CreateSnapshot', { vm: parent, name: 'base' }] });
  await begin(world, 'CloneVM', { vm: parent, count: 500, in_flight: 1 });
}

async function destroyAll(world: World, like: RegExp): Promise<void> {
  const vms = await world.tell<{ name: string; parent?: string }[]>({ do: ['ListVMs'] });
  // Clones go before what they stand on.
  const ours = vms.filter(({ name }) => like.test(name)).sort((a) => (a.parent ? -1 : 1));
  for (const { name } of ours) await world.tell({ do: ['DestroyVM', { vm: name }] });
}

test('what is done, by whom, how far it is; several cancelled at once', async ({
  page,
  world,
  signedIn,
  check,
  news,
}, info) => {
  await page.goto('#/tasks');
  const table = page.getByRole('grid', { name: 'tasks' });
  await expect(table.getByRole('row').nth(1)).toBeVisible();
  await check();
  const parents = ['a', 'b', 'c'].map((name) => `${name}-${info.project.name}`);
  for (const parent of parents) await cloneMany(world, parent);

  // They come by themselves, and say how far they are.
  await page.getByRole('searchbox', { name: 'Filter tasks' }).fill(`clone ${info.project.name}`);
  const rows = table.getByRole('row').filter({ hasText: 'Clone' });
  await expect(rows).toHaveCount(3);
  await expect(table.getByRole('progressbar')).toHaveCount(3);
  for (const row of await rows.all()) await expect(row).toContainText('root');
  await check();
  await picture(page, 'tasks');

  await rows
    .first()
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await expect(rows.first()).toContainText('cancelled');
  await expect(table.getByRole('progressbar')).toHaveCount(2);

  const together = page.getByRole('button', { name: /^Cancel (selected|\d+ tasks)$/ });
  await expect(together).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Select all tasks' }).check();
  await expect(together).toHaveText('Cancel 2 tasks');
  await together.click();
  await news('2 tasks were told to stop.');
  await expect(rows.filter({ hasText: 'cancelled' })).toHaveCount(3);
  await expect(together).toBeDisabled();
  await check();
  await destroyAll(world, new RegExp(`^[abc]-${info.project.name}`));
});

test('an error in words, whole when it is selected', async ({ page, world, signedIn, check }, info) => {
  const name = 'bare';
  await create(world, name);
  await begin(world, 'CloneVM', { vm: name, names: ['never'] });
  await page.goto('#/tasks');
  const row = page.getByRole('grid', { name: 'tasks' }).getByRole('row').filter({ hasText: name });
  const failed = row.filter({ hasText: 'failed' });
  await expect(failed).toContainText('no snapshot');
  await failed.getByText('failed').click();
  await expect(page.getByRole('alert')).toContainText('no snapshot');
  await check();
  await world.tell({ do: ['DestroyVM', { vm: name }] });
});
