// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, signIn, test } from '../world';
import { bytes } from '../figures';

test.use({ kind: 'guests' });

const FIGURES = [
  'managed',
  'free',
  'overhead',
  'state',
  'saved',
  'zipped',
  'balloon',
  'swapped',
  'overcommit',
];

test('every figure is that of aerostat top at that moment', async ({ page, world, signedIn, check }) => {
  const shown = () =>
    page.evaluate(
      (names) =>
        Object.fromEntries(
          names.map((name) => [
            name,
            document.querySelector(`[data-figure=${name}]`)?.firstChild?.textContent?.trim() ?? null,
          ]),
        ),
      FIGURES,
    );
  const said = async () => {
    const host = JSON.parse(await world.run('host', 'show', '--format', 'json'));
    const top = (await world.run('top', '--batch', '--count', '1')).trim().split('\n');
    const heads = top[0]!.split(',');
    const [, state, free] = top[1]!.split(',');
    const sum = (column: string) =>
      top.slice(1).reduce((total, line) => total + Number(line.split(',')[heads.indexOf(column)]), 0);
    return {
      managed: bytes(host.managed_bytes),
      free: bytes(Number(free)),
      overhead: bytes(sum('overhead_bytes')),
      state,
      saved: bytes(host.share.saved_bytes),
      zipped: bytes(sum('compressed_bytes')),
      balloon: bytes(sum('balloon_bytes')),
      swapped: bytes(sum('swapped_bytes')),
      overcommit: host.overcommit.map((each: number) => each.toFixed(2)).join(', '),
    };
  };
  await expect(page.locator('[data-figure=free]')).toBeVisible();
  // Rounds go on: what is on the page and what top says are of one round sooner or later.
  await expect(async () => {
    const [before, top, after] = [await shown(), await said(), await shown()];
    expect(top).toEqual(before);
    expect(top).toEqual(after);
  }).toPass();
  await check();
});

test('a change of state, with its cause, while one looks', async ({ page, world, signedIn, check }) => {
  const state = page.locator('[data-figure=state]');
  const changes = page.locator('.moments li');
  await expect(state).toHaveText('high');
  const host = JSON.parse(await world.run('host', 'show', '--format', 'json'));
  const used = Math.ceil((host.managed_bytes - host.free_bytes) / 2 ** 20);
  await world.run('setting', 'set', `Mem.HostMemoryMB=${used}`);
  try {
    // It may not last: the scheduler gets memory back.
    await expect(changes.filter({ hasText: 'was high: ' })).not.toHaveCount(0);
    await expect(page.getByRole('figure', { name: 'Memory in the last hour' })).toBeVisible();
    await check();
    await picture(page, 'host');
  } finally {
    await world.run('setting', 'set', 'Mem.HostMemoryMB=512');
  }
  await expect(state).toHaveText('high');
  await expect(changes.first().locator('.badge')).toHaveText('high');
});

test('six hours and a day back, with changes of state and their causes', async ({ page, world, check }) => {
  await world.tell({ past: [] });
  await signIn(page, world);
  const figure = (words: string) => page.getByRole('figure', { name: `Memory in the last ${words}` });
  // Beside those of now.
  const changes = page.locator('.moments li').filter({ hasText: '[past]' });
  const marks = page.getByRole('toolbar', { name: /Marks: Memory/ }).getByRole('button', { name: '[past]' });
  const tip = page.locator('.moment-tip');
  await expect(figure('hour')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Changes of state in the last hour' })).toBeVisible();
  await expect(changes).toHaveCount(0);
  await expect(marks).toHaveCount(0);

  await page.getByRole('button', { name: '6 hours' }).click();
  await expect(figure('6 hours')).toBeVisible();
  await expect(changes).toHaveText([/high.*was soft: 60 of 512 MB/, /soft.*was high: 20 of 512 MB/]);
  await expect(marks).toHaveCount(2);
  // What was measured: the first samples are those that were written.
  const plot = figure('6 hours').locator('.u-over');
  await plot.hover({ position: { x: 4, y: 20 } });
  await expect(figure('6 hours').locator('.legend')).toContainText('Guests300M');
  await expect(figure('6 hours').locator('.legend')).toContainText('Overhead20M');
  await expect(figure('6 hours').locator('.legend')).toContainText('Compressed30M');

  await marks.first().hover();
  await expect(tip).toContainText('soft was high: 20 of 512 MB are free');
  await page.getByRole('heading', { level: 1 }).hover();
  await expect(tip).toHaveCount(0);
  // By keys: one stop, and arrows.
  await marks.last().focus();
  await expect(tip).toContainText('high was soft');
  await page.keyboard.press('ArrowLeft');
  await expect(marks.first()).toBeFocused();
  await expect(tip).toContainText('soft was high');
  await check();
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);

  await page.getByRole('button', { name: 'day', exact: true }).click();
  await expect(figure('day')).toBeVisible();
  await expect(changes).toHaveCount(4);
  await expect(changes.last()).toContainText('web2 has taken 90 MB');
  await check();
  // The address says it.
  await page.reload();
  await expect(page.getByRole('button', { name: 'day', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(figure('day')).toBeVisible();
  await page.getByRole('button', { name: 'hour', exact: true }).click();
  await expect(figure('hour')).toBeVisible();
});

test('dark, too', async ({ page, signedIn, check }) => {
  await page.getByRole('button', { name: 'Use dark colours' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('figure', { name: 'Memory in the last hour' })).toBeVisible();
  await check();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
