/**
 * What one does about somebody but seldom: saying yes or no to them, renaming, blocking, forgetting.
 * Fetched at the first use.
 */

import { type Access, keyOfAddress, unknownContact } from './access.js';
import type { Bytes } from './base/bytes.js';
import { checkName } from './base/check.js';
import { unknownRequest } from './chat/people.js';
import type { Contact } from './events.js';
import { MAX_NAME_BYTES } from './protocol/limits.js';

export async function accept(access: Access, address: string): Promise<Contact> {
  const { chat, view } = access.running();
  const key = keyOfAddress(access, address);
  if (chat.people.request(key) === null) throw unknownRequest();
  return view.contact(await chat.relations.accept(key));
}

export async function decline(access: Access, address: string): Promise<void> {
  await access.running().chat.people.decline(keyOfAddress(access, address));
}

export async function block(access: Access, address: string): Promise<Contact> {
  const { chat, view } = access.running();
  return view.contact(await chat.relations.block(keyOfAddress(access, address)));
}

/** Changes what is kept of somebody; who was blocked is no longer. */
export async function change(
  access: Access,
  address: string,
  given: { readonly name?: string },
): Promise<Contact> {
  const { chat, view } = access.running();
  const key = keyOfContact(access, address);
  const { name } = given;
  const petname = name === undefined ? {} : { petname: checkName(name, 'name', MAX_NAME_BYTES) };
  return view.contact(await chat.relations.add(key, petname));
}

export async function remove(access: Access, address: string): Promise<void> {
  await access.running().chat.relations.remove(keyOfContact(access, address));
}

function keyOfContact(access: Access, address: string): Bytes {
  const key = keyOfAddress(access, address);
  if (access.running().chat.people.contact(key) === null) throw unknownContact();
  return key;
}
