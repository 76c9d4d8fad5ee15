/**
 * A session of an evil peer with somebody: knocks, offers or answers, and an open data channel, each
 * honest unless a test changes it. What is said on the channel is the test's affair.
 */

import { type Bytes, equal } from '../../sdk/base/bytes.js';
import { readOwnCandidate, readOwnSdp, writeCandidate, writeSdp } from '../../sdk/peer/sdp.js';
import {
  type ChannelFrame,
  decodeChannelFrame,
  encodeChannelFrame,
} from '../../sdk/protocol/channel-frames.js';
import {
  confirmBody,
  decodeConfirm,
  encodeConfirm,
  type Role,
  type SessionNames,
  sessionIdInput,
  type Transcript,
  transcriptInput,
} from '../../sdk/protocol/confirm.js';
import type { Description } from '../../sdk/protocol/description.js';
import { type EvilPeer, Inbox, keyOf, suite } from './evil-peer.js';
import type { FakeNetwork, FakePeerConnection } from './fake-rtc.js';
import type { FakeDataChannel } from './fake-rtc-channel.js';
import { random } from './relay-client.js';

/** The type byte of a frame on the channel, docs/protocol.md §8. */
const PING = 0x20;

export interface Lies {
  /** What is signed instead of the true description. */
  readonly describe?: (own: Description) => Description;
}

export class EvilSession {
  readonly peer: EvilPeer;
  readonly connection: FakePeerConnection;
  readonly channel: FakeDataChannel;
  /** Every message of the channel as bytes, oldest first. */
  readonly inbox = new Inbox<Bytes>();
  readonly victim: Bytes;
  readonly role: Role;
  /** Settles when the channel is closed. */
  readonly closed: Promise<void>;
  names!: SessionNames;
  id!: Bytes;
  offerHash!: Bytes;
  answerHash!: Bytes;
  mine!: Description;
  theirs!: Description;
  readonly #lies: Lies;
  #theirDevice: Bytes | null = null;
  #isConfirmed = false;
  #seq = 0;

  private constructor(peer: EvilPeer, victim: Bytes, network: FakeNetwork, lies: Lies) {
    this.peer = peer;
    this.victim = victim;
    this.#lies = lies;
    this.role = Buffer.compare(peer.key, victim) < 0 ? 'low' : 'high';
    this.connection = network.open('evil');
    this.channel = this.connection.createDataChannel('pim/1', { negotiated: true, id: 0 });
    this.channel.onmessage = ({ data }) => this.#take(new Uint8Array(data as ArrayBuffer));
    this.closed = new Promise((resolve) => {
      this.channel.onclose = () => resolve();
    });
  }

  /** Both have described themselves, and look for each other. */
  static async describe(
    peer: EvilPeer,
    victim: Bytes | string,
    network: FakeNetwork,
    lies: Lies = {},
  ): Promise<EvilSession> {
    const session = new EvilSession(peer, keyOf(victim), network, lies);
    if (session.role === 'low') await session.#offer();
    else await session.#answer();
    void session.#takeCandidates();
    return session;
  }

  /** As `describe`, and the channel is open. */
  static async open(...given: Parameters<typeof EvilSession.describe>): Promise<EvilSession> {
    const session = await EvilSession.describe(...given);
    await session.opened();
    return session;
  }

  opened(): Promise<void> {
    if (this.channel.readyState === 'open') return Promise.resolve();
    return new Promise((resolve) => {
      this.channel.onopen = () => resolve();
    });
  }

  /** Nothing where the victim has closed the channel already. */
  sendBytes(bytes: Bytes): void {
    if (this.channel.readyState === 'open') this.channel.send(bytes);
  }

  send(frame: ChannelFrame): void {
    this.sendBytes(encodeChannelFrame(frame));
  }

  /** C1 of the victim. */
  async theirC1(): Promise<Bytes> {
    const frame = decodeConfirm(await this.inbox.take((each) => each[0] === 1, 'C1'));
    if (frame.kind !== 'c1') throw new Error('no C1');
    return frame.random;
  }

  /** T as the specification has it, or changed. */
  async transcript(mine: Bytes, theirs: Bytes, change: Partial<Transcript> = {}): Promise<Bytes> {
    const isLow = this.role === 'low';
    const [own, other] = [this.connection.fingerprint, this.theirs.fingerprint];
    return suite.sha256(
      transcriptInput({
        ...this.names,
        session: this.id,
        offerHash: this.offerHash,
        answerHash: this.answerHash,
        fingerprintLow: isLow ? own : other,
        fingerprintHigh: isLow ? other : own,
        randomLow: isLow ? mine : theirs,
        randomHigh: isLow ? theirs : mine,
        ...change,
      }),
    );
  }

  /** Proves honestly to be who this is, and takes the other's proof unseen. */
  async confirm(): Promise<this> {
    const mine = random(32);
    this.sendBytes(encodeConfirm({ kind: 'c1', random: mine }));
    const hash = await this.transcript(mine, await this.theirC1());
    const signature = await this.peer.keys.sign('confirm', confirmBody(this.role, hash));
    this.sendBytes(encodeConfirm({ kind: 'c2', signature }));
    await this.inbox.take((each) => each[0] === 2, 'C2');
    this.#isConfirmed = true;
    return this;
  }

