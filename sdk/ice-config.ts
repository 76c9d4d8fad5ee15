/**
 * What a connection is made with: the host page's ICE servers first, then the TURN servers that the
 * person's own relays give, unless they want none of those.
 */

import { PimError } from './base/errors.js';
import { timeLimit } from './base/time.js';
import type { ResolvedOptions } from './options.js';

/** Milliseconds an ICE server function of the host page may take. */
const ICE_SERVERS_TIMEOUT_MS = 5_000;

/**
 * Never rejects: a page that does not answer costs its servers, not the connection.
 * @param relays asked once the page has answered, so that the newest logins are given
 * @param onFault told `options/invalid` where the page's servers could not be had
 */
export async function iceConfig(
  options: Pick<ResolvedOptions, 'iceServers' | 'ownTurnOnly' | 'platform' | 'relayOnly'>,
  relays: { readonly turnServers: readonly RTCIceServer[] },
  onFault: (fault: PimError) => void,
): Promise<RTCConfiguration> {
  const own = await pageServers(options, onFault);
  const given = options.ownTurnOnly ? [] : relays.turnServers;
  const policy = options.relayOnly ? { iceTransportPolicy: 'relay' as const } : {};
  return { iceServers: [...own, ...given], ...policy };
}

async function pageServers(
  options: Pick<ResolvedOptions, 'iceServers' | 'platform'>,
  onFault: (fault: PimError) => void,
): Promise<readonly RTCIceServer[]> {
  const limit = timeLimit(options.platform, ICE_SERVERS_TIMEOUT_MS);
  const late = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => reject(new Error('no answer in time')));
  });
  try {
    return [...(await Promise.race([options.iceServers(), late]))];
  } catch (cause) {
    const expected = 'a function that resolves with a list of servers';
    const detail = { option: 'iceServers', expected };
    onFault(new PimError('options/invalid', 'The ICE servers could not be had.', detail, cause));
    return [];
  } finally {
    limit.clear();
  }
}
