/**
 * The attributes of `<pim-chat>` as properties. The attribute is the truth: a property reads and
 * writes it. Values nobody knows read as the default, as HTML's own enumerated attributes do.
 */

import type { IceServers, Mode } from './contract.js';

export const ATTRIBUTES = [
  'to',
  'relays',
  'name',
  'mode',
  'open',
  'theme',
  'lang',
  'position',
  'greeting',
  'storage',
  'connect',
  'invite',
  'relay-only',
  'own-turn-only',
  'ice-servers',
  'allow-insecure',
  'disabled',
  'plain',
  'quiet',
] as const;

/** Servers have no HTMLElement; importing the class there must not fail. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * @attr to - address of the person this chat is with
 * @attr relays - relay URLs, with spaces between; default: the server of this script
 * @attr name - the visitor's display name
 * @attr mode - bubble, inline or page
 * @attr open - the bubble is open
 * @attr theme - auto, light or dark
 * @attr lang - language of dates
 * @attr position - corner of the bubble: end, start, top-end, top-start
 * @attr greeting - what a visitor reads first
 * @attr storage - persistent or memory
 * @attr connect - auto, open or load
 * @attr invite - token of the invitation this page gives its visitors
 * @attr relay-only - hides the IP address from the other person; needs a TURN server
 * @attr own-turn-only - uses no TURN servers that relays offer
 * @attr ice-servers - URLs of STUN and TURN servers
 * @attr allow-insecure - runs on pages that are not secure
 * @attr disabled - nobody can open it or write in it
 * @attr quiet - no number in the page's title, no sound, no notice
 * @attr plain - texts as they were typed: no bold, italic or code
 */
export class ReflectedElement extends Base {
  /** Address of the person this chat is with; null for the visitor's own inbox. */
  declare to: string | null;
  /** The visitor's display name. */
  declare name: string;
  declare mode: Mode;
  declare open: boolean;
  declare theme: 'auto' | 'light' | 'dark';
  /** The corner of the bubble: `end` (default), `start`, `top-end`, `top-start`. */
  declare position: string;
  /** What a visitor reads before anybody wrote. */
  declare greeting: string;
  declare storage: 'persistent' | 'memory';
  /** When the chat connects: when opened, with the page, or (auto) with the page only where an
   * identity exists already. */
  declare connect: 'auto' | 'open' | 'load';
  /** Token of the invitation this page gives its visitors. */
  declare invite: string;
  declare relayOnly: boolean;
  declare ownTurnOnly: boolean;
  declare allowInsecure: boolean;
  declare disabled: boolean;
  /** Texts as they were typed: no bold, italic or code. Links stay links. */
  declare plain: boolean;
  /** No number in the page's title and on the app's icon, no sound, no notice. */
  declare quiet: boolean;

  /** Relay URLs; written as a list or as text with spaces between. */
  get relays(): readonly string[] {
    return words(this.getAttribute('relays'));
  }
  set relays(value: string | readonly string[]) {
    write(this, 'relays', typeof value === 'string' ? value : value.join(' '));
  }

  /** STUN and TURN servers. The attribute holds URLs; credentials come through the property. */
  get iceServers(): IceServers {
    return this.#iceServers ?? words(this.getAttribute('ice-servers')).map((urls) => ({ urls }));
  }
  set iceServers(value: IceServers | null) {
    this.#iceServers = value;
  }
  #iceServers: IceServers | null = null;
}

/** There or not. */
const FLAGS = [
  'open',
  'relay-only',
  'own-turn-only',
  'allow-insecure',
  'disabled',
  'plain',
  'quiet',
];

/** Texts, with what an absent one reads as. */
const TEXTS = { to: null, name: '', position: 'end', greeting: '', invite: '' };

/** What an absent or unknown one reads as comes first. */
const CHOICES = {
  mode: ['bubble', 'inline', 'page'],
  theme: ['auto', 'light', 'dark'],
  storage: ['persistent', 'memory'],
  connect: ['auto', 'open', 'load'],
};

for (const name of FLAGS) {
  reflect(
    name.replace(/-./g, ([, letter = '']) => letter.toUpperCase()),
    (host) => host.hasAttribute(name),
    (host, _, value) => host.toggleAttribute(name, Boolean(value)),
  );
}
for (const [name, absent] of Object.entries(TEXTS)) {
  reflect(name, (host) => host.getAttribute(name) ?? absent, write);
}
for (const [name, values] of Object.entries(CHOICES)) {
  reflect(
    name,
    (host) => values.find((each) => each === host.getAttribute(name)) ?? values[0],
    write,
  );
}

function reflect(
  property: string,
  get: (host: Element) => unknown,
  set: (host: Element, name: string, value: string | null) => void,
): void {
  Object.defineProperty(ReflectedElement.prototype, property, {
    get() {
      return get(this);
    },
    set(value) {
      set(this, property, value);
    },
    configurable: true,
    enumerable: true,
  });
}

function write(host: Element, name: string, value: string | null): void {
  if (value === null || value === undefined) host.removeAttribute(name);
  else host.setAttribute(name, value);
}

function words(text: string | null): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** What was set before the class was known lies on the element and hides the accessors. */
export function reclaim(host: HTMLElement): void {
  for (const [name, value] of Object.entries(host)) {
    const isHidden = name in Object.getPrototypeOf(host);
    if (isHidden && Reflect.deleteProperty(host, name)) Reflect.set(host, name, value);
  }
}
