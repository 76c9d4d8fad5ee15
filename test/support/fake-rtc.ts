/**
 * WebRTC between people of one process: descriptions as SDP text, certificates, candidates, states
 * and one ordered data channel, as far as pim uses them. It checks what a browser checks (remote
 * fingerprint against the certificate of the other end, ICE credentials both ways), so that a test
 * may lie in a description and see it fail. For the fast tests only; the same journeys run on the
 * real thing in browsers.
 */

import { createHash, randomBytes } from 'node:crypto';
import { type Bytes, equal, fromHex } from '../../sdk/base/bytes.js';
import { FakeDataChannel } from './fake-rtc-channel.js';
import { describeSelf, type FakeSdp, parseCandidate, parseSdp } from './fake-rtc-sdp.js';
import type { Later } from './jitter.js';

/** Milliseconds without a way before ICE gives up; Chromium takes about 15 s. */
const ICE_GIVES_UP_MS = 15_000;

interface Timers {
  setTimer(run: () => void, ms: number): unknown;
}

/** Everything connections of one test share: who is where, and what is broken between them. */
export class FakeNetwork {
  readonly #timers: Timers;
  readonly #laneOf: (owner: string) => Later;
  readonly #byPlace = new Map<string, FakePeerConnection>();
  readonly #cut = new Set<string>();
  readonly #all = new Set<FakePeerConnection>();
  /** Whether two owners' packets reach each other at all; a firewall in the way says false. */
  isOpen: (a: string, b: string) => boolean = () => true;
  /** Owners whose connections found each other and believed the certificates they were shown. */
  readonly met: [string, string][] = [];

  /**
   * @param timers when ICE gives up, by the test's clock
   * @param laneOf what happens at one end of a connection happens after, in order: a turn of the event
   *   loop, so nothing is re-entrant
   */
  constructor(
    timers: Timers,
    laneOf = (_owner: string): Later =>
      (run) =>
        void setImmediate(run),
  ) {
    this.#timers = timers;
    this.#laneOf = laneOf;
  }

