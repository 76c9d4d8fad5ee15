/** The passphrase lock in the widget: the locked screen and its ways out, and the settings of it. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Backup, PimError } from '../../sdk/index.js';
import '../../widget/define.js';
import { strengthOf } from '../../widget/lock/strength.js';
import { loadPanel } from '../../widget/source.js';
import { turns } from './dom.js';
import { ADA, FakePim, ME, OTHER, STRANGER } from './fake-pim.js';

const PASS = 'four words from a hat';
const WORDS = 'twenty-four words';

async function settled(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await loadPanel();
    await import('../../widget/inbox/inbox.js');
    await import('../../widget/lock/lock.js');
    await turns();
  }
}

/** A chat whose key is `shut`, or open to its settings. */
async function shown(
  attributes: Readonly<Record<string, string>> = {},
  prepare: (pim: FakePim) => Promise<void> = shut,
) {
  const pim = new FakePim(ME);
  await pim.start();
  pim.meet(ADA, { name: 'Ada Lovelace' });
  pim.write(ADA, 'hello from before');
  pim.knock(STRANGER, { name: 'Mary', text: 'may I?' });
  await prepare(pim);
  pim.calls.length = 0;
  const chat = document.createElement('pim-chat');
  for (const [name, value] of Object.entries({ open: '', ...attributes })) {
    chat.setAttribute(name, value);
  }
  chat.pim = pim;
  document.body.append(chat);
  await settled();
  const root = chat.shadowRoot as ShadowRoot;
  const one = <Kind extends HTMLElement>(selector: string): Kind => {
    const found = root.querySelector<Kind>(selector);
    assert.ok(found, selector);
    return found;
  };
  const text = () => (root.querySelector('.panel')?.textContent ?? '').replace(/[⁦-⁩]/g, '');
  const press = async (label: string): Promise<void> => {
    const all = [...root.querySelectorAll<HTMLButtonElement>('.panel button')];
    const found = all.find(({ textContent }) => textContent === label);
    assert.ok(found, `a button “${label}” in: ${text()}`);
    found.click();
    await settled();
  };
  const type = async (selector: string, value: string): Promise<void> => {
    const field = one<HTMLInputElement>(selector);
    Object.assign(field, { value });
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
  };
  /** Enter in that field. */
  const enter = async (selector: string, value: string): Promise<void> => {
    await type(selector, value);
    one<HTMLInputElement>(selector).form?.requestSubmit();
    await settled();
  };
  const fault = (id: string) => one(`#${id}-said [role=alert]`).textContent;
  return { pim, chat, root, one, text, press, type, enter, fault };
}

async function shut(pim: FakePim): Promise<void> {
  await pim.identity.lock(PASS);
  await pim.identity.relock();
}

const locked = (pim: FakePim) => pim.identity.lock(PASS);

async function atSettings(prepare?: (pim: FakePim) => Promise<void>) {
  const made = await shown({}, prepare ?? (async () => undefined));
  made.one('.actions .icon-button:nth-of-type(3)').click();
  await settled();
  return made;
}

const isLocked = (text: string) => text.includes('This chat is locked');

/** What a test has read out of a backup. */
const backupOf = (address: string) => ({ address, madeAt: null, contacts: 0 }) as Backup;

test.after.each(() => document.body.replaceChildren());

for (const attributes of [{}, { to: ADA }, { to: ADA, mode: 'inline' }, { mode: 'page' }]) {
  test(`a key under a passphrase is asked for, and nothing else shown: ${JSON.stringify(attributes)}`, async () => {
    const { chat, one, text } = await shown(attributes);
    if (!isLocked(text())) chat.show(); // nothing begins in the text of a page by itself
    await settled();
    assert.ok(isLocked(text()));
    for (const secret of ['Ada', 'Mary', 'hello from before', ADA]) {
      assert.not.ok(text().includes(secret), secret);
    }
    assert.not.match(text(), 'went wrong');
    const field = one<HTMLInputElement>('#unlock');
    assert.is(field.type, 'password');
    assert.is(field.autocomplete, 'current-password');
    assert.is(one('label[for=unlock]').textContent, 'Passphrase');
    assert.is(one<HTMLInputElement>('[autocomplete=username]').value, ME);
    assert.is(chat.shadowRoot?.activeElement?.id, 'unlock', 'it is ready to be typed into');
  });
}

test('the right passphrase opens the conversation', async () => {
  const { enter, text, pim } = await shown({ to: ADA });
  await enter('#unlock', PASS);
  assert.match(text(), 'hello from before');
  assert.not.ok(isLocked(text()));
  assert.is(pim.waiting.size, 0, 'nobody waits for another tab any longer');
});

