/**
 * Pages that forbid everything they can. Every page that a test opens comes under the policy of
 * docs/widget.md (test/support/policy.ts), and a violation fails the test it happens in: here, that
 * this is so; and two people, one in Chromium and one in Firefox, who go through a whole acquaintance,
 * with parts of the chat that no other test fetches.
 * @time-limit 180
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { takeObjections } from '../support/objections.js';
import { BEYOND, isDocumented, isStrict, policyFor } from '../support/policy.js';
import { startRelay } from '../support/relay-command.js';
import { html, type SiteServer, serveSite } from '../support/site.js';

/** Milliseconds, on a busy machine. */
const PATIENCE_MS = 30_000;

let browsers: [Browser, Browser];
test.before(async () => {
  browsers = await Promise.all([launchChromium(), launchFirefox()]);
});
test.after(async () => {
  await Promise.all((browsers ?? []).map((browser) => browser.close()));
});

test('the policy is the one that the documents give, and only what is named goes beyond it', () => {
  const relay = ['https://a.example', 'wss://a.example'] as const;
  const policy = policyFor([relay[0]], [relay[1]]) ?? '';
  assert.is(
    policy,
    "default-src 'none'; script-src https://a.example; connect-src wss://a.example; img-src blob:; " +
      "style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  assert.ok(isDocumented(policy, undefined));
  for (const wider of [
    undefined,
    policy.replace("; trusted-types 'none'", ''),
    policy.replace("style-src 'none'", "style-src 'unsafe-inline'"),
    policy.replace('script-src', "script-src 'unsafe-eval'"),
    policy.replace('script-src https://a.example', 'script-src https:'),
  ]) {
    assert.not.ok(isDocumented(wider, undefined), wider ?? 'no policy');
  }
  assert.not.ok(isDocumented(policy, 'inbox'), 'a name stands for what it adds');
  assert.not.ok(isDocumented(policy, 'of nobody'));
  assert.equal(
    Object.entries(BEYOND).flatMap(([name, { adds }]) => (adds === null ? [name] : [])),
    ['hostile', 'free'],
    'pages without any policy',
  );
});

/** What each of these does is objected to. */
const VIOLATIONS: Readonly<Record<string, readonly [directive: string, act: () => unknown]>> = {
  'an inline style': ['style-src', () => document.body.setAttribute('style', 'color: red')],
  'a style element in a shadow tree': [
    'style-src',
    () => {
      const root = document.querySelector('main')?.attachShadow({ mode: 'closed' });
      root?.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }));
    },
  ],
  'HTML from text': [
    'require-trusted-types-for',
    () => {
      document.body.innerHTML = '<p>text</p>';
    },
  ],
  'a picture from elsewhere': [
    'img-src',
    () => Object.assign(new Image(), { src: 'https://tracker.example/' }).src,
  ],
  'a request to elsewhere': ['connect-src', () => fetch('https://tracker.example/')],
};

/** A page whose violations are its own: what is heard of it names its origin. */
async function heard(browser: Browser, body: string, act: () => unknown): Promise<string> {
  const site = await serveSite(() => html(body));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(site.origin);
    await page.evaluate(act).catch(() => undefined); // some throw
    return await objected(site);
  } finally {
    await context.close();
    site.close();
    takeObjections();
  }
}

/** The first line of that site, which a browser tells in its own time. */
async function objected({ origin }: SiteServer): Promise<string> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
    const line = takeObjections().find((each) => each.includes(`${origin}/`));
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('nobody objected');
}

/** Without the policy (`PIM_TEST_POLICY=none`) there is nothing to be heard. */
const ENGINES = isStrict() ? ['Chromium', 'Firefox'] : [];

for (const [n, engine] of ENGINES.entries()) {
  const browser = () => browsers[n] as Browser;

  for (const [what, [directive, act]] of Object.entries(VIOLATIONS)) {
    test(`${what} is objected to, and heard, in ${engine}`, async () => {
      assert.match(await heard(browser(), '<main></main>', act), directive);
    });
  }

  test(`also in a frame, in ${engine}`, async () => {
    const site = await serveSite((path) =>
      path === '/' ? html('<iframe src="/within"></iframe>', 'index of scenes') : html('<main>'),
    );
    const page = await browser().newPage();
    try {
      await page.goto(site.origin);
      const within = page.frameLocator('iframe').locator('main');
      await within.evaluate((main) => main.setAttribute('style', 'color: red'));
      assert.match(await objected(site), /style-src.* in \S+\/within$/);
    } finally {
      await page.close();
      site.close();
      takeObjections();
    }
  });

  test(`a page that came without the policy is found, in ${engine}`, async () => {
    const headers = { 'content-security-policy': "default-src 'self'" };
    const site = await serveSite(() => ({ ...html('<main>'), headers }));
    const page = await browser().newPage();
    try {
      await page.goto(site.origin);
      assert.match(await objected(site), /^not the documented policy: http/);
    } finally {
      await page.close();
      site.close();
      takeObjections();
    }
  });
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
  const script = `<script type="module" src="${new URL('pim-chat.js', url)}"></script>`;
  let address = '';
  const site = await serveSite((path) => html(`${script}<pim-chat ${attributes(path, address)}>`));
  const contexts = await Promise.all(browsers.map((each) => each.newContext()));
  try {
    const [owner, visitor] = (await Promise.all(contexts.map((each) => each.newPage()))) as [
      Page,
      Page,
    ];
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
    await visitor.goto(`${site.origin}/de`);
    await visitor.getByRole('button', { name: 'Chat öffnen' }).click();
    await visitor.getByRole('textbox', { name: 'Deine Nachricht' }).waitFor();

    for (const page of [owner, visitor]) {
      assert.ok(await page.evaluate(() => 'trustedTypes' in globalThis), 'no trusted types');
    }
  } finally {
    await Promise.all(contexts.map((each) => each.close()));
    site.close();
    relay.removeAllListeners('exit');
    relay.kill();
  }
});

test.run();
