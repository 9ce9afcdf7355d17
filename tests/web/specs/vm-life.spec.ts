// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is done to a VM that is aerostatd's own. */
import type { Page } from '@playwright/test';

import { expect, test } from '../world';

test.use({ kind: 'fleet' });

async function open(page: Page, name: string, tab: string): Promise<void> {
  await page.goto('#/vms');
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.getByRole('tab', { name: tab }).click();
}

async function entry(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('a question, answered on the page', async ({ page, world, signedIn, check, news }, info) => {
  const name = 'mail';
  await world.tell({ ask: [name] });
  await page.goto('#/vms');
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('question');
  await page.getByRole('link', { name }).click();
  const question = page.getByRole('status').filter({ hasText: `${name} waits for an answer` });
  await expect(question).toContainText('"small"');
  await check();
  await world.tell({ make_room: true });
  await question.getByRole('button', { name: 'Retry' }).click();
  await news(`${name} was told: Retry.`);
  await expect(question).toHaveCount(0);
  await expect(page.locator('.vm-title .vm-state')).toHaveText('on');

  // It goes, by typing its name.
  await entry(page, 'More', 'Power off');
  await page.getByRole('dialog').getByRole('button', { name: 'Power off' }).click();
  await expect(page.locator('.vm-title .vm-state')).toHaveText('off');
  await entry(page, 'More', 'Delete...');
  const dialog = page.getByRole('dialog', { name: `Delete ${name}?` });
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await dialog.getByLabel(/^Type/).fill(name);
  await check();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await news(`${name} deleted.`);
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0);
  expect(await world.run('vm', 'list')).not.toContain(name);
});

