/** PeerJS with its own server, as its documentation shows it; no ICE servers, like everybody here. */

import type { Contestant } from './page.js';

interface Connection {
  on(event: 'open', handler: () => void): void;
  on(event: 'data', handler: (data: unknown) => void): void;
  send(data: string): unknown;
}

interface Peer {
  on(event: 'open', handler: (id: string) => void): void;
  on(event: 'connection', handler: (connection: Connection) => void): void;
  connect(id: string, options?: object): Connection;
}

export interface PeerJs {
  /** An id of one's own spares the request for one. */
  readonly Peer: new (
    id: string,
    options: object,
  ) => Peer;
}

function options(server: string): object {
  const { hostname, port } = new URL(server);
  return { host: hostname, port: Number(port), path: '/', config: { iceServers: [] } };
}

export const peerjs = ({ Peer }: PeerJs): Contestant => ({
  answer({ server, visit }, show) {
    const peer = new Peer(visit, options(server));
    peer.on('connection', (connection) => {
      connection.on('data', (data) => show(String(data)));
    });
    return new Promise((resolve) => peer.on('open', resolve));
  },

  send({ server, visit, to, text }) {
    const peer = new Peer(visit, options(server));
    peer.on('open', () => {
      const connection = peer.connect(to);
      connection.on('open', () => connection.send(text));
    });
  },
});
