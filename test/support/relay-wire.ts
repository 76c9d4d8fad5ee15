/** Raw WebSocket bytes, for what no client library lets one send; and a session without a network. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Wire } from '../../relay/wire.js';
import { type Bytes, concat } from '../../sdk/base/bytes.js';
import { decodeRelayFrame, type RelayFrame } from '../../sdk/protocol/relay-frames.js';

export interface RawFrame {
  /** RFC 6455 §5.2: 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  opcode: number;
  payload?: Uint8Array;
  isLast?: boolean;
  isMasked?: boolean;
  /** The three reserved bits as a number. */
  reserved?: number;
}

/** One WebSocket frame as a client would mask it. */
export function rawFrame(frame: RawFrame): Bytes {
  const {
    isLast = true,
    isMasked = true,
    opcode,
    payload = new Uint8Array(0),
    reserved = 0,
  } = frame;
  const length = payload.length;
  const sizes = length < 126 ? [length] : [126, length >> 8, length & 255];
  if (length > 65_535) throw new RangeError('rawFrame: at most 65535 bytes');
  const head = [(isLast ? 0x80 : 0) | (reserved << 4) | opcode, ...sizes];
  if (!isMasked) return concat(Uint8Array.from(head), payload);
  head[1] = (head[1] as number) | 0x80;
  const mask = randomBytes(4);
  const masked = payload.map((byte, i) => byte ^ (mask[i % 4] as number));
  return concat(Uint8Array.from(head), mask, masked);
}

/** A TCP connection whose WebSocket handshake is done and whose challenge has arrived. */
export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(socket, 'data');
  return socket;
}

/** The close code in what a relay wrote last; null where it wrote no close frame. */
export async function closeCodeOf(socket: Socket): Promise<number | null> {
  let tail: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]);
  });
  if (!socket.closed) await once(socket, 'close');
  // The challenge may come before it; nothing comes after it.
  const at = tail.lastIndexOf(0x88);
  return at < 0 || tail.length < at + 4 ? null : tail.readUInt16BE(at + 2);
}

/** A Wire that writes to a list. */
export class FakeWire implements Wire {
  waitingBytes = 0;
  pings = 0;
  /** Milliseconds of each time it was not to be read. */
  readonly holds: number[] = [];
  readonly pongs: Buffer[] = [];
  readonly frames: RelayFrame[] = [];
  /** Close codes; -1 for a termination. */
  readonly ends: number[] = [];

  write(frame: Uint8Array): void {
    this.frames.push(decodeRelayFrame(new Uint8Array(frame)));
  }

  ping(): void {
    this.pings++;
  }

  pong(payload: Uint8Array): void {
    this.pongs.push(Buffer.from(payload));
  }

  hold(ms: number): void {
    this.holds.push(ms);
  }

  dismiss(code: number): void {
    this.ends.push(code);
  }

  close(code: number): void {
    this.ends.push(code);
  }

  terminate(): void {
    this.ends.push(-1);
  }
}
