// SPDX-License-Identifier: LGPL-2.1-or-later
/* From a host that nobody has used yet to a VM that runs. */
import type { Page } from '@playwright/test';

import { expect, picture, test } from '../world';

test.use({ kind: 'empty' });

const next = (page: Page) => page.getByRole('button', { name: 'Next' });
const step = (page: Page, name: string) => page.getByRole('heading', { level: 2, name, exact: true });

async function power(world: { run(...words: string[]): Promise<string> }, name: string): Promise<string> {
  const words = ['--filter', `name=${name}`, '--columns', 'power', '--no-header'];
  return (await world.run('vm', 'list', ...words)).trim();
}

test.describe.configure({ mode: 'serial' });

test('a host without VMs leads to one that runs', async ({ page, world, signedIn, check }) => {
  await page.goto('#/vms');
  await expect(page.getByText('There is no VM on this host yet.')).toBeVisible();
  await check();
  await page.goto('#/');
  await page.getByRole('link', { name: 'Make the first one' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'The first VM' })).toBeVisible();

  // There is no datastore: one is added.
  await expect(page.getByText('There is no datastore yet.')).toBeVisible();
  await expect(next(page)).toBeDisabled();
  await page.getByLabel('Name of the datastore').fill('a/b');
  await expect(page.getByRole('alert')).toHaveText('A name has no slash and no backslash.');
  await page.getByLabel('Name of the datastore').fill('ds1');
  await page.getByLabel('Folder on the host').fill('vms');
  await expect(page.getByRole('alert')).toContainText('from its root');
  await page.getByLabel('Folder on the host').fill(`${world.folder}/none`);
  await page.getByRole('button', { name: 'Add datastore' }).click();
  await expect(page.getByRole('alert')).toContainText('Add the datastore ds1: that did not work');
  await expect(page.getByLabel('Folder on the host')).toHaveValue(`${world.folder}/none`);
  await check();
  await page.getByLabel('Folder on the host').fill(world.folder);
  await page.getByRole('button', { name: 'Add datastore' }).click();
  await expect(page.getByRole('radio', { name: /^ds1 .*free of/ })).toBeChecked();
  await check();
  await next(page).click();

  await expect(step(page, 'Size')).toBeFocused();
  await page.getByLabel('Name', { exact: true }).fill('web1');
  await page.getByLabel('Memory in MB').fill('2');
  await expect(page.getByRole('alert')).toContainText('from 4 to');
  await expect(next(page)).toBeDisabled();
  await page.getByLabel('Memory in MB').fill('64');
  await page.getByLabel('Processors').fill('many');
  await expect(page.getByRole('alert')).toHaveText('A whole number from 1 to 256.');
  await page.getByLabel('Processors').fill('1');
  await check();
  await next(page).click();

  // More than there is room for.
  await page.getByLabel('Size in GB').fill('9000000');
  await expect(page.getByRole('alert')).toContainText(/^ds1 has room for .*, which is less than/);
  await expect(next(page)).toBeDisabled();
  await check();
  await page.getByLabel('Size in GB').fill('0.03125');
  await next(page).click();
  await expect(page.getByLabel('Port group')).toHaveValue('');
  await check();
  await next(page).click();

  // What was typed is there on the way back, also by the browser's.
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(step(page, 'Network')).toBeFocused();
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(step(page, 'Disk')).toBeFocused();
  await page.goBack();
  await expect(step(page, 'Network')).toBeFocused();
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByLabel('Size in GB')).toHaveValue('0.03125');
  await page.getByRole('link', { name: 'Size' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('web1');
  await page.goto('#/vms');
  await page.getByRole('link', { name: 'Make the first one' }).click();
  await page.getByRole('link', { name: 'Check' }).click();
  await expect(page.getByText('new, 32M, thin')).toBeVisible();
  await check();
  await picture(page, 'start');
  await page.getByRole('button', { name: 'Create and power on' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'web1' })).toBeVisible();
  await expect(page.locator('.vm-title .vm-state')).toHaveText('on');
  expect(await power(world, 'web1')).toBe('on');
});

test('names that are taken, images that are there', async ({ page, world, signedIn, check }) => {
  await world.tell({ image: ['setup.iso'] });
  await page.goto('#/start');
  await expect(page.getByRole('heading', { level: 1, name: 'A new VM' })).toBeVisible();
  await expect(page.getByRole('radio', { name: /^ds1/ })).toBeChecked();
  await next(page).click();
  await page.getByLabel('Name', { exact: true }).fill('web1');
  await expect(page.getByRole('alert')).toHaveText('There is a VM named web1. Type another name.');
  await expect(next(page)).toBeDisabled();
  await check();
  // An address does not pass what is wrong, and does not leap ahead when it is right.
  await page.goto('#/start?step=5');
  await expect(step(page, 'Size')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('web2');
  await page.getByLabel('Memory in MB').fill('64');
  await next(page).click();

  await page.getByRole('radio', { name: /^No disk/ }).check();
  await expect(page.getByRole('alert')).toContainText('starts from a disk or from an ISO image');
  await page.getByLabel('ISO image in its drive').selectOption('[ds1] setup.iso');
  await check();
  await page.getByRole('radio', { name: /^Disk image/ }).check();
  await expect(next(page)).toBeDisabled();
  // Another VM's: the server refuses it, and says why.
  await page.getByLabel('Image', { exact: true }).selectOption('[ds1] web1/web1.qcow2');
  await next(page).click();
  await next(page).click();
  await page.getByRole('button', { name: 'Create and power on' }).click();
  await expect(page.getByRole('alert')).toContainText('Create web2: that did not work');
  await check();
  expect(await power(world, 'web2')).toBe('');

  await world.tell({ image: ['old.qcow2'] });
  await page.getByRole('link', { name: 'Disk', exact: true }).click();
  await page.getByLabel('Image', { exact: true }).selectOption('[ds1] old.qcow2');
  await next(page).click();
  await next(page).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText('[ds1] setup.iso')).toBeVisible();
  await page.getByRole('button', { name: 'Create and power on' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'web2' })).toBeVisible();
  await expect(page.locator('.vm-title .vm-state')).toHaveText('on');
  await page.goto('#/vms');
  await expect(page.getByRole('row', { name: /web2/ })).toContainText('on');
});
