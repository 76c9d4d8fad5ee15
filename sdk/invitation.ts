/**
 * An invitation in the address bar: read once, then removed, so that it is neither bookmarked nor
 * read by whatever else runs on the page later.
 */

import { type Invitation, isInvitationFragment, parseLink } from './protocol/link.js';

interface Place {
  readonly hash: string;
  readonly pathname: string;
  readonly search: string;
}

interface Past {
  readonly state: unknown;
  replaceState(state: unknown, unused: string, url: string): void;
}

/**
 * The invitation in the fragment, or null where there is none. It is gone from the address bar
 * after, well-formed or not.
 * @throws address/invalid, link/invalid where the fragment is meant for pim and damaged
 */
export function takeInvitation(location: Place, history: Past): Invitation | null {
  const { hash, pathname, search } = location;
  if (!isInvitationFragment(hash)) return null;
  history.replaceState(history.state, '', pathname + search);
  return parseLink(hash);
}
