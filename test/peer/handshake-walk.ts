/**
 * Walks every state two handshakes can reach over a network that loses, doubles and reorders,
 * breadth first, so that the first violation found is a shortest one. States that differ only in
 * the numbers they use are one.
 */

import type { Handshake } from '../../sdk/peer/handshake.js';
import {
  apply,
  type Device,
  type Fresh,
  isIdle,
  newDevice,
  type Op,
  type Sent,
  type Session,
  SIDES,
  type Who,
} from './handshake-world.js';

export interface Budget {
  readonly losses: number;
  readonly doubles: number;
  /** Attempts after everything has come to rest without a connection. */
  readonly retries: number;
  /** Attempts at any other moment: impatient timers. */
  readonly early?: number;
  /** Pages opened anew, with nothing left but what is stored. */
  readonly reloads?: number;
  /** Confirmed sessions that one side does not hear any longer, and keeps while it looks for another. */
  readonly silences?: number;
  /** Who tries again. */
  readonly by: readonly Who[];
}

export interface Violation {
  readonly what: string;
  /** How it came to it, one line a step. */
  readonly trace: readonly string[];
}

interface State {
  readonly low: Device;
  readonly high: Device;
  readonly net: readonly Sent[];
  readonly knocked: Readonly<Record<Who, boolean>>;
  readonly losses: number;
  readonly doubles: number;
  readonly retries: number;
  readonly early: number;
  readonly reloads: number;
  readonly silences: number;
  /** What each device has stored: the newest signal it had taken when it was last connected. */
  readonly stored: Readonly<Record<Who, number>>;
  readonly from: State | null;
  readonly how: () => string;
}

const other = (who: Who): Who => (who === 'low' ? 'high' : 'low');
const told = ({ kind, by, low, high, time }: Sent) => `${kind}(${low},${high})@${time} of ${by}`;

export class Walk {
  readonly #code: typeof Handshake;
  readonly #budget: Budget;
  states = 0;
  /** States in which both ends held the same confirmed session. */
  done = 0;

  constructor(code: typeof Handshake, budget: Budget) {
    this.#code = code;
    this.#budget = budget;
  }

  /** The first violation there is, or null after every state was seen. */
  run(): Violation | null {
    const { losses, doubles, retries, early = 0, reloads = 0, silences = 0 } = this.#budget;
    const first: State = {
      low: newDevice(),
      high: newDevice(),
      net: [],
      knocked: { low: false, high: false },
      losses,
      doubles,
      retries,
      early,
      reloads,
      silences,
      stored: { low: 0, high: 0 },
      from: null,
      how: () => 'the beginning',
    };
    const seen = new Set<string>([keyOf(first)]);
    for (let level = [first]; level.length > 0; ) {
      const next: State[] = [];
      for (const state of level) {
        this.states++;
        const isConnected = isDone(state);
        if (isConnected) this.done++;
        const after = this.#after(state, isConnected);
        const fault = after.find((each) => typeof each === 'string');
        if (fault !== undefined) return violation(fault, state);
        for (const each of (after as State[]).map(renumbered)) {
          // Once one end has looked for another session, one beside the first is meant to be.
          const isHeard = each.silences === silences;
          const isSame = isConnected && isHeard && each.reloads === state.reloads;
          const wrong = isSame ? disturbed(state, each) : disagreement(each);
          if (wrong !== null) return violation(wrong, each);
          const key = keyOf(each);
          if (seen.has(key)) continue;
          seen.add(key);
          next.push(each);
        }
      }
      level = next;
    }
    return null;
  }

