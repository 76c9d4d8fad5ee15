/**
 * A backup saved in one browser is restored in another, by clicking and typing: the same address,
 * contacts and words; and a friend who is written to from there.
 * @time-limit 180
 */

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { startRelay } from '../support/relay-command.js';

const PASS = 'correct horse battery';

async function openBackup(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Backup', exact: true }).click();
}

const addressOf = async (page: Page) => {
  await page.getByRole('button', { name: 'My address' }).first().click();
  return (await page.locator('.address').first().textContent()) ?? '';
};

test('an address moves from Chromium to Firefox in a file, and back by its words', async () => {
  const { url, relay } = await startRelay();
  const [chromium, firefox] = await Promise.all([launchChromium(), launchFirefox()]);
  try {
    const inbox = new URL('/inbox', url).href;
    const ada = await (await chromium.newContext({ acceptDownloads: true })).newPage();
    await ada.goto(inbox);
    await openBackup(ada);
    await ada.getByLabel('Passphrase').fill(PASS);
    const [download] = await Promise.all([
      ada.waitForEvent('download'),
      ada.getByRole('button', { name: 'Save the file' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^pim-backup-\d{4}-\d\d-\d\d\.pim$/);
    const file = readFileSync(await download.path());
    assert.is(file.subarray(0, 4).toString(), 'PIMB');
    await ada.getByRole('button', { name: 'Show the words' }).click();
    await ada.locator('.secret li').nth(23).waitFor();
    const words = (await ada.locator('.secret').textContent()) ?? '';
    const address = await addressOf(ada);
    assert.match(address, /^pim1q[a-z0-9]{58}$/);

    const other = await (await firefox.newContext()).newPage();
    await other.goto(inbox);
    await other.getByRole('button', { name: 'I have a backup' }).click();
    const given = { name: 'my.pim', mimeType: 'application/octet-stream', buffer: file };
    await other.getByLabel('Backup file').setInputFiles(given);
    await other.getByLabel('Passphrase').fill('something else');
    await other.getByRole('button', { name: 'Open' }).click();
    await other.getByText('This passphrase does not open the file.').waitFor();
    await other.getByLabel('Passphrase').fill(PASS);
    await other.getByRole('button', { name: 'Open' }).click();
    assert.is(await other.locator('.address').first().textContent(), address);
    await other.getByRole('button', { name: 'Use it here' }).click();
    // Firefox has made an address of its own by then; it is asked about before it goes.
    await other.getByRole('button', { name: 'Replace what is here' }).click();
    await other.getByRole('button', { name: 'Replace what is here' }).click();
    await other.waitForEvent('load');
    assert.is(await addressOf(other), address);

    const third = await (await chromium.newContext()).newPage();
    await third.goto(inbox);
    await third.getByRole('button', { name: 'I have a backup' }).click();
    await third.getByLabel('Or your 24 words').fill(words);
    await third.getByRole('button', { name: 'Open' }).click();
    assert.is(await third.locator('.address').first().textContent(), address);
  } finally {
    await Promise.all([chromium.close(), firefox.close()]);
    relay.kill();
  }
});

test.run();
