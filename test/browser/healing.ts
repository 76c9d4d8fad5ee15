/**
 * Two friends in real browsers who talk all the time, and a stopwatch: how long after a break each is
 * told of it, how long after its end words flow again, and whether any was lost or doubled.
 */

import * as assert from 'uvu/assert';
import { eventually } from '../support/people.js';
import type { BrowserPerson } from './journeys-driver.js';

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What was measured, printed behind the file's outcome. */
const measured: string[] = [];

export function note(line: string): void {
  measured.push(line);
}

export function printMeasured(title: string): void {
  const text = `${title}\n${measured.map((line) => `  ${line}`).join('\n')}`;
  if (process.send === undefined) console.log(text);
  else process.send({ is: 'said', text });
}

/** Milliseconds until `what`, from now. */
export async function timed(what: Promise<unknown>): Promise<number> {
  const from = performance.now();
  await what;
  return performance.now() - from;
}

/** `person` is told that `other` is not here. Only what comes from now on counts. */
export async function noticesLeave(person: BrowserPerson, other: BrowserPerson): Promise<number> {
  const past = person.log.length;
  const isGone = (each: { address: string; online: boolean }) =>
    each.address === other.address && !each.online;
  return timed(person.sees('presence', isGone, { past, limitMs: 120_000 }));
}

let count = 0;

/** Milliseconds until both have had a word of the other that was written from now on. */
export async function flowsAgain(one: BrowserPerson, other: BrowserPerson): Promise<number> {
  return timed(Promise.all([wordArrives(one, other), wordArrives(other, one)]));
}

export async function wordArrives(from: BrowserPerson, to: BrowserPerson): Promise<void> {
  const text = `word ${++count}`;
  await from.ask('send', to.address, text);
  await to.sees('message', (message) => message.text === text, { limitMs: 120_000 });
}

/** What each wrote is with the other, all of it, once, in order. */
export async function nothingLostOrDoubled(
  one: BrowserPerson,
  other: BrowserPerson,
): Promise<void> {
  await eventually(async () => {
    const [here, there] = await Promise.all([one.history(other), other.history(one)]);
    return here.length === there.length;
  }, 'both histories are as long');
  for (const person of [one, other]) {
    const [from, to] = person === one ? [one, other] : [other, one];
    const messages = async (whose: BrowserPerson, mine: boolean) => {
      const { messages: all } = await whose.ask(
        'conversations.history',
        (whose === from ? to : from).address,
        { limit: 500 },
      );
      return all.filter((message) => message.mine === mine).map((message) => message.text);
    };
    const written = await messages(from, true);
    assert.equal(await messages(to, false), written);
    assert.is(new Set(written).size, written.length);
  }
}
