/**
 * From the element's attributes and properties to what the panel works with.
 */

import type { Settings } from './contract.js';
import type { ReflectedElement } from './reflected.js';
import { servingInbox, servingRelays } from './source.js';

/** @param objects the properties that no attribute can hold */
export function settingsOf(
  chat: ReflectedElement,
  objects: Pick<Settings, 'pim' | 'strings'>,
): Settings {
  return {
    ...objects,
    to: chat.to,
    relays: chat.relays.length > 0 ? chat.relays : servingRelays(),
    name: chat.name,
    greeting: chat.greeting,
    mode: chat.mode,
    storage: chat.storage,
    invite: chat.invite,
    relayOnly: chat.relayOnly,
    ownTurnOnly: chat.ownTurnOnly,
    iceServers: chat.iceServers,
    allowInsecure: chat.allowInsecure,
    disabled: chat.disabled,
    lang: chat.closest('[lang]')?.getAttribute('lang') || navigator.language || 'en',
    inboxUrl: servingInbox(),
  };
}