test('a wrong one is said at the field, which keeps what was typed', async () => {
  const { enter, one, type, fault } = await shown({ to: ADA });
  assert.is(one('#unlock').getAttribute('aria-invalid'), 'false');
  assert.is(one<HTMLButtonElement>('[type=submit]').disabled, true, 'nothing is to be tried yet');
  await enter('#unlock', 'five words from a hat');
  const field = one<HTMLInputElement>('#unlock');
  assert.is(fault('unlock'), 'This is not the passphrase.');
  assert.is(field.getAttribute('aria-invalid'), 'true');
  assert.is(field.getAttribute('aria-describedby'), 'unlock-said');
  assert.is(field.value, 'five words from a hat');
  assert.equal([field.selectionStart, field.selectionEnd], [0, field.value.length]);
  await type('#unlock', 'four');
  assert.is(fault('unlock'), '');
  assert.is(field.getAttribute('aria-invalid'), 'false');
});

test('what is typed can be shown and hidden', async () => {
  const { one } = await shown();
  const eye = one('.typed button');
  assert.is(eye.getAttribute('aria-pressed'), 'false');
  eye.click();
  await settled();
  assert.is(one<HTMLInputElement>('#unlock').type, 'text');
  assert.is(eye.getAttribute('aria-pressed'), 'true');
  eye.click();
  await settled();
  assert.is(one<HTMLInputElement>('#unlock').type, 'password');
});

test('opening shows that it works, and gives the button back where it takes long', async () => {
  const real = globalThis.setTimeout;
  let late: () => void = () => undefined;
  Object.assign(globalThis, {
    setTimeout: (work: () => void, ms: number) => {
      if (ms === 20_000) late = work;
      return real(work, ms === 20_000 ? 2 ** 30 : ms);
    },
  });
  try {
    const { enter, one, text, pim } = await shown();
    let answer: (fault: Error) => void = () => undefined;
    const unlock = () =>
      new Promise<void>((_, reject) => {
        answer = reject;
      });
    Object.assign(pim.identity, { unlock });
    await enter('#unlock', PASS);
    assert.is(one('[type=submit]').textContent, 'Unlocking…');
    assert.is(one<HTMLButtonElement>('[type=submit]').disabled, true);
    late();
    await settled();
    assert.match(text(), 'longer than usual');
    assert.is(one<HTMLButtonElement>('[type=submit]').disabled, false);
    answer(new PimError('identity/passphrase', '', null));
    await settled();
    assert.not.match(text(), 'longer than usual');
    assert.match(text(), 'This is not the passphrase.');
  } finally {
    globalThis.setTimeout = real;
  }
});

test('closing and opening the bubble asks on, and keeps what was typed', async () => {
  const { chat, type, one, pim } = await shown({ to: ADA });
  const starts = () => pim.calls.filter((call) => call === 'start').length;
  const before = starts();
  await type('#unlock', 'four w');
  chat.hide();
  await settled();
  chat.show();
  await settled();
  assert.is(one<HTMLInputElement>('#unlock').value, 'four w');
  assert.is(starts(), before, 'nothing was tried anew');
});

test('another tab is opened: this one goes along', async () => {
  const { pim, text } = await shown({ to: ADA });
  assert.is(pim.waiting.size, 1);
  pim.isShut = false;
  await pim.start();
  await settled();
  assert.match(text(), 'hello from before');
  assert.is(pim.waiting.size, 0);
});

test('everything was erased in another tab: nothing is asked for any longer', async () => {
  const { pim, text } = await shown();
  pim.isShut = false;
  for (const end of pim.waiting) end(new PimError('pim/stopped', '', null));
  await settled();
  assert.not.ok(isLocked(text()));
  assert.match(text(), 'Chat that belongs to you');
});

test('a chat taken off the page waits no longer', async () => {
  const { pim, chat } = await shown();
  chat.remove();
  await settled();
  assert.is(pim.waiting.size, 0);
});

test('forgotten: the 24 words of the same person open it, and take the passphrase away', async () => {
  const { pim, press, type, text } = await shown({ to: ADA });
  pim.backups.set(WORDS, backupOf(ME));
  await press('Forgot it?');
  assert.not.match(text(), 'This chat is locked');
  await type('#words', 'other words');
  await press('Open');
  assert.ok(pim.isShut);
  await type('#words', WORDS);
  await press('Open');
  assert.match(text(), 'hello from before');
  assert.is(pim.passphrase, null);
});

test('forgotten: the backup of somebody else replaces this one only when asked', async () => {
  const { pim, press, type, text } = await shown();
  const restored: unknown[] = [];
  Object.assign(pim.identity, {
    restore: async (backup: Backup, options: unknown) => restored.push(backup.address, options),
  });
  pim.backups.set(WORDS, backupOf(OTHER));
  await press('Forgot it?');
  await type('#words', WORDS);
  await press('Open');
  await press('Replace what is here');
  assert.match(text(), 'Another address lives in this browser');
  assert.equal(restored, []);
  await press('Replace what is here');
  assert.equal(restored, [OTHER, { replace: true }]);
});

