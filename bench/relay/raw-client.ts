/**
 * A WebSocket client as light as can be, so that the server under test is the one that saturates:
 * messages are written as bytes made beforehand, and read without being copied.
 */

import { connect, type Socket } from 'node:net';

/** RFC 6455 §5.2. */
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** The mask is all zeros: servers have the same work with it, and the generator has none. */
const MASKED = 0x80;

/** One masked frame with `payload`. */
export function frameOf(payload: Uint8Array, opcode = BINARY): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, MASKED | length])
      : Buffer.from([0x80 | opcode, MASKED | 126, length >> 8, length & 255]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

export interface Target {
  readonly port: number;
  readonly path: string;
  /** The loopback address to come from: a port number is used once for each. Empty: any. */
  readonly from: string;
  /** The loopback address to dial, 127.0.0.1 unless told otherwise. */
  readonly host?: string;
}

export class RawClient {
  readonly #socket: Socket;
  #left: Buffer | null = null;
  #isOpen = false;
  #settleOpen: (fault: Error | null) => void = () => undefined;
  /** Gets each message; the bytes are good for the call only. */
  onMessage: (payload: Buffer) => void = () => undefined;
  onClose: () => void = () => undefined;
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.#settleOpen(new Error('closed before it was open'));
      this.onClose();
    });
  }

  /** Resolves when the upgrade is done; messages may follow in the same read. */
  static open(target: Target, onMessage: (payload: Buffer) => void): Promise<RawClient> {
    const { from, host = '127.0.0.1', path, port } = target;
    const local = from === '' ? {} : { localAddress: from };
    const client = new RawClient(connect({ port, host, ...local }));
    client.onMessage = onMessage;
    client.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    return new Promise((resolve, reject) => {
      client.#settleOpen = (fault) => (fault === null ? resolve(client) : reject(fault));
    });
  }

  write(frames: Buffer): void {
    this.#socket.write(frames);
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let bytes = this.#left === null ? chunk : Buffer.concat([this.#left, chunk]);
    this.#left = null;
    if (!this.#isOpen) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#left = bytes;
        return;
      }
      this.#isOpen = bytes.subarray(0, 12).toString('latin1') === 'HTTP/1.1 101';
      const line = bytes.subarray(0, bytes.indexOf('\r\n')).toString('latin1');
      this.#settleOpen(this.#isOpen ? null : new Error(line));
      bytes = bytes.subarray(end + 4);
    }
    const read = this.#frames(bytes);
    if (read < bytes.length) this.#left = Buffer.from(bytes.subarray(read));
  }

  /** @returns bytes of whole frames */
  #frames(bytes: Buffer): number {
    let at = 0;
    while (bytes.length - at >= 2) {
      const opcode = (bytes[at] as number) & 15;
      const short = (bytes[at + 1] as number) & 127;
      const head = short === 126 ? 4 : 2;
      if (short === 127 || bytes.length - at < head) break;
      const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
      if (bytes.length - at < head + length) break;
      const payload = bytes.subarray(at + head, at + head + length);
      if (opcode === PING) this.write(frameOf(payload, PONG));
      else if (opcode === CLOSE) this.end();
      else this.onMessage(payload);
      at += head + length;
    }
    return at;
  }
}
