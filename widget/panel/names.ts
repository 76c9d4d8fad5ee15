/**
 * What people are called on the screen. Names are labels given here or by the people themselves;
 * the address alone says who somebody is.
 */

import type { Contact } from '../../sdk/index.js';
import type { Ui } from './ui.js';

/** Symbols shown of an address at each end, where there is no room for it whole. */
const ENDS = 5;

/** For lists and titles, where nobody has to be told apart for certain. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 4 + ENDS)}…${address.slice(-ENDS)}`;
}

/** As a title: the name, else for a page's own chat “Chat”, else the address, shortened. */
export function titleOf({ state, words }: Ui, address: string, contact: Contact | null): string {
  if (contact !== null && contact.name !== '') return contact.name;
  return state.target.kind === 'inbox' ? shortAddress(address) : words('chat.label');
}

/** Within a sentence. */
export function nameOf(ui: Ui, contact: Contact | null): string {
  return contact !== null && contact.name !== '' ? contact.name : ui.words('chat.other');
}
