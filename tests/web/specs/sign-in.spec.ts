// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, signIn, test } from '../world';

test('a wrong password says what to do', async ({ page, world, check }) => {
  await page.goto('/ui/');
  await check();
  await picture(page, 'login');
  await page.getByLabel('User name').fill(world.user);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('Check the user name and the password');
  await expect(page.getByLabel('Password')).toHaveValue('');
  await check();
});

test('the right one, kept over a reload, until signing out', async ({ page, world }) => {
  await signIn(page, world);
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await page.getByRole('button', { name: `Signed in as ${world.user}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
