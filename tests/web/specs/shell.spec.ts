// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, test } from '../world';

test('a lost connection is shown, and its return', async ({ page, world, signedIn, check }) => {
  await expect(page.locator('[data-figure=free]')).toBeVisible();
  await world.tell({ stop: true });
  try {
    await expect(page.getByText('Connection lost, trying again')).toBeVisible();
    // What was there stays.
    await expect(page.locator('[data-figure=free]')).toBeVisible();
    await check();
  } finally {
    await world.tell({ start: true });
  }
  // A daemon that was started again knows no sessions.
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await page.getByLabel('User name').fill(world.user);
  await page.getByLabel('Password').fill(world.password);
  await page.getByLabel('Password').press('Enter');
  await expect(page.locator('[data-figure=free]')).toBeVisible();
  await expect(page.getByText('Connection lost')).toBeHidden();
});

test('a page that is loaded while nobody answers comes by itself later', async ({
  page,
  world,
  signedIn,
}) => {
  await page.route('**/sdk/**', (route) => route.abort());
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('The server does not answer');
  await page.unroute('**/sdk/**');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
});

test('the stream breaks off, and goes on', async ({ page, world, signedIn, check }) => {
  await expect(page.locator('[data-figure=free]')).toBeVisible();
  let attempts = 0;
  await page.route('**/PropertyCollector/*/updates', (route) => {
    attempts++;
    return route.abort();
  });
  await page.reload();
  await expect(page.getByText('Connection lost, trying again')).toBeVisible();
  await check();
  const before = attempts;
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect.poll(() => attempts).toBeGreaterThan(before);
  await page.unroute('**/PropertyCollector/*/updates');
  await expect(page.getByText('Connection lost')).toBeHidden();
  await page.getByRole('combobox', { name: 'Search' }).fill(world.vms[0]!);
  await expect(page.getByRole('option')).toHaveCount(1);
});

test('a session that is ended elsewhere leads to the sign-in', async ({ page, world, signedIn }) => {
  await expect(page.locator('[data-figure=free]')).toBeVisible();
  const key = await page.evaluate(async () => {
    const path = '/sdk/vim25/7.0.0.0/SessionManager/SessionManager/currentSession';
    return (await (await fetch(path)).json()).key as string;
  });
  await world.tell({ call: ['SessionManager', 'SessionManager', 'TerminateSession', { sessionId: [key] }] });
  await expect(page.getByText('Your session has ended')).toBeVisible();
});

test('everything by keyboard', async ({ page, world, signedIn }) => {
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  await expect(page.locator('[data-figure=free]')).toBeVisible();
  // The first stop leads past the header.
  await page.keyboard.press('Tab');
  expect(await focused()).toBe("Go to the page's content");
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  // Each control of the frame is reached, and each shows that it is.
  await page.getByRole('link', { name: "Go to the page's content" }).focus();
  const wanted = new Set(['Host', 'VMs', 'Networks', 'Recorder', 'Settings']);
  for (let i = 0; i < 30 && wanted.size > 0; i++) {
    await page.keyboard.press('Tab');
    wanted.delete(await focused());
    expect(
      await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle),
    ).not.toBe('none');
  }
  expect([...wanted]).toEqual([]);

  await page.keyboard.press('/');
  await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
  await page.keyboard.type('sett');
  await expect(page.getByRole('option', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();

  await page.getByRole('button', { name: 'Signed in as' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Signed in as' })).toBeFocused();

  await page.getByRole('button', { name: 'Tasks' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Close tasks' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Tasks', exact: true })).toBeFocused();
});

test('tasks of others are seen, without loading again', async ({ page, world, signedIn, check }) => {
  await page.getByRole('button', { name: 'Tasks', exact: true }).click();
  const drawer = page.getByRole('complementary', { name: 'Tasks' });
  await expect(drawer).toBeVisible();
  const before = await drawer.getByRole('listitem').count();
  await world.tell({ do: ['CreateFolder', { path: '/to-go' }] });
  await world.tell({ do: ['DestroyFolderTree', { path: '/to-go', vms: 'unregister' }] });
  await expect.poll(() => drawer.getByRole('listitem').count()).toBeGreaterThan(before);
  await check();
});

test("colours are the system's, until the switch says otherwise", async ({ page, signedIn }) => {
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Use light colours' }).click();
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'light');
});

test('an address that there is not', async ({ page, signedIn, check }) => {
  await page.goto('#/nowhere');
  await expect(page.getByText('There is no such page.')).toBeVisible();
  await check();
});

test('a page that cannot be loaded says so, and comes when it is tried again', async ({
  page,
  signedIn,
  check,
}) => {
  let broken = true;
  await page.route('**/assets/*.js', (route) => (broken ? route.abort() : route.continue()));
  await page.getByRole('link', { name: 'Networks' }).click();
  await expect(page.getByRole('alert')).toContainText('This page could not be loaded');
  await check();
  // The rest is as it was.
  await page.getByRole('link', { name: 'Host', exact: true }).click();
  await expect(page.locator('[data-figure=free]')).toBeVisible();
  await page.getByRole('link', { name: 'Networks' }).click();
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  broken = false;
  await again.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Networks' })).toBeVisible();
});

test('figures that their worker cannot bring are said to be missing', async ({ page, signedIn }) => {
  await page.route('**/assets/figures-worker-*.js', (route) => route.abort());
  await page.goto('#/vms');
  await expect(page.getByRole('alert')).toContainText('A part of this page could not be loaded');
});

test('the allocation of a VM and of a pool, from the page of VMs', async ({ page, signedIn }, info) => {
  await page.goto('#/vms');
  await page.getByRole('row', { name: /vm0003/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Allocation...' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /vm0003/ })).toBeVisible();
  await page.goto('#/vms');
  if (info.project.name === 'narrow') await page.getByRole('button', { name: 'All VMs' }).click();
  await page.getByRole('treeitem', { name: 'All pools' }).click();
  await page.getByRole('link', { name: 'Allocation of the pool' }).click();
  await expect(page).toHaveURL(/allocation\/pool\//);
});
