/**
 * Two or more people as the network sees them: their PeerBooks, a relay of one object between them
 * that a test can bend, WebRTC of one process, and one clock that stands until a test moves it.
 */

import { type Bytes, equal, toHex } from '../../sdk/base/bytes.js';
import type { PimError } from '../../sdk/base/errors.js';
import type { Identity } from '../../sdk/crypto/identity.js';
import { open } from '../../sdk/crypto/seal.js';
import type { Channel } from '../../sdk/peer/channel.js';
import type { Peer } from '../../sdk/peer/peer.js';
import { PeerBook } from '../../sdk/peer/peer-book.js';
import type { Standing, Verified } from '../../sdk/peer/signaling.js';
import { decodeSignal, type Signal } from '../../sdk/protocol/signal.js';
import { FakeNetwork } from '../support/fake-rtc.js';
import { HandPlatform, settle, somebody, suite } from '../transport/hand-platform.js';

export const RELAY = 'wss://relay.example';

/** What a relay does with an envelope on its way: hand on as it is, another one, several, none. */
export type Bend = (sealed: Bytes, from: Person, to: Person) => Bytes | readonly Bytes[] | null;

export class Meeting {
  /** Everybody's time. */
  readonly clock = new HandPlatform();
  readonly network = new FakeNetwork(this.clock);
  readonly people: Person[] = [];
  bend: Bend = (sealed) => sealed;
  /** Signals that went through the relay, as their recipients could read them. */
  readonly seen: { from: Person; to: Person; signal: Signal }[] = [];

  /** @param role where their key sorts against those who are there already */
  async person(name: string, role: 'low' | 'high' | 'any' = 'any'): Promise<Person> {
    for (;;) {
      const platform = this.platformOf(name);
      const identity = await somebody(platform);
      const isLow = (other: Person) => toHex(identity.keys.publicKey) < toHex(other.key);
      const fits = this.people.every(
        (other) => role === 'any' || isLow(other) === (role === 'low'),
      );
      if (!fits) continue;
      const person = new Person(name, this, platform, identity);
      this.people.push(person);
      return person;
    }
  }

  platformOf(name: string): HandPlatform {
    const { now, monotonic, setTimer, clearTimer } = this.clock;
    const openPeerConnection = (config: RTCConfiguration) =>
      this.network.open(name, config) as unknown as RTCPeerConnection;
    return Object.assign(new HandPlatform(), {
      now,
      monotonic,
      setTimer,
      clearTimer,
      openPeerConnection,
    });
  }

  /** Hands an envelope to whoever it is for. */
  async carry(from: Person, to: Bytes, sealed: Bytes): Promise<void> {
    const person = this.people.find((each) => equal(each.key, to));
    if (person === undefined) return;
    const whole = await open(suite, person.identity.keys, sealed);
    this.seen.push({ from, to: person, signal: decodeSignal(whole).signal });
    const bent = this.bend(sealed, from, person);
    const copies = bent === null ? [] : Array.isArray(bent) ? bent : [bent];
    for (const copy of copies as Bytes[]) person.deliver(copy);
  }

  /** Lets time pass, with the turns that WebRTC and signals take. */
  async pass(ms: number): Promise<void> {
    await this.clock.pass(ms);
    await this.rest();
  }

  /** Until nothing more happens by itself: knock, offer, answer and proof take some dozens of turns. */
  async rest(): Promise<void> {
    for (let i = 0; i < 6; i++) {
      await settle(20);
      await this.clock.pass(0);
    }
  }

  kinds(from?: Person): string[] {
    const kept = this.seen.filter((each) => from === undefined || each.from === from);
    return kept.map(({ signal }) => signal.body.kind);
  }
}

