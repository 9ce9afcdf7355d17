// SPDX-License-Identifier: LGPL-2.1-or-later
import type { Page } from '@playwright/test';

import { expect, picture, signIn, test, type World } from '../world';

test.use({ kind: 'fleet' });

async function open(page: Page, world: World, name: string, query = ''): Promise<void> {
  await page.goto('#/vms');
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.goto(`${page.url().split('?')[0]}/console${query}`);
  await expect(page.getByRole('heading', { level: 1, name: `Console of ${name}` })).toBeVisible();
}

const status = (page: Page, words: string) =>
  page.getByRole('status').filter({ hasText: new RegExp(`^${words}$`) });

/* Who opens the serial port while it is open; a terminal as guests' login programs make it. */
async function listen(world: World, name: string): Promise<void> {
  const script =
    '(exec </dev/ttyS0 >/dev/ttyS0; stty sane; echo listening; while read line; do echo heard: $line; done)';
  await world.tell({ guest: [name, 'shell', `${script} >/dev/null 2>&1 &`] });
}

test('the display of a VM that boots from disk', async ({ page, world, signedIn, check }, info) => {
  const name = `screen-${info.project.name}`;
  await world.tell({
    do: [
      'CreateVM',
      {
        name,
        memory_mb: 64,
        disks: [{ size_mb: 1 }],
        datastore: 'ds1',
        pager: false,
      },
    ],
  });
  await open(page, world, name);
  await expect(page.getByText(`${name} is off.`)).toBeVisible();
  await check();
  await page.getByRole('button', { name: 'Power on' }).click();

  await expect(status(page, 'Connected')).toBeVisible();
  const canvas = page.getByRole('application', { name: `Display of ${name}` });
  // The guest's own size, and as large as there is room for.
  await expect.poll(() => canvas.evaluate((each: HTMLCanvasElement) => each.width)).toBeGreaterThan(600);
  await expect(async () => {
    const shown = await canvas.boundingBox();
    const place = await page.locator('.console-place').boundingBox();
    expect(shown!.width).toBeGreaterThan(100);
    expect(shown!.width).toBeLessThanOrEqual(place!.width + 1);
    expect(shown!.height).toBeLessThanOrEqual(place!.height + 1);
  }).toPass();
  // Its BIOS has written something.
  await expect
    .poll(() =>
      canvas.evaluate((each: HTMLCanvasElement) => {
        const { data } = each.getContext('2d')!.getImageData(0, 0, each.width, each.height);
        return data.some((value, at) => at % 4 !== 3 && value > 100);
      }),
    )
    .toBe(true);
  await check();
  await picture(page, 'console');

  // The keyboard comes back from the guest.
  await canvas.focus();
  await page.keyboard.press('Shift+F6');
  await expect(page.getByRole('button', { name: 'Ctrl-Alt-Del' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await expect(status(page, 'Connected')).toBeVisible();

  await page.getByRole('button', { name: 'Paste text' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Text').fill('für');
  await expect(dialog.getByRole('alert')).toContainText('No key of a US keyboard types ü');
  await expect(dialog.getByRole('button', { name: 'Type it' })).toBeDisabled();
  await check();
  await dialog.getByLabel('Text').fill('Root: "1"\n');
  await dialog.getByRole('button', { name: 'Type it' }).click();
  await expect(dialog).toHaveCount(0);

  await page.getByRole('button', { name: 'Full screen' }).click();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement?.className)).toBe('console-frame');
  await page.evaluate(() => document.exitFullscreen());

  await world.tell({ do: ['PowerOffVM', { vm: name }] });
  await expect(page.getByText(`${name} is off.`)).toBeVisible();
  await world.tell({ do: ['DestroyVM', { vm: name }] });
  await expect(page.getByText('This VM is not there')).toBeVisible();
});

test('the serial port: what is typed is heard by the guest', async ({
  page,
  context,
  world,
  signedIn,
  check,
}, info) => {
  const name = `serial-${info.project.name}`;
  await world.tell({ boot: [name] });
  await open(page, world, name);
  // It boots a kernel, and has no display.
  await expect(page.getByRole('alert')).toContainText('virsh edit');
  await check();
  await page.getByRole('tab', { name: 'Serial port' }).click();
  await expect(status(page, 'Connected')).toBeVisible();
  const rows = page.locator('.xterm-rows');
  await listen(world, name);
  await expect(rows).toContainText('listening');

  await expect(page.getByRole('textbox', { name: `Serial console of ${name}` })).toBeFocused();
  await page.keyboard.type('good morning\n');
  await expect(rows).toContainText('heard: good morning');
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByRole('dialog').getByLabel('Text').fill('first\nsecond ü\n');
  await page.getByRole('button', { name: 'Type it' }).click();
  await expect(rows).toContainText('heard: first');
  await expect(rows).toContainText('heard: second ü');

  await check();
  await picture(page, 'console-serial');

  // Somebody else has it then, and it is said who.
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(status(other, 'Connected')).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('opened somewhere else');
  await check();
  await other.close();
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await expect(status(page, 'Connected')).toBeVisible();
  await page.keyboard.type('again\n');
  await expect(rows).toContainText('heard: again');

  // Colours of all kinds, without a style that the policy forbids.
  const colours = "printf '\\033[31mred\\033[0m \\033[38;2;10;200;30mgreen\\033[0m\\n' >/dev/ttyS0";
  await world.tell({ guest: [name, 'shell', colours] });
  const colour = (text: string) =>
    rows
      .getByText(text, { exact: true })
      .last()
      .evaluate((each) => getComputedStyle(each).color);
  await expect.poll(() => colour('green')).toBe('rgb(10, 200, 30)');
  const [red = 0, , blue = 0] = (await colour('red')).match(/\d+/g)!.map(Number);
  expect(red).toBeGreaterThan(blue + 50);
  // Whatever colours a guest chooses, they can be read.
  const hard =
    "printf '\\033[30mblack\\033[0m \\033[34mblue\\033[0m \\033[31;41mred on red\\033[0m\\n' >/dev/ttyS0";
  await world.tell({ guest: [name, 'shell', hard] });
  await expect(rows).toContainText('red on red');
  await check();

  await world.tell({ do: ['PowerOffVM', { vm: name }] });
  await expect(page.getByText(`${name} is off.`)).toBeVisible();
  await world.tell({ do: ['DestroyVM', { vm: name }] });
});

test('keys reach the guest, Ctrl-Alt-Del among them', async ({ page, world, signedIn }, info) => {
  const name = `keys-${info.project.name}`;
  await world.tell({ typewriter: [name] });
  const said = () => world.tell<string>({ said: [name] });
  await world.tell({ do: ['PowerOnVM', { vm: name }] });
  await open(page, world, name);
  await expect(status(page, 'Connected')).toBeVisible();
  await expect.poll(said).toBe('>');
  const canvas = page.getByRole('application', { name: `Display of ${name}` });
  await canvas.focus();
  // A guest's keyboard holds few keys that it has not read yet.
  for (const letter of 'good day 1') {
    const before = await said();
    await page.keyboard.type(letter);
    await expect.poll(said).toBe(before + letter);
  }
  expect(await said()).toBe('>good day 1');
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByRole('dialog').getByLabel('Text').fill(' & "More"');
  await page.getByRole('button', { name: 'Type it' }).click();
  await expect.poll(said).toBe('>good day 1 & "More"');
  // It begins anew.
  await page.getByRole('button', { name: 'Ctrl-Alt-Del' }).click();
  await expect.poll(said).toBe('>good day 1 & "More">');
  await world.tell({ do: ['PowerOffVM', { vm: name }] });
  await world.tell({ do: ['DestroyVM', { vm: name }] });
});

test('who may not, is told what is missing', async ({ page, world }, info) => {
  const name = `closed-${info.project.name}`;
  await world.tell({
    do: [
      'CreateVM',
      {
        name,
        memory_mb: 64,
        disks: [{ size_mb: 1 }],
        datastore: 'ds1',
        pager: false,
      },
    ],
  });
  await world.tell({ do: ['PowerOnVM', { vm: name }] });
  await world.tell({ account: ['olga', 'secret', 'ReadOnly'] });
  await signIn(page, world, 'olga', 'secret');
  await open(page, world, name);
  await expect(page.getByRole('alert')).toContainText('VirtualMachine.Interact.ConsoleInteract');
  await expect(page.getByRole('alert')).toContainText('Ask an administrator');
  await expect(page.getByRole('button', { name: 'Paste text' })).toBeDisabled();
  await world.tell({ do: ['PowerOffVM', { vm: name }] });
  await world.tell({ do: ['DestroyVM', { vm: name }] });
});
