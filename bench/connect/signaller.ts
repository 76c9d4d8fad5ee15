/**
 * The least a signalling server can be: every socket has a name, the path of its URL, and JSON that
 * names a receiver is handed on.
 */

import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** Listens on a free port of this machine and resolves with its URL. */
export function startSignaller(): Promise<string> {
  const names = new Map<string, WebSocket>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const from = request.url?.slice(1) ?? '';
    names.set(from, socket);
    socket.on('close', () => names.delete(from));
    socket.on('message', (line) => {
      const { to, data } = JSON.parse(String(line)) as { to: string; data: unknown };
      names.get(to)?.send(JSON.stringify({ from, data }));
    });
  });
  return new Promise((resolve) => {
    server.on('listening', () => {
      resolve(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