test('disks: made, grown, removed', async ({ page, world, signedIn, check }) => {
  await open(page, 'db1', 'Disks');
  const disks = page.getByRole('region', { name: 'Disks' });
  await expect(disks.getByRole('heading', { name: /Hard disk/ })).toHaveCount(2);
  await expect(disks).toContainText('independent');
  await page.getByRole('button', { name: 'Add disk' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Add' })).toBeDisabled();
  await dialog.getByLabel('Size in MB').fill('0');
  await expect(dialog).toContainText('A whole number from 1');
  await dialog.getByLabel('Size in MB').fill('16');
  await check();
  await dialog.getByRole('button', { name: 'Add' }).click();
  const third = disks
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Hard disk 3' }) });
  await expect(third).toContainText('16M');
  await entry(page, 'Actions on Hard disk 3 of db1', 'Edit...');
  await dialog.getByLabel('Size in MB').fill('8');
  await expect(dialog).toContainText('A whole number from 16');
  await dialog.getByLabel('Size in MB').fill('24');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(third).toContainText('24M');
  await entry(page, 'Actions on Hard disk 3 of db1', 'Remove...');
  await dialog.getByLabel('Delete the file, too').check();
  await dialog.getByRole('button', { name: 'Remove and delete' }).click();
  await expect(third).toHaveCount(0);
  expect(
    JSON.parse(await world.run('vm', 'show', 'db1', '--format', 'json')).hardware?.disks ?? [],
  ).not.toHaveLength(3);
});

test('snapshots: taken, shown as a tree, gone back to, removed', async ({ page, world, signedIn, check }) => {
  await open(page, 'db1', 'Snapshots');
  const section = page.getByRole('region', { name: 'Snapshots' });
  const dialog = page.getByRole('dialog');
  for (const name of ['before', 'after']) {
    await section.getByRole('button', { name: 'Take snapshot' }).click();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Take snapshot' }).click();
    await expect(section.getByText(name, { exact: true })).toBeVisible();
  }
  const before = section.getByRole('listitem').filter({ hasText: 'before' });
  await expect(before.getByRole('listitem')).toContainText('You are here');
  await check();
  await entry(page, 'Actions on snapshot before', 'Go back to it...');
  await dialog.getByRole('button', { name: 'Go back' }).click();
  await expect(before.getByRole('listitem')).not.toContainText('You are here');
  await entry(page, 'Actions on snapshot after', 'Rename...');
  await dialog.getByLabel('Name').fill('later');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(section.getByText('later', { exact: true })).toBeVisible();
  expect(JSON.stringify(await world.tell({ do: ['ListSnapshots', { vm: 'db1' }] }))).toContain('later');
  await entry(page, 'Actions on snapshot before', 'Remove...');
  await dialog.getByLabel(/below it/).check();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(section).toContainText('There are no snapshots.');
});

test('settings are checked before they are sent, and what the server refuses is said', async ({
  page,
  world,
  signedIn,
  check,
}) => {
  await open(page, 'db1', 'Settings');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Edit memory and processors' }).click();
  await dialog.getByLabel('Memory in MB').fill('3');
  await expect(dialog).toContainText('A whole number from 4');
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await dialog.getByLabel('Memory in MB').fill('132');
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeEnabled();
  await check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Memory and processors' })).toContainText('132M');
  await page.getByRole('button', { name: 'Edit reclaiming' }).click();
  await dialog.getByLabel('Page sharing').selectOption('FALSE');
  await dialog.getByLabel('Balloon, at most (MB)').fill('64');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Reclaiming' })).toContainText('64');
  // Somebody else changes it while the dialog is open: nothing of theirs is overwritten.
  await page.getByRole('button', { name: 'Edit name and notes' }).click();
  await dialog.getByLabel('Notes').fill('for the laboratory');
  await world.tell({ do: ['ReconfigVM', { vm: 'db1', cpus: 2 }] });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('was changed meanwhile');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Edit name and notes' }).click();
  await dialog.getByLabel('Notes').fill('for the laboratory');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Name and notes' })).toContainText('for the laboratory');
  await page.getByRole('button', { name: 'Edit other options' }).click();
  await dialog.getByLabel('Name').fill('aerostat.nothing');
  await dialog.getByLabel('Value').fill('1');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('There is no such setting');
  await page.keyboard.press('Escape');
});

test('attributes and events', async ({ page, world, signedIn, check }, info) => {
  const owner = `Owner ${info.project.name}`;
  await open(page, 'db1', 'Attributes');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New attribute' }).click();
  await dialog.getByLabel('Name').fill(owner);
  await dialog.getByRole('button', { name: 'Define' }).click();
  await expect(page.getByRole('region', { name: 'Custom attributes' })).toContainText(owner);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await dialog.getByLabel(owner).fill('the laboratory');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Custom attributes' })).toContainText('the laboratory');
  expect(await world.run('vm', 'list', '--columns', 'name,attributes')).toContain(`${owner}=the laboratory`);
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(page.getByRole('region', { name: 'Events' }).getByRole('listitem').last()).toContainText(
    'is created',
  );
  await check();
});

test('moved to a folder and to a pool, marked as a template and back', async ({
  page,
  world,
  signedIn,
  check,
  news,
}, info) => {
  const place = info.project.name;
  await world.tell({ do: ['CreateFolder', { path: `/${place}` }] });
  await world.run('pool', 'create', `/${place}`);
  await page.goto('#/vms');
  const row = page.getByRole('row', { name: /db1/ });
  const menu = async (item: string) => {
    await row.locator('[data-column=state]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
  };
  const dialog = page.getByRole('dialog');
  await menu('Move to folder...');
  await dialog.getByLabel('Folder').selectOption(`/${place}`);
  await check();
  await dialog.getByRole('button', { name: 'Move' }).click();
  await news(`db1 moved to /${place}.`);
  await menu('Move to pool...');
  await dialog.getByLabel('Resource pool').selectOption(`/${place}`);
  await dialog.getByRole('button', { name: 'Move' }).click();
  await page.getByLabel('Filter VMs').fill(`folder:/${place} pool:/${place}`);
  await expect(row).toBeVisible();
  expect(await world.run('vm', 'list', '--columns', 'name,folder')).toContain(`/${place}`);
  // Templates are in no pool.
  await page.getByLabel('Filter VMs').fill('db1');
  await menu('Mark as template');
  await expect(row).toContainText('template');
  await menu('Make it a VM again');
  await expect(row.locator('[data-column=state]')).toHaveText('off');
});
