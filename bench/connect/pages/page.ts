/**
 * What every contestant's page has in common: one side answers, the other opens and sends at once;
 * both note the time. `globalThis.bench` is what the measuring process reads.
 */

/** What a page is told, as JSON in its query. */
export interface Task {
  readonly role: 'answer' | 'send';
  /** Where this contestant's own server is. */
  readonly server: string;
  /** Unique to this person; the same at every visit. 64 hexadecimal digits. */
  readonly seed: string;
  /** Unique to this visit. */
  readonly visit: string;
  /** Whom to write to, as `answer` gave it; empty for the answering side. */
  readonly to: string;
  readonly text: string;
}

/** Times are milliseconds since the page's own `performance.timeOrigin`. */
export interface Shown {
  readonly text: string;
  readonly at: number;
}

export interface Bench {
  /** The first inline script of the page. */
  readonly startedAt: number;
  /** The page asked for its message to be sent. */
  sentAt: number;
  /** pim alone: `pim.send()` itself, which needs a started Pim. */
  calledAt: number | null;
  /** Resolves with this side's address once it can be reached. */
  ready: Promise<string>;
  /** Resolves when the message handler has run with `text`. */
  shown(text: string): Promise<Shown>;
}

export interface Contestant {
  /** Goes online, resolves with the address to write to, and gives every message to `show`. */
  answer(task: Task, show: (text: string) => void): Promise<string>;
  /** Opens whatever it takes and sends `task.text` to `task.to`, as soon as it can. */
  send(task: Task, bench: Bench): unknown;
}

declare global {
  var benchStartedAt: number;
  var bench: Bench;
}

export function run(contestant: Contestant): void {
  performance.mark('evaluated');
  const task = JSON.parse(decodeURIComponent(location.search.slice(1))) as Task;
  const seen = new Map<string, Shown>();
  const waiting = new Map<string, (shown: Shown) => void>();
  const show = (text: string) => {
    const shown = { text, at: performance.now() };
    performance.mark('shown');
    seen.set(text, shown);
    waiting.get(text)?.(shown);
  };
  globalThis.bench = {
    startedAt: globalThis.benchStartedAt,
    sentAt: Number.NaN,
    calledAt: null,
    ready: Promise.resolve(''),
    shown: (text) =>
      new Promise((resolve) => {
        const shown = seen.get(text);
        if (shown === undefined) waiting.set(text, resolve);
        else resolve(shown);
      }),
  };
  if (task.role === 'answer') globalThis.bench.ready = contestant.answer(task, show);
  else {
    globalThis.bench.sentAt = performance.now();
    void contestant.send(task, globalThis.bench);
  }
}
