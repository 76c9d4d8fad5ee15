/** The handshake step by step: crossing knocks, repetitions, reloads, time. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import { Handshake, type Incoming, type Nonces, type Step } from '../../sdk/peer/handshake.js';
import type { Role } from '../../sdk/protocol/confirm.js';
import { NONCE_LIFE_MS } from '../../sdk/protocol/limits.js';

/** One side with a clock and nonces a test can name. */
class End {
  now = 0;
  made: Bytes[] = [];
  readonly handshake: Handshake;

  constructor(role: Role, seenTime = 0) {
    this.handshake = new Handshake(
      role,
      { seenTime },
      () => {
        this.made.push(nonce(100 + this.made.length));
        return this.made.at(-1) as Bytes;
      },
      () => this.now,
    );
  }

  take(incoming: Incoming): Step['do'] {
    return this.handshake.take(incoming).do;
  }
}

const nonce = (value: number): Bytes => new Uint8Array(32).fill(value);
const pair = (low: number, high: number): Nonces => ({ low: nonce(low), high: nonce(high) });
const knock = (time: number, value: number): Incoming => ({
  kind: 'knock',
  time,
  nonce: nonce(value),
});
const hello = (time: number, low: number, high: number): Incoming => ({
  kind: 'hello',
  time,
  nonces: pair(low, high),
});
const offer = (time: number, low: number, high: number, hash = 9): Incoming => ({
  kind: 'offer',
  time,
  nonces: pair(low, high),
  hash: nonce(hash),
});

function noncesOf(step: Step): string {
  if (step.do !== 'hello' && step.do !== 'offer' && step.do !== 'answer') return step.do;
  return `${step.do} ${toHex(step.nonces.low).slice(0, 2)} ${toHex(step.nonces.high).slice(0, 2)}`;
}

test('low knocks first: hello, offer, answer over the two nonces', () => {
  const [low, high] = [new End('low'), new End('high')];
  low.handshake.knocking(nonce(1));
  const greeting = high.handshake.take(knock(1, 1));
  assert.is(noncesOf(greeting), 'hello 01 64');
  assert.is(noncesOf(low.handshake.take(hello(1, 1, 100))), 'offer 01 64');
  assert.is(noncesOf(high.handshake.take(offer(2, 1, 100))), 'answer 01 64');
});

test('high knocks first: low offers at once with a nonce of its own', () => {
  const [low, high] = [new End('low'), new End('high')];
  high.handshake.knocking(nonce(2));
  assert.is(noncesOf(low.handshake.take(knock(1, 2))), 'offer 64 02');
  assert.is(noncesOf(high.handshake.take(offer(1, 100, 2))), 'answer 64 02');
});

test('crossing knocks come to one session, and the hello that is left over changes nothing', () => {
  const [low, high] = [new End('low'), new End('high')];
  low.handshake.knocking(nonce(1));
  high.handshake.knocking(nonce(2));
  assert.is(noncesOf(low.handshake.take(knock(1, 2))), 'offer 01 02');
  assert.is(noncesOf(high.handshake.take(knock(1, 1))), 'hello 01 02');
  assert.is(low.take(hello(2, 1, 2)), 'repeat-offer');
  assert.is(noncesOf(high.handshake.take(offer(2, 1, 2))), 'answer 01 02');
  assert.is(high.take(offer(2, 1, 2)), 'repeat-answer');
});

test('a knock is taken once, an older one never', () => {
  const high = new End('high');
  assert.is(high.take(knock(5, 1)), 'hello');
  assert.is(high.take(knock(5, 1)), 'nothing');
  assert.is(high.take(knock(4, 3)), 'nothing');
  assert.is(high.take(knock(6, 3)), 'hello');
  const low = new End('low');
  assert.is(low.take(knock(5, 2)), 'offer');
  assert.is(low.take(knock(5, 2)), 'nothing');
  assert.is(low.take(knock(4, 3)), 'nothing');
});

