/** Candidates both ways: gathered into few signals, kept until they can be taken, counted once. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readOwnCandidate } from '../../sdk/peer/sdp.js';
import { Trickle } from '../../sdk/peer/trickle.js';
import type { Candidate } from '../../sdk/protocol/description.js';
import {
  MAX_CANDIDATES_PER_SESSION,
  MAX_CANDIDATES_PER_SIGNAL,
} from '../../sdk/protocol/limits.js';
import { HandPlatform, settle } from '../transport/hand-platform.js';

const line = (n: number) => `candidate:${n} 1 udp 2113937151 10.0.0.${n} 5000 typ host`;
const own = (n: number) => ({ candidate: line(n) }) as RTCIceCandidate;
const theirs = (n: number): Candidate => readOwnCandidate(line(n)) as Candidate;
const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => theirs(from + i));

/** A browser's connection as far as candidates go in. */
function connectionWith(added: string[], outcome: () => Promise<void> = async () => undefined) {
  const addIceCandidate = (init: RTCIceCandidateInit) => {
    added.push(init.candidate ?? '');
    return outcome();
  };
  return { addIceCandidate } as unknown as RTCPeerConnection;
}

function made(send?: (candidates: readonly Candidate[]) => Promise<void>) {
  const platform = new HandPlatform();
  const sent: string[][] = [];
  const logged: string[] = [];
  const note = async (candidates: readonly Candidate[]) => {
    sent.push(candidates.map((each) => each.foundation));
  };
  const trickle = new Trickle({
    platform,
    logger: (level, text) => logged.push(`${level} ${text}`),
    send: send ?? note,
  });
  return { trickle, platform, sent, logged };
}

test('sends nothing before our description went out', async () => {
  const { trickle, platform, sent } = made();
  trickle.gathered(own(1));
  trickle.gathered(own(2));
  await platform.pass(1_000);
  assert.equal(sent, []);
  trickle.flow();
  await platform.pass(0);
  assert.equal(sent, [['1', '2']]);
});

test('candidates that come in one go travel in one signal, at most sixteen', async () => {
  const { trickle, platform, sent } = made();
  trickle.flow();
  for (let n = 1; n <= 40; n++) trickle.gathered(own(n));
  await platform.pass(0);
  assert.equal(
    sent.map((each) => each.length),
    [16, 16, 8],
  );
  assert.equal(
    sent.flat(),
    Array.from({ length: 40 }, (_, i) => String(i + 1)),
  );
  assert.is(MAX_CANDIDATES_PER_SIGNAL, 16);
});

test('leaves out the end mark, empty lines and what is of no use to others', async () => {
  const { trickle, platform, sent } = made();
  trickle.flow();
  trickle.gathered(null);
  trickle.gathered({ candidate: '' } as RTCIceCandidate);
  trickle.gathered({ candidate: line(1).replace('10.0.0.1', '127.0.0.1') } as RTCIceCandidate);
  await platform.pass(0);
  assert.equal(sent, []);
});

test('goes on after a signal that could not be sent', async () => {
  let isBroken = true;
  const sent: number[] = [];
  const { trickle, platform, logged } = made(async (candidates) => {
    if (isBroken) throw new Error('no');
    sent.push(candidates.length);
  });
  trickle.flow();
  trickle.gathered(own(1));
  await platform.pass(0);
  isBroken = false;
  trickle.gathered(own(2));
  await platform.pass(0);
  assert.equal(sent, [1]);
  assert.is(logged.length, 1);
});

test('keeps theirs until the browser knows their description', async () => {
  const { trickle } = made();
  const added: string[] = [];
  trickle.take(1, [theirs(1), theirs(2)]);
  assert.equal(added, []);
  trickle.connect(connectionWith(added));
  trickle.take(2, [theirs(3)]);
  await settle();
  assert.equal(
    added.map((each) => each.split(' ')[4]),
    ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
  );
});

test('takes a signal once, however many relays deliver it and however often one repeats it', () => {
  const { trickle } = made();
  const added: string[] = [];
  trickle.connect(connectionWith(added));
  for (let copy = 0; copy < 50; copy++) trickle.take(1, many(1, 16));
  trickle.take(2, many(17, 16));
  assert.is(added.length, 32);
  assert.is(new Set(added).size, 32);
});

test('takes no more than sixty-four in a session, nor more signals than that', () => {
  const { trickle } = made();
  const added: string[] = [];
  trickle.connect(connectionWith(added));
  for (let seq = 0; seq < 10; seq++) trickle.take(seq, many(seq * 16, 16));
  assert.is(added.length, MAX_CANDIDATES_PER_SESSION);
  const idle = made().trickle;
  idle.connect(connectionWith(added));
  for (let seq = 0; seq < MAX_CANDIDATES_PER_SESSION; seq++) idle.take(seq, []);
  idle.take(9_999, [theirs(1)]);
  assert.is(added.length, MAX_CANDIDATES_PER_SESSION);
});

test('a candidate the browser does not take costs no other one', async () => {
  const { trickle, logged } = made();
  const added: string[] = [];
  trickle.connect(connectionWith(added, () => Promise.reject(new Error('no'))));
  trickle.take(1, [theirs(1), theirs(2)]);
  await settle();
  assert.is(added.length, 2);
  assert.ok(logged.every((each) => each.startsWith('debug')));
});

test('is quiet once stopped, also with a signal in its hand', async () => {
  const { trickle, platform, sent } = made();
  const added: string[] = [];
  trickle.flow();
  trickle.connect(connectionWith(added));
  trickle.gathered(own(1));
  trickle.stop();
  trickle.gathered(own(2));
  trickle.take(1, [theirs(1)]);
  await platform.pass(1_000);
  assert.equal(sent, []);
  assert.equal(added, []);
});

test.run();
