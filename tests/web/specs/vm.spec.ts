// SPDX-License-Identifier: LGPL-2.1-or-later
import type { Page } from '@playwright/test';

import { bytes } from '../figures';
import { expect, picture, signIn, test } from '../world';

test.use({ kind: 'guests' });

async function open(page: Page, name: string): Promise<void> {
  await page.goto('#/vms');
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

const FIGURES: Record<string, string> = {
  private: 'private_bytes',
  shared: 'shared_bytes',
  compressed: 'compressed_bytes',
  'same value': 'same_bytes',
  swapped: 'swapped_bytes',
  consumed: 'consumed_bytes',
  target: 'target_bytes',
  active: 'active_bytes',
  overhead: 'overhead_bytes',
  reservation: 'reservation_bytes',
  'balloon at most': 'balloon_max_bytes',
  'balloon asked': 'balloon_target_bytes',
  'in swap file': 'swapped_bytes',
  cache: 'cache_bytes',
  'saved by sharing': 'saved_bytes',
};

test('where its memory is, as aerostat top says at that moment', async ({ page, world, signedIn, check }) => {
  await open(page, 'web1');
  await expect(page.getByRole('figure', { name: 'Where its memory was in the last hour' })).toBeVisible();
  await expect(page.locator('[data-figure=private]')).not.toHaveText('0');
  const shown = () =>
    page.evaluate(
      (names) =>
        Object.fromEntries(
          names.map((name) => [name, document.querySelector(`[data-figure="${name}"]`)?.textContent]),
        ),
      Object.keys(FIGURES),
    );
  const said = async () => {
    const [head = '', ...lines] = (await world.run('top', '--batch', '--count', '1')).trim().split('\n');
    const names = head.split(',');
    const values =
      lines.map((line) => line.split(',')).find((each) => each[names.indexOf('name')] === 'web1') ?? [];
    return Object.fromEntries(
      Object.entries(FIGURES).map(([name, member]) => [name, bytes(Number(values[names.indexOf(member)]))]),
    );
  };
  await expect(async () => {
    const [before, top, after] = [await shown(), await said(), await shown()];
    expect(before).toEqual(top);
    expect(after).toEqual(top);
  }).toPass();
  await check();
});

test('what is done elsewhere is seen here: a limit, and why memory goes', async ({
  page,
  world,
  signedIn,
}) => {
  await open(page, 'web2');
  await expect(page.locator('[data-figure=limit]')).toHaveText('none');
  await world.run('vm', 'set', 'web2', '--limit', '96M');
  try {
    await expect(page.locator('[data-figure=limit]')).toHaveText('96M');
    await expect(page.locator('[data-figure=target]')).toHaveText('96M');
    await expect(page.getByText('limit', { exact: true }).first()).toBeVisible();
    await picture(page, 'vm');
  } finally {
    await world.run('vm', 'set', 'web2', '--limit', 'none');
  }
  await expect(page.locator('[data-figure=limit]')).toHaveText('none');
});

test('where its memory was a day ago, and what happened to it', async ({ page, world, check }) => {
  await world.tell({ past: [] });
  await signIn(page, world);
  await open(page, 'web1');
  const figure = (words: string) =>
    page.getByRole('figure', { name: `Where its memory was in the last ${words}` });
  const moments = page.locator('.moments li').filter({ hasText: '[past]' });
  await expect(figure('hour')).toBeVisible();
  await expect(moments).toHaveCount(0);

  await page.getByRole('button', { name: 'day', exact: true }).click();
  await expect(figure('day')).toBeVisible();
  // A minute of reclaim after the other is one.
  await expect(moments).toHaveText([
    /host high/,
    /reclaim.*consumed 150/,
    /host soft/,
    /host high/,
    /resume.*goes on with 100 MB/,
    /stop.*host memory is low/,
    /host low/,
  ]);
  await figure('day')
    .locator('.u-over')
    .hover({ position: { x: 4, y: 20 } });
  await expect(figure('day').locator('.legend')).toContainText('private125M');
  await expect(figure('day').locator('.legend')).toContainText('swapped25M');
  await expect(figure('day').locator('.legend')).toContainText('target120M');
  await page.getByRole('button', { name: /: reclaim, host memory is soft/ }).focus();
  await expect(page.locator('.moment-tip')).toContainText('reclaim host memory is soft: target 120 MB');
  await check();

  await page.getByRole('button', { name: '6 hours' }).click();
  await expect(figure('6 hours')).toBeVisible();
  await expect(page.getByRole('figure', { name: 'Rates of the last 6 hours' })).toBeVisible();
  await expect(moments).toHaveCount(3);
  await check();
});

test('tabs are in the address, and reached by keys', async ({ page, signedIn, check }) => {
  await open(page, 'web1');
  await page.getByRole('tab', { name: 'Memory' }).focus();
  for (const name of ['Disks', 'Snapshots', 'Network', 'Attributes', 'Events', 'Settings']) {
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name })).toBeFocused();
    await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true');
    await check();
  }
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Settings' })).toHaveAttribute('aria-selected', 'true');
});

test('a VM that is not there says so', async ({ page, signedIn, check }) => {
  await page.goto('#/vm/vm-99999');
  await expect(page.getByText('This VM is not there')).toBeVisible();
  await check();
});