test('a knock whose session was made over another relay is old at low also with a later time', () => {
  const low = new End('low');
  assert.is(low.take(knock(1, 2)), 'offer');
  low.handshake.connected({ low: nonce(100), high: nonce(2) });
  assert.is(low.take(knock(2, 2)), 'nothing');
  assert.is(low.take(knock(3, 7)), 'offer', 'a new nonce is somebody who came back');
});

test('a knock from before the session arrives late at high and is old', () => {
  const high = new End('high');
  high.handshake.knocking(nonce(2));
  assert.is(high.take(offer(5, 1, 2)), 'answer');
  assert.is(high.take(knock(4, 3)), 'nothing', 'older than the offer');
  assert.is(high.take(knock(6, 1)), 'nothing', 'the nonce of this very session');
});

test('the offer that is out is repeated for the same nonces, and made anew for others', () => {
  const low = new End('low');
  low.handshake.knocking(nonce(1));
  assert.is(low.take(hello(1, 1, 2)), 'offer');
  assert.is(low.take(hello(1, 1, 2)), 'repeat-offer');
  assert.is(low.take(knock(2, 2)), 'repeat-offer');
  assert.is(noncesOf(low.handshake.take(knock(3, 4))), 'offer 01 04');
});

test('a hello to another knock of ours, or from before the last signal, is old', () => {
  const low = new End('low');
  assert.is(low.take(hello(1, 0, 2)), 'nothing', 'nothing was asked yet');
  low.handshake.knocking(nonce(1));
  low.handshake.knocking(nonce(3));
  assert.is(low.take(hello(2, 1, 2)), 'nothing');
  assert.is(low.take(hello(3, 3, 2)), 'offer');
  assert.is(low.take(hello(2, 3, 5)), 'nothing');
});

test('a hello repeated after the channel is confirmed opens nothing', () => {
  const low = new End('low');
  low.handshake.knocking(nonce(1));
  assert.is(low.take(hello(1, 1, 2)), 'offer');
  low.handshake.connected({ low: nonce(1), high: nonce(2) });
  assert.is(low.take(hello(1, 1, 2)), 'nothing');
  assert.is(low.take(hello(2, 1, 2)), 'nothing');
});

test('an offer to a nonce that is not ours, or never was, is old', () => {
  const high = new End('high');
  assert.is(high.take(offer(1, 1, 2)), 'nothing');
  high.handshake.knocking(nonce(2));
  assert.is(high.take(offer(1, 1, 3)), 'nothing');
  assert.is(high.take(offer(1, 1, 2)), 'answer');
});

test('one nonce of high’s is good for one offer', () => {
  const high = new End('high');
  high.handshake.knocking(nonce(2));
  assert.is(high.take(offer(1, 1, 2, 9)), 'answer');
  assert.is(high.take(offer(2, 3, 2, 8)), 'nothing');
  assert.is(high.take(offer(2, 1, 2, 8)), 'nothing');
  assert.is(high.take(offer(1, 1, 2, 9)), 'repeat-answer');
});

test('an offer whose session failed cannot be played again, not even after the next knock', () => {
  const high = new End('high');
  high.handshake.knocking(nonce(2));
  assert.is(high.take(offer(1, 1, 2)), 'answer');
  high.handshake.failed({ low: nonce(1), high: nonce(2) });
  assert.is(high.take(offer(1, 1, 2)), 'nothing');
  assert.ok(high.handshake.isSpent, 'the next knock has another nonce');
  high.handshake.knocking(nonce(3));
  assert.not.ok(high.handshake.isSpent);
  assert.is(high.take(offer(1, 1, 2)), 'nothing');
  assert.is(high.take(offer(2, 4, 3)), 'answer');
});

test('the end of an older session leaves the nonce of a newer attempt alone', () => {
  const high = new End('high');
  high.handshake.knocking(nonce(2));
  assert.is(high.take(offer(1, 1, 2)), 'answer');
  assert.is(noncesOf(high.handshake.take(knock(2, 5))), 'hello 05 64', 'low came back');
  high.handshake.failed({ low: nonce(1), high: nonce(2) });
  assert.is(noncesOf(high.handshake.take(offer(3, 5, 100))), 'answer 05 64');
});

