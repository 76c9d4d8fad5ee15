/**
 * One attempt to connect two devices, from the first description to a confirmed channel and its end.
 * Owns its RTCPeerConnection; there is none before the other side is a contact.
 */

import { type Bytes, equal } from '../base/bytes.js';
import { isPimError, PimError } from '../base/errors.js';
import type { Logger, Platform } from '../base/platform.js';
import { next, type Table } from '../base/state.js';
import { timeLimit } from '../base/time.js';
import type { Identity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import type { Role, SessionNames } from '../protocol/confirm.js';
import type { Candidate, Description } from '../protocol/description.js';
import {
  CONFIRM_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  MAX_CANDIDATES_PER_SESSION,
  MAX_CANDIDATES_PER_SIGNAL,
} from '../protocol/limits.js';
import { Channel } from './channel.js';
import { confirmChannel, impostor } from './confirm.js';
import type { Nonces } from './handshake.js';
import { readOwnCandidate, readOwnSdp, writeCandidate, writeSdp } from './sdp.js';
import type { Signaling, Verified } from './signaling.js';

export type SessionState = 'new' | 'describing' | 'connecting' | 'confirming' | 'secure' | 'closed';
type SessionEvent = 'begin' | 'described' | 'opened' | 'confirmed' | 'end';

/** The states of a session; ARCHITECTURE.md draws this table. */
export const SESSION: Table<SessionState, SessionEvent> = {
  new: { begin: 'describing', end: 'closed' },
  describing: { described: 'connecting', end: 'closed' },
  connecting: { opened: 'confirming', end: 'closed' },
  confirming: { confirmed: 'secure', end: 'closed' },
  secure: { end: 'closed' },
  closed: {},
};

export interface SessionHost {
  readonly identity: Identity;
  readonly suite: Suite;
  readonly platform: Platform;
  readonly logger: Logger;
  readonly signaling: Signaling;
  /** ICE servers and policy of the connection to be made. */
  rtcConfig(): Promise<RTCConfiguration>;
}

export interface SessionEnds {
  readonly role: Role;
  readonly names: SessionNames;
  /** The session id both sides computed. */
  readonly id: Bytes;
  readonly theirKey: Bytes;
  readonly theirDevice: Bytes;
}

export interface SessionEvents {
  /** The channel is confirmed: from here on the other end is the owner of its address. */
  onSecure(channel: Channel): void;
  onState(state: SessionState): void;
  /** Once. `wasGoodbye` where the other end left on purpose. */
  onEnd(reason: PimError, wasGoodbye: boolean): void;
}

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
  #offerHash: Bytes | null = null;
  #own: Description | null = null;
  #theirs: Description | null = null;
  #seq = 0;
  #outgoing: Candidate[] = [];
  #isFlushing = false;
  #incoming: Candidate[] = [];
  #incomingCount = 0;

  constructor(ends: SessionEnds, host: SessionHost, events: SessionEvents) {
    this.ends = ends;
    this.#host = host;
    this.#events = events;
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
  offer(nonces: Nonces): Promise<void> {
    return this.#attempt(async () => {
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

  takeCandidates(candidates: readonly Candidate[]): void {
    this.#incomingCount += candidates.length;
    if (this.#incomingCount > MAX_CANDIDATES_PER_SESSION) return;
    this.#incoming.push(...candidates);
    this.#addCandidates();
  }

  /** Sends our OFFER or ANSWER once more, byte for byte: the first one seems to be lost. */
  repeat(): void {
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
      this.#finish(isPimError(fault) ? fault : failed(fault), false);
    }
  }

  async #open(): Promise<RTCPeerConnection> {
    this.#move('begin');
    const { platform } = this.#host;
    if (platform.openPeerConnection === null) throw unsupported();
    const config = await this.#host.rtcConfig();
    if (this.#stop.signal.aborted) throw closed();
    const connection = platform.openPeerConnection(config);
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => this.#gathered(candidate);
    connection.onconnectionstatechange = () => this.#watch(connection);
    // Nothing but the one negotiated channel belongs to a session of version 1.
    connection.ondatachannel = ({ channel }) => channel.close();
    const options = { negotiated: true, id: 0, ordered: true };
    this.#channel = new Channel(connection.createDataChannel('pim/1', options), platform);
    this.#channel.onEnd = (reason, wasGoodbye) => this.#finish(reason, wasGoodbye);
    const limit = timeLimit(platform, CONNECT_TIMEOUT_MS, this.#stop.signal);
    limit.signal.addEventListener('abort', () => this.#timedOut(), { once: true });
    this.#stop.signal.addEventListener('abort', () => limit.clear(), { once: true });
    return connection;
  }

  #describeSelf(connection: RTCPeerConnection): Description {
    const sdp = connection.localDescription?.sdp;
    if (sdp === undefined) throw closed();
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
    await this.#host.signaling.send(this.ends.theirKey, whole);
    this.#flush();
  }

  /** Both descriptions are known: the browsers look for each other while we wait for the channel. */
  async #described(theirs: Description, answer: Bytes): Promise<void> {
    this.#theirs = theirs;
    this.#move('described');
    this.#addCandidates();
    const answerHash = await this.#host.suite.sha256(answer);
    void this.#attempt(() => this.#confirm(theirs, answerHash));
  }

  async #confirm(theirs: Description, answerHash: Bytes): Promise<void> {
    const { platform, suite, identity } = this.#host;
    const [channel, own, offerHash] = [this.#channel, this.#own, this.#offerHash];
    if (channel === null || own === null || offerHash === null) throw closed();
    await channel.opened(this.#stop.signal);
    this.#move('opened');
    await this.#checkCertificate(theirs.fingerprint);
    const { role, names, id: session, theirKey } = this.ends;
    const isLow = role === 'low';
    const facts = {
      ...names,
      role,
      theirKey,
      session,
      offerHash,
      answerHash,
      fingerprintLow: isLow ? own.fingerprint : theirs.fingerprint,
      fingerprintHigh: isLow ? theirs.fingerprint : own.fingerprint,
    };
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
    this.#events.onSecure(channel);
  }

  /** The certificate the browser really saw must be the one that was signed (W3C webrtc-pc §5.5). */
  async #checkCertificate(fingerprint: Bytes): Promise<void> {
    const transport = this.#connection?.sctp?.transport as
      | (RTCDtlsTransport & { getRemoteCertificates?(): ArrayBuffer[] })
      | undefined;
    const certificate = transport?.getRemoteCertificates?.()[0];
    if (certificate === undefined) return;
    const seen = await this.#host.suite.sha256(new Uint8Array(certificate));
    if (!equal(seen, fingerprint)) throw impostor('another certificate');
  }

  #gathered(candidate: RTCIceCandidate | null): void {
    if (candidate === null || candidate.candidate === '') return;
    const own = readOwnCandidate(candidate.candidate);
    if (own === null) return;
    this.#outgoing.push(own);
    this.#flush();
  }

  /** Candidates that come in one go travel in one signal. */
  #flush(): void {
    if (this.#sent === null || this.#isFlushing || this.#outgoing.length === 0) return;
    this.#isFlushing = true;
    this.#host.platform.setTimer(() => void this.#attempt(() => this.#sendCandidates()), 0);
  }

  async #sendCandidates(): Promise<void> {
    this.#isFlushing = false;
    if (this.#state === 'closed' || this.#state === 'secure') return;
    const candidates = this.#outgoing.splice(0, MAX_CANDIDATES_PER_SIGNAL);
    const whole = await this.#sign({ kind: 'candidates', candidates });
    await this.#host.signaling.send(this.ends.theirKey, whole);
    this.#flush();
  }

  #addCandidates(): void {
    const connection = this.#connection;
    if (connection === null || this.#theirs === null || this.#state === 'describing') return;
    for (const candidate of this.#incoming.splice(0)) {
      connection.addIceCandidate(writeCandidate(candidate)).catch((fault: unknown) => {
        this.#host.logger('debug', `a candidate was not taken: ${String(fault)}`);
      });
    }
  }

  #watch(connection: RTCPeerConnection): void {
    if (connection.connectionState === 'failed') this.#finish(noRoute(), false);
  }

  #timedOut(): void {
    if (this.#state === 'confirming' || this.#state === 'secure') return;
    const isAnswered = this.#theirs !== null;
    this.#finish(isAnswered ? noRoute() : unanswered(), false);
  }

  #move(event: SessionEvent): void {
    const state = next(SESSION, this.#state, event);
    if (state === null) throw closed();
    this.#state = state;
    this.#events.onState(state);
  }

  #finish(reason: PimError, wasGoodbye: boolean): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stop.abort();
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

function closed(): PimError<'channel/closed'> {
  return new PimError('channel/closed', 'The connection has ended.', null);
}

function noRoute(): PimError<'peer/no-route'> {
  const message = 'The two networks let no direct connection through.';
  return new PimError('peer/no-route', message, null);
}

function unanswered(): PimError<'peer/unanswered'> {
  const message = 'The other side did not answer in time.';
  return new PimError('peer/unanswered', message, { step: 'offer' });
}

function unsupported(): PimError<'platform/unsupported'> {
  const message = 'This browser cannot make direct connections (WebRTC).';
  return new PimError('platform/unsupported', message, { missing: 'WebRTC' });
}

function failed(cause: unknown): PimError<'peer/protocol'> {
  const message = 'The connection could not be set up.';
  return new PimError('peer/protocol', message, { reason: 'set-up' }, cause);
}
