/**
 * People of tests: what a journey needs of somebody who chats, whether they live in this process or
 * in a real browser, and the ones of this process.
 */

import { type EvilOptions, hostile } from '../../relay/evil/index.js';
import {
  createRelay,
  type Hostility,
  type Relay,
  type RelayOptions,
  type Tamper,
} from '../../relay/index.js';
import { isPimError } from '../../sdk/base/errors.js';
import { Pim, type PimEvents, type PimOptions } from '../../sdk/index.js';
import { FakeNetwork } from './fake-rtc.js';
import { type Fault, type Plain, plain } from './people-plain.js';
import { Disk, TestMachine } from './platform.js';
import { SignalKinds } from './signal-kinds.js';
import { STEP_MS, TestClock } from './test-clock.js';

type Area =
  | 'invitations'
  | 'contacts'
  | 'conversations'
  | 'files'
  | 'relays'
  | 'connections'
  | 'identity';
type AreaCalls = {
  [A in Area]: {
    [M in keyof Pim[A] & string as Pim[A][M] extends (...given: never[]) => unknown
      ? `${A}.${M}`
      : never]: Pim[A][M];
  };
}[Area];
type Merged<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;
type Calls = Merged<AreaCalls> & Pick<Pim, 'send' | 'start' | 'stop'>;

/** A call of a Pim by its name: `send`, `contacts.add`, … */
export type CallName = keyof Calls & string;
export type CallArgs<Name extends CallName> = Calls[Name] extends (...given: infer Args) => unknown
  ? Args
  : never;
export type CallResult<Name extends CallName> = Calls[Name] extends (
  ...given: never[]
) => infer Result
  ? Plain<Awaited<Result>>
  : never;

export type EventName = keyof PimEvents & string;
export type EventOf<Name extends EventName> = Plain<PimEvents[Name]>;

export interface Seen {
  readonly type: EventName;
  readonly event: unknown;
}

/** A call of a person failed with a PimError. */
export class Refused extends Error {
  readonly fault: Fault;

  constructor(call: string, fault: Fault) {
    super(`${call}: ${fault.code}: ${fault.message}`);
    this.fault = fault;
  }
}

export interface PersonOptions
  extends Omit<PimOptions, 'platform' | 'logger' | 'iceServers' | 'storage'> {
  readonly storage?: 'indexeddb' | 'memory';
  readonly clockOffsetMs?: number;
  /** The browser keeps nothing. */
  readonly hasIndexedDb?: boolean;
  /** The page came over plain http. */
  readonly isSecure?: boolean;
  /** False: made, but `start` is left to the test. */
  readonly isStarted?: boolean;
}

export abstract class Person {
  readonly name: string;
  /** Their address, once started. */
  address = '';
  /** Every event so far, oldest first, over reloads too. */
  readonly log: Seen[] = [];
  /** Milliseconds to wait for an event unless told otherwise. */
  protected readonly patienceMs: number = 15_000;
  readonly #watchers = new Set<() => void>();

  constructor(name: string) {
    this.name = name;
  }

  /** @throws Refused where the call threw a PimError */
  abstract ask<Name extends CallName>(
    name: Name,
    ...given: CallArgs<Name>
  ): Promise<CallResult<Name>>;
  /** Restores an identity from its 24 words, in the place of none. */
  abstract become(words: string): Promise<void>;
  /** The page is left and opened again. */
  abstract reload(change?: PersonOptions): Promise<void>;
  /** The page is left; `reload` brings it back. */
  abstract leave(): Promise<void>;
  /** RTCPeerConnections made since the page was opened. */
  abstract connectionsMade(): Promise<number>;
  abstract close(): Promise<void>;

