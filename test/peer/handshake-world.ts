/**
 * Two devices and what they tell each other, as plain values a test can compare: the Handshake of
 * sdk/peer/handshake.ts itself, its private fields opened, and around it as much of Peer and
 * DeviceEnd as decides what it is told and what goes out. No cryptography, no WebRTC, no time.
 * The rules are those of docs/models/session.pml; here they are held against the code.
 */

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Bytes } from '../../sdk/base/bytes.js';
import type { Handshake, Incoming, Nonces, Step } from '../../sdk/peer/handshake.js';

export const SIDES = ['low', 'high'] as const;
export type Who = (typeof SIDES)[number];

/** A signal under way. Nonces, times and offers are small numbers; 0 where there is none. */
export interface Sent {
  readonly kind: 'knock' | 'hello' | 'offer' | 'answer';
  readonly by: Who;
  readonly time: number;
  readonly low: number;
  readonly high: number;
  /** The OFFER it is or answers. */
  readonly offer: number;
}

export interface Session {
  readonly offer: number;
  readonly low: number;
  readonly high: number;
  /** Low: the ANSWER is here. High has answered by definition. */
  readonly isAnswered: boolean;
}

/** The fields of a Handshake. */
export interface Fields {
  readonly nonce: number;
  readonly pairLow: number;
  readonly pairHigh: number;
  readonly offerHash: number;
  readonly seenTime: number;
  readonly isPairConnected: boolean;
}

export interface Device {
  readonly fields: Fields;
  /** Peer's own nonce for knocks to all devices. */
  readonly knockNonce: number;
  readonly clock: number;
  readonly pending: Session | null;
  readonly current: Session | null;
  /** OFFER or ANSWER of the pending session, for sending it again. */
  readonly last: Sent | null;
}

export type Op =
  | { readonly op: 'knock' }
  | { readonly op: 'take'; readonly signal: Sent }
  /** The session at hand has become a confirmed channel. */
  | { readonly op: 'open' }
  /** The session at hand came to nothing. */
  | { readonly op: 'fail' }
  /** The confirmed channel is gone. */
  | { readonly op: 'lose' }
  /** The confirmed channel does not answer; it is kept, for it may be heard again. */
  | { readonly op: 'silence' };

/** Numbers nobody has used yet. */
export interface Fresh {
  nonce(): number;
  offer(): number;
}

const NEW: Fields = {
  nonce: 0,
  pairLow: 0,
  pairHigh: 0,
  offerHash: 0,
  seenTime: 0,
  isPairConnected: false,
};

/** A device that has just begun: a page was opened. */
export function newDevice(clock = 0, seenTime = 0): Device {
  const fields = { ...NEW, seenTime };
  return { fields, knockNonce: 0, clock, pending: null, current: null, last: null };
}

interface Opened {
  _nonce: Bytes | null;
  _pair: { low: Bytes; high: Bytes } | null;
  _offerHash: Bytes | null;
  _seenTime: number;
  _isPairConnected: boolean;
}

const SOURCE = fileURLToPath(new URL('../../sdk/peer/handshake.ts', import.meta.url));

/**
 * The class as it is in its file, but for the `#` of its fields, so that equal states can be seen to
 * be equal; and but for `changes`, which take a rule away to see whether it is missed.
 */
export async function loadHandshake(
  changes: readonly (readonly [from: string, to: string])[] = [],
): Promise<typeof Handshake> {
  let contents = readFileSync(SOURCE, 'utf8');
  for (const [from, to] of changes) {
    if (!contents.includes(from)) throw new Error(`the handshake no longer says: ${from}`);
    contents = contents.replace(from, to);
  }
  contents = contents.replace(/#(?=[a-z])/g, '_');
  const stdin = { contents, loader: 'ts', resolveDir: dirname(SOURCE) } as const;
  const built = await build({ stdin, bundle: true, write: false, format: 'esm' });
  const code = Buffer.from(built.outputFiles[0]?.contents ?? []).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).Handshake;
}

const bytes = (value: number): Bytes => Uint8Array.of(value);
const maybe = (value: number): Bytes | null => (value === 0 ? null : bytes(value));
const number = (given: Bytes | null | undefined): number => given?.[0] ?? 0;

