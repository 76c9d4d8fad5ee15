/** What is in a bubble, whatever people send: text stays text, and little of it is much. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Message } from '../../sdk/index.js';
import '../../widget/define.js';
import { loadPanel } from '../../widget/source.js';
import { turns } from './dom.js';
import { ADA, FakePim, ME } from './fake-pim.js';

async function settled(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await loadPanel();
    await import('../../widget/comforts/comforts.js');
    await turns();
  }
}

interface Shown {
  readonly pim: FakePim;
  all(selector: string): HTMLElement[];
}

async function shown(
  messages: readonly (readonly [text: string, given?: Partial<Message>])[],
  attributes: Readonly<Record<string, string>> = {},
): Promise<Shown> {
  const pim = new FakePim(ME);
  await pim.start();
  pim.meet(ADA, { name: 'Ada' });
  for (const [text, given] of messages) pim.write(ADA, text, given);
  const chat = document.createElement('pim-chat');
  for (const [name, value] of Object.entries({ to: ADA, open: '', ...attributes })) {
    chat.setAttribute(name, value);
  }
  chat.pim = pim;
  document.body.append(chat);
  await settled();
  const root = chat.shadowRoot;
  assert.ok(root);
  return { pim, all: (selector) => [...root.querySelectorAll<HTMLElement>(selector)] };
}

test.after.each(() => document.body.replaceChildren());

test('marks become elements, and HTML in them stays text', async () => {
  const { all } = await shown([['**<img src=x onerror=alert(1)>** `<b>` *a*\n```\n<script>\n```']]);
  assert.is(all('.bubble strong')[0]?.textContent, '<img src=x onerror=alert(1)>');
  assert.is(all('.bubble code')[0]?.textContent, '<b>');
  assert.is(all('.bubble code.block')[0]?.textContent, '<script>');
  assert.is(all('.bubble em')[0]?.textContent, 'a');
  assert.is(all('.bubble img, .bubble script, .bubble b').length, 0);
});

test('a conversation that is shown puts no crowd of listeners on one signal', async () => {
  const warned: string[] = [];
  const hear = ({ name }: Error) => warned.push(name);
  process.on('warning', hear);
  await shown([['a']]);
  process.off('warning', hear);
  assert.equal(warned, []);
});

test('with `plain`, texts are as they were typed, and links are links', async () => {
  const { all } = await shown([['**a** https://a.example/']], { plain: '' });
  assert.is(all('.bubble')[0]?.textContent, '**a** https://a.example/');
  assert.is(all('.bubble a').length, 1);
  assert.is(all('.bubble strong').length, 0);
});

test('a text that fills a message makes few elements, and shows its beginning first', async () => {
  const long = `${'*a* '.repeat(3_999)}end`;
  const { all } = await shown([[long], ['line\n'.repeat(3_000)], ['**'.repeat(8_000)]]);
  const [first, lines, stars] = all('.bubble');
  assert.ok(first && lines && stars);
  assert.ok(first.querySelectorAll('*').length < 420);
  assert.not.match(first.textContent ?? '', 'end');
  assert.ok((lines.textContent ?? '').split('\n').length < 60);
  first.querySelector<HTMLElement>('.link')?.click();
  await settled();
  assert.match(first.textContent ?? '', 'end');
  assert.ok(first.querySelectorAll('*').length < 420);
});

test('more reactions than anybody reads are not all shown', async () => {
  const reactions = Array.from({ length: 64 }, (_, n) => ({
    emoji: String.fromCodePoint(0x1f600 + n),
    from: [n % 2 === 0 ? ADA : ME],
  }));
  const { all } = await shown([['x', { reactions }]]);
  assert.is(all('.reaction').length, 12);
  assert.is(all('.reaction[aria-pressed=true]').length, 6);
});

test('an answer shows what it answers, also what is far away, gone or unknown', async () => {
  const talk = Array.from({ length: 100 }, (_, n) => [`text ${n}`] as const);
  const { all } = await shown([
    ['far **away**'],
    ...talk,
    ['to far', { replyTo: 'message 1' }],
    ['', { deleted: true }],
    ['to gone', { replyTo: 'message 103' }],
    ['to nothing', { replyTo: 'message 999' }],
  ]);
  const quotes = all('.quote').map((quote) => quote.textContent);
  assert.equal(quotes, ['Adafar away', 'AdaThis message was deleted', 'This message is not here']);
});

test('a quote leads to its message', async () => {
  const talk = Array.from({ length: 100 }, (_, n) => [`text ${n}`] as const);
  const { all } = await shown([['far away'], ...talk, ['to far', { replyTo: 'message 1' }]]);
  assert.not(all('.bubble').some((each) => each.textContent === 'far away'));
  all('.quote')[0]?.click();
  await settled();
  assert.ok(all('.bubble').some((each) => each.textContent === 'far away'));
  assert.is(all('.jump').length, 1, 'and a button back');
});

test('the menu offers what one may do, and nothing for what was deleted', async () => {
  const { all, pim } = await shown([
    ['theirs'],
    ['mine', { mine: true }],
    ['', { mine: true, deleted: true }],
  ]);
  const items = async (index: number): Promise<(string | null)[]> => {
    all('.bubble')[index]?.dispatchEvent(
      new Event('contextmenu', { bubbles: true, cancelable: true }),
    );
    await settled();
    const found = all('.menu .item').map((each) => each.textContent);
    all('.veil')[0]?.click();
    await settled();
    return found;
  };
  assert.equal(await items(0), ['Reply', 'Copy text']);
  assert.equal(await items(1), ['Reply', 'Copy text', 'Edit', 'Delete']);
  assert.equal(await items(2), []);
  assert.is(all('.menu').length, 0);
  assert.ok(pim.listeners > 0);
});

test('what a chat listens to ends with it', async () => {
  const { pim } = await shown([['x']]);
  assert.ok(pim.listeners > 0);
  document.querySelector('pim-chat')?.remove();
  await settled();
  assert.is(pim.listeners, 0);
});

test.run();
