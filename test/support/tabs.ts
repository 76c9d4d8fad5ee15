/**
 * What the tabs of one browser share beside their disk: Web Locks with their queues, and
 * BroadcastChannels. A tab can be closed, frozen and thawed.
 */

import type { HeldLock, TabChannel } from '../../sdk/base/platform.js';
import type { Later } from './jitter.js';

interface Held {
  readonly tab: Tab;
  lose(): void;
}

interface Waiting {
  readonly tab: Tab;
  grant(): void;
}

/** All tabs of one browser. */
export class TabStrip {
  readonly #held = new Map<string, Held>();
  readonly #queues = new Map<string, Waiting[]>();
  readonly #channels = new Set<Channel>();
  /** Everything said on any channel, oldest first. */
  readonly said: { readonly name: string; readonly message: unknown }[] = [];

  /** @param later what this tab is told of comes after it, in order */
  open(later: Later = (run) => void setImmediate(run)): Tab {
    return new Tab(this, later);
  }

  /** Whether any tab has that lock. */
  isHeld(name: string): boolean {
    return this.#held.has(name);
  }

  /** How many wait for it. */
  waiting(name: string): number {
    return this.#queues.get(name)?.length ?? 0;
  }

  async hold(
    tab: Tab,
    name: string,
    force: boolean,
    signal?: AbortSignal,
  ): Promise<HeldLock | null> {
    if (this.#held.has(name) && !force) return signal ? this.#queue(tab, name, signal) : null;
    const before = this.#held.get(name);
    const lock = this.#grant(tab, name);
    before?.lose();
    return lock;
  }

  channel(tab: Tab, name: string): TabChannel {
    const channel = new Channel(this, tab, name);
    this.#channels.add(channel);
    return channel;
  }

  /** To every other channel of that name, as a copy, in order. @throws DataCloneError */
  post(from: Channel, message: unknown): void {
    const copy = structuredClone(message);
    this.said.push({ name: from.name, message: copy });
    for (const each of this.#channels) {
      if (each !== from && each.name === from.name) each.take(structuredClone(copy));
    }
  }

  forget(channel: Channel): void {
    this.#channels.delete(channel);
  }

  /** The tab is gone: its locks are free, nobody hears of it any more. */
  close(tab: Tab): void {
    for (const channel of this.#channels) if (channel.tab === tab) this.#channels.delete(channel);
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((each) => each.tab !== tab),
      );
    }
    for (const [name, held] of this.#held) if (held.tab === tab) this.#free(name, held);
  }

  #queue(tab: Tab, name: string, signal: AbortSignal): Promise<HeldLock | null> {
    if (signal.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const queue = this.#queues.get(name) ?? [];
      const waiting = { tab, grant: () => resolve(this.#grant(tab, name)) };
      queue.push(waiting);
      this.#queues.set(name, queue);
      signal.addEventListener('abort', () => {
        const left = this.#queues.get(name) ?? [];
        this.#queues.set(
          name,
          left.filter((each) => each !== waiting),
        );
        resolve(null);
      });
    });
  }

  #grant(tab: Tab, name: string): HeldLock {
    let lose: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      lose = () => tab.whenThawed(resolve);
    });
    const held = { tab, lose };
    this.#held.set(name, held);
    return { lost, release: () => this.#free(name, held) };
  }

  #free(name: string, held: Held): void {
    if (this.#held.get(name) !== held) return;
    this.#held.delete(name);
    this.#queues.get(name)?.shift()?.grant();
  }
}

export class Tab {
  readonly strip: TabStrip;
  readonly later: Later;
  /** What a frozen tab has not got to yet; null while it is not frozen. */
  #frozen: (() => void)[] | null = null;

  constructor(strip: TabStrip, later: Later) {
    this.strip = strip;
    this.later = later;
  }

  readonly holdLock = async (name: string, force: boolean, signal?: AbortSignal) => {
    const lock = await this.strip.hold(this, name, force, signal);
    await new Promise<void>((resolve) => this.later(resolve));
    return lock;
  };

  readonly openChannel = (name: string): TabChannel => this.strip.channel(this, name);

  close(): void {
    this.#frozen = [];
    this.strip.close(this);
  }

  freeze(): void {
    this.#frozen ??= [];
  }

  thaw(): void {
    const due = this.#frozen ?? [];
    this.#frozen = null;
    for (const run of due) run();
  }

  get isFrozen(): boolean {
    return this.#frozen !== null;
  }

  whenThawed(run: () => void): void {
    if (this.#frozen === null) run();
    else this.#frozen.push(run);
  }
}

class Channel implements TabChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly name: string;
  readonly tab: Tab;
  readonly #strip: TabStrip;
  #isClosed = false;

  constructor(strip: TabStrip, tab: Tab, name: string) {
    this.#strip = strip;
    this.tab = tab;
    this.name = name;
  }

  postMessage(message: unknown): void {
    if (this.#isClosed) throw new DOMException('closed', 'InvalidStateError');
    this.#strip.post(this, message);
  }

  take(data: unknown): void {
    this.tab.later(() =>
      this.tab.whenThawed(() => {
        if (!this.#isClosed) this.onmessage?.({ data });
      }),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#strip.forget(this);
  }
}
