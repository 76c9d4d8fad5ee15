/**
 * What a diagnosis can find, as data and as one plain sentence each. A sentence names a relay or a
 * server the way it is told to: by its host for the person, by a number for a report.
 */

/** What each finding knows beyond its code. Milliseconds, bytes. */
export interface FindingDetails {
  'relay/good': { latencyMs: number; isEncrypted: boolean };
  'relay/unreachable': null;
  /** The connection stands, and nothing came in time. */
  'relay/silent': null;
  'relay/refused': { reason: string };
  'relay/version': { theirs: number; ours: number };
  'relay/foreign': null;
  'relay/none': null;
  /** The server of a relay answers over HTTP, but lets no WebSocket through. */
  'web-socket/blocked': null;
  'stun/good': { latencyMs: number };
  /** It was asked and nobody said no; but it told no address other than this machine's own. */
  'stun/same': null;
  'stun/silent': null;
  'stun/none': null;
  'turn/good': { latencyMs: number };
  /** `errorCode` is the server's, RFC 8656 §18; 401: the login. */
  'turn/refused': { errorCode: number };
  'turn/silent': null;
  /** It gave addresses, and nothing came through between two of them. */
  'turn/closed': null;
  'turn/none': null;
  /** No TURN server, though the person never connects directly. */
  'turn/needed': null;
  /** Positive: this machine's clock is ahead of the relays'. */
  'clock/good': { aheadMs: number };
  'clock/wrong': { aheadMs: number };
  'clock/unknown': null;
  'storage/good': StorageFacts;
  /** Kept, but the browser may erase it where the disk fills up. */
  'storage/evictable': StorageFacts;
  /** Safari erases what a site keeps after seven days of use without a visit to it. */
  'storage/seven-days': StorageFacts;
  'storage/low': StorageFacts;
  'storage/memory': null;
  'storage/full': null;
  'storage/broken': null;
  'storage/unknown': null;
  'platform/good': null;
  'platform/no-webrtc': null;
  'platform/insecure': null;
  'platform/portable': null;
  'platform/offline': null;
}

/** Null where the browser does not tell. */
export interface StorageFacts {
  readonly isPersisted: boolean | null;
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
}

export type FindingCode = keyof FindingDetails;
export type FindingStatus = 'good' | 'warning' | 'bad' | 'skipped';
export type FindingCheck =
  | 'relay'
  | 'web-socket'
  | 'stun'
  | 'turn'
  | 'clock'
  | 'storage'
  | 'platform';

export interface Finding<Code extends FindingCode = FindingCode> {
  readonly check: FindingCheck;
  readonly code: Code;
  readonly status: FindingStatus;
  /** The relay's or server's URL; null where it is about none. */
  readonly url: string | null;
  readonly detail: FindingDetails[Code];
  /** For people, in English. */
  readonly text: string;
}

type Sentence<Code extends FindingCode> = (name: string, detail: FindingDetails[Code]) => string;

