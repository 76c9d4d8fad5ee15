/**
 * What is kept of contacts, requests and conversations, and how it is read back: a stored record is
 * input from outside like any other, because disks rot and other scripts of the page can write.
 */

import { PimError } from '../base/errors.js';
import type { TableName, Write } from '../storage/storage.js';

export type KnownStatus = 'added' | 'requested' | 'accepted' | 'blocked';

export interface ContactRecord {
  /** Ed25519 key, hexadecimal; the row's key. */
  readonly key: string;
  readonly status: KnownStatus;
  /** The name given here. */
  readonly petname: string;
  /** The name they go by. */
  readonly profileName: string;
  readonly relays: readonly string[];
  /** The invitation I came to them by, base64url, or null. */
  readonly token: string | null;
  readonly addedAt: number;
  /** The label of my invitation they came by; null or missing where they came by none. */
  readonly invite?: string | null;
  /** Whether they are never connected with directly, so that they do not learn my IP address. */
  readonly relayOnly?: boolean;
  /** When I found our safety numbers to be the same, milliseconds since 1970; null: never. */
  readonly comparedAt?: number | null;
  /** Their devices and the time of the newest knock taken from each. */
  readonly devices: Readonly<Record<string, number>>;
}

export interface RequestRecord {
  readonly key: string;
  readonly name: string;
  readonly text: string;
  /** base64url, or null. */
  readonly token: string | null;
  readonly receivedAt: number;
  /** The signal's time; an older INVITE of the same person is a repetition. */
  readonly time: number;
  /** The label and the id of my invitation they came by; null or missing where they came by none. */
  readonly invite?: string | null;
  readonly invitation?: string | null;
  /**
   * `waiting` for an answer; `declined`, so that a repetition shows nothing; `past` where it was
   * answered or had no need to be, so that an old INVITE, played again, is known for what it is.
   */
  readonly state: 'waiting' | 'declined' | 'past';
}

/** What a stranger is let in as; runs among the writes of people. @throws invitation/refused */
export type Admit = () => Promise<{
  readonly invite: string | null;
  readonly invitation: string | null;
  readonly writes: readonly Write[];
} | null>;

/**
 * What became of an INVITE: `new` where somebody asks who was not waiting, `repeated` where they ask
 * again, `known` where they are a contact already, perhaps since a moment ago.
 */
export type Asked = 'new' | 'repeated' | 'known' | 'ignored';

export interface ConversationRecord {
  /** 16 bytes, hexadecimal; the row's key. */
  readonly id: string;
  /** The other person's key, hexadecimal. */
  readonly peer: string;
  /**
   * The name of my log in it, 8 bytes, hexadecimal: new with each record, so that a record that was
   * removed, damaged or lost never continues a log the other side knows more of.
   */
  readonly log: string;
  /** The highest Lamport clock seen. */
  readonly clock: number;
  readonly unread: number;
  /** Highest seq stored without a gap, by `author/device` in hexadecimal. */
  readonly heads: Readonly<Record<string, number>>;
  /** Highest seq of my logs that the other side has stored, by device in hexadecimal. */
  readonly delivered: Readonly<Record<string, number>>;
  /** The last profile I wrote into it, as text to compare with. */
  readonly profile: string;
  /** The `time` of the entry each head names. */
  readonly times: Readonly<Record<string, number>>;
  /** How far the other side's logs have been read here. */
  readonly seen: Readonly<Record<string, number>>;
  /** Highest seq of my logs that the other person has read, by device. */
  readonly read: Readonly<Record<string, number>>;
  /** Earlier logs of mine whose entries are being written into the present one: up to which seq. */
  readonly moving: Readonly<Record<string, number>>;
  /** Rows of changes that wait for the entry they are about. */
  readonly waiting: number;
  /** The newest entries of my log that were written under a name, so that none is written twice (once.ts). */
  readonly named?: readonly unknown[];
  /** Its rows are older than this record: it was made anew for one that was lost. */
  readonly isRebuilt: boolean;
}

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isTextOrNone = (value: unknown) => value === undefined || isTextOrNull(value);
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isKey = (value: unknown) => isText(value) && /^[0-9a-f]{64}$/.test(value as string);
/** Counts by names that `pattern` fits: what stands in a name is read back as bytes later. */
const isCounts = (pattern: RegExp) => (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([name, count]) => pattern.test(name) && isCount(count));
const DEVICE = /^[0-9a-f]{16}$/;
const LOG = /^[0-9a-f]{64}\/[0-9a-f]{16}$/;

const CONTACT: Shape = {
  key: isKey,
  status: (value) => ['added', 'requested', 'accepted', 'blocked'].includes(value as string),
  petname: isText,
  profileName: isText,
  relays: isTexts,
  token: isTextOrNull,
  addedAt: isCount,
  invite: isTextOrNone,
  relayOnly: (value = false) => typeof value === 'boolean',
  comparedAt: (value) => value == null || isCount(value),
  devices: isCounts(DEVICE),
};

const REQUEST: Shape = {
  key: isKey,
  name: isText,
  text: isText,
  token: isTextOrNull,
  receivedAt: isCount,
  time: isCount,
  invite: isTextOrNone,
  invitation: isTextOrNone,
  state: (value) => ['waiting', 'declined', 'past'].includes(value as string),
};

const CONVERSATION: Shape = {
  id: (value) => isText(value) && /^[0-9a-f]{32}$/.test(value as string),
  peer: isKey,
  log: (value) => isText(value) && DEVICE.test(value as string),
  clock: isCount,
  unread: isCount,
  heads: isCounts(LOG),
  delivered: isCounts(DEVICE),
  profile: isText,
  times: isCounts(LOG),
  seen: isCounts(LOG),
  read: isCounts(DEVICE),
  moving: isCounts(DEVICE),
  waiting: isCount,
  isRebuilt: (value) => typeof value === 'boolean',
  named: (value = []) => Array.isArray(value),
};

/** A record with nothing in it. */
export function newConversation(
  names: Pick<ConversationRecord, 'id' | 'peer' | 'log'>,
): ConversationRecord {
  return {
    ...names,
    clock: 0,
    unread: 0,
    heads: {},
    delivered: {},
    profile: '',
    times: {},
    seen: {},
    read: {},
    moving: {},
    waiting: 0,
    isRebuilt: false,
  };
}

/** @throws storage/invalid */
export function readContact(value: unknown): ContactRecord {
  return read<ContactRecord>(value, CONTACT, 'contacts');
}

/** @throws storage/invalid */
export function readRequest(value: unknown): RequestRecord {
  return read<RequestRecord>(value, REQUEST, 'requests');
}

/** @throws storage/invalid */
export function readConversation(value: unknown): ConversationRecord {
  return read<ConversationRecord>(value, CONVERSATION, 'conversations');
}

/** A snapshot of the fields of `shape` and of no others. */
function read<Record extends object>(value: unknown, shape: Shape, table: TableName): Record {
  const fields: [string, unknown][] = [];
  for (const [name, isRight] of Object.entries(shape)) {
    const field = (value as { [name: string]: unknown } | null | undefined)?.[name];
    if (!isRight(field)) {
      const message = 'Something stored on this device is damaged and was left out.';
      throw new PimError('storage/invalid', message, { table, reason: name });
    }
    if (field !== undefined) fields.push([name, field]);
  }
  return Object.fromEntries(fields) as Record;
}
