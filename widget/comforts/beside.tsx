/**
 * Over and beside the log: keeps the reader's place, turns pages, and shows what can be done with the
 * message that is pointed at.
 */

import type { Message } from '../../sdk/index.js';
import type { Thread } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { ICONS, Icon } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';
import { extraOf } from './extra.js';
import { FindBar } from './find-bar.js';
import { Found } from './found.js';
import { focusBubble, listenForGestures, type MenuPlace } from './gestures.js';
import { Keeper } from './keeper.js';
import { Menu } from './menu.js';
import { MAX_KEPT } from './pages.js';
import { Toolbar } from './toolbar.js';

/** Pixels from an edge of what is here at which the next page is asked for: more than two screens. */
const NEAR_EDGE = 1_600;
/** Pixels from the newest message from which on a button leads there. */
const AWAY = 160;
/** Milliseconds after a page that could not be read until it is asked for again. */
const REST_MS = 5_000;
/** Milliseconds the toolbar waits for a mouse on its way to it. */
const LINGER_MS = 250;

interface BesideProps {
  readonly ui: Ui;
  readonly thread: Thread;
}
interface BesideState {
  readonly isAway: boolean;
  /** Ids of messages, so that what is shown is always as they are now. */
  readonly over: string | null;
  readonly menu: { readonly id: string; readonly at: MenuPlace } | null;
}

export class Beside extends Component<BesideProps, BesideState> {
  override state: BesideState = { isAway: false, over: null, menu: null };
  readonly #root = createRef<HTMLDivElement>();
  readonly #ended = new AbortController();
  #keeper: Keeper | null = null;
  #found: Found | null = null;
  #isAttending = false;
  #restsUntil = 0;
  #linger: ReturnType<typeof setTimeout> | undefined;
  /** The message that has the focus, to give it back where its node was drawn anew. */
  #focused: string | null = null;

