/**
 * ICE servers of what relays said of TURN. A chunk of its own: pages whose relays offer none do
 * without it.
 */

import type { Bytes } from '../base/bytes.js';
import { isPimError } from '../base/errors.js';
import { decodeTurn } from '../protocol/turn.js';

/** What a relay said of TURN servers, unread, and when: monotonic milliseconds. */
export interface TurnNote {
  readonly body: Bytes;
  readonly at: number;
}

/**
 * One server for each URL, of those notes whose login has not run out; a malformed note has none.
 * @param now monotonic milliseconds
 */
export function turnServers(notes: readonly TurnNote[], now: number): RTCIceServer[] {
  return notes.flatMap(({ at, body }) => {
    try {
      const { lifetimeS, password: credential, urls, username } = decodeTurn(body);
      const isOver = now >= at + lifetimeS * 1000;
      return isOver ? [] : urls.map((url) => ({ urls: url, username, credential }));
    } catch (fault) {
      if (isPimError(fault, 'frame/invalid')) return [];
      throw fault;
    }
  });
}
