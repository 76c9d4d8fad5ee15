/** Several tabs of one person, without a network: who leads, who goes along, what each is told. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnyEvent } from '../../sdk/base/emitter.js';
import { Pim, type PimEvents, type PimOptions } from '../../sdk/index.js';
import { refusal } from '../contracts/storage.js';
import { FakeNetwork } from '../support/fake-rtc.js';
import { Disk, TestClock, TestMachine } from '../support/platform.js';
import { ANN, BOB } from './alone.js';

interface OpenTab {
  readonly pim: Pim;
  readonly machine: TestMachine;
  readonly events: AnyEvent<PimEvents>[];
  texts(): string[];
}

class Browser {
  readonly disk = new Disk();
  readonly clock = new TestClock();
  readonly network = new FakeNetwork(this.clock);

  tab(options: PimOptions = {}): OpenTab {
    const { disk, clock, network } = this;
    const machine = new TestMachine({ disk, clock, network, owner: 'Ann' });
    const pim = new Pim({ platform: machine, ...options });
    const events: AnyEvent<PimEvents>[] = [];
    pim.on('*', (told) => events.push(told));
    const texts = () => events.flatMap((told) => (told.type === 'message' ? told.event.text : []));
    return { pim, machine, events, texts };
  }

  async started(options: PimOptions = {}): Promise<OpenTab> {
    const tab = this.tab(options);
    await tab.pim.start();
    return tab;
  }
}

/** The page is gone without a word, as in a crash. */
function crash({ machine }: OpenTab): void {
  machine.vanish();
}

async function until(check: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!check()) {
    if (performance.now() > end) throw new Error(`not so within 10 s: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

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

test.run();
