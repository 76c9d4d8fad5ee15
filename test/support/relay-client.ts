/**
 * A client of a relay as small as possible: a WebSocket, relay frames and an Ed25519 key, with every
 * step open to a test that wants to do it wrong. Shares no code with the SDK's own link.
 */

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type ClientOptions, WebSocket } from 'ws';
import { type Bytes, equal } from '../../sdk/base/bytes.js';
import {
  decodeRelayFrame,
  encodeRelayFrame,
  loginBody,
  type RelayFrame,
} from '../../sdk/protocol/relay-frames.js';
import { signingBytes } from '../../sdk/protocol/signing.js';

export type OutgoingFrame = Parameters<typeof encodeRelayFrame>[0];
export type FrameOf<Kind extends RelayFrame['kind']> = Extract<RelayFrame, { kind: Kind }>;

/** An identity: raw public key and its owner. */
export interface TestKey {
  readonly publicKey: Bytes;
  sign(bytes: Uint8Array): Bytes;
}

export function testKey(): TestKey {
  const pair = generateKeyPairSync('ed25519');
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(spki.subarray(-32)), sign: signer(pair.privateKey) };
}

function signer(key: KeyObject): (bytes: Uint8Array) => Bytes {
  return (bytes) => new Uint8Array(sign(null, bytes, key));
}

export function random(length: number): Bytes {
  return new Uint8Array(randomBytes(length));
}

export interface ProofOptions {
  /** What the client believes it dialled. */
  origin: string;
  key?: TestKey;
  device?: Bytes;
  /** Default: the challenge's. */
  nonce?: Bytes;
}

/** An AUTH frame for `challenge`, right unless the options say otherwise. */
export function proof(challenge: FrameOf<'challenge'>, options: ProofOptions): FrameOf<'auth'> {
  const { key = testKey(), device = random(8), origin } = options;
  const nonce = random(32);
  const body = loginBody(origin, options.nonce ?? challenge.nonce, nonce, key.publicKey, device);
  const signature = key.sign(signingBytes('relay-auth', body));
  return { kind: 'auth', publicKey: key.publicKey, device, nonce, signature };
}

/** The relay turned the upgrade down. */
export class UpgradeRefused extends Error {
  readonly status: number;
  readonly text: string;

  constructor(status: number, text: string) {
    super(`HTTP ${status}: ${text}`);
    this.status = status;
    this.text = text;
  }
}

export interface Closed {
  code: number;
  reason: string;
}

export class RelayClient {
  readonly socket: WebSocket;
  /** Settles when the socket is closed. */
  readonly closed: Promise<Closed>;
  readonly #frames: RelayFrame[] = [];
  readonly #waiting: ((frame: RelayFrame | null) => void)[] = [];
  #isClosed = false;
  /** Every byte the relay sent, message by message. */
  readonly received: Bytes[] = [];
  /** The key it is logged in with. */
  key: TestKey | null = null;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.#arrive(new Uint8Array(data as Buffer)));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true;
        for (const settle of this.#waiting.splice(0)) settle(null);
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /**
   * Resolves when the socket is open, before any frame is read.
   * @throws UpgradeRefused
   */
  static open(url: string, options: ClientOptions = {}): Promise<RelayClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    const client = new RelayClient(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client));
      socket.on('error', reject);
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => reject(new UpgradeRefused(response.statusCode ?? 0, text)));
      });
    });
  }

  /** Opens a socket and logs in, honestly unless `options` say otherwise. */
  static async login(url: string, options: Partial<ProofOptions> = {}): Promise<RelayClient> {
    const client = await RelayClient.open(url);
    return RelayClient.prove(client, new URL(url).origin, options);
  }

  /** Logs in on an open socket. */
  static async prove(
    client: RelayClient,
    origin: string,
    options: Partial<ProofOptions> = {},
  ): Promise<RelayClient> {
    const key = options.key ?? testKey();
    const challenge = await client.next('challenge');
    client.send(proof(challenge, { origin, ...options, key }));
    await client.next('ok');
    client.key = key;
    return client;
  }

  /** The next frame, which must be of `kind`. */
  async next<Kind extends RelayFrame['kind']>(kind: Kind): Promise<FrameOf<Kind>> {
    const frame = await this.any();
    if (frame?.kind === kind) return frame as FrameOf<Kind>;
    throw new Error(`expected ${kind}, got ${frame === null ? 'the end' : JSON.stringify(frame)}`);
  }

  /** The next frame, whatever it is; null once the socket is closed. */
  any(): Promise<RelayFrame | null> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#isClosed) return Promise.resolve(null);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  send(frame: OutgoingFrame): void {
    this.socket.send(encodeRelayFrame(frame));
  }

  sendTo(to: Uint8Array, sealed: Uint8Array, id = 1): void {
    this.send({ kind: 'send', id, to: new Uint8Array(to), sealed: new Uint8Array(sealed) });
  }

  /**
   * Sends a PING and collects what arrives before its PONG: everything the relay has said to what
   * was sent before, without waiting for a time.
   */
  async settle(): Promise<RelayFrame[]> {
    const token = random(8);
    this.send({ kind: 'ping', token });
    const frames: RelayFrame[] = [];
    for (;;) {
      const frame = await this.any();
      if (frame === null) throw new Error('the relay closed the socket');
      if (frame.kind === 'pong' && equal(frame.token, token)) return frames;
      frames.push(frame);
    }
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  #arrive(bytes: Bytes): void {
    this.received.push(bytes);
    const frame = decodeRelayFrame(bytes);
    const settle = this.#waiting.shift();
    if (settle === undefined) this.#frames.push(frame);
    else settle(frame);
  }
}
