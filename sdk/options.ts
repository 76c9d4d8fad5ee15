/**
 * Options of `new Pim()`: resolved once, unknown keys refused with the nearest right name. Behind
 * this file nothing is optional and units are in the names.
 */

import { checkName, invalidOption } from './base/check.js';
import { PimError } from './base/errors.js';
import { nearest } from './base/nearest.js';
import type { Logger, Platform } from './base/platform.js';
import { MAX_NAME_BYTES, MAX_RELAYS } from './protocol/limits.js';
import { parseRelayUrl } from './protocol/relay-url.js';
import type { Storage } from './storage/storage.js';

/** Who may make a request appear: everybody, or nobody but contacts; or strangers are let in. */
export type Policy = 'ask' | 'contacts' | 'accept';

export interface PimOptions {
  /** `wss://` URLs, at most five. `ws://` only to this machine itself. */
  relays?: readonly string[];
  /** My display name, ≤ 64 bytes; shown to people I write to. */
  name?: string;
  /** `indexeddb` falls back to memory, with an `error` event, where the browser keeps nothing. */
  storage?: 'indexeddb' | 'memory' | Storage;
  /** Names the database, where one page holds several people. Default `pim`. */
  profile?: string;
  /**
   * STUN and TURN servers, or a function asked before each connection. Default none. TURN servers
   * that my relays offer are used after these.
   */
  iceServers?: readonly RTCIceServer[] | (() => Promise<readonly RTCIceServer[]>);
  policy?: Policy;
  privacy?: {
    /** Never connect directly: friends then learn the TURN server's address instead of mine. */
    relayOnly?: boolean;
    /** Use no TURN servers that relays offer, only those of `iceServers`. */
    ownTurnOnly?: boolean;
    /** The other side learns what I have read, and I what they have. */
    receipts?: boolean;
    /** The same while somebody writes. */
    typing?: boolean;
  };
  /** Run on pages without a secure context, which anybody on the network path can rewrite. */
  allowInsecure?: boolean;
  logger?: Logger;
  /** The machine underneath; for other hosts and for tests. Default: this browser. */
  platform?: Platform;
}

export interface ResolvedOptions {
  readonly relays: readonly string[];
  readonly name: string;
  readonly storage: 'indexeddb' | 'memory' | Storage;
  readonly profile: string;
  readonly iceServers: () => Promise<readonly RTCIceServer[]>;
  readonly policy: Policy;
  readonly relayOnly: boolean;
  readonly ownTurnOnly: boolean;
  readonly receipts: boolean;
  readonly typing: boolean;
  readonly allowInsecure: boolean;
  readonly logger: Logger;
  readonly platform: Platform;
}

const KEYS = [
  'relays',
  'name',
  'storage',
  'profile',
  'iceServers',
  'policy',
  'privacy',
  'allowInsecure',
  'logger',
  'platform',
] as const;

/**
 * @throws options/unknown, options/invalid
 * @throws relay/insecure for a `ws://` relay elsewhere than on this machine
 */
export function resolveOptions(raw: PimOptions, browser: () => Platform): ResolvedOptions {
  checkKeys(raw, KEYS, '');
  const privacy = ['relayOnly', 'ownTurnOnly', 'receipts', 'typing'];
  checkKeys(raw.privacy ?? {}, privacy, 'privacy.');
  return {
    relays: relaysOf(raw.relays ?? [], raw.allowInsecure === true),
    name: checkName(raw.name ?? '', 'name', MAX_NAME_BYTES),
    storage: storageOf(raw.storage ?? 'indexeddb'),
    profile: matching(
      raw.profile ?? 'pim',
      'profile',
      /^[\w.-]{1,64}$/,
      '1 to 64 letters, digits, . _ -',
    ),
    iceServers: iceServersOf(raw.iceServers ?? []),
    policy: oneOf(raw.policy ?? 'ask', 'policy', ['ask', 'contacts', 'accept']),
    relayOnly: flag(raw.privacy?.relayOnly ?? false, 'privacy.relayOnly'),
    ownTurnOnly: flag(raw.privacy?.ownTurnOnly ?? false, 'privacy.ownTurnOnly'),
    receipts: flag(raw.privacy?.receipts ?? false, 'privacy.receipts'),
    typing: flag(raw.privacy?.typing ?? false, 'privacy.typing'),
    allowInsecure: flag(raw.allowInsecure ?? false, 'allowInsecure'),
    logger: loggerOf(raw.logger ?? (() => undefined)),
    platform: raw.platform ?? browser(),
  };
}

/** @throws options/unknown with the nearest right name */
function checkKeys(given: object, known: readonly string[], prefix: string): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === null ? '' : ` Did you mean “${prefix}${near}”?`;
    throw new PimError('options/unknown', `There is no option “${prefix}${key}”.${hint}`, {
      option: prefix + key,
      nearest: near === null ? null : prefix + near,
    });
  }
}

function relaysOf(value: readonly string[], allowInsecure: boolean): readonly string[] {
  if (!Array.isArray(value)) throw invalidOption('relays', 'a list of wss:// URLs');
  const urls = new Set(value.map((url: unknown) => parseRelayUrl(String(url), allowInsecure)));
  if (urls.size > MAX_RELAYS) throw invalidOption('relays', `at most ${MAX_RELAYS} relays`);
  return [...urls];
}

function storageOf(value: 'indexeddb' | 'memory' | Storage): 'indexeddb' | 'memory' | Storage {
  if (typeof value === 'object' && value !== null && typeof value.write === 'function')
    return value;
  return oneOf(value as string, 'storage', ['indexeddb', 'memory']);
}

function iceServersOf(
  value: NonNullable<PimOptions['iceServers']>,
): () => Promise<readonly RTCIceServer[]> {
  if (typeof value === 'function') return value;
  if (!Array.isArray(value)) throw invalidOption('iceServers', 'a list of servers or a function');
  return async () => value;
}

function loggerOf(value: Logger): Logger {
  if (typeof value !== 'function') throw invalidOption('logger', 'a function');
  return value;
}

function oneOf<const Value extends string>(
  value: string,
  option: string,
  values: readonly Value[],
): Value {
  const found = values.find((each) => each === value);
  if (found === undefined) throw invalidOption(option, `one of ${values.join(', ')}`);
  return found;
}

function matching(value: string, option: string, pattern: RegExp, expected: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw invalidOption(option, expected);
  return value;
}

function flag(value: boolean, option: string): boolean {
  if (typeof value !== 'boolean') throw invalidOption(option, 'true or false');
  return value;
}