  override componentDidMount(): void {
    const log = this.#root.current?.previousElementSibling;
    if (!(log instanceof HTMLElement)) return;
    const { signal } = this.#ended;
    const keeper = new Keeper(log);
    this.#keeper = keeper;
    this.#found = new Found(log);
    listenForGestures(keeper, { over: this.#over, menu: this.#menu }, signal);
    log.addEventListener('scroll', this.#scrolled, { signal, passive: true });
    log.addEventListener('focusin', this.#focusMoved, { signal });
    log.addEventListener('focusout', this.#focusMoved, { signal });
    const panel = log.closest<HTMLElement>('.panel');
    panel?.addEventListener('keydown', this.#pressed, { signal });
    keeper.note();
    this.#reach();
    this.#attend();
    // The mouse that had the comforts fetched is over a message already.
    const under = log.querySelector<HTMLElement>('[data-id]:hover');
    if (under !== null && globalThis.matchMedia?.('(hover: hover)').matches) this.#over(under);
  }

  override componentWillUnmount(): void {
    this.#ended.abort();
    this.#found?.show('');
    clearTimeout(this.#linger);
  }

  override componentDidUpdate({ thread: before }: BesideProps): void {
    const { thread } = this.props;
    const keeper = this.#keeper;
    if (keeper === null) return;
    this.#attend();
    if (before.messages !== thread.messages) {
      keeper.restore();
      this.#refocus(keeper);
    }
    const { shown, find } = extraOf(thread);
    const former = extraOf(before).find;
    const isMarked = find !== null || former !== null;
    if (isMarked && (find?.query !== former?.query || before.messages !== thread.messages)) {
      this.#found?.show(find?.query ?? '');
    }
    if (shown !== null && shown !== extraOf(before).shown) this.#show(keeper, shown.id);
    this.#reach();
    if (!this.state.isAway && thread.messages.length > MAX_KEPT) this.#ask('trim');
  }

  #ask(ask: 'newest' | 'trim' | 'seen'): void {
    void this.props.ui.dispatch({ ask });
  }

  /** What fails is drawn, and each drawing comes here again. */
  async #turn(ask: 'older' | 'newer'): Promise<void> {
    const now = performance.now();
    if (now < this.#restsUntil) return;
    this.#restsUntil = now + REST_MS;
    if (!(await this.props.ui.dispatch({ ask }))) return;
    this.#restsUntil = 0;
    this.#reach();
  }

  /** From when the SDK runs: before, there is nothing to hear. */
  #attend(): void {
    const { ui, thread } = this.props;
    const isReady = ui.state.phase.name === 'ready' && thread.contact !== null;
    if (!isReady || this.#isAttending) return;
    this.#isAttending = true;
    void ui.dispatch({ ask: 'attend', signal: this.#ended.signal, onLeave: this.#onLeave });
  }

  readonly #onLeave = (deed: () => void): void => {
    const { signal } = this.#ended;
    window.addEventListener('pagehide', deed, { signal });
    // A phone that puts the page away may never come to `pagehide`.
    document.addEventListener('visibilitychange', deed, { signal });
  };

  /** Asks for a page where the reader comes near to an edge of what is here. */
  #reach(): void {
    const { thread } = this.props;
    const keeper = this.#keeper;
    if (keeper === null || thread.loading !== null || keeper.log.clientHeight === 0) return;
    if (keeper.log.scrollTop < NEAR_EDGE && thread.more) void this.#turn('older');
    else if (keeper.rest < NEAR_EDGE && thread.newer) void this.#turn('newer');
  }

  readonly #scrolled = (): void => {
    const keeper = this.#keeper;
    if (keeper === null) return;
    keeper.note();
    const { thread } = this.props;
    const isAway = keeper.rest > AWAY || thread.newer;
    if (!isAway && extraOf(thread).missed > 0) this.#ask('seen');
    if (isAway !== this.state.isAway) this.setState({ isAway });
    if (this.state.over !== null) this.setState({ over: null });
    this.#reach();
  };

  /** The browser's own search finds what is on the page; a second press has it. */
  readonly #pressed = (event: KeyboardEvent): void => {
    const { ui, thread } = this.props;
    const isSearch = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f';
    if (!isSearch || extraOf(thread).find !== null || thread.messages.length === 0) return;
    event.preventDefault();
    void ui.dispatch({ ask: 'find', query: '' });
  };

  readonly #focusMoved = (event: FocusEvent): void => {
    const to = event.type === 'focusin' ? event.target : event.relatedTarget;
    // Where a focused node is taken away, focus goes to nothing: that is not the reader's wish.
    if (to instanceof HTMLElement) this.#focused = to.dataset.id ?? null;
  };

  #refocus(keeper: Keeper): void {
    const root = keeper.log.getRootNode() as ShadowRoot;
    if (this.#focused === null || root.activeElement !== null) return;
    const bubble = keeper.bubble(this.#focused);
    if (bubble !== null) focusBubble(keeper, bubble);
  }

  #show(keeper: Keeper, id: string): void {
    const { thread } = this.props;
    const bubble = keeper.bubble(id);
    if (bubble === null) return;
    const isLast = !thread.newer && thread.messages.at(-1)?.id === id;
    if (isLast) keeper.toEnd();
    else queueMicrotask(() => keeper.center(bubble)); // after the log, which stays at its end
    const { activeElement } = keeper.log.getRootNode() as ShadowRoot;
    if (keeper.log.contains(activeElement)) focusBubble(keeper, bubble);
  }

  readonly #over = (bubble: HTMLElement | null): void => {
    clearTimeout(this.#linger);
    const id = bubble?.dataset.id ?? null;
    if (id !== null) this.setState({ over: id });
    else this.#linger = setTimeout(() => this.setState({ over: null }), LINGER_MS);
  };

  readonly #menu = (bubble: HTMLElement, at: MenuPlace): void => {
    const id = bubble.dataset.id ?? '';
    if (this.#message(id)?.deleted === false) this.setState({ over: null, menu: { id, at } });
  };

  #message(id: string | null): Message | undefined {
    return this.props.thread.messages.find((each) => each.id === id);
  }

  readonly #closeMenu = (): void => {
    const { menu } = this.state;
    const bubble = menu && this.#keeper?.bubble(menu.id);
    const { activeElement } = (this.#root.current?.getRootNode() ?? {}) as Partial<ShadowRoot>;
    const hasFocus = this.#root.current?.contains(activeElement ?? null) ?? false;
    if (hasFocus && bubble && this.#keeper) focusBubble(this.#keeper, bubble);
    this.setState({ menu: null });
  };

  override render({ ui, thread }: BesideProps, { isAway, over, menu }: BesideState) {
    const { missed, find } = extraOf(thread);
    const pointed = this.#message(over);
    const chosen = this.#message(menu?.id ?? null);
    return (
      <div class="beside" ref={this.#root}>
        {find !== null && <FindBar ui={ui} find={find} />}
        {thread.loading === 'older' && <p class="older">{ui.words('message.older')}</p>}
        {pointed !== undefined && !pointed.deleted && menu === null && (
          <Toolbar
            key={pointed.id}
            ui={ui}
            message={pointed}
            bubble={() => this.#keeper?.bubble(pointed.id) ?? null}
            over={this.#over}
            menu={this.#menu}
          />
        )}
        {menu !== null && chosen !== undefined && !chosen.deleted && (
          <Menu
            key={menu.id}
            ui={ui}
            message={chosen}
            at={menu.at}
            bubble={() => this.#keeper?.bubble(chosen.id) ?? null}
            onEnd={this.#closeMenu}
          />
        )}
        {(isAway || thread.newer) && (
          <button type="button" class="jump" part="jump" onClick={() => this.#ask('newest')}>
            <Icon path={ICONS.down} />
            {ui.words(missed > 0 ? 'message.jump-new' : 'message.jump', { n: missed })}
          </button>
        )}
      </div>
    );
  }
}
