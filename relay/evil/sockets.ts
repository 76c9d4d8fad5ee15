/**
 * What a hostile relay can do below WebSocket frames: HTTP answers and raw bytes (RFC 6455 §4.2.2,
 * §5.2). Each socket it keeps to itself has an end.
 */

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hostility } from '../hostility.js';
import type { Tools } from './tools.js';

/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Milliseconds a socket without a session may stay. */
const LIFE_MS = 30_000;
/** Bytes that may wait to be sent one by one. */
const MAX_WAITING_BYTES = 65_536;
const CRUMBS = 16_000;

/** A name that no resolver knows (RFC 6761 §6.4): nothing would be there, were it followed. */
export const redirect: Hostility = {
  upgrade: (_request, socket) => {
    const head = 'HTTP/1.1 301 Moved Permanently\r\nLocation: wss://elsewhere.invalid/';
    socket.end(`${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  },
};

export function otherSubprotocol(tools: Tools): Hostility {
  return raw(tools, 'Sec-WebSocket-Protocol: evil\r\n', () => Buffer.alloc(0));
}

/** A binary frame with a reserved bit set, which only an extension may do. */
export function malformed(tools: Tools): Hostility {
  return raw(tools, '', () => Buffer.of(0xc2, 2, 1, 1));
}

/** One message of many frames of one byte. */
export function crumbs(tools: Tools): Hostility {
  return raw(tools, '', () => {
    const frames = Buffer.alloc(CRUMBS * 3);
    for (let n = 0; n < CRUMBS; n++) {
      const isLast = n === CRUMBS - 1;
      frames.set([n === 0 ? 0x02 : isLast ? 0x80 : 0x00, 1, 1], n * 3);
    }
    return frames;
  });
}

function raw(tools: Tools, header: string, first: () => Buffer): Hostility {
  const open = new Set<Duplex>();
  return {
    upgrade: (request, socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      const lines = 'Upgrade: websocket\r\nConnection: Upgrade';
      const head = `${lines}\r\nSec-WebSocket-Accept: ${acceptOf(request)}\r\n${header}`;
      socket.on('error', () => socket.destroy());
      socket.on('data', () => undefined);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head}\r\n`);
      socket.write(first());
      tools.setTimer(() => socket.destroy(), LIFE_MS);
    },
    close: async () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function acceptOf({ headers }: IncomingMessage): string {
  const key = String(headers['sec-websocket-key']);
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}

/** Everything goes out one byte at a time, from the answer to the upgrade on. */
export function slow(everyMs: number, tools: Tools): Hostility {
  return {
    upgrade: (_request, socket, admit) => {
      trickle(socket, everyMs, tools);
      admit();
    },
  };
}

function trickle(socket: Duplex, everyMs: number, tools: Tools): void {
  const write = socket.write.bind(socket) as (chunk: Buffer) => boolean;
  let waiting = Buffer.alloc(0);
  const next = () => {
    if (socket.destroyed || waiting.length === 0) return;
    write(waiting.subarray(0, 1));
    waiting = waiting.subarray(1);
    tools.setTimer(next, everyMs);
  };
  socket.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const isIdle = waiting.length === 0;
    waiting = Buffer.concat([waiting, Buffer.from(chunk as string)]);
    if (waiting.length > MAX_WAITING_BYTES) socket.destroy();
    const written = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    written?.();
    if (isIdle) tools.setTimer(next, 0);
    return true;
  };
}
