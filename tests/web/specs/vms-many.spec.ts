// SPDX-License-Identifier: LGPL-2.1-or-later
import type { Page } from '@playwright/test';

import { expect, picture, test } from '../world';

test.use({ count: 1000 });

const rows = (page: Page) => page.locator('.table .line');
const count = (page: Page) => page.getByRole('grid', { name: 'VMs' }).getAttribute('aria-rowcount');
const names = (page: Page) => rows(page).locator('.vm-name').allTextContents();

async function filter(page: Page, text: string): Promise<void> {
  await page.getByLabel('Filter VMs').fill(text);
}

test.beforeEach(async ({ page, signedIn }) => {
  await page.goto('#/vms');
  await expect(page.getByRole('grid', { name: 'VMs' })).toHaveAttribute('aria-rowcount', '1001');
});

test('of a thousand VMs only those in sight are drawn', async ({ page, check }) => {
  expect(await rows(page).count()).toBeLessThan(80);
  const grid = page.getByRole('grid', { name: 'VMs' });
  await grid.focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('row', { name: /vm1000/ })).toBeInViewport();
  await expect(page.getByRole('row', { name: /vm0001/ })).toHaveCount(0);
  expect(await rows(page).count()).toBeLessThan(80);
  await check();
});

test('a filter in words', async ({ page, check }) => {
  const found = async (text: string, expected: number) => {
    await filter(page, text);
    await expect(page.getByRole('grid', { name: 'VMs' })).toHaveAttribute(
      'aria-rowcount',
      String(expected + 1),
    );
  };
  await found('vm000', 9);
  await found('vm000 -vm0003', 8);
  await found('vm*5', 100);
  await found('state:on', 1000);
  await found('state:off', 0);
  await found('pool:/ vm099', 10);
  await found('swcur>0', 0);
  await found('memsz<1g', 1000);
  await found('limit=none vm1000', 1);
  await filter(page, 'nonsense:1 vm1000');
  await expect(page.getByText('There is no column "nonsense"')).toBeVisible();
  expect(await count(page)).toBe('2');
  await filter(page, 'memsz>many');
  await expect(page.getByText('"many" is no size')).toBeVisible();
  await check();
  // It is in the address, so it is there again after a reload.
  await filter(page, 'vm000');
  await page.reload();
  await expect(page.getByRole('grid', { name: 'VMs' })).toHaveAttribute('aria-rowcount', '10');
});

test('all by keys', async ({ page, check }) => {
  await filter(page, 'vm000');
  await expect(page.getByRole('grid', { name: 'VMs' })).toHaveAttribute('aria-rowcount', '10');
  const grid = page.getByRole('grid', { name: 'VMs' });
  const selected = grid.locator('[aria-selected=true]');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(selected).toHaveCount(3);
  await expect(page.locator('.totals')).toContainText('3 VMs selected');
  await page.keyboard.press('Escape');
  await expect(selected).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await expect(selected).toHaveCount(9);
  await page.keyboard.press('Delete');
  // They run, and what runs is not deleted.
  await expect(page.getByRole('dialog')).toContainText('It runs; power it off first.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(selected).toHaveCount(0);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'vm0001' })).toBeVisible();
  await check();
});

test('by mouse: one, more with Ctrl, as far as here with Shift', async ({ page }) => {
  const selected = page.locator('.table [aria-selected=true]');
  const cell = (name: string) =>
    page.getByRole('row', { name: new RegExp(name) }).locator('[data-column=state]');
  await cell('vm0002').click();
  await cell('vm0005').click({ modifiers: ['Shift'] });
  await expect(selected).toHaveCount(4);
  await cell('vm0007').click({ modifiers: ['Control'] });
  await expect(selected).toHaveCount(5);
  await cell('vm0003').click({ modifiers: ['Control'] });
  await expect(selected).toHaveCount(4);
  await page.getByRole('checkbox', { name: 'Select vm0001' }).click();
  await expect(selected).toHaveCount(5);
});

test('columns and order are as they were chosen', async ({ page, check }) => {
  await page.getByRole('button', { name: 'Choose columns' }).click();
  const dialog = page.getByRole('dialog', { name: 'Columns' });
  await dialog.getByRole('button', { name: 'Allocation' }).click();
  await dialog.getByRole('checkbox', { name: /^PID/ }).check();
  await check();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const heads = page.getByRole('columnheader');
  const titles = [
    'Name',
    'State',
    'MEMSZ',
    'CNSM',
    'SZTGT',
    'Pool',
    'SHARES',
    'LEVEL',
    'RESV',
    'LIMIT',
    'PGLIM',
    'PID',
  ];
  await expect(heads.locator('button')).toHaveText(titles);
  await heads.getByRole('button', { name: 'Name' }).click();
  await heads.getByRole('button', { name: 'Name' }).click();
  await expect(rows(page).first()).toContainText('vm1000');
  await page.reload();
  await expect(heads.locator('button')).toHaveText(titles);
  await expect(rows(page).first()).toContainText('vm1000');
  expect((await names(page))[1]).toBe('vm0999');
});

test('the tree can be hidden; at 390 pixels it is a sheet', async ({ page, check }, info) => {
  if (info.project.name === 'narrow') {
    await page.getByRole('button', { name: 'All VMs' }).click();
    await page.getByRole('dialog').getByRole('treeitem', { name: /lab/ }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Folder /lab' })).toBeVisible();
  } else {
    await page.getByRole('treeitem', { name: /lab/ }).click();
    await expect(page.getByRole('region', { name: 'Folder /lab' })).toBeVisible();
  }
  await expect(page.getByText('No VM is like that.')).toBeVisible();
  await check();
  if (info.project.name === 'narrow') return;
  await page.getByRole('treeitem', { name: /lab/ }).click();
  await page.getByRole('button', { name: 'Hide folders and pools' }).click();
  await expect(page.getByRole('tree')).toHaveCount(0);
  await picture(page, 'vms-1000');
});
