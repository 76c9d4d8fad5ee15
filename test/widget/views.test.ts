/** What is on the screen: texts as text, controls with names, keys that do what they say. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { finding } from '../../sdk/diagnosis/finding.js';
import { PimError } from '../../sdk/index.js';
import '../../widget/define.js';
import { loadPanel } from '../../widget/source.js';
import { turns } from './dom.js';
import { ADA, FakePim, ME, STRANGER } from './fake-pim.js';

async function settled(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await loadPanel();
    await import('../../widget/inbox/inbox.js');
    await turns();
  }
}

interface Shown {
  readonly pim: FakePim;
  readonly all: (selector: string) => HTMLElement[];
  readonly one: <Kind extends HTMLElement>(selector: string) => Kind;
  readonly text: () => string;
  readonly click: (selector: string) => Promise<void>;
}

async function shown(
  attributes: Readonly<Record<string, string>>,
  prepare: (pim: FakePim) => void = () => undefined,
): Promise<Shown> {
  const pim = new FakePim(ME);
  pim.relay('wss://relay.example', {});
  await pim.start();
  prepare(pim);
  const chat = document.createElement('pim-chat');
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  chat.pim = pim;
  document.body.append(chat);
  await settled();
  const root = chat.shadowRoot;
  assert.ok(root);
  const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
  const one = <Kind extends HTMLElement>(selector: string): Kind => {
    const [found] = all(selector);
    assert.ok(found, selector);
    return found as Kind;
  };
  const click = async (selector: string): Promise<void> => {
    one(selector).click();
    await settled();
  };
  return { pim, all, one, click, text: () => one('.panel').textContent ?? '' };
}

function type(field: HTMLElement, text: string): void {
  Object.assign(field, { value: text });
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function press(field: HTMLElement, key: string, more: KeyboardEventInit = {}): void {
  field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
}

const open = { to: ADA, open: '' };

test.after.each(() => document.body.replaceChildren());

test('what people write is text, whatever it looks like', async () => {
  const evil = '<img src=x onerror=alert(1)> javascript:alert(1) &amp;';
  const { all, one } = await shown(open, (pim) => {
    pim.meet(ADA, { name: '<b>Ada</b>' });
    pim.write(ADA, evil);
  });
  assert.is(one('.bubble').textContent, evil);
  assert.is(all('.bubble img, .bubble a, .title b').length, 0);
  assert.is(one('.title bdi').textContent, '<b>Ada</b>');
});

test('a message that was changed, taken back or reacted to is shown as it is now', async () => {
  const { all } = await shown(open, (pim) => {
    pim.meet(ADA);
    pim.write(ADA, 'as corrected', { editedAt: 1_700_000_000_000 });
    pim.write(ADA, '', { deleted: true, editedAt: 1_700_000_000_000 });
    const reactions = [
      { emoji: '👍', from: [ADA, ME] },
      { emoji: '🎉', from: [ADA] },
    ];
    pim.write(ADA, 'good news', { reactions });
  });
  assert.equal(
    all('.bubble').map((bubble) => bubble.textContent),
    ['as correctedEdited', 'This message was deleted', 'good news👍 2🎉'],
  );
  assert.is(all('.reaction').length, 2);
});

test('a link leads out of the page and tells it nothing', async () => {
  const { one } = await shown(open, (pim) => pim.write(ADA, 'see https://a.example/x.'));
  const link = one<HTMLAnchorElement>('.bubble a');
  assert.is(link.getAttribute('href'), 'https://a.example/x');
  assert.is(link.getAttribute('rel'), 'noopener noreferrer');
  assert.is(link.getAttribute('target'), '_blank');
});

test('each author is on a side, and my messages say how far they are', async () => {
  const { all, pim } = await shown(open, (made) => {
    made.meet(ADA);
    made.write(ADA, 'theirs');
    made.write(ADA, 'mine', { mine: true, status: 'waiting' });
  });
  assert.is(all('.group').length, 2);
  assert.match(all('.group.mine .meta')[0]?.textContent ?? '', 'Waits here');
  const [, mine] = pim.messages.get(ADA) ?? [];
  assert.ok(mine);
  pim.say('message:update', { ...mine, status: 'delivered' });
  await settled();
  assert.match(all('.group.mine .meta')[0]?.textContent ?? '', 'Delivered');
});

test('Enter sends, Shift+Enter does not, and neither while characters are being composed', async () => {
  const { one, pim, all } = await shown(open, (made) => made.meet(ADA));
  const field = one<HTMLTextAreaElement>('textarea');
  type(field, 'hello');
  press(field, 'Enter', { shiftKey: true });
  press(field, 'Enter', { isComposing: true });
  press(field, 'Enter', { keyCode: 229 } as KeyboardEventInit);
  await settled();
  assert.is(pim.messages.get(ADA), undefined);
  press(field, 'Enter');
  await settled();
  assert.is(all('.bubble').length, 1);
  assert.is(field.value, '');
});

test('blanks alone are not sent', async () => {
  const { one, pim } = await shown(open, (made) => made.meet(ADA));
  type(one('textarea'), ' \n ');
  await settled();
  assert.ok(one<HTMLButtonElement>('.send').disabled);
  press(one('textarea'), 'Enter');
  await settled();
  assert.is(pim.messages.get(ADA), undefined);
});

test('what could not be stored comes back into the field, and is said', async () => {
  const { one, pim, text } = await shown(open, (made) => made.meet(ADA));
  pim.refuse.send = new PimError('storage/full', '', null);
  type(one('textarea'), 'precious');
  await settled();
  press(one('textarea'), 'Enter');
  await settled();
  assert.is(one<HTMLTextAreaElement>('textarea').value, 'precious');
  assert.match(text(), 'no space left');
});

test('a message that is too long is said before it is sent', async () => {
  const { one } = await shown(open, (made) => made.meet(ADA));
  type(one('textarea'), 'a'.repeat(16_002));
  await settled();
  assert.match(one('.left').textContent ?? '', 'Too long by 2 characters');
  assert.is(one('textarea').getAttribute('aria-invalid'), 'true');
  assert.ok(one<HTMLButtonElement>('.send').disabled);
});

test('a visitor reads the greeting, and what will become of their first words', async () => {
  const { text, one, pim } = await shown({ ...open, greeting: 'Ask me anything.' });
  assert.match(text(), 'Ask me anything.');
  assert.match(text(), 'Your first message is a request');
  type(one('.name'), 'Charles');
  type(one('textarea'), 'May I?');
  await settled();
  press(one('textarea'), 'Enter');
  await settled();
  assert.is(pim.name, 'Charles');
  assert.match(text(), 'Your message waits until');
});

test('the name is not asked for where the page knows it', async () => {
  const { all } = await shown({ ...open, name: 'Charles' });
  assert.is(all('.name').length, 0);
});

test('Escape closes the bubble', async () => {
  const { one } = await shown(open);
  press(one('textarea'), 'Escape');
  await settled();
  assert.not(document.querySelector('pim-chat')?.open);
});

test('every control has a name', async () => {
  for (const attributes of [open, { open: '' }]) {
    const { all } = await shown(attributes, (pim) => {
      pim.write(ADA, 'x');
      pim.knock(STRANGER);
    });
    for (const control of all('button, input, textarea, [role=log], [role=dialog]')) {
      const name = control.getAttribute('aria-label') ?? control.textContent ?? '';
      assert.ok(name.trim() !== '', control.outerHTML.slice(0, 120));
    }
    document.body.replaceChildren();
  }
});

test('a failure stands in words, with a way on', async () => {
  const { text, all } = await shown(open, (pim) => {
    pim.meet(ADA);
    pim.connect(ADA, { state: 'offline', reason: new PimError('peer/no-route', '', null) });
  });
  assert.match(text(), 'let no direct connection through');
  assert.is(all('.note .link')[0]?.textContent, 'Try again');
});

test('memory storage is said', async () => {
  const { text } = await shown(open, (pim) => {
    pim.isPersistent = false;
  });
  assert.match(text(), 'Kept only while this page is open');
});

test('the inbox lists chats and requests, and answers from there', async () => {
  const { text, click, all, pim } = await shown({ open: '' }, (made) => {
    made.meet(ADA, { name: 'Ada' });
    made.write(ADA, 'unread');
    made.knock(STRANGER, { name: 'Mary', text: 'May I?', invite: 'my page' });
  });
  assert.match(text(), '1 request');
  assert.is(all('.count').length, 1);
  await click('.requests .row');
  assert.match(text(), 'my page');
  assert.is(all('.address')[0]?.textContent, STRANGER);
  await click('.buttons .button');
  assert.is(pim.contacts.get(STRANGER)?.status, 'accepted');
  assert.match(text(), 'May I?');
});

test('a new chat says what is wrong with an address', async () => {
  const { click, one, text } = await shown({ open: '' });
  await click('.actions .icon-button');
  type(one('#add'), 'pim1abc');
  await settled();
  one<HTMLFormElement>('.form').dispatchEvent(
    new Event('submit', { bubbles: true, cancelable: true }),
  );
  // The sentence is fetched when it is needed: on a busy machine that takes more than a turn.
  const end = performance.now() + 10_000;
  while (!text().includes('Some characters of the address are missing')) {
    assert.ok(performance.now() < end, text());
    await settled();
  }
  assert.is(one('#add').getAttribute('aria-invalid'), 'true');
});

test('a diagnosis is made on its screen: each finding in words, a verdict, a report to copy', async () => {
  const findings = [
    finding('relay/good', { latencyMs: 38, isEncrypted: true }, 'wss://relay.example'),
    finding('turn/refused', { errorCode: 401 }, 'turn:turn.example:3478?transport=tcp'),
  ];
  const { click, pim, all, one, text } = await shown({ open: '' }, (fake) => {
    fake.findings = findings;
  });
  await click('.actions .icon-button:nth-of-type(3)');
  const check = all('.screen .button').find((each) => each.textContent === 'Check the connection');
  check?.click();
  await settled();
  assert.is(all('.finding').length, 2);
  assert.match(text(), /relay\.example\S* lets us in, and answers in 38 ms/);
  assert.match(text(), /turn\.example:3478 \(tcp\)\S* refuses us/);
  assert.match(one('.verdict').textContent ?? '', 'Something stands in the way');
  assert.is(one<HTMLInputElement>('.copy input').value, 'a report');
  await click('.screen > .buttons .button');
  assert.is(pim.calls.filter((call) => call === 'diagnose').length, 2);
});

test('erasing is asked twice', async () => {
  const { click, pim, text } = await shown({ open: '' });
  await click('.actions .icon-button:nth-of-type(3)');
  await click('.last .button');
  assert.match(text(), 'gone for good');
  assert.not(pim.calls.includes('wipe'));
  await click('.sure .danger');
  assert.ok(pim.calls.includes('wipe'));
  assert.match(text(), 'Begin');
});

test('an insecure page that was allowed carries a banner that stays', async () => {
  const { text } = await shown({ ...open, 'allow-insecure': '' });
  assert.match(text(), 'This page is not secure');
});

test('the page cannot be written in while the chat is disabled', async () => {
  const { all, text } = await shown({ to: ADA, mode: 'inline', disabled: '' });
  assert.is(all('textarea').length, 0);
  assert.match(text(), 'closed at the moment');
});

test.run();
