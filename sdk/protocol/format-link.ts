/**
 * Invitation links written out, docs/protocol.md §3.
 */

import type { Invitation } from './link.js';

/** @param page the URL the link opens; its own fragment, if any, is replaced */
export function formatLink(page: string, invitation: Invitation): string {
  const parameters = [
    ...(invitation.token === null ? [] : [`t=${invitation.token}`]),
    ...invitation.relays.map((relay) => `r=${encodeURIComponent(relay)}`),
  ];
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `${page.split('#')[0]}#${invitation.address}${query}`;
}
