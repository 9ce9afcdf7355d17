// SPDX-License-Identifier: LGPL-2.1-or-later
/* Network cards of VMs, and clones with all that can be chosen for them. */
import type { Page } from '@playwright/test';

import { expect, test, type World } from '../world';

test.use({ kind: 'cards' });

interface Card {
  port_group: string;
  model: string;
  mac: string;
  connected: boolean;
}

/* The page may have heard of what a task did before the task has ended. */
const expectCards = (world: World, vm: string, cards: object[]) =>
  expect(async () => {
    expect(await world.tell<Card[]>({ do: ['ListCards', { vm }] })).toMatchObject(cards);
  }).toPass();

async function makeGroups(world: World): Promise<void> {
  const switches = await world.tell<{ name: string }[]>({ do: ['ListVirtualSwitches'] });
  if (switches.length > 0) return;
  await world.tell({ do: ['AddVirtualSwitch', { name: 'vSwitch1' }] });
  for (const [name, vlan] of [
    ['lab', 10],
    ['west', 20],
  ])
    await world.tell({ do: ['AddPortGroup', { name, switch: 'vSwitch1', vlan }] });
}

async function entry(page: Page, menu: RegExp, item: string): Promise<void> {
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('a card is added, moved to another port group, disconnected, removed', async ({
  page,
  world,
  signedIn,
  check,
}) => {
  await makeGroups(world);
  await page.goto('#/vms');
  await page.getByRole('link', { name: 'db1' }).click();
  await page.getByRole('tab', { name: 'Network' }).click();
  const cards = page.getByRole('region', { name: 'Network cards' });
  await expect(cards).toContainText('It has no network cards.');
  await page.getByRole('button', { name: 'Add card' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Port group').selectOption('lab');
  await dialog.getByLabel('MAC address').fill('52:54');
  await expect(dialog).toContainText('Like 52:54:00:12:34:56.');
  await dialog.getByLabel('MAC address').fill('52:54:00:aa:bb:cc');
  await check();
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(cards.getByRole('listitem')).toContainText('lab, 52:54:00:aa:bb:cc');
  await expectCards(world, 'db1', [{ port_group: 'lab', mac: '52:54:00:aa:bb:cc' }]);

  await entry(page, /^Actions on .* of db1$/, 'Change...');
  await dialog.getByLabel('Port group').selectOption('west');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(cards.getByRole('listitem')).toContainText('west, 52:54:00:aa:bb:cc');
  await expectCards(world, 'db1', [{ port_group: 'west', mac: '52:54:00:aa:bb:cc' }]);

  await expect(cards).toContainText(/(^|[^s])connected/);
  await entry(page, /^Actions on .* of db1$/, 'Change...');
  await dialog.getByLabel('Cable at power on').selectOption('Disconnected');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(cards.getByText('disconnected', { exact: true })).toBeVisible();
  await check();

  await entry(page, /^Actions on .* of db1$/, 'Remove...');
  await expect(dialog).toContainText('52:54:00:aa:bb:cc');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(cards).toContainText('It has no network cards.');
  await expectCards(world, 'db1', []);
});

test('full clones elsewhere, customized, on another port group, powered on', async ({
  page,
  world,
  signedIn,
  check,
}, info) => {
  await makeGroups(world);
  const [parent, folder, pool, spec, other] = ['gold', 'copies', 'fast', 'plain', 'ds2'].map(
    (word) => `${word}-${info.project.name}`,
  );
  await world.tell({ do: ['AddDatastore', { name: other, path: await world.tell({ room: [other] }) }] });
  await world.tell({ do: ['CreateFolder', { path: `/${folder}` }] });
  await world.run('pool', 'create', `/${pool}`);
  // A card for each address: one.
  const text = JSON.stringify({ cards: [{ address: '10.0.0.10-10.0.0.19/24' }] });
  await world.tell({ do: ['CreateCustomizationSpec', { name: spec, text }] });
  const made = { name: parent, memory_mb: 64, disks: [{ size_mb: 16 }], datastore: 'ds1', pager: false };
  await world.tell({ do: ['CreateVM', { ...made, cards: [{ port_group: 'lab' }] }] });

  await page.goto('#/deploy');
  await page.getByLabel('Parent').selectOption(parent!);
  await page.getByLabel('Full: copies of their own').check();
  await page.getByLabel('Name', { exact: true }).fill(`copy-${info.project.name}-#`);
  await page.getByLabel('Count').fill('2');
  await page.getByLabel('Folder').selectOption(`/${folder}`);
  await page.getByLabel('Resource pool').selectOption(`/${pool}`);
  const stores = page.getByLabel('Datastore');
  await stores.selectOption({ label: (await stores.getByText(other!).textContent())! });
  await page.getByLabel('Customization').selectOption(spec!);
  await page.getByLabel('Port group').selectOption('west');
  await page.getByLabel('Power on when they are made').check();
  await expect(page.locator('[data-check=server]')).toContainText('can be cloned');
  await check();
  await page.getByRole('button', { name: 'Deploy 2 VMs' }).click();
  await expect(page.getByText(`2 of 2 full clones of ${parent}`)).toBeVisible();

  const vms = await world.tell<Record<string, unknown>[]>({ do: ['ListVMs', { disks: true }] });
  const name = `copy-${info.project.name}-1`;
  expect(vms.find((vm) => vm.name === name)).toMatchObject({
    folder: `/${folder}`,
    datastore: other,
    linked: false,
    power: 'on',
  });
  await expectCards(world, name, [{ port_group: 'west' }]);
  expect(await world.run('vm', 'list', '--columns', 'name,pool')).toMatch(new RegExp(`${name} +/${pool}`));

  // The question before it, what if, is in the list of tasks, and says what it is.
  await page.goto('#/tasks');
  const tasks = page.getByRole('grid', { name: 'tasks' }).getByRole('row').filter({ hasText: parent! });
  await expect(tasks.filter({ hasText: 'Clone VM, what if' }).first()).toContainText('done');
  await expect(tasks.filter({ hasText: /Clone VM(?!, what if)/ })).toHaveCount(2);
  for (const number of [1, 2]) {
    const vm = `copy-${info.project.name}-${number}`;
    await world.tell({ do: ['PowerOffVM', { vm }] });
    await world.tell({ do: ['DestroyVM', { vm }] });
  }
});