function restore(Code: typeof Handshake, who: Who, fields: Fields, fresh: Fresh): Handshake {
  const handshake = new Code(
    who,
    { seenTime: fields.seenTime },
    () => bytes(fresh.nonce()),
    () => 0,
  );
  const { pairLow, pairHigh } = fields;
  const pair = pairLow === 0 ? null : { low: bytes(pairLow), high: bytes(pairHigh) };
  return Object.assign(handshake, {
    _nonce: maybe(fields.nonce),
    _pair: pair,
    _offerHash: maybe(fields.offerHash),
    _isPairConnected: fields.isPairConnected,
  } satisfies Omit<Opened, '_seenTime'>);
}

function fieldsOf(handshake: Handshake): Fields {
  const opened = handshake as unknown as Opened;
  return {
    nonce: number(opened._nonce),
    pairLow: number(opened._pair?.low),
    pairHigh: number(opened._pair?.high),
    offerHash: number(opened._offerHash),
    seenTime: opened._seenTime,
    isPairConnected: opened._isPairConnected,
  };
}

/** What a device does about `op`: how it is then, what it sends, and what the handshake said. */
export function apply(
  Code: typeof Handshake,
  who: Who,
  device: Device,
  op: Op,
  fresh: Fresh,
): { device: Device; sent: Sent[]; step: Step['do'] | null } {
  const handshake = restore(Code, who, device.fields, fresh);
  let { knockNonce, clock, pending, current, last } = device;
  const sent: Sent[] = [];
  let did: Step['do'] | null = null;
  const send = (kind: Sent['kind'], low: number, high: number, offer = 0): Sent => {
    const signal = { kind, by: who, time: ++clock, low, high, offer };
    sent.push(signal);
    return signal;
  };

  if (op.op === 'knock') {
    // Low's is new each time, high's until it is spent (Peer.#knockNonce).
    if (who === 'low' || knockNonce === 0 || handshake.isSpent) knockNonce = fresh.nonce();
    handshake.knocking(bytes(knockNonce));
    if (who === 'low') send('knock', knockNonce, 0);
    else send('knock', 0, knockNonce);
  } else if (op.op === 'open') {
    current = pending;
    pending = null;
    handshake.connected(noncesOf(current));
  } else if (op.op === 'fail') {
    handshake.failed(noncesOf(pending));
    pending = null;
  } else if (op.op === 'lose') {
    handshake.failed(noncesOf(current));
    current = null;
  } else if (op.op === 'silence') {
    handshake.failed(noncesOf(current));
  } else if (op.signal.kind === 'answer') {
    const isMine = pending?.offer === op.signal.offer && !pending.isAnswered;
    if (isMine && pending !== null) pending = { ...pending, isAnswered: true };
  } else {
    const step = handshake.take(incoming(who, op.signal));
    did = step.do;
    if (step.do === 'hello') send('hello', number(step.nonces.low), number(step.nonces.high));
    else if (step.do === 'offer' || step.do === 'answer') {
      const { offer } = step.do === 'offer' ? { offer: fresh.offer() } : op.signal;
      const [low, high] = [number(step.nonces.low), number(step.nonces.high)];
      pending = { offer, low, high, isAnswered: step.do === 'answer' };
      last = send(step.do, low, high, offer);
    } else if (step.do !== 'nothing' && pending !== null && last !== null) sent.push(last);
  }
  if (pending === null) last = null;
  const fields = fieldsOf(handshake);
  return { device: { fields, knockNonce, clock, pending, current, last }, sent, step: did };
}

function noncesOf(session: Session | null): Nonces {
  return { low: bytes(session?.low ?? 0), high: bytes(session?.high ?? 0) };
}

function incoming(who: Who, { kind, time, low, high, offer }: Sent): Incoming {
  const nonces = { low: bytes(low), high: bytes(high) };
  if (kind === 'knock') return { kind, time, nonce: who === 'low' ? nonces.high : nonces.low };
  if (kind === 'hello') return { kind, time, nonces };
  return { kind: 'offer', time, nonces, hash: bytes(offer) };
}

/** Nothing is set up or under way: only then does a Peer knock. */
export function isIdle({ pending, current }: Device): boolean {
  return pending === null && current === null;
}
