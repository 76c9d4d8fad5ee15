/**
 * What a following tab answers at once, from what it knows: the calls that give no promise. They
 * refuse what the leader's refuse, with the same errors.
 */

import { unknownContact, unknownConversation } from '../access.js';
import { PimError } from '../base/errors.js';
import { parseAddress } from '../protocol/address.js';
import type { Snapshot } from './snapshot.js';

/** @param ask does the rest of a call elsewhere; nobody waits for it */
export function atOnce(
  known: () => Snapshot,
  ask: (path: string, args: readonly unknown[]) => Promise<unknown>,
): Readonly<Record<string, (...args: readonly unknown[]) => unknown>> {
  const contactOf = (address: unknown) => {
    const own: string = parseAddress(address as string);
    return known().contacts.find((each) => each.address === own) ?? null;
  };
  const other = (address: unknown) => {
    if (String(parseAddress(address as string)) !== known().address) return address;
    throw new PimError('address/own', 'This is your own address.', null);
  };
  const idOf = (target: unknown) => {
    const isId = /^[0-9a-f]{32}$/.test(String(target));
    const { contacts } = known();
    const found = isId
      ? contacts.find(({ conversation }) => conversation === target)
      : contactOf(other(target));
    if (found?.conversation) return found.conversation;
    throw unknownConversation();
  };
  return {
    'contacts.list': () => [...known().contacts],
    'contacts.get': (address) => contactOf(address),
    'contacts.requests': () => [...known().requests],
    'conversations.idOf': idOf,
    'conversations.typing': (target, isTyping) => {
      void ask('conversations.typing', [idOf(target), isTyping]).catch(() => undefined);
    },
    'relays.list': () => [...known().relays],
    'connections.status': (address) => {
      const contact = contactOf(other(address));
      if (contact === null) throw unknownContact();
      return known().connections.find((each) => each.address === contact.address);
    },
    'connections.retry': (address) => {
      void ask('connections.retry', [other(address)]).catch(() => undefined);
    },
    'identity.name': () => known().name,
    'identity.isPersistent': () => known().isPersistent,
    'identity.privacy': () => ({ ...known().privacy }),
  };
}
