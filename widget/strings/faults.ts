/**
 * One sentence for each error code that can reach a person, and for each fault an address can
 * have: what happened and what helps, in words that need no knowledge of networks. A code without
 * one reads as `fault.unknown`. Fetched when the first of them is to be said.
 */

import type { ErrorCode, ErrorDetails } from '../../sdk/index.js';
import { FIRST_FAULTS } from './first-faults.js';

type AddressFault = ErrorDetails['address/invalid']['reason'];
type OwnKey = 'fault.unknown' | 'fault.name';
type FaultKey = `fault.${ErrorCode}` | `fault.address.${AddressFault}` | OwnKey;

export const FAULT_STRINGS = {
  ...FIRST_FAULTS,
  'fault.name': 'This name is too long. Shorten it.',

  'fault.options/invalid': 'This chat is set up wrongly on this page. Its owner can fix it.',
  'fault.crypto/self-test-failed':
    'This browser’s cryptography failed a check. The chat stays off, for your safety.',
  'fault.crypto/failed': 'This browser’s cryptography failed. Reload the page.',

  'fault.address/invalid': 'This is not a valid address.',
  'fault.address.empty': 'Enter an address or a link.',
  'fault.address.length': 'Some characters of the address are missing, or there are too many.',
  'fault.address.mixed-case': 'An address is all small letters or all capitals, never both.',
  'fault.address.prefix': 'An address begins with “pim1”.',
  'fault.address.character': 'The address holds a character that no address has.',
  'fault.address.checksum': 'There is a typing mistake in the address. Copy it once more, whole.',
  'fault.address.version': 'The address is of a newer kind that is not known here.',
  'fault.address.padding': 'The address is damaged. Copy it once more, whole.',
  'fault.address.key': 'Nobody can own this address. Ask for the right one.',
  'fault.address/own': 'This is your own address.',
  'fault.link/invalid': 'The link is damaged. Copy it once more, whole.',
  'fault.peer/no-turn':
    'Your IP address cannot be hidden here: that takes a TURN server, and none is known.',
  'fault.invitation/invalid':
    'This invitation is no longer good, or not of this person. Ask them for another one.',
  'fault.invitation/unknown': 'This invitation is no longer there.',
  'fault.invitation/too-many': 'There are as many invitations as can be kept. Withdraw one first.',
  'fault.identity/locked': 'The key in this browser is locked with a passphrase.',
  'fault.identity/passphrase': 'This is not the passphrase.',
  'fault.identity/invalid': 'The address kept in this browser is damaged and cannot be used.',

  'fault.relay/insecure': 'The relay’s address is not secure: it has to begin with wss://.',
  'fault.relay/refused': 'The relay turned this device down. It is tried again by itself.',
  'fault.relay/version': 'The relay speaks another version of the protocol.',
  'fault.relay/protocol': 'The relay does not behave as a relay should.',
  'fault.relay/rate-limited': 'The relay asks to slow down. Wait a moment.',
  'fault.relay/too-many': 'These are more relays than one device may use.',

  'fault.peer/altered':
    'A relay changes what passes through it, so no connection was made. Another relay may help.',
  'fault.peer/impostor': 'The other end could not prove who it is, so it was refused.',
  'fault.peer/protocol': 'The other side sent something that is not understood here.',

  'fault.contact/unknown': 'This person is not among your contacts.',
  'fault.contact/blocked': 'You blocked this person.',
  'fault.contact/too-many': 'Your list of contacts is full. Remove one first.',
  'fault.request/unknown': 'This request is no longer there.',
  'fault.conversation/unknown': 'This chat is no longer there.',
  'fault.message/empty': 'Write something first.',
  'fault.message/too-long': 'The message is too long. Send it in parts.',
  'fault.message/unknown': 'This message is not here.',
  'fault.message/not-mine': 'Only its author can change a message.',
  'fault.message/deleted': 'This message was deleted.',

  'fault.file/unknown': 'This file is no longer there.',
  'fault.file/missing': 'The file is not on this device.',
  'fault.file/unreadable': 'The file cannot be read any longer. Choose it again.',
  'fault.file/different': 'This is not the same file. Choose the one you sent.',
  'fault.file/altered': 'What arrived is not the file that was sent, so it was not kept.',
  'fault.file/too-large': 'The file is too large.',

  'fault.storage/invalid': 'Something kept in this browser is damaged and was left out.',

  'fault.pim/stopped': 'The chat was stopped. Start it again.',
} satisfies { readonly [Key in FaultKey]?: string };
