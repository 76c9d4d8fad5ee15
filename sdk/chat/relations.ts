/**
 * Who knows whom: asking strangers, answering those who ask, and what each step does to a contact.
 * Nobody is answered, and no connection is made, before one of the two has said yes here.
 */

import { type Bytes, toHex } from '../base/bytes.js';
import { cleanLine } from '../base/check.js';
import { PimError } from '../base/errors.js';
import type { PeerBook } from '../peer/peer-book.js';
import type { Verified } from '../peer/signaling.js';
import { MAX_NAME_BYTES, TOKEN_CHARS } from '../protocol/limits.js';
import { decodeToken } from '../protocol/link.js';
import { NO_TOKEN } from '../protocol/signal.js';
import type { ChatHost } from './chat-host.js';
import type { Conversation } from './conversation.js';
import type { Conversations } from './conversations.js';
import { removal, strangers } from './later.js';
import { cut, type Outreach } from './outreach.js';
import { keyOf, type People } from './people.js';
import type { ContactRecord, RequestRecord } from './records.js';

/** Entries looked through for the first words of a conversation. */
const FIRST_WORDS = 20;

export interface RelationsHost {
  readonly people: People;
  readonly conversations: Conversations;
  readonly book: PeerBook;
  readonly outreach: Outreach;
  readonly owner: ChatHost;
  now(): number;
  onContact(contact: ContactRecord, isRemoved: boolean): void;
  /** Work nobody waits for. */
  run(work: Promise<unknown>): void;
}

export class Relations {
  readonly #host: RelationsHost;

  constructor(host: RelationsHost) {
    this.#host = host;
  }

  /** Adds somebody, or gives a contact another name or relays. */
  async add(key: Bytes, change: Partial<ContactRecord>): Promise<ContactRecord> {
    const { people, book } = this.#host;
    const request = people.request(key);
    const contact = await this.#change(key, (before) => {
      const status = request === null ? 'added' : 'accepted';
      const base = before ?? this.#newContact(key, status, request);
      return { ...base, ...change, status: base.status === 'blocked' ? 'added' : base.status };
    });
    if (request !== null) this.welcome(key);
    else if (book.pool.isReady) this.lookFor(contact);
    return contact;
  }

  /** Says yes to a request: a contact from now on, answered and looked for. */
  async accept(key: Bytes): Promise<ContactRecord> {
    const contact = await this.#become(key, 'accepted');
    this.welcome(key);
    return contact;
  }

  /** Whoever hears of it ends what there is with them (chat.ts). */
  async block(key: Bytes): Promise<ContactRecord> {
    const contact = await this.#become(key, 'blocked');
    this.#host.outreach.stop(key);
    return contact;
  }

  /** Forgets somebody and the conversation with them. */
  async remove(key: Bytes): Promise<void> {
    await (await removal()).remove(this.#host, key);
  }

  /** The contact a message is for; who is none yet becomes one, to be asked. */
  async addressee(key: Bytes): Promise<ContactRecord> {
    const { people } = this.#host;
    const known = people.contact(key);
    if (known?.status === 'blocked') {
      throw blocked();
    }
    if (known !== null && known.status !== 'added') return known;
    const isAnswer = people.request(key) !== null;
    const contact = await this.#become(key, isAnswer ? 'accepted' : 'requested');
    if (isAnswer) this.welcome(key);
    return contact;
  }

  /** Looks for a contact in the way that fits: asks who has not answered yet, knocks at the others. */
  lookFor(contact: ContactRecord): void {
    const key = keyOf(contact);
    if (contact.status === 'requested') this.#host.run(this.#ask(contact));
    else if (contact.status !== 'blocked') this.#host.book.peer(key).call();
  }

  async takeInvite(verified: Verified): Promise<void> {
    await (await strangers()).takeInvite(this.#host, this, verified);
  }

  /**
   * Somebody I asked says yes. It may be an old yes played again, so it only makes us look for them:
   * what counts is the confirmed channel that follows.
   */
  takeAccept(from: Bytes): void {
    if (this.#host.people.standing(from) === 'contact') this.#host.book.peer(from).call();
  }

  /** The other side has us as a contact: asking is over. */
  async known(key: Bytes): Promise<void> {
    this.#host.outreach.stop(key);
    const status = this.#host.people.contact(key)?.status;
    if (status === 'added' || status === 'requested') await this.#become(key, 'accepted');
  }

  async takeProfile(key: Bytes, name: string): Promise<void> {
    const profileName = cut(cleanLine(name), MAX_NAME_BYTES);
    const known = this.#host.people.contact(key);
    if (known === null || known.profileName === profileName) return;
    await this.#change(key, (before) => ({ ...(before ?? known), profileName }));
  }

  async rememberDevice(key: Bytes, device: string, time: number): Promise<void> {
    const known = this.#host.people.contact(key);
    if (known === null || (known.devices[device] ?? 0) >= time) return;
    await this.#host.people.change(key, (before) => {
      const record = before ?? known;
      return { ...record, devices: { ...record.devices, [device]: time } };
    });
  }

  /** They asked and we said yes: tell them, and look for them. */
  welcome(key: Bytes): void {
    const { book, run } = this.#host;
    run(book.signaling.signAndSend({ to: key }, { kind: 'accept' }));
    book.peer(key).call();
  }

  async #ask(contact: ContactRecord): Promise<void> {
    const key = keyOf(contact);
    const { people, conversations, outreach } = this.#host;
    // One of another size was kept before tokens were signed: nobody takes it any more.
    const isToken = contact.token?.length === TOKEN_CHARS;
    const token = isToken ? decodeToken(contact.token ?? '') : NO_TOKEN;
    const text = await firstWords(conversations.of(key));
    outreach.start(key, () => {
      const isOpen = people.contact(key)?.status === 'requested';
      return isOpen ? { token, name: this.#host.owner.settings.name, text } : null;
    });
  }

  #become(key: Bytes, status: ContactRecord['status']): Promise<ContactRecord> {
    const request = this.#host.people.request(key);
    return this.#change(key, (before) => ({
      ...(before ?? this.#newContact(key, status, request)),
      status,
    }));
  }

  async #change(
    key: Bytes,
    change: (before: ContactRecord | null) => ContactRecord,
  ): Promise<ContactRecord> {
    await this.#host.conversations.open(key);
    const { after } = await this.#host.people.change(key, change);
    this.#host.onContact(after, false);
    return after;
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
      addedAt: this.#host.now(),
      invite: request?.invite ?? null,
      devices: {},
    };
  }
}

export function blocked(): PimError<'contact/blocked'> {
  return new PimError('contact/blocked', 'You have blocked this person.', null);
}

/** The first thing I wrote to somebody: what they read before they decide. */
async function firstWords(conversation: Conversation | null): Promise<string> {
  const page = await conversation?.page(null, FIRST_WORDS);
  const texts = (page?.entries ?? []).reverse().flatMap(({ entry, fold }) => {
    return entry.body.kind === 'text' ? [fold?.edit?.text ?? entry.body.text] : [];
  });
  return texts[0] ?? '';
}
