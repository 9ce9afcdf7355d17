// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, signIn, test } from '../world';

test('options: search, check, set, and what the command line says then', async ({
  page,
  world,
  signedIn,
  check,
}) => {
  await page.goto('#/settings');
  const options = page.getByRole('region', { name: 'Host options' });
  const settings: { name: string; value: number; default: number; min: number; max: number }[] = JSON.parse(
    await world.run('setting', 'list', '--format', 'json'),
  );
  await expect(options.getByRole('listitem')).toHaveCount(settings.length);
  for (const setting of settings) {
    const item = options.getByRole('listitem').filter({ hasText: setting.name });
    await expect(item.filter({ hasText: `default ${setting.default}` })).not.toHaveCount(0);
  }
  await check();
  await picture(page, 'settings');

  await options.getByRole('searchbox').fill('Mem.IdleTax');
  await expect(options.getByRole('listitem').first()).toContainText('Mem.IdleTax');
  await page.getByRole('button', { name: 'Set Mem.IdleTax', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Set Mem.IdleTax' });
  const idleTax = settings.find((setting) => setting.name === 'Mem.IdleTax')!;
  const save = dialog.getByRole('button', { name: 'Save' });
  await expect(save).toBeDisabled();
  await dialog.getByLabel('Value').fill(String(idleTax.max + 1));
  await expect(dialog.getByRole('alert')).toHaveText(`From ${idleTax.min} to ${idleTax.max}.`);
  await expect(save).toBeDisabled();
  await check();
  await dialog.getByLabel('Value').fill('51');
  await dialog.getByLabel('Value').press('Enter');
  await expect(dialog).toBeHidden();
  await expect(options.getByRole('listitem').first()).toContainText('51');
  expect(JSON.parse(await world.run('setting', 'list', '--format', 'json'))).toContainEqual(
    expect.objectContaining({ name: 'Mem.IdleTax', value: 51 }),
  );

  await page.getByRole('button', { name: 'Set Mem.IdleTax', exact: true }).click();
  await dialog.getByRole('button', { name: 'Default' }).click();
  await save.click();
  await expect(options.getByRole('listitem').first()).toContainText(String(idleTax.default));
  await expect(options.getByText('changed')).toHaveCount(0);
});

test('users: add, change the role and the password, remove', async ({
  page,
  world,
  signedIn,
  check,
  browser,
}) => {
  const name = 'olga';
  await page.goto('#/settings?tab=users');
  const users = page.getByRole('grid', { name: 'users' });
  await expect(users.getByRole('row', { name: world.user })).toContainText('Administrator');
  await page.getByRole('button', { name: 'Add a user' }).click();
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Full name').fill('Olga P.');
  await page.getByLabel('Password').fill('secret word');
  await check();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const row = users.getByRole('row', { name });
  await expect(row).toContainText('Read-only');

  // Again: the server says why not, and the dialog stays.
  await page.getByRole('button', { name: 'Add a user' }).click();
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill('x');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('already');
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: `Change ${name}` }).click();
  await page.getByLabel('New password').fill('another word');
  await page.getByLabel('Role', { exact: true }).selectOption('Administrator');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('Administrator');
  expect(await world.run('account', 'list')).toMatch(new RegExp(`${name} +Admin`));
  await check();

  const theirs = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: `${world.url}/ui/` });
  await signIn(await theirs.newPage(), world, name, 'another word');
  await theirs.close();

  await page.getByRole('button', { name: `Remove ${name}` }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(row).toHaveCount(0);
  expect(await world.run('account', 'list')).not.toContain(name);
});

test('sessions: another one is seen and ended', async ({ page, world, signedIn, check, browser }) => {
  const name = 'ivan';
  await world.tell({ account: [name, 'secret word', 'ReadOnly'] });
  const theirs = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: `${world.url}/ui/` });
  const other = await theirs.newPage();
  await signIn(other, world, name, 'secret word');

  await page.goto('#/settings?tab=sessions');
  const sessions = page.getByRole('grid', { name: 'sessions' });
  await expect(sessions.getByText('(this one)')).toHaveCount(1);
  await expect(sessions.getByRole('row', { name })).toHaveCount(1);
  await check();
  await page.getByRole('button', { name: `End ${name}'s session` }).click();
  await page.getByRole('button', { name: 'End it' }).click();
  await expect(sessions.getByRole('row', { name })).toHaveCount(0);
  await expect(other.getByText('Your session has ended')).toBeVisible();
  await theirs.close();
});

test('who may only look is told so', async ({ page, world, check }) => {
  const name = 'reader';
  await world.tell({ account: [name, 'secret word', 'ReadOnly'] });
  await signIn(page, world, name, 'secret word');
  await page.goto('#/settings');
  await page.getByRole('button', { name: 'Set Mem.IdleTax', exact: true }).click();
  await page.getByLabel('Value').fill('52');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Ask an administrator');
  await check();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('tab', { name: 'Sessions' }).click();
  await expect(page.getByRole('alert')).toContainText('Ask an administrator');
});
