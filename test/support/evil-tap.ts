/** A tap on the wire to a relay: what passes, both ways, and the forms a secret could have in it. */

import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { toHex, utf8 } from '../../sdk/base/bytes.js';

export interface Tap {
  readonly url: string;
  /** Everything so far, both ways, WebSocket payloads without their masks. */
  heard(): Buffer;
  close(): Promise<void>;
}

/** A wire tap: passes bytes on to the relay and keeps them. */
export async function tap(relayPort: () => number): Promise<Tap> {
  const streams: Buffer[][] = [];
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const relay = dial(relayPort(), '127.0.0.1');
    sockets.push(client, relay);
    for (const [from, to] of [
      [client, relay],
      [relay, client],
    ] as const) {
      const chunks: Buffer[] = [];
      streams.push(chunks);
      from.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => Buffer.concat(streams.map((chunks) => unmasked(Buffer.concat(chunks)))),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The HTTP head as it is, then the payload of each frame without its mask (RFC 6455 §5.3). */
function unmasked(stream: Buffer): Buffer {
  const headEnd = stream.indexOf('\r\n\r\n') + 4;
  const out = [stream.subarray(0, headEnd)];
  for (let at = headEnd; at + 2 <= stream.length; ) {
    const isMasked = ((stream[at + 1] as number) & 0x80) !== 0;
    const short = (stream[at + 1] as number) & 0x7f;
    const size = short === 126 ? stream.readUInt16BE(at + 2) : short;
    const maskAt = at + (short === 126 ? 4 : 2);
    const start = maskAt + (isMasked ? 4 : 0);
    const payload = Buffer.from(stream.subarray(start, start + size));
    for (let n = 0; isMasked && n < payload.length; n++) {
      payload[n] = (payload[n] as number) ^ (stream[maskAt + (n % 4)] as number);
    }
    out.push(payload);
    at = start + size;
  }
  return Buffer.concat(out);
}

/** A secret in every form it could be written down in. */
export function forms(secret: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(typeof secret === 'string' ? utf8(secret) : secret);
  const wide = typeof secret === 'string' ? [Buffer.from(secret, 'utf16le')] : [];
  const hex = toHex(bytes);
  const texts = [hex, hex.toUpperCase(), hex.toUpperCase().match(/../g)?.join(':') ?? ''];
  // Base64 of an inner part is the same wherever it begins, but for its first and last characters.
  const inner = [0, 1, 2].map((skip) => bytes.subarray(skip).toString('base64').slice(2, -4));
  const reversed = Buffer.from(bytes).reverse();
  return [bytes, reversed, ...wide, ...[...texts, ...inner].map((text) => Buffer.from(text))];
}
