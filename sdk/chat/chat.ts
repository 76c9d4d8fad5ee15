/**
 * The chat itself: people, conversations and the network brought together. Stores first and tells
 * after. Knows no public names (sdk/pim.ts does).
 */

import { type Bytes, fromHex, toHex } from '../base/bytes.js';
import { isPimError, PimError } from '../base/errors.js';
import { loaded } from '../base/loaded.js';
import type { Wake } from '../base/platform.js';
import { Queue } from '../base/queue.js';
import { entryTags } from '../crypto/entry-tag.js';
import type { Channel } from '../peer/channel.js';
import type { Peer } from '../peer/peer.js';
import { PeerBook } from '../peer/peer-book.js';
import type { EntryBody } from '../protocol/entry.js';
import type { LinkState } from '../transport/relay-link.js';
import type { ChatHost } from './chat-host.js';
import type { Conversation, Once } from './conversation.js';
import { Conversations } from './conversations.js';
import { Delivery } from './delivery.js';
import type { StoredEntry } from './entry-rows.js';
import type { Files } from './files/files.js';
import { removal, settled } from './later.js';
import { Outreach } from './outreach.js';
import { keyOf, People } from './people.js';
import type { ContactRecord } from './records.js';
import { blocked, Relations } from './relations.js';
import type { StoredRows } from './stored-rows.js';
import type { Typing } from './typing.js';

/** Milliseconds before a disk that is still full is told of again. */
const FULL_AGAIN_MS = 600_000;
/** Milliseconds in which a new channel has the machine to itself, for what waits to be said. */
const SETTLE_MS = 500;

export class Chat {
  readonly people: People;
  readonly conversations: Conversations;
  readonly book: PeerBook;
  readonly relations: Relations;
  readonly delivery: Delivery;
  /** Null where nobody is told who is writing. */
  #typing: Typing | null = null;
  /** Null until files are asked for. */
  #files: Files | null = null;
  readonly #host: ChatHost;
  readonly #queue = new Queue();
  readonly #outreach: Outreach;
  readonly #routes = new Map<string, 'direct' | 'relayed'>();
  #undoWake: () => void = () => undefined;
  #wasLost = false;
  /** Monotonic milliseconds at which a full disk was last told of. */
  #fullToldAt = Number.NEGATIVE_INFINITY;