test('forgotten: everything can be erased, after a second question', async () => {
  const { pim, press, text } = await shown();
  await press('Forgot it?');
  await press('Erase everything here');
  assert.not.ok(pim.calls.includes('wipe'));
  await press('Yes, erase everything');
  assert.ok(pim.calls.includes('wipe'));
  assert.match(text(), 'Chat that belongs to you');
});

test('an erasing that fails is said, and can be tried again', async () => {
  const { pim, press, text } = await shown();
  const { wipe } = pim.identity;
  Object.assign(pim.identity, {
    wipe: () => Promise.reject(new PimError('storage/failed', '', { operation: 'wipe' })),
  });
  await press('Forgot it?');
  await press('Erase everything here');
  await press('Yes, erase everything');
  assert.match(text(), 'Something went wrong.');
  Object.assign(pim.identity, { wipe });
  await press('Yes, erase everything');
  assert.match(text(), 'Chat that belongs to you');
});

test('and back to the passphrase', async () => {
  const { press, text } = await shown();
  await press('Forgot it?');
  await press('Back to the passphrase');
  assert.ok(isLocked(text()));
});

test('closing the key in one chat empties all of them, and their counts', async () => {
  const { chat, pim, text } = await shown({}, locked);
  const unread: number[] = [];
  chat.addEventListener('pim-unread', (event) => unread.push(event.detail.unread));
  assert.match(text(), 'Ada Lovelace');
  await pim.identity.relock();
  await settled();
  assert.ok(isLocked(text()));
  assert.not.match(text(), 'Ada');
  assert.is(unread.at(-1), 0);
});

// ── settings ──

test('a passphrase is set: said what it is, checked twice, and asked for from then on', async () => {
  const { pim, press, type, enter, fault, text } = await atSettings();
  assert.match(text(), 'can write in your name');
  await press('Set a passphrase');
  assert.match(text(), 'nobody can reset it');
  assert.match(text(), 'Last backup: never');
  await type('#lock-next', 'a b c');
  assert.match(text(), 'At least 10 characters');
  await enter('#lock-again', 'a b c');
  assert.match(fault('lock-next') ?? '', 'At least 10 characters');
  await type('#lock-next', PASS);
  await enter('#lock-again', 'four words from a cat');
  assert.is(fault('lock-again'), 'The two are not the same.');
  assert.is(pim.passphrase, null);
  await enter('#lock-again', PASS);
  assert.is(pim.passphrase, PASS);
  assert.match(text(), 'Done.');
  await press('Lock now');
  assert.ok(isLocked(text()));
  await enter('#unlock', PASS);
  assert.match(text(), 'Ada Lovelace');
});

test('before that a backup can be made', async () => {
  const { press, text } = await atSettings();
  await press('Set a passphrase');
  await press('Make a backup first');
  assert.match(text(), 'A file with everything');
});

test('it is changed by whoever knows the present one', async () => {
  const { pim, press, type, enter, fault, text } = await atSettings(locked);
  assert.match(text(), 'A passphrase is set.');
  await press('Change or remove it');
  await type('#lock-current', 'wrong');
  await type('#lock-next', 'another four words');
  await enter('#lock-again', 'another four words');
  assert.is(fault('lock-current'), 'This is not the passphrase.');
  assert.is(pim.passphrase, PASS);
  await enter('#lock-current', PASS);
  assert.is(pim.passphrase, 'another four words');
  assert.match(text(), 'Done.');
});

test('and removed by them alone', async () => {
  const { pim, press, enter, fault, text } = await atSettings(locked);
  await press('Change or remove it');
  await enter('#lock-remove', 'wrong');
  assert.is(fault('lock-remove'), 'This is not the passphrase.');
  await enter('#lock-remove', PASS);
  assert.is(pim.passphrase, null);
  assert.match(text(), 'The passphrase is removed.');
  assert.match(text(), 'New passphrase');
});

test('it is locked from the settings too', async () => {
  const { press, text } = await atSettings(locked);
  await press('Lock now');
  assert.ok(isLocked(text()));
});

test('where nothing outlives the page there is nothing to lock', async () => {
  const { text } = await atSettings(async (pim) => {
    pim.isPersistent = false;
  });
  assert.not.match(text(), 'Set a passphrase');
});

test('how hard it is to guess, in four steps', () => {
  const cases = [
    ['', 'short'],
    ['loom-1841', 'short'],
    ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['12345678901234567890', 'weak'],
    ['abcdefghijklmnop', 'weak'],
    ['Password123', 'weak'],
    ['passwordpassword', 'weak'],
    ['letmein2024!', 'fair'],
    ['loom and cards', 'fair'],
    ['correct horse battery staple', 'strong'],
    ['x7#Qp!2vK9$mZt4&', 'strong'],
    ['蒸気で動く機械と穿孔された厚紙', 'strong'],
  ] as const;
  for (const [passphrase, strength] of cases) {
    assert.is(strengthOf(passphrase), strength, passphrase);
  }
});

test.run();