  /** Every state one step on; a text where the walk ends unconnected. */
  #after(state: State, isConnected: boolean): (State | string)[] {
    const opens = this.#opens(state);
    const knocks = this.#knocks(state);
    const after: (State | string)[] = [...knocks, ...this.#arrivals(state), ...opens];
    after.push(...this.#reloads(state), ...this.#silences(state));
    if (isConnected) return after;
    after.push(...this.#impatience(state));
    if (state.net.length > state.losses || opens.length > 0) return after;
    if (state.retries > 0) {
      const rest = { ...loseAll(state), retries: state.retries - 1 };
      after.push(...this.#budget.by.map((who) => this.#retry(rest, who)));
    } else if (knocks.length === 0) {
      after.push('at rest without a connection, and no retry is left');
    }
    return after;
  }

  /** Either side knocks once of itself, or never. */
  #knocks(state: State): State[] {
    return SIDES.filter((who) => !state.knocked[who] && isIdle(state[who])).map((who) => {
      const knocked = { ...state.knocked, [who]: true };
      return { ...this.#tell(state, who, { op: 'knock' }, () => `${who} knocks`), knocked };
    });
  }

  #arrivals(state: State): State[] {
    return state.net.flatMap((signal, at) => {
      const op: Op = { op: 'take', signal };
      const who = other(signal.by);
      const without = { ...state, net: state.net.filter((_, i) => i !== at) };
      const arrived = this.#tell(without, who, op, () => `${told(signal)} arrives`, state);
      if (state.doubles === 0) return [arrived];
      const kept = this.#tell(state, who, op, () => `${told(signal)} arrives, a copy stays`);
      return [arrived, { ...kept, doubles: state.doubles - 1 }];
    });
  }

  /** A channel opens where both ends set up the same session; either end may see it first. */
  #opens(state: State): State[] {
    return SIDES.flatMap((who) => {
      const mine = state[who].pending;
      const { pending, current } = state[other(who)];
      const isShared =
        mine?.offer === pending?.offer ? pending?.isAnswered : mine?.offer === current?.offer;
      if (mine === null || !mine.isAnswered || isShared !== true) return [];
      const open = this.#tell(state, who, { op: 'open' }, () => `${who} confirms`);
      return [{ ...open, stored: { ...state.stored, [who]: open[who].fields.seenTime } }];
    });
  }

  #impatience(state: State): State[] {
    if (state.early === 0) return [];
    return this.#budget.by
      .filter((who) => state[who].current === null)
      .map((who) => ({ ...this.#retry(state, who), early: state.early - 1 }));
  }

  #reloads(state: State): State[] {
    if (state.reloads === 0) return [];
    const reloads = state.reloads - 1;
    return SIDES.map((who) => ({
      ...state,
      [who]: newDevice(state[who].clock, state.stored[who]),
      knocked: { ...state.knocked, [who]: false },
      reloads,
      from: state,
      how: () => `${who} reloads`,
    }));
  }

  #silences(state: State): State[] {
    if (state.silences === 0) return [];
    return SIDES.filter((who) => state[who].current !== null && state[who].pending === null).map(
      (who) => {
        const silent = this.#tell(state, who, { op: 'silence' }, () => `${who} hears nothing`);
        const asking = this.#tell(silent, who, { op: 'knock' }, () => `${who} knocks again`);
        return { ...asking, silences: state.silences - 1 };
      },
    );
  }

  /** What is under way or dead is given up first: its time is over. */
  #retry(state: State, who: Who): State {
    let free = state;
    if (state[who].current !== null)
      free = this.#tell(free, who, { op: 'lose' }, () => `${who} lost it`);
    if (state[who].pending !== null)
      free = this.#tell(free, who, { op: 'fail' }, () => `${who} gives up`);
    return this.#tell(free, who, { op: 'knock' }, () => `${who} knocks again`);
  }

  #tell(state: State, who: Who, op: Op, how: () => string, from: State = state): State {
    const { device, sent } = apply(this.#code, who, state[who], op, freshIn(state));
    return { ...state, [who]: device, net: [...state.net, ...sent], from, how };
  }
}

/**
 * A signal that is lost is one that never arrives, so losses are counted where all comes to rest:
 * the same runs, and fewer states.
 */
function loseAll(state: State): State {
  if (state.net.length === 0) return state;
  const losses = state.losses - state.net.length;
  const how = () => `lost: ${state.net.map(told).join(', ')}`;
  return { ...state, net: [], losses, from: state, how };
}

/** Whether both ends hold one and the same confirmed session. */
function isDone({ low, high }: State): boolean {
  return low.current !== null && low.current.offer === high.current?.offer;
}

/** Whether a step took anything from a session that was established. */
function disturbed(before: State, after: State): string | null {
  if (!isDone(after)) return 'an established session was lost';
  for (const who of SIDES) {
    if (after[who].pending !== null) return `${who} sets up another session beside a good one`;
  }
  const taken = after.doubles === before.doubles ? 1 : 0;
  const isSilent = after.net.length === before.net.length - taken;
  return isSilent ? null : 'somebody answers a signal from before';
}

/** Whether the ends hold one session under different nonces. */
function disagreement({ low, high }: State): string | null {
  const [mine, theirs] = [low.current, high.current];
  if (mine === null || theirs === null || mine.offer !== theirs.offer) return null;
  const isSame = mine.low === theirs.low && mine.high === theirs.high;
  return isSame ? null : 'the ends agree on a session and not on its nonces';
}

