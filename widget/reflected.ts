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
 */
export class ReflectedElement extends Base {
  /** Address of the person this chat is with; null for the visitor's own inbox. */
  get to(): string | null {
    return this.getAttribute('to');
  }
  set to(value: string | null) {
    this.#set('to', value);
  }

  /** Relay URLs; written as a list or as text with spaces between. */
  get relays(): readonly string[] {
    return words(this.getAttribute('relays'));
  }
  set relays(value: string | readonly string[]) {
    this.#set('relays', typeof value === 'string' ? value : value.join(' '));
  }

  /** The visitor's display name. */
  get name(): string {
    return this.getAttribute('name') ?? '';
  }
  set name(value: string) {
    this.#set('name', value);
  }

  get mode(): Mode {
    return oneOf(this.getAttribute('mode'), ['bubble', 'inline', 'page']);
  }
  set mode(value: Mode) {
    this.#set('mode', value);
  }

  get open(): boolean {
    return this.hasAttribute('open');
  }
  set open(value: boolean) {
    this.toggleAttribute('open', value);
  }

  get theme(): 'auto' | 'light' | 'dark' {
    return oneOf(this.getAttribute('theme'), ['auto', 'light', 'dark']);
  }
  set theme(value: 'auto' | 'light' | 'dark') {
    this.#set('theme', value);
  }

  /** The corner of the bubble: `end` (default), `start`, `top-end`, `top-start`. */
  get position(): string {
    return this.getAttribute('position') ?? 'end';
  }
  set position(value: string) {
    this.#set('position', value);
  }

  /** What a visitor reads before anybody wrote. */
  get greeting(): string {
    return this.getAttribute('greeting') ?? '';
  }
  set greeting(value: string) {
    this.#set('greeting', value);
  }

  get storage(): 'persistent' | 'memory' {
    return oneOf(this.getAttribute('storage'), ['persistent', 'memory']);
  }
  set storage(value: 'persistent' | 'memory') {
    this.#set('storage', value);
  }

  /** When the chat connects: when opened, with the page, or (auto) with the page only where an
   * identity exists already. */
  get connect(): 'auto' | 'open' | 'load' {
    return oneOf(this.getAttribute('connect'), ['auto', 'open', 'load']);
  }
  set connect(value: 'auto' | 'open' | 'load') {
    this.#set('connect', value);
  }

  /** Token of the invitation this page gives its visitors. */
  get invite(): string {
    return this.getAttribute('invite') ?? '';
  }
  set invite(value: string) {
    this.#set('invite', value);
  }

  get relayOnly(): boolean {
    return this.hasAttribute('relay-only');
  }
  set relayOnly(value: boolean) {
    this.toggleAttribute('relay-only', value);
  }

  get ownTurnOnly(): boolean {
    return this.hasAttribute('own-turn-only');
  }
  set ownTurnOnly(value: boolean) {
    this.toggleAttribute('own-turn-only', value);
  }

  /** STUN and TURN servers. The attribute holds URLs; credentials come through the property. */
  get iceServers(): IceServers {
    return this.#iceServers ?? words(this.getAttribute('ice-servers')).map((urls) => ({ urls }));
  }
  set iceServers(value: IceServers | null) {
    this.#iceServers = value;
  }
  #iceServers: IceServers | null = null;

  get allowInsecure(): boolean {
    return this.hasAttribute('allow-insecure');
  }
  set allowInsecure(value: boolean) {
    this.toggleAttribute('allow-insecure', value);
  }

  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }
  set disabled(value: boolean) {
    this.toggleAttribute('disabled', value);
  }

  #set(name: string, value: string | null): void {
    if (value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }
}

function words(text: string | null): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** `value` where it is known, else the first. */
function oneOf<const Value extends string>(
  value: string | null,
  [first, ...rest]: readonly [Value, ...Value[]],
): Value {
  return rest.find((each) => each === value) ?? first;
}

/** What was set before the class was known lies on the element and hides the accessors. */
export function reclaim(host: HTMLElement): void {
  for (const [name, value] of Object.entries(host)) {
    const isHidden = name in Object.getPrototypeOf(host);
    if (isHidden && Reflect.deleteProperty(host, name)) Reflect.set(host, name, value);
  }
}
