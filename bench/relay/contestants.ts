/** How the generator talks to each server: who it says it is, and how a message looks. */

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { decodeRelayFrame, encodeRelayFrame, loginBody } from '../../sdk/protocol/relay-frames.js';
import { signingBytes } from '../../sdk/protocol/signing.js';
import { frameOf, RawClient, type Target } from './raw-client.js';

export type ContestantName = 'bare' | 'peer' | 'pim';

/** Bytes of the message people send, without what the protocol adds. */
export const MESSAGE_BYTES = 1_024;

/** Somebody who is ready to send and to get messages. */
export interface Ready {
  readonly client: RawClient;
  /** What others write to. */
  readonly name: string;
}

export interface Contestant {
  /** @param index of the client; 2i and 2i + 1 are a pair */
  enter(target: Omit<Target, 'path'>, index: number): Promise<Ready>;
  /** One frame with a message of MESSAGE_BYTES to `name`. */
  message(name: string): Buffer;
}

const bare: Contestant = {
  async enter(target, index) {
    const path = `/?pair=${index >> 1}`;
    return { client: await RawClient.open({ ...target, path }, () => undefined), name: '' };
  },
  message: () => frameOf(randomBytes(MESSAGE_BYTES)),
};

const peer: Contestant = {
  async enter(target, index) {
    const name = `bench-${process.pid}-${index}`;
    const path = `/peerjs?key=peerjs&id=${name}&token=t${index}&version=1.5.5`;
    let welcome: () => void = () => undefined;
    const welcomed = new Promise<void>((resolve) => {
      welcome = resolve;
    });
    const client = await RawClient.open({ ...target, path }, () => welcome());
    await welcomed;
    return { client, name };
  },
  message(name) {
    const payload = { sdp: 'x'.repeat(MESSAGE_BYTES) };
    return frameOf(Buffer.from(JSON.stringify({ type: 'OFFER', payload, dst: name })), 1);
  },
};

/** One key pair for many clients would be one key; making them is not what is measured. */
const KEYS: { readonly raw: Uint8Array<ArrayBuffer>; readonly key: KeyObject }[] = [];

function keyAt(index: number) {
  const known = KEYS[index];
  if (known !== undefined) return known;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const made = { raw, key: privateKey };
  KEYS[index] = made;
  return made;
}

/** Makes the keys of `count` clients before anything is measured. */
export function prepareKeys(count: number): void {
  for (let index = 0; index < count; index++) keyAt(index);
}

const pim: Contestant = {
  async enter(target, index) {
    const { key, raw } = keyAt(index);
    let settle: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      settle = resolve;
    });
    let client: RawClient | null = null;
    const early: Buffer[] = [];
    const hear = (payload: Buffer) => {
      if (client === null) early.push(Buffer.from(payload));
      else if (payload[0] === 1) client.write(frameOf(proof(payload)));
      else settle();
    };
    const proof = (challenge: Buffer) => {
      const frame = decodeRelayFrame(new Uint8Array(challenge));
      if (frame.kind !== 'challenge') throw new Error(`expected a challenge, got ${frame.kind}`);
      const [nonce, device] = [new Uint8Array(randomBytes(32)), new Uint8Array(8)];
      const origin = `ws://127.0.0.1:${target.port}`;
      const body = loginBody(origin, frame.nonce, nonce, raw, device);
      const signature = new Uint8Array(sign(null, signingBytes('relay-auth', body), key));
      return encodeRelayFrame({ kind: 'auth', publicKey: raw, device, nonce, signature });
    };
    client = await RawClient.open({ ...target, path: '/' }, hear);
    for (const payload of early) hear(payload);
    client.onClose = () => settle();
    await done;
    return { client, name: Buffer.from(raw).toString('latin1') };
  },
  message(name) {
    const to = new Uint8Array(Buffer.from(name, 'latin1'));
    const sealed = new Uint8Array(randomBytes(MESSAGE_BYTES));
    return frameOf(encodeRelayFrame({ kind: 'send', id: 1, to, sealed }));
  },
};

export const CONTESTANTS: Readonly<Record<ContestantName, Contestant>> = { bare, peer, pim };
