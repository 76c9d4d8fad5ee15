/**
 * A page that forbids everything it can: two people, one in Chromium and one in Firefox, go through
 * a whole acquaintance under the header that docs/widget.md gives, and the policy has nothing to
 * object to.
 * @time-limit 180
 */

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { startRelay } from '../support/relay-command.js';
import { html, serveSite } from '../support/site.js';

const DOCUMENT = new URL('../../docs/widget.md', import.meta.url);

/** The header as it is documented, with the relay of this test in the place of the example. */
function documentedPolicy(relay: URL): string {
  const block = /```\n(default-src 'none';[\s\S]*?)```/.exec(readFileSync(DOCUMENT, 'utf8'))?.[1];
  assert.ok(block, 'docs/widget.md gives no policy');
  return block
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll('https://relay.example', relay.origin)
    .replaceAll('wss://relay.example', `ws://${relay.host}`);
}

/** What the page's policy objected to so far. */
async function violations(page: Page): Promise<string[]> {
  const all = await page.evaluate(
    () => (globalThis as unknown as { objections: string[] }).objections,
  );
  // Browsers ask for it by themselves, on every page that names no other.
  return all.filter((each) => !each.includes('/favicon.ico'));
}

async function watched(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(() => {
    const objections: string[] = [];
    Object.assign(globalThis, { objections });
    addEventListener(
      'securitypolicyviolation',
      (event) =>
        objections.push(
          `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
        ),
      true,
    );
  });
  return page;
}

const write = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.keyboard.press('Enter');
};
const sees = (page: Page, text: string) =>
  page.getByRole('log').getByText(text, { exact: true }).first().waitFor();

const attributes = (path: string, address: string): string => {
  if (path === '/owner') return 'mode="page"';
  return `to="${address}"${path === '/de' ? ' lang="de"' : ''}`;
};

test('two people become friends and talk under the strictest policy there is', async () => {
  const { url, relay } = await startRelay();
  const server = new URL(url);
  const policy = documentedPolicy(server);
  assert.match(
    policy,
    /style-src 'none'.*require-trusted-types-for 'script'; trusted-types 'none'/,
  );
  const header = { 'content-security-policy': policy };
  const script = `<script type="module" src="${server.origin}/pim-chat.js"></script>`;
  let address = '';
  const site = await serveSite((path) =>
    html(`${script}<pim-chat ${attributes(path, address)}>`, header),
  );
  const browsers: Browser[] = [];
  try {
    browsers.push(await launchChromium(), await launchFirefox());
    const [owner, visitor] = (await Promise.all(browsers.map(watched))) as [Page, Page];
    await owner.goto(`${site.origin}/owner`);
    await owner.getByRole('button', { name: 'My address' }).first().click();
    await owner.getByRole('img', { name: 'QR code of my link' }).locator('path').waitFor();
    address = (await owner.locator('code.address').textContent()) ?? '';
    assert.match(address, /^pim1q[a-z0-9]{58}$/);

    await visitor.goto(site.origin);
    await visitor.getByRole('button', { name: 'Open chat' }).click();
    await visitor.getByRole('textbox', { name: 'Your name, if you like' }).fill('Grace');
    await write(visitor, 'May I ask you something?');
    await owner.getByRole('button', { name: /Grace/ }).click();
    await owner.getByRole('button', { name: 'Accept' }).click();
    await sees(owner, 'May I ask you something?');
    const long = `A link, https://looms.example/cards, and ${'a long line. '.repeat(40)}`.trim();
    await owner.getByRole('textbox', { name: 'Your message' }).fill(long);
    await owner.keyboard.press('Enter');
    await visitor.getByRole('link', { name: 'https://looms.example/cards' }).waitFor();
    await write(visitor, '🎉');
    await sees(owner, '🎉');

    // The rest of the inbox: about the person, settings, a backup handed over as a blob.
    await owner.getByRole('button', { name: 'About this chat' }).click();
    await owner.getByText('Safety number').waitFor();
    await owner.getByRole('button', { name: 'Settings' }).click();
    await owner.getByRole('button', { name: 'Backup', exact: true }).click();
    await owner.getByRole('textbox', { name: 'Passphrase' }).fill('a sentence to remember');
    const [file] = await Promise.all([
      owner.waitForEvent('download'),
      owner.getByRole('button', { name: 'Save the file' }).click(),
    ]);
    assert.match(file.suggestedFilename(), /^pim-backup-.*\.pim$/);
    await owner.getByRole('button', { name: 'Show the words' }).click();
    await owner.locator('.secret li').nth(23).waitFor();

    // And in another language, whose words are fetched.
    assert.equal(await violations(visitor), []);
    await visitor.goto(`${site.origin}/de`);
    await visitor.getByRole('button', { name: 'Chat öffnen' }).click();
    await visitor.getByRole('textbox', { name: 'Deine Nachricht' }).waitFor();

    for (const page of [owner, visitor]) {
      assert.equal(await violations(page), []);
      assert.ok(await page.evaluate(() => 'trustedTypes' in globalThis), 'no trusted types');
      // The policy is there, and somebody listens to it.
      await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
      await page.waitForFunction(
        () => (globalThis as unknown as { objections: string[] }).objections.length > 0,
      );
    }
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    site.close();
    relay.removeAllListeners('exit');
    relay.kill();
  }
});

test.run();
