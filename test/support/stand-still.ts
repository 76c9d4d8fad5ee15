/**
 * A page that stands still as one that hangs: its thread goes round in a loop, and on Linux its whole
 * process is stopped. Neither browser tells which process holds a page; so the page takes that much
 * memory in its last act that /proc shows which it is, and that it got there.
 */

import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { eventually } from './people.js';

/** Bytes a page takes before it stands still: more than others come to need meanwhile. */
const WEIGHT = 96 * 1_048_576;
/** The part of it that must be seen: a browser frees memory, too. */
const SEEN = 0.8;
const LIMIT_MS = 60_000;

export interface StandStill {
  /** How long the loop lasts, which nothing ends before. */
  readonly ms: number;
  /** Whether it waits for a moment in which the page has no transaction with its databases. */
  readonly isBetweenWrites: boolean;
}

/** @returns what lets a stopped process go on; it is to be called, even where a test fails */
export async function standStill(page: Page, how: StandStill): Promise<() => void> {
  const before = process.platform === 'linux' ? residentBytes() : null;
  // It answers when it goes on, where the test has not closed it.
  page.evaluate(hold, { ...how, weight: WEIGHT }).catch(() => undefined);
  if (before === null) return () => undefined;
  let held: number | undefined;
  const isHeld = () => {
    held = grown(before);
    return held !== undefined;
  };
  await eventually(isHeld, 'a page that stands still', LIMIT_MS);
  const pid = held as number;
  process.kill(pid, 'SIGSTOP');
  return () => process.kill(pid, 'SIGCONT');
}

function grown(before: ReadonlyMap<number, number>): number | undefined {
  const [found] = [...residentBytes()].find(
    ([pid, bytes]) => bytes - (before.get(pid) ?? bytes) > SEEN * WEIGHT,
  ) ?? [undefined];
  return found;
}

/** What each process that comes of this one has in memory, by its id. See proc_pid_status(5). */
function residentBytes(): Map<number, number> {
  const parents = new Map<number, number>();
  const bytes = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const status = /^\d+$/.test(name) ? statusOf(name) : null;
    if (status === null) continue;
    parents.set(Number(name), field(status, 'PPid'));
    bytes.set(Number(name), 1_024 * field(status, 'VmRSS'));
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isOurs(parents.get(pid)));
  return new Map([...bytes].filter(([pid]) => isOurs(pid)));
}

/** Null for one that has ended meanwhile. */
function statusOf(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return null;
  }
}

/** 0 where it has none, as a process of the kernel has no memory. */
function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

/** Runs in the page. */
async function hold(how: StandStill & { readonly weight: number }): Promise<number> {
  const begin = IDBDatabase.prototype.transaction;
  const open = new Set<IDBTransaction>();
  const end = (transaction: IDBTransaction) =>
    new Promise<void>((resolve) => {
      for (const type of ['complete', 'abort']) transaction.addEventListener(type, () => resolve());
    });
  /** Of those that began before, the last is over when one that waits for all of them is. */
  const afterAll = async (name: string) => {
    const opening = indexedDB.open(name);
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const { result: database } = opening;
    const last = begin.call(database, [...database.objectStoreNames], 'readwrite');
    await end(last);
    database.close();
  };
  if (how.isBetweenWrites) {
    IDBDatabase.prototype.transaction = function (...given) {
      const transaction = begin.apply(this, given);
      open.add(transaction);
      void end(transaction).then(() => open.delete(transaction));
      return transaction;
    };
    for (const { name } of await indexedDB.databases()) await afterAll(name as string);
    while (open.size > 0) await Promise.race([...open].map(end));
    IDBDatabase.prototype.transaction = begin;
  }
  const weight = new Uint8Array(how.weight).fill(1);
  for (const from = performance.now(); performance.now() < from + how.ms; );
  return weight.length;
}
