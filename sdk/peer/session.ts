/**
 * One attempt to connect two devices, from the first description to a confirmed channel and its end.
 * Owns its RTCPeerConnection; there is none before the other side is a contact.
 */

import { type Bytes, equal } from '../base/bytes.js';
import { isPimError, type PimError } from '../base/errors.js';
import { next } from '../base/state.js';
import { timeLimit } from '../base/time.js';
import type { Candidate, Description } from '../protocol/description.js';
import { CONFIRM_TIMEOUT_MS, CONNECT_TIMEOUT_MS } from '../protocol/limits.js';
import { checkCertificate, isCertificateRefused } from './certificate.js';
import { Channel } from './channel.js';
import { confirmChannel, factsOf } from './confirm.js';
import { channelClosed, impostor, noRoute, notSetUp, noWebRtc, unanswered } from './faults.js';
import { readOwnSdp, writeSdp } from './sdp.js';
import {
  SESSION,
  type SessionEnds,
  type SessionEvent,
  type SessionEvents,
  type SessionHost,
  type SessionState,
} from './session-state.js';
import type { Signaling, Verified } from './signaling.js';
import { Trickle } from './trickle.js';

/** Milliseconds in which a description is not sent again, whoever asks. */
const REPEAT_AFTER_MS = 1_000;
/** Milliseconds for the browser to say what it closed a channel for. */
const VERDICT_MS = 1_000;

export class PeerSession {
  readonly ends: SessionEnds;
  readonly #host: SessionHost;
  readonly #events: SessionEvents;
  readonly #stop = new AbortController();
  #state: SessionState = 'new';
  #connection: RTCPeerConnection | null = null;
  #channel: Channel | null = null;
  /** Our OFFER or ANSWER as it went out, for sending it again. */
  #sent: Bytes | null = null;
  #sentAt = 0;
  #offerHash: Bytes | null = null;
  #own: Description | null = null;
  #theirs: Description | null = null;
  #seq = 0;
  readonly #trickle: Trickle;

  constructor(ends: SessionEnds, host: SessionHost, events: SessionEvents) {
    this.ends = ends;
    this.#host = host;
    this.#events = events;
    this.#trickle = new Trickle({
      platform: host.platform,
      logger: host.logger,
      send: (candidates) => this.#sendCandidates(candidates),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get channel(): Channel | null {
    return this.#state === 'secure' ? this.#channel : null;
  }

  get connection(): RTCPeerConnection | null {
    return this.#connection;
  }