test('only the lower key offers and only the higher one greets', () => {
  const [low, high] = [new End('low'), new End('high')];
  low.handshake.knocking(nonce(1));
  high.handshake.knocking(nonce(2));
  assert.is(low.take(offer(1, 1, 2)), 'nothing');
  assert.is(high.take(hello(1, 1, 2)), 'nothing');
});

test('a nonce is answered to for a minute, and a knock gets a new one after', () => {
  const high = new End('high');
  high.handshake.knocking(nonce(2));
  high.now = NONCE_LIFE_MS;
  assert.is(noncesOf(high.handshake.take(knock(1, 1))), 'hello 01 02');
  high.now = NONCE_LIFE_MS + 1;
  assert.is(high.take(offer(2, 1, 2)), 'nothing');
  assert.is(noncesOf(high.handshake.take(knock(3, 3))), 'hello 03 64');
  const low = new End('low');
  low.handshake.knocking(nonce(1));
  low.now = NONCE_LIFE_MS + 1;
  assert.is(noncesOf(low.handshake.take(knock(1, 2))), 'offer 64 02');
});

test('what becomes of an older session does nothing to the one that was offered after it', () => {
  const older = { low: nonce(100), high: nonce(2) };
  const low = new End('low');
  assert.is(noncesOf(low.handshake.take(knock(1, 2))), 'offer 64 02');
  assert.is(noncesOf(low.handshake.take(knock(2, 3))), 'offer 64 03');
  low.handshake.connected(older);
  low.handshake.failed(older);
  assert.is(low.take(knock(3, 3)), 'repeat-offer', 'its own pair is still out');
  const high = new End('high');
  high.handshake.knocking(nonce(2));
  assert.is(high.take(offer(1, 1, 2, 9)), 'answer');
  high.handshake.failed({ low: nonce(7), high: nonce(2) });
  assert.is(high.take(offer(1, 1, 2, 9)), 'repeat-answer');
});

test('low’s page is opened anew: its old knock is nothing, its new one gets a new nonce', () => {
  const high = new End('high');
  assert.is(high.take(knock(1, 1)), 'hello');
  assert.is(high.take(offer(2, 1, 100)), 'answer');
  high.handshake.connected({ low: nonce(1), high: nonce(100) });
  assert.is(high.take(knock(1, 1)), 'nothing');
  assert.is(noncesOf(high.handshake.take(knock(3, 5))), 'hello 05 65');
  assert.is(high.take(offer(2, 1, 100)), 'nothing', 'the offer of the old page');
  assert.is(noncesOf(high.handshake.take(offer(4, 5, 101))), 'answer 05 65');
});

test('high’s page is opened anew: low offers again with a nonce of its own', () => {
  const low = new End('low');
  assert.is(noncesOf(low.handshake.take(knock(1, 2))), 'offer 64 02');
  low.handshake.connected({ low: nonce(100), high: nonce(2) });
  assert.is(noncesOf(low.handshake.take(knock(2, 3))), 'offer 65 03');
});

test('what was seen outlives the page, so that a replayed knock is old there too', () => {
  const before = new End('low');
  assert.is(before.take(knock(7, 2)), 'offer');
  const after = new End('low', before.handshake.remembered.seenTime);
  assert.is(after.take(knock(7, 2)), 'nothing');
  assert.is(after.take(knock(6, 4)), 'nothing');
  assert.is(after.take(knock(8, 4)), 'offer');
});

test('high keeps a nonce an offer under way may carry, low forgets its offer at each knock', () => {
  const high = new End('high');
  high.handshake.knocking(nonce(2));
  high.handshake.knocking(nonce(2));
  assert.is(high.take(offer(1, 1, 2)), 'answer');
  const low = new End('low');
  low.handshake.knocking(nonce(1));
  assert.is(low.take(hello(1, 1, 2)), 'offer');
  low.handshake.knocking(nonce(3));
  assert.not.ok(low.handshake.isSpent);
  assert.is(low.take(hello(2, 1, 2)), 'nothing');
});

test.run();
