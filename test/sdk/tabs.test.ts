/**
 * Several tabs of one person, without a network: who leads, who goes along, what each is told.
 * @time-limit 120
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { refusal } from '../contracts/storage.js';
import { ANN, BOB } from './alone.js';
import { Browser, crash, type OpenTab, until } from './open-tabs.js';

test('a second tab goes along: the same person, the same calls, the same events', async () => {
  const browser = new Browser();
  const first = await browser.started();
  await first.pim.contacts.add(ANN, { name: 'Ann' });
  const second = await browser.started();
  assert.is(second.pim.state, 'started');
  assert.is(second.pim.address, first.pim.address);
  assert.equal([first.pim.leads, second.pim.leads], [true, false]);
  assert.equal(second.pim.contacts.list(), first.pim.contacts.list());
  const sent = await second.pim.send(ANN, 'hello');
  assert.is(sent.text, 'hello');
  await first.pim.send(ANN, 'and again');
  await until(() => second.texts().length === 2);
  assert.equal(first.texts(), ['hello', 'and again']);
  assert.equal(second.texts(), ['hello', 'and again']);
  await second.pim.stop();
  await first.pim.stop();
});

test('a leader that crashes is followed at once, and nothing is lost or told twice', async () => {
  const browser = new Browser();
  const first = await browser.started();
  const [second, third] = [await browser.started(), await browser.started()];
  await first.pim.send(ANN, 'before');
  await until(() => second.texts().length === 1 && third.texts().length === 1);
  crash(first);
  const sent = await third.pim.send(ANN, 'after');
  assert.ok(second.pim.leads);
  await until(() => second.texts().length === 2 && third.texts().length === 2);
  assert.equal(second.texts(), ['before', 'after']);
  assert.equal(third.texts(), ['before', 'after']);
  const { messages } = await second.pim.conversations.history(ANN);
  assert.equal(
    messages.map(({ text }) => text),
    ['before', 'after'],
  );
  assert.is(messages.at(-1)?.id, sent.id);
  for (const { events } of [second, third]) {
    assert.is(events.filter(({ type }) => type === 'ready').length, 1);
    assert.is(events.filter(({ type }) => type === 'error').length, 0);
  }
  await third.pim.stop();
  await second.pim.stop();
});

test('a leader that stood still goes along when it wakes, and is told what it missed', async () => {
  const browser = new Browser();
  const first = await browser.started();
  const [second, third] = [await browser.started(), await browser.started()];
  await first.pim.send(ANN, 'before');
  await until(() => third.texts().length === 1);
  first.machine.freeze();
  await browser.clock.pass(3_000);
  await third.pim.send(ANN, 'meanwhile');
  assert.ok(second.pim.leads !== third.pim.leads);
  first.machine.thaw();
  await until(() => first.texts().length === 2);
  assert.not(first.pim.leads);
  await first.pim.send(ANN, 'and after');
  for (const tab of [first, second, third]) {
    await until(() => tab.texts().length === 3);
    assert.equal(tab.texts(), ['before', 'meanwhile', 'and after']);
  }
  for (const tab of [first, second, third]) await tab.pim.stop();
});

test('a leader that stops leaves the others to go on', async () => {
  const browser = new Browser();
  const first = await browser.started();
  const second = await browser.started();
  await first.pim.stop();
  await until(() => second.pim.leads);
  assert.is((await second.pim.send(BOB, 'still here')).text, 'still here');
  assert.is(first.pim.state, 'stopped');
  await refusal(first.pim.send(BOB, 'x'), 'pim/stopped');
  await first.pim.start();
  assert.not(first.pim.leads);
  assert.is(first.pim.contacts.list().length, 1);
  await first.pim.stop();
  await second.pim.stop();
});

test('what one tab chooses to tell is chosen in all of them', async () => {
  const browser = new Browser();
  const [first, second] = [await browser.started(), await browser.started()];
  assert.equal(second.pim.identity.privacy, { receipts: false, typing: false });
  await second.pim.identity.setPrivacy({ typing: true });
  await until(() => first.pim.identity.privacy.typing && second.pim.identity.privacy.typing);
  assert.equal(first.pim.identity.privacy, { receipts: false, typing: true });
  await refusal(second.pim.identity.setPrivacy({ typing: 1 } as never), 'options/invalid');
  await Promise.all([first.pim.stop(), second.pim.stop()]);
});

const declined = ({ events }: OpenTab) =>
  events.flatMap((told) => (told.type === 'request:declined' ? told.event.from : []));

test('a request that is declined in one tab is told of in all, and in one that slept', async () => {
  const browser = new Browser();
  await browser.asked(ANN, BOB);
  const [first, second, third] = [
    await browser.started(),
    await browser.started(),
    await browser.started(),
  ];
  await second.pim.contacts.decline(ANN);
  for (const tab of [first, second, third]) {
    await until(() => declined(tab).length === 1);
    assert.equal(declined(tab), [ANN]);
    assert.equal(
      tab.pim.contacts.requests().map(({ from }) => from),
      [BOB],
    );
  }
  // The one that leads stands still, another leads, and the rest is declined meanwhile.
  first.machine.freeze();
  await browser.clock.pass(3_000);
  await third.pim.contacts.decline(BOB);
  first.machine.thaw();
  await until(() => declined(first).length === 2);
  for (const tab of [first, second, third]) {
    await until(() => tab.pim.contacts.requests().length === 0);
    assert.equal(declined(tab), [ANN, BOB]);
  }
  for (const tab of [first, second, third]) await tab.pim.stop();
});

test('what a former leader says that wakes is not heeded', async () => {
  const browser = new Browser();
  await browser.asked(BOB);
  const [first, second, third] = [
    await browser.started(),
    await browser.started(),
    await browser.started(),
  ];
  // Listens, and speaks as the first one would.
  const strip = browser.tab().machine.openChannel('pim');
  const heard: { kind: string; id?: string; from?: string; term?: string; to?: string }[] = [];
  let former = '';
  const say = (saying: object) => strip.postMessage({ pim: 1, term: former, ...saying });
  strip.onmessage = ({ data }) => {
    const saying = data as (typeof heard)[number];
    heard.push(saying);
    const { kind, id, from: to } = saying;
    if (kind === 'call') say({ kind: 'fault', to, id, value: new Error('robbed') });
  };
  await until(() => heard.some(({ kind }) => kind === 'alive'));
  former = heard.find(({ kind }) => kind === 'alive')?.term ?? '';
  crash(first);
  await until(() => heard.some(({ kind, term }) => kind === 'welcome' && term !== former));
  // It is let in once its own calls are answered.
  assert.is((await third.pim.conversations.list()).length, 0);
  assert.ok(second.pim.leads);
  const past = heard.length;
  say({ kind: 'alive', runs: true });
  await third.pim.contacts.decline(BOB);
  assert.equal(declined(third), [BOB]);
  assert.not.ok(heard.slice(past).some(({ kind }) => kind === 'join'));
  strip.close();
  for (const tab of [second, third]) await tab.pim.stop();
});

test('a request that was accepted while a tab slept is a contact there, and not declined', async () => {
  const browser = new Browser();
  await browser.asked(ANN);
  const [first, second] = [await browser.started(), await browser.started()];
  first.machine.freeze();
  await browser.clock.pass(3_000);
  await second.pim.contacts.accept(ANN);
  first.machine.thaw();
  await until(() => first.pim.contacts.get(ANN)?.status === 'accepted');
  assert.equal([declined(first), first.pim.contacts.requests()], [[], []]);
  for (const tab of [first, second]) await tab.pim.stop();
});

test.run();
