/** What the inbox's settings say of what is kept here, and of pim itself. */

import './dom.js';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PROTOCOL_VERSION } from '../../sdk/protocol/limits.js';
import '../../widget/define.js';
import { LICENCE, PROTOCOL, VERSION } from '../../widget/inbox/about.js';
import { loadPanel } from '../../widget/source.js';
import { turns } from './dom.js';
import { FakePim, ME } from './fake-pim.js';

const SETTINGS = '.actions .icon-button:nth-of-type(3)';
const GOOD = 'has promised not to erase';
const MAY_ERASE = 'may erase them';
const DAYS = 'seven days without a visit';
const REFUSED = 'has not promised it';

async function settled(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await loadPanel();
    await import('../../widget/inbox/inbox.js');
    await turns();
  }
}

/** The settings, opened. */
async function shown(change: Partial<FakePim['kept']>, prepare?: (pim: FakePim) => void) {
  const pim = new FakePim(ME);
  await pim.start();
  pim.kept = { ...pim.kept, ...change };
  prepare?.(pim);
  const chat = document.createElement('pim-chat');
  chat.setAttribute('open', '');
  chat.pim = pim;
  document.body.append(chat);
  await settled();
  const root = chat.shadowRoot as ShadowRoot;
  (root.querySelector(SETTINGS) as HTMLElement).click();
  await settled();
  const text = () =>
    (root.querySelector('.screen')?.textContent ?? '').replace(/[\u2066-\u2069]/g, '');
  const ask = () =>
    [...root.querySelectorAll<HTMLButtonElement>('.screen button')].find(
      ({ textContent }) => textContent === 'Ask the browser to keep it',
    );
  return { pim, root, text, ask };
}

test.after.each(() => document.body.replaceChildren());

test('how much lies here, and that nothing was backed up yet', async () => {
  const { text } = await shown({});
  assert.match(text(), 'This site keeps 2.3 MB here, of at most 10.7 GB.');
  assert.match(text(), 'Last backup: never');
});

test('the day of the last backup; no sizes where the browser tells none', async () => {
  const { text } = await shown({ usedBytes: null, lastBackupAt: Date.now() });
  assert.match(text(), 'Last backup: Today');
  assert.not.match(text(), 'This site keeps');
});

test('a browser that is asked and promises says so, and is not asked again', async () => {
  const { pim, text, ask } = await shown({});
  assert.match(text(), MAY_ERASE);
  assert.not.match(text(), REFUSED);
  ask()?.click();
  await settled();
  assert.ok(pim.calls.includes('persist'));
  assert.match(text(), GOOD);
  assert.not.match(text(), MAY_ERASE);
  assert.is(ask(), undefined);
});

test('a browser that does not promise is told of as it is, and may be asked again', async () => {
  const { text, ask } = await shown({}, (pim) => {
    pim.promises = false;
  });
  ask()?.click();
  await settled();
  assert.match(text(), REFUSED);
  assert.match(text(), MAY_ERASE);
  assert.is(ask()?.disabled, false);
});

test('the button waits while the browser asks the person', async () => {
  let answer: () => void = () => undefined;
  const { ask } = await shown({}, ({ identity }) => {
    Object.assign(identity, {
      persist: () =>
        new Promise<boolean>((resolve) => {
          answer = () => resolve(false);
        }),
    });
  });
  ask()?.click();
  await settled();
  assert.is(ask()?.disabled, true);
  answer();
  await settled();
  assert.is(ask()?.disabled, false);
});

test('seven days are warned of, in place of the lesser danger', async () => {
  const { text } = await shown({ erasesAfterDays: 7 });
  assert.match(text(), DAYS);
  assert.not.match(text(), MAY_ERASE);
});

test('seven days are nothing to warn of once the browser has promised', async () => {
  const promised = await shown({ erasesAfterDays: 7, isPersisted: true });
  assert.not.match(promised.text(), DAYS);
  assert.match(promised.text(), GOOD);
});

test('a browser that says nothing is not spoken for', async () => {
  const { text, ask } = await shown({ isPersisted: null, usedBytes: null, quotaBytes: null });
  for (const claim of [GOOD, MAY_ERASE, DAYS, REFUSED]) assert.not.match(text(), claim);
  assert.is(ask(), undefined);
});

test('where nothing outlives the page, no promise is asked for', async () => {
  const { text, ask } = await shown({}, (pim) => {
    pim.isPersistent = false;
  });
  assert.match(text(), 'only while this page is open');
  assert.not.match(text(), 'Last backup');
  assert.is(ask(), undefined);
});

test('a call that fails leaves the other settings as they are', async () => {
  const { text } = await shown({}, ({ identity }) => {
    Object.assign(identity, { kept: async () => Promise.reject(new Error('no')) });
  });
  assert.match(text(), 'Kept on this device');
  assert.match(text(), 'Erase everything here');
});

test('what stands below waits for it, so that nothing moves, and not for long', async () => {
  let answer: () => void = () => undefined;
  const { root, text } = await shown({}, ({ identity }) => {
    const kept = identity.kept;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    Object.assign(identity, { kept: () => asked.then(kept) });
  });
  assert.match(text(), 'Kept on this device');
  assert.not.match(text(), 'Erase everything here');
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.match(text(), 'Erase everything here');
  assert.not.match(text(), 'Last backup');
  const end = [...root.querySelectorAll('.screen button')].at(-1);
  answer();
  await settled();
  assert.match(text(), 'Last backup');
  assert.ok(end?.isConnected, 'and is not drawn anew when it comes after all');
});

test('which pim this is, as the package and the protocol say', async () => {
  const path = new URL('../../package.json', import.meta.url);
  const { version, license } = JSON.parse(readFileSync(path, 'utf8'));
  assert.is(VERSION, version);
  assert.is(LICENCE, license);
  assert.is(PROTOCOL, PROTOCOL_VERSION);
  const { root, text } = await shown({});
  assert.match(text(), `pim-chat ${version}, protocol ${PROTOCOL_VERSION}.`);
  const link = root.querySelector<HTMLAnchorElement>('.about a');
  assert.is(link?.rel, 'noopener');
  assert.match(link?.href ?? '', license);
});

test.run();
