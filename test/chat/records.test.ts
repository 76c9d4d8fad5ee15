/** Stored records read back: every field checked, nothing else let through. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError } from '../../sdk/base/errors.js';
import { readContact, readConversation, readRequest } from '../../sdk/chat/records.js';

const key = 'ab'.repeat(32);

const good = {
  contacts: {
    key,
    status: 'accepted',
    petname: 'Ann',
    profileName: '',
    relays: ['wss://r.example'],
    token: null,
    addedAt: 5,
    invite: null,
    relayOnly: true,
    comparedAt: 7,
    devices: { '00112233aabbccdd': 3 },
  },
  requests: { key, name: '', text: '', token: 'x', receivedAt: 0, time: 1, state: 'waiting' },
  conversations: {
    id: 'cd'.repeat(16),
    peer: key,
    log: '0123456789abcdef',
    clock: 0,
    unread: 2,
    heads: { [`${key}/0123456789abcdef`]: 1 },
    delivered: { '0123456789abcdef': 1 },
    profile: '',
    times: { [`${key}/0123456789abcdef`]: 1_750_000_000_000 },
    seen: { [`${key}/0123456789abcdef`]: 1 },
    read: { '0123456789abcdef': 1 },
    moving: { '0123456789abcdef': 0 },
    waiting: 0,
    isRebuilt: false,
  },
} as const;

const readers = {
  contacts: readContact,
  requests: readRequest,
  conversations: readConversation,
} as const;

/** Values that fit no field but those of their own kind. */
const ODD: unknown[] = [
  undefined,
  null,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  true,
  [],
  [1],
  { a: -1 },
  { a: '1' },
  { a: 1 },
  { '0123456789abcdef': -1 },
  { AB23456789abcdef: 1 },
  { '0123456789abcdef/0123456789abcdef': 1 },
  'odd',
  'AB'.repeat(32),
  'ab'.repeat(31),
  () => 0,
];

/** Odd values a field takes all the same, because they are of its kind. */
const FITS: Record<string, (value: unknown) => boolean> = {
  petname: (value) => typeof value === 'string',
  profileName: (value) => typeof value === 'string',
  name: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
  profile: (value) => typeof value === 'string',
  token: (value) => typeof value === 'string' || value === null,
  relays: (value) => Array.isArray(value) && value.length === 0,
  devices: (value) => Array.isArray(value) && value.length === 0,
  heads: (value) => Array.isArray(value) && value.length === 0,
  delivered: (value) => Array.isArray(value) && value.length === 0,
  times: (value) => Array.isArray(value) && value.length === 0,
  seen: (value) => Array.isArray(value) && value.length === 0,
  read: (value) => Array.isArray(value) && value.length === 0,
  moving: (value) => Array.isArray(value) && value.length === 0,
  isRebuilt: (value) => typeof value === 'boolean',
  invite: (value) => value == null || typeof value === 'string',
  relayOnly: (value) => value === undefined || typeof value === 'boolean',
  comparedAt: (value) => value == null,
};

for (const table of ['contacts', 'requests', 'conversations'] as const) {
  const read = readers[table] as (value: unknown) => unknown;
  const refused = (value: unknown, field: string): void => {
    assert.throws(
      () => read(value),
      (fault: unknown) =>
        isPimError(fault, 'storage/invalid') &&
        fault.detail.table === table &&
        fault.detail.reason === field,
      `${field} of ${table}: ${String(value)}`,
    );
  };

  test(`${table}: reads what was written`, () => {
    assert.equal(read(structuredClone(good[table])), good[table]);
  });

  test(`${table}: refuses every field that is missing or of another kind, by name`, () => {
    for (const field of Object.keys(good[table])) {
      const { [field]: _, ...without } = good[table] as Record<string, unknown>;
      if (!FITS[field]?.(undefined)) refused(without, field);
      for (const odd of ODD) {
        if (FITS[field]?.(odd)) continue;
        refused({ ...good[table], [field]: odd }, field);
      }
    }
  });

  test(`${table}: refuses what is no record at all`, () => {
    const [first] = Object.keys(good[table]) as [string];
    for (const value of [undefined, null, 7, 'text', [], new Map()]) refused(value, first);
  });

  test(`${table}: lets no other field through`, () => {
    const extra = JSON.parse(`{ "more": 1, "__proto__": { "polluted": true } }`) as object;
    const record = read({ ...good[table], ...extra }) as Record<string, unknown>;
    assert.equal(Object.keys(record).sort(), Object.keys(good[table]).sort());
    assert.is(record.polluted, undefined);
    assert.is(({} as Record<string, unknown>).polluted, undefined);
  });
}

test('the errors hold no names, texts or keys of people', () => {
  try {
    readContact({ ...good.contacts, petname: 'Zaphod', status: 'odd' });
  } catch (fault) {
    assert.ok(isPimError(fault));
    const told = `${fault.message} ${JSON.stringify(fault.detail)}`;
    for (const secret of ['Zaphod', key]) assert.not.ok(told.includes(secret));
  }
});

test.run();
