/** The options about TURN servers, checked: all of what belongs together, or none of it. */

import { MAX_TURN_LIFETIME_S, MAX_TURN_TEXT_CHARS, MAX_TURN_URLS } from '../sdk/protocol/limits.js';
import { isTurnUrl } from '../sdk/protocol/turn.js';
import { invalid, listOf } from './option-checks.js';
import type { RelayOptions } from './options.js';
import type { TurnConfig } from './turn.js';

/** Seconds: long enough for one connection, short for somebody who would sell the login on. */
const DEFAULT_LIFETIME_S = 3_600;
/** Seconds: a login is renewed when half its life is over, at one of the heartbeat's looks. */
const MIN_LIFETIME_S = 60;

type TurnOptions = Pick<RelayOptions, 'turnUrls' | 'turnSecret' | 'turnLifetimeS'>;

/** @returns null where no TURN server is offered. @throws options/invalid, which never holds the secret */
export function turnOf(options: TurnOptions): TurnConfig | null {
  const { turnLifetimeS: lifetimeS = DEFAULT_LIFETIME_S, turnSecret: secret } = options;
  const urls = listOf(options.turnUrls ?? [], 'turnUrls', 'TURN URLs');
  if (urls.length === 0 && secret === undefined) return null;
  const isRight = (url: string) => url.length <= MAX_TURN_TEXT_CHARS && isTurnUrl(url);
  if (urls.length === 0 || urls.length > MAX_TURN_URLS || !urls.every(isRight)) {
    const ports = 'with port 80, 443, 3478, 5349 or one from 11000 on';
    throw invalid('turnUrls', `1 to ${MAX_TURN_URLS} URLs like turn:turn.example, ${ports}`);
  }
  if (typeof secret !== 'string' || secret === '') {
    throw invalid('turnSecret', 'the secret that the TURN server has too');
  }
  const isLifetime =
    Number.isInteger(lifetimeS) && lifetimeS >= MIN_LIFETIME_S && lifetimeS <= MAX_TURN_LIFETIME_S;
  if (!isLifetime) {
    const range = `${MIN_LIFETIME_S} to ${MAX_TURN_LIFETIME_S}`;
    throw invalid('turnLifetimeS', `a whole number of seconds from ${range}`);
  }
  return { urls: [...new Set(urls)], secret, lifetimeS };
}
