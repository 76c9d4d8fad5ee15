/**
 * What a following tab knows: everything that calls answer without waiting, kept up to date by the
 * events it hears; and how far each conversation was told of, to learn later what was missed.
 */

import type { Access } from '../access.js';
import type { AnyEvent } from '../base/emitter.js';
import type { Conversation } from '../chat/conversation.js';
import { keyOf } from '../chat/people.js';
import type { Privacy } from '../chat/settings.js';
import type {
  ConnectionStatus,
  Contact,
  ContactRequest,
  PimEvents,
  RelayStatus,
} from '../events.js';

/** An event, as `*` handlers get it. */
export type Told = AnyEvent<PimEvents>;

/** How far a conversation was told of; counts as in its record (chat/records.ts). */
export interface Mark {
  readonly heads: Readonly<Record<string, number>>;
  readonly delivered: Readonly<Record<string, number>>;
  readonly read: Readonly<Record<string, number>>;
  readonly unread: number;
}

export interface Snapshot {
  readonly address: string;
  readonly name: string;
  readonly isPersistent: boolean;
  readonly privacy: Privacy;
  readonly contacts: readonly Contact[];
  readonly requests: readonly ContactRequest[];
  readonly relays: readonly RelayStatus[];
  readonly connections: readonly ConnectionStatus[];
  readonly marks: Readonly<Record<string, Mark>>;
}

/** The tab that leads, as it is now. */
export function snapshotOf({ running }: Access): Snapshot {
  const { chat, view, identity, settings, storage } = running();
  const { contacts, waiting } = chat.people;
  return {
    address: identity.address,
    name: settings.name,
    isPersistent: storage.isPersistent,
    privacy: { ...settings.privacy },
    contacts: contacts.map((record) => view.contact(record)),
    requests: waiting.map((record) => view.request(record)),
    relays: chat.book.pool.links.map(({ url, state, reason }) => view.relay(url, state, reason)),
    connections: contacts.map((record) => view.connection(keyOf(record))),
    marks: Object.fromEntries(chat.conversations.all.map((each) => [each.name, markOf(each)])),
  };
}

export function markOf({ record }: Conversation): Mark {
  const { heads, delivered, read, unread } = record;
  return { heads, delivered, read, unread };
}

/** What is so after an event. */
export function after(before: Snapshot, { type, event }: Told): Snapshot {
  switch (type) {
    case 'contact': {
      const { removed, ...contact } = event;
      const { address } = contact;
      const others = before.contacts.filter((each) => each.address !== address);
      const requests = before.requests.filter(({ from }) => from !== address);
      if (removed !== true) {
        return { ...before, requests, contacts: put(before.contacts, contact, 'address') };
      }
      const connections = before.connections.filter((each) => each.address !== address);
      return { ...before, requests, contacts: others, connections };
    }
    case 'request': {
      const others = before.requests.filter(({ from }) => from !== event.from);
      return { ...before, requests: [event, ...others] };
    }
    case 'request:declined': {
      const requests = before.requests.filter(({ from }) => from !== event.from);
      return { ...before, requests };
    }
    case 'connection':
      return { ...before, connections: put(before.connections, event, 'address') };
    case 'relay': {
      const relays = put(before.relays, event, 'url');
      return { ...before, relays: relays.filter(({ state }) => state !== 'closed') };
    }
    default:
      return before;
  }
}

/** The events that lead from one to the other, for somebody who saw nothing in between. */
export function between(before: Snapshot, now: Snapshot): Told[] {
  const told: Told[] = [];
  const nowBy = <Item>(items: readonly Item[], key: keyof Item) =>
    new Map(items.map((item) => [item[key], item]));
  const [contacts, relays] = [nowBy(now.contacts, 'address'), nowBy(now.relays, 'url')];
  const former = {
    contacts: nowBy(before.contacts, 'address'),
    requests: nowBy(before.requests, 'from'),
    relays: nowBy(before.relays, 'url'),
    connections: nowBy(before.connections, 'address'),
  };
  for (const relay of before.relays) {
    const event = { ...relay, state: 'closed', reason: null } as const;
    if (!relays.has(relay.url)) told.push({ type: 'relay', event });
  }
  for (const event of now.relays) {
    if (differs(event, former.relays.get(event.url))) told.push({ type: 'relay', event });
  }
  for (const contact of before.contacts) {
    const event = { ...contact, removed: true } as const;
    if (!contacts.has(contact.address)) told.push({ type: 'contact', event });
  }
  for (const event of now.contacts) {
    if (differs(event, former.contacts.get(event.address))) told.push({ type: 'contact', event });
  }
  const waiting = nowBy(now.requests, 'from');
  for (const { from } of before.requests) {
    // Who was accepted or blocked is a contact, which was told above.
    const isAnswered = waiting.has(from) || contacts.has(from);
    if (!isAnswered) told.push({ type: 'request:declined', event: { from } });
  }
  for (const event of [...now.requests].reverse()) {
    if (!former.requests.has(event.from)) told.push({ type: 'request', event });
  }
  for (const event of now.connections) {
    const { address, state } = event;
    const was = former.connections.get(address);
    if (differs(event, was)) told.push({ type: 'connection', event });
    const [wasOnline, online] = [was?.state === 'connected', state === 'connected'];
    if (wasOnline !== online) told.push({ type: 'presence', event: { address, online } });
  }
  return told;
}

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

/** In the place of the one with the same key, or last. */
function put<Item>(items: readonly Item[], item: Item, key: keyof Item): Item[] {
  const at = items.findIndex((each) => each[key] === item[key]);
  return at < 0 ? [...items, item] : items.with(at, item);
}
