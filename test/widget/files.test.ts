/** Files on the screen: how they stand, what can be done, what is sent; and how large pictures are. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileStatus, PimError } from '../../sdk/index.js';
import { deedsOf, noteOf } from '../../widget/files/deeds.js';
import { MAX_PIXELS, sizeOf } from '../../widget/files/pixels.js';
import { ADA, type FakePim } from './fake-pim.js';
import { settled, shownChat } from './shown-chat.js';

async function shown(prepare: (pim: FakePim) => void) {
  const { pim, all } = await shownChat(prepare);
  const said = (selector: string) => all(selector).map(({ textContent }) => textContent?.trim());
  const press = async (label: string): Promise<void> => {
    const button = all('.file-deeds button').find((each) => each.textContent === label);
    assert.ok(button, label);
    button.click();
    await settled();
  };
  return { pim, all, said, press };
}

const zip = new File([new Uint8Array(1_500_000)], 'loom.zip');

test.after.each(() => document.body.replaceChildren());

test('an offered file says its name and size, and is got or declined', async () => {
  let id = '';
  const { pim, said, press } = await shown((made) => {
    made.meet(ADA);
    id = made.file(ADA, zip, {}).id;
  });
  assert.equal(said('.file-name'), ['loom.zip']);
  assert.match(said('.file-note')[0] ?? '', /^1.5\sMB$/);
  await press('No, thanks');
  await press('Get it');
  assert.equal(pim.calls.slice(-2), [`files.decline ${id}`, `files.accept ${id}`]);
});

test('one that runs shows how far it is, and can be paused and cancelled', async () => {
  const { pim, all, said, press } = await shown((made) => {
    made.meet(ADA);
    const { id } = made.file(ADA, zip, { state: 'running', bytes: 500_000 });
    assert.is(id, 'message 1');
  });
  const bar = () => all('.file progress')[0] as HTMLProgressElement;
  assert.is(bar().value.toFixed(2), '0.33');
  assert.match(said('.file-note')[0] ?? '', /500\skB.* of .*1.5\sMB/);
  pim.fileMoved('message 1', { bytes: 750_000 });
  await settled();
  assert.is(bar().value, 0.5);
  await press('Pause');
  pim.fileMoved('message 1', { state: 'paused', by: 'me' });
  await settled();
  assert.match(said('.file-note')[0] ?? '', /Paused by you$/);
  await press('Go on');
  await press('Cancel');
  assert.equal(pim.calls.slice(-3), [
    'files.pause message 1',
    'files.resume message 1',
    'files.cancel message 1',
  ]);
  pim.fileMoved('message 1', { state: 'done', bytes: 1_500_000, isHere: true });
  await settled();
  assert.equal(said('.file-deeds button'), ['Save']);
  assert.equal(all('.file progress'), []);
});

test('what went wrong is said beside the file in words', async () => {
  const { said } = await shown((made) => {
    made.meet(ADA);
    const reason = new PimError('file/altered', 'internal', null);
    made.file(ADA, zip, { state: 'failed', reason });
  });
  // Its sentence comes with the others of faults.
  await import('../../widget/strings/faults.js');
  await settled();
  assert.match(said('.file-note')[0] ?? '', /not the file that was sent/);
  assert.equal(said('.file-deeds button'), ['Try again', 'Cancel']);
});

test('names are text, whatever is in them', async () => {
  const { all, said } = await shown((made) => {
    made.meet(ADA);
    made.file(ADA, new File(['x'], '<img src=x onerror=alert(1)>.png'), {});
  });
  assert.equal(said('.file-name'), ['<img src=x onerror=alert(1)>.png']);
  assert.equal(all('img, script, iframe, object, embed'), []);
});

test('chosen, pasted and dropped files are sent; words are left to the field', async () => {
  const { pim, all } = await shown((made) => {
    made.meet(ADA);
    made.file(ADA, zip, {});
  });
  const input = all('.composer input[type=file]')[0] as HTMLInputElement;
  Object.defineProperty(input, 'files', { value: [zip], configurable: true });
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await settled();
  const field = all('textarea')[0] as HTMLElement;
  const paste = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), {
    clipboardData: { files: [new File(['1'], 'pasted.png')] },
  });
  field.dispatchEvent(paste);
  assert.ok(paste.defaultPrevented);
  const words = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), {
    clipboardData: { files: [] },
  });
  field.dispatchEvent(words);
  assert.not.ok(words.defaultPrevented);
  await settled();
  const item = { getAsFile: () => new File(['2'], 'dropped.bin') };
  const drop = Object.assign(new Event('drop', { bubbles: true, cancelable: true }), {
    dataTransfer: { types: ['Files'], items: [item] },
  });
  field.dispatchEvent(drop);
  assert.ok(drop.defaultPrevented);
  await settled();
  assert.equal(
    pim.calls.filter((call) => call.startsWith('files.send')),
    ['files.send loom.zip', 'files.send pasted.png', 'files.send dropped.bin'],
  );
});

test('nobody who has not said yes is sent files', async () => {
  const { all } = await shown((made) => {
    made.meet(ADA, { status: 'requested' });
    made.write(ADA, '**hello**', { mine: true });
  });
  assert.is(all('.in-field').length, 1);
  assert.equal(all('.attach'), []);
});

const status = (given: Partial<FileStatus>): FileStatus => ({
  ...{ id: '', conversation: '', name: '', size: 1, type: '', mine: false, state: 'offered' },
  ...{ bytes: 0, by: null, reason: null, isHere: false, ...given },
});

test('every state has its deeds and its words', () => {
  const STATES = ['offered', 'waiting', 'running', 'paused', 'done'] as const;
  const ENDS = ['declined', 'cancelled', 'missing', 'failed'] as const;
  const table = [...STATES, ...ENDS].flatMap((state) =>
    ([true, false] as const).flatMap((mine) =>
      (['me', 'them'] as const).map((by) => {
        const deeds = deedsOf(status({ state, mine, by })).map(({ does }) => does);
        return `${state} ${mine ? 'mine' : 'theirs'} by ${by}: ${deeds}; ${noteOf(status({ state, mine, by }))}`;
      }),
    ),
  );
  assert.ok(table.includes('paused theirs by me: resume,cancel; file.paused-me'));
  assert.ok(table.includes('paused theirs by them: cancel; file.paused-them'));
  assert.ok(table.includes('missing mine by them: choose,cancel; file.missing-mine'));
  assert.ok(table.includes('declined theirs by me: accept; file.declined-me'));
  assert.ok(table.includes('cancelled theirs by them: ; file.cancelled-them'));
  assert.is(new Set(table).size, 36);
});

const bytes = (type: string, ...parts: (string | number[])[]): Blob =>
  new Blob(
    parts.map((part) =>
      typeof part === 'string'
        ? Uint8Array.from(part, (character) => character.charCodeAt(0))
        : Uint8Array.from(part),
    ),
    { type },
  );

test('a picture’s size is read from its head, in each format', async () => {
  const png = (side: number[]): Blob =>
    bytes('image/png', '\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', side, side);
  assert.equal(await sizeOf(png([0, 0, 4, 0])), { width: 1024, height: 1024 });
  const gif = bytes('image/gif', 'GIF89a', [0x10, 0x00, 0x20, 0x01]);
  assert.equal(await sizeOf(gif), { width: 16, height: 288 });
  const app = [0xff, 0xe0, 0x00, 0x04, 1, 2];
  const sof = [0xff, 0xc2, 0x00, 0x0b, 8, 0x01, 0x00, 0x02, 0x00, 3];
  const huffman = [0xff, 0xc4, 0x00, 0x03, 9];
  const jpeg = bytes('image/jpeg', [0xff, 0xd8], app, huffman, sof);
  assert.equal(await sizeOf(jpeg), { width: 512, height: 256 });
  const riff: (string | number[])[] = ['RIFF', [0, 0, 0, 0], 'WEBP'];
  const extended = [10, 0, 0, 0, 0, 0, 0, 0, 0xff, 0x03, 0x00, 0x7f, 0x02, 0x00];
  assert.equal(await sizeOf(bytes('image/webp', ...riff, 'VP8X', extended)), {
    width: 1024,
    height: 640,
  });
  const avif = bytes(
    'image/avif',
    ...['ftypavif', 'ispe', [0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 32]],
    ...['ispe', [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0]],
  );
  assert.equal(await sizeOf(avif), { width: 256, height: 512 });
});

test('what would take all memory, or lies, is not decoded', async () => {
  const png = (side: number[]): Blob =>
    bytes('image/png', '\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', side, side);
  assert.ok(30_000 ** 2 > MAX_PIXELS);
  for (const picture of [
    png([0, 0, 0x75, 0x30]), // 30,000 × 30,000
    png([0, 0, 0, 0]),
    png([0xff, 0xff, 0xff, 0xff]),
    bytes('image/png', '\x89PNG'),
    bytes('image/jpeg', [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]),
    bytes('image/webp', 'RIFF'),
    bytes('image/avif', 'ftypavif'),
    bytes('image/svg+xml', '<svg width="5" height="5"/>'),
    bytes('', 'x'),
  ]) {
    assert.is(await sizeOf(picture), null);
  }
});

test.run();
