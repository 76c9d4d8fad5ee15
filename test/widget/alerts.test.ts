/** What tells of news outside of the chat: the title, and what a person chose. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { choose, chosen } from '../../widget/alerts/choice.js';
import '../../widget/define.js';
import { loadPanel } from '../../widget/source.js';
import { turns } from './dom.js';
import { ADA, FakePim, GRACE, ME } from './fake-pim.js';

let isFocused = false;
Object.defineProperty(document, 'hasFocus', { value: () => isFocused });

async function settled(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await loadPanel();
    await import('../../widget/inbox/inbox.js');
    await import('../../widget/alerts/alerts.js');
    await turns();
  }
}

async function shown(attributes: Readonly<Record<string, string>>) {
  const pim = new FakePim(ME);
  await pim.start();
  pim.meet(ADA);
  const chat = document.createElement('pim-chat');
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  chat.pim = pim;
  document.body.append(chat);
  await settled();
  return { pim, chat };
}

test.before.each(() => {
  document.title = 'Looms';
  isFocused = false;
});
test.after.each(async () => {
  document.body.replaceChildren();
  await settled();
});

test('the title counts what came while nobody looks, and is the page’s own again after', async () => {
  const { pim } = await shown({ to: ADA, connect: 'load' });
  assert.is(document.title, 'Looms');
  pim.write(ADA, 'one');
  await settled();
  assert.is(document.title, '(1) Looms');
  pim.write(ADA, 'two');
  await settled();
  assert.is(document.title, '(2) Looms');
  document.title = 'Cards'; // the page goes on with its own life
  pim.write(ADA, 'three');
  await settled();
  assert.is(document.title, '(3) Cards');
  isFocused = true;
  window.dispatchEvent(new Event('focus'));
  assert.is(document.title, 'Cards');
  isFocused = false;
  window.dispatchEvent(new Event('blur'));
  assert.is(document.title, '(3) Cards');
  await pim.conversations.markRead(ADA);
  await settled();
  assert.is(document.title, 'Cards');
});

test('a chat that is taken off the page takes its number along', async () => {
  const { pim, chat } = await shown({ connect: 'load' });
  pim.write(GRACE, 'one');
  await settled();
  assert.is(document.title, '(1) Looms');
  chat.remove();
  await settled();
  assert.is(document.title, 'Looms');
});

test('quiet is quiet', async () => {
  const { pim } = await shown({ to: ADA, connect: 'load', quiet: '' });
  pim.write(ADA, 'one');
  await settled();
  assert.is(document.title, 'Looms');
});

test('nothing is kept before somebody chooses, and a refusal is no choice', async () => {
  const kept = new Map<string, string>();
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    value: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  });
  assert.equal(chosen(), { sound: false, notice: false });
  assert.ok(await choose({ sound: true }));
  assert.equal(chosen(), { sound: true, notice: false });
  const asked = { requestPermission: async () => 'denied' };
  Object.defineProperty(globalThis, 'Notification', { value: asked, configurable: true });
  assert.not(await choose({ notice: true }));
  assert.equal(chosen(), { sound: true, notice: false });
  asked.requestPermission = async () => 'granted';
  assert.ok(await choose({ notice: true }));
  assert.ok(await choose({ notice: false, sound: false }));
  assert.is(kept.size, 0);
  for (const odd of ['{', '7', 'null', '{"sound":"yes"}']) {
    kept.set('pim-alerts', odd);
    assert.equal(chosen(), { sound: false, notice: false });
  }
});

test.run();
