/**
 * What tabs of one origin say to each other, and the one place that reads it. Whoever can speak here
 * can also open the store itself; all the same nothing is taken that does not read as it should.
 */

import type { OpenRecord } from '../chat/locked.js';
import type { Privacy } from '../chat/settings.js';
import { MAX_CONTACTS, MAX_REQUESTS } from '../protocol/limits.js';
import type { Mark, Snapshot, Told } from './snapshot.js';

/** Layout of these messages; a tab with another one is not understood, and not answered. */
const VERSION = 1;
/** Events in one message, and relays, arguments or conversations in another: more is no pim. */
const MAX_ITEMS = 10_000;
const MAX_ARGS = 8;

/** A following tab speaks. */
export type Question =
  /** Let me in; after a change of leader with what I know, to learn what I have missed. */
  | {
      readonly kind: 'join';
      readonly from: string;
      /** Comes back with the welcome: what was missed is told once, however often it is asked. */
      readonly id: string;
      readonly address: string | null;
      readonly marks: Readonly<Record<string, Mark>>;
    }
  | {
      readonly kind: 'call';
      readonly from: string;
      readonly id: string;
      /** Area and method: `contacts.add`. */
      readonly path: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'abort'; readonly from: string; readonly id: string }
  | { readonly kind: 'ping'; readonly from: string };

/** The leading tab speaks. `term` is new with each leader. */
export type Saying =
  | {
      readonly kind: 'welcome';
      readonly to: string;
      readonly id: string;
      readonly term: string;
      /** Number of the last news that is in `snapshot`. */
      readonly seq: number;
      readonly snapshot: Snapshot;
      readonly missed: readonly Told[];
      /** What the leader opened with a passphrase, so that whoever leads next need not ask for it. */
      readonly opened: OpenRecord | null;
    }
  | {
      readonly kind: 'news';
      readonly term: string;
      readonly seq: number;
      readonly events: readonly Told[];
      readonly marks: Readonly<Record<string, Mark>>;
      /** What no event tells of, where it changed. */
      readonly beside: Partial<Snapshot>;
    }
  | ({ readonly kind: 'answer' } & Reply)
  | ({ readonly kind: 'fault' } & Reply)
  /** `runs`: and may be joined; else it is only about to. */
  | { readonly kind: 'alive'; readonly term: string; readonly runs: boolean }
  /** Somebody else leads from now on. */
  | { readonly kind: 'lead' }
  /** Everything of this person was erased. */
  | { readonly kind: 'erased' }
  /** The key is under its passphrase again. `by`: new each time. */
  | { readonly kind: 'shut'; readonly by: string };

interface Reply {
  readonly to: string;
  readonly id: string;
  readonly term?: string;
  readonly value: unknown;
}

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const isName: Check = (value) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isAnything: Check = () => true;
const isList =
  (max: number, each: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= max && value.every(each);
const has =
  (...names: readonly string[]): Check =>
  (value) =>
    isObject(value) && names.every((name) => typeof (value as Shape)[name] === 'string');
const isCounts: Check = (value) => isObject(value) && Object.values(value as object).every(isCount);
const isMark: Check = (value) => {
  const { heads, delivered, read, unread } = (value ?? {}) as Partial<Mark>;
  return isCounts(heads) && isCounts(delivered) && isCounts(read) && isCount(unread);
};
const isMarks: Check = (value) =>
  isObject(value) &&
  Object.keys(value as object).length <= MAX_ITEMS &&
  Object.values(value as object).every(isMark);
const isPrivacy: Check = (value) => {
  const { receipts, typing } = (value ?? {}) as Partial<Privacy>;
  return isFlag(receipts) && isFlag(typing);
};
const isEvents = isList(MAX_ITEMS, has('type'));

const SNAPSHOT: Shape = {
  address: (value) => typeof value === 'string',
  name: (value) => typeof value === 'string',
  isPersistent: isFlag,
  privacy: isPrivacy,
  contacts: isList(MAX_CONTACTS, has('address', 'conversation')),
  requests: isList(MAX_REQUESTS, has('from')),
  relays: isList(MAX_ITEMS, has('url', 'state')),
  connections: isList(MAX_CONTACTS, has('address', 'state')),
  marks: isMarks,
};

const REPLY: Shape = {
  to: isName,
  id: isName,
  term: (value) => value === undefined || isName(value),
  value: isAnything,
};

const SHAPES: Readonly<Record<(Question | Saying)['kind'], Shape>> = {
  join: {
    from: isName,
    id: isName,
    address: (value) => value === null || typeof value === 'string',
    marks: isMarks,
  },
  call: {
    from: isName,
    id: isName,
    path: (value) => typeof value === 'string' && /^\w{1,32}\.\w{1,32}$/.test(value),
    args: isList(MAX_ARGS, isAnything),
  },
  abort: { from: isName, id: isName },
  ping: { from: isName },
  welcome: {
    to: isName,
    id: isName,
    term: isName,
    seq: isCount,
    snapshot: (value) => fits(value, SNAPSHOT),
    missed: isEvents,
    opened: (value) => value === undefined || value === null || isObject(value),
  },
  news: {
    term: isName,
    seq: isCount,
    events: isEvents,
    marks: isMarks,
    beside: (value) => isObject(value) && fitsPartly(value as object, SNAPSHOT),
  },
  answer: REPLY,
  fault: REPLY,
  alive: { term: isName, runs: (value) => typeof value === 'boolean' },
  lead: {},
  erased: {},
  shut: { by: isName },
};

/** As it is posted. */
export function written(message: Question | Saying): object {
  return { pim: VERSION, ...message };
}

/** Null where it is none of ours, or not as it should be. */
export function parse(data: unknown): Question | Saying | null {
  if (!isObject(data)) return null;
  const { pim, kind } = data as { pim?: unknown; kind?: unknown };
  if (pim !== VERSION || typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind)) return null;
  return fits(data, SHAPES[kind as keyof typeof SHAPES]) ? (data as Question | Saying) : null;
}

function fits(value: unknown, shape: Shape): boolean {
  if (!isObject(value)) return false;
  return Object.entries(shape).every(([name, isRight]) => isRight((value as Shape)[name]));
}

function fitsPartly(value: object, shape: Shape): boolean {
  return Object.entries(value).every(([name, each]) => shape[name]?.(each) === true);
}