  protected note(type: EventName, event: unknown): void {
    this.log.push({ type, event });
    for (const watcher of this.#watchers) watcher();
  }

  all<Name extends EventName>(type: Name): EventOf<Name>[] {
    return this.log.filter((seen) => seen.type === type).map((seen) => seen.event as EventOf<Name>);
  }

  /** Texts of messages this person was told of, in that order, each as often as they were told. */
  get texts(): string[] {
    return this.all('message').map((message) => message.text);
  }

  /** Texts of the whole history with somebody, oldest first. */
  async history(other: Person): Promise<string[]> {
    const { messages } = await this.ask('conversations.history', other.address, { limit: 500 });
    return messages.map((message) => message.text);
  }

  async status(other: Person): Promise<CallResult<'connections.status'>> {
    return this.ask('connections.status', other.address);
  }

  /**
   * The first event of this type that matches, past or to come.
   * @param past how many events to pass over: `log.length` for only those to come
   */
  sees<Name extends EventName>(
    type: Name,
    match: (event: EventOf<Name>) => boolean = () => true,
    { past = 0, limitMs = this.patienceMs }: { past?: number; limitMs?: number } = {},
  ): Promise<EventOf<Name>> {
    const find = () =>
      this.log.slice(past).find((seen) => seen.type === type && match(seen.event as EventOf<Name>));
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      const look = () => {
        const found = find();
        if (found === undefined) return;
        end();
        resolve(found.event as EventOf<Name>);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`${this.name} saw no such ${type}; they saw ${this.told(past)}`));
      }, limitMs);
      // Whoever no longer waits for it must not keep the process.
      timer.unref();
      this.#watchers.add(look);
      look();
    });
  }

  /** The log in short, for failures. */
  told(past = 0): string {
    const brief = ({ type, event }: Seen) => {
      const { state, text, status, code, url, online } = event as Record<string, unknown>;
      const what = [state, text, status, code, url, online].filter((each) => each !== undefined);
      const reason = (event as { reason?: Fault | null }).reason?.code;
      return `${type}(${[...what, reason].filter(Boolean).join(' ')})`;
    };
    const told = this.log.slice(past).map(brief);
    return told.filter((each, n) => each !== told[n - 1]).join(', ') || 'nothing';
  }

  isConnectedTo(other: Person): Promise<unknown> {
    const { address } = other;
    return this.sees('connection', (event) => {
      if (event.address !== address) return false;
      const last = this.all('connection').findLast((each) => each.address === address);
      return last?.state === 'connected';
    });
  }
}

/** A relay a test can break. */
export interface TestRelay {
  readonly url: string;
  kill(): Promise<void>;
  /** Back at the same URL. */
  revive(): Promise<void>;
}

