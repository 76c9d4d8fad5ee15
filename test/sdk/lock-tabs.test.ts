/** An identity under a passphrase in several tabs: what they share of its opening, and of its closing. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex } from '../../sdk/base/bytes.js';
import { openOf } from '../../sdk/chat/locked.js';
import { refusal } from '../contracts/storage.js';
import { ANN } from './alone.js';
import { holdsKey, PASS, textOf } from './locking.js';
import { Browser, crash, type OpenTab, until } from './open-tabs.js';

const isStopped = ({ pim }: OpenTab) => pim.state === 'stopped';

test('a tab that goes along leads without being asked, once the one that was opened is gone', async () => {
  const browser = new Browser();
  const [first, second] = [await browser.started(), await browser.started()];
  await second.pim.identity.lock(PASS);
  const third = await browser.started();
  await third.pim.send(ANN, 'one');
  crash(first);
  await until(() => second.pim.leads);
  await third.pim.send(ANN, 'two');
  crash(second);
  await until(() => third.pim.leads);
  await third.pim.send(ANN, 'three');
  await until(() => third.texts().length === 3);
  assert.equal(
    third.events.filter(({ type }) => type === 'error'),
    [],
  );
  crash(third);
  const fourth = browser.tab();
  await refusal(fourth.pim.start(), 'identity/locked');
  assert.ok(isStopped(fourth), 'all of them are gone: it is asked again');
});

test('what goes from tab to tab is a key that no script can read', async () => {
  const browser = new Browser();
  const first = await browser.started();
  const words = await first.pim.identity.words();
  await first.pim.identity.lock(PASS);
  const second = await browser.started();
  type Welcome = {
    kind?: string;
    opened?: { keys: { sign: CryptoKey }; recovery: { key: CryptoKey } };
  };
  const said = browser.disk.tabs.said.map(({ message }) => message as Welcome);
  const opened = said.find(({ kind }) => kind === 'welcome')?.opened;
  assert.is(opened?.keys.sign.extractable, false);
  assert.is(opened?.recovery.key.extractable, false);
  const { seedOfWords } = await import('../../sdk/backup/words.js');
  const seed = toHex(seedOfWords(words.join(' ')));
  assert.not.ok(textOf(said).includes(seed));
  await second.pim.stop();
  await first.pim.stop();
});

test('without a lock nothing of the key goes from tab to tab', async () => {
  const browser = new Browser();
  const first = await browser.started();
  const second = await browser.started();
  const said = browser.disk.tabs.said.map(({ message }) => message);
  assert.ok(said.some((message) => (message as { kind?: string }).kind === 'welcome'));
  assert.not.ok(said.some(holdsKey));
  await second.pim.stop();
  await first.pim.stop();
});

test('five tabs that wait at the passphrase: one is opened, and all run', async () => {
  const browser = new Browser();
  const before = await browser.started();
  await before.pim.identity.lock(PASS);
  await before.pim.stop();
  const tabs = Array.from({ length: 5 }, () => browser.tab());
  const waiting = tabs.map(async ({ pim }) => {
    await refusal(pim.start(), 'identity/locked');
    const unlocked = pim.identity.unlocked();
    return { unlocked };
  });
  const waits = await Promise.all(waiting);
  await tabs[3]!.pim.identity.unlock(PASS);
  await Promise.all(waits.map(({ unlocked }) => unlocked));
  assert.equal(
    tabs.map(({ pim }) => pim.state),
    Array(5).fill('started'),
  );
  assert.is(tabs.filter(({ pim }) => pim.leads).length, 1);
  await tabs[0]!.pim.send(ANN, 'hello');
  await until(() => tabs.every((tab) => tab.texts().length === 1));
  for (const { pim } of tabs) await pim.stop();
});

test('a tab that comes to wait after another was opened goes along at once', async () => {
  const browser = new Browser();
  const before = await browser.started();
  await before.pim.identity.lock(PASS);
  await before.pim.stop();
  const [late, opened] = [browser.tab(), browser.tab()];
  await refusal(late.pim.start(), 'identity/locked');
  await opened.pim.identity.unlock(PASS);
  await late.pim.identity.unlocked();
  assert.is(late.pim.state, 'started');
  await late.pim.stop();
  await opened.pim.stop();
});

test('waiting ends when nobody wants it any longer, and when everything was erased', async () => {
  const browser = new Browser();
  const before = await browser.started();
  await before.pim.identity.lock(PASS);
  await before.pim.stop();
  const [one, two] = [browser.tab(), browser.tab()];
  await refusal(one.pim.start(), 'identity/locked');
  await refusal(one.pim.identity.unlocked({ signal: AbortSignal.abort() }), 'pim/aborted');
  const end = new AbortController();
  const waiting = one.pim.identity.unlocked({ signal: end.signal });
  end.abort();
  await refusal(waiting, 'pim/aborted');
  const erased = one.pim.identity.unlocked();
  // The ear is open by the time the first await of a call gives way.
  await refusal(two.pim.start(), 'identity/locked');
  await two.pim.identity.wipe();
  await refusal(erased, 'pim/stopped');
  assert.equal(await two.machine.indexedDB?.databases(), []);
});

const asked = ({ events }: OpenTab) =>
  events.flatMap((told) => (told.type === 'error' ? told.event.code : []));

test('one tab closes the key, and a page in which the chat was stopped is asked again as well', async () => {
  const browser = new Browser();
  const [first, second] = [await browser.started(), await browser.started()];
  await first.pim.identity.lock(PASS);
  const third = await browser.started();
  for (const tab of [first, third]) await tab.pim.stop();
  await second.pim.identity.relock();
  for (const tab of [first, third]) {
    await until(() => openOf(tab.machine) === null);
    await refusal(tab.pim.start(), 'identity/locked');
  }
  await third.pim.identity.unlock(PASS);
  await first.pim.start();
  await third.pim.stop();
  await first.pim.stop();
});

test('one tab closes the key, and all are asked again', async () => {
  const browser = new Browser();
  const tabs = [await browser.started(), await browser.started(), await browser.started()];
  await tabs[0]!.pim.identity.lock(PASS);
  await tabs[1]!.pim.identity.relock();
  assert.ok(isStopped(tabs[1]!));
  await until(() => tabs.every(isStopped));
  for (const tab of tabs) {
    assert.equal(asked(tab), ['identity/locked']);
    await refusal(tab.pim.start(), 'identity/locked');
  }
  const waiting = tabs.slice(1).map(({ pim }) => pim.identity.unlocked());
  await tabs[0]!.pim.identity.unlock(PASS);
  await Promise.all(waiting);
  await tabs[2]!.pim.send(ANN, 'open again');
  await until(() => tabs.every((tab) => tab.texts().length === 1));
  for (const { pim } of tabs) await pim.stop();
});

/** Whoever asks to be let in waits, until the returned function is called. */
function holdWelcomes({ disk: { tabs } }: Browser): () => void {
  const { post } = tabs;
  const held: (() => void)[] = [];
  tabs.post = (from, message) => {
    const isWelcome = (message as { kind?: string }).kind === 'welcome';
    if (isWelcome) held.push(() => post.call(tabs, from, message));
    else post.call(tabs, from, message);
  };
  return () => {
    tabs.post = post;
    for (const go of held) go();
  };
}

