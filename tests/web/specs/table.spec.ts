// SPDX-License-Identifier: LGPL-2.1-or-later
/* The table of VMs, with a thousand of them: only the rows in sight are drawn, and the keys reach all. */
import { expect, test } from '../world';

test.use({ count: 1000 });

test('a thousand rows by keyboard: move, select, sort', async ({ page, signedIn, check }) => {
  await page.goto('#/vms');
  const grid = page.getByRole('grid').first();
  await expect(grid).toHaveAttribute('aria-rowcount', '1001');
  expect(await grid.getByRole('row').count()).toBeLessThan(120);

  await grid.focus();
  await page.keyboard.press('End');
  await expect(grid.getByRole('row').filter({ hasText: 'vm1000' })).toBeInViewport();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(grid.locator('[aria-selected=true]')).toHaveCount(3);
  await page.keyboard.press('Control+a');
  const all = page.getByRole('checkbox', { name: /^Select all/ });
  await expect(all).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(all).not.toBeChecked();
  await expect(grid.locator('[aria-selected=true]')).toHaveCount(0);
  await page.keyboard.press('Home');
  await expect(grid.getByRole('row').filter({ hasText: 'vm0001' })).toBeInViewport();

  const name = grid
    .getByRole('columnheader')
    .filter({ hasText: /^Name|^VM/ })
    .first();
  await name.getByRole('button').click();
  await expect(name).toHaveAttribute('aria-sort', 'ascending');
  await name.getByRole('button').click();
  await expect(name).toHaveAttribute('aria-sort', 'descending');
  await expect(grid.getByRole('row').nth(1)).toContainText('vm1000');
  await check();
});

test('of what changes in a round only that is taken over, and what is there no more goes', async ({
  page,
  signedIn,
}) => {
  let active = 1;
  let problem: string | undefined = 'It has one.';
  await page.route('**/QueryVmMemory', async (route) => {
    const answer = await route.fetch();
    const rows = (await answer.json()) as Record<string, unknown>[];
    const one = rows.find((row) => row.name === 'vm0002');
    Object.assign(one!, { activeBytes: active * 2 ** 20, problem });
    await route.fulfill({ response: answer, json: rows });
  });
  await page.goto('#/vms?filter=vm000');
  await page.getByRole('button', { name: 'Choose columns' }).click();
  const dialog = page.getByRole('dialog', { name: 'Columns' });
  await dialog.getByRole('checkbox', { name: /^Problem/ }).check();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const cell = (column: string) =>
    page.getByRole('row', { name: /vm0002/ }).locator(`[data-column=${column}]`);
  await expect(cell('problem')).toHaveText('It has one.');
  await expect(cell('tchd')).toHaveText('1.00');
  active = 2;
  problem = undefined;
  await expect(cell('tchd')).toHaveText('2.00');
  await expect(cell('problem')).toHaveText('');

  // Order, filter and sums follow the numbers too.
  const head = page.getByRole('columnheader', { name: 'TCHD' });
  await head.getByRole('button').click();
  await head.getByRole('button').click();
  await expect(page.locator('.table .line[data-index="0"]')).toContainText('vm0002');
  await page.getByLabel('Filter VMs').fill('vm000 tchd>=3');
  await expect(page.getByText('No VM is like that.')).toBeVisible();
  active = 3;
  await expect(cell('tchd')).toHaveText('3.00');
  await expect(page.locator('.totals')).toContainText(/active\s*3M/);
});

test('the first column stays in sight of a table that is scrolled sideways', async ({ page, signedIn }) => {
  await page.goto('#/vms');
  const grid = page.getByRole('grid', { name: 'VMs' });
  const name = grid.getByRole('row', { name: /vm0001/ }).locator('[data-column=name]');
  await expect(name).toBeInViewport();
  const left = (await name.boundingBox())!.x;
  await grid.evaluate((element) => element.scrollTo({ left: 200 }));
  if ((page.viewportSize()?.width ?? 0) < 600) {
    await expect.poll(async () => (await name.boundingBox())!.x).toBe(left - 200);
    return;
  }
  await expect.poll(() => grid.evaluate((element) => element.scrollLeft)).toBe(200);
  // Beside the boxes to select, which go.
  await expect.poll(async () => (await name.boundingBox())!.x).toBeGreaterThan(left - 50);
});
