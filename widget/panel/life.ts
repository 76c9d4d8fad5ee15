/**
 * The SDK's life in a panel: opened at the first need, started, taken by another tab and taken
 * back, let go.
 */

import type { PimPort } from '../port.js';
import type { Core } from './core.js';
import { toFault } from './fault.js';
import { listen } from './news.js';
import { nextPhase, type Phase, type PhaseEvent } from './phase.js';
import { reachOf } from './reduce.js';
import { initialState, type Target } from './state.js';
import { targetOf } from './target.js';
import { loadThread } from './thread.js';

interface Held {
  readonly pim: PimPort;
  letGo(): void;
}

export class Life {
  readonly #core: Core;
  #held: Held | null = null;
  #holding: Promise<Held> | null = null;
  #starting: Promise<PimPort> | null = null;
  #mayTakeOver = false;
  #isClosed = false;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The SDK where it runs now. */
  get pim(): PimPort | null {
    const isReady = this.#core.state().phase.name === 'ready';
    return isReady && this.#held?.pim.state === 'started' ? this.#held.pim : null;
  }

  /**
   * The running SDK, started where it is not.
   * @param byPerson takes the identity over from another tab, because the person is here now
   */
  run(byPerson = false): Promise<PimPort> {
    if (byPerson) this.#mayTakeOver = true;
    if (this.pim !== null) return Promise.resolve(this.pim);
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
      this.#mayTakeOver = false;
    });
    return this.#starting;
  }

  /** Hears of the SDK without starting it: the page will. */
  async listen(): Promise<void> {
    await this.#hold();
  }

  /** Reads everything the views show, once the SDK runs or the person to talk to changed. */
  async load(pim: PimPort): Promise<void> {
    const core = this.#core;
    const { address, identity } = pim;
    const { isPersistent, name, privacy } = identity;
    const relays = pim.relays.list();
    const { settings } = core.state();
    core.set({
      me: { address, name, isPersistent, privacy },
      target: targetOf(settings.to, core.outside.parseAddress, address),
      relays,
      reach: reachOf(relays, 'unknown'),
      requests: pim.contacts.requests(),
      conversations: await pim.conversations.list(),
    });
    this.#move({ type: 'started' });
    await loadThread(core, pim);
  }

  /** Everything of this person was erased: as if nothing had ever begun. */
  erased(): void {
    this.#letGo();
    this.#empty();
    // The page may start it again.
    if (this.#core.state().settings.pim !== null) this.listen().catch(() => undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#letGo();
  }

  async #start(): Promise<PimPort> {
    this.#move({ type: 'begin' });
    try {
      const { pim } = await this.#hold();
      await this.#startHere(pim);
      await this.load(pim);
      return pim;
    } catch (error) {
      const fault = toFault(error);
      this.#move(fault.code === 'pim/elsewhere' ? { type: 'taken' } : { type: 'fail', fault });
      this.#core.outside.emit('pim-error', error);
      throw error;
    }
  }

  /** Opened and listened to, once. */
  #hold(): Promise<Held> {
    this.#holding ??= this.#open().catch((error: unknown) => {
      this.#holding = null;
      throw error;
    });
    return this.#holding;
  }

  async #open(): Promise<Held> {
    const { outside, state } = this.#core;
    const { pim, release } = await outside.openPim(state().settings);
    if (this.#isClosed) {
      release();
      throw new Error('the panel was closed');
    }
    const unlisten = listen(this.#core, pim, {
      ready: (event) => {
        outside.emit('pim-ready', event);
        if (this.#starting === null) this.load(pim).catch(() => undefined); // started by others
      },
      taken: () => this.#move({ type: 'taken' }),
      erased: () => this.erased(),
      shut: (fault) => this.#empty({ name: 'failed', fault }),
    });
    this.#held = {
      pim,
      letGo: () => {
        unlisten();
        release();
      },
    };
    return this.#held;
  }

  async #startHere(pim: PimPort): Promise<void> {
    if (pim.state === 'started') {
      const { isPersistent } = pim.identity;
      this.#core.outside.emit('pim-ready', { address: pim.address, isNew: false, isPersistent });
      return;
    }
    const takeOver = this.#mayTakeOver;
    try {
      await pim.start({ takeOver });
    } catch (error) {
      // The person may have come while the first try, without them, was under way.
      if (takeOver || !this.#mayTakeOver || toFault(error).code !== 'pim/elsewhere') throw error;
      await pim.start({ takeOver: true });
    }
  }

  /** Nothing that was read is shown any longer. */
  #empty(phase?: Phase): void {
    const { settings, target } = this.#core.state();
    const next: Target = target.kind === 'own' ? { kind: 'inbox' } : target;
    this.#core.set(initialState(settings, next, phase));
  }

  #letGo(): void {
    this.#held?.letGo();
    this.#held = null;
    this.#holding = null;
  }

  #move(event: PhaseEvent): void {
    this.#core.set({ phase: nextPhase(this.#core.state().phase, event) });
  }
}
