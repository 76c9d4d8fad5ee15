/**
 * One hostile client that does one thing as fast as it can, from one address, in a process of its
 * own: `<port> <address> <vector>`. What the relay closes is opened again at once. Its parent says
 * when it floods, and when it only spins, once it has said that it is ready.
 */

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { decodeRelayFrame, encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { proof, random, testKey } from './relay-client.js';
import { rawFrame } from './relay-wire.js';

/** Bytes given to the kernel at once. */
const PIECE_BYTES = 65_536;
/** Connections it keeps open: as many as one network may have that have not logged in. */
const AT_ONCE = 5;

const [port, address, vector] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const key = testKey();
const open = new Set<Socket>();
let mode: 'idle' | 'spin' | 'flood' = 'idle';

const binary = (payload: Uint8Array) => rawFrame({ opcode: 2, payload });
const send = { kind: 'send', id: 7, to: random(32), sealed: random(561) } as const;

/** What each vector repeats on an open connection. */
const PIECES: Readonly<Record<string, Uint8Array>> = {
  'valid frames': binary(encodeRelayFrame(send)),
  'large frames': binary(encodeRelayFrame({ ...send, sealed: random(8_241) })),
  'malformed frames': binary(encodeRelayFrame(send).fill(255, 37, 39)),
  'unknown frames': binary(random(30).fill(99, 0, 1)),
  fragments: rawFrame({ opcode: 2, payload: new Uint8Array(1), isLast: false }),
  'WebSocket pings': rawFrame({ opcode: 9 }),
  'PING frames': binary(encodeRelayFrame({ kind: 'ping', token: random(8) })),
  'HTTP requests': Buffer.from('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'),
  'HTTP garbage': randomBytes(200),
};

function repeated(piece: Uint8Array): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(PIECE_BYTES / piece.length) }, () => piece));
}

const PIECE = repeated(PIECES[vector as string] ?? new Uint8Array(1));

function pour(socket: Socket): void {
  while (!socket.destroyed && socket.write(PIECE));
  socket.once('drain', () => pour(socket));
}

/** A login whose proof is well made, for an origin that is another relay's. */
function badLogin(challenge: Buffer): Uint8Array {
  const frame = decodeRelayFrame(new Uint8Array(challenge));
  if (frame.kind !== 'challenge') throw new Error(`got ${frame.kind}`);
  return binary(encodeRelayFrame(proof(frame, { origin: 'wss://elsewhere.example', key })));
}

function goodLogin(challenge: Buffer): Uint8Array {
  const frame = decodeRelayFrame(new Uint8Array(challenge));
  if (frame.kind !== 'challenge') throw new Error(`got ${frame.kind}`);
  return binary(encodeRelayFrame(proof(frame, { origin: `ws://127.0.0.1:${port}`, key })));
}

function attack(): void {
  const socket = connect({ port, host: '127.0.0.1', localAddress: address });
  open.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    open.delete(socket);
    if (mode === 'flood') setImmediate(attack);
  });
  if (vector === 'connections') {
    socket.on('connect', () => socket.destroy());
    return;
  }
  if (vector?.startsWith('HTTP')) {
    socket.resume();
    pour(socket);
    return;
  }
  socket.write(
    `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  let head = Buffer.alloc(0);
  const hear = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    // CHAL: 2 bytes of WebSocket header and 45 of its own.
    if (end < 0 || head.length < end + 4 + 47) return;
    socket.off('data', hear);
    socket.resume();
    const challenge = head.subarray(end + 6, end + 51);
    if (vector === 'bad logins') socket.write(badLogin(challenge));
    else {
      socket.write(goodLogin(challenge));
      pour(socket);
    }
  };
  socket.on('data', hear);
}

/** Keeps the processor as busy as a flood would, and sends nothing. */
function spin(): void {
  if (mode !== 'spin') return;
  const end = performance.now() + 5;
  while (performance.now() < end);
  setImmediate(spin);
}

process.on('message', (word: 'spin' | 'flood') => {
  const was = mode;
  mode = word;
  if (word === 'flood') {
    for (let i = 0; i < AT_ONCE; i++) attack();
  } else {
    for (const socket of open) socket.destroy();
    if (was !== 'spin') spin();
  }
});
process.send?.('ready');
process.on('disconnect', () => process.exit());