function violation(what: string, state: State): Violation {
  const trace: string[] = [];
  for (let at: State | null = state; at !== null; at = at.from) trace.unshift(at.how());
  return { what, trace };
}

/** Every nonce and every offer a state speaks of, in one order. */
function namesIn({ low, high, net }: State): { nonces: number[]; offers: number[] } {
  const nonces: number[] = [];
  const offers: number[] = [];
  const note = (each: Session | Sent | null): void => {
    if (each === null) return;
    nonces.push(each.low, each.high);
    offers.push(each.offer);
  };
  for (const { fields, knockNonce, pending, current, last } of [low, high]) {
    nonces.push(fields.nonce, fields.pairLow, fields.pairHigh, knockNonce);
    offers.push(fields.offerHash);
    note(pending);
    note(current);
    note(last);
  }
  for (const signal of net) note(signal);
  return { nonces, offers };
}

function freshIn(state: State): Fresh {
  const { nonces, offers } = namesIn(state);
  let [nonce, offer] = [Math.max(...nonces), Math.max(...offers)];
  return { nonce: () => ++nonce, offer: () => ++offer };
}

/** New names 1, 2, 3 … in order of appearance; 0 stays, being no name. */
function renaming(values: readonly number[]): (value: number) => number {
  const names = new Map<number, number>([[0, 0]]);
  for (const value of values) if (!names.has(value)) names.set(value, names.size);
  return (value) => names.get(value) ?? 0;
}

const KINDS = ['knock', 'hello', 'offer', 'answer'];

function inOrder(a: Sent, b: Sent): number {
  if (a.by !== b.by) return a.by === 'low' ? -1 : 1;
  return a.time - b.time || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
}

/** Only the order of a device's times counts. */
function ranking(values: readonly number[]): (value: number) => number {
  const sorted = [...new Set([0, ...values])].sort((a, b) => a - b);
  return (value) => sorted.indexOf(value);
}

/** The same state in the smallest numbers, signals in one order. */
function renumbered(state: State): State {
  const { nonces, offers } = namesIn(state);
  const [nonce, offer] = [renaming(nonces), renaming(offers)];
  const times = (who: Who) =>
    ranking([
      state[who].clock,
      state[other(who)].fields.seenTime,
      state.stored[other(who)],
      ...[state[who].last, ...state.net].flatMap((each) => (each?.by === who ? [each.time] : [])),
    ]);
  const time = { low: times('low'), high: times('high') };
  const names = <Named extends Session | Sent>(each: Named): Named => ({
    ...each,
    low: nonce(each.low),
    high: nonce(each.high),
    offer: offer(each.offer),
  });
  const signal = (each: Sent): Sent => ({ ...names(each), time: time[each.by](each.time) });
  const device = (who: Who): Device => {
    const { fields, knockNonce, clock, pending, current, last } = state[who];
    return {
      fields: {
        nonce: nonce(fields.nonce),
        pairLow: nonce(fields.pairLow),
        pairHigh: nonce(fields.pairHigh),
        offerHash: offer(fields.offerHash),
        seenTime: time[other(who)](fields.seenTime),
        isPairConnected: fields.isPairConnected,
      },
      knockNonce: nonce(knockNonce),
      clock: time[who](clock),
      pending: pending === null ? null : names(pending),
      current: current === null ? null : names(current),
      last: last === null ? null : signal(last),
    };
  };
  const net = state.net.map(signal).sort(inOrder);
  const stored = { low: time.high(state.stored.low), high: time.low(state.stored.high) };
  return { ...state, low: device('low'), high: device('high'), net, stored };
}

const sentKey = (each: Sent) =>
  `${each.kind[0]}${each.by[0]}${each.time},${each.low},${each.high},${each.offer}`;
const sessionKey = (each: Session | null) =>
  each === null ? '' : `${each.offer},${each.low},${each.high},${each.isAnswered}`;

function deviceKey({ fields, knockNonce, clock, pending, current, last }: Device): string {
  const numbers = [...Object.values(fields), knockNonce, clock].join();
  const sent = last === null ? '' : sentKey(last);
  return [numbers, sessionKey(pending), sessionKey(current), sent].join(';');
}

function keyOf(state: State): string {
  const { low, high, net, knocked, stored, losses, doubles, retries, early, reloads } = state;
  const counts = [knocked.low, knocked.high, stored.low, stored.high, losses, doubles, retries];
  const sides = [deviceKey(low), deviceKey(high)];
  return [...sides, ...net.map(sentKey), counts.join(), early, reloads, state.silences].join('|');
}