test('a tab that was not given the key yet is closed with the others, and is not given it later', async () => {
  const browser = new Browser();
  const [first, second] = [await browser.started(), await browser.started()];
  const letIn = holdWelcomes(browser);
  await first.pim.identity.lock(PASS);
  const third = browser.tab();
  const starting = third.pim.start().catch(() => undefined);
  await second.pim.identity.relock();
  assert.ok(isStopped(second));
  letIn();
  await starting;
  await until(() => [first, third].every(isStopped));
  assert.equal([asked(first), asked(second)], [['identity/locked'], ['identity/locked']]);
  for (const { pim } of [first, second, third]) await refusal(pim.start(), 'identity/locked');
});

test('no tab leads on with the key where the one that led goes just then', async () => {
  for (const turns of [0, 1, 2, 4, 8]) {
    const browser = new Browser();
    const [first, second] = [await browser.started(), await browser.started()];
    await second.pim.identity.lock(PASS);
    const third = await browser.started();
    const closing = third.pim.identity.relock();
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    await first.pim.stop();
    await closing;
    await until(() => [second, third].every(isStopped));
    await refusal(second.pim.start(), 'identity/locked');
    assert.equal([asked(second), asked(third)], [['identity/locked'], ['identity/locked']]);
  }
});

test('a lock is set by one tab and removed by another, with one passphrase for all', async () => {
  const browser = new Browser();
  const [first, second] = [await browser.started(), await browser.started()];
  await first.pim.identity.lock(PASS);
  await refusal(second.pim.identity.removeLock('wrong'), 'identity/passphrase');
  await second.pim.identity.removeLock(PASS);
  assert.is((await first.pim.identity.kept()).isLocked, false);
  await first.pim.stop();
  await second.pim.stop();
  const third = await browser.started();
  await third.pim.stop();
});

test.run();
