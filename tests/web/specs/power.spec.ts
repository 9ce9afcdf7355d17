// SPDX-License-Identifier: LGPL-2.1-or-later
/* Power of many VMs at a time. */
import { expect, test } from '../world';

test.use({ kind: 'fleet' });

test('many are powered on and off, as tasks that others see', async ({
  page,
  world,
  signedIn,
  check,
  news,
}, info) => {
  const narrow = info.project.name === 'narrow';
  const names = [1, 2, 3, 4].map((number) => `many${number}`);
  for (const name of names) {
    const spec = { name, memory_mb: 16, disks: [{ size_mb: 1 }], datastore: 'ds1', pager: false };
    await world.tell({ do: ['CreateVM', spec] });
  }
  await page.goto('#/vms?filter=many');
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
  await expect(row('many4')).toContainText('off');
  await page.getByRole('checkbox', { name: 'Select all VMs' }).check();
  const act = async (item: string) => {
    const menu = narrow ? /^Actions on \d/ : /^More$/;
    await page.getByRole('button', { name: menu }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  if (narrow) await act('Power on');
  else await page.getByRole('button', { name: 'Power on' }).click();
  for (const name of names) await expect(row(name).locator('.vm-state')).toHaveText('on');
  await news('4 VMs powered on.');

  // What would be lost is said first, of how many; nothing is done when that is not meant.
  await act('Power off');
  const dialog = page.getByRole('dialog', { name: 'Power off 4 VMs?' });
  await expect(dialog.getByRole('listitem')).toHaveText(names);
  await expect(dialog).toContainText('is lost');
  await check();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(row('many1').locator('.vm-state')).toHaveText('on');
  // To those that it can be done to.
  await world.tell({ do: ['PowerOffVM', { vm: 'many2' }] });
  await expect(row('many2').locator('.vm-state')).toHaveText('off');
  await act('Power off (3 of 4)');
  const three = page.getByRole('dialog', { name: 'Power off 3 VMs?' });
  await expect(three.getByRole('listitem')).toHaveText(['many1', 'many3', 'many4']);
  await three.getByRole('button', { name: 'Power off' }).click();
  for (const name of names) await expect(row(name).locator('.vm-state')).toHaveText('off');

  // One that fails does not keep the others; its error stays, over nothing.
  await world.tell({ do: ['PowerOnVM', { vm: 'many1' }] });
  await expect(row('many1').locator('.vm-state')).toHaveText('on');
  if (narrow) await act('Shut down guest (1 of 4)');
  else await page.getByRole('button', { name: 'Shut down guest' }).click();
  await expect(page.getByRole('region', { name: 'News' }).getByRole('alert')).toContainText('many1');
  await check();
  if (narrow) {
    // At one moment: news goes.
    const places = await page.evaluate(() =>
      ['main', '.toasts', 'nav[aria-label=Main]'].map((which) => {
        const { top, bottom } = document.querySelector(which)!.getBoundingClientRect();
        return { top, bottom };
      }),
    );
    expect(places[0]!.bottom).toBeLessThanOrEqual(places[1]!.top + 1);
    expect(places[1]!.bottom).toBeLessThanOrEqual(places[2]!.top + 1);
  }

  await page.goto('#/tasks');
  await page.getByRole('searchbox', { name: 'Filter tasks' }).fill('power many done');
  const tasks = page.getByRole('grid', { name: 'tasks' }).getByRole('row');
  // Four on and three off here, one off and one on elsewhere, and the heads.
  await expect(tasks).toHaveCount(10);
  await check();
  await world.tell({ do: ['PowerOffVM', { vm: 'many1' }] });
  for (const name of names) await world.tell({ do: ['DestroyVM', { vm: name }] });
});
