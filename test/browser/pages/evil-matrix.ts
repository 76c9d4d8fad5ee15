/** Runs in a page: cells of the matrix, several at once, each with two people and WebRTC as it is. */

import { browserPlatform, Pim } from '../../../sdk/index.js';
import { type CellResult, type CellTask, runCell } from '../../support/evil-cell.js';
import { watchSeals } from '../../support/signal-kinds.js';

export interface PageTask extends CellTask {
  /** How much faster the SDK's time passes while the attack lasts. */
  readonly speed: number;
}

declare global {
  /** Given by the test. */
  var tellKind: (name: string, kind: string) => Promise<void>;
  var tellResult: (result: CellResult | { name: string; fault: string }) => Promise<void>;
  var runCells: (tasks: PageTask[], atOnce: number) => Promise<void>;
}

/** Afterwards, when WebRTC has to keep up with it. */
const CALM_SPEED = 2;

/** Time that passes faster, and can be slowed down without a leap. */
class Pace {
  #speed: number;
  #from = performance.now();
  #passed = 0;

  constructor(speed: number) {
    this.#speed = speed;
  }

  get speed(): number {
    return this.#speed;
  }

  readonly now = (): number => this.#passed + (performance.now() - this.#from) * this.#speed;

  slowTo(speed: number): void {
    this.#passed = this.now();
    this.#from = performance.now();
    this.#speed = speed;
  }
}

async function person(profile: string, relay: string, pace: Pace): Promise<Pim> {
  const real = browserPlatform();
  const platform = Object.assign(Object.create(real) as typeof real, {
    monotonic: pace.now,
    setTimer: (run: () => void, ms: number) => setTimeout(run, ms / pace.speed),
  });
  const subtle = watchSeals(crypto.subtle, (name, kind) => globalThis.tellKind(name, kind));
  Object.defineProperty(platform, 'subtle', { value: subtle });
  const pim = new Pim({ relays: [relay], storage: 'memory', profile, platform });
  await pim.start();
  return pim;
}

async function resultOf(task: PageTask): Promise<CellResult> {
  const pace = new Pace(task.speed);
  const profile = task.name.replaceAll(' ', '-');
  return runCell(task, {
    person: (name, relay) => person(`${profile}-${name}`, relay, pace),
    now: pace.now,
    calm: () => pace.slowTo(CALM_SPEED),
  });
}

globalThis.runCells = async (tasks, atOnce) => {
  const worker = async () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const { name } = task;
      const fault = (what: unknown) => ({ name, fault: String(what) });
      await globalThis.tellResult(await resultOf(task).catch(fault));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};