  /** Connections of `owner` that are not closed. */
  of(owner: string): FakePeerConnection[] {
    return [...this.#all].filter((each) => each.owner === owner);
  }

  open(owner: string, config: RTCConfiguration = {}): FakePeerConnection {
    const connection = new FakePeerConnection(this, owner, config, this.#laneOf(owner));
    this.#all.add(connection);
    return connection;
  }

  /** Nothing from or to `owner` arrives any longer; nobody is told. */
  cut(owner: string): void {
    this.#cut.add(owner);
    for (const connection of this.of(owner)) connection.lost();
  }

  restore(owner: string): void {
    this.#cut.delete(owner);
    for (const connection of this.of(owner)) connection.found();
  }

  /** What a browser does at last with a connection whose network is gone. */
  fail(owner: string): void {
    for (const connection of this.of(owner)) connection.fail();
  }

  isReachable(from: FakePeerConnection, to: FakePeerConnection): boolean {
    const isCut = this.#cut.has(from.owner) || this.#cut.has(to.owner);
    return !isCut && this.isOpen(from.owner, to.owner);
  }

  settle(connection: FakePeerConnection, place: string): void {
    this.#byPlace.set(place, connection);
  }

  at(place: string): FakePeerConnection | null {
    return this.#byPlace.get(place) ?? null;
  }

  forget(connection: FakePeerConnection): void {
    this.#all.delete(connection);
    for (const [place, each] of this.#byPlace) {
      if (each === connection) this.#byPlace.delete(place);
    }
  }

  giveUpLater(run: () => void): void {
    this.#timers.setTimer(run, ICE_GIVES_UP_MS);
  }
}

interface FakeSctp {
  readonly transport: {
    readonly state: string;
    readonly iceTransport: FakeIce;
    getRemoteCertificates(): ArrayBuffer[];
  };
}

interface FakeIce {
  onselectedcandidatepairchange: (() => void) | null;
}

type Handler<Event> = ((event: Event) => void) | null;
type SignalingState = 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed';

export class FakePeerConnection {
  readonly owner: string;
  readonly config: RTCConfiguration;
  readonly certificate: Bytes = new Uint8Array(randomBytes(300));
  readonly #network: FakeNetwork;
  readonly #later: Later;
  readonly #host = [10, ...randomBytes(3)].join('.');
  readonly #port = 1024 + (randomBytes(2).readUInt16BE() % 60_000);
  #own: FakeSdp | null = null;
  #theirs: FakeSdp | null = null;
  #signaling: SignalingState = 'stable';
  #state: RTCPeerConnectionState = 'new';
  /** The other end was reached, and one of the two did not believe the other's certificate. */
  #isDisbelieved = false;
  #other: FakePeerConnection | null = null;
  readonly #ice: FakeIce = { onselectedcandidatepairchange: null };
  /** Of this end, as ICE has it. */
  #candidateType: RTCIceCandidateType = 'host';
  /** Where the other end said to be, as `address:port`. */
  readonly places: string[] = [];
  readonly #channels = new Map<number, FakeDataChannel>();
  #localDescription: { type: 'offer' | 'answer'; sdp: string } | null = null;

  onicecandidate: Handler<{ candidate: { candidate: string } | null }> = null;
  onconnectionstatechange: Handler<unknown> = null;
  ondatachannel: Handler<{ channel: unknown }> = null;

  constructor(network: FakeNetwork, owner: string, config: RTCConfiguration, later: Later) {
    this.#network = network;
    this.#later = later;
    this.owner = owner;
    this.config = config;
  }

  get connectionState(): RTCPeerConnectionState {
    return this.#state;
  }

  get localDescription(): { type: 'offer' | 'answer'; sdp: string } | null {
    return this.#localDescription;
  }

  /** The address candidates of this connection name; no relay may ever see it. */
  get host(): string {
    return this.#host;
  }

  /** Of ICE; a secret between the two ends. */
  get password(): string {
    return this.#own?.pwd ?? '';
  }

  get fingerprint(): Bytes {
    return sha256(this.certificate);
  }

  /** As far as pim looks at it: whether ICE found a way, also where nothing came of it. */
  get iceConnectionState(): RTCIceConnectionState {
    if (this.#isDisbelieved || this.#state === 'connected') return 'connected';
    return this.#state === 'connecting' ? 'checking' : this.#state;
  }

  get sctp(): FakeSctp | null {
    if (this.#theirs === null) return null;
    const certificate = this.#other?.certificate;
    const seen = this.#state === 'connected' && certificate ? [certificate.slice().buffer] : [];
    const state = this.#isDisbelieved ? 'failed' : seen.length > 0 ? 'connected' : 'new';
    const iceTransport = this.#ice;
    return { transport: { state, iceTransport, getRemoteCertificates: () => seen } };
  }

  createDataChannel(label: string, options: RTCDataChannelInit = {}): FakeDataChannel {
    this.#refuseClosed();
    const id = options.negotiated === true ? (options.id ?? 0) : this.#channels.size * 2 + 2;
    const before = this.#channels.get(id);
    if (before !== undefined && before.readyState !== 'closed') {
      throw new DOMException('this number is taken', 'OperationError');
    }
    const channel = new FakeDataChannel(label, id, this.#later, {
      isOpen: () => this.#isUp(),
      other: () => this.#other?.channel(id) ?? null,
    });
    this.#channels.set(id, channel);
    const other = this.#other;
    if (this.#state === 'connected' && other !== null) {
      // Opened later and in-band: the other end is told (RFC 8832).
      if (options.negotiated !== true) other.offered(label, id);
      channel.open();
    }
    return channel;
  }

  async setLocalDescription(): Promise<void> {
    await this.#turn();
    const type = this.#signaling === 'have-remote-offer' ? 'answer' : 'offer';
    if (type === 'offer' && this.#signaling !== 'stable') throw wrongState();
    const setup = type === 'offer' ? 'actpass' : 'active';
    this.#own = {
      setup,
      ufrag: iceText(4),
      pwd: iceText(24),
      fingerprint: this.fingerprint,
    };
    this.#localDescription = { type, sdp: describeSelf(this.#own) };
    this.#signaling = type === 'offer' ? 'have-local-offer' : 'stable';
    this.#later(() => this.#gather());
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    await this.#turn();
    const isAnswer = description.type === 'answer';
    if (this.#signaling !== (isAnswer ? 'have-local-offer' : 'stable')) throw wrongState();
    this.#theirs = parseSdp(description.sdp);
    this.#signaling = isAnswer ? 'stable' : 'have-remote-offer';
    this.#network.giveUpLater(() => {
      if (this.#state === 'new' || this.#state === 'connecting') this.fail();
    });
    this.#look();
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    await this.#turn();
    if (this.#theirs === null) throw wrongState();
    this.places.push(parseCandidate(candidate.candidate ?? ''));
    this.#look();
  }

  async getStats(): Promise<Map<string, object>> {
    const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded' };
    const ends = { localCandidateId: 'local', remoteCandidateId: 'remote' };
    if (this.#state !== 'connected') return new Map();
    return new Map<string, object>([
      ['pair', { ...pair, ...ends }],
      ['local', { candidateType: this.#candidateType }],
      ['remote', { candidateType: 'host' }],
    ]);
  }

  /** ICE goes another way from now on. */
  reroute(candidateType: RTCIceCandidateType): void {
    this.#candidateType = candidateType;
    this.#later(() => this.#ice.onselectedcandidatepairchange?.());
  }

  close(): void {
    if (this.#signaling === 'closed') return;
    const wasUp = this.#isUp();
    this.#signaling = 'closed';
    this.#state = 'closed';
    this.#network.forget(this);
    for (const channel of this.#channels.values()) channel.hangUp(wasUp);
  }

  channel(id: number): FakeDataChannel | null {
    return this.#channels.get(id) ?? null;
  }

  /** The network is gone; a browser notices soon, and gives up later. */
  lost(): void {
    if (this.#state !== 'connected') return;
    this.#move('disconnected');
    this.#network.giveUpLater(() => this.#state === 'disconnected' && this.fail());
  }

  found(): void {
    if (this.#state !== 'disconnected') return;
    this.#move('connected');
    for (const channel of this.#channels.values()) channel.flush();
    for (const channel of this.#other?.channelsOpen ?? []) channel.flush();
  }

  fail(): void {
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#move('failed');
  }

  get channelsOpen(): FakeDataChannel[] {
    return [...this.#channels.values()];
  }

  /** The other end opened a channel that was not agreed on. */
  offered(label: string, id: number): void {
    // Told of the channel first, then that it is open.
    this.#later(() => this.ondatachannel?.({ channel }));
    const channel = this.createDataChannel(label, { negotiated: true, id });
  }

  #isUp(): boolean {
    const other = this.#other;
    return this.#state === 'connected' && other !== null && this.#network.isReachable(this, other);
  }

  #gather(): void {
    if (this.#signaling === 'closed') return;
    // Without a TURN server a relay-only connection has nothing to offer.
    if (this.config.iceTransportPolicy !== 'relay') {
      this.#network.settle(this, `${this.#host}:${this.#port}`);
      const line = `candidate:1 1 udp 2122260223 ${this.#host} ${this.#port} typ host`;
      this.onicecandidate?.({ candidate: { candidate: `${line} generation 0` } });
    }
    this.#later(() => this.onicecandidate?.({ candidate: null }));
    this.#look();
  }

  /** ICE: one end knows a place of the other, and both know each other's credentials. */
  #look(): void {
    for (const place of this.places) {
      const other = this.#network.at(place);
      if (other === null || other === this || this.#other !== null || other.#other !== null)
        continue;
      if (!this.#network.isReachable(this, other)) continue;
      if (!knows(this.#theirs, other.#own) || !knows(other.#theirs, this.#own)) continue;
      this.#other = other;
      other.#other = this;
      for (const each of [this, other]) each.#move('connecting');
      this.#later(() => this.#handshake(other));
    }
  }

  /** DTLS: each end compares the certificate it is shown with the description it was given. */
  #handshake(other: FakePeerConnection): void {
    const isBelieved =
      equal(sha256(other.certificate), this.#theirs?.fingerprint ?? new Uint8Array(0)) &&
      equal(sha256(this.certificate), other.#theirs?.fingerprint ?? new Uint8Array(0));
    if (isBelieved) this.#network.met.push([this.owner, other.owner].sort() as [string, string]);
    for (const end of [this, other]) {
      if (end.#signaling === 'closed') continue;
      if (!isBelieved) {
        end.#isDisbelieved = true;
        end.fail();
      } else {
        end.#move('connected');
        for (const channel of end.#channels.values()) channel.open();
      }
    }
  }

  #move(state: RTCPeerConnectionState): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    this.#later(() => this.onconnectionstatechange?.({}));
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => this.#later(resolve));
    this.#refuseClosed();
  }

  #refuseClosed(): void {
    if (this.#signaling === 'closed') throw wrongState();
  }
}

function knows(told: FakeSdp | null, real: FakeSdp | null): boolean {
  return told !== null && real !== null && told.ufrag === real.ufrag && told.pwd === real.pwd;
}

function iceText(chars: number): string {
  return randomBytes(chars).toString('base64').slice(0, chars);
}

function sha256(bytes: Uint8Array): Bytes {
  return fromHex(createHash('sha256').update(bytes).digest('hex'));
}

function wrongState(): DOMException {
  return new DOMException('not in this state', 'InvalidStateError');
}
