/** The element: attributes and properties, when it touches what, and how it goes. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PimChat } from '../../widget/define.js';
import { ATTRIBUTES } from '../../widget/reflected.js';
import { loadPanel } from '../../widget/source.js';
import { turns } from './dom.js';
import { ADA, FakePim, GRACE, ME } from './fake-pim.js';

/** The panel is there, where anybody asked for it, and everything put off has happened. */
async function settled(): Promise<void> {
  await loadPanel();
  await turns();
}

function chatWith(attributes: Readonly<Record<string, string>> = {}, pim = new FakePim(ME)) {
  const chat = document.createElement('pim-chat');
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  chat.pim = pim;
  const events: string[] = [];
  for (const name of ['ready', 'open', 'close', 'message', 'unread', 'error'] as const) {
    chat.addEventListener(`pim-${name}`, (event) => {
      assert.ok(event.bubbles && event.composed);
      events.push(`pim-${name}`);
    });
  }
  return { chat, pim, events };
}

const within = (chat: PimChat, selector: string): HTMLElement => {
  const found = chat.shadowRoot?.querySelector<HTMLElement>(selector);
  assert.ok(found, selector);
  return found;
};
const has = (chat: PimChat, selector: string): boolean =>
  chat.shadowRoot?.querySelector(selector) !== null;

test.after.each(() => document.body.replaceChildren());

test('is registered once, and a second script leaves it alone', () => {
  PimChat.define();
  assert.is(customElements.get('pim-chat'), PimChat);
});

test('every attribute is a property, and the attribute is the truth', () => {
  const chat = document.createElement('pim-chat');
  for (const name of ATTRIBUTES) {
    const property = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    assert.ok(property in chat, property);
  }
  chat.to = ADA;
  chat.relays = ['wss://a.example', 'wss://b.example'];
  chat.relayOnly = true;
  chat.ownTurnOnly = true;
  assert.is(chat.getAttribute('to'), ADA);
  assert.is(chat.getAttribute('relays'), 'wss://a.example wss://b.example');
  assert.ok(chat.hasAttribute('relay-only'));
  assert.ok(chat.hasAttribute('own-turn-only'));
  chat.setAttribute('relays', ' wss://c.example\n');
  assert.equal(chat.relays, ['wss://c.example']);
  chat.to = null;
  assert.not(chat.hasAttribute('to'));
  chat.setAttribute('ice-servers', 'stun:a.example turn:b.example');
  assert.equal(chat.iceServers, [{ urls: 'stun:a.example' }, { urls: 'turn:b.example' }]);
});

test('a value nobody knows reads as the default', () => {
  const chat = document.createElement('pim-chat');
  assert.equal(
    [chat.mode, chat.theme, chat.storage, chat.connect],
    ['bubble', 'auto', 'persistent', 'auto'],
  );
  for (const name of ['mode', 'theme', 'storage', 'connect']) chat.setAttribute(name, 'odd');
  assert.equal(
    [chat.mode, chat.theme, chat.storage, chat.connect],
    ['bubble', 'auto', 'persistent', 'auto'],
  );
});

test('a property that was set before the class was known still counts', async () => {
  const pim = new FakePim(ME);
  const chat = document.createElement('pim-chat');
  Object.defineProperty(chat, 'pim', {
    value: pim,
    configurable: true,
    writable: true,
    enumerable: true,
  });
  document.body.append(chat);
  await settled();
  assert.not(Object.hasOwn(chat, 'pim'));
  assert.is(chat.pim, pim);
});

test('on the page it is a button, and nothing is begun', async () => {
  const { chat, pim } = chatWith({ to: ADA });
  document.body.append(chat);
  await settled();
  const launcher = within(chat, '.launcher');
  assert.is(launcher.getAttribute('aria-label'), 'Open chat');
  assert.is(launcher.getAttribute('aria-expanded'), 'false');
  assert.not(has(chat, '.panel'));
  assert.equal(pim.calls, []);
});

test('opening begins, and closing goes on listening', async () => {
  const { chat, pim, events } = chatWith({ to: ADA });
  document.body.append(chat);
  within(chat, '.launcher').click();
  await settled();
  assert.ok(chat.open);
  assert.ok(has(chat, '.panel[role=dialog]'));
  assert.is(within(chat, '.launcher').getAttribute('aria-label'), 'Close chat');
  assert.equal(pim.calls, ['start with take-over']);
  within(chat, '.launcher').click();
  await settled();
  assert.not(chat.open);
  pim.write(ADA, 'still there?');
  await settled();
  assert.equal(events, ['pim-open', 'pim-ready', 'pim-close', 'pim-message', 'pim-unread']);
  assert.match(within(chat, '.launcher').getAttribute('aria-label') ?? '', /1 new message/);
  assert.not(within(chat, '.badge').hidden);
});

