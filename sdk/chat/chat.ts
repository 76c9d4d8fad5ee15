/**
 * The chat itself: people, conversations and the network brought together. Decides who is looked
 * for and who is answered; stores first and tells after. Knows no public names (sdk/pim.ts does).
 */

import { type Bytes, toBase64url, toHex } from '../base/bytes.js';
import { cleanLine } from '../base/check.js';
import { isPimError, PimError } from '../base/errors.js';
import type { Logger, Platform, Wake } from '../base/platform.js';
import { Queue } from '../base/queue.js';
import type { Identity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import type { Channel } from '../peer/channel.js';
import type { Peer } from '../peer/peer.js';
import { PeerBook } from '../peer/peer-book.js';
import type { Verified } from '../peer/signaling.js';
import type { EntryBody, EntryRef } from '../protocol/entry.js';
import { MAX_NAME_BYTES } from '../protocol/limits.js';
import { decodeToken } from '../protocol/link.js';
import { NO_TOKEN } from '../protocol/signal.js';
import type { Storage } from '../storage/storage.js';
import type { LinkState } from '../transport/relay-link.js';
import type { Conversation, StoredEntry } from './conversation.js';
import { Conversations } from './conversations.js';
import { messageId } from './keys.js';
import { cut, Outreach } from './outreach.js';
import { keyOf, People } from './people.js';
import type { ContactRecord, RequestRecord } from './records.js';
import type { Settings } from './settings.js';
import { Sync } from './sync.js';

export interface ChatHost {
  readonly storage: Storage;
  readonly suite: Suite;
  readonly identity: Identity;
  readonly platform: Platform;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly relays: readonly string[];
  readonly policy: 'ask' | 'contacts' | 'accept';
  rtcConfig(): Promise<RTCConfiguration>;
  /** Told after the write has committed. */
  onStored(conversation: Conversation, entries: readonly StoredEntry[]): void;
  /** The status of my entries behind `from`, up to `to`, may have changed. */
  onProgress(conversation: Conversation, from: number, to: number, isDelivered: boolean): void;
  onContact(contact: ContactRecord, isRemoved: boolean): void;
  onRequest(request: RequestRecord): void;
  onConversation(conversation: Conversation): void;
  onConnection(key: Bytes): void;
  onRelay(url: string, state: LinkState, reason: PimError | null): void;
  onFault(fault: PimError): void;
}

export type Progress = 'waiting' | 'sent' | 'delivered';

export class Chat {
  readonly people: People;
  readonly conversations: Conversations;
  readonly book: PeerBook;
  readonly #host: ChatHost;
  readonly #queue = new Queue();
  readonly #outreach: Outreach;
  readonly #syncs = new Map<Channel, { sync: Sync; conversation: Conversation }>();
  readonly #routes = new Map<string, 'direct' | 'relayed'>();
  #undoWake: () => void = () => undefined;

  constructor(host: ChatHost) {
    this.#host = host;
    const { storage, suite, identity, platform, logger, settings } = host;
    const me = { key: identity.keys.publicKey, device: identity.device };
    this.people = new People(storage, this.#queue);
    this.conversations = new Conversations(
      { storage, queue: this.#queue, me, now: () => this.#now() },
      suite,
    );
    this.book = new PeerBook({
      identity,
      suite,
      platform,
      logger,
      lastSignalTime: settings.signalTime,
      rtcConfig: () => host.rtcConfig(),
      standing: (key) => this.people.standing(key),
      recall: (key, device) => this.people.seenTime(key, device),
      remember: (key, device, time) => this.#run(this.#rememberDevice(key, device, time)),
      onInvite: (signal) => this.#run(this.#takeInvite(signal)),
      onAccept: (signal) => this.#run(this.#takeAccept(signal.signal.from)),
      onPeer: (peer) => this.#peerMoved(peer),
      onSecure: (peer, _device, channel) => this.#run(this.#secured(peer, channel)),
      onRelay: (url, state, reason) => this.#relayMoved(url, state, reason),
    });
    this.#outreach = new Outreach(platform, this.book.signaling);
  }

  async load(): Promise<void> {
    const onFault = (fault: PimError) => this.#host.onFault(fault);
    await Promise.all([this.people.load(onFault), this.conversations.load(onFault)]);
  }

  /** Joins the relays; whoever is looked for is looked for as soon as one is online. */
  start(): void {
    for (const url of this.#host.relays) this.book.pool.add(url);
    for (const contact of this.people.contacts) this.#joinRelaysOf(contact);
    this.#undoWake = this.#host.platform.onWake((wake) => this.#wake(wake));
  }

  async stop(): Promise<void> {
    this.#undoWake();
    this.#outreach.stopAll();
    this.book.stop();
    await this.#queue.idle();
    await this.#host.settings.keepSignalTime(this.book.clock.last).catch(() => undefined);
    await this.#queue.idle();
  }

  /**
   * Writes a message to somebody and sees that it gets there. Who is no contact yet becomes one and
   * is asked.
   */
  async send(
    to: Bytes,
    body: EntryBody,
  ): Promise<{ conversation: Conversation; stored: StoredEntry }> {
    const { conversation, contact } = await this.#addressee(to);
    const profile = this.#profile();
    const isTold = conversation.record.profile === profile.text;
    const bodies = isTold ? [body] : [profile.body, body];
    const stored = await conversation.append(bodies, { profile: profile.text });
    this.#appended(conversation, stored);
    if (contact.status === 'requested') this.#ask(contact);
    else this.book.peer(to).call();
    return { conversation, stored: stored.at(-1) as StoredEntry };
  }

  /** Adds somebody, or gives a contact another name or relays. */
  async add(
    key: Bytes,
    change: { petname?: string; relays?: readonly string[]; token?: string | null },
  ): Promise<ContactRecord> {
    const request = this.people.request(key);
    const contact = await this.#change(key, (before) => {
      const base = before ?? this.#newContact(key, 'added', request);
      const isUnblocked = base.status === 'blocked';
      return { ...base, ...change, status: isUnblocked ? 'added' : base.status };
    });
    this.#joinRelaysOf(contact);
    if (request !== null) await this.#welcome(key);
    else if (this.book.pool.isOnline && contact.status !== 'requested') this.book.peer(key).call();
    return contact;
  }

  /** Says yes to a request: a contact from now on, answered and looked for. */
  async accept(key: Bytes): Promise<ContactRecord> {
    const request = this.people.request(key);
    const contact = await this.#change(key, (before) => ({
      ...(before ?? this.#newContact(key, 'accepted', request)),
      status: 'accepted',
    }));
    await this.#welcome(key);
    return contact;
  }

  async block(key: Bytes): Promise<ContactRecord> {
    const request = this.people.request(key);
    const contact = await this.#change(key, (before) => ({
      ...(before ?? this.#newContact(key, 'blocked', request)),
      status: 'blocked',
    }));
    this.#outreach.stop(key);
    this.book.drop(key);
    return contact;
  }

  /** Forgets somebody and the conversation with them. */
  async remove(key: Bytes): Promise<void> {
    this.#outreach.stop(key);
    this.book.drop(key);
    const conversation = this.conversations.of(key);
    const writes = conversation === null ? [] : await this.conversations.removal(conversation);
    const removed = await this.people.remove(key, writes);
    if (conversation !== null) this.conversations.forget(conversation);
    if (removed !== null) this.#host.onContact(removed, true);
  }

  /** Tells everybody who is here how I am called now; the others hear it when they come. */
  async profileChanged(): Promise<void> {
    for (const { conversation } of this.#syncs.values()) await this.#tellProfile(conversation);
  }

  /** Tries again what was given up. */
  retry(key: Bytes): void {
    this.book.pool.hurry();
    const contact = this.people.contact(key);
    if (contact?.status === 'requested') this.#ask(contact);
    else if (contact !== null && contact.status !== 'blocked') this.book.peer(key).call();
  }

  progress(conversation: Conversation, ref: EntryRef): Progress {
    if (conversation.deliveredTo(ref.device) >= ref.seq) return 'delivered';
    return this.#sentUpTo(conversation) >= ref.seq ? 'sent' : 'waiting';
  }

  route(key: Bytes): 'direct' | 'relayed' | null {
    return this.#routes.get(toHex(key)) ?? null;
  }

  #sentUpTo(conversation: Conversation): number {
    const channels = new Set(this.book.peer(conversation.peer).channels);
    const syncs = [...this.#syncs].filter(([channel]) => channels.has(channel));
    return Math.max(
      0,
      ...syncs.map(([, each]) => (each.conversation === conversation ? each.sync.sentUpTo : 0)),
    );
  }

  async #addressee(to: Bytes): Promise<{ conversation: Conversation; contact: ContactRecord }> {
    const known = this.people.contact(to);
    if (known?.status === 'blocked') {
      throw new PimError('contact/blocked', 'You have blocked this person.', null);
    }
    const isNew = known === null || known.status === 'added';
    const request = this.people.request(to);
    const contact = !isNew
      ? known
      : await this.#change(to, (before) => ({
          ...(before ?? this.#newContact(to, 'requested', request)),
          status: request === null ? 'requested' : 'accepted',
        }));
    if (request !== null) await this.#welcome(to);
    return { conversation: await this.conversations.open(to), contact };
  }

  #newContact(
    key: Bytes,
    status: ContactRecord['status'],
    request: RequestRecord | null,
  ): ContactRecord {
    return {
      key: toHex(key),
      status,
      petname: '',
      profileName: request?.name ?? '',
      relays: [],
      token: null,
      addedAt: this.#now(),
      devices: {},
    };
  }

  async #change(
    key: Bytes,
    change: (before: ContactRecord | null) => ContactRecord,
  ): Promise<ContactRecord> {
    await this.conversations.open(key);
    const { after } = await this.people.change(key, change);
    this.#host.onContact(after, false);
    return after;
  }

  /** They asked and we said yes: tell them, and look for them. */
  async #welcome(key: Bytes): Promise<void> {
    this.#run(this.book.signaling.signAndSend({ to: key }, { kind: 'accept' }));
    this.book.peer(key).call();
  }

  #ask(contact: ContactRecord): void {
    const key = keyOf(contact);
    const token = contact.token === null ? NO_TOKEN : decodeToken(contact.token);
    const conversation = this.conversations.of(key);
    void this.#firstWords(conversation).then((text) => {
      this.#outreach.start(key, () => {
        const isOpen = this.people.contact(key)?.status === 'requested';
        return isOpen ? { token, name: this.#host.settings.name, text } : null;
      });
    });
  }

  /** The first thing I wrote to somebody: what they read before they decide. */
  async #firstWords(conversation: Conversation | null): Promise<string> {
    if (conversation === null) return '';
    const { entries } = await conversation.page(null, 20);
    const texts = entries
      .reverse()
      .flatMap(({ entry }) => (entry.body.kind === 'text' ? [entry.body.text] : []));
    return texts[0] ?? '';
  }

  async #takeInvite(verified: Verified): Promise<void> {
    const { from, time, body } = verified.signal;
    if (body.kind !== 'invite') return;
    if (this.people.contact(from) !== null) return this.#takeAccept(from, true);
    if (this.#host.policy === 'contacts') return;
    const token = body.token.every((byte) => byte === 0) ? null : toBase64url(body.token);
    const request: RequestRecord = {
      key: toHex(from),
      name: cut(cleanLine(body.name), MAX_NAME_BYTES),
      text: body.text,
      token,
      receivedAt: this.#now(),
      time,
      declined: false,
    };
    const isNew = await this.people.ask(request);
    if (this.#host.policy === 'accept') await this.accept(from);
    else if (isNew) this.#host.onRequest(request);
  }

  /** Somebody we know is there and wants to talk to us. */
  async #takeAccept(from: Bytes, answer = false): Promise<void> {
    const contact = this.people.contact(from);
    if (contact === null || contact.status === 'blocked') return;
    await this.#accepted(from);
    if (answer && this.book.peer(from).state !== 'connected') await this.#welcome(from);
    else this.book.peer(from).call();
  }

  async #accepted(key: Bytes): Promise<void> {
    this.#outreach.stop(key);
    if (this.people.contact(key)?.status === 'accepted') return;
    await this.#change(key, (before) => ({
      ...(before ?? this.#newContact(key, 'accepted', null)),
      status: 'accepted',
    }));
  }

  async #secured(peer: Peer, channel: Channel): Promise<void> {
    if (this.people.standing(peer.key) !== 'contact') return this.book.drop(peer.key);
    const conversation = await this.conversations.open(peer.key);
    const { identity } = this.#host;
    const sync = new Sync(channel, conversation, {
      me: { key: identity.keys.publicKey, device: identity.device },
      onEntries: (entries) => this.#arrived(conversation, entries),
      onDelivered: (from, to) => this.#host.onProgress(conversation, from, to, true),
      onSent: (from, to) => this.#host.onProgress(conversation, from, to, false),
      onFault: (fault) => this.#fault(fault),
    });
    this.#syncs.set(channel, { sync, conversation });
    sync.start();
    void this.#noteRoute(peer);
    await this.#accepted(peer.key);
    await this.#tellProfile(conversation);
  }

  #arrived(conversation: Conversation, entries: readonly StoredEntry[]): void {
    for (const { entry } of entries) {
      if (entry.body.kind === 'profile')
        this.#run(this.#takeProfile(entry.author, entry.body.name));
    }
    this.#host.onStored(conversation, entries);
    this.#host.onConversation(conversation);
  }

  async #takeProfile(key: Bytes, name: string): Promise<void> {
    const profileName = cut(cleanLine(name), MAX_NAME_BYTES);
    const known = this.people.contact(key);
    if (known === null || known.profileName === profileName) return;
    await this.#change(key, (before) => ({ ...(before ?? known), profileName }));
  }

  #appended(conversation: Conversation, stored: readonly StoredEntry[]): void {
    for (const each of this.#syncs.values()) {
      if (each.conversation === conversation) each.sync.appended();
    }
    this.#host.onStored(conversation, stored);
    this.#host.onConversation(conversation);
  }

  #profile(): { readonly body: EntryBody; readonly text: string } {
    const { settings, relays } = this.#host;
    const body = { kind: 'profile', name: settings.name, relays } as const;
    return { body, text: JSON.stringify([body.name, body.relays]) };
  }

  async #tellProfile(conversation: Conversation): Promise<void> {
    const { body, text } = this.#profile();
    if (conversation.record.profile === text) return;
    this.#appended(conversation, await conversation.append([body], { profile: text }));
  }

  async #rememberDevice(key: Bytes, device: string, time: number): Promise<void> {
    const known = this.people.contact(key);
    if (known === null || (known.devices[device] ?? 0) >= time) return;
    await this.people.change(key, (before) => {
      const record = before ?? known;
      return { ...record, devices: { ...record.devices, [device]: time } };
    });
  }

  #peerMoved(peer: Peer): void {
    const live = new Set(peer.channels);
    for (const [channel, { sync, conversation }] of this.#syncs) {
      if (conversation.peer !== this.conversations.of(peer.key)?.peer || live.has(channel))
        continue;
      this.#syncs.delete(channel);
      const delivered = conversation.deliveredTo(this.#host.identity.device);
      if (sync.sentUpTo > delivered) {
        this.#host.onProgress(conversation, delivered, sync.sentUpTo, false);
      }
    }
    if (live.size === 0) this.#routes.delete(toHex(peer.key));
    this.#host.onConnection(peer.key);
  }

  async #noteRoute(peer: Peer): Promise<void> {
    const connection = peer.sessions.find((session) => session.channel !== null)?.connection;
    const route = connection ? await routeOf(connection).catch(() => null) : null;
    if (route === null || peer.state !== 'connected') return;
    this.#routes.set(toHex(peer.key), route);
    this.#host.onConnection(peer.key);
  }

  #relayMoved(url: string, state: LinkState, reason: PimError | null): void {
    this.#host.onRelay(url, state, reason);
    if (state !== 'online') return;
    this.#lookForEverybody();
    this.#run(this.#host.settings.keepSignalTime(this.book.clock.last));
  }

  #lookForEverybody(): void {
    for (const contact of this.people.contacts) {
      if (contact.status === 'requested') this.#ask(contact);
      else if (contact.status !== 'blocked') this.book.peer(keyOf(contact)).call();
    }
  }

  #joinRelaysOf(contact: ContactRecord): void {
    if (contact.status === 'blocked') return;
    for (const url of contact.relays) {
      try {
        this.book.pool.add(url);
      } catch (fault) {
        this.#host.logger('info', `a contact's relay was left out: ${String(fault)}`);
      }
    }
  }

  #wake(wake: Wake): void {
    if (wake === 'leaving') {
      const goodbye = new PimError('channel/closed', 'The page was left.', null);
      for (const peer of this.book.peers) peer.leave(goodbye);
      return;
    }
    this.book.pool.hurry();
    if (this.book.pool.isOnline) this.#lookForEverybody();
  }

  #now(): number {
    const now = Math.floor(this.#host.platform.now());
    return Number.isSafeInteger(now) && now > 0 ? now : 0;
  }

  /** Work nobody waits for; what goes wrong in it becomes an event. */
  #run(work: Promise<unknown>): void {
    work.catch((fault: unknown) => this.#fault(fault));
  }

  #fault(fault: unknown): void {
    if (isPimError(fault)) return this.#host.onFault(fault);
    const detail = { operation: 'background work' };
    this.#host.onFault(new PimError('storage/failed', 'Something went wrong.', detail, fault));
  }
}

export { messageId };

/** Whether the selected candidate pair goes through a TURN server (W3C webrtc-stats). */
async function routeOf(connection: RTCPeerConnection): Promise<'direct' | 'relayed' | null> {
  const reports = new Map<string, Record<string, unknown>>();
  (await connection.getStats()).forEach((report, id) => void reports.set(id, report));
  const pair = [...reports.values()].find(
    (report) =>
      report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded',
  );
  if (pair === undefined) return null;
  const ends = [pair.localCandidateId, pair.remoteCandidateId];
  const isRelayed = ends.some((id) => reports.get(String(id))?.candidateType === 'relay');
  return isRelayed ? 'relayed' : 'direct';
}