export class Person {
  readonly name: string;
  readonly meeting: Meeting;
  readonly platform: HandPlatform;
  readonly identity: Identity;
  book: PeerBook;
  /** Whom they know; strangers by default. */
  readonly standings = new Map<string, Standing>();
  readonly secured: { peer: Peer; device: Bytes; channel: Channel }[] = [];
  /** States of their connections in order, as `state` or `state code`. */
  readonly told: string[] = [];
  readonly invites: Verified[] = [];
  readonly accepts: Verified[] = [];
  readonly remembered = new Map<string, number>();
  readonly relays: string[] = [];
  readonly logged: string[] = [];
  #signalTime = 0;
  rtcConfig: () => Promise<RTCConfiguration> = async () => ({ iceServers: [] });

  constructor(name: string, meeting: Meeting, platform: HandPlatform, identity: Identity) {
    this.name = name;
    this.meeting = meeting;
    this.platform = platform;
    this.identity = identity;
    this.book = this.#open();
  }

  get key(): Bytes {
    return this.identity.keys.publicKey;
  }

  knows(...others: Person[]): this {
    for (const other of others) this.standings.set(toHex(other.key), 'contact');
    return this;
  }

  peer(other: Person): Peer {
    return this.book.peer(other.key);
  }

  /** The channel they have with somebody. */
  channel(other: Person): Channel {
    const channel = this.peer(other).channels[0];
    if (channel === undefined) throw new Error(`${this.name} has no channel with ${other.name}`);
    return channel;
  }

  /** Joins the relay, which lets them in, answers pings and hands on what they send. */
  async join(url = RELAY): Promise<void> {
    this.platform.onSocket = (socket) => {
      socket.onSent = (frame) => {
        if (frame.kind === 'ping') socket.deliver({ kind: 'pong', token: frame.token });
        if (frame.kind === 'send') void this.meeting.carry(this, frame.to, frame.sealed);
      };
      queueMicrotask(() => void socket.welcome());
    };
    this.book.pool.add(url);
    await settle(8);
  }

  deliver(sealed: Bytes): void {
    for (const socket of this.platform.sockets) socket.deliver({ kind: 'receive', sealed });
  }

  /** The page is gone and another one is there; what was remembered is. */
  async reload(): Promise<void> {
    this.meeting.network.cut(this.name);
    for (const connection of this.meeting.network.of(this.name)) connection.close();
    this.meeting.network.restore(this.name);
    this.book.pool.stop();
    this.platform.sockets.length = 0;
    this.book = this.#open();
    await this.join();
  }

  #open(): PeerBook {
    return new PeerBook({
      identity: this.identity,
      suite,
      platform: this.platform,
      logger: (level, text) => this.logged.push(`${level} ${text}`),
      lastSignalTime: this.#signalTime,
      keepSignalTime: async (time) => {
        this.#signalTime = time;
      },
      rtcConfig: () => this.rtcConfig(),
      standing: (key) => this.standings.get(toHex(key)) ?? 'stranger',
      recall: (_key, device) => this.remembered.get(device) ?? 0,
      remember: (_key, device, time) => void this.remembered.set(device, time),
      onInvite: (signal) => this.invites.push(signal),
      onAccept: (signal) => this.accepts.push(signal),
      onReady: () => undefined,
      onPeer: (peer) => {
        const state = [peer.state, peer.reason?.code].filter(Boolean).join(' ');
        if (this.told.at(-1) !== state) this.told.push(state);
      },
      onSecure: (peer, device, channel) => this.secured.push({ peer, device, channel }),
      onRelay: (url: string, state: string, reason: PimError | null) =>
        this.relays.push([url, state, reason?.code].filter(Boolean).join(' ')),
    });
  }
}

/** Two contacts who have joined the relay. */
export async function twoContacts(): Promise<{ meeting: Meeting; low: Person; high: Person }> {
  const meeting = new Meeting();
  const low = await meeting.person('low');
  const high = await meeting.person('high', 'high');
  low.knows(high);
  high.knows(low);
  await low.join();
  await high.join();
  return { meeting, low, high };
}
