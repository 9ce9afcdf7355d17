// SPDX-License-Identifier: LGPL-2.1-or-later
import { expect, picture, test } from '../world';

test.use({ kind: 'networks' });
// The second goes on with what the first has made.
test.describe.configure({ mode: 'serial' });

test('the table of VLANs is edited as a table', async ({ page, world, signedIn, check, news }) => {
  await page.goto('#/networks');
  await expect(page.getByText('There are no switches.')).toBeVisible();
  await check();
  await expect(page.getByRole('button', { name: 'Add port group' })).toBeDisabled();
  await page.getByRole('button', { name: 'Add switch' }).click();
  await page.getByLabel('Name', { exact: true }).fill('a switch');
  await expect(page.getByRole('alert')).toContainText('15 at most');
  await page.getByLabel('Name', { exact: true }).fill('vSwitch1');
  await check();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Switches' })).toContainText('vSwitch1');

  await page.getByRole('button', { name: 'Add port group' }).click();
  const apply = page.getByRole('button', { name: /^Apply/ });
  await page.getByLabel('Name of new port group').fill('lab');
  await page.getByLabel('VLAN of lab').fill('5000');
  await expect(page.getByText('A VLAN is a number from 0')).toBeVisible();
  await expect(apply).toBeDisabled();
  await page.getByLabel('VLAN of lab').fill('10');

  // A spreadsheet's cells, pasted into a field.
  await page.getByRole('button', { name: 'Add port group' }).click();
  await page.getByLabel('Name of new port group').evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', 'Name\tVLAN\tSwitch\nwest\t20\tvSwitch1\neast\t21\n');
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(page.getByLabel('VLAN of east')).toHaveValue('21');
  await page.getByLabel('VLAN of east').press('ArrowUp');
  await expect(page.getByLabel('VLAN of west')).toBeFocused();
  await apply.click();
  await expect(page.getByRole('dialog')).toContainText('Add west: VLAN 20 on vSwitch1');
  await check();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
  await news('3 changes applied.');
  const table = () => world.run('portgroup', 'list');
  expect(await table()).toMatch(/east +vSwitch1 +21|east.*21/);
  await picture(page, 'networks');

  await page.getByLabel('VLAN of lab').fill('11');
  await page.getByLabel('VLAN of east').fill('22');
  await page.getByRole('button', { name: 'Remove west' }).click();
  await expect(page.getByLabel('Name of west')).toBeDisabled();
  await apply.click();
  await expect(page.getByRole('dialog')).toContainText('Change lab: VLAN 10 to VLAN 11');
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
  await news('3 changes applied.');
  await expect(page.getByLabel(/^Name of/)).toHaveCount(2);
  const rows = await table();
  expect(rows).toMatch(/lab.*11/);
  expect(rows).toMatch(/east.*22/);
  expect(rows).not.toContain('west');
  await check();
});

test('what others change is seen, and does not take away what is typed', async ({
  page,
  world,
  signedIn,
}) => {
  await page.goto('#/networks');
  await page.getByLabel('VLAN of lab').fill('12');
  await world.run('portgroup', 'create', 'others', '--switch', 'vSwitch1', '--vlan', '30');
  await expect(page.getByRole('region', { name: 'Switches' })).toContainText('3 port groups');
  await expect(page.getByLabel('VLAN of lab')).toHaveValue('12');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByLabel('VLAN of others')).toHaveValue('30');
});
