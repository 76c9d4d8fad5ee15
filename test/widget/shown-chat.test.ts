/** A conversation on the screen: what leaves and comes back, is pasted, fails, is quoted, is begun. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PimError } from '../../sdk/index.js';
import { ADA, FakePim, GRACE, ME } from './fake-pim.js';
import { settled, shownChat } from './shown-chat.js';

/** Requests for pages after which a test that would go on for ever gives none. */
const ENOUGH = 300;
/** Milliseconds in which what was typed is kept. */
const KEPT_MS = 600;

const withAda = (pim: FakePim): void => {
  pim.meet(ADA, { name: 'Ada' });
};
const withWords =
  (text: string) =>
  (pim: FakePim): void => {
    withAda(pim);
    pim.write(ADA, text);
  };

test.after.each(() => document.body.replaceChildren());

test('an open chat that comes back to the page is there', async () => {
  const chat = document.createElement('pim-chat');
  for (const [name, value] of Object.entries({ to: ADA, open: '', connect: 'open' })) {
    chat.setAttribute(name, value);
  }
  chat.pim = new FakePim(ME);
  document.body.append(chat);
  await settled();
  chat.remove();
  await settled();
  document.body.append(chat);
  await settled();
  assert.ok(chat.open);
  assert.ok(chat.shadowRoot?.querySelector('.panel'));
});

test('an open chat that is given another SDK is there', async () => {
  const { chat, all } = await shownChat(withAda);
  chat.pim = new FakePim(GRACE);
  await settled();
  assert.is(all('.panel').length, 1);
});

for (const [what, types, isSent] of [
  ['words of an office program, with a picture of them', ['text/plain', 'text/html'], false],
  ['a picture copied from a page', ['text/html'], true],
  ['a file, with its name', ['text/plain'], true],
  ['a picture alone', [], true],
] as const) {
  test(`${what}: pasted as ${isSent ? 'a file' : 'words'}`, async () => {
    const { pim, all } = await shownChat(withWords('**x**'));
    const paste = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), {
      clipboardData: {
        types: [...types, 'Files'],
        files: [new File(['1'], 'image.png', { type: 'image/png' })],
      },
    });
    all('textarea')[0]?.dispatchEvent(paste);
    await settled();
    assert.is(paste.defaultPrevented, isSent);
    const sent = pim.calls.filter((call) => call.startsWith('files.send'));
    assert.is(sent.length, isSent ? 1 : 0);
  });
}

test('a page that cannot be read is not asked for over and over', async () => {
  let asked = 0;
  const { all } = await shownChat((pim) => {
    withAda(pim);
    for (let n = 0; n < 60; n += 1) pim.write(ADA, `text ${n}`);
    const { history } = pim.conversations;
    pim.conversations.history = async (peer, options = {}) => {
      if (options.before === undefined) return history(peer, options);
      asked += 1;
      if (asked > ENOUGH) return new Promise(() => undefined);
      throw new PimError('storage/failed', '', { operation: 'read' });
    };
  });
  const log = all('.log')[0];
  assert.ok(log);
  for (const [name, value] of Object.entries({ clientHeight: 500, scrollHeight: 2_000 })) {
    Object.defineProperty(log, name, { value, configurable: true });
  }
  log.dispatchEvent(new Event('scroll'));
  await settled();
  await settled();
  assert.is(asked, 1);
  assert.match(all('.note')[0]?.textContent ?? '', /./);
});

test('a quote says what its message says now: nothing that was changed or deleted', async () => {
  const { pim, all } = await shownChat((made) => {
    withAda(made);
    made.write(ADA, 'my PIN is 1234', { mine: true });
    made.write(ADA, 'keep that to yourself', { replyTo: 'message 1' });
  });
  const quotes = () => all('.quote-text').map(({ textContent }) => textContent);
  assert.equal(quotes(), ['my PIN is 1234']);
  await pim.conversations.edit(ADA, 'message 1', 'other');
  await settled();
  assert.equal(quotes(), ['other']);
  await pim.conversations.delete(ADA, 'message 1');
  await settled();
  assert.equal(quotes(), ['This message was deleted']);
});

test('`plain` counts also for what is shown already', async () => {
  const { chat, all } = await shownChat(withWords('**a**'));
  assert.is(all('.bubble strong').length, 1);
  chat.plain = true;
  await settled();
  assert.is(all('.bubble strong').length, 0);
});

test('Enter on a button of the search presses that button', async () => {
  const { all } = await shownChat(withWords('**text**'));
  all('.actions .icon-button')[0]?.click();
  await settled();
  const close = all('.find .icon-button').at(-1);
  assert.is(close?.getAttribute('aria-label'), 'Close search');
  const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
  close?.dispatchEvent(enter);
  assert.not(enter.defaultPrevented, 'a browser would not press it');
});

test('what follows the first words of a first visit is kept as a draft', async () => {
  const { pim, all } = await shownChat();
  const field = all('textarea')[0] as HTMLTextAreaElement;
  const type = async (text: string): Promise<void> => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
  };
  field.focus();
  await type('first');
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await settled();
  await type('second, half done');
  await new Promise((done) => setTimeout(done, KEPT_MS));
  assert.is(pim.drafts.get(ADA), 'second, half done');
});

test.run();