  constructor(host: ChatHost) {
    this.#host = host;
    const { storage, suite, identity, platform, settings } = host;
    const me = { key: identity.keys.publicKey, tagOf: entryTags(suite, identity.keys) };
    const now = () => this.#now();
    const random = (length: number) => platform.random(length);
    this.people = new People(storage, this.#queue);
    this.conversations = new Conversations(
      {
        storage,
        queue: this.#queue,
        me,
        random,
        now,
        onChanged: (...changed) => {
          this.#files?.heed(...changed);
          host.onChanged(...changed);
        },
        onRead: (conversation, log, from, to) => {
          if (settings.privacy.receipts)
            host.onProgress(conversation, fromHex(log), from, to, 'read');
        },
      },
      suite,
    );
    this.book = new PeerBook({
      ...host,
      lastSignalTime: settings.signalTime,
      keepSignalTime: (time) => settings.keepSignalTime(time),
      rtcConfig: (key) => host.rtcConfig(this.people.contact(key)?.relayOnly),
      standing: (key) => this.people.standing(key),
      recall: (key, device) => this.people.seenTime(key, device),
      remember: (...seen) => this.#run(this.relations.rememberDevice(...seen)),
      onInvite: (signal) => this.#run(this.relations.takeInvite(signal)),
      onAccept: (signal) => this.relations.takeAccept(signal.signal.from),
      onPeer: (peer) => this.#peerMoved(peer),
      onSecure: (peer, _device, channel) => this.#run(this.#secured(peer, channel)),
      onReady: () => this.#lookForEverybody(),
      onRelay: (url, state, reason) => this.#relayMoved(url, state, reason),
    });
    this.#outreach = new Outreach(platform, this.book.signaling);
    this.relations = new Relations({
      people: this.people,
      conversations: this.conversations,
      book: this.book,
      outreach: this.#outreach,
      owner: host,
      now,
      onContact: (contact, isRemoved) => this.#contactMoved(contact, isRemoved),
      run: (work) => this.#run(work),
    });
    this.delivery = new Delivery({
      me,
      platform,
      privacy: settings.privacy,
      onArrived: (conversation, entries) => this.#arrived(conversation, entries),
      onProgress: async (conversation, from, to, step, log = conversation.log) => {
        await host.onProgress(conversation, log, from, to, step);
        this.#files?.words.moved();
      },
      onTyping: (conversation, isTyping) => {
        this.#typing?.heard(conversation, isTyping);
      },
      onFault: (fault) => this.#fault(fault),
    });
  }

  /** Takes what the store has; damaged records are left out and told. */
  async load(stored: StoredRows): Promise<void> {
    const onFault = (fault: PimError) => this.#host.onFault(fault);
    this.people.load(stored, onFault);
    this.conversations.load(stored.conversations, onFault);
    // One in which nothing was said yet has no row.
    await Promise.all(this.people.contacts.map((one) => this.conversations.open(keyOf(one))));
  }

  /** Joins the relays; whoever is looked for is looked for as soon as one takes envelopes. */
  start(): void {
    for (const url of this.#host.relays) this.book.pool.add(url);
    for (const contact of this.people.contacts) this.#joinRelaysOf(contact);
    this.book.clock.reserve();
    this.privacyChanged();
    this.#undoWake = this.#host.platform.onWake((wake) => this.#wake(wake));
  }

  async stop(): Promise<void> {
    this.#undoWake();
    this.#outreach.stopAll();
    this.#typing?.stop();
    this.book.stop();
    this.delivery.stop();
    await this.#queue.idle();
  }

  /**
   * Writes a message to somebody and sees that it gets there. Who is no contact yet becomes one and
   * is asked.
   * @param once may say that it was written before; then `stored` is missing
   */
  async send(
    to: Bytes,
    body: EntryBody,
    once?: Once,
  ): Promise<{ conversation: Conversation; stored?: StoredEntry | undefined }> {
    const contact = await this.relations.addressee(to);
    const conversation = await this.conversations.open(to);
    const profile = this.#profile();
    const isTold = conversation.record.profile === profile.text;
    const bodies = isTold ? [body] : [profile.body, body];
    const stored = await conversation.append(bodies, { profile: profile.text }, once);
    this.#appended(conversation, stored);
    this.relations.lookFor(contact);
    return { conversation, stored: stored.at(-1) };
  }

  /** Writes into a conversation what is no message: an edit, a deletion, a reaction. */
  async add(conversation: Conversation, body: EntryBody): Promise<void> {
    if (this.people.standing(conversation.peer) === 'blocked') throw blocked();
    this.#appended(conversation, await conversation.append([body]));
  }

  /** Everything in a conversation was read. */
  async markRead(conversation: Conversation): Promise<void> {
    const { receipts } = this.#host.settings.privacy;
    const isTold = receipts && this.people.standing(conversation.peer) === 'contact';
    const told = await conversation.markRead(isTold);
    if (told === null) return;
    this.delivery.appended(conversation);
    this.#host.onConversation(conversation);
  }

  /** I am writing, or no longer. */
  typing(conversation: Conversation, isTyping: boolean): void {
    this.#typing?.say(conversation, isTyping);
  }

  /** Tells everybody who is here how I am called now; the others hear it when they come. */
  async profileChanged(): Promise<void> {
    for (const conversation of this.delivery.live) await this.#tellProfile(conversation);
  }

  /** Tries again what was given up. */
  retry(key: Bytes): void {
    this.book.pool.hurry();
    const contact = this.people.contact(key);
    if (contact !== null) this.relations.lookFor(contact);
  }

  route(key: Bytes): 'direct' | 'relayed' | null {
    return this.#routes.get(toHex(key)) ?? null;
  }

  /** The person chose what they tell. */
  privacyChanged(): void {
    this.#typing?.stop();
    this.#typing = null;
    if (this.#host.settings.privacy.typing) this.#run(this.#beginTyping());
  }

  /** Files of all conversations; what they need is fetched at the first use. */
  async files(): Promise<Files> {
    const { Files } = await loaded(import('./files/files.js'));
    this.#files ??= new Files(this.#host, this.people, this.#queue);
    return this.#files;
  }

  async #beginTyping(): Promise<void> {
    const { Typing } = await loaded(import('./typing.js'));
    if (!this.#host.settings.privacy.typing) return; // it was turned off meanwhile
    this.#typing = new Typing(
      this.#host.platform,
      (...typing) => this.#host.onTyping(...typing),
      (...typing) => this.delivery.typing(...typing),
    );
  }

  async #secured(peer: Peer, channel: Channel): Promise<void> {
    if (this.people.standing(peer.key) !== 'contact') return this.book.drop(peer.key);
    const conversation = await this.conversations.open(peer.key);
    this.delivery.attach(channel, conversation);
    let isSettled = false;
    const settle = () => {
      if (isSettled || !peer.channels.includes(channel)) return;
      isSettled = true;
      this.#settled(peer, channel, conversation);
    };
    channel.onFileWord = settle;
    this.#host.platform.setTimer(settle, SETTLE_MS);
    await this.relations.known(peer.key);
    await this.#tellProfile(conversation);
  }

  /** What can wait until the first words have crossed. */
  #settled(peer: Peer, channel: Channel, conversation: Conversation): void {
    this.#noteRoute(peer);
    // Now, while the page's own server is likely to be there: an edit may come when it is not.
    void settled().catch(() => undefined);
    void this.files()
      .then((files) => files.attach(channel, conversation))
      .catch(() => undefined);
  }

