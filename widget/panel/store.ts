/**
 * The one store of a panel: takes requests, hears the SDK, and says the next state. No DOM.
 */

import type { Message } from '../../sdk/index.js';
import type { Core, Outside } from './core.js';
import { toFault } from './fault.js';
import { Life } from './life.js';
import { type Layer, perform } from './perform.js';
import { isLocked } from './phase.js';
import { isOnline, unreadOf } from './reduce.js';
import type { Dispatch } from './request.js';
import { type Invitation, initialState, type State } from './state.js';
import { targetOf } from './target.js';
import { markRead, sendTo } from './thread.js';

export class Store {
  readonly #outside: Outside;
  readonly #core: Core;
  readonly #life: Life;
  #state: State;
  #draw: () => void = () => undefined;
  #attention = false;
  #perform = perform;

  constructor(outside: Outside) {
    this.#outside = outside;
    const settings = outside.settings();
    this.#state = initialState(settings, targetOf(settings.to, outside.parseAddress, null));
    this.#core = {
      outside,
      state: () => this.#state,
      set: (patch) => this.#set(patch),
      begin: async () => void (await this.#life.run(true)),
      running: () => this.#life.run(),
      hasAttention: () => this.#attention,
      erased: () => this.#life.erased(),
    };
    this.#life = new Life(this.#core);
    this.#tellInvalid();
  }

  get state(): State {
    return this.#state;
  }

  /** Calls `draw` after every change, from now on. */
  subscribe(draw: () => void): void {
    this.#draw = draw;
  }

  /** A chunk is there that knows further deeds. */
  learn(layer: Layer): void {
    this.#perform = layer(this.#perform);
  }

  /** @param byPerson takes the identity over from another tab, because the person is here now */
  begin(byPerson: boolean): void {
    const { phase, screen } = this.#state;
    // A yes comes first, and a passphrase.
    if ((phase.name === 'idle' && screen.name === 'invitation') || isLocked(phase)) return;
    this.#life.run(byPerson).catch(() => undefined); // the phase says it
  }

  /** Where the page brought an SDK instance, its life is the page's: the panel goes along. */
  join(): void {
    const { pim } = this.#state.settings;
    if (pim === null) return;
    const isRunning = pim.state === 'starting' || pim.state === 'started';
    const joined = isRunning ? this.#life.run() : this.#life.listen();
    joined.catch(() => undefined); // the phase says it
  }

  /** A link of somebody was opened. */
  invite(invitation: Invitation): void {
    this.#set({ screen: { name: 'invitation', invitation }, thread: null });
  }

  /** A link was opened that cannot be read. */
  refuse(error: unknown): void {
    this.#set({ notice: toFault(error) });
  }

  /** Sends to whom the element is for, or whose conversation is open. */
  async send(text: string): Promise<Message> {
    const address = this.#state.thread?.address;
    if (address === undefined) throw new Error('<pim-chat> has no conversation open');
    return sendTo(this.#core, address, text);
  }

  /** Whether the person sees the panel and the page has the focus. */
  setAttention(attention: boolean): void {
    if (attention === this.#attention) return;
    this.#attention = attention;
    const { pim } = this.#life;
    if (pim !== null) void this.#attempt(() => markRead(this.#core, pim));
  }

  /** Settings of the element changed. */
  update(): void {
    const settings = this.#outside.settings();
    const isSamePerson = settings.to === this.#state.settings.to;
    this.#set({ settings });
    if (isSamePerson) return;
    const mine = this.#state.me?.address ?? null;
    const target = targetOf(settings.to, this.#outside.parseAddress, mine);
    const { screen, thread } = initialState(settings, target);
    this.#set({ target, screen, thread });
    this.#tellInvalid();
    const { pim } = this.#life;
    if (pim !== null) void this.#attempt(() => this.#life.load(pim));
  }

  dispatch: Dispatch = (request) => {
    if (request.ask !== 'draft' && this.#state.notice !== null) this.#set({ notice: null });
    return this.#attempt(() => this.#perform(this.#core, request));
  };

  close(): void {
    this.#draw = () => undefined;
    this.#life.close();
  }

  /** The page's own mistake is also said to the page. */
  #tellInvalid(): void {
    const { target } = this.#state;
    if (target.kind === 'invalid') this.#outside.emit('pim-error', target.error);
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const fault = toFault(error);
      const isSaidByPhase = ['failed', 'elsewhere'].includes(this.#state.phase.name);
      if (!isSaidByPhase) this.#set({ notice: fault });
      return false;
    }
  }

  #set(patch: Partial<State>): void {
    this.#state = { ...this.#state, ...patch };
    this.#outside.setUnread(unreadOf(this.#state));
    this.#outside.setOnline(isOnline(this.#state));
    this.#draw();
  }
}
