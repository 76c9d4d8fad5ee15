/**
 * PeerJS, simple-peer and trystero, moving bytes as their documentation shows it.
 */

import { openSignalSocket } from '../connect/pages/signal-socket.js';
import type { Task } from './page.js';

/** Sends so many bytes. */
export type Pour = (bytes: number) => Promise<void>;
/** Told of what arrives. */
type Count = (bytes: number) => void;

const MIB = 1_048_576;
/** Bytes a message of simple-peer's stream. */
const MESSAGE = 65_536;

interface Peerish {
  on(event: string, handler: (given: never) => void): void;
}

export async function peerjs({ server, name, to }: Task, count: Count): Promise<Pour | null> {
  const { Peer } = (await import('peerjs')) as unknown as {
    Peer: new (
      id: string,
      options: object,
    ) => Peerish & {
      connect(id: string, options: object): Peerish & { send(data: unknown): void };
    };
  };
  const { hostname, port } = new URL(server);
  const config = { iceServers: [] };
  const peer = new Peer(name, { host: hostname, port: Number(port), path: '/', config });
  const receive = (connection: Peerish) =>
    connection.on('data', (data: ArrayBuffer | Uint8Array) => count(data.byteLength));
  peer.on('connection', receive);
  await new Promise<void>((open) => peer.on('open', () => open()));
  if (to === '') return null;
  // Its own framing for binary data, and its own flow control.
  const connection = peer.connect(to, { reliable: true, serialization: 'binary' });
  await new Promise<void>((open) => connection.on('open', () => open()));
  return async (bytes) => {
    for (let sent = 0; sent < bytes; sent += MIB) {
      connection.send(new Uint8Array(MIB));
      const channel = (connection as unknown as { dataChannel: RTCDataChannel }).dataChannel;
      while (channel.bufferedAmount > 8 * MIB) await new Promise((on) => setTimeout(on, 5));
    }
  };
}

export async function simplePeer({ server, name, to }: Task, count: Count): Promise<Pour | null> {
  const { default: SimplePeer } = (await import('simple-peer')) as unknown as {
    default: new (
      options: object,
    ) => Peerish & { signal(s: unknown): void; write(data: unknown): boolean };
  };
  const peer = new SimplePeer({ initiator: to !== '', config: { iceServers: [] } });
  let other = to;
  const early: unknown[] = [];
  const socket = openSignalSocket(server, name, (from, signal) => {
    other = from;
    for (const each of early.splice(0)) socket.send(other, each);
    peer.signal(signal);
  });
  peer.on('signal', (signal: unknown) => {
    if (other === '') early.push(signal);
    else socket.send(other, signal);
  });
  peer.on('data', (data: Uint8Array) => count(data.byteLength));
  peer.on('error', () => undefined);
  await socket.opened;
  if (to === '') return null;
  await new Promise<void>((open) => peer.on('connect', () => open()));
  // A stream of Node's: `write` says when to wait.
  return async (bytes) => {
    for (let sent = 0; sent < bytes; sent += MESSAGE) {
      if (peer.write(new Uint8Array(MESSAGE))) continue;
      await new Promise<void>((drained) =>
        (peer as unknown as { once(e: string, h: () => void): void }).once('drain', drained),
      );
    }
  };
}

interface Action {
  send(data: Uint8Array, options?: { target?: string }): Promise<unknown>;
  onMessage: (data: ArrayBuffer) => void;
}

interface Room {
  onPeerJoin: (peer: string) => void;
  makeAction(name: string): Action;
}

/** Milliseconds. It does not say when it can be reached; this is enough here. */
const ONLINE_AFTER_MS = 1_500;

/** On its default strategy, with a nostr relay of our own. */
export async function trystero({ server, name, to }: Task, count: Count): Promise<Pour | null> {
  const { joinRoom } = (await import('trystero')) as unknown as {
    joinRoom(config: object, room: string): Room;
  };
  const config = {
    appId: 'pim-bench',
    relayConfig: { urls: [server] },
    rtcConfig: { iceServers: [] },
  };
  const room = joinRoom(config, to === '' ? name : to);
  const action = room.makeAction('bulk');
  action.onMessage = (data) => count(data.byteLength);
  if (to === '') {
    await new Promise((resolve) => setTimeout(resolve, ONLINE_AFTER_MS));
    return null;
  }
  const target = await new Promise<string>((joined) => {
    room.onPeerJoin = joined;
  });
  // `send` resolves when the channel has taken all of it: its own flow control.
  return async (bytes) => {
    for (let sent = 0; sent < bytes; sent += MIB) {
      await action.send(new Uint8Array(MIB), { target });
    }
  };
}