  #arrived(conversation: Conversation, entries: readonly StoredEntry[]): void {
    this.#files?.heed(conversation, entries);
    for (const { entry } of entries) {
      if (entry.body.kind === 'text') this.#typing?.heard(conversation, false);
      if (entry.body.kind !== 'profile') continue;
      this.#run(this.relations.takeProfile(entry.author, entry.body.name));
    }
    this.#host.onStored(conversation, entries);
    this.#host.onConversation(conversation);
  }

  #appended(conversation: Conversation, stored: readonly StoredEntry[]): void {
    this.delivery.appended(conversation);
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

  #contactMoved(contact: ContactRecord, isRemoved: boolean): void {
    if (isRemoved || contact.status === 'blocked') this.#run(this.#forgetNetworkOf(contact));
    else this.#joinRelaysOf(contact);
    this.#host.onContact(contact, isRemoved);
  }

  #peerMoved(peer: Peer): void {
    const conversation = this.conversations.of(peer.key);
    if (conversation !== null) this.delivery.prune(peer, conversation);
    if (peer.channels.length === 0) {
      this.#routes.delete(toHex(peer.key));
      if (conversation !== null) this.#typing?.heard(conversation, false);
    }
    this.#host.onConnection(peer.key);
  }

  #noteRoute(peer: Peer): void {
    settled()
      .then(({ routeTo }) => routeTo(peer, () => this.#noteRoute(peer)))
      .then(
        (way) => {
          if (way === null || way === this.route(peer.key)) return;
          this.#routes.set(toHex(peer.key), way);
          this.#host.onConnection(peer.key);
        },
        () => undefined,
      );
  }

  #relayMoved(url: string, state: LinkState, reason: PimError | null): void {
    this.#host.onRelay(url, state, reason);
    this.#tellReachability();
  }

  /** With the last relay that goes, and the first that is back, every connection reads otherwise. */
  #tellReachability(): void {
    const { isLost } = this.book.pool;
    if (isLost === this.#wasLost) return;
    this.#wasLost = isLost;
    for (const contact of this.people.contacts) this.#host.onConnection(keyOf(contact));
  }

  #lookForEverybody(): void {
    for (const contact of this.people.contacts) this.relations.lookFor(contact);
  }

  /** A signal may have come while they were being removed; and nobody else may need their relays. */
  async #forgetNetworkOf(gone: ContactRecord): Promise<void> {
    this.book.drop(keyOf(gone));
    const { relaysOf } = await removal();
    this.book.pool.keep(relaysOf(this.people.contacts));
    for (const contact of this.people.contacts) this.#joinRelaysOf(contact);
  }

  #joinRelaysOf(contact: ContactRecord): void {
    if (contact.status === 'blocked') return;
    for (const url of contact.relays) {
      try {
        this.book.pool.add(url, false);
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
    this.book.wake();
    if (this.book.pool.isReady) this.#lookForEverybody();
  }

  #now(): number {
    const now = Math.floor(this.#host.platform.now());
    return Number.isSafeInteger(now) && now > 0 ? now : 0;
  }

  /** A full disk stops many small things at once; people are told of it once. */
  #isFullTold(): boolean {
    const now = this.#host.platform.monotonic();
    if (now - this.#fullToldAt < FULL_AGAIN_MS) return true;
    this.#fullToldAt = now;
    return false;
  }

  /** Work nobody waits for; what goes wrong in it becomes an event. */
  #run(work: Promise<unknown>): void {
    work.catch((fault: unknown) => this.#fault(fault));
  }

  #fault(fault: unknown): void {
    if (isPimError(fault, 'storage/full') && this.#isFullTold()) return;
    if (isPimError(fault)) return this.#host.onFault(fault);
    const detail = { operation: 'background work' };
    this.#host.onFault(new PimError('storage/failed', 'Something went wrong.', detail, fault));
  }
}
