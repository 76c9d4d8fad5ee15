/**
 * A store and the world around it, for tests: an SDK in memory, and everything the store says.
 */

import { parseAddress, parseLink } from '../../sdk/index.js';
import { layer as comforts } from '../../widget/comforts/deeds.js';
import type { PimChatEvents, Settings } from '../../widget/contract.js';
import { layer as inbox } from '../../widget/inbox/deeds.js';
import { ENGLISH } from '../../widget/language.js';
import { Store } from '../../widget/panel/store.js';
import { FakePim, ME } from './fake-pim.js';

export const RELAY = 'wss://relay.example';

const SETTINGS: Settings = {
  to: null,
  relays: [RELAY],
  name: '',
  greeting: '',
  mode: 'bubble',
  storage: 'persistent',
  invite: '',
  relayOnly: false,
  ownTurnOnly: false,
  iceServers: [],
  allowInsecure: false,
  disabled: false,
  plain: false,
  quiet: false,
  strings: {},
  language: ENGLISH,
  pim: null,
  inboxUrl: null,
};

export interface World {
  readonly store: Store;
  readonly pim: FakePim;
  /** Names of the events the element emitted. */
  readonly events: string[];
  readonly unread: () => number;
  readonly isOnline: () => boolean;
  /** How often the SDK was let go. */
  readonly released: () => number;
  /** Changes settings as the element does. */
  change(settings: Partial<Settings>): void;
}

export function world(given: Partial<Settings> = {}, pim = new FakePim(ME)): World {
  let settings = { ...SETTINGS, ...given };
  const events: string[] = [];
  let unread = 0;
  let isOnline = false;
  let released = 0;
  const store = new Store({
    settings: () => settings,
    openPim: async () => ({
      pim,
      release: () => {
        released += 1;
      },
    }),
    parseAddress,
    parseLink,
    pageUrl: () => 'https://page.example/inbox',
    emit: <Name extends keyof PimChatEvents>(name: Name) => void events.push(name),
    setUnread: (count) => {
      unread = count;
    },
    setOnline: (is) => {
      isOnline = is;
    },
  });
  store.learn(inbox);
  store.learn(comforts);
  return {
    store,
    pim,
    events,
    unread: () => unread,
    isOnline: () => isOnline,
    released: () => released,
    change: (next) => {
      settings = { ...settings, ...next };
      store.update();
    },
  };
}

/** A world whose SDK runs, with its relay reached. */
export async function running(
  given: Partial<Settings> = {},
  prepare: (pim: FakePim) => void = () => undefined,
): Promise<World> {
  const pim = new FakePim(ME);
  pim.relay(RELAY, {});
  prepare(pim);
  const made = world(given, pim);
  await made.store.dispatch({ ask: 'begin' });
  return made;
}