test('the page may open and close it by attribute', async () => {
  const { chat, events } = chatWith({ to: ADA, open: '' });
  document.body.append(chat);
  await settled();
  assert.ok(has(chat, '.panel'));
  chat.removeAttribute('open');
  await settled();
  assert.equal(events, ['pim-open', 'pim-ready', 'pim-close']);
});

test('a disabled chat does not open', async () => {
  const { chat, pim } = chatWith({ to: ADA, disabled: '' });
  document.body.append(chat);
  await settled();
  chat.show();
  await settled();
  assert.not(chat.open);
  assert.equal(pim.calls, []);
});

test('connect="load" begins with the page', async () => {
  const { chat, pim } = chatWith({ to: ADA, connect: 'load' });
  document.body.append(chat);
  await settled();
  assert.equal(pim.calls, ['start']);
  assert.not(chat.open);
});

test('an SDK that runs already is used at once, for the badge', async () => {
  const pim = new FakePim(ME);
  await pim.start();
  pim.write(ADA, 'while you were away');
  const { chat } = chatWith({ to: ADA }, pim);
  document.body.append(chat);
  await settled();
  assert.is(within(chat, '.badge').textContent, '1');
});

test('goes along where the page starts its SDK itself', async () => {
  const { chat, pim } = chatWith({ to: ADA, mode: 'inline' });
  document.body.append(chat);
  await settled();
  await pim.start();
  pim.write(ADA, 'hello');
  await settled();
  assert.match(within(chat, '.panel').textContent, 'hello');
  assert.equal(
    pim.calls.filter((call) => call.startsWith('start')),
    ['start'],
  );
});

test('an inline chat with somebody shows itself, and begins with the first use', async () => {
  const { chat, pim } = chatWith({ to: ADA, mode: 'inline' });
  document.body.append(chat);
  await settled();
  assert.ok(has(chat, '.panel[role=region]'));
  assert.equal(pim.calls, []);
  within(chat, 'textarea').focus();
  await settled();
  assert.equal(pim.calls, ['start with take-over']);
});

test('a moved element goes on as it was', async () => {
  const { chat, pim } = chatWith({ to: ADA, open: '' });
  document.body.append(chat);
  await settled();
  const panel = within(chat, '.panel');
  const home = document.body.appendChild(document.createElement('div'));
  home.append(chat);
  await settled();
  assert.is(within(chat, '.panel'), panel);
  assert.is(pim.calls.length, 1);
});

test('a removed element lets everything go, a hundred times', async () => {
  const { chat, pim } = chatWith({ to: ADA, open: '' });
  for (let n = 0; n < 100; n += 1) {
    document.body.append(chat);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    chat.remove();
    await new Promise(setImmediate);
  }
  await settled();
  assert.is(pim.listeners, 0);
  assert.is(within(chat, '.place').childNodes.length, 0);
  assert.is(chat.shadowRoot?.childNodes.length, 1);
});

test('destroy takes it away at once', async () => {
  const { chat, pim } = chatWith({ to: ADA, open: '' });
  document.body.append(chat);
  await settled();
  chat.destroy();
  assert.not(chat.isConnected);
  assert.is(pim.listeners, 0);
});

test('send reaches the person, also before the chat was ever opened', async () => {
  const { chat, pim } = chatWith({ to: ADA });
  document.body.append(chat);
  const message = await chat.send('from the page');
  assert.is(message.text, 'from the page');
  assert.ok(pim.calls.includes('send from the page'));
});

test('another SDK instance is another person: nothing of the first stays', async () => {
  const { chat, pim } = chatWith({ to: ADA, mode: 'inline' });
  await pim.start();
  pim.write(ADA, 'for the first');
  document.body.append(chat);
  await settled();
  assert.match(within(chat, '.panel').textContent, 'for the first');
  const other = new FakePim(GRACE);
  await other.start();
  chat.pim = other;
  await settled();
  assert.not.match(within(chat, '.panel').textContent, 'for the first');
  assert.is(pim.listeners, 0);
});

test('the words of the page are used, also after they changed', async () => {
  const { chat } = chatWith({ to: ADA });
  chat.strings = { 'launcher.open': 'Ask Ada' };
  document.body.append(chat);
  await settled();
  assert.is(within(chat, '.launcher').getAttribute('aria-label'), 'Ask Ada');
  chat.strings = {};
  await settled();
  assert.is(within(chat, '.launcher').getAttribute('aria-label'), 'Open chat');
});

test('the corner follows the position, live', async () => {
  const { chat } = chatWith({ position: 'top-start' });
  document.body.append(chat);
  await settled();
  const { dataset } = within(chat, '.root');
  assert.equal([dataset.side, dataset.edge], ['start', 'top']);
  chat.position = 'end';
  await settled();
  assert.equal([dataset.side, dataset.edge], ['end', 'bottom']);
});

test.run();
