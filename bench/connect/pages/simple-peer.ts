/** simple-peer over the minimal signaller; it brings none of its own. */

import type { Contestant } from './page.js';
import { openSignalSocket, type SignalSocket } from './signal-socket.js';

interface Peer {
  on(event: 'signal', handler: (signal: unknown) => void): void;
  on(event: 'connect', handler: () => void): void;
  on(event: 'data', handler: (data: Uint8Array) => void): void;
  on(event: 'error', handler: () => void): void;
  signal(signal: unknown): void;
  send(data: string): void;
}

export interface SimplePeer {
  readonly default: new (options: object) => Peer;
}

export const simplePeer = ({ default: SimplePeer }: SimplePeer): Contestant => {
  const open = (initiator: boolean, socket: SignalSocket, to: string): Peer => {
    const peer = new SimplePeer({ initiator, config: { iceServers: [] } });
    peer.on('signal', (signal) => socket.send(to, signal));
    peer.on('error', () => undefined);
    return peer;
  };
  return {
    async answer({ server, visit }, show) {
      const peers = new Map<string, Peer>();
      const socket = openSignalSocket(server, visit, (from, signal) => {
        const peer = peers.get(from) ?? open(false, socket, from);
        if (!peers.has(from)) peer.on('data', (data) => show(new TextDecoder().decode(data)));
        peers.set(from, peer);
        peer.signal(signal);
      });
      await socket.opened;
      return visit;
    },

    send({ server, visit, to, text }) {
      const socket = openSignalSocket(server, visit, (_from, signal) => peer.signal(signal));
      const peer = open(true, socket, to);
      peer.on('connect', () => peer.send(text));
    },
  };
};