  /** Whoever is proved answers pings: silence is an attack too, but not the one a test is about. */
  #take(bytes: Bytes): void {
    this.inbox.push(bytes);
    if (!this.#isConfirmed || bytes[0] !== PING) return;
    const frame = decodeChannelFrame(bytes);
    if (frame.kind === 'ping') this.send({ kind: 'pong', token: frame.token });
  }

  /** The next frame of a kind on the confirmed channel. */
  async frame<Kind extends ChannelFrame['kind']>(
    kind: Kind,
  ): Promise<Extract<ChannelFrame, { kind: Kind }>> {
    const isIt = (bytes: Bytes) => bytes[0] !== 1 && decodeChannelFrame(bytes).kind === kind;
    const frame = decodeChannelFrame(await this.inbox.take(isIt, kind));
    return frame as Extract<ChannelFrame, { kind: Kind }>;
  }

  /** Everything sent before on the confirmed channel has been read once this resolves. */
  async settle(): Promise<void> {
    const token = random(8);
    this.send({ kind: 'ping', token });
    const isPong = (bytes: Bytes) => bytes[0] === 0x21 && equal(bytes.subarray(1), token);
    await this.inbox.take(isPong, 'pong');
  }

  async say(body: Parameters<EvilPeer['say']>[1]): Promise<Bytes> {
    const { id: session, victim } = this;
    const toDevice = this.#theirDevice as Bytes;
    return this.peer.say(victim, body, { session, toDevice, seq: this.#seq++ });
  }

  async #offer(): Promise<void> {
    const nonceLow = random(32);
    await this.peer.say(this.victim, { kind: 'knock', nonce: nonceLow });
    const hello = await this.peer.inbox.take(
      (each) => each.signal.body.kind === 'hello' && equal(each.signal.body.nonceLow, nonceLow),
      'hello',
    );
    const { body, fromDevice } = hello.signal;
    if (body.kind !== 'hello') throw new Error('no hello');
    await this.#begin(fromDevice, nonceLow, body.nonceHigh);
    await this.connection.setLocalDescription();
    this.#describeSelf();
    const { nonceHigh } = body;
    const offer = await this.say({ kind: 'offer', nonceLow, nonceHigh, description: this.mine });
    this.offerHash = await suite.sha256(offer);
    const answer = await this.peer.inbox.take(
      ({ signal }) => signal.body.kind === 'answer' && equal(signal.body.offerHash, this.offerHash),
      'answer',
    );
    if (answer.signal.body.kind !== 'answer') throw new Error('no answer');
    this.answerHash = await suite.sha256(answer.whole);
    this.theirs = answer.signal.body.description;
    await this.connection.setRemoteDescription({ type: 'answer', sdp: writeSdp(this.theirs) });
  }

  async #answer(): Promise<void> {
    const nonceHigh = random(32);
    await this.peer.say(this.victim, { kind: 'knock', nonce: nonceHigh });
    const offer = await this.peer.inbox.take(
      ({ signal }) => signal.body.kind === 'offer' && equal(signal.body.nonceHigh, nonceHigh),
      'offer',
    );
    const { body, fromDevice } = offer.signal;
    if (body.kind !== 'offer') throw new Error('no offer');
    await this.#begin(fromDevice, body.nonceLow, nonceHigh);
    this.offerHash = await suite.sha256(offer.whole);
    this.theirs = body.description;
    await this.connection.setRemoteDescription({ type: 'offer', sdp: writeSdp(this.theirs) });
    await this.connection.setLocalDescription();
    this.#describeSelf();
    const { offerHash } = this;
    const answer = await this.say({ kind: 'answer', offerHash, description: this.mine });
    this.answerHash = await suite.sha256(answer);
  }

  async #begin(theirDevice: Bytes, nonceLow: Bytes, nonceHigh: Bytes): Promise<void> {
    const [mine, theirs] = [this.peer.key, this.victim];
    const own = this.peer.device;
    this.#theirDevice = theirDevice;
    this.names =
      this.role === 'low'
        ? { low: mine, high: theirs, deviceLow: own, deviceHigh: theirDevice }
        : { low: theirs, high: mine, deviceLow: theirDevice, deviceHigh: own };
    const hash = await suite.sha256(sessionIdInput(this.names, nonceLow, nonceHigh));
    this.id = hash.slice(0, 16) as Bytes;
  }

  #describeSelf(): void {
    const setup = this.role === 'low' ? 'actpass' : 'active';
    const own: Description = {
      ...readOwnSdp(this.connection.localDescription?.sdp ?? ''),
      setup,
    };
    this.mine = this.#lies.describe?.(own) ?? own;
    this.connection.onicecandidate = ({ candidate }) => {
      const parsed = candidate === null ? null : readOwnCandidate(candidate.candidate);
      if (parsed !== null) void this.say({ kind: 'candidates', candidates: [parsed] });
    };
  }

  async #takeCandidates(): Promise<void> {
    const signal = await this.peer.inbox
      .take(
        (each) => each.signal.body.kind === 'candidates' && equal(each.signal.session, this.id),
        'candidates',
      )
      .catch(() => null);
    if (signal?.signal.body.kind !== 'candidates') return;
    for (const each of signal.signal.body.candidates) {
      await this.connection.addIceCandidate(writeCandidate(each)).catch(() => undefined);
    }
    void this.#takeCandidates();
  }
}
