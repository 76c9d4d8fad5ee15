/**
 * What a connection is made with: the host page's ICE servers first, then the TURN servers that the
 * person's own relays offer, unless they want none of those.
 */

import { PimError } from './base/errors.js';
import { loaded } from './base/loaded.js';
import { timeLimit } from './base/time.js';
import type { ResolvedOptions } from './options.js';
import type { TurnNote } from './transport/given-turn.js';

/** Milliseconds the host page may take for its servers, and a browser for the code of the relays'. */
const ICE_SERVERS_TIMEOUT_MS = 5_000;

type Options = Pick<
  ResolvedOptions,
  'iceServers' | 'logger' | 'ownTurnOnly' | 'platform' | 'relayOnly'
>;
type Servers = readonly RTCIceServer[];

/**
 * Never rejects: servers that cannot be had in time cost themselves, not the connection.
 * @param onFault told `options/invalid` where the page's servers could not be had
 * @param relayOnly whether this connection hides my IP address, whatever the options say
 */
export async function iceConfig(
  options: Options,
  relays: { readonly turnNotes: readonly TurnNote[] },
  onFault: (fault: PimError) => void,
  relayOnly = false,
): Promise<RTCConfiguration> {
  const limit = timeLimit(options.platform, ICE_SERVERS_TIMEOUT_MS);
  const late = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => reject(new Error('no answer in time')));
  });
  const within = async (servers: () => Promise<Servers>, onFailed: (cause: unknown) => void) => {
    try {
      return [...(await Promise.race([servers(), late]))];
    } catch (cause) {
      onFailed(cause);
      return [];
    }
  };
  const both = await Promise.all([
    within(options.iceServers, (cause) => onFault(unavailable(cause))),
    within(
      () => given(options, relays.turnNotes),
      (cause) => options.logger('warn', `no TURN servers of relays: ${String(cause)}`),
    ),
  ]);
  limit.clear();
  const policy = relayOnly || options.relayOnly ? { iceTransportPolicy: 'relay' as const } : {};
  return { iceServers: both.flat(), ...policy };
}

async function given({ ownTurnOnly, platform }: Options, notes: readonly TurnNote[]) {
  if (ownTurnOnly || notes.length === 0) return [];
  const { turnServers } = await loaded(import('./transport/given-turn.js'));
  return turnServers(notes, platform.monotonic());
}

function unavailable(cause: unknown): PimError<'options/invalid'> {
  const expected = 'a function that resolves with a list of servers';
  const detail = { option: 'iceServers', expected };
  return new PimError('options/invalid', 'The ICE servers could not be had.', detail, cause);
}
