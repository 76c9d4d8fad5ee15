/**
 * The driver of journeys in real browsers: a context per person, a page per visit, and relays that
 * are processes of their own, so that they can be killed for good.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type ScriptHost, serveScript } from '../support/in-page.js';
import {
  type CallArgs,
  type CallName,
  type CallResult,
  type Driver,
  type EventName,
  eventually,
  Person,
  type PersonOptions,
  Refused,
  type TestRelay,
} from '../support/people.js';
import type { Answer, Batch, PageOptions } from './journeys-page.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = fileURLToPath(new URL('./journeys-page.ts', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../sdk/node/cli.ts', import.meta.url));

/** RFC 6761 §6.4: a name that no resolver knows. */
const INSECURE_ORIGIN = 'http://pim.test';

/**
 * The SDK as a browser loads it, on a page of its own origin.
 * @param relays that its policy lets it reach; without, those of this machine
 */
export async function serveSdk(relays?: readonly string[]): Promise<ScriptHost> {
  const result = await build({
    entryPoints: [PAGE],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  return serveScript(result.outputFiles[0]?.text ?? '', undefined, relays);
}

/** `pim relay` in a process of its own. */
export class RelayProcess implements TestRelay {
  #process: ChildProcess | null = null;
  #port = 0;
  url = '';

  get isAlive(): boolean {
    return this.#process !== null;
  }

  async revive(): Promise<void> {
    const args = ['--import', 'tsx', COMMAND, 'relay', '--port', String(this.#port)];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    this.#port = await portOf(child);
    this.url = `ws://localhost:${this.#port}`;
  }

  /** SIGKILL: no goodbye, no closing of sockets. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  let told = '';
  for await (const chunk of child.stdout ?? []) {
    told += String(chunk);
    const port = /:(\d+)\/\s/.exec(told)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the relay did not start: ${told}`);
}

/** What all journeys of a file share: browsers, the page, and relays that are still alive. */
export class Stage {
  readonly #host: ScriptHost;
  /** All that were ever started, so that none outlives the stage. */
  readonly #made: RelayProcess[] = [];
  readonly #relays: RelayProcess[] = [];

  private constructor(host: ScriptHost) {
    this.#host = host;
  }

  static async set(): Promise<Stage> {
    return new Stage(await serveSdk());
  }

  get url(): string {
    return this.#host.url;
  }

  async takeRelay(): Promise<RelayProcess> {
    const relay = this.#relays.pop() ?? this.#make();
    if (!relay.isAlive) await relay.revive();
    return relay;
  }

  #make(): RelayProcess {
    const relay = new RelayProcess();
    this.#made.push(relay);
    return relay;
  }

  giveRelay(relay: RelayProcess): void {
    if (relay.isAlive) this.#relays.push(relay);
  }

  async strike(): Promise<void> {
    await Promise.all(this.#made.map((relay) => relay.kill()));
    await this.#host.close();
  }
}

export class BrowserDriver implements Driver {
  readonly #stage: Stage;
  readonly #browsers: readonly Browser[];
  readonly #people: BrowserPerson[] = [];
  readonly #relays: RelayProcess[] = [];
  #count = 0;

  /** @param browsers taken in turn by one person after the other */
  constructor(stage: Stage, browsers: readonly Browser[]) {
    this.#stage = stage;
    this.#browsers = browsers;
  }

  async person(name: string, options: BrowserOptions = {}): Promise<BrowserPerson> {
    const browser = this.#browsers[this.#count++ % this.#browsers.length] as Browser;
    const context = await browser.newContext();
    return this.#enter(new BrowserPerson(name, options, context, this.#stage.url));
  }

  async tab(of: Person, change: PersonOptions = {}): Promise<BrowserPerson> {
    if (!(of instanceof BrowserPerson)) throw new TypeError('somebody of another world');
    const options = { ...of.options, ...change, isStarted: false };
    const name = `${of.name}’s tab ${of.context.pages().length + 1}`;
    return this.#enter(new BrowserPerson(name, options, of.context, this.#stage.url));
  }

  async relay(): Promise<RelayProcess> {
    const relay = await this.#stage.takeRelay();
    this.#relays.push(relay);
    return relay;
  }

  /** Nothing hurries a browser. */
  hurry<Result>(waiting: Promise<Result>): Promise<Result> {
    return waiting;
  }

  /** @throws where the SDK logged an error nobody was told of */
  async close(): Promise<void> {
    const errors = (await Promise.all(this.#people.map((person) => person.errors()))).flat();
    await Promise.all(this.#people.map((person) => person.close()));
    for (const relay of this.#relays) this.#stage.giveRelay(relay);
    if (errors.length > 0) throw new Error(`unseen faults:\n${errors.join('\n')}`);
  }

  async #enter(person: BrowserPerson): Promise<BrowserPerson> {
    this.#people.push(person);
    await person.visit();
    return person;
  }
}

/** The events of one page, fetched until it is left, noted in their order. */
class Visit {
  readonly #page: Page;
  readonly #note: (type: EventName, event: unknown) => void;
  readonly #early = new Map<number, Batch>();
  #count = 0;

  constructor(page: Page, note: (type: EventName, event: unknown) => void) {
    this.#page = page;
    this.#note = note;
  }

  async listen(): Promise<void> {
    try {
      for (;;) this.#take(await this.#page.evaluate(() => globalThis.pimPage.next()));
    } catch {
      // The page was left, or closed.
    }
  }

  /** Resolves when this batch, and all before it, have been noted. */
  async take(batch: Batch): Promise<void> {
    this.#take(batch);
    const end = batch.first + batch.events.length;
    await eventually(() => this.#count >= end || this.#page.isClosed(), 'an event under way');
  }

  #take(batch: Batch): void {
    if (batch.events.length > 0) this.#early.set(batch.first, batch);
    for (let next = this.#early.get(this.#count); next !== undefined; ) {
      this.#early.delete(this.#count);
      for (const { type, event } of next.events) this.#note(type as EventName, event);
      this.#count += next.events.length;
      next = this.#early.get(this.#count);
    }
  }
}

/** `speed`: how much faster time passes for the SDK. */
export type BrowserOptions = PersonOptions & Pick<PageOptions, 'speed' | 'iceServers'>;

export interface ConnectionFacts {
  readonly isOpen: boolean;
  /** What it may gather: all, or relay alone. */
  readonly policy: string;
  /** `sha-256 AB:CD…` of the two ends, none before their descriptions. */
  readonly own: readonly string[];
  readonly other: readonly string[];
  /** Types of the candidates: host, srflx, prflx, relay. */
  readonly gathered: readonly string[];
  readonly given: readonly string[];
}

export class BrowserPerson extends Person {
  options: BrowserOptions;
  /** Two browsers on a busy machine take their time. */
  protected override readonly patienceMs = 30_000;
  readonly context: BrowserContext;
  readonly #url: string;
  #page: Page | null = null;
  #visit!: Visit;

  constructor(name: string, options: BrowserOptions, context: BrowserContext, url: string) {
    super(name);
    this.options = options;
    this.context = context;
    this.#url = url;
  }

  get page(): Page {
    if (this.#page === null) throw new Error(`${this.name} has left`);
    return this.#page;
  }

  /** Opens the page, and starts a Pim there unless that is left to the test. */
  async visit(): Promise<void> {
    this.#page ??= await this.#newPage();
    await this.#load(this.#url);
    if (this.options.isStarted !== false) await this.ask('start');
  }

  async #load(url: string): Promise<void> {
    await this.page.goto(url);
    const { isStarted: _, isSecure: __, ...options } = this.options;
    await this.page.evaluate(
      async (given) => {
        await import(new URL('/suite.js', location.href).href);
        globalThis.pimPage.open(given);
      },
      { name: this.name, ...options } as PageOptions,
    );
    this.#visit = new Visit(this.page, (type, event) => this.note(type, event));
    void this.#visit.listen();
  }

  /** The same page under a plain http origin elsewhere, which no browser trusts. */
  async openInsecure(change: BrowserOptions = {}): Promise<void> {
    this.options = { ...this.options, ...change };
    const secure = this.#url;
    await this.page.unrouteAll();
    await this.page.route(`${INSECURE_ORIGIN}/**`, async (route) => {
      const path = new URL(route.request().url()).pathname;
      const response = await fetch(new URL(path, secure));
      const contentType = response.headers.get('content-type') ?? '';
      const policy = response.headers.get('content-security-policy');
      const own = policy?.replaceAll(new URL(secure).origin, INSECURE_ORIGIN);
      const headers = own === undefined ? {} : { 'content-security-policy': own };
      await route.fulfill({ contentType, headers, body: await response.text() });
    });
    await this.#load(`${INSECURE_ORIGIN}/`);
  }

  async ask<Name extends CallName>(
    name: Name,
    ...given: CallArgs<Name>
  ): Promise<CallResult<Name>> {
    const { answer, batch } = (await this.page.evaluate(
      ([call, args]) => globalThis.pimPage.ask(call as string, args as unknown[]),
      [name, given] as unknown[],
    )) as { answer: Answer; batch: Batch };
    await this.#visit.take(batch);
    if ('fault' in answer) throw new Refused(name, answer.fault);
    if (name === 'start')
      this.address = await this.page.evaluate(() => globalThis.pimPage.address());
    return answer.value as CallResult<Name>;
  }

  async become(words: string): Promise<void> {
    await this.page.evaluate((given) => globalThis.pimPage.become(given), words);
    this.address = await this.page.evaluate(() => globalThis.pimPage.address());
  }

  async reload(change: BrowserOptions = {}): Promise<void> {
    this.options = { ...this.options, ...change };
    await this.visit();
  }

  async leave(): Promise<void> {
    await this.page.goto('about:blank');
  }

  async connectionsMade(): Promise<number> {
    return this.page.evaluate(() => globalThis.pimPage.connections.length);
  }

  async candidatesGathered(): Promise<number> {
    return this.page.evaluate(() => globalThis.pimPage.candidates);
  }

  /** What WebRTC in this page has said of itself: every line of its descriptions and candidates. */
  async described(): Promise<string[]> {
    return this.page.evaluate(() =>
      globalThis.pimPage.connections.flatMap((each) =>
        each.signalingState === 'closed' ? [] : (each.localDescription?.sdp ?? '').split('\r\n'),
      ),
    );
  }

  /** Offers a file of `size` bytes that follow from `seed`. @returns its message's id */
  async sendFile(to: string, size: number, seed: number): Promise<string> {
    const given = [to, size, seed] as const;
    return this.page.evaluate((of) => globalThis.pimPage.sendFile(...of), given);
  }

  /** SHA-256 of a file as it is here, in hexadecimal. */
  async hashOfFile(to: string, id: string): Promise<string> {
    return this.page.evaluate((of) => globalThis.pimPage.hashOfFile(...of), [to, id] as const);
  }

  /** Every connection of the page so far: between which certificates, and with what candidates. */
  async connections(): Promise<readonly ConnectionFacts[]> {
    return this.page.evaluate(() => {
      const all = (description: RTCSessionDescription | null, pattern: RegExp) => [
        ...new Set([...(description?.sdp ?? '').matchAll(pattern)].map(([, found]) => `${found}`)),
      ];
      const certificate = /^a=fingerprint:(\S+ \S+)/gm;
      const candidate = / typ (\w+)/g;
      return globalThis.pimPage.connections.map((each) => ({
        isOpen: each.signalingState !== 'closed',
        policy: `${each.getConfiguration().iceTransportPolicy}`,
        own: all(each.localDescription, certificate),
        other: all(each.remoteDescription, certificate),
        gathered: all(each.localDescription, candidate),
        given: all(each.remoteDescription, candidate),
      }));
    });
  }

  /** Those of them that lead to `other`, told by the certificates `other` has shown. */
  async connectionsTo(other: BrowserPerson): Promise<readonly ConnectionFacts[]> {
    const theirs = (await other.connections()).flatMap(({ own }) => own);
    return (await this.connections()).filter((each) =>
      each.other.some((certificate) => theirs.includes(certificate)),
    );
  }

  /** What the SDK logged as an error in the page that is open. */
  async errors(): Promise<string[]> {
    if (this.#page === null || this.#page.isClosed()) return [];
    const lines = await this.#page.evaluate(() => globalThis.pimPage?.errors ?? []);
    return lines.map((line) => `${this.name}: ${line}`);
  }

  async close(): Promise<void> {
    await this.#page?.close();
    this.#page = null;
    if (this.context.pages().length === 0) await this.context.close();
  }

  async #newPage(): Promise<Page> {
    const page = await this.context.newPage();
    // tsx names the functions given to `evaluate` by a helper that no page has.
    await page.addInitScript('globalThis.__name = (f) => f');
    return page;
  }
}
