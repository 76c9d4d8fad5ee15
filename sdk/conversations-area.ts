/**
 * `pim.conversations`: what was said, a page at a time.
 */

import { type Access, findConversation } from './access.js';
import { parseMessageId } from './chat/keys.js';
import type { ConversationSummary, Message } from './events.js';
import { MAX_PAGE } from './protocol/limits.js';

export class ConversationsArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** The id of the conversation with a contact. @throws conversation/unknown */
  idOf(address: string): string {
    return findConversation(this.#access, address).name;
  }

  /** All conversations with people who are contacts, newest message first. */
  async list(): Promise<ConversationSummary[]> {
    const { chat, view } = this.#access.running();
    const all = await Promise.all(chat.conversations.all.map((each) => view.summary(each)));
    const kept = all.filter((each) => each !== null);
    const timeOf = (each: ConversationSummary) => each.last?.time ?? each.with.addedAt;
    return kept.sort((a, b) => timeOf(b) - timeOf(a));
  }

  /**
   * A page of messages, oldest first.
   * @param target conversation id or address
   * @param options.before the page ends before this message id; without it the newest page
   * @param options.limit at most 500
   */
  async history(
    target: string,
    options: { before?: string; limit?: number } = {},
  ): Promise<{ messages: Message[]; more: boolean }> {
    const { view } = this.#access.running();
    const conversation = findConversation(this.#access, target);
    const limit = Math.min(Math.max(1, Math.floor(options.limit ?? 50)), MAX_PAGE);
    let before = options.before === undefined ? null : parseMessageId(options.before);
    const messages: Message[] = [];
    for (;;) {
      const page = await conversation.page(before, limit);
      const shown = page.entries.map((stored) => view.message(conversation, stored));
      messages.push(...shown.filter((message) => message !== null));
      before = page.entries.at(-1)?.entry ?? null;
      if (messages.length >= limit || !page.more || before === null) {
        const more = page.more || messages.length > limit;
        return { messages: messages.slice(0, limit).reverse(), more };
      }
    }
  }

  /** @param target conversation id or address */
  async markRead(target: string): Promise<void> {
    const conversation = findConversation(this.#access, target);
    if (await conversation.markRead()) this.#access.onConversation(conversation);
  }
}
