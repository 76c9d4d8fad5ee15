/**
 * What one does about somebody but seldom: saying yes or no to them, renaming, hiding from them,
 * blocking, forgetting. Fetched at the first use.
 */

import { type Access, keyOfAddress, unknownContact } from './access.js';
import type { Bytes } from './base/bytes.js';
import { checkName } from './base/check.js';
import { PimError } from './base/errors.js';
import { unknownRequest } from './chat/people.js';
import type { ContactRecord } from './chat/records.js';
import { blocked } from './chat/relations.js';
import type { Contact } from './events.js';
import { iceConfig } from './ice-config.js';
import { encodeAddress } from './protocol/address.js';
import { MAX_NAME_BYTES } from './protocol/limits.js';

export async function accept(access: Access, address: string): Promise<Contact> {
  const { chat, view } = access.running();
  const key = keyOfAddress(access, address);
  if (chat.people.request(key) === null) throw unknownRequest();
  return view.contact(await chat.relations.accept(key));
}

export async function decline(access: Access, address: string): Promise<void> {
  const key = keyOfAddress(access, address);
  await access.running().chat.people.decline(key);
  if (access.state() === 'started') access.emit('request:declined', { from: encodeAddress(key) });
}

export async function block(access: Access, address: string): Promise<Contact> {
  const { chat, view } = access.running();
  return view.contact(await chat.relations.block(keyOfAddress(access, address)));
}

/** Any change of what is kept of somebody ends a block; this one changes nothing else. */
export async function unblock(access: Access, address: string): Promise<Contact> {
  return change(access, keyOfContact(access, address), {});
}

export async function rename(access: Access, address: string, name: string): Promise<Contact> {
  const key = keyOfContact(access, address);
  return change(access, key, { petname: checkName(name, 'name', MAX_NAME_BYTES) });
}

export async function setRelayOnly(
  access: Access,
  address: string,
  relayOnly: boolean,
): Promise<Contact> {
  const { chat } = access.running();
  const key = keyOfFriend(access, address);
  // Refused now, in words, and not later by a connection that never comes.
  if (relayOnly && !(await hasTurn(access))) throw noTurn();
  const contact = await change(access, key, { relayOnly });
  // The connection that is there, and one that is being made, are of the other kind.
  chat.book.drop(key);
  chat.retry(key);
  return contact;
}

export async function verify(access: Access, address: string, isSame = true): Promise<Contact> {
  const comparedAt = isSame ? access.options.platform.now() : null;
  return change(access, keyOfFriend(access, address), { comparedAt });
}

export async function remove(access: Access, address: string): Promise<void> {
  await access.running().chat.relations.remove(keyOfContact(access, address));
}

async function change(
  access: Access,
  key: Bytes,
  changed: Partial<ContactRecord>,
): Promise<Contact> {
  const { chat, view } = access.running();
  return view.contact(await chat.relations.add(key, changed));
}

async function hasTurn({ options, running }: Access): Promise<boolean> {
  const { iceServers = [] } = await iceConfig(options, running().chat.book.pool, () => undefined);
  return iceServers.some(({ urls }) => [urls].flat().some((url) => /^turns?:/i.test(url)));
}

function keyOfContact(access: Access, address: string): Bytes {
  const key = keyOfAddress(access, address);
  if (access.running().chat.people.contact(key) === null) throw unknownContact();
  return key;
}

/** Whoever is blocked stays so until they are unblocked. */
function keyOfFriend(access: Access, address: string): Bytes {
  const key = keyOfContact(access, address);
  if (access.running().chat.people.standing(key) === 'blocked') throw blocked();
  return key;
}

function noTurn(): PimError<'peer/no-turn'> {
  const message = 'To hide your IP address takes a TURN server, and none is known here.';
  return new PimError('peer/no-turn', message, null);
}
