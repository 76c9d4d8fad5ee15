/** Runs in the browser: a person who writes much while a friend is away, and the friend who gets it. */

import { Pim } from '../../sdk/index.js';
import { BATCH, storedWith, textOf } from './stored.js';

const PROFILE = 'sync';

let pim: Pim;

const once = <Value>(arm: (settle: (value: Value) => void) => () => void): Promise<Value> =>
  new Promise((resolve) => {
    const undo = arm((value) => {
      undo();
      resolve(value);
    });
  });

/** Starts the chat. @returns the address, once a relay is there */
async function begin(relay: string): Promise<string> {
  pim = new Pim({ profile: PROFILE, relays: [relay], policy: 'accept' });
  const online = once<void>((settle) =>
    pim.on('relay', ({ state }) => void (state === 'online' && settle())),
  );
  await pim.start();
  await online;
  return pim.address;
}

async function befriend(to: string): Promise<void> {
  const here = once<void>((settle) =>
    pim.on('presence', ({ online }) => void (online && settle())),
  );
  await pim.send(to, 'hello');
  await here;
}

/** Writes `count` messages while the chat is stopped. */
async function write(friend: string, count: number): Promise<void> {
  const { address } = pim;
  await pim.stop();
  const { conversation, close } = await storedWith(PROFILE, address, friend);
  for (let at = 0; at < count; at += BATCH) {
    const length = Math.min(BATCH, count - at);
    const bodies = Array.from({ length }, (_, i) => {
      return { kind: 'text', text: textOf(at + i + 1), replyTo: null } as const;
    });
    await conversation.append(bodies);
  }
  await close();
}

/**
 * Starts the chat again and waits for messages.
 * @returns milliseconds from the friend being here to the last of `count` messages, stored and told
 */
async function take(relay: string, friend: string, count: number): Promise<number> {
  pim = new Pim({ profile: PROFILE, relays: [relay] });
  let from = Number.NaN;
  let left = count;
  pim.on('presence', ({ online }) => {
    if (online && Number.isNaN(from)) from = performance.now();
  });
  const all = once<void>((settle) =>
    pim.on('message', ({ mine }) => void (!mine && --left === 0 && settle())),
  );
  await pim.start();
  await all;
  const took = performance.now() - from;
  const { messages } = await pim.conversations.history(friend, { limit: 1 });
  if (messages[0]?.text !== textOf(count)) throw new Error('the last message is another one');
  return took;
}

const calls = { begin, befriend, write, take, stop: () => pim.stop() };

declare global {
  var benchSync: typeof calls;
}

globalThis.benchSync = calls;
