/**
 * Invitation links, docs/protocol.md §3: `https://page#pim1q…?t=<token>&r=<relay>`. Everything pim
 * stands behind the `#`, which browsers send to no server.
 */

import { type Bytes, fromBase64url, toBase64url } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import { type Address, parseAddress } from './address.js';
import { MAX_LINK_CHARS, MAX_LINK_RELAYS, TOKEN_BYTES } from './limits.js';
import { parseRelayUrl } from './relay-url.js';

export interface Invitation {
  readonly address: Address;
  /** The token of the owner's invitation, base64url (§3.1), or null. */
  readonly token: string | null;
  /** Where the owner says they are; not contacted before the person agrees. */
  readonly relays: readonly string[];
}

/**
 * Reads a link, its fragment alone, or a bare address; surrounding blanks are people's paste.
 * Relay hints beyond the fifth and hints that are no relay URL are left out.
 * @throws address/invalid, link/invalid
 */
export function parseLink(text: string): Invitation {
  const trimmed = text.trim();
  const fragment = trimmed.includes('#') ? trimmed.slice(trimmed.indexOf('#') + 1) : trimmed;
  if (fragment.length > MAX_LINK_CHARS) throw invalid('too long');
  const mark = fragment.indexOf('?');
  const address = parseAddress(mark < 0 ? fragment : fragment.slice(0, mark));
  const parameters = new URLSearchParams(mark < 0 ? '' : fragment.slice(mark + 1));
  return { address, token: tokenOf(parameters), relays: relaysOf(parameters) };
}

/** True where a fragment is meant for pim, well-formed or not. */
export function isInvitationFragment(fragment: string): boolean {
  return /^#?pim1/i.test(fragment);
}

/** The bytes of a token. @throws link/invalid */
export function decodeToken(token: string): Bytes {
  let bytes: Bytes | null = null;
  try {
    bytes = fromBase64url(token);
  } catch {
    // Told below, with what was expected.
  }
  if (bytes === null || bytes.length !== TOKEN_BYTES) throw invalid('its invitation is damaged');
  return bytes;
}

function tokenOf(parameters: URLSearchParams): string | null {
  const token = parameters.get('t');
  return token === null ? null : toBase64url(decodeToken(token));
}

function relaysOf(parameters: URLSearchParams): string[] {
  const relays = new Set<string>();
  for (const hint of parameters.getAll('r').slice(0, 2 * MAX_LINK_RELAYS)) {
    try {
      relays.add(parseRelayUrl(hint));
    } catch {
      // A hint is only a hint; the person's own relays remain.
    }
  }
  return [...relays].slice(0, MAX_LINK_RELAYS);
}

function invalid(reason: string): PimError<'link/invalid'> {
  return new PimError('link/invalid', `The link cannot be read: ${reason}.`, { reason });
}
