/**
 * What each piece of news from the SDK makes of the state: what changes in it. Pure.
 */

import type {
  ConnectionStatus,
  Contact,
  ContactRequest,
  ConversationSummary,
  Message,
  PimEvents,
  RelayStatus,
} from '../../sdk/index.js';
import type { State } from './state.js';

/** The person a message was exchanged with. */
export function peerOf(message: Message): string {
  return message.mine ? message.to : message.from;
}

/**
 * `messages` with `message` in it, in place of its former self or last.
 * Null where it belongs further up: only the store knows the order, so it has to be asked.
 */
export function withMessage(
  messages: readonly Message[],
  message: Message,
): readonly Message[] | null {
  const index = messages.findLastIndex(({ id }) => id === message.id);
  if (index >= 0) return messages.with(index, message);
  const last = messages.at(-1);
  if (last !== undefined && last.time > message.time) return null;
  return [...messages, message];
}

export function withConversation(state: State, changed: ConversationSummary): Partial<State> {
  const others = state.conversations.filter(({ id }) => id !== changed.id);
  return { conversations: sorted([...others, changed]) };
}

function sorted(conversations: readonly ConversationSummary[]): readonly ConversationSummary[] {
  return [...conversations].sort((a, b) => latest(b) - latest(a));
}

function latest({ last, with: contact }: ConversationSummary): number {
  return last?.time ?? contact.addedAt;
}

export function withContact(state: State, change: PimEvents['contact']): Partial<State> {
  const { address } = change;
  const contact: Contact | null = change.removed === true ? null : change;
  const conversations =
    contact === null
      ? state.conversations.filter((each) => each.with.address !== address)
      : state.conversations.map((each) =>
          each.with.address === address ? { ...each, with: contact } : each,
        );
  const thread = state.thread?.address === address ? { ...state.thread, contact } : state.thread;
  return { ...withAnswered(state, { from: address }), conversations, thread };
}

/** The newest request first; one a person. */
export function withRequest(state: State, request: ContactRequest): Partial<State> {
  return { requests: [request, ...withAnswered(state, request).requests] };
}

/** Somebody who asked no longer does. */
export function withAnswered(
  { requests }: State,
  answered: PimEvents['request:declined'],
): Pick<State, 'requests'> {
  return { requests: requests.filter(({ from }) => from !== answered.from) };
}

export function withConnection({ thread }: State, connection: ConnectionStatus): Partial<State> {
  return thread?.address === connection.address ? { thread: { ...thread, connection } } : {};
}

export function withRelay(state: State, relay: RelayStatus): Partial<State> {
  const isKnown = state.relays.some(({ url }) => url === relay.url);
  const all = isKnown
    ? state.relays.map((each) => (each.url === relay.url ? relay : each))
    : [...state.relays, relay];
  const relays = all.filter((each) => each.state !== 'closed');
  return { relays, reach: reachOf(relays, state.reach) };
}

/**
 * Whether any relay is reached. Every new try begins with `connecting`; the answer stays as it was
 * until that try ends, so that nothing flickers on the screen.
 */
export function reachOf(relays: readonly RelayStatus[], before: State['reach']): State['reach'] {
  if (relays.some(({ state }) => state === 'online')) return 'yes';
  if (relays.some(({ state }) => state === 'connecting'))
    return before === 'yes' ? 'unknown' : before;
  return 'no';
}

/** What the launcher's badge counts. */
export function unreadOf({ target, conversations, requests }: State): number {
  if (target.kind === 'person') {
    return conversations.find((each) => each.with.address === target.address)?.unread ?? 0;
  }
  return conversations.reduce((sum, { unread }) => sum + unread, requests.length);
}

/** What `:state(online)` says: the other person is here, or for an inbox, a relay is reached. */
export function isOnline({ target, thread, reach }: State): boolean {
  return target.kind === 'person' ? thread?.connection?.state === 'connected' : reach === 'yes';
}
