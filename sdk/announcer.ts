/**
 * Turns what happens in the chat into public events. Silent while nothing is started.
 */

import type { Bytes } from './base/bytes.js';
import { isPimError } from './base/errors.js';
import type { ChatCallbacks } from './chat/chat-host.js';
import type { Conversation } from './chat/conversation.js';
import type { Step } from './chat/delivery.js';
import type { StoredEntry } from './chat/entry-rows.js';
import type { Message, PimEvents } from './events.js';
import { encodeAddress } from './protocol/address.js';
import { MAX_PAGE } from './protocol/limits.js';
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
    onChanged: (conversation, messages) => {
      for (const stored of messages) this.#updated(conversation, stored);
      void this.#guard(this.#conversationMoved(conversation));
    },
    onFile: (status) => {
      if (this.#started) this.#emit('file:progress', status);
    },
    onTyping: (conversation, typing) => {
      const from = encodeAddress(conversation.peer);
      if (this.#started) this.#emit('typing', { conversation: conversation.name, from, typing });
    },
    onProgress: (...progress) => this.#guard(this.#progressed(...progress)),
    onContact: (record, isRemoved) => {
      const contact = this.#started?.view.contact(record);
      if (contact) this.#emit('contact', isRemoved ? { ...contact, removed: true } : contact);
    },
    onRequest: (record) => {
      const request = this.#started?.view.request(record);
      if (request) this.#emit('request', request);
    },
    onConversation: (conversation) => void this.#guard(this.#conversationMoved(conversation)),
    onConnection: (key) => this.#connectionMoved(key),
    onRelay: (url, state, reason) => {
      const status = this.#started?.view.relay(url, state, reason);
      if (status) this.#emit('relay', status);
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
      // What was taken back before it came is no news.
      if (message) this.#emit(message.deleted ? 'message:update' : 'message', message);
    }
  }

  #updated(conversation: Conversation, stored: StoredEntry): Message | null | undefined {
    const message = this.#started?.view.message(conversation, stored);
    if (message) this.#emit('message:update', message);
    return message;
  }

  async #progressed(
    conversation: Conversation,
    device: Bytes,
    from: number,
    to: number,
    step: Step,
  ): Promise<void> {
    const author = this.#started?.identity.keys.publicKey;
    if (author === undefined) return;
    const first = Math.max(from, to - MAX_PAGE);
    const log = await conversation.shelf.behind({ author, device }, first, to - first);
    const messages = log.flatMap(({ stored }) => {
      return stored === null ? [] : (this.#updated(conversation, stored) ?? []);
    });
    if (step === 'moved' || messages.length === 0) return;
    const ids = messages.map((message) => message.id);
    const other = encodeAddress(conversation.peer);
    this.#emit('receipt', { conversation: conversation.name, from: other, ids, kind: step });
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
  #guard(work: Promise<void>): Promise<void> {
    return work.catch((fault) => {
      if (this.#started && isPimError(fault)) this.#emit('error', fault);
    });
  }
}
