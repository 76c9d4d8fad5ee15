/**
 * The one place where the widget makes an SDK instance.
 */

import { Pim } from '../../sdk/index.js';
import type { Settings } from '../contract.js';
import type { PimPort } from '../port.js';

export { parseAddress, parseLink, takeInvitation } from '../../sdk/index.js';

/** @throws options/invalid, relay/insecure */
export function makePim(settings: Settings): PimPort {
  return new Pim({
    relays: settings.relays,
    name: settings.name,
    storage: settings.storage === 'memory' ? 'memory' : 'indexeddb',
    iceServers: settings.iceServers,
    privacy: { relayOnly: settings.relayOnly, ownTurnOnly: settings.ownTurnOnly },
    allowInsecure: settings.allowInsecure,
  });
}
