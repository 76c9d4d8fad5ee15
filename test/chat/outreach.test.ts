/** Asking people who do not know us: how often, in which words, until when. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex, utf8 } from '../../sdk/base/bytes.js';
import { cut, type InviteWords, Outreach } from '../../sdk/chat/outreach.js';
import type { Route, Signaling } from '../../sdk/peer/signaling.js';
import { MAX_INVITE_TEXT_BYTES } from '../../sdk/protocol/limits.js';
import { NO_TOKEN, type SignalBody } from '../../sdk/protocol/signal.js';
import { withRandom } from '../support/fuzz.js';
import { HandPlatform, settle } from '../transport/hand-platform.js';
import { keyOf } from './stores.js';

const [A, B] = [keyOf(1), keyOf(2)];
const words = (text = 'hello'): InviteWords => ({ token: NO_TOKEN, name: 'N', text });

function made() {
  const platform = new HandPlatform();
  const sent: { at: number; to: string; body: SignalBody }[] = [];
  const begin = platform.monotonic();
  const signaling = {
    signAndSend: async ({ to }: Route, body: SignalBody) => {
      sent.push({ at: platform.monotonic() - begin, to: toHex(to).slice(0, 2), body });
      return 1;
    },
  } as unknown as Signaling;
  const outreach = new Outreach(platform, signaling);
  const times = () => sent.map(({ at }) => at);
  const texts = () => sent.map(({ body }) => (body.kind === 'invite' ? body.text : ''));
  return { platform, sent, outreach, times, texts };
}

test('asks at once, then after longer and longer waits, never rarer than once a minute', async () => {
  const { platform, outreach, times } = made();
  platform.jitter = 255;
  outreach.start(A, () => words());
  await platform.pass(400_000);
  const waits = times()
    .slice(1)
    .map((at, i) => at - (times()[i] as number));
  assert.is(times()[0], 0);
  assert.ok(waits.every((ms, i) => i === 0 || ms >= (waits[i - 1] as number)));
  assert.ok((waits[0] as number) <= 3_000);
  assert.is(Math.max(...waits) <= 60_000, true);
  assert.ok((waits.at(-1) as number) > 59_000);
});

test('says token, name and words as they are at each repetition', async () => {
  const { platform, outreach, texts, sent } = made();
  let text = 'first';
  outreach.start(A, () => words(text));
  await settle();
  text = 'second';
  await platform.pass(2_000);
  assert.equal(texts(), ['first', 'second']);
  assert.equal(sent[0]?.body, { kind: 'invite', token: NO_TOKEN, name: 'N', text: 'first' });
});

test('stops where it is told to, and where there is nothing to ask any longer', async () => {
  const { platform, outreach, times } = made();
  outreach.start(A, () => words());
  await platform.pass(2_000);
  outreach.stop(A);
  const asked = times().length;
  await platform.pass(600_000);
  assert.is(times().length, asked);
  assert.is(platform.waiting, 0);

  const other = made();
  let isOpen = true;
  other.outreach.start(A, () => (isOpen ? words() : null));
  await other.platform.pass(2_000);
  isOpen = false;
  await other.platform.pass(600_000);
  assert.is(other.times().length, 2);
  assert.is(other.platform.waiting, 0);
});

test('asking somebody again begins the waits anew, and asks nobody twice at a time', async () => {
  const { platform, outreach, times } = made();
  outreach.start(A, () => words());
  await platform.pass(60_000);
  const before = times().length;
  outreach.start(A, () => words());
  await platform.pass(4_000);
  const waits = times()
    .slice(before)
    .map((at) => at - 60_000);
  assert.equal(waits, [0, 1_500]);
});

test('asks several people, each at their own pace, and stops for one or for all', async () => {
  const { platform, outreach, sent } = made();
  outreach.start(A, () => words());
  await platform.pass(20_000);
  outreach.start(B, () => words());
  await platform.pass(1_500);
  assert.equal(
    sent.slice(-2).map(({ to }) => to),
    ['02', '02'],
  );
  outreach.stop(B);
  outreach.stop(keyOf(9));
  const asked = sent.length;
  await platform.pass(60_000);
  assert.ok(sent.slice(asked).every(({ to }) => to === '01'));
  outreach.stopAll();
  await platform.pass(600_000);
  assert.is(platform.waiting, 0);
});

test('cuts words that are too long, between characters', async () => {
  const { outreach, texts } = made();
  outreach.start(A, () => words('ü'.repeat(200)));
  await settle();
  const [text = ''] = texts();
  assert.ok(utf8(text).length <= MAX_INVITE_TEXT_BYTES);
  assert.match(text, /^ü{138}…$/);
});

test('a cut text is a beginning of the whole one, well-formed, and as long as it can be', () => {
  withRandom((random) => {
    for (let i = 0; i < 2_000; i++) {
      const whole = random.text('aą€😀\ud83d\udc4d \u0301', 0, 60).toWellFormed();
      const max = random.between(8, 80);
      const text = cut(whole, max);
      assert.ok(utf8(text).length <= max);
      assert.ok(text.isWellFormed());
      if (utf8(whole).length <= max) assert.is(text, whole);
      else {
        assert.ok(text.endsWith('…') && whole.startsWith(text.slice(0, -1)));
        assert.ok(utf8(text).length > max - 4, 'no character more would have fitted');
      }
    }
  });
});

test('lone halves of characters never leave', () => {
  assert.is(cut('a\ud83d', 10), 'a\ufffd');
  assert.ok(cut('\ud83d'.repeat(50), 10).isWellFormed());
});

test.run();