  /** Low: opens a connection and sends its OFFER. */
  offer(): Promise<void> {
    return this.#attempt(async () => {
      const { nonces } = this.ends;
      const connection = await this.#open();
      await connection.setLocalDescription();
      const description = this.#describeSelf(connection);
      const body = {
        kind: 'offer',
        nonceLow: nonces.low,
        nonceHigh: nonces.high,
        description,
      } as const;
      const whole = await this.#sign(body);
      this.#offerHash = await this.#host.suite.sha256(whole);
      await this.#publish(whole);
    });
  }

  /** High: takes an OFFER, opens a connection and sends its ANSWER. */
  answer(offer: Verified, offerHash: Bytes): Promise<void> {
    return this.#attempt(async () => {
      const { body } = offer.signal;
      if (body.kind !== 'offer') return;
      this.#offerHash = offerHash;
      const connection = await this.#open();
      await connection.setRemoteDescription({ type: 'offer', sdp: writeSdp(body.description) });
      await connection.setLocalDescription();
      const description = { ...this.#describeSelf(connection), setup: 'active' as const };
      const whole = await this.#sign({ kind: 'answer', offerHash, description });
      await this.#described(body.description, whole);
      await this.#publish(whole);
    });
  }

  /** Low: takes the ANSWER to the OFFER of this session; any other is left alone. */
  takeAnswer(answer: Verified): Promise<void> {
    return this.#attempt(async () => {
      const { body } = answer.signal;
      const connection = this.#connection;
      if (body.kind !== 'answer' || connection === null || this.#offerHash === null) return;
      if (this.#theirs !== null || !equal(body.offerHash, this.#offerHash)) return;
      this.#theirs = body.description;
      await connection.setRemoteDescription({ type: 'answer', sdp: writeSdp(body.description) });
      await this.#described(body.description, answer.whole);
    });
  }

  takeCandidates(seq: number, candidates: readonly Candidate[]): void {
    this.#trickle.take(seq, candidates);
  }

  /** Sends our OFFER or ANSWER once more, byte for byte: the first one seems to be lost. */
  repeat(): void {
    const now = this.#host.platform.monotonic();
    // Each relay brings its copy of what we answer: one answer is meant for all of them.
    if (now - this.#sentAt < REPEAT_AFTER_MS) return;
    this.#sentAt = now;
    if (this.#sent !== null) void this.#host.signaling.send(this.ends.theirKey, this.#sent);
  }

  /** Ends the session; the other end is told where `goodbye` is set. */
  close(reason: PimError, goodbye = false): void {
    if (goodbye) this.#channel?.send({ kind: 'bye', reason: 0 });
    this.#finish(reason, false);
  }

  /** Runs one step of the set-up; whatever goes wrong in it ends the session. */
  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (fault) {
      if (this.#state !== 'closed') this.#host.logger('warn', `a session ended: ${String(fault)}`);
      this.#finish(isPimError(fault) ? fault : notSetUp(fault), false);
    }
  }

  async #open(): Promise<RTCPeerConnection> {
    this.#move('begin');
    const { platform } = this.#host;
    if (platform.openPeerConnection === null) throw noWebRtc();
    const config = await this.#host.rtcConfig();
    if (this.#stop.signal.aborted) throw channelClosed();
    const connection = platform.openPeerConnection(config);
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => this.#trickle.gathered(candidate);
    connection.onconnectionstatechange = () => this.#watch(connection);
    // Every channel of version 1 is negotiated: nobody opens one that the other has not agreed to.
    connection.ondatachannel = ({ channel }) => channel.close();
    const options = { negotiated: true, id: 0, ordered: true };
    this.#channel = new Channel(connection.createDataChannel('pim/1', options), platform);
    this.#channel.connection = connection;
    this.#channel.onEnd = (reason, wasGoodbye) => this.#ended(reason, wasGoodbye);
    const limit = timeLimit(platform, CONNECT_TIMEOUT_MS, this.#stop.signal);
    limit.signal.addEventListener('abort', () => this.#timedOut(), { once: true });
    return connection;
  }

  #describeSelf(connection: RTCPeerConnection): Description {
    const sdp = connection.localDescription?.sdp;
    if (sdp === undefined) throw channelClosed();
    this.#own = readOwnSdp(sdp);
    return this.#own;
  }

  async #sign(body: Parameters<Signaling['sign']>[1]): Promise<Bytes> {
    const { theirKey: to, theirDevice: toDevice, id: session } = this.ends;
    const seq = this.#seq++;
    return this.#host.signaling.sign({ to, toDevice, session, seq }, body);
  }

  async #publish(whole: Bytes): Promise<void> {
    this.#sent = whole;
    this.#sentAt = this.#host.platform.monotonic();
    await this.#host.signaling.send(this.ends.theirKey, whole);
    this.#trickle.flow();
  }

  async #sendCandidates(candidates: readonly Candidate[]): Promise<void> {
    const whole = await this.#sign({ kind: 'candidates', candidates });
    await this.#host.signaling.send(this.ends.theirKey, whole);
  }

  /** Both descriptions are known: the browsers look for each other while we wait for the channel. */
  async #described(theirs: Description, answer: Bytes): Promise<void> {
    this.#theirs = theirs;
    this.#move('described');
    if (this.#connection !== null) this.#trickle.connect(this.#connection);
    const answerHash = await this.#host.suite.sha256(answer);
    void this.#attempt(() => this.#confirm(theirs, answerHash));
  }

  async #confirm(theirs: Description, answerHash: Bytes): Promise<void> {
    const { platform, suite, identity } = this.#host;
    const [channel, own, offerHash] = [this.#channel, this.#own, this.#offerHash];
    if (channel === null || own === null || offerHash === null) throw channelClosed();
    await channel.opened(this.#stop.signal);
    this.#move('opened');
    await checkCertificate(this.#connection, theirs.fingerprint, suite);
    const facts = factsOf(this.ends, own, theirs, offerHash, answerHash);
    const limit = timeLimit(platform, CONFIRM_TIMEOUT_MS, this.#stop.signal);
    try {
      await confirmChannel(channel, facts, { platform, suite, keys: identity.keys }, limit.signal);
    } catch (fault) {
      throw limit.signal.aborted && !this.#stop.signal.aborted
        ? impostor('no proof in time')
        : fault;
    } finally {
      limit.clear();
    }
    this.#move('confirmed');
    this.#trickle.stop();
    this.#events.onSecure(channel);
  }

  #ended(reason: PimError, wasGoodbye: boolean): void {
    if (this.#state !== 'connecting') return this.#finish(reason, wasGoodbye);
    // Never open: why is told by the connection, in Chromium a moment after it closed the channel.
    const limit = timeLimit(this.#host.platform, VERDICT_MS, this.#stop.signal);
    limit.signal.addEventListener('abort', () => this.#finish(reason, wasGoodbye), { once: true });
  }

  #watch(connection: RTCPeerConnection): void {
    if (connection.connectionState !== 'failed') return;
    // A line that was up and broke is another matter.
    const isRefused = this.#state === 'connecting' && isCertificateRefused(connection);
    this.#finish(isRefused ? impostor('certificates do not match') : noRoute(), false);
  }

  #timedOut(): void {
    if (this.#state === 'confirming' || this.#state === 'secure') return;
    const isAnswered = this.#theirs !== null;
    this.#finish(isAnswered ? noRoute() : unanswered(), false);
  }

  #move(event: SessionEvent): void {
    const state = next(SESSION, this.#state, event);
    if (state === null) throw channelClosed();
    this.#state = state;
    this.#events.onState(state);
  }

  #finish(reason: PimError, wasGoodbye: boolean): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stop.abort();
    this.#trickle.stop();
    this.#channel?.end(reason, wasGoodbye);
    const connection = this.#connection;
    if (connection !== null) {
      connection.onicecandidate = null;
      connection.onconnectionstatechange = null;
      connection.ondatachannel = null;
      connection.close();
    }
    this.#events.onState('closed');
    this.#events.onEnd(reason, wasGoodbye);
  }
}
