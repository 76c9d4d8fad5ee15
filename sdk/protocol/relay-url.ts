/**
 * A relay's URL: `wss://` anywhere, `ws://` only to this machine itself, where nobody is on the way.
 */

import { invalidOption } from '../base/check.js';
import { PimError } from '../base/errors.js';
import { MAX_RELAY_URL_CHARS } from './limits.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The one spelling of a relay's URL: no credentials, query or fragment, no trailing slash.
 * @param allowInsecure lets `ws://` reach other machines, for tries in one's own network
 * @throws options/invalid where it is not a WebSocket URL
 * @throws relay/insecure for `ws://` to another machine
 */
export function parseRelayUrl(text: string, allowInsecure = false): string {
  const url = text.length <= MAX_RELAY_URL_CHARS && URL.canParse(text) ? new URL(text) : null;
  const isSocket = url !== null && (url.protocol === 'wss:' || url.protocol === 'ws:');
  if (url === null || !isSocket || url.username || url.password || url.search || url.hash) {
    throw invalid();
  }
  if (url.protocol === 'ws:' && !allowInsecure && !LOOPBACK.test(url.hostname)) {
    const message = 'A relay on another machine must be reached by wss://, not ws://.';
    throw new PimError('relay/insecure', message, { url: url.origin });
  }
  // Not `href`: it keeps an empty query and an empty fragment, and WebSocket throws at the latter.
  const spelling = `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '');
  // Escapes are longer than what they stand for, and others take no more than the limit from us.
  if (spelling.length > MAX_RELAY_URL_CHARS) throw invalid();
  return spelling;
}

function invalid(): PimError<'options/invalid'> {
  return invalidOption('relays', 'URLs like wss://relay.example');
}
