/**
 * From the element's attributes and properties to what the panel works with.
 */

import type { Settings } from './contract.js';
import type { ReflectedElement } from './reflected.js';
import { servingInbox, servingRelays } from './source.js';
import type { Language } from './words.js';

export function settingsOf(
  chat: ReflectedElement & Pick<Settings, 'pim' | 'strings'>,
  language: Language,
): Settings {
  return {
    language,
    pim: chat.pim,
    strings: chat.strings,
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
    plain: chat.plain,
    quiet: chat.quiet,
    inboxUrl: servingInbox(),
  };
}
