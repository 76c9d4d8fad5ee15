/**
 * A refused WebSocket upgrade: one short HTTP response and the connection is gone, before anything
 * of a WebSocket exists for it.
 */

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

const TEXTS = {
  403: 'This relay serves other sites.',
  404: 'There is no WebSocket here.',
  429: 'Too many connections from your network.',
  503: 'This relay takes no more clients at the moment.',
} as const;

export function refuseUpgrade(socket: Duplex, status: keyof typeof TEXTS): void {
  const body = `${TEXTS[status]}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  // A client that has gone meanwhile must not become an error nobody listens to.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
