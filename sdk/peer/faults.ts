/**
 * Why a connection is not there, in one sentence each.
 */

import { PimError } from '../base/errors.js';

export function channelClosed(cause?: unknown): PimError<'channel/closed'> {
  return new PimError('channel/closed', 'The connection has ended.', null, cause);
}

export function replaced(): PimError<'channel/closed'> {
  return new PimError('channel/closed', 'A newer connection took its place.', null);
}

export function offline(): PimError<'peer/offline'> {
  return new PimError('peer/offline', 'They are not here at the moment.', null);
}

/** Nobody can be found while no relay is there to ask. */
export function noRelay(): PimError<'relay/none'> {
  return new PimError('relay/none', 'No relay can be reached at the moment.', null);
}

export function unanswered(): PimError<'peer/unanswered'> {
  const message = 'The other side did not answer in time.';
  return new PimError('peer/unanswered', message, { step: 'offer' });
}

export function noRoute(): PimError<'peer/no-route'> {
  const message = 'The two networks let no direct connection through.';
  return new PimError('peer/no-route', message, null);
}

/** @param relays URLs of the relays by which altered frames came */
export function altered(relays: string[]): PimError<'peer/altered'> {
  const message = 'What reached us had been altered on its way, so nothing was connected.';
  return new PimError('peer/altered', message, { relays });
}

export function impostor(reason: string): PimError<'peer/impostor'> {
  const message =
    'The other end could not prove to be the owner of the address, so nothing was shown.';
  return new PimError('peer/impostor', message, { reason });
}

/** Something that no honest client of this version sends. */
export function notOurs(reason: string, cause?: unknown): PimError<'peer/protocol'> {
  const message = 'The other side sent something that is not part of the protocol.';
  return new PimError('peer/protocol', message, { reason }, cause);
}

export function notSetUp(cause: unknown): PimError<'peer/protocol'> {
  const message = 'The connection could not be set up.';
  return new PimError('peer/protocol', message, { reason: 'set-up' }, cause);
}

export function noWebRtc(): PimError<'platform/unsupported'> {
  const message = 'This browser cannot make direct connections (WebRTC).';
  return new PimError('platform/unsupported', message, { missing: 'WebRTC' });
}
