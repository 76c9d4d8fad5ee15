/**
 * Turns what happens in the chat into public events. Silent while nothing is started.
 */

import type { Bytes } from './base/bytes.js';
import { isPimError } from './base/errors.js';
import type { ChatCallbacks } from './chat/chat-host.js';
import type { Conversation } from './chat/conversation.js';
import type { StoredEntry } from './chat/entry-rows.js';
import type { PimEvents } from './events.js';
import type { EntryRef } from './protocol/entry.js';
import type { Running } from './running.js';
import type { View } from './view.js';

type Emit = <Name extends keyof PimEvents>(type: Name, event: PimEvents[Name]) => void;

export class Announcer {
  readonly #emit: Emit;
  #started: (Running & { readonly view: View }) | null = null;
  /** Addresses of those who are here. */
  readonly #online = new Set<string>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** What the chat calls. */
  readonly callbacks: ChatCallbacks = {
    onStored: (conversation, entries) => this.#stored(conversation, entries),
    onProgress: (...progress) => void this.#guard(this.#progressed(...progress)),
    onContact: (record, isRemoved) => {
      const contact = this.#started?.view.contact(record);
      if (contact === undefined) return;
      this.#emit('contact', isRemoved ? { ...contact, removed: true } : contact);
    },
    onRequest: (record) => {
      const request = this.#started?.view.request(record);
      if (request !== undefined) this.#emit('request', request);
    },
    onConversation: (conversation) => void this.#guard(this.#conversationMoved(conversation)),
    onConnection: (key) => this.#connectionMoved(key),
    onRelay: (url, state, reason) => {
      const status = this.#started?.view.relay(url, state, reason);
      if (status !== undefined) this.#emit('relay', status);
    },
    onFault: (fault) => this.#emit('error', fault),
  };

  started(running: Running & { readonly view: View }): void {
    this.#started = running;
  }

  stopped(): void {
    this.#started = null;
    this.#online.clear();
  }

  #stored(conversation: Conversation, entries: readonly StoredEntry[]): void {
    for (const stored of entries) {
      const message = this.#started?.view.message(conversation, stored);
      if (message) this.#emit('message', message);
    }
  }

  async #progressed(
    conversation: Conversation,
    from: number,
    to: number,
    isDelivered: boolean,
  ): Promise<void> {
    const started = this.#started;
    if (started === null) return;
    const author = started.identity.keys.publicKey;
    const device = conversation.log;
    const refs: EntryRef[] = [];
    for (let seq = from + 1; seq <= to; seq++) refs.push({ author, device, seq });
    const stored = await Promise.all(refs.map((ref) => conversation.get(ref)));
    const messages = stored.flatMap((each) =>
      each === null ? [] : (started.view.message(conversation, each) ?? []),
    );
    for (const message of messages) this.#emit('message:update', message);
    const other = messages[0]?.to;
    if (!isDelivered || other === undefined) return;
    const ids = messages.map((message) => message.id);
    this.#emit('receipt', { conversation: conversation.name, from: other, ids, kind: 'delivered' });
  }

  async #conversationMoved(conversation: Conversation): Promise<void> {
    const summary = await this.#started?.view.summary(conversation);
    if (summary) this.#emit('conversation', summary);
  }

  #connectionMoved(key: Bytes): void {
    const started = this.#started;
    if (started === null || started.chat.people.contact(key) === null) return;
    const status = started.view.connection(key);
    this.#emit('connection', status);
    const online = status.state === 'connected';
    if (online === this.#online.has(status.address)) return;
    if (online) this.#online.add(status.address);
    else this.#online.delete(status.address);
    this.#emit('presence', { address: status.address, online });
  }

  /** A store that fails, or is closed, while an event is being made costs the event only. */
  async #guard(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (fault) {
      if (isPimError(fault) && this.#started !== null) this.#emit('error', fault);
    }
  }
}
