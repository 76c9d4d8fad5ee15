/**
 * Runs in both pages: moves bytes from one to the other over a bare data channel, pim, PeerJS,
 * simple-peer or trystero, and counts what arrives. Driven by files.ts.
 */

import { Pim } from '../../sdk/index.js';
import { openSignalSocket } from '../connect/pages/signal-socket.js';
import { type Pour, peerjs, simplePeer, trystero } from './peers.js';

export type Way = 'bare' | 'bare-far' | 'pim' | 'peerjs' | 'simple-peer' | 'trystero';

export interface Task {
  readonly way: Way;
  readonly server: string;
  /** Unique to this page. */
  readonly name: string;
  /** The other page's address; empty for the one that answers. */
  readonly to: string;
}

export interface FilesPage {
  /** Goes online; resolves with the address to open. */
  answer(task: Task): Promise<string>;
  /** Opens the other page; resolves when both can send. */
  open(task: Task): Promise<void>;
  /** Begins to send this many bytes; pim: the file in `#content`, which has as many. */
  send(bytes: number): Promise<void>;
  /** Resolves when so many bytes have come since the last call. */
  received(bytes: number): Promise<void>;
  /** Milliseconds from sending a word to knowing that it is over there; pim alone. */
  word(): Promise<number>;
  /** pim alone: how far the file is, in bytes. */
  progress(): number;
  /** pim alone: SHA-256 of each 64 MiB of the last file of a talk with `from`, so that no page holds more. */
  hashes(from: string): Promise<string[]>;
  /** pim alone: the address of this page. */
  address(): string;
  /** pim alone: cuts its connections, as a network does that is gone. */
  cut(): void;
}

declare global {
  var benchFiles: FilesPage;
}

const MIB = 1_048_576;
/** Bytes a message: what both engines send at once, and what pim sends. */
const MESSAGE = 65_536;
/** Bytes that wait in a bare channel: what is fastest on one machine, and what is often shown. */
const AHEAD = { bare: 131_072, 'bare-far': MIB } as const;

let came = 0;
let due = Number.POSITIVE_INFINITY;
let arrived: () => void = () => undefined;

function count(bytes: number): void {
  came += bytes;
  if (came >= due) arrived();
}

const connections: RTCPeerConnection[] = [];
const Original = globalThis.RTCPeerConnection;
globalThis.RTCPeerConnection = class extends Original {
  constructor(config?: RTCConfiguration) {
    super(config);
    connections.push(this);
  }
};

/** Sends as fast as a channel takes it, never more than `most` bytes ahead. */
async function pour(channel: RTCDataChannel, bytes: number, most: number): Promise<void> {
  const message = new Uint8Array(MESSAGE);
  channel.bufferedAmountLowThreshold = most / 2;
  for (let sent = 0; sent < bytes; sent += MESSAGE) {
    if (channel.bufferedAmount >= most) {
      await new Promise<void>((low) => {
        channel.onbufferedamountlow = () => low();
      });
    }
    channel.send(message);
  }
}

let pour_: Pour = () => Promise.reject(new Error('not open'));

async function bare({ way, server, name, to }: Task): Promise<void> {
  const connection = new RTCPeerConnection();
  type Signal = { description?: RTCSessionDescriptionInit; candidate?: RTCIceCandidateInit };
  let other = to;
  const socket = openSignalSocket(server, name, async (from, data) => {
    other = from;
    const { description, candidate } = data as Signal;
    if (candidate) return connection.addIceCandidate(candidate);
    await connection.setRemoteDescription(description as RTCSessionDescriptionInit);
    if (description?.type !== 'offer') return;
    await connection.setLocalDescription();
    socket.send(other, { description: connection.localDescription });
  });
  connection.onicecandidate = ({ candidate }) => {
    if (candidate && other !== '') socket.send(other, { candidate });
  };
  const channel = connection.createDataChannel('bulk', { negotiated: true, id: 1 });
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }) => count((data as ArrayBuffer).byteLength);
  const most = AHEAD[way as keyof typeof AHEAD];
  pour_ = (bytes) => pour(channel, bytes, most);
  await socket.opened;
  if (to === '') return;
  await connection.setLocalDescription();
  socket.send(to, { description: connection.localDescription });
  await new Promise<void>((open) => {
    channel.onopen = () => open();
  });
}

let pim: Pim | null = null;
let friend = '';
let last = '';
let reached = 0;

/** Takes the file that is sent: on disk, as people's files are. */
const chooser = document.createElement('input');
chooser.type = 'file';
chooser.id = 'content';
document.documentElement.append(chooser);

async function own({ server, name }: Task): Promise<Pim> {
  const made = new Pim({ relays: [server], profile: name.slice(0, 40), policy: 'accept' });
  pim = made;
  made.on('message', (message) => {
    if (!message.mine) friend = message.from;
    if (message.mine || message.file === null) return;
    last = message.id;
    void made.files.accept(message.from, message.id);
  });
  made.on('file:progress', ({ id, bytes, mine, state, size }) => {
    if (mine) return;
    [last, reached] = [id, bytes];
    if (state === 'done') count(size);
  });
  await made.start();
  pour_ = async (bytes) => {
    const file = chooser.files?.[0];
    if (file?.size !== bytes) throw new Error('another file is to be chosen first');
    last = (await made.files.send(friend, file)).id;
  };
  return made;
}

const WAYS = {
  bare,
  'bare-far': bare,
  peerjs: async (task: Task) => {
    pour_ = (await peerjs(task, count)) ?? pour_;
  },
  'simple-peer': async (task: Task) => {
    pour_ = (await simplePeer(task, count)) ?? pour_;
  },
  trystero: async (task: Task) => {
    pour_ = (await trystero(task, count)) ?? pour_;
  },
} as const;

globalThis.benchFiles = {
  async answer(task) {
    if (task.way !== 'pim') {
      await WAYS[task.way](task);
      return task.name;
    }
    const made = await own(task);
    if (made.relays.list().some(({ state }) => state === 'online')) return made.address;
    await new Promise<void>((online) => {
      made.on('relay', ({ state }) => state === 'online' && online());
    });
    return made.address;
  },
  async open(task) {
    if (task.way !== 'pim') return WAYS[task.way](task);
    const made = await own(task);
    friend = task.to;
    const there = new Promise<void>((online) => {
      made.on('presence', (presence) => presence.online && online());
    });
    await made.send(task.to, 'hello');
    await there;
  },
  send: (bytes) => pour_(bytes),
  received(bytes) {
    return new Promise<void>((all) => {
      due = bytes;
      arrived = () => {
        came = 0;
        due = Number.POSITIVE_INFINITY;
        all();
      };
      count(0);
    });
  },
  async word() {
    const made = pim as Pim;
    const from = performance.now();
    const { id } = await made.send(friend, 'word');
    await new Promise<void>((delivered) => {
      const undo = made.on('receipt', ({ ids }) => {
        if (!ids.includes(id)) return;
        undo();
        delivered();
      });
    });
    return performance.now() - from;
  },
  progress: () => reached,
  address: () => (pim as Pim).address,
  async hashes(from) {
    const file = await (pim as Pim).files.read(from, last);
    const all: string[] = [];
    for (let at = 0; at < file.size; at += 64 * MIB) {
      const part = await file.slice(at, at + 64 * MIB).arrayBuffer();
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', part));
      all.push([...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    }
    return all;
  },
  cut() {
    for (const connection of connections) connection.close();
  },
};