/** Where journeys happen. */
export interface Driver {
  person(name: string, options?: PersonOptions): Promise<Person>;
  /** Another tab of the same browser profile, with a Pim that is not started. */
  tab(of: Person, change?: PersonOptions): Promise<Person>;
  relay(): Promise<TestRelay>;
  /** Waits for what takes the people's time: time passes faster meanwhile where it can. */
  hurry<Result>(waiting: Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** What `promise` was refused with. */
export async function refused(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (fault) {
    if (fault instanceof Refused) return fault.fault;
    if (isPimError(fault)) return plain(fault) as Fault;
    throw fault;
  }
  throw new Error('expected a refusal, but it did not fail');
}

/**
 * Resolves when `check` holds; asks again at every turn, never later than `limitMs`.
 * @throws what `check` threw last, or that it did not hold
 */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  what = 'it',
  limitMs = 15_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`${what} did not come true in ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Relays of this process: no files, and no limits that people behind one address would meet. */
export const LOCAL_RELAY: RelayOptions = {
  port: 0,
  host: '127.0.0.1',
  files: false,
  limits: {
    ...{ socketsPerIp: 1_000, pendingPerIp: 1_000 },
    ...{ upgradeBurstPerIp: 10_000, connectBurstPerIp: 10_000 },
  },
};

export interface WorldRelayOptions {
  readonly tamper?: Tamper;
  /** Attacks by name (relay/evil), in the time of these people. */
  readonly evil?: readonly string[];
  readonly isMeant?: NonNullable<EvilOptions['isMeant']>;
  /** False: attacks take real time. */
  readonly isHurried?: boolean;
  readonly limits?: NonNullable<RelayOptions['limits']>;
  readonly origins?: readonly string[];
}

/** People and relays of one test, in this process. */
export class World implements Driver {
  readonly clock = new TestClock();
  readonly network = new FakeNetwork(this.clock, this.clock.laneOf);
  /** What the envelopes of these people hold. */
  readonly kinds = new SignalKinds();
  readonly #people: LocalPerson[] = [];
  readonly #relays: LocalRelay[] = [];
  /** What went wrong inside the SDK or a relay and nobody was told. */
  readonly faults: string[] = [];

  async person(name: string, options: PersonOptions = {}): Promise<LocalPerson> {
    const person = new LocalPerson(name, this, options);
    this.#people.push(person);
    await person.begin();
    return person;
  }

  async tab(of: Person, change: PersonOptions = {}): Promise<LocalPerson> {
    if (!(of instanceof LocalPerson)) throw new TypeError('somebody of another world');
    const options = { ...of.options, ...change, isStarted: false };
    const tab = new LocalPerson(`${of.name}’s tab`, this, options, of.disk);
    this.#people.push(tab);
    await tab.begin();
    return tab;
  }

  async relay(options: WorldRelayOptions = {}): Promise<LocalRelay> {
    const hostility = this.#hostilityOf(options);
    const relay = new LocalRelay({ ...options, hostility }, (what) =>
      this.faults.push(`relay: ${what}`),
    );
    this.#relays.push(relay);
    await relay.revive();
    return relay;
  }

  #hostilityOf({ evil, isHurried, isMeant, tamper }: WorldRelayOptions): Hostility | null {
    if (evil === undefined) return tamper === undefined ? null : { tamper };
    const time = isHurried === false ? {} : { setTimer: this.clock.setTimer };
    return hostile(evil, { ...time, ...(isMeant === undefined ? {} : { isMeant }) });
  }

  async hurry<Result>(waiting: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = waiting.finally(() => {
      isOver = true;
    });
    over.catch(() => undefined);
    while (!isOver) await this.clock.pass(STEP_MS);
    return over;
  }

  /** @throws where anything failed unseen */
  async close(): Promise<void> {
    for (const person of this.#people) await person.close();
    this.clock.stop();
    await Promise.all(this.#relays.map((relay) => relay.kill()));
    if (this.faults.length > 0) throw new Error(`unseen faults:\n${this.faults.join('\n')}`);
  }
}

/** Runs `use` in a world of its own. */
export async function withWorld(use: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await use(world);
  } catch (fault) {
    await world.close().catch(() => undefined);
    throw fault;
  }
  await world.close();
}

interface LocalRelayOptions extends WorldRelayOptions {
  readonly hostility: Hostility | null;
}

export class LocalRelay implements TestRelay {
  readonly #options: LocalRelayOptions;
  readonly #onFault: (what: string) => void;
  #relay: Relay | null = null;
  #port = 0;
  url = '';

  constructor(options: LocalRelayOptions, onFault: (what: string) => void) {
    this.#options = options;
    this.#onFault = onFault;
  }

  get relay(): Relay {
    if (this.#relay === null) throw new Error('this relay is dead');
    return this.#relay;
  }

  /** Sockets are cut; a goodbye may or may not arrive. */
  async kill(): Promise<void> {
    const relay = this.#relay;
    this.#relay = null;
    await relay?.close({ withinMs: 0 });
  }

  async revive(): Promise<void> {
    const { hostility, limits, origins } = this.#options;
    this.#relay = createRelay({
      ...LOCAL_RELAY,
      port: this.#port,
      limits: { ...LOCAL_RELAY.limits, ...limits },
      ...(origins === undefined ? {} : { origins }),
      ...(hostility === null ? {} : { seams: { hostility } }),
      log: (_level, event, fields) => {
        if (event === 'fault') this.#onFault(String(fields?.what));
      },
    });
    await this.#relay.listen();
    this.#port = this.#relay.port;
    this.url = this.#relay.url;
  }
}

export class LocalPerson extends Person {
  readonly #world: World;
  readonly disk: Disk;
  options: PersonOptions;
  #machine: TestMachine | null = null;
  #pim: Pim | null = null;
  #pages = 0;

  constructor(name: string, world: World, options: PersonOptions, disk = new Disk()) {
    super(name);
    this.#world = world;
    this.options = options;
    this.disk = disk;
  }

  get machine(): TestMachine {
    if (this.#machine === null) throw new Error(`${this.name} has left`);
    return this.#machine;
  }

  get pim(): Pim {
    if (this.#pim === null) throw new Error(`${this.name} has left`);
    return this.#pim;
  }

  /** The name the fake network knows the current page by. */
  get owner(): string {
    return `${this.name}/${this.#pages}`;
  }

  /** Opens a page: a Pim on this person's disk. */
  async begin(): Promise<void> {
    const { clockOffsetMs, hasIndexedDb, isSecure, isStarted, ...options } = this.options;
    this.#pages++;
    const machine = new TestMachine({
      clock: this.#world.clock,
      network: this.#world.network,
      kinds: this.#world.kinds,
      owner: this.owner,
      disk: this.disk,
      ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
      ...(hasIndexedDb === undefined ? {} : { hasIndexedDb }),
      ...(isSecure === undefined ? {} : { isSecure }),
    });
    this.#machine = machine;
    const pim = new Pim({
      name: this.name,
      ...options,
      platform: machine,
      logger: (level, text) => {
        if (process.env.PIM_TEST_LOG) console.log(this.name, level, text);
        // What a page that is gone still stumbles over is nobody's.
        if (level === 'error' && this.#machine === machine)
          this.#world.faults.push(`${this.name}: ${text}`);
      },
    });
    this.#pim = pim;
    pim.on('*', ({ type, event }) => {
      if (this.#pim === pim) this.note(type, plain(event));
    });
    if (isStarted === false) return;
    await pim.start();
    this.address = pim.address;
  }

  async ask<Name extends CallName>(
    name: Name,
    ...given: CallArgs<Name>
  ): Promise<CallResult<Name>> {
    const [area = '', method] = name.split('.');
    const holder = (method === undefined ? this.pim : Reflect.get(this.pim, area)) as object;
    const call = Reflect.get(holder, method ?? area) as (...args: unknown[]) => unknown;
    try {
      const result = plain(await call.apply(holder, given)) as CallResult<Name>;
      if (name === 'start') this.address = this.pim.address;
      return result;
    } catch (fault) {
      if (isPimError(fault)) throw new Refused(name, plain(fault) as Fault);
      throw fault;
    }
  }

  async become(words: string): Promise<void> {
    const { identity } = this.pim;
    await identity.restore(await identity.readBackup(words));
    this.address = this.pim.address;
  }

  async leave(): Promise<void> {
    this.machine.wake('leaving');
    await this.crash();
  }

  /** The page is gone without a goodbye. */
  async crash(): Promise<void> {
    const { machine } = this;
    this.#pim = null;
    this.#machine = null;
    machine.vanish();
  }

  async reload(change: PersonOptions = {}): Promise<void> {
    if (this.#pim !== null) await this.leave();
    this.options = { ...this.options, ...change };
    await this.begin();
  }

  async connectionsMade(): Promise<number> {
    return this.machine.connections.length;
  }

  async close(): Promise<void> {
    const [pim, machine] = [this.#pim, this.#machine];
    this.#pim = null;
    this.#machine = null;
    await pim?.stop();
    machine?.vanish();
  }
}