const SENTENCES: { readonly [Code in FindingCode]: readonly [FindingStatus, Sentence<Code>] } = {
  'relay/good': [
    'good',
    (name, { latencyMs, isEncrypted }) =>
      `${name} lets us in and answers in ${latencyMs} ms${isEncrypted ? ', over TLS' : ''}.`,
  ],
  'relay/unreachable': ['bad', (name) => `${name} cannot be reached.`],
  'relay/silent': ['bad', (name) => `${name} can be reached, but does not answer.`],
  'relay/refused': ['bad', (name, { reason }) => `${name} turned the login down (${reason}).`],
  'relay/version': ['bad', (name) => `${name} speaks another version of the protocol.`],
  'relay/foreign': ['bad', (name) => `What answers at ${name} is no relay.`],
  'relay/none': ['bad', () => 'No relay is set, so nobody can be found.'],
  'web-socket/blocked': [
    'bad',
    () =>
      'The relay’s server answers, but no WebSocket gets through: this network, a program on this device or this page’s policy blocks them.',
  ],
  'stun/good': ['good', (name, { latencyMs }) => `${name} tells our address in ${latencyMs} ms.`],
  'stun/same': ['good', (name) => `${name} was asked; there is no router in between.`],
  'stun/silent': ['warning', (name) => `${name} does not answer, or UDP is blocked here.`],
  'stun/none': [
    'skipped',
    () => 'No STUN server is set. People in other networks may only be reached through TURN.',
  ],
  'turn/good': [
    'good',
    (name, { latencyMs }) => `${name} passes messages on, in ${latencyMs} ms there and back.`,
  ],
  'turn/refused': [
    'bad',
    (name, { errorCode }) => `${name} refuses us (${errorCode === 401 ? 'login' : errorCode}).`,
  ],
  'turn/silent': ['bad', (name) => `${name} cannot be reached.`],
  'turn/closed': [
    'warning',
    (name) => `${name} gives us an address, but passes nothing on between two of its own.`,
  ],
  'turn/none': [
    'skipped',
    () => 'No TURN server is set. Where two networks let nothing direct through, there is no way.',
  ],
  'turn/needed': [
    'bad',
    () => 'Direct connections are off and no TURN server is set, so there is no way to anybody.',
  ],
  'clock/good': ['good', () => 'This device’s clock agrees with the relays’.'],
  'clock/wrong': [
    'warning',
    (_, { aheadMs }) =>
      `This device’s clock is ${span(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} the relays’. Messages show wrong times.`,
  ],
  'clock/unknown': ['skipped', () => 'No relay told the time.'],
  'storage/good': [
    'good',
    () => 'Chats are kept in this browser, which has promised not to erase them.',
  ],
  'storage/evictable': [
    'warning',
    () => 'Chats are kept in this browser, which may erase them where the disk fills up.',
  ],
  'storage/seven-days': [
    'warning',
    () =>
      'Safari erases what this page keeps after seven days without a visit. Put the page on the home screen, or keep a backup.',
  ],
  'storage/low': ['warning', () => 'There is little space left for this page on this device.'],
  'storage/memory': ['warning', () => 'Chats are kept only while this page is open.'],
  'storage/full': ['bad', () => 'There is no space left on this device.'],
  'storage/broken': ['bad', () => 'This browser’s storage does not answer.'],
  'storage/unknown': [
    'skipped',
    () => 'The chat does not run in this tab, so its storage was not tried.',
  ],
  'platform/good': ['good', () => 'This browser has everything a conversation needs.'],
  'platform/no-webrtc': ['bad', () => 'This browser cannot make direct connections (WebRTC).'],
  'platform/insecure': ['bad', () => 'This page is not secure (https).'],
  'platform/portable': [
    'warning',
    () => 'This browser lacks parts of Web Crypto, so a slower program takes their place.',
  ],
  'platform/offline': ['bad', () => 'This device is not connected to any network.'],
};

/** @param url the relay or server it is about */
export function finding<Code extends FindingCode>(
  code: Code,
  detail: FindingDetails[Code],
  url: string | null = null,
): Finding<Code> {
  const [status] = SENTENCES[code];
  const check = code.slice(0, code.indexOf('/')) as FindingCheck;
  const text = sentence({ code, detail }, url === null ? '' : hostOf(url));
  return Object.freeze({ check, code, status, url, detail, text });
}

/** Its sentence, with the relay or server called `name`. */
export function sentence<Code extends FindingCode>(
  { code, detail }: Pick<Finding<Code>, 'code' | 'detail'>,
  name: string,
): string {
  return (SENTENCES[code] as readonly [FindingStatus, Sentence<Code>])[1](name, detail);
}

/** `wss://relay.example/x` → `relay.example/x`; `turn:host:3478?transport=udp` → `host:3478 (udp)`. */
function hostOf(url: string): string {
  const [, rest = url, transport] =
    /^[a-z]+:(?:\/\/)?([^?]*?)\/?(?:\?transport=(\w+))?$/i.exec(url) ?? [];
  return transport === undefined ? rest : `${rest} (${transport})`;
}

function span(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
