/**
 * Contacts and requests: who may speak to us and whom we speak to. Kept whole in memory (at most a
 * few thousand records) and written before anything is answered from it.
 */

import { type Bytes, fromHex, toHex } from '../base/bytes.js';
import { isPimError, PimError } from '../base/errors.js';
import type { Queue } from '../base/queue.js';
import type { Standing } from '../peer/signaling.js';
import { MAX_CONTACT_DEVICES, MAX_CONTACTS } from '../protocol/limits.js';
import type { Storage, Write } from '../storage/storage.js';
import { removal, strangers } from './later.js';
import {
  type Admit,
  type Asked,
  type ContactRecord,
  type RequestRecord,
  readContact,
  readRequest,
} from './records.js';
import type { StoredRows } from './stored-rows.js';

export class People {
  readonly #storage: Storage;
  /** Writes of people, and of what they come by, go through it one after the other. */
  readonly queue: Queue;
  readonly #contacts = new Map<string, ContactRecord>();
  readonly #requests = new Map<string, RequestRecord>();

  constructor(storage: Storage, queue: Queue) {
    this.#storage = storage;
    this.queue = queue;
  }

  /** Takes everybody from the store; damaged records are left out and told to `onFault`. */
  load({ contacts, requests }: StoredRows, onFault: (fault: PimError) => void): void {
    const keep = <Kept extends { readonly key: string }>(
      map: Map<string, Kept>,
      read: (value: unknown) => Kept,
      value: unknown,
    ) => {
      try {
        const record = read(value);
        map.set(record.key, record);
      } catch (fault) {
        if (isPimError(fault)) onFault(fault);
      }
    };
    for (const row of contacts) keep(this.#contacts, readContact, row.value);
    for (const row of requests) keep(this.#requests, readRequest, row.value);
  }

  get contacts(): ContactRecord[] {
    return [...this.#contacts.values()];
  }

  /** Requests that wait for an answer, newest first. */
  get waiting(): RequestRecord[] {
    return [...this.#requests.values()]
      .filter((request) => request.state === 'waiting')
      .sort((a, b) => b.receivedAt - a.receivedAt);
  }

  contact(key: Bytes): ContactRecord | null {
    return this.#contacts.get(toHex(key)) ?? null;
  }

  /** The request of somebody that waits for an answer. */
  request(key: Bytes): RequestRecord | null {
    const request = this.#requests.get(toHex(key));
    return request?.state === 'waiting' ? request : null;
  }

  standing(key: Bytes): Standing {
    const status = this.contact(key)?.status;
    if (status === undefined) return 'stranger';
    return status === 'blocked' ? 'blocked' : 'contact';
  }

  /** The newest knock taken from a device of theirs. */
  seenTime(key: Bytes, device: string): number {
    return this.contact(key)?.devices[device] ?? 0;
  }

  /**
   * Changes a contact, or makes one where there is none, in one transaction with `also`. Returns the
   * record as it was and as it is.
   * @throws contact/too-many
   */
  change(
    key: Bytes,
    change: (before: ContactRecord | null) => ContactRecord,
    also: readonly Write[] = [],
  ): Promise<{ before: ContactRecord | null; after: ContactRecord }> {
    return this.queue.run(async () => {
      const before = this.contact(key);
      if (before === null && this.#contacts.size >= MAX_CONTACTS) {
        const message = `At most ${MAX_CONTACTS} contacts are kept.`;
        throw new PimError('contact/too-many', message, { max: MAX_CONTACTS });
      }
      const after = withinDevices(change(before));
      const request = this.#requests.get(after.key);
      const past = request && ({ ...request, state: 'past', text: '' } as const);
      const answered: Write[] =
        past === undefined ? [] : [{ table: 'requests', key: after.key, value: past }];
      const row: Write = { table: 'contacts', key: after.key, value: after };
      await this.#storage.write([row, ...answered, ...also]);
      this.#contacts.set(after.key, after);
      if (past !== undefined) this.#requests.set(after.key, past);
      return { before, after };
    });
  }

  /** Forgets a contact, with `also` (their conversation's rows) in the same transaction. */
  async remove(key: Bytes, also: readonly Write[]): Promise<ContactRecord | null> {
    const { forget } = await removal();
    return this.queue.run(() => forget(this.#storage, this.#contacts, toHex(key), also));
  }

  /**
   * Keeps a request, newest INVITE first come. A declined one stays declined, an old one is ignored.
   * @returns `new` where somebody asks who was not waiting, `repeated` where they ask again, `known`
   * where they are a contact already, perhaps since a moment ago
   */
  async ask(asked: Omit<RequestRecord, 'state'>, admit: Admit): Promise<Asked> {
    const { ask } = await strangers();
    return this.queue.run(() => ask(this.#storage, this.#requests, this, asked, admit));
  }

  /** @throws request/unknown */
  async decline(key: Bytes): Promise<void> {
    const { decline } = await strangers();
    return this.queue.run(() => {
      const request = this.request(key);
      if (request === null) throw unknownRequest();
      return decline(this.#storage, this.#requests, request);
    });
  }
}

export function keyOf(record: { readonly key: string }): Bytes {
  return fromHex(record.key);
}

export function unknownRequest(): PimError<'request/unknown'> {
  return new PimError('request/unknown', 'There is no such request.', null);
}

function withinDevices(record: ContactRecord): ContactRecord {
  const devices = Object.entries(record.devices);
  if (devices.length <= MAX_CONTACT_DEVICES) return record;
  const newest = devices.sort((a, b) => b[1] - a[1]).slice(0, MAX_CONTACT_DEVICES);
  return { ...record, devices: Object.fromEntries(newest) };
}
