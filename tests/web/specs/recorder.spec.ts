// SPDX-License-Identifier: LGPL-2.1-or-later
import { readFile } from 'node:fs/promises';

import { expect, picture, test } from '../world';

test('records what is done, in three languages', async ({ page, signedIn, check, context, news }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('#/recorder');
  await expect(page.getByRole('heading', { name: 'Recorder' })).toBeVisible();
  await check();
  await page.getByRole('button', { name: 'Start recording' }).click();
  await expect(page.getByText('recording', { exact: true })).toBeVisible();

  // As any part of the page does it, in the page's session.
  const create = (name: string) =>
    page.evaluate(async (name) => {
      const api = '/sdk/vim25/7.0.0.0';
      const read = async (path: string) => (await fetch(`${api}/${path}`)).json();
      const { rootFolder } = await read('ServiceInstance/ServiceInstance/content');
      const [datacenter] = await read(`Folder/${rootFolder.value}/childEntity`);
      const { value } = await read(`Datacenter/${datacenter.value}/vmFolder`);
      const body = JSON.stringify({ name });
      await fetch(`${api}/Folder/${value}/CreateFolder`, { method: 'POST', body });
    }, name);
  const script = page.getByLabel('Recorded script');
  await create('first');
  await expect(script).toContainText("aerostat folder create '/first'");
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused: what you do now is left out.')).toBeVisible();
  await create('unseen');
  await page.getByRole('tab', { name: 'Python' }).click();
  await expect(script).toContainText('first');
  await expect(script).not.toContainText('unseen');
  await page.getByRole('button', { name: 'Go on' }).click();
  await create('third');
  await page.getByRole('tab', { name: 'PowerCLI' }).click();
  await expect(script).toContainText(/New-Folder[^]*first[^]*third/);
  await check();
  await picture(page, 'recorder');

  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('off', { exact: true })).toBeVisible();
  // It can be read, copied and kept after the end.
  await page.getByRole('tab', { name: 'Shell' }).click();
  await expect(script).toContainText("aerostat folder create '/third'");
  const text = (await script.textContent())!;
  await page.getByRole('button', { name: 'Copy' }).click();
  await news('The script is on the clipboard.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('recorded.sh');
  expect(await readFile((await (await download).path())!, 'utf8')).toBe(text);
});
