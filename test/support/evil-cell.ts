/**
 * One cell of the matrix: two people, an attack, what they are told, and then an honest relay. Speaks
 * to the SDK alone, so that the same runs in one process and in a page.
 */

import { compare } from '../../sdk/base/bytes.js';
import type { Pim } from '../../sdk/index.js';
import { decodeAddress } from '../../sdk/protocol/address.js';

/** A cell as it travels into a page. */
export interface CellTask {
  readonly name: string;
  readonly step: string;
  /** The evil relay, and the one that is added at the end. */
  readonly evil: string;
  readonly honest: string;
}

export interface CellStage {
  /** Somebody who has started, with nothing but this relay. */
  person(name: string, relay: string): Promise<Pim>;
  /** Milliseconds as the people live them. */
  now(): number;
  /** The attack is over: from here on time need not be hurried. */
  calm(): void;
}

/** What one of the two was told at last. */
export interface Told {
  readonly state: string;
  readonly code: string | null;
  readonly message: string | null;
}

export interface CellResult {
  readonly name: string;
  /** `through`: in a conversation by the evil relay itself. `unasked`: no request was ever shown. */
  readonly end: 'through' | 'cut' | 'unasked';
  readonly low: Told;
  readonly high: Told;
  /** The evil relay as the lower one sees it. */
  readonly relay: Told;
  /** Messages and presence anybody was told of before they were connected. */
  readonly early: number;
  /** Each received the other's words over the honest relay, once. */
  readonly isMended: boolean;
  /** Milliseconds of the people's time to the end of the attack, and from there to a conversation. */
  readonly ms: readonly [attack: number, mended: number];
}

/** Milliseconds of the people's time: five knocks, each with an attempt of twenty seconds, and more. */
const SETTLED_WITHIN_MS = 300_000;
/** Five knocks without an answer: until they are over, a reason may still change. */
const KNOCKS_MS = 50_000;
/** A request is repeated after 3, 9 and 21 seconds. */
const ASKED_WITHIN_MS = 25_000;
const MENDED_WITHIN_MS = 120_000;
/** Real milliseconds between looks. */
const LOOK_MS = 10;

export async function runCell(task: CellTask, stage: CellStage): Promise<CellResult> {
  const [one, other] = await Promise.all([
    stage.person('Ann', task.evil),
    stage.person('Bob', task.evil),
  ]);
  const key = (pim: Pim) => decodeAddress(pim.address);
  const pair = compare(key(one), key(other)) < 0 ? [one, other] : [other, one];
  const [low, high] = pair as [Pim, Pim];
  const heard = new Map(pair.map((pim) => [pim, [] as string[]]));
  let early = 0;
  for (const pim of pair) {
    pim.on('message', ({ mine, text }) => void (!mine && heard.get(pim)?.push(text)));
    pim.on('presence', ({ address, online }) => {
      if (online && pim.connections.status(address).state !== 'connected') early++;
    });
  }

  const within = async (ms: number, check: () => boolean): Promise<boolean> => {
    for (const end = stage.now() + ms; !check(); ) {
      if (stage.now() > end) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return true;
  };
  const standing = (pim: Pim) => pim.connections.status((pim === low ? high : low).address);
  const areConnected = () => pair.every((pim) => standing(pim).state === 'connected');
  let calledAt = stage.now();
  const isOver = (pim: Pim) => {
    const { reason, state } = standing(pim);
    const isQuiet = state === 'offline' && stage.now() - calledAt > KNOCKS_MS;
    return state === 'connected' || isQuiet || reason?.code === 'relay/none';
  };

  const isFirstContact = task.step === 'invite' || task.step === 'accept';
  const began = calledAt;
  let isAsked = true;
  if (isFirstContact) {
    await low.send(high.address, 'from low');
    isAsked = await within(ASKED_WITHIN_MS, () => high.contacts.requests().length > 0);
    if (isAsked) await high.contacts.accept(low.address);
  } else {
    await high.contacts.add(low.address);
    // Only a KNOCK of the lower key is answered by HELLO: the higher one's are over by then.
    if (task.step === 'hello') await within(SETTLED_WITHIN_MS, () => isOver(high));
    await low.contacts.add(high.address);
    calledAt = stage.now();
  }
  if (isAsked) await within(SETTLED_WITHIN_MS, () => isOver(low) && isOver(high));
  const isThrough = isAsked && areConnected();
  const told = (pim: Pim): Told => {
    const { state, reason } = isAsked ? standing(pim) : { state: 'unasked', reason: null };
    return { state, code: reason?.code ?? null, message: reason?.message ?? null };
  };
  const [lowTold, highTold] = [told(low), told(high)];
  const link = low.relays.list()[0];
  const over = stage.now();

  stage.calm();
  await Promise.all(pair.map((pim) => pim.relays.add(task.honest)));
  if (!isAsked) {
    await within(MENDED_WITHIN_MS, () => high.contacts.requests().length > 0);
    await high.contacts.accept(low.address);
  }
  await within(MENDED_WITHIN_MS, areConnected);
  if (!isFirstContact) await low.send(high.address, 'from low');
  await high.send(low.address, 'from high');
  const words = () => [heard.get(high)?.join(), heard.get(low)?.join()].join(' / ');
  const isMended = await within(MENDED_WITHIN_MS, () => words() === 'from low / from high');
  const mended = stage.now();
  await Promise.all(pair.map((pim) => pim.stop()));
  return {
    name: task.name,
    end: isThrough ? 'through' : isAsked ? 'cut' : 'unasked',
    low: lowTold,
    high: highTold,
    relay: {
      state: link?.state ?? '',
      code: link?.reason?.code ?? null,
      message: link?.reason?.message ?? null,
    },
    early,
    isMended,
    ms: [over - began, mended - over],
  };
}
