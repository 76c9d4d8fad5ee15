/**
 * As much of a nostr relay (NIP-01) as trystero needs: subscriptions by kind and tag, events handed
 * on to them and acknowledged. Nothing is kept or checked, which is to trystero's advantage.
 */

import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

interface Filter {
  readonly kinds?: readonly number[];
  readonly '#x'?: readonly string[];
}

interface NostrEvent {
  readonly id: string;
  readonly kind: number;
  readonly tags: readonly (readonly string[])[];
}

type Frame = readonly ['EVENT', NostrEvent] | readonly ['REQ' | 'CLOSE', string, ...Filter[]];

function fits(filter: Filter, event: NostrEvent): boolean {
  const topics = event.tags.flatMap(([name, value]) => (name === 'x' ? [value ?? ''] : []));
  const isKind = filter.kinds?.includes(event.kind) ?? true;
  return isKind && (filter['#x']?.some((topic) => topics.includes(topic)) ?? true);
}

/** Listens on a free port of this machine and resolves with its URL. */
export function startNostrRelay(): Promise<string> {
  const sockets = new Map<WebSocket, Map<string, Filter[]>>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  const publish = (event: NostrEvent) => {
    for (const [socket, subscriptions] of sockets) {
      for (const [id, filters] of subscriptions) {
        if (filters.some((filter) => fits(filter, event))) {
          socket.send(JSON.stringify(['EVENT', id, event]));
        }
      }
    }
  };
  server.on('connection', (socket) => {
    const subscriptions = new Map<string, Filter[]>();
    sockets.set(socket, subscriptions);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (line) => {
      const frame = JSON.parse(String(line)) as Frame;
      if (frame[0] === 'EVENT') {
        socket.send(JSON.stringify(['OK', frame[1].id, true, '']));
        return publish(frame[1]);
      }
      const [type, id, ...filters] = frame;
      if (type === 'CLOSE') return subscriptions.delete(id);
      subscriptions.set(id, filters);
      socket.send(JSON.stringify(['EOSE', id]));
    });
  });
  return new Promise((resolve) => {
    server.on('listening', () => {
      resolve(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
